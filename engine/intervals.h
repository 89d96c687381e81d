#ifndef ACD_INTERVALS_H
#define ACD_INTERVALS_H

#include "engine/apply.h"

/* Counting in intervals, as events are applied. */

/* From now on intervals are kept. */
COLD void intervals_begin(struct acd_engine *e);

/* The number of the present interval follows from now; to be called when e->now has reached
 * e->interval_end. */
COLD void interval_enter(struct acd_engine *e);

/* Something is counted for the first time in this interval. */
COLD void queue_interval_begin(struct acd_engine *e, uint32_t queue);
COLD void agent_interval_begin(struct acd_engine *e, uint32_t agent);

/* A queue's histograms are zero. */
COLD void waits_clear(struct acd_engine *e, uint32_t queue);
COLD uint32_t waits_bucket_beyond(acd_span wait);

/* All that is counted of an agent, under the names of its view. */
void agent_interval_tell(const struct agent_interval *v, struct acd_view_agent_interval *out);

/* Whether one of a queue's rows of 64 buckets has any. */
bool waits_row_is_there(const struct acd_engine *e, uint32_t queue, uint32_t row);

/* Since when an agent's time of the present interval is not counted yet. */
static inline acd_time agent_clocked(const struct acd_engine *e, uint32_t agent)
{
    acd_time start = e->interval_end - INTERVAL_LENGTH, until = e->agent_intervals[agent].until;

    if (start < e->counted_since)
        start = e->counted_since;
    return until > start ? until : start;
}

/* What the present interval has of a queue, to be counted on; before anything of the queue changes
 * by the event at hand, since the first to ask finds how many wait. */
static inline struct queue_interval *queue_counted(struct acd_engine *e, uint32_t queue)
{
    struct queue_interval *v = &e->queues[queue].interval;

    if (v->sums.turn != e->interval)
        queue_interval_begin(e, queue);
    mark(e, ACD_TABLE_QUEUE_INTERVALS, queue);
    return v;
}

static inline struct agent_interval *agent_counted(struct acd_engine *e, uint32_t agent)
{
    struct agent_interval *v = &e->agent_intervals[agent];

    if (v->number != e->interval)
        agent_interval_begin(e, agent);
    mark(e, ACD_TABLE_AGENT_INTERVALS, agent);
    return v;
}

/* Adds to the time of what an agent is doing. */
static inline void agent_time_add(const struct agent *a, struct agent_interval *v, acd_span span)
{
    if (a->activity == ACD_ACTIVITY_LOGGED_OUT)
        return;
    if (v->on_hold)
        v->in_hold += (uint32_t)span;
    else
        v->in[a->activity - TIMED_FROM] += (uint32_t)span;
    if (a->activity == ACD_ACTIVITY_NOT_READY && a->reason - 1U < TIMED_REASONS)
        v->in_reason[a->reason - 1] += (uint32_t)span;
}

/* Counts what an agent has been doing so far; to be called before that changes. */
static inline void agent_clock(struct acd_engine *e, uint32_t agent)
{
    struct agent_interval *v = agent_counted(e, agent);

    agent_time_add(&e->agents[agent], v, e->now - v->until);
    v->until = e->now;
}

static inline uint32_t waits_bucket(acd_span wait)
{
    if (wait > ACD_WAITS_EXACT * ACD_SECOND)
        return waits_bucket_beyond(wait);
    return (uint32_t)(((uint64_t)wait + ACD_SECOND - 1) / ACD_SECOND);
}

/* One more wait of a queue that ended by an answer, or by the caller. */
static inline void wait_counted(struct acd_engine *e, uint32_t queue, bool answered, acd_span wait)
{
    struct acd_waits *w = &e->queue_waits[queue];
    uint32_t bucket = waits_bucket(wait);

    if (e->interval == 0)
        return;
    if (answered)
        w->answered[bucket]++;
    else
        w->abandoned[bucket]++;
    mark(e, ACD_TABLE_WAITS,
         queue * WAITS_ROWS_OF_QUEUE + (answered ? 0 : WAITS_ROWS) + bucket / WAITS_PER_ROW);
}

#endif
