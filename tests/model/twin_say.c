/* What the twin states about agents, clients and outboxes: each function writes one event into the
 * log and changes the tables as it says. */

#include <stdlib.h>
#include <string.h>

#include "tests/model/twin_parts.h"

uint64_t twin_append(struct twin *t, uint16_t code, const void *event)
{
    twin_note_agents(t);
    for (uint32_t i = 0; i < t->limits.agents; i++)
        if (t->agents[i].id.gen != 0 && t->agents[i].channels.len > 0)
            t->agents[i].took = twin_takes(t, &t->agents[i]);
    if (t->watch != NULL)
        t->watch(t->watch_ctx, t, code, event);
    if (t->log_room - t->log_len < ACD_RECORD_MAX) {
        t->log_room = 2 * t->log_room + ACD_RECORD_MAX;
        t->log = realloc(t->log, t->log_room);
        if (t->log == NULL)
            abort();
    }
    t->log_len += acd_record_of(code)->encode(event, t->log + t->log_len);
    t->frame_count++;
    return ++t->sequence;
}

uint32_t twin_generation(const struct twin *t)
{
    uint32_t low = (uint32_t)(t->sequence + 1);

    return low == 0 ? 1 : low;
}

void twin_note_agent(struct twin *t, struct twin_agent *a, bool was_available, bool touched)
{
    bool is_done = a->drain != 0 && twin_load(t, a, 0) == 0;
    bool gains = a->channels.len > 0 && (twin_takes(t, a) & ~a->took) != 0;

    if (a->fresh == 0 &&
        (is_done || gains || (twin_available(t, a) && (!was_available || touched))))
        a->fresh = ++t->fresh_count;
}

void twin_note_call(struct twin *t, struct twin_call *c)
{
    if (c->fresh == 0)
        c->fresh = ++t->fresh_count;
}

void twin_note_deserted(struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.queues; i++) {
        struct twin_queue *q = &t->queues[i];
        bool deserted = q->id.gen != 0 && twin_is_deserted(t, q, false);

        if (deserted && (!q->deserted || twin_wrong(t, TWIN_FAULT_NOBODY_SINCE_MOVES)))
            q->nobody_since = t->now;
        if (!deserted)
            q->nobody_since = 0;
        q->deserted = deserted;
    }
}

/* ---- outboxes ----------------------------------------------------------------------------- */

enum { NOTICE_ROOM = 512 };

void twin_make_room_at(struct twin *t, struct twin_client *gateway)
{
    uint32_t least = NOTICE_ROOM;

    if (twin_wrong(t, TWIN_FAULT_OUTBOX_ROOM))
        least = NOTICE_ROOM - 1;
    if (!gateway->lost && t->limits.outbox_bytes - gateway->outbox_len < least)
        say_outbox_lost(t, gateway);
}

void twin_make_room(struct twin *t, const struct twin_call *c, bool told)
{
    struct twin_client *gateway = twin_client(t, c->gateway);

    if (!told && gateway != NULL)
        twin_make_room_at(t, gateway);
}

void twin_notify(struct twin *t, const struct twin_call *c, struct acd_view_notice *notice)
{
    struct twin_client *gateway = twin_client(t, c->gateway);
    uint8_t bytes[ACD_RECORD_MAX];
    size_t len;

    if (gateway == NULL || gateway->lost)
        return;
    notice->number = ++gateway->told;
    notice->at = t->now;
    notice->call = c->id;
    notice->key = twin_text_str(&c->key);
    notice->queue = c->queue;
    if (c->callback)
        notice->callback = twin_text_str(&c->number);
    len = acd_record_view_notice.encode(notice, bytes);
    if (len > t->limits.outbox_bytes - gateway->outbox_len)
        abort();
    memcpy(gateway->outbox + gateway->outbox_len, bytes, len);
    gateway->outbox_len += (uint32_t)len;
}

void say_outbox_lost(struct twin *t, struct twin_client *c)
{
    struct acd_event_outbox_lost event = {.client = c->id, .until = t->now + c->grace};
    uint64_t sequence = twin_append(t, ACD_EVENT_outbox_lost, &event);

    twin_lose(t, c, sequence, event.until);
    if (twin_wrong(t, TWIN_FAULT_LOST_USES_NUMBERS))
        c->told++;
}

/* Drops the notices up to a number from the front of an outbox. */
static void forget_notices(struct twin_client *c, uint64_t upto)
{
    struct acd_view_notice notice;

    while (c->outbox_len > 0) {
        int len = acd_record_view_notice.decode(c->outbox, c->outbox_len, &notice);

        if (len < 0)
            abort();
        if (notice.number > upto)
            return;
        c->outbox_len -= (uint32_t)len;
        memmove(c->outbox, c->outbox + len, c->outbox_len);
    }
}

void say_outbox_acked(struct twin *t, struct twin_client *c, uint64_t upto)
{
    struct acd_event_outbox_acked event = {.client = c->id, .upto = upto};

    twin_append(t, ACD_EVENT_outbox_acked, &event);
    forget_notices(c, upto);
    c->acked = upto;
}

/* ---- clients ------------------------------------------------------------------------------ */

void say_client_opened(struct twin *t, uint32_t slot, struct acd_event_client_opened event)
{
    struct twin_client *c = &t->clients[slot];
    struct twin_text heir = {0};
    uint64_t sequence;

    twin_text_copy(&heir, event.heir);
    event.client = c->id;
    if (c->id.gen == 0) {
        uint8_t *outbox = c->outbox;

        event.client = (acd_client_id){slot, twin_generation(t)};
        memset(c, 0, sizeof *c);
        c->outbox = outbox;
    }
    sequence = twin_append(t, ACD_EVENT_client_opened, &event);
    c->id = event.client;
    twin_text_copy(&c->name, event.name);
    c->kind = event.kind;
    c->lost = false;
    c->lease = event.lease;
    c->grace = event.grace;
    c->orphans = event.orphans;
    c->heir = heir;
    c->lease_until = event.until;
    c->lease_sequence = sequence;
}

void say_client_removed(struct twin *t, struct twin_client *c)
{
    struct acd_event_client_removed event = {.client = c->id};

    twin_append(t, ACD_EVENT_client_removed, &event);
    for (uint32_t i = 0; i < t->limits.ended_calls; i++)
        if (t->ended[i].taken && twin_same_client(t->ended[i].gateway, c->id) &&
            twin_wrong(t, TWIN_FAULT_REMOVED_CLIENT_TAKES_KEYS)) {
            t->ended[i].taken = false;
            t->ended[i].ended_at = 0;
        }
    c->id = ACD_NOBODY;
}

void say_request_done(struct twin *t, struct twin_client *c, uint64_t request)
{
    const struct acd_view_outcome *o = &t->outcome;
    struct twin_request *place = &c->requests[request % ACD_REQUESTS_KEPT];
    struct acd_event_request_done event = {
        .client = c->id,
        .request = request,
        .error = o->error,
        .field = o->field,
        .verdict = o->verdict,
        .refusal = o->refusal,
        .position = o->position,
        .call = o->call,
        .assignment = o->assignment,
        .agent = o->agent,
        .queue = o->queue,
    };
    struct acd_event_request_overflow more = {.client = c->id,
                                              .request = request,
                                              .overflow = o->overflow,
                                              .overflow_to = o->overflow_to};

    if (twin_wrong(t, TWIN_FAULT_REQUEST_ERRORS_FORGOTTEN) && o->error != ACD_OK)
        return;
    twin_append(t, ACD_EVENT_request_done, &event);
    if (o->overflow != 0)
        twin_append(t, ACD_EVENT_request_overflow, &more);
    if (request > c->last_request)
        c->last_request = request;
    place->number = request;
    place->outcome = (struct acd_view_outcome){
        .error = o->error,
        .field = o->field,
        .verdict = o->verdict,
        .refusal = o->refusal,
        .position = o->position,
        .call = o->call,
        .assignment = o->assignment,
        .agent = o->agent,
        .queue = o->queue,
        .overflow = o->overflow,
    };
    twin_text_copy(&place->overflow_to, o->overflow_to);
}

/* ---- agents ------------------------------------------------------------------------------- */

void say_agent_state(struct twin *t, struct twin_agent *a, uint8_t state, uint16_t reason)
{
    struct acd_event_agent_state event = {.agent = a->id, .state = state, .reason = reason};
    bool was_available = twin_available(t, a);

    a->lsc_sequence = twin_append(t, ACD_EVENT_agent_state, &event);
    a->lsc = t->now;
    a->state = state;
    a->reason = reason;
    a->drain = 0;
    twin_note_deserted(t);
    if (!twin_wrong(t, TWIN_FAULT_LOGOUT_KEEPS_NO_ANSWERS))
        a->no_answers = 0;
    twin_note_agent(t, a, was_available, true);
}

void say_delay_ended(struct twin *t, struct twin_agent *a)
{
    struct acd_event_delay_ended event = {.agent = a->id};
    bool was_available = twin_available(t, a);

    twin_append(t, ACD_EVENT_delay_ended, &event);
    a->delay_until = 0;
    twin_note_agent(t, a, was_available, false);
}

static void count_wrap_up(struct twin *t, struct twin_agent *a, struct twin_queue *q, acd_span span)
{
    twin_counted(t);
    a->interval.wrap_up += span;
    if (q == NULL)
        return;
    q->interval.wrap_up += span;
    q->today.wrap_up += span;
}

void say_wrap_up_ended(struct twin *t, struct twin_assignment *s)
{
    struct acd_event_wrap_up_ended event = {.agent = s->agent, .assignment = s->id};
    struct twin_agent *a = twin_agent(t, s->agent);
    bool was_available = twin_available(t, a);
    uint64_t sequence = twin_append(t, ACD_EVENT_wrap_up_ended, &event);

    count_wrap_up(t, a, twin_queue(t, s->queue), t->now - s->since);
    twin_keep_late(t, s, twin_queue(t, s->queue),
                   twin_wrong(t, TWIN_FAULT_LATE_CODE_OF_LAST_EVENT) ? sequence : s->visit);
    memset(s, 0, sizeof *s);
    if (!twin_wrong(t, TWIN_FAULT_LSC_ON_WRAP_UP_END)) {
        a->lsc = t->now;
        a->lsc_sequence = sequence;
    }
    twin_note_agent(t, a, was_available, true);
}

void say_wrap_up_extended(struct twin *t, struct twin_assignment *s, acd_time until)
{
    struct acd_event_wrap_up_extended event = {
        .agent = s->agent, .assignment = s->id, .until = until};

    s->until_sequence = twin_append(t, ACD_EVENT_wrap_up_extended, &event);
    if (twin_wrong(t, TWIN_FAULT_EXTEND_LOSES_VISIT))
        s->visit = s->until_sequence;
    s->until = until;
}
