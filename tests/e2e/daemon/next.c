#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

/* The deferred reply: `next` is answered in the turn in which there is something to tell. */

struct waiting {
    pid_t acdd;
    struct asker *desk, *gateway;
    acd_call_id call; /* queued; ada, logged out, could take it */
};

static struct waiting waiting_open(void)
{
    struct waiting w = {.acdd = process_start("")};
    struct acd_view_outcome o;

    w.desk = asker_named(ACDD_URL, "desk", ACD_OPERATOR);
    w.gateway = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    centre_queue(w.desk, "sales");
    centre_agent(w.desk, "ada", "sales");
    CHECK(DO(w.gateway, &o, route, .key = acd_str("a"), .queue_name = acd_str("sales")) == ACD_OK);
    w.call = o.call;
    return w;
}

static void waiting_close(struct waiting *w)
{
    asker_close(w->gateway);
    asker_close(w->desk);
    CHECK(process_end(w->acdd, SIGTERM) == 0);
}

/* Sends a next that waits; the message's tag. */
static uint32_t wait_for_notice(struct asker *gateway, uint64_t number, uint64_t after)
{
    asker_send_query(gateway, number, &QUERY(next, .after = after, .wait = 20 * ACD_SECOND));
    return gateway->tag;
}

/* What comes is the answer to that next: with so many notices. */
static bool answers(struct asker *gateway, uint32_t tag, uint64_t number, size_t notices)
{
    uint64_t got_number = 0;
    uint32_t got_tag = 0;
    int error = asker_receive(gateway, &got_tag, &got_number);

    return error == ACD_OK && got_tag == tag && got_number == number && gateway->count == notices;
}

/* ---- the same turn ------------------------------------------------------------------------ */

/* The command that frees an agent and the next that tells of it: one time, neighbouring events, one
 * position in both replies, and on one connection one write. Any timer, or another turn, would show
 * in each. */
void test_a_call_is_offered_in_the_turn_that_frees_an_agent(void)
{
    struct waiting w = waiting_open();
    struct acd_command ready =
        COMMAND(agent_state, .name = acd_str("ada"), .state = (uint8_t)ACD_READY);
    struct acd_view_notice notice;
    uint64_t number = 0, freed_at;
    uint32_t tag = 0, asked = wait_for_notice(w.gateway, 5, 0);
    uint8_t both[4096];
    ssize_t peeked;

    CHECK(!asker_hears(w.gateway, 30));
    asker_send_command(w.gateway, ++w.gateway->number, &ready);
    CHECK(asker_hears(w.gateway, 10000));
    peeked = recv(w.gateway->peer.fd, both, sizeof both, MSG_PEEK);
    CHECK(asker_receive(w.gateway, &tag, &number) == ACD_OK && number == w.gateway->number);
    freed_at = w.gateway->position.sequence;
    CHECK(answers(w.gateway, asked, 5, 1));
    CHECK(w.gateway->position.sequence == freed_at);
    notice = w.gateway->views[0].as.notice;
    CHECK(notice.kind == ACD_NOTICE_OFFERED && notice.call.slot == w.call.slot);
    CHECK(peeked > 200); /* the outcome is not that long: both stood there */
    CHECK(ASK(w.desk, list_agents, .name = acd_str("ada")) == ACD_OK);
    CHECK(w.desk->views[0].as.agent.last_status_change == notice.at);
    waiting_close(&w);
}

/* The same when another connection frees the agent: nothing happened between the two replies. */
void test_an_agent_freed_elsewhere_is_told_at_once(void)
{
    struct waiting w = waiting_open();
    uint32_t asked = wait_for_notice(w.gateway, 5, 0);
    struct acd_view_notice notice;

    CHECK_SOON(asker_server(w.desk).waiting_next == 1);
    centre_state(w.desk, "ada", ACD_READY);
    CHECK(answers(w.gateway, asked, 5, 1));
    notice = w.gateway->views[0].as.notice;
    CHECK(w.gateway->position.sequence == w.desk->position.sequence);
    CHECK(ASK(w.desk, list_agents, .name = acd_str("ada")) == ACD_OK);
    CHECK(w.desk->views[0].as.agent.last_status_change == notice.at);
    CHECK(asker_server(w.desk).waiting_next == 0);
    waiting_close(&w);
}

/* ---- waiting ------------------------------------------------------------------------------ */

void test_a_repeated_next_replaces_the_first(void)
{
    struct waiting w = waiting_open();
    uint32_t first = wait_for_notice(w.gateway, 5, 0), second;
    struct asker *again = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY); /* over another line */

    second = wait_for_notice(w.gateway, 6, 0);
    CHECK(answers(w.gateway, first, 5, 0));
    wait_for_notice(again, 7, 0);
    CHECK(answers(w.gateway, second, 6, 0));
    CHECK(asker_server(w.desk).waiting_next == 1);
    centre_state(w.desk, "ada", ACD_READY);
    CHECK(answers(again, again->tag, 7, 1));
    CHECK(!asker_hears(w.gateway, 30));
    asker_close(again);
    waiting_close(&w);
}

void test_a_next_ends_with_its_wait(void)
{
    struct waiting w = waiting_open();
    uint64_t began = check_now_ms();

    CHECK(asker_next(w.gateway, 0, 60 * ACD_MS) == ACD_OK && w.gateway->count == 0);
    CHECK(check_now_ms() >= began + 50 && check_now_ms() < began + 5000);
    CHECK(asker_next(w.gateway, 0, 0) == ACD_OK && w.gateway->count == 0);
    CHECK(asker_next(w.gateway, 0, -1) == ACD_OK && w.gateway->count == 0);
    waiting_close(&w);
}

/* Takes half a minute, so not every time. */
void test_a_next_waits_thirty_seconds_at_most(void)
{
    struct waiting w = waiting_open();
    uint64_t began = check_now_ms();

    wait_for_notice(w.gateway, 5, 0);
    asker_send_query(w.gateway, 6, &QUERY(next, .wait = 3600 * ACD_SECOND));
    CHECK(answers(w.gateway, w.gateway->tag - 1, 5, 0));
    CHECK(asker_hears(w.gateway, 40000));
    CHECK(answers(w.gateway, w.gateway->tag, 6, 0));
    CHECK(check_now_ms() >= began + 28000 && check_now_ms() < began + 35000);
    waiting_close(&w);
}

/* A gateway that asks from 0 again, with all acknowledged, waits like any other. */
void test_a_next_from_zero_waits_when_all_is_acknowledged(void)
{
    struct waiting w = waiting_open();
    uint32_t asked;

    centre_state(w.desk, "ada", ACD_READY);
    centre_state(w.desk, "ada", ACD_NOT_READY);
    CHECK(asker_next(w.gateway, 0, 0) == ACD_OK && w.gateway->count == 2);
    CHECK(asker_next(w.gateway, 2, 0) == ACD_OK && w.gateway->count == 0);
    asked = wait_for_notice(w.gateway, 5, 0);
    CHECK(!asker_hears(w.gateway, 30));
    centre_state(w.desk, "ada", ACD_READY);
    CHECK(answers(w.gateway, asked, 5, 1) && w.gateway->views[0].as.notice.number == 3);
    waiting_close(&w);
}

void test_a_next_hands_out_as_many_as_are_wanted(void)
{
    struct waiting w = waiting_open();

    for (int i = 0; i < 5; i++)
        centre_state(w.desk, "ada", i % 2 == 0 ? ACD_READY : ACD_NOT_READY);
    CHECK(ASK(w.gateway, next, .limit = 2) == ACD_OK && w.gateway->count == 2);
    CHECK(w.gateway->views[0].as.notice.number == 1);
    CHECK(ASK(w.gateway, next, .after = 2, .limit = 2) == ACD_OK && w.gateway->count == 2);
    CHECK(w.gateway->views[1].as.notice.number == 4);
    CHECK(ASK(w.gateway, next, .after = 4, .wait = ACD_SECOND) == ACD_OK && w.gateway->count == 1);
    CHECK(ASK(w.desk, list_clients, .name = acd_str("sip-1")) == ACD_OK);
    CHECK(w.desk->views[0].as.client.acked == 4 && w.desk->views[0].as.client.told == 5);
    waiting_close(&w);
}

/* ---- what is wrong with one --------------------------------------------------------------- */

void test_a_next_that_cannot_be(void)
{
    struct waiting w = waiting_open();
    struct asker *nobody = asker_open(ACDD_URL);

    CHECK(asker_next(nobody, 0, ACD_SECOND) == ACD_NOT_FOUND);
    nobody->client = (acd_client_id){9, 9};
    CHECK(asker_next(nobody, 0, ACD_SECOND) == ACD_NOT_FOUND);
    CHECK(asker_next(w.desk, 0, ACD_SECOND) == ACD_STATE); /* an operator has no outbox */
    CHECK(asker_next(w.gateway, 1, ACD_SECOND) == ACD_INVALID);
    CHECK(w.gateway->views[0].as.outcome.field == 1);
    asker_close(nobody);
    waiting_close(&w);
}

void test_a_next_ends_with_its_gateway(void)
{
    struct waiting w = waiting_open();
    struct acd_view_outcome o;
    uint64_t number = 0;
    uint32_t tag = 0;

    wait_for_notice(w.gateway, 5, 0);
    CHECK_SOON(asker_server(w.desk).waiting_next == 1);
    CHECK(DO(w.desk, &o, client_remove, .name = acd_str("sip-1")) == ACD_STATE); /* has a call */
    CHECK(DO(w.desk, &o, hangup, .call = w.call) == ACD_OK);
    CHECK(answers(w.gateway, w.gateway->tag, 5, 1));
    wait_for_notice(w.gateway, 6, 1);
    CHECK_SOON(asker_server(w.desk).waiting_next == 1);
    CHECK(DO(w.desk, &o, client_remove, .name = acd_str("sip-1")) == ACD_OK);
    CHECK(asker_receive(w.gateway, &tag, &number) == ACD_NOT_FOUND && number == 6);
    CHECK(asker_server(w.desk).waiting_next == 0);
    waiting_close(&w);
}

void test_a_next_ends_with_its_connection(void)
{
    struct waiting w = waiting_open();
    uint32_t asked;

    wait_for_notice(w.gateway, 5, 0);
    CHECK_SOON(asker_server(w.desk).waiting_next == 1);
    asker_reconnect(w.gateway);
    CHECK_SOON(asker_server(w.desk).waiting_next == 0);
    asked = wait_for_notice(w.gateway, 6, 0);
    centre_state(w.desk, "ada", ACD_READY);
    CHECK(answers(w.gateway, asked, 6, 1) && w.gateway->views[0].as.notice.number == 1);
    waiting_close(&w);
}

/* Among other requests of its message it does not wait. */
void test_a_next_in_a_batch_does_not_wait(void)
{
    struct waiting w = waiting_open();
    struct acd_query_next next = {.wait = 20 * ACD_SECOND};
    struct acd_query_get_totals totals = {0};
    struct acd_request_writer writer;
    struct acd_reply_reader r;
    struct acd_reply reply;
    uint8_t message[256];
    uint32_t tag = 0;
    size_t len = 0;

    acd_request_begin(&writer, message, sizeof message, w.gateway->client);
    CHECK(acd_request_put(&writer, 11, &acd_record_query_next, &next) == ACD_OK);
    CHECK(acd_request_put(&writer, 12, &acd_record_query_get_totals, &totals) == ACD_OK);
    asker_send(w.gateway, message, acd_request_end(&writer));
    CHECK(peer_reply(&w.gateway->peer, &tag, w.gateway->in, sizeof w.gateway->in, &len));
    CHECK(acd_reply_read(&r, w.gateway->in, len) == ACD_OK && r.count == 2);
    CHECK(acd_reply_next(&r, &reply) == 1 && reply.number == 11 && reply.size == 0);
    CHECK(acd_reply_next(&r, &reply) == 1 && reply.number == 12 && reply.size > 0);
    waiting_close(&w);
}
