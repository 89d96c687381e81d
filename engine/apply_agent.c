#include "engine/channels.h"
#include "engine/lines.h"
#include "engine/ready.h"
#include "engine/tally.h"

/* What agents do, and what follows from it: activity, availability, and places in the ready orders.
 */

static uint8_t agent_activity_of(const struct agent *a)
{
    if (a->connected > 0)
        return ACD_ACTIVITY_BUSY;
    if (a->offered > 0)
        return ACD_ACTIVITY_RESERVED;
    if (a->wrap_up > 0)
        return ACD_ACTIVITY_WRAP_UP;
    if (a->outside > 0)
        return ACD_ACTIVITY_OUTSIDE;
    if (a->state == ACD_LOGGED_OUT)
        return ACD_ACTIVITY_LOGGED_OUT;
    if (a->state == ACD_NOT_READY)
        return ACD_ACTIVITY_NOT_READY;
    if (agent_is_delayed(a))
        return ACD_ACTIVITY_DELAYED;
    return (a->kept & KEPT_DEVICE) == 0 ? ACD_ACTIVITY_IDLE : ACD_ACTIVITY_NO_DEVICE;
}

void seat_enter(struct acd_engine *e, uint32_t seat)
{
    ready_add(e, seat);
}

void seat_leave(struct acd_engine *e, uint32_t seat)
{
    ready_remove(e, seat);
}

static void agent_is_fresh(struct acd_engine *e, uint32_t agent)
{
    ACD_ASSERT(e->fresh_agents.count < ACD_FRAME_EVENTS_MAX);
    e->fresh_agents.items[e->fresh_agents.count++] = agent;
}

static inline void seats_leave(struct acd_engine *e, uint32_t agent)
{
    for (uint32_t m = e->agents[agent].seats; m != LIST_NONE; m = e->seats[m].next)
        seat_leave(e, m);
}

static inline void seats_enter(struct acd_engine *e, uint32_t agent)
{
    for (uint32_t m = e->agents[agent].seats; m != LIST_NONE; m = e->seats[m].next)
        seat_enter(e, m);
}

/* Whether a membership stands in a bank, by the usual strategy, has no other stand, and its queue
 * does not mind: mostly. No more is then asked about it than is needed. */
static inline bool stands_once(const struct acd_engine *e, uint32_t seat)
{
    const struct ready *r = ready_of(e, seat);

    return r->in_bank && !r->minded && e->stands[seat].next == NONE;
}

static inline void once_leave(struct acd_engine *e, uint32_t seat)
{
    struct marks *ready = &e->tiers[e->stands[seat].tier].ready;

    ready_of(e, seat)->banked--;
    e->seats[seat].in_ready.where = ORDER_OUT;
    marks_remove(ready, stand_space(e, ACD_LONGEST_IDLE_AGENT), seat);
}

static inline void once_enter(struct acd_engine *e, const struct agent *a, uint32_t seat)
{
    struct tier *t = &e->tiers[e->stands[seat].tier];
    struct order_key key = {(uint64_t)t->level << 56 | (uint64_t)a->lsc, a->lsc_sequence};

    ready_of(e, seat)->banked++;
    e->seats[seat].in_ready.where = ORDER_ELSEWHERE;
    marks_add(&t->ready, stand_space(e, ACD_LONGEST_IDLE_AGENT), seat, key);
}

static APART void all_leave(struct acd_engine *e, uint32_t agent)
{
    if (e->asking.next == NONE || e->stand_agents[e->asking.next] != agent)
        stands_leave_fetch(e, agent);
    for (uint32_t m = e->agents[agent].seats; m != LIST_NONE; m = e->seats[m].next) {
        if (stands_once(e, m)) {
            once_leave(e, m);
        } else {
            seat_leave(e, m);
            member_stands_leave(e, m);
        }
    }
}

static APART void all_enter(struct acd_engine *e, uint32_t agent)
{
    const struct agent *a = &e->agents[agent];

    for (uint32_t m = a->seats; m != LIST_NONE; m = e->seats[m].next) {
        if (stands_once(e, m)) {
            once_enter(e, a, m);
        } else {
            seat_enter(e, m);
            member_stands_enter(e, m);
        }
    }
}

static void agent_leave(struct acd_engine *e, uint32_t agent)
{
    if (e->agents[agent].stands)
        all_leave(e, agent);
    else
        seats_leave(e, agent);
}

static void agent_enter(struct acd_engine *e, uint32_t agent)
{
    if (e->agents[agent].stands)
        all_enter(e, agent);
    else
        seats_enter(e, agent);
    agent_is_fresh(e, agent);
}

void agent_derive_activity(struct acd_engine *e, uint32_t agent)
{
    struct agent *a = &e->agents[agent];
    struct agent_interval *v = &e->agent_intervals[agent];
    uint8_t activity = agent_activity_of(a);
    bool on_hold = v->held > 0 && v->held == a->connected;

    mark(e, ACD_TABLE_AGENTS, agent);
    if (activity != a->activity || on_hold != v->on_hold) {
        agent_clock(e, agent);
        v->on_hold = on_hold;
    }
    e->activities[a->activity]--;
    e->activities[activity]++;
    a->activity = activity;
}

static void agent_derive_reserved(struct acd_engine *e, struct agent *a)
{
    uint32_t load = agent_load(a);
    uint8_t reserved = load > a->capacity ? (uint8_t)load : a->capacity;

    e->reserved = e->reserved - a->reserved + reserved;
    a->reserved = reserved;
}

/* The last work of a draining agent is done: settling will see to it. */
static COLD void agent_drain_note(struct acd_engine *e, uint32_t agent)
{
    if (agent_load(&e->agents[agent]) == 0)
        agent_is_fresh(e, agent);
}

static void available_set(struct acd_engine *e, uint32_t agent, bool available)
{
    uint64_t bit = (uint64_t)1 << agent % 64;

    if (agent_is_available(e, agent) == available)
        return;
    e->available[agent / 64] ^= bit;
    e->available_count = available ? e->available_count + 1 : e->available_count - 1;
}

/* The places of an agent whose calls have costs: it is ready in the queues of those channels of
 * which it takes one more, and settled again when it came to take more of them. */
static COLD void agent_derive_open(struct acd_engine *e, uint32_t agent, bool moved)
{
    struct agent_card *card = &e->agent_cards[agent];
    bool was = agent_is_available(e, agent), is = agent_available_of(&e->agents[agent]);
    uint8_t open = is ? channels_room(e, agent) : 0, gained = (uint8_t)(open & ~card->open);

    card->open = open;
    for (uint32_t s = e->agents[agent].seats; s != LIST_NONE; s = e->seats[s].next)
        if (ready_has(e, s))
            seat_leave(e, s);
    stands_leave(e, agent);
    for (uint32_t s = e->agents[agent].seats; s != LIST_NONE; s = e->seats[s].next)
        if ((open >> e->lines[e->seats[s].line].channel & 1) != 0)
            seat_enter(e, s);
    stands_enter(e, agent);
    available_set(e, agent, is);
    if (is && (!was || moved || gained != 0))
        agent_is_fresh(e, agent);
    else if (e->agents[agent].drain != 0)
        agent_drain_note(e, agent);
}

void agent_derive(struct acd_engine *e, uint32_t agent, bool moved)
{
    struct agent *a = &e->agents[agent];
    bool was = agent_is_available(e, agent), is = agent_available_of(a);

    agent_derive_activity(e, agent);
    agent_derive_reserved(e, a);
    if (a->costs) {
        agent_derive_open(e, agent, moved);
        return;
    }
    available_set(e, agent, is);
    if (was == is && !(is && moved)) {
        if (a->drain != 0)
            agent_drain_note(e, agent);
        if (is)
            ready_resort_agent(e, agent);
        return;
    }
    if (was)
        agent_leave(e, agent);
    if (is)
        agent_enter(e, agent);
}

/* The agent's places are keyed by what changes here, so they are left first. */
void agent_touch(struct acd_engine *e, uint32_t agent)
{
    e->agents[agent].lsc = e->now;
    e->agents[agent].lsc_sequence = e->sequence;
}

/* What an agent says of itself changes; `drain` is what it will be when its work is done, or 0. */
static void agent_say(struct acd_engine *e, uint32_t slot, uint8_t state, uint16_t reason,
                      uint8_t drain)
{
    struct agent *a = &e->agents[slot];

    agent_count(e, slot, -1);
    if (a->activity == ACD_ACTIVITY_NOT_READY && reason != a->reason)
        agent_clock(e, slot);
    a->state = state;
    a->reason = reason;
    a->drain = drain;
    a->no_answers = 0;
    agent_touch(e, slot);
    agent_count(e, slot, 1);
    agent_derive(e, slot, true);
}

void apply_agent_state(struct acd_engine *e, const struct acd_event_agent_state *v)
{
    agent_say(e, agent_of(e, v->agent), v->state, v->reason, 0);
}

void apply_agent_draining(struct acd_engine *e, const struct acd_event_agent_draining *v)
{
    agent_say(e, agent_of(e, v->agent), ACD_NOT_READY, v->reason, v->state);
}

void apply_agent_freed(struct acd_engine *e, const struct acd_event_agent_freed *v)
{
    uint32_t slot = agent_of(e, v->agent);
    struct agent *a = &e->agents[slot];

    if (agent_is_delayed(a))
        order_remove(&e->delays, DELAYS(e), slot);
    a->kept &= (uint8_t)~KEPT_DELAYED;
    a->drain = 0;
    a->no_answers = 0;
    agent_device_set(e, slot, 0, 0);
}

void apply_delay_ended(struct acd_engine *e, const struct acd_event_delay_ended *v)
{
    uint32_t slot = agent_of(e, v->agent);

    order_remove(&e->delays, DELAYS(e), slot);
    e->agents[slot].kept &= (uint8_t)~KEPT_DELAYED;
    agent_derive(e, slot, false);
}

/* The queue may be gone. */
static void wrap_up_over(struct acd_engine *e, uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];
    uint32_t queue = queue_at(e, s->queue);

    agent_counted(e, s->agent)->wrap_up += e->now - s->since;
    if (queue == NONE)
        return;
    queue_counted(e, queue)->wrap_up += e->now - s->since;
    today_of(e, queue)->wrap_up += e->now - s->since;
    if ((e->queues[queue].flags & QUEUE_CODES) != 0)
        late_work_keep(e, slot, queue, assignment_visit(e, slot));
}

void apply_wrap_up_ended(struct acd_engine *e, const struct acd_event_wrap_up_ended *v)
{
    uint32_t slot = assignment_of(e, v->assignment);
    struct assignment *s = &e->assignments[slot];
    uint32_t agent = s->agent;

    ACD_ASSERT(s->role == ACD_ROLE_WRAP_UP);
    wrap_up_over(e, slot);
    if (order_has(LEASES(e), slot))
        order_remove(&e->leases, LEASES(e), slot);
    chain_remove(&e->agents[agent].assignments, AGENT_ASSIGNMENTS(e), slot);
    slots_give(&e->assignment_slots, slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    s->gen = 0;
    e->agents[agent].wrap_up--;
    agent_touch(e, agent);
    agent_derive(e, agent, true);
}

void apply_wrap_up_extended(struct acd_engine *e, const struct acd_event_wrap_up_extended *v)
{
    uint32_t slot = assignment_of(e, v->assignment);
    struct assignment *s = &e->assignments[slot];

    ACD_ASSERT(s->role == ACD_ROLE_WRAP_UP);
    if (order_has(LEASES(e), slot))
        order_remove(&e->leases, LEASES(e), slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    if (assignment_card(e, slot)->visit == 0)
        e->assignment_cards[slot].visit = s->until_sequence;
    s->until = v->until;
    s->until_sequence = e->sequence;
    if (v->until != ACD_FOREVER)
        lease_arm(e, slot);
}
