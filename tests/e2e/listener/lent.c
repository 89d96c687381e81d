#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/listener/cases.h"
#include "tests/e2e/listener/echo.h"
#include "tests/e2e/peer.h"

/* Replies that another thread than the loop's sends: the test's. */

static const char url[] = "ipc://lent.sock";

enum { HUGE = 4 << 20 }; /* more than any socket takes at once */

static void ask_lent(struct echo *s, struct peer *p, uint32_t tag, uint32_t len)
{
    uint8_t body[5] = "l";

    memcpy(body + 1, &len, sizeof len);
    CHECK(peer_ask(p, tag, body, sizeof body));
    CHECK_SOON(echo_lent(s) == 1);
}

static bool is_told(struct peer *p, uint32_t tag, uint32_t len)
{
    uint8_t *body = malloc(len + 1);
    uint32_t told = 0;
    size_t got = 0;
    bool ok =
        body != NULL && peer_reply(p, &told, body, len + 1, &got) && told == tag && got == len;

    for (size_t i = 0; ok && i < len; i++)
        ok = body[i] == (uint8_t)i;
    free(body);
    return ok;
}

static void ask_every_size(struct echo *s, struct peer *p)
{
    static const uint32_t sizes[] = {0, 1, 7, 1000, 16000, HUGE, 3};
    enum { COUNT = sizeof sizes / sizeof sizes[0] };

    for (uint32_t i = 0; i < COUNT; i++) {
        ask_lent(s, p, PEER_TAG(i), sizes[i]);
        if (CHECK(echo_lent_send(s) == (sizes[i] < HUGE)))
            CHECK(sizes[i] == HUGE || is_told(p, PEER_TAG(i), sizes[i]));
        echo_lent_end(s);
        CHECK(sizes[i] < HUGE || is_told(p, PEER_TAG(i), sizes[i]));
        CHECK(echo_serves(p));
    }
    CHECK_SOON(echo_counters(s).messages_out == 2 * COUNT);
}

/* One that the system takes is there before the loop does anything. */
void test_lent_replies_of_every_size(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p = peer_open(url);
    char tcp[64];

    ask_every_size(s, &p);
    peer_close(&p);
    echo_stop(s, 0);
    s = echo_start(&(struct listener_config){.url = "tcp://127.0.0.1:0"});
    snprintf(tcp, sizeof tcp, "tcp://127.0.0.1:%u", echo_port(s));
    p = peer_open(tcp);
    ask_every_size(s, &p);
    peer_close(&p);
    echo_stop(s, 0);
}

/* The loop does not wait for who is slow with a reply. */
void test_lent_replies_are_taken_back(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p = peer_open(url);

    ask_lent(s, &p, PEER_TAG(1), 100);
    CHECK(echo_serves(&p));
    CHECK(!echo_lent_send(s));
    echo_lent_end(s);
    CHECK(is_told(&p, PEER_TAG(1), 100));

    ask_lent(s, &p, PEER_TAG(2), 100); /* it is lent again; sent, but not ended yet */
    CHECK(echo_lent_send(s));
    CHECK(is_told(&p, PEER_TAG(2), 100));
    CHECK(echo_serves(&p));
    echo_lent_end(s);
    CHECK(echo_serves(&p));
    CHECK(echo_counters(s).messages_out == 5);
    peer_close(&p);
    CHECK(echo_stop(s, 0).replies_dropped == 0);
}

/* What the loop has for it meanwhile stands behind, and does not count as not being read. */
void test_half_of_a_lent_reply_has_its_rest_first(void)
{
    struct echo *s =
        echo_start(&(struct listener_config){.url = url, .out_bytes_max = 4 * sizeof(uint32_t)});
    struct peer p = peer_open(url);

    ask_lent(s, &p, PEER_TAG(1), HUGE);
    CHECK(!echo_lent_send(s));
    for (uint32_t i = 0; i < 3; i++)
        CHECK(peer_ask(&p, PEER_TAG(2 + i), "echo", 4));
    CHECK_SOON(echo_counters(s).pauses == 1);
    echo_lent_end(s);
    CHECK(is_told(&p, PEER_TAG(1), HUGE));
    for (uint32_t i = 0; i < 3; i++) {
        char body[8];
        uint32_t tag = 0;
        size_t len = 0;

        CHECK(peer_reply(&p, &tag, body, sizeof body, &len) && tag == PEER_TAG(2 + i) && len == 4);
    }
    CHECK(echo_serves(&p));
    peer_close(&p);
    echo_stop(s, 0);
}

void test_lent_replies_to_the_departed_are_dropped(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p = peer_open(url), next;

    ask_lent(s, &p, PEER_TAG(1), 100);
    peer_close(&p);
    CHECK_SOON(echo_hung_up(s) == 1);
    next = peer_open(url); /* in the slot of the first, and by the same descriptor */
    CHECK(echo_serves(&next));
    CHECK(!echo_lent_send(s));
    echo_lent_end(s);
    CHECK(echo_counters(s).replies_dropped == 1);
    CHECK(echo_serves(&next));

    ask_lent(s, &next, PEER_TAG(2), HUGE); /* half of it, and gone */
    CHECK(!echo_lent_send(s));
    peer_close(&next);
    CHECK_SOON(echo_hung_up(s) == 2);
    echo_lent_end(s);
    p = peer_open(url);
    CHECK(echo_serves(&p));
    peer_close(&p);
    echo_stop(s, 0);
}

static void close_while_lent(uint32_t len, bool is_sent)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p = peer_open(url);

    ask_lent(s, &p, PEER_TAG(1), len);
    if (is_sent)
        CHECK(echo_lent_send(s) == (len < HUGE));
    echo_close_begin(s, 10000);
    if (!is_sent)
        CHECK(!echo_lent_send(s));
    echo_lent_end(s);
    if (is_sent)
        CHECK(is_told(&p, PEER_TAG(1), len));
    CHECK(peer_is_hung_up(&p));
    peer_close(&p);
    echo_stop(s, 0);
}

void test_closing_takes_back_what_is_lent(void)
{
    close_while_lent(100, false);
    close_while_lent(100, true);
    close_while_lent(HUGE, true);
}
