#include "engine/intervals.h"

/* Intervals: the books of queues and agents by quarters of an hour.
 *
 * Happy path: an event is counted; what it is counted on is of an older interval, so it starts from
 * zero, and the end of the present interval becomes a deadline. When that is due, or with the first
 * frame behind it, interval_turned says that the interval is over, before anything else is counted:
 * then is the time to write it down.
 *
 * Nothing is done for what nothing happens to: how long an agent was what it was through all of an
 * interval follows from what it is. */

void interval_enter(struct acd_engine *e)
{
    uint32_t before = (uint32_t)(e->now / INTERVAL_LENGTH);

    e->interval = before + 1;
    e->interval_end = (acd_time)e->interval * INTERVAL_LENGTH;
}

void intervals_begin(struct acd_engine *e)
{
    e->counting = true;
    e->counted_since = e->now;
    interval_enter(e);
}

void apply_interval_turned(struct acd_engine *e, const struct acd_event_interval_turned *v)
{
    (void)v;
    e->interval_until = 0;
}

static void interval_arm(struct acd_engine *e)
{
    if (e->interval_until != 0)
        return;
    e->interval_until = e->interval_end;
    deadline_noted(e, e->interval_until);
}

void queue_interval_begin(struct acd_engine *e, uint32_t queue)
{
    struct queue *q = &e->queues[queue];

    if (q->interval.sums.turn != 0)
        waits_clear(e, queue);
    q->interval =
        (struct queue_interval){.sums.turn = e->interval, .waiting_start = q->unanswered.count};
    interval_arm(e);
}

void agent_interval_begin(struct acd_engine *e, uint32_t agent)
{
    struct agent_interval *v = &e->agent_intervals[agent];

    *v = (struct agent_interval){.number = e->interval,
                                 .until = agent_clocked(e, agent),
                                 .held = v->held,
                                 .on_hold = v->on_hold};
    interval_arm(e);
}

/* ---- histograms ----------------------------------------------------------------------------- */

static bool waits_any(const uint32_t *counts, uint32_t row)
{
    uint32_t end = (row + 1) * WAITS_PER_ROW;

    for (uint32_t i = row * WAITS_PER_ROW; i < end && i < ACD_WAITS; i++)
        if (counts[i] != 0)
            return true;
    return false;
}

bool waits_row_is_there(const struct acd_engine *e, uint32_t queue, uint32_t row)
{
    const struct acd_waits *w = &e->queue_waits[queue];

    return row < WAITS_ROWS ? waits_any(w->answered, row)
                            : waits_any(w->abandoned, row - WAITS_ROWS);
}

void waits_clear(struct acd_engine *e, uint32_t queue)
{
    if (e->config.track)
        for (uint32_t row = 0; row < WAITS_ROWS_OF_QUEUE; row++)
            if (waits_row_is_there(e, queue, row))
                mark(e, ACD_TABLE_WAITS, queue * WAITS_ROWS_OF_QUEUE + row);
    memset(&e->queue_waits[queue], 0, sizeof e->queue_waits[queue]);
}

/* Beyond what is exact: each minute up to half an hour, each five minutes up to two hours, each
 * hour up to twelve, a day, and all that is longer. */
acd_span acd_waits_bound(uint32_t bucket)
{
    const acd_span minute = 60 * ACD_SECOND, hour = 60 * minute;
    acd_span beyond = (acd_span)bucket - ACD_WAITS_EXACT;

    if (beyond <= 0)
        return bucket * ACD_SECOND;
    if (beyond <= 20)
        return (10 + beyond) * minute;
    if (beyond <= 38)
        return (30 + 5 * (beyond - 20)) * minute;
    if (beyond <= 48)
        return (2 + beyond - 38) * hour;
    return beyond == 49 ? 24 * hour : ACD_FOREVER;
}

uint32_t waits_bucket_beyond(acd_span wait)
{
    uint32_t bucket = ACD_WAITS_EXACT + 1;

    while (wait > acd_waits_bound(bucket))
        bucket++;
    return bucket;
}

uint32_t acd_waits_bucket(acd_span wait)
{
    return waits_bucket(wait);
}
