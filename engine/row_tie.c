#include "engine/callbacks.h"
#include "engine/intervals.h"
#include "engine/lines.h"
#include "engine/plans.h"
#include "engine/ready.h"
#include "engine/ring.h"

/* The rows that were read, tied together.
 *
 * What is a list in memory is told by sequences, so it is rebuilt by sorting; the sorters are the
 * orders of the engine itself, which are empty then. */

static struct order_key member_made(const void *owner, uint32_t member)
{
    return (struct order_key){((const struct acd_engine *)owner)->seat_cards[member].sequence, 0};
}

/* Memberships in the order in which they were made; the sorter borrows a half of the heaps' room.
 */
static void tie_members(struct acd_engine *e)
{
    struct order_items made = SEATS(e);
    struct order sorter;
    uint32_t m;

    made.key_of = member_made;
    order_init(&sorter, e->heaps.half[1], e->heaps.size);
    for (m = slots_next(&e->member_slots, 0); m != SLOT_NONE;
         m = slots_next(&e->member_slots, m + 1))
        order_add(&sorter, made, m);
    while ((m = order_first(&sorter, made)) != ORDER_NONE) {
        order_remove(&sorter, made, m);
        seat_take(e, m, e->seats[m].agent, e->seats[m].line, e->seats[m].level,
                  e->seats[m].position);
        e->levels[(size_t)e->seats[m].line * 256 + e->seats[m].level]++;
    }
}

static void tie_assignment(struct acd_engine *e, uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];
    struct agent *a = &e->agents[s->agent];

    chain_append(&a->assignments, AGENT_ASSIGNMENTS(e), slot);
    if (s->call != NONE)
        call_tie(e, s->call, slot);
    if (assignment_key(e, slot).len > 0 && s->role == ACD_ROLE_HELD)
        e->calls[s->call].asks_out = true;
    if (s->call != NONE && call_is_asked_about(e, s->call))
        e->agents[e->calls[s->call].agent].kept |= KEPT_CONSULTS;
    if (s->role == ACD_ROLE_OFFERED) {
        a->offered++;
    } else if (s->role == ACD_ROLE_OUTSIDE) {
        a->outside++;
    } else if (s->role == ACD_ROLE_CONSULTED || s->role == ACD_ROLE_DIALING) {
        a->connected++;
    } else if (s->role != ACD_ROLE_WRAP_UP) {
        e->calls[s->call].carded |= s->role == ACD_ROLE_HELD;
        if (s->role == ACD_ROLE_HELD)
            e->agent_intervals[s->agent].held++;
        a->connected++;
        e->queues[e->calls[s->call].queue].connected++;
    } else {
        a->wrap_up++;
    }
}

static struct order_key assignment_made(const void *owner, uint32_t slot)
{
    return (struct order_key){((const struct acd_engine *)owner)->assignments[slot].sequence, 0};
}

/* Assignments in the order in which they were made; the sorter is the order of their deadlines. */
static void tie_assignments(struct acd_engine *e)
{
    struct order_items made = LEASES(e);
    uint32_t s;

    made.key_of = assignment_made;
    for (s = slots_next(&e->assignment_slots, 0); s != SLOT_NONE;
         s = slots_next(&e->assignment_slots, s + 1))
        order_add(&e->leases, made, s);
    while ((s = order_first(&e->leases, made)) != ORDER_NONE) {
        order_remove(&e->leases, made, s);
        tie_assignment(e, s);
    }
    for (s = slots_next(&e->assignment_slots, 0); s != SLOT_NONE;
         s = slots_next(&e->assignment_slots, s + 1))
        if (assignment_has_deadline(&e->assignments[s]))
            lease_arm(e, s);
}

static void tie_call(struct acd_engine *e, uint32_t slot)
{
    struct call *c = &e->calls[slot];

    list_append(&e->live, LIVE_CALLS(e), slot);
    index_add(&e->call_keys, &c->name_key, slot);
    e->states[c->state]++;
    if (c->state == ACD_OFFERED || c->state == ACD_DIALING)
        e->queues[c->queue].ringing++;
    if (c->gateway != NONE)
        e->clients[c->gateway].calls++;
}

static void tie_unanswered(struct acd_engine *e, uint32_t slot)
{
    struct call *c = &e->calls[slot];

    if (c->state != ACD_CONNECTED && c->state != ACD_SCHEDULED)
        list_append(&e->queues[c->queue].unanswered, UNANSWERED_CALLS(e), slot);
}

static struct order_key call_made(const void *owner, uint32_t call)
{
    return (struct order_key){((const struct acd_engine *)owner)->calls[call].sequence, 0};
}

static struct order_key call_entered(const void *owner, uint32_t call)
{
    return (struct order_key){((const struct acd_engine *)owner)->calls[call].entered_sequence, 0};
}

static struct order_key call_scheduled(const void *owner, uint32_t call)
{
    const struct acd_engine *e = owner;

    return (struct order_key){e->calls[call].callback ? e->callbacks[call].sequence : 0, call};
}

static void tie_callback(struct acd_engine *e, uint32_t slot)
{
    if (e->calls[slot].callback)
        callback_tie(e, slot);
}

/* All calls in an order, each handed to `tie`; the sorter is the order of their deadlines. */
static void tie_calls_by(struct acd_engine *e,
                         struct order_key (*key_of)(const void *owner, uint32_t call),
                         void (*tie)(struct acd_engine *, uint32_t))
{
    struct order_items sorted = WAITS(e);
    uint32_t c;

    sorted.key_of = key_of;
    for (c = slots_next(&e->call_slots, 0); c != SLOT_NONE; c = slots_next(&e->call_slots, c + 1))
        order_add(&e->waits, sorted, c);
    while ((c = order_first(&e->waits, sorted)) != ORDER_NONE) {
        order_remove(&e->waits, sorted, c);
        tie(e, c);
    }
}

/* A plan whose row is missing is none. */
static void tie_call_plan(struct acd_engine *e, uint32_t call)
{
    struct call_card *card = &e->call_cards[call];

    if (card->plan != NONE &&
        (card->plan >= e->config.limits.plans || !slots_has(&e->plan_slots, card->plan)))
        card->plan = NONE;
    if (card->plan != NONE)
        call_follow(e, call, card->plan + 1, card->step);
    if (e->calls[call].kept)
        call_keep(e, call, e->call_turns[call].prefer, e->call_turns[call].prefer_until);
}

static void tie_stranded(struct acd_engine *e, uint32_t call)
{
    e->queues[e->calls[call].queue].stranded++;
    if (e->calls[call].until != 0)
        wait_arm(e, call);
}

static void tie_calls(struct acd_engine *e)
{
    tie_calls_by(e, call_made, tie_call);
    tie_calls_by(e, call_entered, tie_unanswered);
    tie_calls_by(e, call_scheduled, tie_callback);
    for (uint32_t c = slots_next(&e->call_slots, 0); c != SLOT_NONE;
         c = slots_next(&e->call_slots, c + 1)) {
        tie_call_plan(e, c);
        if (e->calls[c].ring != RING_NOT)
            ring_tie(e, c);
        if (e->calls[c].state == ACD_QUEUED)
            call_stand(e, c);
        else if (e->calls[c].state == ACD_STRANDED)
            tie_stranded(e, c);
    }
}

/* Deriving would count what an agent was so far; so what is counted of it waits aside. */
static void tie_agent(struct acd_engine *e, uint32_t agent)
{
    struct agent_interval *v = &e->agent_intervals[agent], counted = *v;

    *v = (struct agent_interval){.held = counted.held};
    agent_derive(e, agent, false);
    counted.on_hold = v->on_hold;
    *v = counted;
}

/* An older row does not say since when nobody is there: since it was written, then. */
static void tie_queue(struct acd_engine *e, uint32_t slot)
{
    struct queue *q = &e->queues[slot];

    if (q->logged_in == 0 && q->nobody_since == 0)
        q->nobody_since = e->now;
    queue_derive(e, slot);
}

/* The plan that became unused next after one that did at `since`, or NONE. */
static uint32_t unused_next(const struct acd_engine *e, uint64_t since)
{
    uint32_t next = NONE;

    for (uint32_t p = slots_next(&e->plan_slots, 0); p != SLOT_NONE;
         p = slots_next(&e->plan_slots, p + 1))
        if (e->plans[p].unused_since > since &&
            (next == NONE || e->plans[p].unused_since < e->plans[next].unused_since))
            next = p;
    return next;
}

/* Those that calls follow are among the unused ones too, until the calls are tied. */
static void tie_plans(struct acd_engine *e)
{
    for (uint32_t p = slots_next(&e->plan_slots, 0); p != SLOT_NONE;
         p = slots_next(&e->plan_slots, p + 1)) {
        plan_make(e, p, e->plans[p].queue, TEXT_STR(e->plans[p].text));
        if (e->plans[p].unused_since == 0)
            list_append(&e->unused_plans, UNUSED_PLANS(e), p);
    }
    for (uint32_t p = unused_next(e, 0); p != NONE; p = unused_next(e, e->plans[p].unused_since))
        list_append(&e->unused_plans, UNUSED_PLANS(e), p);
}

void acd_load_end(struct acd_engine *e)
{
    tie_members(e);
    tie_plans(e);
    tie_assignments(e);
    tie_calls(e);
    for (uint32_t q = slots_next(&e->queue_slots, 0); q != SLOT_NONE;
         q = slots_next(&e->queue_slots, q + 1))
        tie_queue(e, q);
    for (uint32_t a = slots_next(&e->agent_slots, 0); a != SLOT_NONE;
         a = slots_next(&e->agent_slots, a + 1)) {
        tie_agent(e, a);
        e->fresh_agents.count = 0;
    }
    if (e->counting)
        interval_enter(e);
}
