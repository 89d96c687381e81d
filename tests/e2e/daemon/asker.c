#include "tests/e2e/daemon/asker.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"

struct asker *asker_open(const char *url)
{
    struct asker *a = calloc(1, sizeof *a);

    if (a == NULL)
        check_give_up(url, "no memory");
    a->url = url;
    a->peer = peer_open(url);
    return a;
}

struct asker *asker_named(const char *url, const char *name, enum acd_client_kind kind)
{
    struct asker *a = asker_open(url);
    struct acd_view_outcome o;

    CHECK(DO(a, &o, client_open, .name = acd_str(name), .kind = (uint8_t)kind) == ACD_OK);
    a->client = o.client;
    a->number = o.last_request;
    return a;
}

void asker_close(struct asker *a)
{
    peer_close(&a->peer);
    free(a);
}

void asker_reconnect(struct asker *a)
{
    peer_close(&a->peer);
    a->peer = peer_open(a->url);
}

/* ---- halves of a question ----------------------------------------------------------------- */

void asker_send(struct asker *a, const void *message, size_t len)
{
    a->tag = PEER_TAG((a->tag + 1) & 0xffffff);
    CHECK(peer_ask(&a->peer, a->tag, message, len));
}

static void send_record(struct asker *a, uint64_t number, const struct acd_record *record,
                        const void *value)
{
    struct acd_request_writer w;
    uint8_t message[ACD_WIRE_REQUEST_HEADER + 8 + ACD_RECORD_MAX];

    acd_request_begin(&w, message, sizeof message, a->client);
    CHECK(acd_request_put(&w, number, record, value) == ACD_OK);
    asker_send(a, message, acd_request_end(&w));
}

void asker_send_command(struct asker *a, uint64_t number, const struct acd_command *command)
{
    send_record(a, number, acd_message_record(command->code), &command->as);
}

void asker_send_query(struct asker *a, uint64_t number, const struct acd_query *query)
{
    send_record(a, number, acd_message_record(query->code), &query->as);
}

/* The views of a reply to a->views; returns the error if it is an outcome. */
static int take_views(struct asker *a, const struct acd_reply *reply)
{
    const uint8_t *at = reply->records, *record;
    size_t left = reply->size;
    uint16_t code;

    a->count = 0;
    while (acd_records_next(&at, &left, &code, &record) == 1) {
        struct acd_view *view = &a->views[a->count];

        if (acd_kind_of(code) == ACD_KIND_EVENT) /* of a replay */
            continue;
        if (!CHECK(a->count < ASKER_VIEWS_MAX) ||
            !CHECK(acd_view_decode(record, (size_t)(at - record), view) > 0))
            break;
        if (code == ACD_VIEW_page)
            a->page = view->as.page;
        else
            a->count++;
    }
    CHECK(left == 0);
    return a->count == 1 && a->views[0].code == ACD_VIEW_outcome ? a->views[0].as.outcome.error
                                                                 : ACD_OK;
}

int asker_receive(struct asker *a, uint32_t *tag, uint64_t *number)
{
    struct acd_reply_reader r;
    struct acd_reply reply = {0};
    size_t len = 0;
    int error;

    a->count = 0;
    if (!CHECK(peer_reply(&a->peer, tag, a->in, sizeof a->in, &len)) ||
        !CHECK(acd_reply_read(&r, a->in, len) == ACD_OK) || !CHECK(r.count == 1) ||
        !CHECK(acd_reply_next(&r, &reply) == 1))
        return ACD_INVALID;
    *number = reply.number;
    error = take_views(a, &reply);
    CHECK(acd_reply_next(&r, &reply) == 0);
    CHECK(r.position.epoch == a->position.epoch || a->position.epoch == 0);
    CHECK(r.position.sequence >= a->position.sequence);
    a->position = r.position;
    return error;
}

bool asker_hears(struct asker *a, int ms)
{
    struct pollfd p = {.fd = a->peer.fd, .events = POLLIN};

    return poll(&p, 1, ms) == 1;
}

/* ---- whole questions ---------------------------------------------------------------------- */

/* The reply to the message sent last. */
static int receive_own(struct asker *a, uint64_t number)
{
    uint64_t got = 0;
    uint32_t tag = 0;
    int error = asker_receive(a, &tag, &got);

    CHECK(tag == a->tag && got == number);
    return error;
}

int asker_command(struct asker *a, uint64_t number, const struct acd_command *command,
                  struct acd_view_outcome *outcome)
{
    int error;

    asker_send_command(a, number, command);
    error = receive_own(a, number);
    memset(outcome, 0, sizeof *outcome);
    if (CHECK(a->count == 1) && CHECK(a->views[0].code == ACD_VIEW_outcome))
        *outcome = a->views[0].as.outcome;
    return error;
}

int asker_do(struct asker *a, const struct acd_command *command, struct acd_view_outcome *outcome)
{
    return asker_command(a, ++a->number, command, outcome);
}

int asker_query(struct asker *a, const struct acd_query *query)
{
    asker_send_query(a, 7, query);
    return receive_own(a, 7);
}

struct acd_view_server asker_server(struct asker *a)
{
    CHECK(ASK(a, get_server, .reserved = 0) == ACD_OK);
    CHECK(a->count == 1 && a->views[0].code == ACD_VIEW_server);
    return a->views[0].as.server;
}

int asker_next(struct asker *a, uint64_t after, acd_span wait)
{
    return ASK(a, next, .after = after, .wait = wait);
}
