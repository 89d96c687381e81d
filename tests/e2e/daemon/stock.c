#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <nng/protocol/reqrep0/req.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

/* Stock nng at a real acdd, over ipc and tcp: commands and queries in, events out. */

static char tcp_url[64], tcp_pub_url[64];

/* The port that the system chose for a tcp address, out of the log. */
static unsigned port_of(const char *event)
{
    FILE *file = fopen(ACDD_LOG, "r");
    unsigned port = 0;
    char line[1024];

    while (file != NULL && port == 0 && fgets(line, sizeof line, file) != NULL) {
        const char *at = strstr(line, "port=");

        if (strstr(line, event) != NULL && strstr(line, "url=tcp:") != NULL && at != NULL)
            port = (unsigned)strtoul(at + 5, NULL, 10);
    }
    if (file != NULL)
        (void)fclose(file);
    CHECK(port > 0);
    return port;
}

static pid_t start(void)
{
    pid_t acdd = process_start("--listen " ACDD_URL " --listen tcp://127.0.0.1:0"
                               " --publish " ACDD_PUB_URL " --publish tcp://127.0.0.1:0");

    snprintf(tcp_url, sizeof tcp_url, "tcp://127.0.0.1:%u", port_of("event=listening"));
    snprintf(tcp_pub_url, sizeof tcp_pub_url, "tcp://127.0.0.1:%u", port_of("event=publishing"));
    return acdd;
}

/* ---- asking ------------------------------------------------------------------------------- */

static nng_socket requester(const char *url)
{
    nng_socket s = NNG_SOCKET_INITIALIZER;

    CHECK(nng_req0_open(&s) == 0);
    CHECK(nng_socket_set_ms(s, NNG_OPT_RECVTIMEO, 10000) == 0);
    CHECK(nng_socket_set_ms(s, NNG_OPT_SENDTIMEO, 10000) == 0);
    CHECK(nng_dial(s, url, NULL, 0) == 0);
    return s;
}

static size_t command_message(uint8_t *out, size_t max, acd_client_id client, uint64_t number,
                              const struct acd_command *command)
{
    struct acd_request_writer w;

    acd_request_begin(&w, out, max, client);
    CHECK(acd_request_put(&w, number, acd_message_record(command->code), &command->as) == ACD_OK);
    return acd_request_end(&w);
}

/* The outcome in a reply message of one. */
static struct acd_view_outcome outcome_in(const void *message, size_t len, uint64_t number)
{
    struct acd_reply_reader r;
    struct acd_reply reply = {0};
    struct acd_view view = {0};

    CHECK(acd_reply_read(&r, message, len) == ACD_OK && r.count == 1);
    CHECK(acd_reply_next(&r, &reply) == 1 && reply.number == number);
    CHECK(acd_view_decode(reply.records, reply.size, &view) > 0 && view.code == ACD_VIEW_outcome);
    return view.as.outcome;
}

static struct acd_view_outcome nng_do(nng_socket s, acd_client_id client, uint64_t number,
                                      const struct acd_command *command)
{
    uint8_t message[ACD_RECORD_MAX + 64], reply[ACD_RECORD_MAX];
    size_t len = sizeof reply;

    CHECK(nng_send(s, message, command_message(message, sizeof message, client, number, command),
                   0) == 0);
    CHECK(nng_recv(s, reply, &len, 0) == 0);
    return outcome_in(reply, len, number);
}

/* A call's whole life by a stock REQ socket. */
static void a_call_over(const char *url, const char *name)
{
    nng_socket s = requester(url);
    struct acd_view_outcome o =
        nng_do(s, ACD_NOBODY, 1, &COMMAND(client_open, .name = acd_str(name)));
    acd_client_id me = o.client;

    CHECK(o.error == ACD_OK && me.gen != 0);
    o = nng_do(s, me, 1, &COMMAND(route, .key = acd_str("a"), .queue_name = acd_str("sales")));
    CHECK(o.error == ACD_OK && o.verdict == ACD_VERDICT_OFFERED);
    o = nng_do(s, me, 2, &COMMAND(accept, .assignment = o.assignment));
    CHECK(o.error == ACD_OK);
    o = nng_do(s, me, 2, &COMMAND(accept, .assignment = o.assignment));
    CHECK(o.error == ACD_OK && o.repeated);
    o = nng_do(s, me, 3, &COMMAND(hangup, .key = acd_str("a")));
    CHECK(o.error == ACD_OK);
    o = nng_do(s, me, 4, &COMMAND(route, .key = acd_str("b"), .queue_name = acd_str("none")));
    CHECK(o.error == ACD_NOT_FOUND && o.field == 3);
    nng_close(s);
}

void test_stock_requesters_over_ipc_and_tcp(void)
{
    pid_t acdd = start();
    struct asker *desk = asker_open(ACDD_URL);
    const char *broken;

    centre_queue(desk, "sales");
    centre_agent(desk, "ada", "sales");
    centre_state(desk, "ada", ACD_READY);
    a_call_over(ACDD_URL, "sip-ipc");
    a_call_over(tcp_url, "sip-tcp");
    CHECK(ASK(desk, get_totals, .reserved = 0) == ACD_OK);
    CHECK(desk->views[0].as.totals.answered == 2 && desk->views[0].as.totals.entered == 2);
    broken = centre_check(desk);
    CHECK(broken == NULL);
    asker_close(desk);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* ---- contexts ----------------------------------------------------------------------------- */

enum { CONTEXTS = 32 };

struct context {
    nng_ctx ctx;
    nng_aio *aio;
};

static void context_send(struct context *c, uint32_t i)
{
    struct acd_command route = COMMAND(route, .queue_name = acd_str("sales"));
    uint8_t message[256];
    nng_msg *m = NULL;
    char key[24];

    snprintf(key, sizeof key, "call-%u", i);
    route.as.route.key = acd_str(key);
    CHECK(nng_ctx_open(&c->ctx, (nng_socket){c->ctx.id}) == 0);
    CHECK(nng_aio_alloc(&c->aio, NULL, NULL) == 0);
    nng_aio_set_timeout(c->aio, 10000);
    CHECK(nng_msg_alloc(&m, 0) == 0);
    CHECK(nng_msg_append(m, message,
                         command_message(message, sizeof message, ACD_NOBODY, i + 1, &route)) == 0);
    nng_aio_set_msg(c->aio, m);
    nng_ctx_send(c->ctx, c->aio);
}

/* Returns the position at which its call was queued. */
static uint32_t context_receive(struct context *c, uint32_t i)
{
    struct acd_view_outcome o = {0};
    nng_msg *m;

    nng_ctx_recv(c->ctx, c->aio);
    nng_aio_wait(c->aio);
    if (CHECK(nng_aio_result(c->aio) == 0)) {
        m = nng_aio_get_msg(c->aio);
        o = outcome_in(nng_msg_body(m), nng_msg_len(m), i + 1);
        CHECK(o.error == ACD_OK && o.verdict == ACD_VERDICT_QUEUED);
        nng_msg_free(m);
    }
    nng_aio_free(c->aio);
    nng_ctx_close(c->ctx);
    return o.position;
}

/* Many calls on their way at once: each context gets the outcome of its own. */
static void route_from_contexts(const char *url)
{
    struct context contexts[CONTEXTS];
    nng_socket s = requester(url);
    uint32_t sum = 0;

    for (uint32_t i = 0; i < CONTEXTS; i++) {
        contexts[i].ctx.id = s.id;
        context_send(&contexts[i], i);
    }
    for (uint32_t i = 0; i < CONTEXTS; i++)
        nng_aio_wait(contexts[i].aio);
    for (uint32_t i = 0; i < CONTEXTS; i++)
        sum += context_receive(&contexts[i], i);
    CHECK(sum == CONTEXTS * (CONTEXTS + 1) / 2); /* each place once */
    nng_close(s);
}

void test_stock_contexts_over_ipc_and_tcp(void)
{
    const char *const urls[] = {ACDD_URL, tcp_url};

    for (int i = 0; i < 2; i++) {
        pid_t acdd = start();
        struct asker *desk = asker_open(ACDD_URL);

        centre_queue(desk, "sales");
        route_from_contexts(urls[i]);
        asker_close(desk);
        CHECK(process_end(acdd, SIGTERM) == 0);
    }
}

/* ---- watching ----------------------------------------------------------------------------- */

static nng_socket subscriber(const char *url, const char *topic)
{
    nng_socket s = NNG_SOCKET_INITIALIZER;

    CHECK(nng_sub0_open(&s) == 0);
    CHECK(nng_socket_set(s, NNG_OPT_SUB_SUBSCRIBE, topic, strlen(topic)) == 0);
    CHECK(nng_socket_set_ms(s, NNG_OPT_RECVTIMEO, 10000) == 0);
    CHECK(nng_dial(s, url, NULL, 0) == 0);
    return s;
}

/* The next event is of this code; returns its head. */
static struct acd_view_published hears(nng_socket s, uint16_t code)
{
    uint8_t message[ACD_WIRE_PUBLISHED_MAX];
    size_t len = sizeof message;
    struct acd_published p = {0};
    uint16_t got = 0;

    CHECK(nng_recv(s, message, &len, 0) == 0);
    CHECK(acd_published_read(&p, message, len) == ACD_OK);
    CHECK(strcmp((const char *)message, acd_topic_text(p.topic)) == 0);
    if (code != 0 && CHECK(p.event != NULL)) {
        CHECK(acd_record_peek(p.event, p.event_size, &got) > 0 && got == code);
        CHECK(p.topic == acd_record_of(code)->topic);
    }
    return p.head;
}

static void watch(const char *url)
{
    struct asker *desk = asker_open(ACDD_URL);
    nng_socket calls = subscriber(url, "call"), agents = subscriber(url, "agent"),
               beats = subscriber(url, "heartbeat");
    struct acd_view_published queued, offered, ended, ready, beat;
    struct acd_view_outcome o;

    CHECK_SOON(asker_server(desk).subscribers == 3);
    centre_queue(desk, "sales");
    centre_agent(desk, "ada", "sales");
    CHECK(DO(desk, &o, route, .key = acd_str("a"), .queue_name = acd_str("sales")) == ACD_OK);
    centre_state(desk, "ada", ACD_READY);
    CHECK(DO(desk, &o, hangup, .key = acd_str("a")) == ACD_OK);
    queued = hears(calls, ACD_EVENT_call_queued);
    offered = hears(calls, ACD_EVENT_call_offered);
    hears(calls, ACD_EVENT_offer_ended);
    ended = hears(calls, ACD_EVENT_call_ended);
    ready = hears(agents, ACD_EVENT_agent_state);
    CHECK(offered.previous == queued.sequence && offered.sequence == ready.sequence + 1);
    CHECK(offered.at == ready.at && offered.epoch == desk->position.epoch);
    CHECK(ended.sequence == desk->position.sequence && ended.previous == ended.sequence - 1);
    beat = hears(beats, 0); /* within a second or so; nothing happened since */
    if (beat.sequence != ended.sequence)
        beat = hears(beats, 0);
    CHECK(beat.sequence == ended.sequence && beat.previous == 0 && beat.at >= ended.at);
    nng_close(calls);
    nng_close(agents);
    nng_close(beats);
    asker_close(desk);
}

void test_stock_subscribers_by_topic_over_ipc_and_tcp(void)
{
    const char *const urls[] = {ACDD_PUB_URL, tcp_pub_url};

    for (int i = 0; i < 2; i++) {
        pid_t acdd = start();

        watch(urls[i]);
        CHECK(process_end(acdd, SIGTERM) == 0);
    }
}

/* ---- nngcat ------------------------------------------------------------------------------- */

static FILE *nngcat(const char *arguments, const char *url)
{
    char command[512];
    FILE *out;

    snprintf(command, sizeof command, "exec nngcat --silent %s --dial %s", arguments, url);
    out = popen(command, "r"); /* NOLINT(cert-env33-c): a fixed one */
    if (out == NULL)
        check_give_up("nngcat", "cannot be run");
    return out;
}

/* A message out of a file, its reply to stdout; an event to stdout. */
static void nngcat_over(const char *url, const char *pub_url)
{
    struct asker *desk = asker_open(ACDD_URL);
    struct acd_command queue_set = COMMAND(queue_set, .name = acd_str("sales"));
    uint8_t message[512], got[ACD_WIRE_PUBLISHED_MAX];
    FILE *file = fopen("message.bin", "w");
    FILE *watching = nngcat("--sub --subscribe config --count 1 --raw", pub_url);
    struct acd_published event;
    FILE *asking;
    size_t len = command_message(message, sizeof message, ACD_NOBODY, 9, &queue_set);

    CHECK_SOON(asker_server(desk).subscribers == 1);
    check_sleep_ms(50); /* it may have yet to say hello */
    CHECK(file != NULL && fwrite(message, 1, len, file) == len && fclose(file) == 0);
    asking = nngcat("--req --file message.bin --count 1 --raw --interval 10", url);
    len = fread(got, 1, sizeof got, asking);
    CHECK(pclose(asking) == 0);
    CHECK(outcome_in(got, len, 9).error == ACD_OK);
    len = fread(got, 1, sizeof got, watching);
    CHECK(pclose(watching) == 0);
    CHECK(acd_published_read(&event, got, len) == ACD_OK && event.topic == ACD_TOPIC_CONFIG);
    CHECK(ASK(desk, list_queues, .name = acd_str("sales")) == ACD_OK && desk->count == 1);
    asker_close(desk);
}

void test_nngcat_over_ipc_and_tcp(void)
{
    pid_t acdd = start();

    nngcat_over(ACDD_URL, ACDD_PUB_URL);
    CHECK(process_end(acdd, SIGTERM) == 0);
    acdd = start();
    nngcat_over(tcp_url, tcp_pub_url);
    CHECK(process_end(acdd, SIGTERM) == 0);
}
