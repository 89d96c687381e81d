#include "engine/alerts.h"
#include "engine/callbacks.h"
#include "engine/decide.h"

/* A caller is called back.
 *
 * Happy path: the caller of a waiting call, or whoever a gateway speaks for, wants to be called
 * back: the line is given up, the place kept. When it is due the call waits there, and rings at an
 * agent as any other; the agent accepts, the gateway dials the customer and says that it answers,
 * and they talk.
 *
 * Failure modes: the customer is busy, or does not answer, or the gateway never says: the agent is
 * free, and the customer is dialled again after a while, until the attempts are used up: unreached.
 * Nobody is in the queue when it is due, or its queue sends its callers away: it is put off by the
 * same while. It was due for too long: it is given up, unreached, expired. The agent does not take
 * it: it goes back to its place, as any offer, and that is no attempt. It talks already, or is
 * being dialled: STATE. Nobody knows a number: MISSING. */

static const acd_span AHEAD_MAX = 90 * 86400 * ACD_SECOND;

/* ---- what is wished ------------------------------------------------------------------------- */

static int callback_check(struct acd_engine *e, const struct acd_command_call_callback *c)
{
    if (c->due < 0 || c->due > e->now + AHEAD_MAX)
        return FAULT(e, call_callback, due, ACD_INVALID);
    if (c->attempts > CALLBACK_ATTEMPTS_MAX)
        return FAULT(e, call_callback, attempts, ACD_INVALID);
    if (!callback_span_ok(c->retry))
        return FAULT(e, call_callback, retry, ACD_INVALID);
    if (!callback_span_ok(c->expire))
        return FAULT(e, call_callback, expire, ACD_INVALID);
    return ACD_OK;
}

/* What a callback of a queue is like where nothing else is said. */
static struct acd_event_callback_set usual(const struct acd_engine *e, uint32_t call)
{
    const struct acd_event_queue_set *set = &e->queues[e->calls[call].queue].set;

    return (struct acd_event_callback_set){.call = call_id(e, call),
                                           .queue = queue_id(e, e->calls[call].queue),
                                           .due = e->now,
                                           .attempts = set->callback_attempts,
                                           .retry = set->callback_retry,
                                           .expires = e->now + set->callback_expire};
}

/* The number under which a call's customer is known. */
static struct acd_str known_number(const struct acd_engine *e, uint32_t call)
{
    return e->calls[call].callback ? TEXT_STR(e->callbacks[call].number)
                                   : call_caller(&e->call_cards[call]);
}

/* States it, of a call that does not ring; what is due now enters its queue. */
static void callback_state(struct acd_engine *e, uint32_t call,
                           const struct acd_event_callback_set *v)
{
    if (!v->told)
        outbox_make_room(e, call);
    emit_callback_set(e, v);
    if (e->callbacks[call].due <= e->now)
        callback_fall_due(e, call);
}

/* ---- by command ----------------------------------------------------------------------------- */

/* The live call that is meant; NONE with no fault told: none of this key, so one is to be made. */
static uint32_t callback_call(struct acd_engine *e, const struct acd_command_call_callback *c)
{
    acd_client_id gateway = asker_gateway(e);
    struct key_found found;

    if (c->call.gen != 0 || c->call.slot != 0 || c->key.len == 0)
        return REFERRED_CALL(e, call_callback, c);
    found = call_key_find(e, gateway, c->key, call_key_hash(e, gateway, c->key));
    if (found.ended != NONE)
        FAULT(e, call_callback, key, ACD_GONE);
    return found.call;
}

/* Whether there is room for a call that is to be made, and where; else the fault is told. */
static uint32_t callback_queue(struct acd_engine *e, const struct acd_command_call_callback *c)
{
    uint32_t queue = REFERRED(e, queue, call_callback, c, queue, queue_name);

    if (queue == NONE)
        return NONE;
    if (c->number.len == 0)
        FAULT(e, call_callback, number, ACD_MISSING);
    else if (queue_sends_away(e, queue))
        FAULT(e, call_callback, queue_name, ACD_STATE);
    else if (slots_lowest(&e->call_slots) == SLOT_NONE)
        FAULT(e, call_callback, key, ACD_FULL);
    else if (c->attributes.len > 0 && slots_lowest(&e->text_slots) == SLOT_NONE)
        FAULT(e, call_callback, attributes, ACD_FULL);
    else
        return queue;
    return NONE;
}

/* A call that enters its queue only to leave it again as a callback. Returns its slot, or NONE with
 * the fault told. */
static uint32_t callback_make(struct acd_engine *e, const struct acd_command_call_callback *c)
{
    uint32_t queue = callback_queue(e, c), slot = slots_lowest(&e->call_slots);
    uint32_t gen = (uint32_t)(e->sequence + 1);

    if (queue == NONE)
        return NONE;
    EMIT(e, call_queued, .call = {slot, gen == 0 ? 1 : gen}, .queue = queue_id(e, queue),
         .gateway = asker_gateway(e), .key = c->key, .caller = c->number,
         .attributes = c->attributes, .direction = ACD_OUTBOUND, .arrived_at = e->now, .paced = 1,
         .counted = 1);
    return slot;
}

static void callback_ask(struct acd_engine *e, const struct acd_command_call_callback *c,
                         uint32_t call)
{
    struct acd_event_callback_set v = usual(e, call);
    acd_span expire = c->expire != 0 ? c->expire : v.expires - e->now;

    v.number = c->number.len > 0 ? c->number : known_number(e, call);
    v.due = c->due > e->now ? c->due : e->now;
    v.attempts = c->attempts != 0 ? c->attempts : v.attempts;
    v.retry = c->retry != 0 ? c->retry : v.retry;
    v.expires = v.due + expire;
    v.by = e->asking.client;
    v.told = asker_owns(e, call);
    while (e->calls[call].assignment != NONE)
        offer_end(e, e->calls[call].assignment, ACD_OFFER_RESCINDED, v.told != 0);
    callback_state(e, call, &v);
}

int on_call_callback(struct acd_engine *e, const struct acd_command_call_callback *c)
{
    struct acd_view_outcome *o = e->asking.outcome;
    uint32_t call = callback_call(e, c);

    if (o->error != ACD_OK || callback_check(e, c) != ACD_OK)
        return o->error;
    if (call == NONE)
        call = callback_make(e, c);
    if (call == NONE)
        return o->error;
    if (!call_is_in_line(e, call) && e->calls[call].state != ACD_SCHEDULED)
        return FAULT(e, call_callback, call, ACD_STATE);
    if (c->number.len == 0 && known_number(e, call).len == 0)
        return FAULT(e, call_callback, number, ACD_MISSING);

    callback_ask(e, c, call);
    o->verdict = ACD_VERDICT_CALLBACK;
    o->call = call_id(e, call);
    o->queue = queue_id(e, e->calls[call].queue);
    return ACD_OK;
}

bool callback_by_rule(struct acd_engine *e, uint32_t call, struct acd_str number, uint8_t cause,
                      bool told)
{
    struct acd_event_callback_set v = usual(e, call);

    v.number = number.len > 0 ? number : known_number(e, call);
    v.cause = cause;
    v.told = told;
    if (e->calls[call].state == ACD_STRANDED || v.number.len == 0 ||
        v.number.len > sizeof e->callbacks[call].number.data)
        return false;
    callback_state(e, call, &v);
    return true;
}

/* ---- its time ------------------------------------------------------------------------------- */

static void callback_give_up(struct acd_engine *e, uint32_t call, uint8_t cause)
{
    outbox_make_room(e, call);
    EMIT(e, call_ended, .call = call_id(e, call), .queue = queue_id(e, e->calls[call].queue),
         .disposition = ACD_UNREACHED, .side = ACD_SIDE_SYSTEM, .ended_at = e->now, .cause = cause);
}

/* The next time, but not after it has expired. */
static acd_time callback_next(const struct acd_engine *e, uint32_t call)
{
    const struct callback *b = &e->callbacks[call];

    return b->retry < b->expires - e->now ? e->now + b->retry : b->expires;
}

static void callback_put_off(struct acd_engine *e, uint32_t call, uint8_t cause,
                             uint8_t disposition)
{
    EMIT(e, callback_put_off, .call = call_id(e, call), .queue = queue_id(e, e->calls[call].queue),
         .due = callback_next(e, call), .disposition = disposition, .cause = cause);
}

void callback_fall_due(struct acd_engine *e, uint32_t call)
{
    uint32_t queue = e->calls[call].queue, plan;

    if (e->now >= e->callbacks[call].expires) {
        callback_give_up(e, call, ACD_CAUSE_EXPIRED);
    } else if ((e->queues[queue].flags & QUEUE_MINDS_WAITING) != 0) {
        callback_put_off(e, call, 0, 0);
    } else {
        plan = plan_along(e, call, queue);
        EMIT(e, callback_due, .call = call_id(e, call), .queue = queue_id(e, queue),
             .until = e->callbacks[call].expires, .plan = plan, .step = plan_first_step(e, plan));
    }
}

/* For max_wait it waits until it expires. */
void callback_leave(struct acd_engine *e, uint32_t call, uint8_t cause, uint8_t disposition)
{
    if (cause == ACD_CAUSE_MAX_WAIT)
        callback_give_up(e, call, ACD_CAUSE_EXPIRED);
    else
        callback_put_off(e, call, cause, disposition);
}

void callback_go(struct acd_engine *e, uint32_t call, uint32_t queue)
{
    const struct callback *b = &e->callbacks[call];

    EMIT(e, callback_set, .call = call_id(e, call), .queue = queue_id(e, queue),
         .number = TEXT_STR(b->number), .due = b->due, .attempts = b->attempts, .retry = b->retry,
         .expires = b->expires, .told = 1);
}

void callback_withdraw(struct acd_engine *e, uint32_t call, uint8_t cause, bool told)
{
    const struct call *c = &e->calls[call];

    if (c->state == ACD_DIALING)
        callback_fail(e, c->assignment, ACD_DIAL_FAILED, told);
    while (c->assignment != NONE)
        offer_end(e, c->assignment, ACD_OFFER_RESCINDED, told);
    if (c->gen == 0)
        return; /* that was the last attempt */
    if (!told)
        outbox_make_room(e, call);
    EMIT(e, call_ended, .call = call_id(e, call), .queue = queue_id(e, c->queue),
         .disposition = ACD_WITHDRAWN, .side = cause == 0 ? ACD_SIDE_SYSTEM : ACD_SIDE_CALLER,
         .ended_at = e->now, .told = told, .cause = cause);
}

/* ---- dialling ------------------------------------------------------------------------------- */

void callback_dial(struct acd_engine *e, uint32_t assignment)
{
    const struct assignment *s = &e->assignments[assignment];
    const struct call *c = &e->calls[s->call];
    bool told = asker_owns(e, s->call);

    if (!told)
        outbox_make_room(e, s->call);
    EMIT(e, callback_dialing, .call = call_id(e, s->call),
         .assignment = assignment_id(e, assignment), .agent = agent_id(e, s->agent),
         .until = e->now + e->queues[c->queue].set.dial_timeout, .told = told);
}

void callback_fail(struct acd_engine *e, uint32_t assignment, uint8_t result, bool told)
{
    const struct assignment *s = &e->assignments[assignment];
    uint32_t call = s->call;

    if (!told)
        outbox_make_room(e, call);
    EMIT(e, callback_failed, .call = call_id(e, call), .assignment = assignment_id(e, assignment),
         .agent = agent_id(e, s->agent), .result = result, .due = callback_next(e, call),
         .told = told);
    if (e->callbacks[call].attempts == 0)
        callback_give_up(e, call, 0);
}

/* The assignment that dials, or NONE with the fault told, or with what is said of it said again. */
static uint32_t dialing(struct acd_engine *e, const struct acd_command_callback_result *c)
{
    uint32_t slot = assignment_referred(e, c->assignment, &acd_record_command_callback_result,
                                        offsetof(struct acd_command_callback_result, assignment));
    const struct assignment *s = &e->assignments[slot == NONE ? 0 : slot];

    if (slot == NONE || s->role == ACD_ROLE_DIALING)
        return slot;
    if (s->call == NONE)
        FAULT(e, callback_result, assignment, ACD_GONE);
    else if (c->result != ACD_DIAL_ANSWERED || !e->calls[s->call].callback ||
             e->calls[s->call].assignment != slot || e->calls[s->call].state != ACD_CONNECTED)
        FAULT(e, callback_result, assignment, ACD_STATE);
    else
        outcome_assignment(e, slot);
    e->asking.outcome->repeated = e->asking.outcome->error == ACD_OK;
    return NONE;
}

static void callback_connect(struct acd_engine *e, uint32_t slot, acd_time answered_at)
{
    const struct assignment *s = &e->assignments[slot];
    acd_call_id call = call_id(e, s->call);

    EMIT(e, callback_reached, .call = call, .assignment = assignment_id(e, slot),
         .agent = agent_id(e, s->agent));
    EMIT(e, call_connected, .call = call, .assignment = assignment_id(e, slot),
         .agent = agent_id(e, s->agent), .answered_at = answered_at);
    alerts_counted(e, e->calls[s->call].queue);
}

int on_callback_result(struct acd_engine *e, const struct acd_command_callback_result *c)
{
    uint32_t slot = dialing(e, c);
    const struct assignment *s = &e->assignments[slot == NONE ? 0 : slot];

    if (slot == NONE)
        return e->asking.outcome->error;
    if (!enum_knows(&acd_enum_dial_result, c->result, false))
        return FAULT(e, callback_result, result, c->result == 0 ? ACD_MISSING : ACD_INVALID);

    outcome_assignment(e, slot);
    if (c->result == ACD_DIAL_ANSWERED)
        callback_connect(e, slot, clamp_time(e, c->happened_at, s->since));
    else
        callback_fail(e, slot, c->result, asker_owns(e, s->call));
    return ACD_OK;
}
