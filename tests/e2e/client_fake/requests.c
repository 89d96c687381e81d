/* Requests and their answers over a line that holds. */

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "tests/e2e/client_fake/cases.h"
#include "tests/e2e/client_fake/fake.h"

static const acd_client_id us = {2, 40};

void test_a_name_is_opened_first(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, "sip-1", &told);
    CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(fake_accept(&f));
    CHECK(fake_read(&f, &m));
    CHECK(m.first.code == ACD_COMMAND_client_open);
    CHECK(m.first.as.client_open.name.len == 5 && m.first.as.client_open.kind == ACD_GATEWAY);
    CHECK(fake_is_quiet(&f) && !acd_client_is_connected(f.client));

    fake_answer(&f, &m, m.numbers[0], &(struct acd_view_outcome){.client = us, .last_request = 7});
    CHECK(acd_client_is_connected(f.client));
    CHECK(acd_client_id_of(f.client).gen == us.gen);
    CHECK(strcmp(told.states, "C") == 0);
    CHECK(fake_read(&f, &m));
    CHECK(m.client.slot == us.slot && m.client.gen == us.gen);
    CHECK(m.count == 1 && m.numbers[0] == 8);

    fake_answer(&f, &m, 8, &(struct acd_view_outcome){.position = 3});
    CHECK(told.outcomes == 1 && told.errors[0] == ACD_OK && told.positions[0] == 3);
    CHECK(acd_client_unanswered(f.client) == 0);
    CHECK(acd_client_position(f.client, NULL).sequence == 100);
    fake_close(&f);
}

/* Whether the client has written something, without being run. */
static bool has_come(const struct fake *f)
{
    uint8_t byte;

    return recv(f->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

void test_sends_are_packed(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;

    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    CHECK(fake_accept(&f));
    for (int i = 0; i < 31; i++)
        CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(!has_come(&f));
    for (int i = 31; i < 70; i++)
        CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(has_come(&f)); /* a full one waits for nothing */
    CHECK(fake_read(&f, &m) && m.count == 32 && m.numbers[0] == 1 && m.numbers[31] == 32);
    CHECK(fake_read(&f, &m) && m.count == 32 && m.numbers[31] == 64);
    CHECK(fake_read(&f, &m) && m.count == 6 && m.numbers[5] == 70);
    CHECK(m.client.gen == 0);
    CHECK(fake_is_quiet(&f));
    fake_close(&f);
}

void test_answers_may_come_in_any_order(void)
{
    struct fake f;
    struct told told;
    struct fake_message first, second;

    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    CHECK(fake_accept(&f));
    CHECK(send_one(f.client, &told) == ACD_OK && ask_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &first));
    CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &second));

    fake_answer(&f, &second, second.numbers[0], &(struct acd_view_outcome){.position = 3});
    fake_fail(&f, &first, first.numbers[1], ACD_NOT_FOUND);
    fake_answer(&f, &first, first.numbers[0], &(struct acd_view_outcome){.position = 1});
    fake_answer(&f, &first, first.numbers[0], &(struct acd_view_outcome){.position = 9});
    fake_answer(&f, &first, 4711, &(struct acd_view_outcome){.position = 9});
    CHECK(told.outcomes == 2 && told.positions[0] == 3 && told.positions[1] == 1);
    CHECK(told.ends == 1 && told.end_error == ACD_NOT_FOUND && told.views == 0);
    CHECK(acd_client_is_connected(f.client) && acd_client_unanswered(f.client) == 0);
    fake_close(&f);
}

void test_a_thousand_and_no_more_are_unanswered(void)
{
    struct fake f;
    struct told told;
    static struct fake_message m[16];

    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    CHECK(fake_accept(&f));
    for (int i = 0; i < ACD_CLIENT_UNANSWERED_MAX; i++)
        CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(send_one(f.client, &told) == ACD_BUSY);
    CHECK(strstr(acd_client_error_text(f.client), "unanswered") != NULL);
    for (int i = 0; i < 16; i++)
        CHECK(fake_read(&f, &m[i]));

    /* The second answer frees nothing as long as the first is out: the window is what is kept. */
    fake_answer(&f, &m[0], 2, &(struct acd_view_outcome){.position = 2});
    CHECK(send_one(f.client, &told) == ACD_BUSY);
    fake_answer(&f, &m[0], 1, &(struct acd_view_outcome){.position = 1});
    CHECK(send_one(f.client, &told) == ACD_OK && send_one(f.client, &told) == ACD_OK);
    CHECK(send_one(f.client, &told) == ACD_BUSY);
    for (uint64_t number = 3; number <= ACD_CLIENT_UNANSWERED_MAX; number++)
        fake_answer(&f, &m[(number - 1) / 64], number,
                    &(struct acd_view_outcome){.position = (uint32_t)number});
    CHECK(told.outcomes == 1024 && told.positions[1023] == 1024);
    CHECK(acd_client_unanswered(f.client) == 2);
    fake_close(&f);
}

struct chain {
    struct acd_client *client;
    int outcomes, refused;
};

static void send_more(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct chain *chain = ctx;
    const struct acd_command command = {.code = ACD_COMMAND_accept};
    const struct acd_query query = {.code = ACD_QUERY_get_totals};
    struct acd_view_outcome o;

    CHECK(error == ACD_OK && outcome != NULL);
    chain->outcomes++;
    if (chain->outcomes < 3)
        CHECK(acd_client_send(chain->client, &command, send_more, chain) == ACD_OK);
    chain->refused += acd_client_call(chain->client, &command, &o) == ACD_STATE;
    chain->refused += acd_client_query(chain->client, &query, told_view, NULL) == ACD_STATE;
    chain->refused += acd_client_process(chain->client) == ACD_STATE;
    chain->refused += acd_client_wait(chain->client, 0) == ACD_STATE;
    chain->refused += acd_client_connect(chain->client, 0) == ACD_STATE;
}

void test_callbacks_may_send_but_not_wait(void)
{
    struct fake f;
    struct told told;
    struct fake_message m;
    struct chain chain = {0};
    const struct acd_command command = {.code = ACD_COMMAND_accept};

    fake_open(&f, false, false);
    chain.client = fake_client(&f, NULL, &told);
    CHECK(fake_accept(&f));
    CHECK(acd_client_send(f.client, &command, send_more, &chain) == ACD_OK);
    for (int i = 0; i < 3; i++) {
        CHECK(fake_read(&f, &m));
        fake_answer(&f, &m, m.numbers[0], &(struct acd_view_outcome){0});
    }
    CHECK(chain.outcomes == 3 && chain.refused == 15);
    CHECK(fake_is_quiet(&f));
    fake_close(&f);
}

void test_a_message_the_daemon_cannot_read(void)
{
    struct fake f;
    struct told told;
    struct fake_message one, other;

    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    CHECK(fake_accept(&f));
    CHECK(send_one(f.client, &told) == ACD_OK && ask_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &one));
    CHECK(send_one(f.client, &told) == ACD_OK);
    CHECK(fake_read(&f, &other));
    fake_fail(&f, &one, 0, ACD_VERSION);
    CHECK(told.outcomes == 1 && told.errors[0] == ACD_VERSION);
    CHECK(told.ends == 1 && told.end_error == ACD_VERSION);
    CHECK(acd_client_unanswered(f.client) == 1 && acd_client_is_connected(f.client));
    fake_close(&f);
}

/* The longest time-out there is does not run over. */
void test_a_timeout_may_be_forever(void)
{
    struct fake f;
    struct told told = {0};
    struct fake_message m = {0};

    fake_open(&f, false, false);
    CHECK(acd_client_open(&f.client, &(struct acd_client_options){
                                         .url = f.url, .timeout = ACD_FOREVER}) == ACD_OK);
    CHECK(fake_accept(&f));
    CHECK(send_one(f.client, &told) == ACD_OK && fake_read(&f, &m) && fake_is_quiet(&f));
    CHECK(told.outcomes == 0 && acd_client_unanswered(f.client) == 1);
    fake_answer(&f, &m, m.numbers[0], &(struct acd_view_outcome){.position = 3});
    CHECK(told.outcomes == 1 && told.errors[0] == ACD_OK);
    fake_close(&f);
}

void test_misuse_is_refused(void)
{
    struct fake f;
    struct told told;
    struct acd_command route = {.code = ACD_COMMAND_route};
    const struct acd_command event = {.code = ACD_EVENT_agent_state};
    const struct acd_query command = {.code = ACD_COMMAND_route};
    struct acd_client *c = NULL;
    char text[300];

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    route.as.route.key = acd_str(text);
    CHECK(acd_client_send(f.client, &route, NULL, NULL) == ACD_TOO_LONG);
    CHECK(strcmp(acd_client_error_text(f.client), "route: key: longer than its field may be") == 0);
    CHECK(acd_client_send(f.client, &event, NULL, NULL) == ACD_UNKNOWN);
    CHECK(acd_client_ask(f.client, &command, NULL, NULL) == ACD_UNKNOWN);
    CHECK(acd_client_outbox(f.client, told_notice, &told) == ACD_STATE);

    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = "http://x"}) == ACD_INVALID);
    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = NULL}) == ACD_INVALID);
    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = "tcp://host"}) == ACD_INVALID);
    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = "tcp://[::1:5"}) == ACD_INVALID);
    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = "ipc://"}) == ACD_INVALID);
    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = f.url, .name = text}) ==
          ACD_TOO_LONG);
    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = f.url, .name = ""}) ==
          ACD_INVALID);
    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = f.url, .batch_max = 257}) ==
          ACD_INVALID);
    memcpy(text, "ipc://", 6);
    text[200] = '\0';
    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = text}) == ACD_TOO_LONG);
    CHECK(c == NULL);
    fake_close(&f);
}

void test_closing_ends_what_is_unanswered(void)
{
    struct fake f;
    struct told told;

    fake_open(&f, false, false);
    fake_client(&f, NULL, &told);
    CHECK(fake_accept(&f));
    CHECK(send_one(f.client, &told) == ACD_OK && ask_one(f.client, &told) == ACD_OK);
    acd_client_close(f.client);
    f.client = NULL;
    CHECK(told.outcomes == 1 && told.errors[0] == ACD_DISCONNECTED);
    CHECK(told.ends == 1 && told.end_error == ACD_DISCONNECTED);
    fake_close(&f);
}
