/* Lines that break. */

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "proto/acd_sp.h"
#include "tests/e2e/client_fake/cases.h"
#include "tests/e2e/client_fake/fake.h"

static const acd_client_id us = {2, 40};

void test_a_named_client_sends_again(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(fake_session(&f, us, 7));
    for (int i = 0; i < 3; i++)
        CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(ask_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &m) && m.count == 4);
    fake_answer(&f, &m, 9, &(struct acd_view_outcome){.position = 9});
    fake_hang_up(&f);
    fake_run(&f, 5 * ACD_MS);
    CHECK(!acd_client_is_connected(f.client) && strcmp(told.states, "CD") == 0);
    CHECK(send_one(f.client, &told) == ACD_OK);

    CHECK(fake_session(&f, us, 10));
    CHECK(fake_read(&f, &m) && m.count == 4);
    CHECK(m.numbers[0] == 8 && m.numbers[1] == 10 && m.numbers[2] == 11 && m.numbers[3] == 12);
    CHECK(m.codes[2] == ACD_QUERY_get_server && m.client.gen == us.gen);
    CHECK(strcmp(told.states, "CDC") == 0);
    CHECK(told.outcomes == 1);
    for (int i = 0; i < 4; i++)
        if (m.codes[i] != ACD_QUERY_get_server)
            fake_answer(&f, &m, m.numbers[i],
                        &(struct acd_view_outcome){.position = (uint32_t)m.numbers[i]});
    CHECK(told.outcomes == 4 && told.positions[1] == 8 && told.positions[3] == 12);
    CHECK(acd_client_unanswered(f.client) == 1);
    fake_close(&f);
}

void test_an_anonymous_command_is_sent_once(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    CHECK(fake_accept(&f));
    CHECK(send_one(f.client, &told) == ACD_OK && ask_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &m) && m.count == 2);
    fake_hang_up(&f);
    fake_run(&f, 5 * ACD_MS);
    CHECK(told.outcomes == 1 && told.errors[0] == ACD_DISCONNECTED && told.ends == 0);
    CHECK(send_one(f.client, &told) == ACD_OK);

    CHECK(fake_accept(&f));
    CHECK(fake_read(&f, &m) && m.count == 2);
    CHECK(m.codes[0] == ACD_QUERY_get_server && m.codes[1] == ACD_COMMAND_wrap_up_finish);
    CHECK(strcmp(told.states, "CDC") == 0);
    fake_close(&f);
}

void test_another_history_is_told(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(fake_session(&f, us, 7));
    CHECK(send_one(f.client, &told) == ACD_OK && ask_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &m));
    fake_hang_up(&f);
    fake_run(&f, 5 * ACD_MS);
    CHECK(send_one(f.client, &told) == ACD_OK);

    f.position = (struct acd_wire_position){2, 5, 5};
    CHECK(fake_session(&f, us, 3));
    CHECK(told.outcomes == 1 && told.errors[0] == ACD_DISCONNECTED);
    CHECK(strcmp(told.states, "CDNC") == 0);
    CHECK(fake_read(&f, &m) && m.count == 2);
    CHECK(m.codes[0] == ACD_QUERY_get_server);
    CHECK(m.codes[1] == ACD_COMMAND_wrap_up_finish && m.numbers[1] == 5);
    fake_answer(&f, &m, 5, &(struct acd_view_outcome){.position = 5});
    CHECK(told.outcomes == 2 && told.positions[1] == 5);
    fake_close(&f);
}

void test_another_user_of_the_name(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(fake_session(&f, us, 7));
    CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &m) && m.numbers[0] == 8);
    fake_hang_up(&f);
    fake_run(&f, 5 * ACD_MS);
    CHECK(send_one(f.client, &told) == ACD_OK);

    CHECK(fake_session(&f, us, 20)); /* we had used 8 only */
    CHECK(told.outcomes == 1 && told.errors[0] == ACD_DISCONNECTED);
    CHECK(fake_read(&f, &m) && m.count == 1 && m.numbers[0] == 21);
    fake_close(&f);
}

void test_silence_is_a_broken_line(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(fake_session(&f, us, 0));
    CHECK(send_one(f.client, &told) == ACD_OK);
    fake_run(&f, 500 * ACD_MS);
    CHECK(send_one(f.client, &told) == ACD_OK);
    fake_run(&f, 700 * ACD_MS);
    CHECK(told.outcomes == 1 && told.errors[0] == ACD_TIMEOUT);
    CHECK(strcmp(told.states, "CD") == 0);

    CHECK(fake_session(&f, us, 0));
    CHECK(fake_read(&f, &m) && m.count == 1 && m.numbers[0] == 2);
    fake_answer(&f, &m, 1, &(struct acd_view_outcome){.position = 1}); /* too late */
    fake_answer(&f, &m, 2, &(struct acd_view_outcome){.position = 2});
    CHECK(told.outcomes == 2 && told.positions[1] == 2);
    fake_close(&f);
}

void test_a_refused_name_is_tried_again(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(fake_accept(&f));
    CHECK(fake_read(&f, &m));
    fake_fail(&f, &m, m.numbers[0], ACD_FULL);
    CHECK(acd_client_connect(f.client, 0) == ACD_DISCONNECTED);
    CHECK(strstr(acd_client_error_text(f.client), "client_open: a table is full") != NULL);
    CHECK(told.states[0] == '\0');

    CHECK(fake_accept(&f));
    CHECK(fake_read(&f, &m));
    fake_fail(&f, &m, 0, ACD_VERSION);
    CHECK(acd_client_connect(f.client, 0) == ACD_DISCONNECTED);
    CHECK(strstr(acd_client_error_text(f.client), "a version") != NULL);

    CHECK(fake_session(&f, us, 0));
    CHECK(acd_client_connect(f.client, 0) == ACD_OK);
    fake_close(&f);
}

/* Each is sent instead of a reply; the client must come back and ask again. */
void test_nonsense_is_a_broken_line(void)
{
    static const uint8_t no_frame[] = {2, 0, 0, 0, 0, 0, 0, 0, 5, 'h', 'e', 'l', 'l', 'o'};
    static const uint8_t too_long[] = {1, 0, 0, 0, 0, 0x7f, 0, 0, 0};
    static const uint8_t no_reply[] = {1, 0, 0, 0, 0, 0, 0, 0, 5, 'h', 'e', 'l', 'l', 'o'};
    static const uint8_t empty[] = {1, 0, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t cut[] = {1, 0, 0,   0,   0,   0,   0, 0, 12, 0x80, 0,
                                  0, 1, 'a', 'c', 'd', 'r', 1, 0, 9,  0};
    const struct {
        const uint8_t *bytes;
        size_t len;
    } nonsense[] = {{no_frame, sizeof no_frame},
                    {too_long, sizeof too_long},
                    {no_reply, sizeof no_reply},
                    {empty, sizeof empty},
                    {cut, sizeof cut}};
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    CHECK(ask_one(f.client, &told) == ACD_OK);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        CHECK(fake_accept(&f));
        CHECK(fake_read(&f, &m) && m.count == 1);
        fake_bytes(&f, nonsense[i].bytes, nonsense[i].len);
        fake_run(&f, 3 * ACD_MS);
        CHECK(!acd_client_is_connected(f.client));
    }
    CHECK(told.ends == 0);
    fake_close(&f);
}

void test_a_slow_reader_gets_it_all_in_order(void)
{
    struct fake f;
    struct told told;
    struct acd_command route = {.code = ACD_COMMAND_route};
    struct fake_message m;
    uint64_t next = 1;
    static char attributes[500];

    memset(attributes, 'x', sizeof attributes);
    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    CHECK(fake_accept(&f));
    route.as.route.attributes = (struct acd_str){attributes, sizeof attributes};
    for (int i = 0; i < ACD_CLIENT_UNANSWERED_MAX; i++)
        CHECK(acd_client_send(f.client, &route, told_outcome, &told) == ACD_OK);
    acd_client_flush(f.client); /* half a megabyte: more than a socket holds */
    while (next <= ACD_CLIENT_UNANSWERED_MAX && fake_read(&f, &m))
        for (uint16_t i = 0; i < m.count; i++)
            CHECK(m.numbers[i] == next++);
    CHECK(next == ACD_CLIENT_UNANSWERED_MAX + 1);
    fake_close(&f);
}

void test_over_tcp(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;
    static struct acd_view_call calls[900];

    fake_open(&f, true, false);
    fake_client(&f, "sip-1", &told);
    CHECK(fake_session(&f, us, 0));
    CHECK(send_one(f.client, &told) == ACD_OK && fake_read(&f, &m));
    fake_answer(&f, &m, 1, &(struct acd_view_outcome){.position = 1});
    CHECK(told.outcomes == 1);

    static char attributes[512];
    memset(attributes, 'x', sizeof attributes);
    for (int i = 0; i < 900; i++)
        calls[i].attributes = (struct acd_str){attributes, sizeof attributes};
    CHECK(ask_one(f.client, &told) == ACD_OK && fake_read(&f, &m));
    fake_views(&f, &m, &acd_record_view_call, calls, 900); /* half a megabyte in one message */
    for (int i = 0; i < 100 && told.ends == 0; i++)
        fake_run(&f, 5 * ACD_MS);
    CHECK(told.views == 900 && told.ends == 1 && told.end_error == ACD_OK);
    fake_close(&f);
}

static bool is_woken(struct acd_client *c, int timeout_ms)
{
    struct pollfd p = {acd_client_fd(c), POLLIN, 0};

    return poll(&p, 1, timeout_ms) == 1;
}

void test_a_host_loop_is_woken(void)
{
    struct fake f;
    struct told told;
    int turns = 0;

    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    CHECK(is_woken(f.client, 1000)); /* to connect */
    acd_client_process(f.client);
    CHECK(fake_accept(&f));
    while (is_woken(f.client, 0) && turns++ < 10)
        acd_client_process(f.client);
    CHECK(!is_woken(f.client, 50)); /* there is nothing to do */

    CHECK(send_one(f.client, &told) == ACD_OK);
    acd_client_flush(f.client);
    turns = 0;
    while (told.outcomes == 0 && is_woken(f.client, 3000) && turns++ < 10)
        acd_client_process(f.client); /* the time-out wakes it */
    CHECK(told.outcomes == 1 && told.errors[0] == ACD_TIMEOUT);
    fake_hang_up(&f);
    while (told.states[1] == '\0' && is_woken(f.client, 1000) && turns++ < 20)
        acd_client_process(f.client);
    CHECK(strcmp(told.states, "CD") == 0);
    CHECK(is_woken(f.client, 1000)); /* to connect again */
    fake_close(&f);
}
