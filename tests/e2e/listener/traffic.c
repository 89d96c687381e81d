#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/listener/cases.h"
#include "tests/e2e/listener/echo.h"
#include "tests/e2e/peer.h"

/* Whole and partial requests, deferred replies, and peers who do not read. */

static const char url[] = "ipc://traffic.sock";

/* Asks count times for a reply of len bytes, all at once. */
static bool ask_big(struct peer *p, uint32_t count, uint32_t len)
{
    enum { REQUEST_BYTES = SP_HEADER_BYTES_MAX + 4 + 5 };
    uint8_t body[5] = "b", *out = malloc((size_t)count * REQUEST_BYTES);
    size_t at = 0;
    bool ok;

    if (out == NULL)
        check_give_up("big replies", "no memory");
    memcpy(body + 1, &len, sizeof len);
    for (uint32_t i = 0; i < count; i++)
        at += peer_request(p, out + at, PEER_TAG(i), body, sizeof body);
    ok = peer_send(p, out, at);
    free(out);
    return ok;
}

enum { SMALL = 256 * 1024 }; /* of output */

static bool is_big(const uint8_t *body, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (body[i] != (uint8_t)i)
            return false;
    return true;
}

/* ---- slices and sizes --------------------------------------------------------------------- */

void test_requests_in_any_slices(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p = peer_connect(url);
    uint8_t bytes[256], hello[SP_HELLO_BYTES], body[16];
    uint32_t tag = 0;
    size_t len = SP_HELLO_BYTES, got = 0;

    sp_hello_write(bytes, SP_REQ);
    for (uint32_t i = 0; i < 3; i++)
        len += peer_request(&p, bytes + len, PEER_TAG(i), "slice", (size_t)i * 2);
    for (size_t i = 0; i < len; i++) {
        CHECK(peer_send(&p, bytes + i, 1));
        check_sleep_ms(1);
    }
    CHECK(peer_receive(&p, hello, sizeof hello));
    for (uint32_t i = 0; i < 3; i++) {
        CHECK(peer_reply(&p, &tag, body, sizeof body, &got));
        CHECK(tag == PEER_TAG(i));
        CHECK(got == (size_t)i * 2); /* the first one is empty */
    }
    CHECK(echo_counters(s).bytes_in == len);

    /* All of it at once: one batch. */
    size_t before = echo_batches(s);
    CHECK(peer_send(&p, bytes + SP_HELLO_BYTES, len - SP_HELLO_BYTES));
    for (uint32_t i = 0; i < 3; i++)
        CHECK(peer_reply(&p, &tag, body, sizeof body, &got));
    CHECK(echo_batches(s) == before + 1);
    peer_close(&p);
    echo_stop(s, 0);
}

/* A megabyte too, twice, with small ones in between: buffers grow and are given back. */
void test_requests_of_every_size(void)
{
    enum { MAX = 1024 * 1024 - 4 };
    static const uint32_t sizes[] = {1, 100, 16384, 65519, 65536, 200000, MAX, 1, 300000, MAX, 7};
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p = peer_open(url);
    uint8_t *body = calloc(1, MAX + 1), *got = malloc(MAX);
    uint32_t tag = 0;
    size_t len = 0;

    if (body == NULL || got == NULL)
        check_give_up("sizes", "no memory");
    for (size_t i = 0; i < MAX; i++)
        body[i] = (uint8_t)(i * 31 / 7);
    for (uint32_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (i == 8)
            check_sleep_ms(2200); /* for the sweep */
        CHECK(peer_ask(&p, PEER_TAG(i), body, sizes[i]));
        CHECK(peer_reply(&p, &tag, got, MAX, &len));
        CHECK(tag == PEER_TAG(i));
        CHECK(len == sizes[i] && memcmp(body, got, len) == 0);
    }
    CHECK(peer_ask(&p, PEER_TAG(1), body, MAX + 1) || true); /* it may be cut off on the way */
    CHECK(peer_is_hung_up(&p));
    peer_close(&p);
    free(body);
    free(got);
    CHECK(echo_stop(s, 0).ended[LISTENER_END_MALFORMED] == 1);
}

/* ---- who talks too much --------------------------------------------------------------------- */

enum { FLOOD = 1200, FLOOD_BODY = 150 }; /* more than two reads take, less than a socket does */

/* All of it waits before the loop looks at either. */
static void send_flood_and_question(void *arg)
{
    struct peer *p = arg;
    uint8_t out[FLOOD * (SP_HEADER_BYTES_MAX + 4 + FLOOD_BODY)], body[FLOOD_BODY] = "";
    size_t len = 0;

    for (uint32_t i = 0; i < FLOOD; i++)
        len += peer_request(&p[0], out + len, PEER_TAG(i), body, sizeof body);
    CHECK(len > 131072); /* two reads */
    CHECK(peer_send(&p[0], out, len));
    CHECK(peer_ask(&p[1], PEER_TAG(0), "n", 1));
}

void test_each_gets_one_read_a_turn(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p[2] = {peer_open(url), peer_open(url)};
    uint64_t count = 0;
    uint32_t tag = 0;
    size_t len = 0;

    CHECK(echo_serves(&p[0]) && echo_serves(&p[1]));
    echo_hold(s, send_flood_and_question, p);
    CHECK(peer_reply(&p[1], &tag, &count, sizeof count, &len));
    CHECK(count < FLOOD * 3 / 4); /* not after all the others, wherever it stood */
    CHECK_SOON(echo_counters(s).messages_out == FLOOD + 3);
    peer_close(&p[0]);
    peer_close(&p[1]);
    echo_stop(s, 0);
}

/* ---- deferred replies --------------------------------------------------------------------- */

void test_deferred_replies_in_any_order(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p[2] = {peer_open(url), peer_open(url)};
    uint8_t body[16];
    uint32_t tag = 0;
    size_t len = 0;

    for (uint32_t i = 0; i < 10; i++)
        CHECK(peer_ask(&p[i % 2], PEER_TAG(i), "keep", 4));
    CHECK_SOON(echo_kept(s) == 10);
    CHECK(echo_serves(&p[0])); /* the later ones need not wait */
    CHECK(echo_serves(&p[1]));
    echo_release(s, 1);
    for (uint32_t i = 0; i < 5; i++) {
        CHECK(peer_reply(&p[0], &tag, body, sizeof body, &len));
        CHECK(peer_reply(&p[1], &tag, body, sizeof body, &len));
        CHECK(tag % 2 == 1);
    }
    CHECK(tag == PEER_TAG(1) || tag == PEER_TAG(9)); /* in the order of the releases, whose last */
    peer_close(&p[0]);
    peer_close(&p[1]);
    CHECK(echo_stop(s, 0).replies_dropped == 0);
}

void test_replies_to_the_departed_are_dropped(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p = peer_open(url), next;

    for (uint32_t i = 0; i < 3; i++)
        CHECK(peer_ask(&p, PEER_TAG(i), "keep", 4));
    CHECK_SOON(echo_kept(s) == 3);
    peer_close(&p);
    CHECK_SOON(echo_hung_up(s) == 1);
    next = peer_open(url); /* in the slot of the first */
    CHECK(echo_serves(&next));
    echo_release(s, 1);
    CHECK(echo_counters(s).replies_dropped == 3);
    CHECK(echo_serves(&next)); /* and gets what it asked for, not what the first one did */
    peer_close(&next);
    echo_stop(s, 0);
}

/* ---- who does not read -------------------------------------------------------------------- */

/* 16 MB of replies, and more requests than one read takes. */
enum { BIG = 2000, BIGS = 8000 };

/* Who has stopped reading is hung up on after a while; who is only slow is not. */
void test_who_has_stopped_reading_is_hung_up_on_in_time(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url, .stall_ms = 1500});
    struct peer dead = peer_open(url), slow = peer_open(url);
    static uint8_t some[65536];

    CHECK(ask_big(&dead, BIGS, BIG) && ask_big(&slow, BIGS, BIG));
    CHECK_SOON(echo_counters(s).pauses >= 2);
    for (int i = 0; i < 1000 && echo_counters(s).ended[LISTENER_END_SLOW] == 0; i++) {
        CHECK(peer_receive(&slow, some, i % 10 == 0 ? sizeof some : 1));
        check_sleep_ms(10);
    }
    CHECK(echo_counters(s).ended[LISTENER_END_SLOW] == 1 && echo_counters(s).active == 1);
    peer_close(&dead);
    peer_close(&slow);
    echo_stop(s, 0);
}

void test_who_does_not_read_is_not_read_from(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer slow = peer_open(url), good = peer_open(url);
    uint8_t *body = malloc(BIG);
    uint32_t tag = 0;
    size_t len = 0;

    if (body == NULL)
        check_give_up("slow reader", "no memory");
    CHECK(ask_big(&slow, BIGS, BIG));
    CHECK_SOON(echo_counters(s).pauses > 0);
    for (int i = 0; i < 50; i++)
        CHECK(echo_serves(&good));
    CHECK(echo_counters(s).messages_in < BIGS); /* the others wait where they are */
    check_sleep_ms(1500);                       /* so that the sweep comes by */
    for (uint32_t i = 0; i < BIGS; i++) {
        if (!CHECK(peer_reply(&slow, &tag, body, BIG, &len)))
            break;
        CHECK(tag == PEER_TAG(i));
        CHECK(len == BIG && is_big(body, len));
    }
    CHECK(echo_serves(&slow));
    free(body);
    peer_close(&slow);
    peer_close(&good);
    CHECK(echo_stop(s, 0).replies_dropped == 0);
}

void test_who_does_not_read_deferred_replies_is_hung_up_on(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url, .out_bytes_max = SMALL});
    struct peer slow = peer_open(url), good = peer_open(url);
    uint8_t body[1024] = "k";

    for (uint32_t i = 0; i < 200; i++)
        CHECK(peer_ask(&slow, PEER_TAG(i), body, sizeof body));
    CHECK_SOON(echo_kept(s) == 200);
    echo_release(s, 10); /* 2 MB in one turn */
    CHECK_SOON(echo_counters(s).ended[LISTENER_END_SLOW] == 1);
    CHECK(echo_counters(s).replies_dropped > 0);
    CHECK(echo_hung_up(s) == 1);
    CHECK(echo_serves(&good));
    peer_close(&slow);
    peer_close(&good);
    echo_stop(s, 0);
}

static void receive_publications(struct peer *p, uint32_t count, size_t len)
{
    uint8_t header[SP_HEADER_BYTES_MAX], body[1024];
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (!CHECK(peer_receive(p, header, 9)) || !CHECK(peer_receive(p, body, len)))
            return;
        memcpy(&n, body, sizeof n);
        CHECK(n == i);
    }
}

void test_slow_subscribers_are_dropped_others_get_all(void)
{
    enum { PUBLICATIONS = 3000 };
    struct echo *s = echo_start(
        &(struct listener_config){.url = url, .protocol = LISTENER_PUB, .out_bytes_max = SMALL});
    struct peer slow = peer_connect(url), good = peer_connect(url), mute = peer_connect(url);
    uint8_t body[1000] = {0};

    CHECK(peer_hello(&slow, SP_SUB, SP_PUB));
    CHECK(peer_hello(&good, SP_SUB, SP_PUB));
    CHECK_SOON(echo_counters(s).bytes_in == 16);
    for (uint32_t i = 0; i < PUBLICATIONS; i++) {
        memcpy(body, &i, sizeof i);
        echo_publish(s, body, sizeof body);
        if (i % 100 == 99) {
            uint8_t bytes[100 * 1009];

            CHECK(peer_receive(&good, bytes, sizeof bytes));
        }
    }
    CHECK_SOON(echo_counters(s).ended[LISTENER_END_SLOW] == 1);
    CHECK(echo_counters(s).active == 2);
    receive_publications(&slow, 50, sizeof body); /* what the system had taken for it */
    peer_close(&slow);
    peer_close(&good);
    peer_close(&mute); /* never said hello: nothing was sent to it */
    echo_stop(s, 0);
}
