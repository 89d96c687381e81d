#include "daemon/configure.h"
#include "daemon/server.h"

/* A message of requests: each carried out in order, and one message of replies.
 *
 * A command is decoded while the one before it is still to be carried out, so that the engine may
 * get ready for it; but not a tenant's, which has to be put under the tenant first, and how that is
 * done may hang on the one before. */

struct asked {
    struct acd_request request;
    bool decoded; /* it is a command: `size` says how that went */
    int size;
    struct acd_command command;
};

/* A record that cannot be decoded fails alone. */
static void answer_undecodable(struct server *s, const struct acd_request *request, int error,
                               struct acd_reply_writer *w)
{
    const struct acd_record *record = acd_message_record(request->code);
    uint16_t field = 0;

    if (error == ACD_TOO_LONG && record != NULL)
        field = acd_field_too_long(record, request->bytes);
    s->counters.failed++;
    timing_failed(&s->timing, request->code);
    acd_reply_error(w, request->number, error, field);
}

static void decode(struct asked *a)
{
    a->size = acd_command_decode(a->request.bytes, a->request.size, &a->command);
    a->decoded = true;
}

/* What the engine cannot see to be wrong is refused here, and the log says why. */
static bool is_faulty(struct server *s, const struct asked *a, struct acd_reply_writer *w)
{
    uint16_t field = 0;
    const char *fault = calendar_fault(&a->command, &field);

    if (fault == NULL)
        return false;
    log_line(LOG_INFO, "refused", "command=%s reason=\"%s\"",
             acd_message_record(a->request.code)->name, fault);
    s->counters.failed++;
    timing_failed(&s->timing, a->request.code);
    acd_reply_error(w, a->request.number, ACD_INVALID, field);
    return true;
}

static void answer_command(struct server *s, acd_client_id client, struct asked *a,
                           struct acd_reply_writer *w)
{
    const struct acd_request *request = &a->request;
    struct acd_view_outcome outcome;

    if (!a->decoded)
        decode(a);
    if (a->size < 0) {
        answer_undecodable(s, request, a->size, w);
        return;
    }
    if (is_faulty(s, a, w))
        return;
    if (server_execute(s, client, client.gen == 0 ? 0 : request->number, &a->command, &outcome) <
        0) {
        s->counters.failed++;
        timing_failed(&s->timing, request->code);
    }
    acd_reply_outcome(w, request->number, &outcome);
}

/* Puts a request under the tenant whose socket it came by. False: it is answered by an error. */
static bool take_scoped(struct endpoint *endpoint, acd_client_id client,
                        struct acd_request *request, struct acd_reply_writer *w)
{
    struct server *s = endpoint->server;
    uint16_t field = 0;
    int error = tenant_request(endpoint_tenant(endpoint), s->engine, client, request,
                               &s->tenant_room, &field);

    if (error == ACD_OK)
        return true;
    s->counters.failed++;
    timing_failed(&s->timing, request->code);
    acd_reply_error(w, request->number, error, field);
    return false;
}

/* Returns false: another thread answers, unless there is a reason not to ask it. */
static bool answer_from_disk(struct endpoint *endpoint, const struct listener_origin *origin,
                             const struct acd_request *request, bool alone,
                             struct acd_reply_writer *w)
{
    int error = alone ? reader_ask(endpoint, origin, request->number, request->bytes, request->size)
                      : ACD_STATE;

    if (error == ACD_OK)
        return false;
    endpoint->server->counters.failed++;
    acd_reply_error(w, request->number, error, 0);
    return true;
}

/* Returns false when the answer is put off: a `next` that waits, what stands on the disk. */
static bool answer_query(struct endpoint *endpoint, const struct listener_origin *origin,
                         acd_client_id client, const struct acd_request *request, bool alone,
                         struct acd_reply_writer *w)
{
    struct server *s = endpoint->server;
    struct acd_query query;
    int size = acd_query_decode(request->bytes, request->size, &query);

    deaf_hear(s, client);
    if (size < 0) {
        answer_undecodable(s, request, size, w);
        return true;
    }
    /* How it stands may always be asked, for that is how one learns why nothing is answered. */
    if (query.code == ACD_QUERY_get_server) {
        query_answer(s, client, request->number, &query, w);
        return true;
    }
    if (reader_answers(query.code))
        return answer_from_disk(endpoint, origin, request, alone, w);
    if (durable_is_sync(s) && !hold_has_room(&s->hold)) {
        acd_reply_error(w, request->number, ACD_BUSY, 0);
        return true;
    }
    s->holds |= durable_is_sync(s);
    if (configure_answers(query.code)) {
        configure_answer(s, endpoint_tenant(endpoint), request->number, &query, w);
        return true;
    }
    if (query.code == ACD_QUERY_next)
        return next_asked(endpoint, origin, client, request->number, &query.as.next, alone, w);
    query_answer(s, client, request->number, &query, w);
    return true;
}

static void answer_unreadable(struct endpoint *endpoint, const struct listener_origin *origin,
                              int error)
{
    struct server *s = endpoint->server;
    struct acd_wire_position position = server_position(s);
    size_t len = acd_reply_unreadable(s->scratch, error, &position);

    s->counters.malformed++;
    listener_reply(endpoint->listener, origin, s->scratch, len);
}

/* The next request of a message, of which the engine is told if another is to be carried out
 * before. False behind the last. */
static bool take_next(const struct endpoint *endpoint, struct acd_request_reader *reader,
                      struct asked *a, bool behind_another)
{
    if (!acd_request_next(reader, &a->request))
        return false;
    a->decoded = false;
    if (endpoint->tenant != 0 || acd_kind_of(a->request.code) == ACD_KIND_QUERY)
        return true;
    decode(a);
    if (behind_another && a->size >= 0)
        acd_expect(endpoint->server->engine, reader->client, &a->command);
    return true;
}

/* Returns false when the answer is put off. */
static bool answer(struct endpoint *endpoint, const struct listener_origin *origin,
                   const struct acd_request_reader *reader, struct asked *a,
                   struct acd_reply_writer *w)
{
    struct server *s = endpoint->server;

    timing_asked(&s->timing, a->request.code);
    if (endpoint->tenant != 0 && !take_scoped(endpoint, reader->client, &a->request, w))
        return true;
    if (acd_kind_of(a->request.code) == ACD_KIND_QUERY)
        return answer_query(endpoint, origin, reader->client, &a->request, reader->count == 1, w);
    answer_command(s, reader->client, a, w);
    return true;
}

void request_arrived(void *ctx, const struct listener_origin *origin, const uint8_t *body,
                     size_t len)
{
    struct endpoint *endpoint = ctx;
    struct server *s = endpoint->server;
    struct acd_request_reader reader;
    struct acd_reply_writer writer;
    struct asked asked[2]; /* the one at hand, and the next */
    struct acd_wire_position position;
    bool answered = true, more;
    int error = acd_request_open(&reader, body, len);

    s->counters.messages++;
    if (error != ACD_OK) {
        answer_unreadable(endpoint, origin, error);
        return;
    }
    timing_message(&s->timing);
    server_turn_begin(s);
    s->holds = false;
    s->counters.requests += reader.count;
    acd_reply_begin(&writer, s->scratch, sizeof s->scratch, reader.count);
    more = take_next(endpoint, &reader, &asked[0], false);
    for (uint32_t at = 0; more; at ^= 1) {
        more = take_next(endpoint, &reader, &asked[at ^ 1], true);
        answered = answer(endpoint, origin, &reader, &asked[at], &writer);
    }
    if (!answered)
        return;
    timing_answered(&s->timing);
    position = server_position(s);
    len = acd_reply_end(&writer, &position);
    server_reply(endpoint, origin, s->scratch, len, s->holds);
}
