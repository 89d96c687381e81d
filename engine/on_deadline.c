#include "engine/alerts.h"
#include "engine/callbacks.h"
#include "engine/decide.h"
#include "engine/gateways.h"
#include "engine/lines.h"
#include "engine/overflow.h"
#include "engine/plans.h"
#include "engine/ring.h"

/* Time passes.
 *
 * Happy path: of the orders of deadlines - leases of offers, wrap-ups, dialling and calls outside,
 * waits of queued calls, next steps of their plans, delays of agents, queues that nobody is in,
 * beliefs about devices, absences of clients, announcements, callbacks, alerts - the earliest that
 * is due is fired and what it freed is settled, until none is due. Before them comes the end of an
 * interval.
 *
 * Bounds: firing stops when the frame has room for two more steps only, its last and that of the
 * command or slice that follows; the next acd_advance() goes on. So does work that was decided
 * before, which each acd_advance() takes one slice of: the callers of a queue that is removed,
 * drained or left, calls whose step is passed over, and those of gateways that are lost. */

enum { FIRING_STOPS = ACD_FRAME_EVENTS_MAX - 2 * EVENTS_OF_A_STEP };

static void fire_lease(struct acd_engine *e, uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];

    if (s->role == ACD_ROLE_OFFERED)
        offer_fail(e, slot, ACD_OFFER_NO_ANSWER, false);
    else if (s->role == ACD_ROLE_DIALING)
        callback_fail(e, slot, ACD_DIAL_NO_ANSWER, false);
    else if (s->role == ACD_ROLE_HELD)
        consult_number_over(e, s->call, ACD_DIAL_NO_ANSWER, false);
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
    call_time_out(e, call);
}

static void fire_announcement(struct acd_engine *e, uint32_t call)
{
    outbox_make_room(e, call);
    EMIT(e, call_announced, .call = call_id(e, call));
}

static void fire_deserted(struct acd_engine *e, uint32_t queue)
{
    call_overflow(e, queue_first_queued(e, queue, NONE), ACD_CAUSE_NO_AGENT);
}

static void fire_delay(struct acd_engine *e, uint32_t agent)
{
    EMIT(e, delay_ended, .agent = agent_id(e, agent));
}

static void fire_absence(struct acd_engine *e, uint32_t item)
{
    uint32_t clients = e->config.limits.clients;

    if (item < clients)
        lease_fire(e, item);
    else
        grace_fire(e, item - clients);
}

static void fire_device(struct acd_engine *e, uint32_t agent)
{
    EMIT(e, agent_device, .agent = agent_id(e, agent), .device = ACD_DEVICE_AVAILABLE);
}

/* ---- what is due ------------------------------------------------------------------------------
 */

/* What comes first of all that has its time. */
struct due {
    uint32_t item;        /* ORDER_NONE: nothing has */
    struct order_key key; /* (time, sequence of the event that armed it) */
    void (*fire)(struct acd_engine *e, uint32_t item);
};

/* The first of an order takes the place of what comes after it. */
static void due_look(struct due *due, const struct order *o, struct order_items items,
                     void (*fire)(struct acd_engine *e, uint32_t item))
{
    uint32_t item = order_first(o, items);
    struct order_key key;

    if (item == ORDER_NONE)
        return;
    key = items.key_of(items.owner, item);
    if (order_key_before(key, due->key))
        *due = (struct due){item, key, fire};
}

/* What one event armed goes in the order in which it stands here: a call's wait before its next
 * step, a call before the agent that is delayed. */
static struct due due_first(const struct acd_engine *e)
{
    struct due due = {ORDER_NONE, {UINT64_MAX, UINT64_MAX}, NULL};

    due_look(&due, &e->leases, LEASES(e), fire_lease);
    due_look(&due, &e->waits, WAITS(e), fire_wait);
    due_look(&due, &e->steps, STEPS(e), call_go_on);
    due_look(&due, &e->delays, DELAYS(e), fire_delay);
    due_look(&due, &e->deserted, DESERTED(e), fire_deserted);
    due_look(&due, &e->devices, DEVICES(e), fire_device);
    due_look(&due, &e->absences, ABSENCES(e), fire_absence);
    due_look(&due, &e->announced, ANNOUNCED(e), fire_announcement);
    due_look(&due, &e->dues, DUES(e), callback_fall_due);
    due_look(&due, &e->alerting, ALERTING(e), alert_fire);
    return due;
}

static acd_time due_at(const struct due *due)
{
    return due->key.hi > (uint64_t)ACD_FOREVER ? ACD_FOREVER : (acd_time)due->key.hi;
}

/* The end of an interval in which something was counted is one too. */
static acd_time due_next(const struct acd_engine *e, const struct due *due)
{
    acd_time at = due_at(due);

    return e->interval_until != 0 && e->interval_until < at ? e->interval_until : at;
}

acd_time deadlines_next(const struct acd_engine *e)
{
    struct due due = due_first(e);

    return due_next(e, &due);
}

/* An interval is over before anything else happens, whatever else is due. */
void deadlines_due(struct acd_engine *e)
{
    struct due due = due_first(e);

    if (e->interval_until != 0 && e->interval_until <= e->now)
        EMIT(e, interval_turned, .start = e->interval_until - INTERVAL_LENGTH);

    while (frame_count(e) <= FIRING_STOPS && due.item != ORDER_NONE && due_at(&due) <= e->now) {
        due.fire(e, due.item);
        settle(e);
        due = due_first(e);
    }
    e->quiet_until = due_next(e, &due);
}

/* ---- callers of queues that are removed, drained or left ------------------------------------- */

static uint32_t removal_target(const struct acd_engine *e, const struct queue *q)
{
    uint32_t target = q->remove_policy == ACD_REMOVE_MOVE ? queue_at(e, q->remove_target) : NONE;

    return target != NONE && queue_sends_away(e, target) ? NONE : target;
}

/* The first queued call of a queue in their order, or else the one stranded that entered first, or
 * else a callback that is not due. */
static uint32_t removal_first(const struct acd_engine *e, uint32_t queue)
{
    const struct queue *q = &e->queues[queue];
    uint32_t call = queue_first(e, queue);

    if (call != NONE)
        return call;
    if (q->stranded == 0)
        return q->scheduled.first;
    call = q->unanswered.first;
    while (e->calls[call].state != ACD_STRANDED)
        call = e->calls[call].in_unanswered.next;
    return call;
}

static void removal_take(struct acd_engine *e, uint32_t queue, uint32_t target)
{
    uint32_t call = removal_first(e, queue);

    if (target == NONE)
        call_end(e, call, ACD_WITHDRAWN, ACD_SIDE_SYSTEM, e->now, false);
    else if (e->calls[call].state == ACD_SCHEDULED)
        callback_go(e, call, target);
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
    for (int i = 0; i < SLICE && queue_clears(e, queue); i++) {
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

static bool passing_slice(struct acd_engine *e)
{
    uint32_t line = passing_first(e);

    if (line == NONE)
        return false;
    for (int i = 0; i < SLICE && e->lines[line].waiting.first != RANKS_NONE; i++)
        call_go_on(e, e->lines[line].waiting.first);
    settle(e);
    return true;
}

void work_slice(struct acd_engine *e)
{
    if (!clearing_slice(e) && !passing_slice(e))
        sweep_slice(e);
}
