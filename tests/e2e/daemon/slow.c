#include <errno.h>
#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

/* Those who do not read: each costs a bounded buffer, then its connection; the others notice
 * nothing. With a small out_bytes_max, so that it is soon reached. */

static struct asker *start(pid_t *acdd)
{
    FILE *file = fopen("slow.conf", "w");
    struct asker *good;

    if (file == NULL)
        check_give_up("slow.conf", "cannot be written");
    fputs("out_bytes_max = 65536\n", file);
    (void)fclose(file);
    *acdd = process_start("--config slow.conf");
    good = asker_named(ACDD_URL, "good", ACD_OPERATOR);
    centre_queue(good, "sales");
    for (int i = 0; i < 40; i++) {
        char name[] = "agent-00";

        name[6] = (char)('0' + i / 10);
        name[7] = (char)('0' + i % 10);
        centre_agent(good, name, "sales");
    }
    return good;
}

static void stop(struct asker *good, pid_t acdd)
{
    asker_close(good);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* A message that asks for all agents: some kilobytes. */
static size_t big_question(uint8_t *out, size_t max)
{
    struct acd_query_list_agents all = {.limit = 100};
    struct acd_request_writer w;

    acd_request_begin(&w, out, max, ACD_NOBODY);
    CHECK(acd_request_put(&w, 1, &acd_record_query_list_agents, &all) == ACD_OK);
    return acd_request_end(&w);
}

/* Sends until the socket takes no more: nobody reads from it. How many were sent. */
static unsigned send_and_never_read(struct peer *p)
{
    uint8_t message[64], request[128];
    size_t len =
        peer_request(p, request, PEER_TAG(1), message, big_question(message, sizeof message));
    unsigned sent = 0;

    while (sent < 1000000 && send(p->fd, request, len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len)
        sent++;
    CHECK(errno == EAGAIN || errno == EWOULDBLOCK);
    return sent;
}

void test_who_sends_and_never_reads_is_not_read_from(void)
{
    pid_t acdd;
    struct asker *good = start(&acdd);
    struct peer p = peer_open(ACDD_URL);
    struct acd_view_server before = asker_server(good), paused;
    unsigned sent = send_and_never_read(&p);

    CHECK_SOON(asker_server(good).pauses == before.pauses + 1);
    paused = asker_server(good);
    CHECK(sent > 100 && paused.connections == 2);
    for (int i = 0; i < 100; i++)
        CHECK(ASK(good, list_agents, .limit = 3) == ACD_OK && good->count == 3);
    CHECK(asker_server(good).messages < before.messages + sent); /* the rest is not read */
    CHECK(paused.closed_slow == before.closed_slow);
    peer_close(&p);
    CHECK_SOON(asker_server(good).connections == 1);
    stop(good, acdd);
}

/* Who reads after all gets every answer. */
void test_who_reads_late_gets_all(void)
{
    pid_t acdd;
    struct asker *good = start(&acdd);
    struct peer p = peer_open(ACDD_URL);
    unsigned sent = send_and_never_read(&p);
    uint8_t *body = malloc(ACD_WIRE_MESSAGE_MAX);

    CHECK_SOON(asker_server(good).pauses > 0);
    for (unsigned i = 0; i < sent && body != NULL; i++) {
        struct acd_reply_reader r;
        uint32_t tag = 0;
        size_t len = 0;

        if (!CHECK(peer_reply(&p, &tag, body, ACD_WIRE_MESSAGE_MAX, &len)) ||
            !CHECK(acd_reply_read(&r, body, len) == ACD_OK))
            break;
    }
    free(body);
    peer_close(&p);
    stop(good, acdd);
}

/* A reply whose connection is gone is dropped and counted; the command was carried out. */
void test_who_leaves_is_served_all_the_same(void)
{
    pid_t acdd;
    struct asker *good = start(&acdd), *gone = asker_named(ACDD_URL, "gone", ACD_GATEWAY);
    struct acd_command route = COMMAND(route, .key = acd_str("a"), .queue_name = acd_str("sales"));

    kill(acdd, SIGSTOP);
    asker_send_command(gone, ++gone->number, &route);
    asker_close(gone);
    kill(acdd, SIGCONT);
    CHECK_SOON(ASK(good, list_calls, .gateway_name = acd_str("gone")) == ACD_OK &&
               good->count == 1);
    stop(good, acdd);
}

/* ---- subscribers -------------------------------------------------------------------------- */

static nng_socket subscriber(void)
{
    nng_socket s = NNG_SOCKET_INITIALIZER;

    CHECK(nng_sub0_open(&s) == 0);
    CHECK(nng_socket_set(s, NNG_OPT_SUB_SUBSCRIBE, "config", 6) == 0);
    CHECK(nng_socket_set_ms(s, NNG_OPT_RECVTIMEO, 10000) == 0);
    CHECK(nng_socket_set_int(s, NNG_OPT_RECVBUF, 8000) == 0);
    CHECK(nng_dial(s, ACDD_PUB_URL, NULL, 0) == 0);
    return s;
}

/* Reads events until that of `sequence`: each follows the one before it. */
static void hear_all(nng_socket s, uint64_t *last, uint64_t sequence)
{
    while (*last < sequence) {
        uint8_t message[ACD_WIRE_PUBLISHED_MAX];
        size_t len = sizeof message;
        struct acd_published p;

        if (!CHECK(nng_recv(s, message, &len, 0) == 0) ||
            !CHECK(acd_published_read(&p, message, len) == ACD_OK))
            return;
        CHECK(*last == 0 || p.head.previous == *last);
        *last = p.head.sequence;
    }
}

void test_a_subscriber_who_never_reads_is_dropped(void)
{
    enum { EVENTS = 6000 };
    pid_t acdd;
    struct asker *good = start(&acdd);
    struct acd_view_outcome o;
    struct peer dead = peer_connect(ACDD_PUB_URL);
    nng_socket reader = subscriber();
    struct acd_view_server end;
    uint64_t last = 0;

    CHECK(peer_hello(&dead, SP_SUB, SP_PUB));
    CHECK_SOON(asker_server(good).subscribers == 2);
    good->client = ACD_NOBODY; /* whose commands are one event each, of topic config */
    for (int i = 0; i < EVENTS; i++) {
        CHECK(DO(good, &o, queue_set, .name = acd_str("sales"), .max_size = 1 + i) == ACD_OK);
        if (i % 50 == 0)
            hear_all(reader, &last, good->position.sequence);
    }
    hear_all(reader, &last, good->position.sequence);
    end = asker_server(good);
    CHECK(end.closed_slow == 1 && end.subscribers == 1);
    CHECK(process_said(ACDD_LOG, "event=connection_closed reason=\"did not read"));
    peer_close(&dead);
    nng_close(reader);
    stop(good, acdd);
}
