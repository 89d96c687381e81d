/* The twin calls back: callers who keep their place and are dialled when it is their turn. */

#include <string.h>

#include "tests/model/twin_parts.h"

static const acd_span DAY = (acd_span)24 * 3600 * ACD_SECOND;

bool twin_called_back(const struct twin_call *c)
{
    return c->callback && c->state != ACD_CONNECTED;
}

uint32_t twin_unanswered(const struct twin *t, const struct twin_queue *q)
{
    return twin_calls(t, q, ACD_QUEUED) + twin_calls(t, q, ACD_OFFERED) +
           twin_calls(t, q, ACD_DIALING) + twin_calls(t, q, ACD_STRANDED);
}

struct twin_call *twin_first_scheduled(const struct twin *t, const struct twin_queue *q)
{
    struct twin_call *first = NULL;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (c->id.gen != 0 && c->state == ACD_SCHEDULED && twin_same_queue(c->queue, q->id) &&
            (first == NULL || c->due_sequence < first->due_sequence))
            first = c;
    }
    return first;
}

/* Of a queue's callbacks to a number that wait the one that came first, or NULL. */
static struct twin_call *waits_for(const struct twin *t, const struct twin_queue *q,
                                   struct acd_str number)
{
    struct twin_call *first = NULL;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];
        bool waits = c->state == ACD_SCHEDULED || c->state == ACD_QUEUED;

        if (c->id.gen != 0 && c->callback && waits && twin_same_queue(c->queue, q->id) &&
            twin_text_is(&c->number, number) && (first == NULL || c->sequence < first->sequence))
            first = c;
    }
    return first;
}

/* ---- events ------------------------------------------------------------------------------- */

/* A queued call's visit is over, or one that is dialled. */
static void leave(struct twin *t, struct twin_call *c, uint8_t disposition)
{
    struct twin_queue *q = twin_queue(t, c->queue);
    acd_span wait = t->now - c->arrived_at;

    if (c->state == ACD_SCHEDULED)
        return;
    twin_count_wait(t, q, wait < 0 ? 0 : wait);
    twin_pace_gone(q, t->now - c->entered_at, false);
    if (disposition == ACD_CALLBACK)
        TWIN_ADD(t, q, callbacks, 1);
    if (disposition == ACD_UNREACHED)
        TWIN_ADD(t, q, unreached, 1);
    if (disposition == ACD_LEFT_EMPTY)
        TWIN_ADD(t, q, left_empty, 1);
    if (disposition == ACD_TIMED_OUT)
        TWIN_ADD(t, q, timed_out, 1);
}

static void schedule(struct twin_call *c, acd_time due, uint64_t sequence)
{
    c->state = ACD_SCHEDULED;
    c->due = due;
    c->due_sequence = sequence;
}

static void say_callback_set(struct twin *t, struct twin_call *c,
                             const struct acd_event_callback_set *given)
{
    struct acd_event_callback_set event = *given;
    struct acd_view_notice notice = {.kind = ACD_NOTICE_CALLBACK, .cause = event.cause};
    uint64_t sequence;

    event.call = c->id;
    twin_make_room(t, c, event.told != 0);
    sequence = twin_append(t, ACD_EVENT_callback_set, &event);
    leave(t, c, ACD_CALLBACK);
    c->callback = true;
    c->announce = false;
    if (!twin_wrong(t, TWIN_FAULT_OWN_WAIT_OF_CALLBACK))
        c->own_until = 0;
    c->announce_at = 0;
    c->prefer = (acd_agent_id){0, 0};
    if (!twin_same_queue(c->queue, event.queue)) {
        c->queue = event.queue;
        c->plan = c->step = 0;
        c->own_plan = false;
    }
    twin_text_copy(&c->number, event.number);
    c->attempts = event.attempts;
    c->retry = event.retry;
    c->expires = event.expires;
    schedule(c, event.due, sequence);
    twin_note_plans(t, sequence);
    if (event.told == 0)
        twin_notify(t, c, &notice);
}

static void say_callback_due(struct twin *t, struct twin_call *c)
{
    struct twin_queue *q = twin_queue(t, c->queue);
    struct acd_event_callback_due event = {.call = c->id, .queue = q->id, .until = c->expires};
    uint64_t sequence;

    event.plan = twin_plan_along(t, c, q);
    event.step = event.plan == 0 ? 0 : twin_step_from(t, event.plan, 0);
    sequence = twin_append(t, ACD_EVENT_callback_due, &event);
    TWIN_ADD(t, q, entered, 1);
    if (q->pace.came > 0)
        twin_pace_came(t, q, c->head_start);
    c->state = ACD_QUEUED;
    c->entered_at = c->arrived_at = t->now;
    c->entered_sequence = c->until_sequence = sequence;
    c->until = event.until;
    c->lifo = q->set.call_order == ACD_LIFO;
    c->tried = false;
    c->plan = event.plan;
    c->step = event.step;
    if (twin_wrong(t, TWIN_FAULT_CALLBACK_LOSES_PLACE))
        c->line_time = t->now;
    twin_note_plans(t, sequence);
    twin_note_call(t, c);
}

/* When it is to be tried again. */
static acd_time next_time(const struct twin *t, const struct twin_call *c)
{
    acd_time next = t->now + c->retry;

    return next > c->expires && !twin_wrong(t, TWIN_FAULT_RETRY_PAST_EXPIRY) ? c->expires : next;
}

static void say_callback_put_off(struct twin *t, struct twin_call *c, uint8_t disposition,
                                 uint8_t cause)
{
    struct acd_event_callback_put_off event = {.call = c->id,
                                               .queue = c->queue,
                                               .due = next_time(t, c),
                                               .disposition = disposition,
                                               .cause = cause};
    uint64_t sequence = twin_append(t, ACD_EVENT_callback_put_off, &event);

    leave(t, c, disposition);
    schedule(c, event.due, sequence);
}

struct acd_view_notice twin_notice_of(const struct twin *t, uint8_t kind,
                                      const struct twin_assignment *s)
{
    const struct twin_agent *a = twin_agent(t, s->agent);

    return (struct acd_view_notice){.kind = kind,
                                    .assignment = s->id,
                                    .agent = a->id,
                                    .agent_name = twin_text_str(&a->name),
                                    .contact = twin_text_str(&a->contact)};
}

static void say_callback_dialing(struct twin *t, struct twin_assignment *s)
{
    struct twin_call *c = twin_call(t, s->call);
    struct twin_agent *a = twin_agent(t, s->agent);
    struct acd_event_callback_dialing event = {
        .call = c->id, .assignment = s->id, .agent = a->id, .told = twin_is_asker(t, c)};
    struct acd_view_notice notice = twin_notice_of(t, ACD_NOTICE_DIAL, s);
    bool was_available = twin_available(t, a);

    event.until = t->now + twin_queue(t, c->queue)->set.dial_timeout;
    twin_make_room(t, c, event.told != 0);
    s->until_sequence = twin_append(t, ACD_EVENT_callback_dialing, &event);
    s->role = ACD_ROLE_DIALING;
    s->since = t->now;
    s->until = event.until;
    c->state = ACD_DIALING;
    a->no_answers = 0;
    twin_ring_over(c);
    twin_note_agent(t, a, was_available, false);
    notice.until = event.until;
    if (event.told == 0)
        twin_notify(t, c, &notice);
}

/* Its customer has answered: it rings, in a way, until it is connected. */
static void say_callback_reached(struct twin *t, struct twin_assignment *s)
{
    struct twin_call *c = twin_call(t, s->call);
    struct acd_event_callback_reached event = {
        .call = c->id, .assignment = s->id, .agent = s->agent};

    twin_append(t, ACD_EVENT_callback_reached, &event);
    s->role = ACD_ROLE_OFFERED;
    c->state = ACD_OFFERED;
    TWIN_ADD(t, twin_queue(t, c->queue), called_back, 1);
}

static void say_callback_failed(struct twin *t, struct twin_assignment *s, uint8_t result,
                                bool told)
{
    struct twin_call *c = twin_call(t, s->call);
    struct twin_agent *a = twin_agent(t, s->agent);
    struct acd_event_callback_failed event = {.call = c->id,
                                              .assignment = s->id,
                                              .agent = a->id,
                                              .result = result,
                                              .due = next_time(t, c),
                                              .told = told};
    struct acd_view_notice notice = twin_notice_of(t, ACD_NOTICE_DIAL_ENDED, s);
    bool was_available = twin_available(t, a);
    uint64_t sequence;

    twin_make_room(t, c, told);
    sequence = twin_append(t, ACD_EVENT_callback_failed, &event);
    if (!told)
        twin_notify(t, c, &notice);
    memset(s, 0, sizeof *s);
    leave(t, c, ACD_UNREACHED);
    c->attempts--;
    schedule(c, event.due, sequence);
    if (!twin_wrong(t, TWIN_FAULT_DIALLING_IS_NO_WORK)) {
        a->lsc = t->now;
        a->lsc_sequence = sequence;
    }
    twin_note_agent(t, a, was_available, true);
}

/* ---- what happens ------------------------------------------------------------------------- */

static void give_up(struct twin *t, struct twin_call *c, uint8_t cause)
{
    struct acd_event_call_ended event = {
        .disposition = ACD_UNREACHED, .side = ACD_SIDE_SYSTEM, .ended_at = t->now, .cause = cause};

    say_call_ended(t, c, &event);
}

void twin_fall_due(struct twin *t, struct twin_call *c)
{
    const struct twin_queue *q = twin_queue(t, c->queue);
    bool nobody = q->set.max_wait_no_agent > 0 && twin_is_deserted(t, q, false);

    if (t->now >= c->expires)
        give_up(t, c, ACD_CAUSE_EXPIRED);
    else if ((twin_sends_away(q) || twin_is_left(t, q) || nobody) &&
             !twin_wrong(t, TWIN_FAULT_CALLBACK_INTO_NOTHING))
        say_callback_put_off(t, c, 0, 0);
    else
        say_callback_due(t, c);
}

void twin_callback_leaves(struct twin *t, struct twin_call *c, uint8_t cause)
{
    if (cause == ACD_CAUSE_MAX_WAIT)
        give_up(t, c, ACD_CAUSE_EXPIRED);
    else
        say_callback_put_off(t, c, cause == ACD_CAUSE_LEFT_EMPTY ? ACD_LEFT_EMPTY : ACD_TIMED_OUT,
                             cause);
}

void twin_callback_goes(struct twin *t, struct twin_call *c, const struct twin_queue *to)
{
    struct acd_event_callback_set event = {.queue = to->id,
                                           .number = twin_text_str(&c->number),
                                           .due = c->due,
                                           .attempts = c->attempts,
                                           .retry = c->retry,
                                           .expires = c->expires,
                                           .told = 1};

    say_callback_set(t, c, &event);
}

void twin_dial(struct twin *t, struct twin_assignment *s)
{
    if (s->role == ACD_ROLE_OFFERED)
        say_callback_dialing(t, s);
    if (s->role != ACD_ROLE_DIALING)
        return;
    t->outcome.verdict = ACD_VERDICT_DIAL;
    t->outcome.until = s->until;
}

void twin_fail_dialling(struct twin *t, struct twin_assignment *s, uint8_t result, bool told)
{
    struct twin_call *c = twin_call(t, s->call);
    uint16_t last = twin_wrong(t, TWIN_FAULT_ONE_ATTEMPT_MORE) ? UINT16_MAX : 0;

    say_callback_failed(t, s, result, told);
    if (c->attempts == last)
        give_up(t, c, 0);
}

void twin_withdraw(struct twin *t, struct twin_call *c, uint8_t cause, bool told)
{
    struct acd_event_call_ended event = {.disposition = ACD_WITHDRAWN,
                                         .side = cause == 0 ? ACD_SIDE_SYSTEM : ACD_SIDE_CALLER,
                                         .ended_at = t->now,
                                         .told = told,
                                         .cause = cause};

    if (c->state == ACD_DIALING)
        twin_fail_dialling(t, twin_of_call(t, c, 0), ACD_DIAL_FAILED, told);
    while (c->state == ACD_OFFERED)
        say_offer_ended(t, twin_of_call(t, c, 0), ACD_OFFER_RESCINDED, 0, told);
    if (c->id.gen != 0)
        say_call_ended(t, c, &event);
}

struct twin_call *twin_taken_up(const struct twin *t, const struct twin_queue *q,
                                struct acd_str caller)
{
    if (q->set.callback_resume != ACD_YES || twin_wrong(t, TWIN_FAULT_CALLED_IN_AND_BACK))
        return NULL;
    return waits_for(t, q, caller);
}

/* What a queue's callbacks are like, unless somebody says otherwise. */
static struct acd_event_callback_set usual(const struct twin *t, const struct twin_call *c)
{
    const struct twin_queue *q = twin_queue(t, c->queue);

    return (struct acd_event_callback_set){.queue = q->id,
                                           .number = twin_text_str(&c->caller),
                                           .due = t->now,
                                           .attempts = q->set.callback_attempts,
                                           .retry = q->set.callback_retry,
                                           .expires = t->now + q->set.callback_expire};
}

static void begin(struct twin *t, struct twin_call *c, const struct acd_event_callback_set *event)
{
    say_callback_set(t, c, event);
    if (c->due <= t->now)
        twin_fall_due(t, c);
}

bool twin_callback_by_rule(struct twin *t, struct twin_call *c, struct acd_str number,
                           uint8_t cause, bool told)
{
    struct acd_event_callback_set event = usual(t, c);

    if (number.len > 0)
        event.number = number;
    event.cause = cause;
    event.told = told;
    if (c->state == ACD_STRANDED || event.number.len == 0 || event.number.len > 32 ||
        twin_wrong(t, TWIN_FAULT_CALLBACK_BY_NO_RULE))
        return false;
    begin(t, c, &event);
    return true;
}

/* ---- commands ----------------------------------------------------------------------------- */

static bool span_is_good(acd_span span)
{
    return span == 0 || (span >= ACD_SECOND && span <= 30 * DAY);
}

const char *twin_bad_callback_setting(const struct acd_command_queue_set *c)
{
    if (c->callback_attempts > 100)
        return "callback_attempts";
    if (!span_is_good(c->callback_retry))
        return "callback_retry";
    if (!span_is_good(c->callback_expire))
        return "callback_expire";
    if (c->dial_timeout != 0 &&
        (c->dial_timeout < ACD_SECOND || c->dial_timeout > 3600 * ACD_SECOND))
        return "dial_timeout";
    return twin_known(&acd_enum_toggle, c->callback_resume) ? NULL : "callback_resume";
}

static bool wish_is_good(struct twin *t, const struct acd_command_call_callback *c)
{
    if (c->due < 0 || c->due > t->now + 90 * DAY)
        twin_refuse(t, ACD_INVALID, "due");
    else if (c->attempts > 100)
        twin_refuse(t, ACD_INVALID, "attempts");
    else if (!span_is_good(c->retry))
        twin_refuse(t, ACD_INVALID, "retry");
    else if (!span_is_good(c->expire))
        twin_refuse(t, ACD_INVALID, "expire");
    return t->outcome.error == ACD_OK;
}

/* The live call; NULL also when one is to be made. */
static struct twin_call *asked_call(struct twin *t, const struct acd_command_call_callback *c)
{
    struct twin_call *call;

    if (c->call.slot != 0 || c->call.gen != 0 || c->key.len == 0)
        return twin_asked_call(t, c->call, c->key);
    call = twin_call_keyed(t, twin_gateway(t), c->key);
    if (call == NULL && twin_ended(t, twin_gateway(t), c->key) != NULL)
        twin_refuse(t, ACD_GONE, "key");
    return call;
}

/* A call that nobody has made; NULL when it is refused. */
static struct twin_call *made_call(struct twin *t, const struct acd_command_call_callback *c)
{
    const struct twin_queue *q = twin_asked_queue(t, c->queue, c->queue_name, "queue_name");
    struct acd_event_call_queued event = {.gateway = twin_gateway(t),
                                          .key = c->key,
                                          .caller = c->number,
                                          .attributes = c->attributes,
                                          .direction = ACD_OUTBOUND,
                                          .arrived_at = t->now,
                                          .paced = 1};

    if (q == NULL)
        return NULL;
    if (c->number.len == 0)
        twin_refuse(t, ACD_MISSING, "number");
    else if (twin_sends_away(q))
        twin_refuse(t, ACD_STATE, "queue_name");
    else if (twin_has_call_room(t, c->attributes)) {
        event.queue = q->id;
        return say_call_queued(t, &event);
    }
    return NULL;
}

void do_call_callback(struct twin *t, const struct acd_command_call_callback *c)
{
    struct twin_call *call = asked_call(t, c);
    struct acd_event_callback_set event;
    acd_span expire;

    if (t->outcome.error != ACD_OK || !wish_is_good(t, c))
        return;
    if (call == NULL && (call = made_call(t, c)) == NULL)
        return;
    if (call->state == ACD_CONNECTED || call->state == ACD_DIALING || call->state == ACD_STRANDED) {
        twin_refuse(t, ACD_STATE, "call");
        return;
    }
    event = usual(t, call);
    expire = c->expire != 0 ? c->expire : event.expires - t->now;
    if (call->callback)
        event.number = twin_text_str(&call->number);
    if (c->number.len > 0)
        event.number = c->number;
    if (event.number.len == 0) {
        twin_refuse(t, ACD_MISSING, "number");
        return;
    }
    if (c->due > t->now)
        event.due = c->due;
    if (c->attempts != 0)
        event.attempts = c->attempts;
    if (c->retry != 0)
        event.retry = c->retry;
    event.expires = event.due + expire;
    event.by = t->client;
    event.told = twin_is_asker(t, call);
    while (call->state == ACD_OFFERED)
        say_offer_ended(t, twin_of_call(t, call, 0), ACD_OFFER_RESCINDED, 0, event.told != 0);
    t->outcome.verdict = ACD_VERDICT_CALLBACK;
    t->outcome.call = call->id;
    t->outcome.queue = call->queue;
    begin(t, call, &event);
}

void do_callback_result(struct twin *t, const struct acd_command_callback_result *c)
{
    struct twin_assignment *s = twin_asked_offer(t, c->assignment);
    struct twin_call *call = s == NULL ? NULL : twin_call(t, s->call);
    acd_time at = c->happened_at;

    if (s == NULL)
        return;
    if (call == NULL) {
        twin_refuse(t, ACD_GONE, "assignment");
        return;
    }
    if (s->role != ACD_ROLE_DIALING) {
        if (c->result == ACD_DIAL_ANSWERED && call->callback && call->state == ACD_CONNECTED &&
            twin_of_call(t, call, 0) == s) {
            twin_tell_assignment(t, s);
            t->outcome.repeated = 1;
        } else
            twin_refuse(t, ACD_STATE, "assignment");
        return;
    }
    if (c->result == 0 || !twin_known(&acd_enum_dial_result, c->result)) {
        twin_refuse(t, c->result == 0 ? ACD_MISSING : ACD_INVALID, "result");
        return;
    }
    twin_tell_assignment(t, s);
    if (c->result != ACD_DIAL_ANSWERED) {
        twin_fail_dialling(t, s, c->result, twin_is_asker(t, call));
        return;
    }
    if (at == 0 || at > t->now)
        at = t->now;
    say_callback_reached(t, s);
    say_call_connected(t, s, at < s->since ? s->since : at);
}
