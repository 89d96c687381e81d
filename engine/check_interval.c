#include "engine/check.h"

#include "engine/intervals.h"

/* What is counted in an interval adds up: calls, a queue; waits, a histogram; time, an agent. */

static const char *check_queue_interval(const struct acd_engine *e, uint32_t queue)
{
    const struct queue *q = &e->queues[queue];
    const struct acd_waits *w = &e->queue_waits[queue];
    const struct sums *s = &q->interval.sums;
    uint64_t answered = 0, abandoned = 0;

    CHECK(s->turn <= e->interval);
    if (s->turn == 0)
        return NULL;
    for (uint32_t i = 0; i < ACD_WAITS; i++) {
        answered += w->answered[i];
        abandoned += w->abandoned[i];
    }
    CHECK(answered == s->answered);
    CHECK(abandoned == s->abandoned);
    if (s->turn == e->interval)
        CHECK(q->interval.waiting_start + s->entered ==
              s->answered + s->abandoned + s->timed_out + s->withdrawn + s->overflowed +
                  s->left_empty + s->exited + s->callbacks + s->unreached + s->lost +
                  q->unanswered.count);
    return NULL;
}

/* It was logged out for the rest, so that is the only activity whose time may be missing. */
static const char *check_agent_interval(const struct acd_engine *e, uint32_t agent)
{
    const struct agent_interval *v = &e->agent_intervals[agent];
    uint32_t held = 0;
    acd_span all = v->in_hold, not_ready = 0;

    for (uint32_t s = e->agents[agent].assignments; s != LIST_NONE; s = e->assignments[s].next)
        held += e->assignments[s].role == ACD_ROLE_HELD;
    CHECK(v->held == held);
    CHECK(v->on_hold == (held > 0 && held == e->agents[agent].connected));
    CHECK(v->number <= e->interval);
    if (v->number == 0)
        return NULL;
    for (uint32_t i = 0; i < TIMED; i++)
        all += v->in[i];
    for (uint32_t i = 0; i < TIMED_REASONS; i++)
        not_ready += v->in_reason[i];
    CHECK(v->until <= e->now);
    CHECK(not_ready <= v->in[ACD_ACTIVITY_NOT_READY - TIMED_FROM]);
    CHECK(all <= v->until - (acd_time)(v->number - 1) * INTERVAL_LENGTH);
    return NULL;
}

const char *check_intervals(const struct acd_engine *e)
{
    CHECK(e->counting == (e->interval != 0));
    CHECK(!e->counting ||
          (e->now < e->interval_end && e->interval_end - e->now <= INTERVAL_LENGTH));
    CHECK(e->interval_until == 0 || e->interval_until == e->interval_end);
    for (uint32_t q = slots_next(&e->queue_slots, 0); q != SLOT_NONE;
         q = slots_next(&e->queue_slots, q + 1)) {
        CHECK_ALL(check_queue_interval(e, q));
        CHECK(e->queues[q].interval.sums.turn != e->interval || !e->counting ||
              e->interval_until != 0);
    }
    for (uint32_t a = slots_next(&e->agent_slots, 0); a != SLOT_NONE;
         a = slots_next(&e->agent_slots, a + 1)) {
        CHECK_ALL(check_agent_interval(e, a));
        CHECK(e->agent_intervals[a].number != e->interval || !e->counting ||
              e->interval_until != 0);
    }
    return NULL;
}
