#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/listener/cases.h"
#include "tests/e2e/listener/echo.h"

/* Stock nng, as a peer that knows nothing of us. */

#define OK(x) CHECK((x) == 0)

static nng_socket requester(const char *url)
{
    nng_socket s = NNG_SOCKET_INITIALIZER;

    OK(nng_req0_open(&s));
    OK(nng_socket_set_ms(s, NNG_OPT_RECVTIMEO, 10000));
    OK(nng_socket_set_ms(s, NNG_OPT_SENDTIMEO, 10000));
    OK(nng_dial(s, url, NULL, 0));
    return s;
}

/* Asks for an echo of a text that nobody else sends. */
static bool echoes(nng_socket s, unsigned n)
{
    char sent[32], got[32] = "";
    size_t len = sizeof got;

    snprintf(sent, sizeof sent, "echo %u", n);
    if (nng_send(s, sent, strlen(sent) + 1, 0) != 0 || nng_recv(s, got, &len, 0) != 0)
        return false;
    return len == strlen(sent) + 1 && strcmp(sent, got) == 0;
}

static void ask_in_turn(const char *url)
{
    nng_socket s = requester(url);

    for (unsigned i = 0; i < 100; i++)
        CHECK(echoes(s, i));
    nng_close(s);
}

void test_cooked_requesters_over_every_transport(void)
{
    static const char *const hosts[] = {"127.0.0.1", "[::1]", "localhost"};
    struct echo *s = echo_start(&(struct listener_config){.url = "ipc://stock.sock"});
    char url[64];

    CHECK(echo_port(s) == 0);
    ask_in_turn("ipc://stock.sock");
    CHECK(echo_stop(s, 1000).messages_out == 100);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        snprintf(url, sizeof url, "tcp://%s:0", hosts[i]);
        if (echo_try(&s, &(struct listener_config){.url = url}) != 0) {
            CHECK(i == 1); /* a machine without IPv6 */
            continue;
        }
        snprintf(url, sizeof url, "tcp://%s:%u", hosts[i], echo_port(s));
        ask_in_turn(url);
        CHECK(echo_stop(s, 1000).messages_out == 100);
    }
}

/* ---- contexts ----------------------------------------------------------------------------- */

enum { CONTEXTS = 64, ROUNDS = 30 };

struct asker {
    nng_ctx ctx;
    nng_aio *aio;
};

static void send_round(struct asker *askers, uint32_t round)
{
    for (uint32_t i = 0; i < CONTEXTS; i++) {
        nng_msg *m = NULL;

        OK(nng_msg_alloc(&m, 0));
        OK(nng_msg_append_u32(m, round << 8 | i));
        nng_aio_set_msg(askers[i].aio, m);
        nng_ctx_send(askers[i].ctx, askers[i].aio);
    }
    for (uint32_t i = 0; i < CONTEXTS; i++) {
        nng_aio_wait(askers[i].aio);
        OK(nng_aio_result(askers[i].aio));
        nng_ctx_recv(askers[i].ctx, askers[i].aio);
    }
}

static void receive_round(struct asker *askers, uint32_t round)
{
    for (uint32_t i = 0; i < CONTEXTS; i++) {
        uint32_t got = 0;
        nng_msg *m;

        nng_aio_wait(askers[i].aio);
        if (!OK(nng_aio_result(askers[i].aio)))
            continue;
        m = nng_aio_get_msg(askers[i].aio);
        OK(nng_msg_trim_u32(m, &got));
        CHECK(got == (round << 8 | i));
        nng_msg_free(m);
    }
}

static void ask_from_contexts(const char *url)
{
    struct asker askers[CONTEXTS];
    nng_socket s = requester(url);

    for (size_t i = 0; i < CONTEXTS; i++) {
        OK(nng_ctx_open(&askers[i].ctx, s));
        OK(nng_aio_alloc(&askers[i].aio, NULL, NULL));
        nng_aio_set_timeout(askers[i].aio, 10000);
    }
    for (uint32_t round = 0; round < ROUNDS; round++) {
        send_round(askers, round);
        receive_round(askers, round);
    }
    for (size_t i = 0; i < CONTEXTS; i++) {
        nng_aio_free(askers[i].aio);
        nng_ctx_close(askers[i].ctx);
    }
    nng_close(s);
}

void test_sixty_four_contexts(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = "ipc://stock.sock"});
    char url[64];

    ask_from_contexts("ipc://stock.sock");
    CHECK(echo_stop(s, 1000).messages_in == (uint64_t)CONTEXTS * ROUNDS);
    s = echo_start(&(struct listener_config){.url = "tcp://127.0.0.1:0"});
    snprintf(url, sizeof url, "tcp://127.0.0.1:%u", echo_port(s));
    ask_from_contexts(url);
    CHECK(echo_stop(s, 1000).messages_in == (uint64_t)CONTEXTS * ROUNDS);
}

/* ---- raw ---------------------------------------------------------------------------------- */

static nng_msg *raw_request(uint32_t n)
{
    nng_msg *m = NULL;

    OK(nng_msg_alloc(&m, 0));
    OK(nng_msg_header_append_u32(m, 0x80000000u | n));
    OK(nng_msg_append_u32(m, n * 7));
    return m;
}

static void ask_raw(const char *url)
{
    enum { OUTSTANDING = 256 };
    bool seen[OUTSTANDING] = {false};
    nng_socket s = NNG_SOCKET_INITIALIZER;

    OK(nng_req0_open_raw(&s));
    OK(nng_socket_set_int(s, NNG_OPT_SENDBUF, OUTSTANDING));
    OK(nng_socket_set_int(s, NNG_OPT_RECVBUF, OUTSTANDING));
    OK(nng_socket_set_ms(s, NNG_OPT_RECVTIMEO, 10000));
    OK(nng_dial(s, url, NULL, 0));
    for (uint32_t i = 0; i < OUTSTANDING; i++)
        OK(nng_sendmsg(s, raw_request(i), 0));
    for (uint32_t i = 0; i < OUTSTANDING; i++) {
        uint32_t tag = 0, body = 0;
        nng_msg *m = NULL;

        if (!OK(nng_recvmsg(s, &m, 0)))
            break;
        OK(nng_msg_header_trim_u32(m, &tag));
        OK(nng_msg_trim_u32(m, &body));
        tag &= 0x7fffffffu;
        if (CHECK(tag < OUTSTANDING) && CHECK(body == tag * 7) && CHECK(!seen[tag]))
            seen[tag] = true;
        nng_msg_free(m);
    }
    nng_close(s);
}

void test_raw_requester(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = "ipc://stock.sock"});
    char url[64];

    ask_raw("ipc://stock.sock");
    CHECK(echo_stop(s, 1000).messages_out == 256);
    s = echo_start(&(struct listener_config){.url = "tcp://127.0.0.1:0"});
    snprintf(url, sizeof url, "tcp://127.0.0.1:%u", echo_port(s));
    ask_raw(url);
    CHECK(echo_stop(s, 1000).messages_out == 256);
}

/* ---- a device in between: tags of more than one word --------------------------------------- */

struct device {
    nng_socket front, back;
    pthread_t thread;
};

static void *forward(void *arg)
{
    struct device *d = arg;

    nng_device(d->front, d->back); /* until they are closed */
    return NULL;
}

static void device_start(struct device *d, const char *front, const char *back)
{
    OK(nng_rep0_open_raw(&d->front));
    OK(nng_req0_open_raw(&d->back));
    OK(nng_listen(d->front, front, NULL, 0));
    OK(nng_dial(d->back, back, NULL, 0));
    OK(pthread_create(&d->thread, NULL, forward, d));
}

static void device_stop(struct device *d)
{
    nng_close(d->front);
    nng_close(d->back);
    CHECK(pthread_join(d->thread, NULL) == 0);
}

void test_requests_through_a_device(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = "ipc://stock.sock"});
    struct device near, far;

    device_start(&near, "ipc://device1.sock", "ipc://stock.sock");
    device_start(&far, "ipc://device2.sock", "ipc://device1.sock");
    ask_in_turn("ipc://device1.sock");
    ask_in_turn("ipc://device2.sock");
    device_stop(&far);
    device_stop(&near);
    CHECK(echo_stop(s, 1000).messages_out == 200);
}

/* ---- subscribers -------------------------------------------------------------------------- */

static nng_socket subscriber(const char *url, const char *topic)
{
    nng_socket s = NNG_SOCKET_INITIALIZER;

    OK(nng_sub0_open(&s));
    OK(nng_socket_set(s, NNG_OPT_SUB_SUBSCRIBE, topic, strlen(topic)));
    OK(nng_socket_set_ms(s, NNG_OPT_RECVTIMEO, 10000));
    OK(nng_dial(s, url, NULL, 0));
    return s;
}

static bool hears(nng_socket s, const char *text)
{
    char got[32] = "";
    size_t len = sizeof got;

    return nng_recv(s, got, &len, 0) == 0 && len == strlen(text) && memcmp(got, text, len) == 0;
}

static void subscribe_at(struct echo *s, const char *url)
{
    nng_socket all = subscriber(url, ""), queues = subscriber(url, "queue.");
    char text[32];

    CHECK_SOON(echo_counters(s).bytes_in == 16); /* both have said hello */
    for (unsigned i = 0; i < 50; i++) {
        snprintf(text, sizeof text, "%s.%u", i % 2 == 0 ? "agent" : "queue", i);
        echo_publish(s, text, strlen(text));
    }
    for (unsigned i = 0; i < 50; i++) {
        snprintf(text, sizeof text, "%s.%u", i % 2 == 0 ? "agent" : "queue", i);
        CHECK(hears(all, text));
        if (i % 2 == 1)
            CHECK(hears(queues, text));
    }
    nng_close(all);
    nng_close(queues);
    CHECK(echo_stop(s, 1000).messages_out == 100);
}

void test_subscribers_with_topics(void)
{
    const struct listener_config ipc = {.url = "ipc://stock.sock", .protocol = LISTENER_PUB};
    const struct listener_config tcp = {.url = "tcp://127.0.0.1:0", .protocol = LISTENER_PUB};
    struct echo *s = echo_start(&ipc);
    char url[64];

    subscribe_at(s, "ipc://stock.sock");
    s = echo_start(&tcp);
    snprintf(url, sizeof url, "tcp://127.0.0.1:%u", echo_port(s));
    subscribe_at(s, url);
}

/* ---- nngcat ------------------------------------------------------------------------------- */

static FILE *nngcat(const char *arguments)
{
    char command[256];
    FILE *out;

    snprintf(command, sizeof command, "exec nngcat --silent %s", arguments);
    out = popen(command, "r"); /* NOLINT(cert-env33-c): a fixed one */
    if (out == NULL)
        check_give_up("nngcat", "cannot be run");
    return out;
}

void test_nngcat_asks(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = "ipc://stock.sock"});
    FILE *out = nngcat("--req --dial ipc://stock.sock --data 'who is there' --count 1 --raw"
                       " --interval 10"); /* without one, nngcat 1.5.2 trips over a slow send */
    char got[64] = "";

    CHECK(fgets(got, sizeof got, out) != NULL);
    CHECK(strncmp(got, "who is there", 12) == 0);
    CHECK(pclose(out) == 0);
    echo_stop(s, 1000);
}

void test_nngcat_subscribes(void)
{
    struct echo *s =
        echo_start(&(struct listener_config){.url = "ipc://stock.sock", .protocol = LISTENER_PUB});
    FILE *out = nngcat("--sub --subscribe news --dial ipc://stock.sock --count 2 --ascii");
    char got[64] = "";

    CHECK_SOON(echo_counters(s).bytes_in == 8);
    echo_publish(s, "news: one", 9);
    echo_publish(s, "olds: none", 10);
    echo_publish(s, "news: two", 9);
    CHECK(fread(got, 1, sizeof got - 1, out) == 18); /* until it leaves, having both */
    CHECK(strcmp(got, "news: onenews: two") == 0);
    CHECK(pclose(out) == 0);
    echo_stop(s, 1000);
}

/* ---- closing ------------------------------------------------------------------------------ */

/* A peer of nng's hangs up when we say that no more will come, so closing takes no time. */
void test_closing_hangs_up_on_nng(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = "ipc://stock.sock"});
    nng_socket asker = requester("ipc://stock.sock");
    uint64_t began;

    CHECK(echoes(asker, 1));
    began = check_now_ms();
    CHECK(echo_stop(s, 9000).ended[LISTENER_END_LOCAL] == 1);
    CHECK(check_now_ms() < began + 5000);
    s = echo_start(&(struct listener_config){.url = "ipc://stock.sock"});
    CHECK(echoes(asker, 2)); /* it comes back by itself */
    nng_close(asker);
    echo_stop(s, 1000);
}
