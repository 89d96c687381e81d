#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/listener/cases.h"
#include "tests/e2e/listener/echo.h"
#include "tests/e2e/peer.h"

/* Peers who do not keep to the protocol: each costs its own connection and nobody else's. */

static const char url[] = "ipc://hostile.sock";

static struct echo *start(void)
{
    return echo_start(&(struct listener_config){.url = url, .message_bytes_max = 1000});
}

static uint64_t ended(struct echo *s, enum listener_end why)
{
    return echo_counters(s).ended[why];
}

void test_garbage_is_hung_up_on(void)
{
    static const char *const garbage[] = {"GET / HTTP/1.1\r\n\r\n", "X", "\x16\x03\x01"};
    struct echo *s = start();
    struct peer good = peer_open(url);
    uint8_t hello[SP_HELLO_BYTES];

    for (size_t i = 0; i < 3; i++) {
        struct peer p = peer_connect(url);

        CHECK(peer_send(&p, garbage[i], strlen(garbage[i])));
        CHECK(peer_receive(&p, hello, sizeof hello)); /* ours does not wait for theirs */
        CHECK(peer_is_hung_up(&p));
        CHECK_SOON(ended(s, LISTENER_END_HELLO) == i + 1);
        peer_close(&p);
    }
    CHECK(echo_serves(&good));
    peer_close(&good);
    CHECK_SOON(echo_hung_up(s) == 1); /* nobody heard of the others */
    CHECK(echo_stop(s, 0).ended[LISTENER_END_PEER] == 1);
}

void test_wrong_protocols_are_hung_up_on(void)
{
    static const enum sp_protocol wrong[] = {SP_REP, SP_PUB, SP_SUB};
    struct echo *s = start();

    for (size_t i = 0; i < 3; i++) {
        struct peer p = peer_connect(url);

        CHECK(peer_hello(&p, wrong[i], SP_REP));
        CHECK(peer_is_hung_up(&p));
        CHECK_SOON(ended(s, LISTENER_END_HELLO) == i + 1);
        peer_close(&p);
    }
    echo_stop(s, 0);
}

/* Sends it after a good request, which is answered; then the line is dead. */
static void expect_malformed(struct echo *s, const void *bytes, size_t len)
{
    uint64_t before = ended(s, LISTENER_END_MALFORMED);
    struct peer p = peer_open(url);

    CHECK(echo_serves(&p));
    CHECK(peer_send(&p, bytes, len));
    CHECK(peer_is_hung_up(&p));
    CHECK_SOON(ended(s, LISTENER_END_MALFORMED) == before + 1);
    peer_close(&p);
}

void test_bad_frames_are_hung_up_on(void)
{
    struct echo *s = start();
    uint8_t hops[9 + 36] = {1, 0, 0, 0, 0, 0, 0, 0, 36};

    expect_malformed(s, "\2", 1);                                   /* no such kind of message */
    expect_malformed(s, "\1\0\0\0\0\0\0\3\xe9", 9);                 /* 1001 bytes */
    expect_malformed(s, "\1\xff\xff\xff\xff\xff\xff\xff\xff", 9);   /* 2^64 - 1 */
    expect_malformed(s, "\1\0\0\0\0\0\0\0\0", 9);                   /* no tag */
    expect_malformed(s, "\1\0\0\0\0\0\0\0\3\x80\0\0", 12);          /* not all of one */
    expect_malformed(s, "\1\0\0\0\0\0\0\0\x8\0\0\0\1\0\0\0\2", 17); /* without an end */
    hops[9 + 32] = 0x80;
    expect_malformed(s, hops, sizeof hops); /* nine hops away */
    CHECK(echo_stop(s, 0).messages_in == 7);
}

void test_truncated_requests_are_not_handed_up(void)
{
    struct echo *s = start();
    uint8_t request[64];

    for (size_t missing = 1; missing <= 16; missing += 5) {
        struct peer p = peer_open(url);
        size_t len = peer_request(&p, request, PEER_TAG(1), "abcde", 5);

        CHECK(peer_send(&p, request, len - missing));
        peer_close(&p);
    }
    CHECK_SOON(ended(s, LISTENER_END_TRUNCATED) == 4);
    CHECK(echo_stop(s, 0).messages_in == 0);
}

void test_silence_is_hung_up_on_in_time(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url, .handshake_ms = 300});
    struct peer known = peer_open(url), silent = peer_connect(url), slow = peer_connect(url);
    uint8_t hello[SP_HELLO_BYTES];

    CHECK(peer_send(&slow, "\0SP", 3));
    CHECK(peer_receive(&silent, hello, sizeof hello));
    CHECK(peer_is_hung_up(&silent));
    CHECK(peer_receive(&slow, hello, sizeof hello));
    CHECK(peer_is_hung_up(&slow));
    CHECK_SOON(ended(s, LISTENER_END_TIMEOUT) == 2);
    CHECK(echo_serves(&known)); /* one may be silent after hello */
    peer_close(&known);
    peer_close(&silent);
    peer_close(&slow);
    echo_stop(s, 0);
}

void test_talking_subscribers_are_hung_up_on(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url, .protocol = LISTENER_PUB});
    struct peer p = peer_connect(url), requester = peer_connect(url);

    CHECK(peer_hello(&p, SP_SUB, SP_PUB));
    CHECK(peer_send(&p, "\1", 1));
    CHECK(peer_is_hung_up(&p));
    CHECK_SOON(ended(s, LISTENER_END_MALFORMED) == 1);
    CHECK(peer_hello(&requester, SP_REQ, SP_PUB));
    CHECK(peer_is_hung_up(&requester));
    CHECK_SOON(ended(s, LISTENER_END_HELLO) == 1);
    peer_close(&p);
    peer_close(&requester);
    echo_stop(s, 0);
}

/* ---- noise -------------------------------------------------------------------------------- */

static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A good stream of requests with a few wrong bytes, cut somewhere. */
static size_t noisy_stream(uint64_t *random, uint8_t *out, size_t max)
{
    const struct peer form = {.fd = -1, .transport = SP_IPC};
    uint8_t body[64];
    size_t len = SP_HELLO_BYTES;

    sp_hello_write(out, SP_REQ);
    memset(body, 'e', sizeof body);
    while (len + 100 < max)
        len += peer_request(&form, out + len, PEER_TAG((uint32_t)len), body,
                            (size_t)(random_next(random) % sizeof body));
    for (unsigned wrong = (unsigned)(random_next(random) % 4); wrong > 0; wrong--)
        out[random_next(random) % len] = (uint8_t)random_next(random);
    return (size_t)(random_next(random) % len) + 1;
}

void test_noise_leaves_the_others_alone(void)
{
    uint64_t seed = 20240917, random = seed;
    struct echo *s = start();
    struct peer good = peer_open(url);
    uint8_t stream[2000];
    unsigned failures = check_failures();

    for (unsigned i = 0; i < 300; i++) {
        struct peer p = peer_connect(url);

        peer_send(&p, stream, noisy_stream(&random, stream, sizeof stream));
        CHECK(echo_serves(&good));
        peer_close(&p);
    }
    CHECK_SOON(echo_counters(s).active == 1);
    if (check_failures() != failures)
        fprintf(stderr, "noise: seed %llu\n", (unsigned long long)seed);
    peer_close(&good);
    echo_stop(s, 0);
}
