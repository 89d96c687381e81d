#include "engine/intervals.h"
#include "engine/names.h"

/* What the present interval has, as it stands between two commands. */

void agent_interval_tell(const struct agent_interval *v, struct acd_view_agent_interval *out)
{
    *out = (struct acd_view_agent_interval){
        .offers = v->offers,
        .answered = v->answered,
        .handled = v->handled,
        .no_answers = v->no_answers,
        .rejected = v->rejected,
        .talk = v->talk,
        .hold = v->hold,
        .wrap_up = v->wrap_up,
        .in_idle = v->in[ACD_ACTIVITY_IDLE - TIMED_FROM],
        .in_ringing = v->in[ACD_ACTIVITY_RESERVED - TIMED_FROM],
        .in_talk = v->in[ACD_ACTIVITY_BUSY - TIMED_FROM],
        .in_hold = v->in_hold,
        .in_wrap_up = v->in[ACD_ACTIVITY_WRAP_UP - TIMED_FROM],
        .in_not_ready = v->in[ACD_ACTIVITY_NOT_READY - TIMED_FROM],
        .in_delayed = v->in[ACD_ACTIVITY_DELAYED - TIMED_FROM],
        .in_no_device = v->in[ACD_ACTIVITY_NO_DEVICE - TIMED_FROM],
        .in_outside = v->in[ACD_ACTIVITY_OUTSIDE - TIMED_FROM],
        .in_reason_1 = v->in_reason[0],
        .in_reason_2 = v->in_reason[1],
        .in_reason_3 = v->in_reason[2],
        .in_reason_4 = v->in_reason[3],
        .in_reason_5 = v->in_reason[4],
        .in_reason_6 = v->in_reason[5],
        .in_reason_7 = v->in_reason[6],
    };
}

/* Which interval is asked for, and how much of it has passed. */
struct asked {
    acd_time start, until;
    bool present; /* else it is a later one, in which nothing was counted */
};

static struct asked interval_at(const struct acd_engine *e, acd_time at)
{
    acd_time start = e->interval_end - INTERVAL_LENGTH;

    if (e->interval == 0)
        return (struct asked){0, 0, false};
    if (at == ACD_FOREVER)
        return (struct asked){start, e->interval_end, true};
    if (at < e->now)
        at = e->now;
    if (at < e->interval_end)
        return (struct asked){start, at, true};
    return (struct asked){at - at % INTERVAL_LENGTH, at, false};
}

int acd_queue_interval_view(const struct acd_engine *e, acd_queue_id id, acd_time at,
                            struct acd_view_queue_interval *out)
{
    uint32_t slot = queue_at(e, id);
    const struct queue *q = &e->queues[slot == NONE ? 0 : slot];
    struct queue_interval v = {.waiting_start = q->unanswered.count};
    struct asked asked = interval_at(e, at);

    if (slot == NONE)
        return ACD_NOT_FOUND;
    if (asked.present && q->interval.sums.turn == e->interval)
        v = q->interval;
    *out = (struct acd_view_queue_interval){.name = TEXT_STR(q->name),
                                            .start = asked.start,
                                            .length = INTERVAL_LENGTH,
                                            .waiting_end = q->unanswered.count};
#define F(type, name, doc) out->name = v.sums.name;
    ACD_SUMS_FIELDS
#undef F
#define F(type, name, doc) out->name = v.name;
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
    return ACD_OK;
}

/* What is counted, and the time since then. */
static struct agent_interval agent_interval_of(const struct acd_engine *e, uint32_t agent,
                                               const struct asked *asked)
{
    const struct agent_interval *kept = &e->agent_intervals[agent];
    struct agent_interval v = {.on_hold = kept->on_hold};
    acd_time since = agent_clocked(e, agent);

    if (asked->present && kept->number == e->interval)
        v = *kept;
    if (since < asked->start)
        since = asked->start;
    if (asked->until > since)
        agent_time_add(&e->agents[agent], &v, asked->until - since);
    return v;
}

int acd_agent_interval_view(const struct acd_engine *e, acd_agent_id id, acd_time at,
                            struct acd_view_agent_interval *out)
{
    uint32_t slot = agent_at(e, id);
    const struct agent *a = &e->agents[slot == NONE ? 0 : slot];
    struct agent_interval v = {.until = 0};
    struct asked asked = interval_at(e, at);

    if (slot == NONE)
        return ACD_NOT_FOUND;
    if (e->interval != 0)
        v = agent_interval_of(e, slot, &asked);
    agent_interval_tell(&v, out);
    out->name = agent_name(e, slot);
    out->start = asked.start;
    out->length = INTERVAL_LENGTH;
    out->activity = a->activity;
    out->reason = a->activity == ACD_ACTIVITY_NOT_READY ? a->reason : 0;
    out->on_hold = a->activity == ACD_ACTIVITY_BUSY && e->agent_intervals[slot].on_hold;
    return ACD_OK;
}

acd_queue_id acd_queue_counted_from(const struct acd_engine *e, uint32_t slot)
{
    uint32_t q = slots_next(&e->queue_slots, slot);

    while (q != SLOT_NONE && (e->interval == 0 || e->queues[q].interval.sums.turn != e->interval))
        q = slots_next(&e->queue_slots, q + 1);
    return queue_id(e, q);
}

acd_agent_id acd_agent_counted_from(const struct acd_engine *e, uint32_t slot)
{
    uint32_t a = slots_next(&e->agent_slots, slot);

    while (a != SLOT_NONE && (e->interval == 0 || e->agent_intervals[a].number != e->interval))
        a = slots_next(&e->agent_slots, a + 1);
    return agent_id(e, a);
}

const struct acd_waits *acd_queue_waits(const struct acd_engine *e, acd_queue_id id)
{
    uint32_t slot = queue_at(e, id);

    if (slot == NONE || e->interval == 0 || e->queues[slot].interval.sums.turn != e->interval)
        return NULL;
    return &e->queue_waits[slot];
}

acd_time acd_interval_start(const struct acd_engine *e)
{
    return e->interval == 0 ? ACD_FOREVER : e->interval_end - INTERVAL_LENGTH;
}
