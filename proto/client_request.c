/* Unanswered requests: a ring in which each has its slot by its number, and keeps its bytes so that
 * it can be sent again. All have the same time-out, so they run out in order. */

#include <stdlib.h>

#include "engine/acd_assert.h"
#include "proto/client_private.h"

enum { REQUESTS_MAX = ACD_CLIENT_UNANSWERED_MAX };

_Static_assert((REQUESTS_MAX & (REQUESTS_MAX - 1)) == 0, "slots are masked");

static struct request *slot_of(const struct acd_client *c, uint64_t local)
{
    return &c->requests[local & (REQUESTS_MAX - 1)];
}

/* The request of a number, or NULL when it is answered or never was. */
static struct request *request_at(const struct acd_client *c, uint64_t local)
{
    struct request *r = slot_of(c, local);

    return local != 0 && r->local == local ? r : NULL;
}

static uint16_t code_of(const struct request *r)
{
    return (uint16_t)(r->bytes[4] | r->bytes[5] << 8);
}

static bool is_command(const struct request *r)
{
    return acd_kind_of(code_of(r)) == ACD_KIND_COMMAND;
}

bool requests_init(struct acd_client *c)
{
    c->first = c->next = 1;
    c->requests = calloc(REQUESTS_MAX, sizeof *c->requests);
    return c->requests != NULL;
}

void requests_fini(struct acd_client *c)
{
    for (uint32_t i = 0; c->requests != NULL && i < REQUESTS_MAX; i++)
        free(c->requests[i].bytes);
    free(c->requests);
}

acd_time requests_deadline(const struct acd_client *c)
{
    return c->unanswered == 0 ? ACD_FOREVER : slot_of(c, c->first)->deadline;
}

/* ---- sending ------------------------------------------------------------------------------ */

/* The daemon answers these from the disk, and does not want others to wait for it. */
static bool stands_alone(const struct request *r)
{
    return code_of(r) == ACD_QUERY_replay || code_of(r) == ACD_QUERY_list_visits;
}

static void send_one(struct acd_client *c, struct request *r)
{
    if (stands_alone(r))
        message_end(c);
    message_put(c, c->id, c->base + r->local, r->bytes, r->size);
    r->message = c->message;
    if (stands_alone(r))
        message_end(c);
    if (r->local > c->sent)
        c->sent = r->local;
}

void requests_send(struct acd_client *c)
{
    for (uint64_t local = c->first; local != c->next; local++) {
        struct request *r = request_at(c, local);

        if (r != NULL && !c->link.failed)
            send_one(c, r);
    }
}

static bool keep(struct request *r, const uint8_t *bytes, size_t size)
{
    if (r->room < size) {
        size_t room = 128;
        uint8_t *kept;

        while (room < size)
            room *= 2;
        kept = realloc(r->bytes, room);
        if (kept == NULL)
            return false;
        r->bytes = kept;
        r->room = (uint32_t)room;
    }
    memcpy(r->bytes, bytes, size);
    r->size = (uint32_t)size;
    return true;
}

int request_add(struct acd_client *c, const struct acd_record *record, const void *value,
                const struct request *callbacks)
{
    const uint16_t place = record->too_long(value);
    struct request *r = slot_of(c, c->next);
    uint8_t bytes[ACD_RECORD_MAX];

    if (place != 0)
        return client_fail(c, ACD_TOO_LONG, "%s: %s: %s", record->name,
                           acd_field_name(record, place), acd_error_text(ACD_TOO_LONG));
    if (c->next - c->first == REQUESTS_MAX)
        return client_fail(c, ACD_BUSY, "%s: %u requests are unanswered", record->name,
                           c->unanswered);
    if (!keep(r, bytes, record->encode(value, bytes)))
        return client_fail(c, ACD_NO_MEMORY, "%s: out of memory", record->name);
    r->on_outcome = callbacks->on_outcome;
    r->on_view = callbacks->on_view;
    r->on_event = callbacks->on_event;
    r->ctx = callbacks->ctx;
    r->local = c->next++;
    r->message = 0;
    r->deadline = link_now_coarse() + c->timeout;
    c->unanswered++;
    if (c->session == SESSION_READY && !c->link.failed)
        send_one(c, r);
    return ACD_OK;
}

/* ---- answers ------------------------------------------------------------------------------ */

/* Frees a request's slot before its callback runs, which may take it again. */
static struct request take(struct acd_client *c, struct request *r)
{
    struct request taken = *r;

    r->local = 0;
    c->unanswered--;
    c->delivered++;
    while (c->first != c->next && slot_of(c, c->first)->local != c->first)
        c->first++;
    return taken;
}

/* Ends a request without an answer. */
static void fail(struct acd_client *c, struct request *r, int error)
{
    const bool command = is_command(r);
    struct request taken = take(c, r);

    if (command && taken.on_outcome != NULL)
        taken.on_outcome(taken.ctx, error, NULL);
    else if (!command && taken.on_view != NULL)
        taken.on_view(taken.ctx, error, NULL);
}

static int answer_command(const struct request *r, const struct acd_reply *reply)
{
    struct acd_view_outcome outcome;
    int size = acd_record_view_outcome.decode(reply->records, reply->size, &outcome);

    if (size < 0) {
        if (r->on_outcome != NULL)
            r->on_outcome(r->ctx, ACD_INVALID, NULL);
        return size;
    }
    if (r->on_outcome != NULL)
        r->on_outcome(r->ctx, outcome.error, &outcome);
    return ACD_OK;
}

/* Of a replay: an event behind the head that says when it was. */
static int walk_event(const struct request *r, const struct acd_view_published *head,
                      const uint8_t *record, size_t size)
{
    struct acd_event event;
    int error = acd_event_decode(record, size, &event);

    if (error >= 0 && r->on_event != NULL)
        r->on_event(r->ctx, head, &event);
    return error;
}

/* *said: the error is one that the daemon says. */
static int walk_view(struct acd_client *c, const struct request *r, struct acd_view_published *head,
                     const uint8_t *record, size_t size, bool *said)
{
    struct acd_view view;
    int error = acd_view_decode(record, size, &view);

    if (error < 0)
        return error;
    if (view.code == ACD_VIEW_outcome && view.as.outcome.error != ACD_OK) {
        c->fault = view.as.outcome.field;
        *said = true;
        return view.as.outcome.error;
    }
    if (view.code == ACD_VIEW_published)
        *head = view.as.published;
    else if (r->on_view != NULL)
        r->on_view(r->ctx, ACD_OK, &view);
    return ACD_OK;
}

/* Hands up the views and events of a reply; those of a newer daemon are passed over. Returns 0, the
 * error it says, or the one it is. */
static int walk_records(struct acd_client *c, const struct request *r,
                        const struct acd_reply *reply, bool *broken)
{
    const uint8_t *at = reply->records, *record;
    struct acd_view_published head = {0};
    size_t left = reply->size;
    bool said = false;
    uint16_t code;
    int error;

    while ((error = acd_records_next(&at, &left, &code, &record)) == 1) {
        const size_t size = (size_t)(at - record);

        error = acd_kind_of(code) == ACD_KIND_EVENT ? walk_event(r, &head, record, size)
                                                    : walk_view(c, r, &head, record, size, &said);
        if (said || (error < 0 && error != ACD_UNKNOWN))
            break;
    }
    *broken = error < 0 && !said;
    return error;
}

static int answer_query(struct acd_client *c, const struct request *r,
                        const struct acd_reply *reply)
{
    bool broken = false;
    int error = walk_records(c, r, reply, &broken);

    if (r->on_view != NULL)
        r->on_view(r->ctx, broken ? ACD_INVALID : error, NULL);
    return broken ? error : ACD_OK;
}

void requests_answer(struct acd_client *c, const struct acd_reply *reply)
{
    struct request *r = request_at(c, reply->number - c->base);
    struct request taken;
    bool command;
    int error;

    if (r == NULL)
        return; /* it timed out, or was answered before the line broke */
    command = is_command(r);
    if (command && lease_is_lost(c, reply))
        return; /* it was not carried out, and will be sent again */
    taken = take(c, r);
    error = command ? answer_command(&taken, reply) : answer_query(c, &taken, reply);
    if (error != ACD_OK)
        link_fail(&c->link, "not a reply: %s", acd_error_text(error));
}

/* ---- no answers --------------------------------------------------------------------------- */

void requests_refused(struct acd_client *c, uint32_t message, int error)
{
    const uint64_t end = c->next;

    for (uint64_t local = c->first; local < end; local++) {
        struct request *r = request_at(c, local);

        if (r != NULL && r->message == message)
            fail(c, r, error);
    }
}

void requests_fail_sent(struct acd_client *c)
{
    const uint64_t end = c->next;

    for (uint64_t local = c->first; local < end; local++) {
        struct request *r = request_at(c, local);

        if (r == NULL || r->message == 0)
            continue;
        if (is_command(r))
            fail(c, r, ACD_DISCONNECTED);
        else
            r->message = 0;
    }
}

void requests_fail(struct acd_client *c)
{
    const uint64_t end = c->next;

    for (uint64_t local = c->first; local < end; local++) {
        struct request *r = request_at(c, local);

        if (r != NULL)
            fail(c, r, ACD_DISCONNECTED);
    }
}

/* Without an answer, and without a sign of life since, the line is taken for dead. */
void requests_expire(struct acd_client *c, acd_time now)
{
    while (c->unanswered > 0 && requests_deadline(c) <= now) {
        struct request *r = slot_of(c, c->first);
        const acd_time asked = r->deadline - c->timeout;

        if (c->session == SESSION_READY && c->link.heard_at <= asked && !c->link.failed)
            link_fail(&c->link, "no answer in time");
        fail(c, r, c->session == SESSION_READY ? ACD_TIMEOUT : ACD_DISCONNECTED);
    }
}
