#include "engine/decide.h"
#include "engine/lines.h"
#include "engine/overflow.h"
#include "engine/plans.h"
#include "engine/ring.h"

/* Time passes.
 *
 * Happy path: of the orders of deadlines - leases of offers, wrap-ups and calls outside, waits of
 * queued calls, next steps of their plans, delays of agents, queues that nobody is in, beliefs
 * about devices, announcements - the earliest that is due is fired and what it freed is settled,
 * until none is due.
 *
 * Bounds: firing stops when the frame has room for two more steps only, its last and that of the
 * command or slice that follows; the next acd_advance() goes on. So does work that was decided
 * before, which each acd_advance() takes one slice of: the callers of a queue that is removed,
 * drained or left, and calls whose step is passed over. */

enum { FIRING_STOPS = ACD_FRAME_EVENTS_MAX - 2 * EVENTS_OF_A_STEP };

struct due {
    uint32_t item;        /* ORDER_NONE: nothing stands there */
    struct order_key key; /* (time, sequence of the event that armed it) */
};

static struct due due_of(const struct order *o, struct order_items items)
{
    uint32_t item = order_first(o, items);

    if (item == ORDER_NONE)
        return (struct due){ORDER_NONE, {UINT64_MAX, UINT64_MAX}};
    return (struct due){item, items.key_of(items.owner, item)};
}

acd_time deadlines_next(const struct acd_engine *e)
{
    struct due lease = due_of(&e->leases, LEASES(e));
    struct due wait = due_of(&e->waits, WAITS(e));
    struct due step = due_of(&e->steps, STEPS(e));
    struct due delay = due_of(&e->delays, DELAYS(e));
    struct due deserted = due_of(&e->deserted, DESERTED(e));
    struct due device = due_of(&e->devices, DEVICES(e));
    struct due announced = due_of(&e->announced, ANNOUNCED(e));
    uint64_t at = lease.key.hi;

    at = wait.key.hi < at ? wait.key.hi : at;
    at = step.key.hi < at ? step.key.hi : at;
    at = delay.key.hi < at ? delay.key.hi : at;
    at = deserted.key.hi < at ? deserted.key.hi : at;
    at = device.key.hi < at ? device.key.hi : at;
    at = announced.key.hi < at ? announced.key.hi : at;
    return at > (uint64_t)ACD_FOREVER ? ACD_FOREVER : (acd_time)at;
}

static void fire_lease(struct acd_engine *e, uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];

    if (s->role == ACD_ROLE_OFFERED)
        offer_fail(e, slot, ACD_OFFER_NO_ANSWER, false);
    else if (s->role == ACD_ROLE_OUTSIDE)
        EMIT(e, outside_ended, .agent = agent_id(e, s->agent), .assignment = assignment_id(e, slot),
             .ran_out = 1);
    else
        EMIT(e, wrap_up_ended, .agent = agent_id(e, s->agent),
             .assignment = assignment_id(e, slot));
}

/* A call has waited too long, or its ring grows. */
static void fire_wait(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    if (c->ring == RING_GROWS) {
        EMIT(e, ring_asks, .call = call_id(e, call));
        return;
    }
    while (c->assignment != NONE)
        offer_end(e, c->assignment, ACD_OFFER_RESCINDED, false);
    call_overflow(e, call, ACD_CAUSE_MAX_WAIT);
}

static void announce(struct acd_engine *e, uint32_t call)
{
    outbox_make_room(e, call);
    EMIT(e, call_announced, .call = call_id(e, call));
}

/* A call goes on to a later step of its plan. */
static void fire_step(struct acd_engine *e, uint32_t call)
{
    const struct call_card *card = &e->call_cards[call];

    EMIT(e, call_stepped, .call = call_id(e, call),
         .step = plan_step_from(e, card->plan, card->step + 1));
}

static void fire_one(struct acd_engine *e)
{
    struct due lease = due_of(&e->leases, LEASES(e));
    struct due wait = due_of(&e->waits, WAITS(e));
    struct due step = due_of(&e->steps, STEPS(e));
    struct due delay = due_of(&e->delays, DELAYS(e));
    struct due deserted = due_of(&e->deserted, DESERTED(e));
    struct due device = due_of(&e->devices, DEVICES(e));
    struct due announced = due_of(&e->announced, ANNOUNCED(e));
    const struct due *first = &lease;

    if (order_key_before(wait.key, first->key))
        first = &wait;
    if (order_key_before(step.key, first->key)) /* one event arms a call's both */
        first = &step;
    if (order_key_before(delay.key,
                         first->key)) /* one offer_ended arms both: the call goes first */
        first = &delay;
    if (order_key_before(deserted.key, first->key)) /* of one call's two, max_wait goes first */
        first = &deserted;
    if (order_key_before(device.key, first->key))
        first = &device;
    if (order_key_before(announced.key, first->key))
        first = &announced;
    if (first == &lease)
        fire_lease(e, lease.item);
    else if (first == &wait)
        fire_wait(e, wait.item);
    else if (first == &announced)
        announce(e, announced.item);
    else if (first == &step)
        fire_step(e, step.item);
    else if (first == &deserted)
        call_overflow(e, queue_first_queued(e, deserted.item, NONE), ACD_CAUSE_NO_AGENT);
    else if (first == &delay)
        EMIT(e, delay_ended, .agent = agent_id(e, delay.item));
    else
        EMIT(e, agent_device, .agent = agent_id(e, device.item), .device = ACD_DEVICE_AVAILABLE);
    settle(e);
}

void deadlines_due(struct acd_engine *e)
{
    while (frame_count(e) <= FIRING_STOPS && deadlines_next(e) <= e->now)
        fire_one(e);
    e->quiet_until = deadlines_next(e);
}

/* ---- callers of queues that are removed, drained or left-----------------------------------------
 */

static uint32_t removal_target(const struct acd_engine *e, const struct queue *q)
{
    uint32_t target = q->remove_policy == ACD_REMOVE_MOVE ? queue_at(e, q->remove_target) : NONE;

    return target != NONE && queue_sends_away(e, target) ? NONE : target;
}

static void removal_take(struct acd_engine *e, uint32_t queue, uint32_t target)
{
    uint32_t call = queue_first(e, queue);

    if (target == NONE)
        call_end(e, call, ACD_WITHDRAWN, ACD_SIDE_SYSTEM, e->now, false);
    else
        call_go(e, call, target, ACD_NOBODY, 0);
}

/* Whether there was one to take. */
static bool clearing_slice(struct acd_engine *e)
{
    uint32_t queue = slots_next(&e->clearing, 0), target;

    if (queue == SLOT_NONE)
        return false;
    target = removal_target(e, &e->queues[queue]);
    for (int i = 0; i < SLICE && queue_first(e, queue) != NONE; i++) {
        if (queue_sends_away(e, queue))
            removal_take(e, queue, target);
        else
            call_overflow(e, queue_first(e, queue), ACD_CAUSE_LEFT_EMPTY);
    }
    settle(e);
    return true;
}

/* ---- calls whose step is passed over --------------------------------------------------------- */

/* The line whose first call came before those of the others, or NONE. */
static uint32_t passing_first(const struct acd_engine *e)
{
    uint32_t first = NONE;
    uint64_t sequence = 0;

    for (uint32_t s = slots_next(&e->passing, 0); s != SLOT_NONE;
         s = slots_next(&e->passing, s + 1)) {
        uint32_t line = e->config.limits.queues + s;
        const struct call *c = &e->calls[e->lines[line].waiting.first];

        if (first != NONE && c->sequence > sequence)
            continue;
        first = line;
        sequence = c->sequence;
    }
    return first;
}

static void passing_slice(struct acd_engine *e)
{
    uint32_t line = passing_first(e);

    if (line == NONE)
        return;
    for (int i = 0; i < SLICE && e->lines[line].waiting.first != RANKS_NONE; i++)
        fire_step(e, e->lines[line].waiting.first);
    settle(e);
}

void work_slice(struct acd_engine *e)
{
    if (!clearing_slice(e))
        passing_slice(e);
}
