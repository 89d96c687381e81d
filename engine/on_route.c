#include "engine/callbacks.h"
#include "engine/decide.h"
#include "engine/estimate.h"
#include "engine/expect.h"
#include "engine/lines.h"
#include "engine/overflow.h"
#include "engine/resume.h"

/* A call arrives.
 *
 * Happy path: the queue is found by id, name or called number; the call enters it, and settling
 * offers it at once if a member is available. The reply says whom to ring, or the place in line.
 *
 * Failure modes: the key is known: a live call's standing is told again, an ended one's is GONE, so
 * that a late or repeated message neither doubles nor revives a call. The queue refuses (full,
 * closed, no agents), and so do those it sends the call on to: verdict refused, counted, no call
 * made; the reply says where the caller is to be sent. A table is full: FULL, nothing
 * changed. So is a plan that has no room; one that is none: INVALID. The agent it prefers is not
 * there: NOT_FOUND; whether it is kept for that one see prefer.c. Its caller waits to be called
 * back: where the queue wants that, the call has the place, and the callback is over. */

static const acd_span LATE_MAX = 3600 * ACD_SECOND; /* of happened_at */
static const acd_span PREFER_WAIT = 30 * ACD_SECOND;
static const acd_span WAIT_MAX = 30 * 86400 * ACD_SECOND; /* for an agent; and in all */

/* What a call needs to enter a queue. */
struct entry {
    uint32_t slot;    /* its own */
    uint32_t prefer;  /* the agent that it asks for first, or NONE; */
    bool kept;        /* it is kept for that one */
    uint32_t plan;    /* its number, or 0 */
    acd_time resumed; /* the enqueue time of the call whose place it has, or 0; */
    acd_span head_start;
};

/* Out of the way of calls that are offered at once. */
COLD static void outcome_queued(struct acd_engine *e, uint32_t call)
{
    struct acd_view_outcome *o = e->asking.outcome;

    o->verdict = ACD_VERDICT_QUEUED;
    o->position = queue_rank(e, call) + 1;
    o->estimated_wait = estimate_call(e, call);
}

void outcome_call(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    struct acd_view_outcome *o = e->asking.outcome;

    o->call = call_id(e, call);
    o->queue = queue_id(e, c->queue);
    switch (c->state) {
    case ACD_STRANDED: o->verdict = ACD_VERDICT_QUEUED; break;
    case ACD_QUEUED: outcome_queued(e, call); break;
    case ACD_OFFERED:
        o->verdict = ACD_VERDICT_OFFERED;
        outcome_offer(e, c->assignment);
        break;
    case ACD_SCHEDULED: o->verdict = ACD_VERDICT_QUEUED; break;
    case ACD_DIALING:
        o->verdict = ACD_VERDICT_DIAL;
        outcome_offer(e, c->assignment);
        break;
    default:
        o->verdict = ACD_VERDICT_CONNECTED;
        outcome_offer(e, c->assignment);
        break;
    }
}

static int route_check(struct acd_engine *e, const struct acd_command_route *c)
{
    if (c->key.len == 0)
        return FAULT(e, route, key, ACD_MISSING);
    if (!enum_knows(&acd_enum_direction, c->direction, true))
        return FAULT(e, route, direction, ACD_INVALID);
    if (c->head_start < 0 || c->head_start > HEAD_START_MAX)
        return FAULT(e, route, head_start, ACD_INVALID);
    if (!enum_knows(&acd_enum_toggle, c->announce, true))
        return FAULT(e, route, announce, ACD_INVALID);
    if (c->prefer_wait < 0 || c->prefer_wait > WAIT_MAX)
        return FAULT(e, route, prefer_wait, ACD_INVALID);
    if (c->max_wait < 0 || c->max_wait > WAIT_MAX)
        return FAULT(e, route, max_wait, ACD_INVALID);
    return ACD_OK;
}

/* The queue by id, by name or by called number, or NONE. */
static uint32_t route_queue(const struct acd_engine *e, const struct acd_command_route *c)
{
    uint32_t number;

    if (c->queue.gen != 0 || c->queue.slot != 0)
        return queue_at(e, c->queue);
    if (c->queue_name.len > 0 || c->called.len == 0)
        return queue_find(e, c->queue_name);
    number = number_find(e, c->called);
    return number == NONE ? NONE : e->numbers[number].queue;
}

static int route_no_queue(struct acd_engine *e, const struct acd_command_route *c)
{
    if (c->queue.gen != 0 || c->queue.slot != 0)
        return FAULT(e, route, queue, ACD_NOT_FOUND);
    if (c->queue_name.len > 0)
        return FAULT(e, route, queue_name, ACD_NOT_FOUND);
    return c->called.len > 0 ? FAULT(e, route, called, ACD_NOT_FOUND)
                             : FAULT(e, route, queue_name, ACD_MISSING);
}

static HOT void route_enter(struct acd_engine *e, const struct acd_command_route *c,
                            acd_client_id gateway, uint32_t queue, const struct entry *entry)
{
    acd_span prefer_wait = c->prefer_wait == 0 ? PREFER_WAIT : c->prefer_wait;
    uint32_t slot = entry->slot, plan = entry->plan;
    acd_time own = c->max_wait == 0 ? 0 : e->now + c->max_wait;

    e->asking.call = slot;
    EMIT(e, call_queued,
         .call = {slot, (uint32_t)(e->sequence + 1) == 0 ? 1 : (uint32_t)(e->sequence + 1)},
         .queue = queue_id(e, queue), .gateway = gateway, .key = c->key, .called = c->called,
         .caller = c->caller, .attributes = c->attributes,
         .direction = c->direction == 0 ? ACD_INBOUND : c->direction,
         .head_start = entry->head_start,
         .arrived_at = clamp_time(e, c->happened_at, e->now - LATE_MAX),
         .until = wait_earlier(wait_until(e, queue), own), .paced = 1,
         .announce = c->announce == ACD_YES, .plan = plan, .step = plan_first_step(e, plan),
         .own_plan = c->plan.len > 0, .prefer = agent_id(e, entry->kept ? entry->prefer : NONE),
         .prefer_until = entry->kept ? e->now + prefer_wait : 0, .counted = 1,
         .resumed = entry->resumed, .own_until = own);
}

/* Whether there is room for the call and its plan, which is then open; else the fault is told. */
static inline bool route_has_room(struct acd_engine *e, const struct acd_command_route *c,
                                  uint32_t queue, struct entry *entry)
{
    int error;

    if (entry->slot == SLOT_NONE) {
        FAULT(e, route, key, ACD_FULL);
    } else if (c->attributes.len > 0 && slots_lowest(&e->text_slots) == SLOT_NONE) {
        FAULT(e, route, attributes, ACD_FULL);
    } else {
        error = plan_of_call(e, queue, c->plan, PLANS_CLOSABLE, &entry->plan);
        if (error != ACD_OK)
            FAULT(e, route, plan, error);
        else if (entry->prefer != NONE)
            entry->kept = call_may_be_kept(e, queue, entry->prefer, entry->plan);
    }
    return e->asking.outcome->error == ACD_OK;
}

/* States what became of a call at the doors that refused it. */
static void doors_state(struct acd_engine *e, const struct acd_command_route *c,
                        acd_client_id gateway, const struct way *way)
{
    for (uint32_t i = 0; i < way->count; i++) {
        uint32_t next = i + 1 < way->count ? way->doors[i + 1] : way->queue;
        struct target sent = way->target;

        if (next != NONE)
            sent = (struct target){ACD_OVERFLOW_QUEUE, TEXT_STR(e->queues[next].name)};
        EMIT(e, call_refused, .queue = queue_id(e, way->doors[i]), .gateway = gateway,
             .key = c->key, .refusal = way->refusals[i], .overflow = sent.kind,
             .overflow_to = sent.to);
    }
}

static void route_refuse(struct acd_engine *e, const struct way *way)
{
    struct acd_view_outcome *o = e->asking.outcome;

    o->verdict = ACD_VERDICT_REFUSED;
    o->refusal = way->refusals[way->count - 1];
    o->queue = queue_id(e, way->doors[way->count - 1]);
    o->overflow = way->target.kind;
    o->overflow_to = way->target.to;
}

/* The queue refuses: the call goes the way from its door. Returns the queue that takes it, or NONE
 * with the outcome told. */
static COLD uint32_t route_divert(struct acd_engine *e, const struct acd_command_route *c,
                                  acd_client_id gateway, uint32_t queue, struct entry *entry)
{
    struct way way;

    way_follow(e, &way, NONE, queue);
    if (way.queue != NONE && !route_has_room(e, c, way.queue, entry))
        return NONE;
    doors_state(e, c, gateway, &way);
    if (way.queue == NONE)
        route_refuse(e, &way);
    return way.queue;
}

/* Finds the agent that a route prefers, if it names one. False when that is not there: the fault is
 * told. */
static inline bool route_prefers(struct acd_engine *e, const struct acd_command_route *c,
                                 struct entry *entry)
{
    if (c->prefer.gen == 0 && c->prefer.slot == 0 && c->prefer_name.len == 0)
        return true;
    entry->prefer = REFERRED(e, agent, route, c, prefer, prefer_name);
    return entry->prefer != NONE;
}

/* The place of another call, if that is better than its own. */
static void place_take(const struct acd_engine *e, const struct acd_event_queue_set *set,
                       struct entry *entry, acd_time enqueued_at, acd_span head_start)
{
    bool better = set->call_order == ACD_LIFO
                      ? enqueued_at + head_start > e->now + entry->head_start
                      : enqueued_at - head_start < e->now - entry->head_start;

    if (!better)
        return;
    entry->resumed = enqueued_at;
    entry->head_start = head_start;
}

/* A caller who abandoned a call, and not long ago, has its place again. */
static COLD void route_resume(const struct acd_engine *e, const struct acd_command_route *c,
                              uint32_t queue, struct entry *entry)
{
    const struct acd_event_queue_set *set = &e->queues[queue].set;
    uint32_t place = abandoned_find(e, queue_id(e, queue), c->caller);
    const struct abandoned *a = &e->abandoned[place == NONE ? 0 : place];

    if (place != NONE && e->now - a->left_at <= set->abandoned_resume)
        place_take(e, set, entry, a->enqueued_at, a->head_start);
}

/* A call enters a queue in which its caller may have a place: that of a callback that it waits for,
 * which is over then, or of a call that it abandoned. */
static COLD void route_enter_again(struct acd_engine *e, const struct acd_command_route *c,
                                   acd_client_id gateway, uint32_t queue, struct entry *entry)
{
    const struct queue *q = &e->queues[queue];
    uint32_t callback =
        (q->flags & QUEUE_TAKES_UP) != 0 ? callback_find(e, queue, c->caller) : NONE;
    const struct call *waits = &e->calls[callback == NONE ? 0 : callback];

    if (callback != NONE)
        place_take(e, &q->set, entry, waits->enqueued_at, waits->enqueued_at - waits->key);
    else if ((q->flags & QUEUE_RESUMES) != 0)
        route_resume(e, c, queue, entry);
    route_enter(e, c, gateway, queue, entry);
    if (callback != NONE)
        callback_withdraw(e, callback, ACD_CAUSE_CALLED_IN, false);
}

/* What it leads to is there, and leads on. */
static inline void route_expected(struct acd_engine *e, const struct expected *x)
{
    e->asking.plan = x->plan;
    e->asking.next = x->next;
    if (x->next != NONE)
        stands_leave_fetch(e, e->stand_agents[x->next]);
}

APART int on_route(struct acd_engine *e, const struct acd_command_route *c)
{
    acd_client_id gateway = asker_gateway(e);
    struct entry entry = {
        .slot = slots_lowest(&e->call_slots), .prefer = NONE, .head_start = c->head_start};
    const struct expected *expected;
    struct key_found found;
    uint32_t queue;
    int error;

    e->asking.key_hash = key_hash_soon(e, gateway, c->key, &expected);
    queue = route_queue(e, c); /* meanwhile */
    if (expected != NULL && expected->queue == queue)
        route_expected(e, expected);
    else
        route_fetch(e, entry.slot, queue);
    error = route_check(e, c);
    if (error != ACD_OK)
        return error;
    found = call_key_find(e, gateway, c->key, e->asking.key_hash);
    if (found.call != NONE) {
        outcome_call(e, found.call);
        return ACD_OK;
    }
    if (found.ended != NONE)
        return FAULT(e, route, key, ACD_GONE);
    if (c->happened_at > 0 && c->happened_at < e->forgotten_at)
        return FAULT(e, route, happened_at, ACD_STALE);
    if (queue == NONE)
        return route_no_queue(e, c);
    if (!route_prefers(e, c, &entry))
        return e->asking.outcome->error;
    if (queue_refuses(&e->queues[queue]) != 0)
        queue = route_divert(e, c, gateway, queue, &entry);
    else if (!route_has_room(e, c, queue, &entry))
        queue = NONE;
    if (queue == NONE)
        return e->asking.outcome->error;

    if ((e->queues[queue].flags & (QUEUE_RESUMES | QUEUE_TAKES_UP)) != 0)
        route_enter_again(e, c, gateway, queue, &entry);
    else
        route_enter(e, c, gateway, queue, &entry);
    settle(e);
    outcome_call(e, entry.slot);
    return ACD_OK;
}
