#include "engine/apply.h"

/* What agents do, and what follows from it: activity, bit, and places in the ready orders. */

bool agent_is_available(const struct acd_engine *e, uint32_t agent)
{
    const struct agent *a = &e->agents[agent];

    return a->state == ACD_READY && a->active && a->delay_until == 0 && agent_load(a) < a->capacity;
}

static uint8_t agent_activity_of(const struct agent *a)
{
    if (a->connected > 0)
        return ACD_ACTIVITY_BUSY;
    if (a->offered > 0)
        return ACD_ACTIVITY_RESERVED;
    if (a->wrap_up > 0)
        return ACD_ACTIVITY_WRAP_UP;
    if (a->state == ACD_LOGGED_OUT)
        return ACD_ACTIVITY_LOGGED_OUT;
    if (a->state == ACD_NOT_READY)
        return ACD_ACTIVITY_NOT_READY;
    return a->delay_until != 0 ? ACD_ACTIVITY_DELAYED : ACD_ACTIVITY_IDLE;
}

/* Keyed by (level, last_status_change, sequence): 8 bits of level above 56 of microseconds, which
 * last until the year 4253. */
void member_enter(struct acd_engine *e, uint32_t member)
{
    const struct member *m = &e->members[member];
    const struct agent *a = &e->agents[m->agent];

    order_add(&e->queues[m->queue].ready, e->ready_links, member,
              (uint64_t)m->level << 56 | (uint64_t)a->lsc, a->lsc_sequence);
}

void member_leave(struct acd_engine *e, uint32_t member)
{
    order_remove(&e->queues[e->members[member].queue].ready, e->ready_links, member);
}

static void agent_places(struct acd_engine *e, uint32_t agent,
                         void (*move)(struct acd_engine *, uint32_t))
{
    uint32_t m = e->agents[agent].members.first;

    for (; m != LIST_NONE; m = e->members[m].in_agent.next)
        move(e, m);
}

void agent_derive(struct acd_engine *e, uint32_t agent, bool moved)
{
    struct agent *a = &e->agents[agent];
    uint64_t bit = (uint64_t)1 << (agent % 64);
    bool was = (e->available[agent / 64] & bit) != 0;
    bool is = agent_is_available(e, agent);
    uint32_t reserved = agent_load(a) > a->capacity ? agent_load(a) : a->capacity;

    mark(e, ACD_TABLE_AGENTS, agent);
    e->reserved = e->reserved - a->reserved + reserved;
    a->reserved = (uint16_t)reserved;
    e->activities[a->activity]--;
    a->activity = agent_activity_of(a);
    e->activities[a->activity]++;

    if (was && (!is || moved))
        agent_places(e, agent, member_leave);
    if (is && (!was || moved)) {
        agent_places(e, agent, member_enter);
        ACD_ASSERT(e->fresh_agents.count < ACD_FRAME_EVENTS_MAX);
        e->fresh_agents.items[e->fresh_agents.count++] = agent;
    }
    if (was != is) {
        e->available[agent / 64] ^= bit;
        e->available_count = is ? e->available_count + 1 : e->available_count - 1;
    }
}

/* The agent's places are keyed by what changes here, so they are left first. */
void agent_touch(struct acd_engine *e, uint32_t agent)
{
    e->agents[agent].lsc = e->now;
    e->agents[agent].lsc_sequence = e->sequence;
}

void queue_count_agent(struct acd_engine *e, uint32_t queue, uint32_t agent, int by)
{
    const struct agent *a = &e->agents[agent];
    struct queue *q = &e->queues[queue];

    if (!a->active || a->state == ACD_LOGGED_OUT)
        return;
    q->logged_in += (uint32_t)by;
    if (a->state == ACD_READY)
        q->members_ready += (uint32_t)by;
}

void apply_agent_state(struct acd_engine *e, const struct acd_event_agent_state *v)
{
    uint32_t slot = agent_at(e, v->agent);
    struct agent *a = &e->agents[slot];

    for (uint32_t m = a->members.first; m != LIST_NONE; m = e->members[m].in_agent.next)
        queue_count_agent(e, e->members[m].queue, slot, -1);
    a->state = v->state;
    a->reason = v->reason;
    a->no_answers = 0;
    agent_touch(e, slot);
    for (uint32_t m = a->members.first; m != LIST_NONE; m = e->members[m].in_agent.next)
        queue_count_agent(e, e->members[m].queue, slot, 1);
    agent_derive(e, slot, true);
}

void apply_delay_ended(struct acd_engine *e, const struct acd_event_delay_ended *v)
{
    uint32_t slot = agent_at(e, v->agent);

    order_remove(&e->delays, e->delay_links, slot);
    e->agents[slot].delay_until = 0;
    agent_derive(e, slot, false);
}

void apply_wrap_up_ended(struct acd_engine *e, const struct acd_event_wrap_up_ended *v)
{
    uint32_t slot = assignment_at(e, v->assignment);
    struct assignment *s = &e->assignments[slot];
    uint32_t agent = s->agent;

    ACD_ASSERT(s->role == ACD_ROLE_WRAP_UP);
    if (order_has(e->lease_links, slot))
        order_remove(&e->leases, e->lease_links, slot);
    list_remove(&e->agents[agent].assignments, AGENT_ASSIGNMENTS(e), slot);
    slots_give(&e->assignment_slots, slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    s->gen = 0;
    e->agents[agent].wrap_up--;
    agent_touch(e, agent);
    agent_derive(e, agent, true);
}

void apply_wrap_up_extended(struct acd_engine *e, const struct acd_event_wrap_up_extended *v)
{
    uint32_t slot = assignment_at(e, v->assignment);
    struct assignment *s = &e->assignments[slot];

    ACD_ASSERT(s->role == ACD_ROLE_WRAP_UP);
    if (order_has(e->lease_links, slot))
        order_remove(&e->leases, e->lease_links, slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    s->until = v->until;
    s->until_sequence = e->sequence;
    if (v->until != ACD_FOREVER)
        order_add(&e->leases, e->lease_links, slot, (uint64_t)v->until, e->sequence);
}
