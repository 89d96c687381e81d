/* Calls that wait, against a fake on a thread of its own. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "tests/e2e/client_fake/cases.h"
#include "tests/e2e/client_fake/fake.h"

enum { VIEWS = 250 };

struct server {
    struct fake fake;
    pthread_t thread;
    atomic_bool stop;
};

static uint32_t list_page(struct acd_reply_writer *w, const struct acd_query_list_numbers *list)
{
    uint32_t at = (uint32_t)list->cursor, limit = list->limit == 0 ? ACD_PAGE_DEFAULT : list->limit;

    for (uint32_t i = 0; i < limit && at < VIEWS; i++, at++) {
        const struct acd_view_number number = {.number = acd_str("4711"), .queue = {at, 1}};

        CHECK(acd_reply_put(w, &acd_record_view_number, &number) == ACD_OK);
    }
    return at < VIEWS ? at : 0;
}

/* route is offered to ada, hangup fails, list_numbers lists, list_calls never gets on, any other
 * query fails. */
static void serve_one(struct fake *f, const struct fake_message *m)
{
    static uint8_t bytes[4 + ACD_WIRE_MESSAGE_MAX];
    const struct acd_view_outcome offered = {.verdict = ACD_VERDICT_OFFERED,
                                             .agent_name = acd_str("ada"),
                                             .contact = acd_str("sip:ada@example.com")};
    struct acd_reply_writer w;
    size_t len;

    acd_reply_begin(&w, bytes + 4, sizeof bytes - 4, 1);
    if (m->codes[0] == ACD_COMMAND_route) {
        acd_reply_outcome(&w, m->numbers[0], &offered);
    } else if (m->codes[0] == ACD_QUERY_list_numbers) {
        acd_reply_open_page(&w, m->numbers[0]);
        acd_reply_close_page(&w, list_page(&w, &m->first_query.as.list_numbers));
    } else if (m->codes[0] == ACD_QUERY_list_calls) {
        acd_reply_open_page(&w, m->numbers[0]);
        acd_reply_close_page(&w, 7);
    } else {
        acd_reply_error(&w, m->numbers[0], ACD_NOT_FOUND, 2);
    }
    len = acd_reply_end(&w, &f->position);
    memcpy(bytes, m->id, 4);
    fake_frame(f, bytes, 4 + len);
}

static void *serve(void *ctx)
{
    struct server *s = ctx;
    static struct fake_message m;

    CHECK(fake_accept(&s->fake));
    while (!atomic_load(&s->stop))
        if (fake_read_within(&s->fake, &m, 5 * ACD_MS))
            serve_one(&s->fake, &m);
    return NULL;
}

static struct acd_client *server_open(struct server *s)
{
    struct acd_client *c = NULL;

    fake_open(&s->fake, false, false);
    atomic_init(&s->stop, false);
    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = s->fake.url}) == ACD_OK);
    CHECK(pthread_create(&s->thread, NULL, serve, s) == 0);
    return c;
}

static void server_close(struct server *s, struct acd_client *c)
{
    atomic_store(&s->stop, true);
    (void)pthread_join(s->thread, NULL);
    acd_client_close(c);
    fake_close(&s->fake);
}

void test_calls_and_queries_wait(void)
{
    struct server s;
    struct acd_client *c = server_open(&s);
    struct told told = {0};
    struct acd_view_outcome o;
    const struct acd_command route = {.code = ACD_COMMAND_route};
    const struct acd_command hangup = {.code = ACD_COMMAND_hangup};
    const struct acd_query list = {.code = ACD_QUERY_list_numbers};
    const struct acd_query agents = {.code = ACD_QUERY_list_agents};

    CHECK(acd_client_connect(c, 3 * ACD_SECOND) == ACD_OK);
    CHECK(acd_client_send(c, &hangup, told_outcome, &told) == ACD_OK);
    acd_client_flush(c);
    CHECK(acd_client_call(c, &route, &o) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_OFFERED);
    CHECK(o.agent_name.len == 3 && memcmp(o.agent_name.data, "ada", 3) == 0);
    CHECK(o.contact.len == 19 && memcmp(o.contact.data, "sip:ada@example.com", 19) == 0);
    CHECK(acd_client_call(c, &hangup, &o) == ACD_NOT_FOUND && o.field == 2);
    CHECK(strcmp(acd_client_error_text(c), "hangup: key: no such thing") == 0);
    CHECK(acd_client_query(c, &list, told_view, &told) == ACD_OK);
    CHECK(told.views == 101 && told.ends == 0); /* the page, and a hundred */
    CHECK(acd_client_query(c, &agents, told_view, &told) == ACD_NOT_FOUND);
    CHECK(strcmp(acd_client_error_text(c), "list_agents: queue_name: no such thing") == 0);
    CHECK(acd_client_unanswered(c) <= 1);
    server_close(&s, c);
    CHECK(told.outcomes == 1);
}

struct walk {
    uint32_t next;
    bool in_order;
};

static void walk_number(void *ctx, int error, const struct acd_view *view)
{
    struct walk *w = ctx;

    CHECK(error == ACD_OK && view != NULL && view->code == ACD_VIEW_number);
    w->in_order = w->in_order && view->as.number.queue.slot == w->next;
    w->next++;
}

void test_a_list_is_walked_to_its_end(void)
{
    struct server s;
    struct acd_client *c = server_open(&s);
    struct walk walk = {0, true};
    const struct acd_query list = {.code = ACD_QUERY_list_numbers, .as.list_numbers.limit = 60};
    const struct acd_query server = {.code = ACD_QUERY_get_server};

    CHECK(acd_client_list(c, &list, walk_number, &walk) == ACD_OK);
    CHECK(walk.next == VIEWS && walk.in_order);
    CHECK(acd_client_list(c, &server, walk_number, &walk) == ACD_NOT_FOUND);
    server_close(&s, c);
}

/* A daemon that misbehaves does not hang its client. */
void test_a_list_that_stands_still_is_left(void)
{
    struct server s;
    struct acd_client *c = server_open(&s);
    struct told told = {0};
    const struct acd_query list = {.code = ACD_QUERY_list_calls};
    const struct acd_query behind = {.code = ACD_QUERY_list_calls, .as.list_calls.cursor = 7};

    CHECK(acd_client_list(c, &list, told_view, &told) == ACD_INVALID);
    CHECK(strcmp(acd_client_error_text(c),
                 "list_calls: the daemon's page goes on where it began") == 0);
    CHECK(acd_client_query(c, &list, told_view, &told) == ACD_OK);
    CHECK(acd_client_query(c, &behind, told_view, &told) == ACD_INVALID);
    CHECK(acd_client_unanswered(c) == 0);
    server_close(&s, c);
}

void test_nobody_there(void)
{
    struct acd_client *c;
    struct acd_view_outcome o;
    const struct acd_command route = {.code = ACD_COMMAND_route};
    const struct acd_client_options options = {.url = "ipc://nowhere.sock",
                                               .timeout = 100 * ACD_MS};

    CHECK(acd_client_open(&c, &options) == ACD_OK);
    CHECK(acd_client_connect(c, 20 * ACD_MS) == ACD_DISCONNECTED);
    CHECK(strcmp(acd_client_error_text(c), "ipc://nowhere.sock: No such file or directory") == 0);
    CHECK(acd_client_call(c, &route, &o) == ACD_DISCONNECTED);
    CHECK(strstr(acd_client_error_text(c), "route: ipc://nowhere.sock: No such file") != NULL);
    acd_client_close(c);
    acd_client_close(NULL);
}
