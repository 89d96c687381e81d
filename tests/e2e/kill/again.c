#include <inttypes.h>
#include <stdio.h>

#include "proto/acd_wire.h"
#include "tests/e2e/check.h"
#include "tests/e2e/kill/judge.h"
#include "tests/e2e/kill/site.h"
#include "tests/e2e/peer.h"

/* Numbers that were used before: the answer is the one of then, and says so. One message of many
 * requests, put together by hand, since the client library uses no number twice. */

enum { SAMPLE = 48, MESSAGE_MAX = 64 * 1024 };

/* From among those that acdd is to remember. */
static size_t write_message(struct party *p, uint32_t chosen[SAMPLE], uint8_t *out)
{
    uint32_t kept = p->asked_count < ACD_REQUESTS_KEPT ? p->asked_count : ACD_REQUESTS_KEPT;
    struct acd_request_writer w;

    acd_request_begin(&w, out, MESSAGE_MAX, p->id);
    for (int i = 0; i < SAMPLE; i++) {
        const struct asked *a;
        struct say say;

        chosen[i] = p->asked_count - 1 - dice(p->ledger, kept);
        a = &p->asked[chosen[i]];
        ledger_say(a, &say);
        CHECK(acd_request_put(&w, a->done.request, acd_message_record(a->code), &say.command.as) ==
              ACD_OK);
    }
    return acd_request_end(&w);
}

static bool is_same(const struct acd_event_request_done *told, const struct acd_view_outcome *o)
{
    return o->repeated && told->error == o->error && told->field == o->field &&
           told->verdict == o->verdict && told->refusal == o->refusal &&
           told->position == o->position && told->call.slot == o->call.slot &&
           told->call.gen == o->call.gen && ledger_is(told->assignment, o->assignment) &&
           told->agent.slot == o->agent.slot && told->agent.gen == o->agent.gen &&
           told->queue.slot == o->queue.slot && told->queue.gen == o->queue.gen;
}

static void compare_reply(const struct party *p, const uint32_t chosen[SAMPLE], const uint8_t *in,
                          size_t len)
{
    struct acd_reply_reader r;
    struct acd_reply reply;
    struct acd_view view;

    if (!CHECK(acd_reply_read(&r, in, len) == ACD_OK) || !CHECK(r.count == SAMPLE))
        return;
    for (int i = 0; i < SAMPLE && CHECK(acd_reply_next(&r, &reply) == 1); i++) {
        const struct asked *a = &p->asked[chosen[i]];

        CHECK(reply.number == a->done.request);
        CHECK(acd_view_decode(reply.records, reply.size, &view) > 0);
        if (!CHECK(view.code == ACD_VIEW_outcome && is_same(&a->done, &view.as.outcome)))
            fprintf(stderr, "%s: request %" PRIu64 " of code %#x\n", p->name, reply.number,
                    a->code);
    }
}

void judge_numbers(struct ledger *l)
{
    static uint8_t message[MESSAGE_MAX], in[ACD_WIRE_MESSAGE_MAX];

    for (int i = 0; i < CLIENTS; i++) {
        struct party *p = &l->parties[i];
        uint32_t chosen[SAMPLE], tag = 0;
        struct peer peer;
        size_t len = 0;

        if (p->asked_count == 0)
            continue;
        peer = peer_open(SITE_URL);
        len = write_message(p, chosen, message);
        if (CHECK(peer_ask(&peer, PEER_TAG(1), message, len)) &&
            CHECK(peer_reply(&peer, &tag, in, sizeof in, &len)))
            compare_reply(p, chosen, in, len);
        peer_close(&peer);
    }
}
