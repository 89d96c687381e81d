/* The twin carries out the commands of gateways: each function checks, then states what is true. */

#include "tests/model/twin_parts.h"

static const acd_span HOUR = 3600 * ACD_SECOND;

/* A gateway's own time, held within two of ours; not given, it is the later one. */
static acd_time clamp(acd_time given, acd_time least, acd_time most)
{
    if (given == 0 || given > most)
        return most;
    return given < least ? least : given;
}

/* ---- route -------------------------------------------------------------------------------- */

void twin_tell_route(struct twin *t)
{
    struct acd_view_outcome *o = &t->outcome;
    const struct twin_call *c = twin_call(t, o->call);
    const struct twin_assignment *s = twin_of_call(t, c, 0);
    const struct twin_agent *a = s == NULL ? NULL : twin_agent(t, s->agent);

    o->queue = c->queue;
    if (c->state == ACD_SCHEDULED) {
        o->verdict = ACD_VERDICT_QUEUED;
        return;
    }
    if (s == NULL || a == NULL) {
        o->verdict = ACD_VERDICT_QUEUED;
        o->position = twin_position(t, c);
        o->estimated_wait = twin_estimate_call(t, c);
        return;
    }
    o->verdict = c->state == ACD_OFFERED ? ACD_VERDICT_OFFERED : ACD_VERDICT_CONNECTED;
    if (c->state == ACD_DIALING)
        o->verdict = ACD_VERDICT_DIAL;
    o->assignment = s->id;
    o->agent = a->id;
    if (s->role == ACD_ROLE_OFFERED)
        o->until = s->until;
    o->agent_name = twin_text_str(&a->name);
    o->contact = twin_text_str(&a->contact);
}

/* The queue a route asks for; NULL when it is refused. */
static struct twin_queue *route_queue(struct twin *t, const struct acd_command_route *c)
{
    const struct twin_number *n;

    if (c->queue.slot != 0 || c->queue.gen != 0 || c->queue_name.len > 0)
        return twin_asked_queue(t, c->queue, c->queue_name, "queue_name");
    if (c->called.len == 0) {
        twin_refuse(t, ACD_MISSING, "queue_name");
        return NULL;
    }
    n = twin_number(t, c->called);
    if (n == NULL) {
        twin_refuse(t, ACD_NOT_FOUND, "called");
        return NULL;
    }
    return twin_queue(t, n->queue);
}

/* Room for one more call with these attributes? Refuses the command when there is none. */
bool twin_has_call_room(struct twin *t, struct acd_str attributes)
{
    uint32_t texts = 0;

    if (twin_free_call(t) == t->limits.calls) {
        twin_refuse(t, ACD_FULL, "key");
        return false;
    }
    for (uint32_t i = 0; i < t->limits.calls; i++)
        if (t->calls[i].id.gen != 0 && t->calls[i].attributes.len > 0)
            texts++;
    if (attributes.len > 0 && texts >= t->limits.call_texts) {
        twin_refuse(t, ACD_FULL, "attributes");
        return false;
    }
    return true;
}

/* Everything but the queue. Returns false when the route is refused, or is of a live call. */
static bool route_is_new(struct twin *t, const struct acd_command_route *c)
{
    const struct twin_call *live;

    if (c->key.len == 0) {
        twin_refuse(t, ACD_MISSING, "key");
        return false;
    }
    if (!twin_known(&acd_enum_direction, c->direction)) {
        twin_refuse(t, ACD_INVALID, "direction");
        return false;
    }
    if (c->head_start < 0 || c->head_start > 24 * HOUR) {
        twin_refuse(t, ACD_INVALID, "head_start");
        return false;
    }
    if (!twin_known(&acd_enum_toggle, c->announce)) {
        twin_refuse(t, ACD_INVALID, "announce");
        return false;
    }
    if (c->prefer_wait < 0 || c->prefer_wait > 30 * 24 * HOUR) {
        twin_refuse(t, ACD_INVALID, "prefer_wait");
        return false;
    }
    if (c->max_wait < 0 || c->max_wait > 30 * 24 * HOUR) {
        twin_refuse(t, ACD_INVALID, "max_wait");
        return false;
    }
    live = twin_call_keyed(t, twin_gateway(t), c->key);
    if (live != NULL) {
        t->outcome.call = live->id;
        return false;
    }
    if (twin_ended(t, twin_gateway(t), c->key) != NULL) {
        twin_refuse(t, ACD_GONE, "key");
        return false;
    }
    if (c->happened_at > 0 && c->happened_at < t->forgotten_until &&
        !twin_wrong(t, TWIN_FAULT_STALE_ROUTE_TAKEN)) {
        twin_refuse(t, ACD_STALE, "happened_at");
        return false;
    }
    return true;
}

/* States each door that refused, and where the call went from there. */
static void say_doors(struct twin *t, const struct twin_way *way, struct acd_str key)
{
    for (unsigned i = 0; i < way->count; i++) {
        const struct twin_queue *next = i + 1 == way->count ? way->queue : way->doors[i + 1];
        struct twin_target sent = way->target;

        if (next != NULL) {
            sent.kind = ACD_OVERFLOW_QUEUE;
            sent.to = twin_text_str(&next->name);
        }
        say_call_refused(t, way->doors[i], key, way->refusals[i], sent);
    }
}

static void tell_refused(struct twin *t, const struct twin_way *way)
{
    t->outcome.verdict = ACD_VERDICT_REFUSED;
    t->outcome.refusal = way->refusals[way->count - 1];
    t->outcome.queue = way->doors[way->count - 1]->id;
    t->outcome.overflow = way->target.kind;
    t->outcome.overflow_to = way->target.to;
}

/* Takes a place that was had before, if it is better than a new one. */
static void take_place(const struct twin *t, const struct twin_queue *q,
                       struct acd_event_call_queued *event, acd_time enqueued_at,
                       acd_span head_start)
{
    if (q->set.call_order == ACD_LIFO ? enqueued_at + head_start <= t->now + event->head_start
                                      : enqueued_at - head_start >= t->now - event->head_start)
        return;
    event->resumed = enqueued_at;
    event->head_start = head_start;
}

/* Whether a caller who abandoned has its place again. */
static void resume(const struct twin *t, const struct twin_queue *q,
                   struct acd_event_call_queued *event)
{
    acd_queue_id none = {0, 0};
    acd_queue_id where = twin_wrong(t, TWIN_FAULT_RESUME_ANYWHERE) ? none : q->id;
    const struct twin_abandoned *a = twin_abandoned(t, where, event->caller);
    acd_span grace = q->set.abandoned_resume;

    if (a == NULL || grace == 0 ||
        (t->now - a->left_at > grace && !twin_wrong(t, TWIN_FAULT_RESUME_LATE)))
        return;
    take_place(t, q, event, a->enqueued_at, a->head_start);
}

void do_route(struct twin *t, const struct acd_command_route *c)
{
    struct acd_event_call_queued event = {
        .gateway = twin_gateway(t),
        .key = c->key,
        .called = c->called,
        .caller = c->caller,
        .attributes = c->attributes,
        .direction = c->direction == 0 ? ACD_INBOUND : c->direction,
        .announce = c->announce == ACD_YES,
        .head_start = c->head_start,
        .arrived_at = clamp(c->happened_at, t->now - HOUR, t->now),
        .paced = 1,
    };
    struct twin_queue *q;
    struct twin_way way;
    struct twin_call *taken;
    const struct twin_agent *prefer = NULL;
    uint32_t plan = 0;
    int error;

    if (!route_is_new(t, c) || (q = route_queue(t, c)) == NULL)
        return;
    if (c->prefer.gen != 0 || c->prefer.slot != 0 || c->prefer_name.len > 0) {
        prefer = twin_asked_agent(t, c->prefer, c->prefer_name, "prefer_name");
        if (prefer == NULL)
            return;
    }
    twin_follow(t, &way, NULL, q);
    if (way.queue != NULL && !twin_has_call_room(t, c->attributes))
        return;
    error = way.queue == NULL ? ACD_OK : twin_plan_of_call(t, way.queue, c->plan, 64, &plan);
    if (error != ACD_OK) {
        twin_refuse(t, error, "plan");
        return;
    }
    if (way.queue != NULL && prefer != NULL && twin_may_be_kept(t, way.queue, prefer, plan)) {
        event.prefer = prefer->id;
        event.prefer_until = t->now + (c->prefer_wait == 0 ? 30 * ACD_SECOND : c->prefer_wait);
    }
    say_doors(t, &way, c->key);
    if (way.queue == NULL) {
        tell_refused(t, &way);
        return;
    }
    q = way.queue;
    event.plan = plan;
    event.own_plan = c->plan.len > 0;
    if (event.plan != 0 && !twin_wrong(t, TWIN_FAULT_FIRST_STEP_NOT_PASSED))
        event.step = twin_step_from(t, event.plan, 0);
    event.queue = q->id;
    taken = twin_taken_up(t, q, c->caller);
    if (taken != NULL)
        take_place(t, q, &event, taken->enqueued_at, taken->head_start);
    else
        resume(t, q, &event);
    if (c->max_wait > 0)
        event.own_until = t->now + c->max_wait;
    event.until = twin_wait_until(t, q, event.own_until);
    if (twin_wrong(t, TWIN_FAULT_ARRIVAL_NOT_CLAMPED) && c->happened_at > 0)
        event.arrived_at = c->happened_at;
    t->routed = say_call_queued(t, &event)->id;
    t->outcome.call = t->routed;
    if (taken != NULL)
        twin_withdraw(t, taken, ACD_CAUSE_CALLED_IN, false);
}

/* ---- accept and reject -------------------------------------------------------------------- */

struct twin_assignment *twin_asked_offer(struct twin *t, acd_assignment_id id)
{
    struct twin_assignment *s = twin_assignment(t, id);

    if (id.slot == 0 && id.gen == 0)
        twin_refuse(t, ACD_MISSING, "assignment");
    else if (s == NULL)
        twin_refuse(t, ACD_LOST, "assignment");
    return s;
}

void twin_tell_assignment(struct twin *t, const struct twin_assignment *s)
{
    t->outcome.call = s->call;
    t->outcome.assignment = s->id;
    t->outcome.agent = s->agent;
    t->outcome.queue = s->queue;
}

void do_accept(struct twin *t, const struct acd_command_accept *c)
{
    struct twin_assignment *s = twin_asked_offer(t, c->assignment);

    if (s == NULL)
        return;
    if (s->role == ACD_ROLE_WRAP_UP || s->role == ACD_ROLE_OUTSIDE) {
        twin_refuse(t, ACD_GONE, "assignment");
        return;
    }
    twin_tell_assignment(t, s);
    if (s->role != ACD_ROLE_OFFERED)
        t->outcome.repeated = 1;
    else if (twin_call(t, s->call)->ring)
        twin_ring_won(t, twin_call(t, s->call), s);
    if (s->role == ACD_ROLE_OFFERED && twin_call(t, s->call)->state == ACD_CONNECTED)
        say_consult_answered(t, s);
    else if (twin_called_back(twin_call(t, s->call)))
        twin_dial(t, s);
    else if (s->role == ACD_ROLE_OFFERED)
        say_call_connected(t, s, clamp(c->happened_at, s->since, t->now));
}

void do_reject(struct twin *t, const struct acd_command_reject *c)
{
    struct twin_assignment *s = twin_asked_offer(t, c->assignment);
    uint8_t result = c->result == 0 ? ACD_OFFER_REJECTED : c->result;

    if (s == NULL)
        return;
    if (s->role != ACD_ROLE_OFFERED) {
        twin_refuse(t, ACD_STATE, "assignment");
        return;
    }
    if (result != ACD_OFFER_REJECTED && result != ACD_OFFER_BUSY && result != ACD_OFFER_NO_ANSWER) {
        twin_refuse(t, ACD_INVALID, "result");
        return;
    }
    twin_tell_assignment(t, s);
    twin_fail_offer(t, s, result, twin_is_asker(t, twin_call(t, s->call)));
}

/* ---- hangup ------------------------------------------------------------------------------- */

/* The call to hang up by the asking client's key; NULL when it is not live. */
static struct twin_call *call_by_key(struct twin *t, struct acd_str key)
{
    struct twin_call *c = twin_call_keyed(t, twin_gateway(t), key);

    if (c != NULL)
        return c;
    if (twin_ended(t, twin_gateway(t), key) != NULL)
        twin_refuse(t, ACD_GONE, "key");
    else if (twin_gateway(t).gen == 0)
        twin_refuse(t, ACD_NOT_FOUND, "key");
    return NULL;
}

/* The call to hang up; NULL when the command is refused, or the key is unknown. */
static struct twin_call *asked_call(struct twin *t, const struct acd_command_hangup *c)
{
    struct twin_call *call;

    if (c->call.slot != 0 || c->call.gen != 0) {
        call = twin_call(t, c->call);
        if (call == NULL)
            twin_refuse(t, ACD_GONE, "call");
        return call;
    }
    if (c->key.len == 0) {
        twin_refuse(t, ACD_MISSING, "key");
        return NULL;
    }
    return call_by_key(t, c->key);
}

acd_time twin_wrap_up_until(const struct twin *t, const struct twin_call *c)
{
    acd_span time = twin_queue(t, c->queue)->set.wrap_up_time;

    return time == 0 || time == ACD_FOREVER ? time : t->now + time;
}

/* How a call that is hung up ends, by where it stands and who does it. */
static struct acd_event_call_ended end_of(const struct twin *t, const struct twin_call *c,
                                          const struct acd_command_hangup *asked)
{
    bool answered = c->state == ACD_CONNECTED;
    struct acd_event_call_ended event = {
        .disposition = ACD_WITHDRAWN,
        .side = asked->side == 0 ? ACD_SIDE_CALLER : asked->side,
        .ended_at = clamp(asked->happened_at, answered ? c->answered_at : c->arrived_at, t->now),
        .told = twin_is_asker(t, c),
    };

    if (event.side == ACD_SIDE_CALLER || twin_wrong(t, TWIN_FAULT_ABANDONED_BY_ANY_SIDE))
        event.disposition = ACD_ABANDONED;
    if (twin_wrong(t, TWIN_FAULT_END_NOT_CLAMPED) && asked->happened_at > 0)
        event.ended_at = asked->happened_at;
    if (!answered)
        return event;
    event.disposition = ACD_ANSWERED;
    event.wrap_up_until = twin_wrap_up_until(t, c);
    return event;
}

void do_hangup(struct twin *t, const struct acd_command_hangup *c)
{
    struct twin_assignment *asked;
    struct acd_event_call_ended event;
    uint8_t result = ACD_OFFER_RESCINDED;
    struct twin_call *call;

    if (!twin_known(&acd_enum_side, c->side)) {
        twin_refuse(t, ACD_INVALID, "side");
        return;
    }
    call = asked_call(t, c);
    if (t->outcome.error != ACD_OK)
        return;
    if (call == NULL) {
        say_call_forestalled(t, twin_gateway(t), c->key);
        return;
    }
    t->outcome.call = call->id;
    t->outcome.queue = call->queue;
    if (twin_called_back(call) && !twin_wrong(t, TWIN_FAULT_HANGUP_ENDS_CALLBACK)) {
        t->outcome.repeated = c->side != ACD_SIDE_SYSTEM;
        if (c->side == ACD_SIDE_SYSTEM)
            twin_withdraw(t, call, 0, twin_is_asker(t, call));
        return;
    }
    event = end_of(t, call, c);
    asked = twin_asks_number(t, call);
    if (asked != NULL && asked->until == 0 && event.side == ACD_SIDE_AGENT &&
        !twin_wrong(t, TWIN_FAULT_HANGUP_DROPS_NUMBER)) {
        twin_number_gets(t, asked);
        return;
    }
    asked = twin_consultation(t, call);
    if (asked != NULL && asked->role == ACD_ROLE_CONSULTED && event.side == ACD_SIDE_AGENT &&
        !twin_wrong(t, TWIN_FAULT_HANGUP_DROPS_CONSULTED)) {
        twin_hand_over(t, call);
        return;
    }
    if (event.side == ACD_SIDE_CALLER)
        result = ACD_OFFER_CALLER_GONE;
    while (call->state == ACD_OFFERED)
        say_offer_ended(t, twin_of_call(t, call, 0), result, 0, event.told != 0);
    twin_end_consultation(t, call, result, event.told != 0);
    say_call_ended(t, call, &event);
}
