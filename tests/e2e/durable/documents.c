#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

/* Configuration documents and what waits for the disk: all of a document is carried out, or nothing
 * of it. */

static void on_totals(void *ctx, int error, const struct acd_view *view)
{
    CHECK(error == ACD_OK);
    *(struct acd_view_totals *)ctx = view->as.totals;
}

static struct acd_view_totals totals(struct centre *c)
{
    const struct acd_query query = {.code = ACD_QUERY_get_totals};
    struct acd_view_totals v = {0};

    CHECK(acd_client_query(c->client, &query, on_totals, &v) == ACD_OK);
    return v;
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    (void)ctx;
    (void)outcome;
    CHECK(error == ACD_OK || error == ACD_BUSY);
}

/* Asks on, until acdd waits for a disk that fails and at last refuses. */
static void ask_until_refused(struct centre *c)
{
    struct acd_command route = {.code = ACD_COMMAND_route};
    const uint64_t by = check_now_ms() + 20000;
    char key[32];
    int sent = 0;

    route.as.route.key = (struct acd_str){key, 0};
    route.as.route.queue_name = acd_str("sales");
    while (!centre_logged("event=refusing") && check_now_ms() < by) {
        for (int i = 0; i < 200 && acd_client_unanswered(c->client) < 500; i++) {
            route.as.route.key.len = (uint16_t)snprintf(key, sizeof key, "call-%d", sent++);
            CHECK(acd_client_send(c->client, &route, on_outcome, NULL) == ACD_OK);
        }
        acd_client_wait(c->client, 10 * ACD_MS);
    }
    CHECK(centre_logged("event=refusing"));
    CHECK_SOON(acd_client_wait(c->client, 10 * ACD_MS) >= 0 &&
               acd_client_unanswered(c->client) == 0);
}

/* While commands are refused a document is too, before any of its steps: nothing of it is in force,
 * and nothing comes back after a kill. What it would change can be asked. */
void test_document_is_refused(void)
{
    static const char document[] = "queues:\n  sales: {weight: 7}\n  night: {}\n"
                                   "agents:\n  ada: {queues: {sales: {}}}\n";
    struct centre c = {.durability = "async", .flags = {"--ring-bytes=1M"}};
    uint64_t refused;

    centre_start(&c);
    centre_make(&c);
    centre_write("document", document);
    centre_disk(&c, false);
    ask_until_refused(&c);
    refused = centre_server(&c).requests_refused;
    CHECK(centre_acdctl("config diff document") == 0 && centre_said("add    queue night"));
    CHECK(centre_acdctl("config apply document") == 1 && centre_said("(BUSY)"));
    CHECK(centre_server(&c).requests_refused == refused + 1);
    CHECK(centre_acdctl("queue show night") == 1 && totals(&c).config_version == 0);
    centre_kill(&c); /* which gives the disk back */
    centre_start(&c);
    CHECK(centre_acdctl("queue show night") == 1 && totals(&c).config_version == 0);
    CHECK(centre_acdctl("config apply document") == 0 && totals(&c).config_version == 1);
    CHECK(centre_acdctl("queue show night") == 0);
    centre_stop(&c);
    centre_close(&c);
    CHECK(unlink("document") == 0);
}

/* ---- room --------------------------------------------------------------------------------- */

enum { AGENTS = 100, CAPACITY = 50, CALLS = 4000 };

/* Agents with room for many calls, in no queue, and a queue in which many wait. */
static void fill_queue(struct centre *c)
{
    struct acd_command route = {.code = ACD_COMMAND_route};
    char name[32];

    ASK(c, queue_set, .name = acd_str("big"), .ring_timeout = 3600 * ACD_SECOND);
    for (int i = 0; i < AGENTS; i++) {
        snprintf(name, sizeof name, "agent-%d", i);
        ASK(c, agent_set, .name = acd_str(name), .contact = acd_str("sip:a"),
            .max_concurrent_calls = CAPACITY);
        ASK(c, agent_state, .name = acd_str(name), .state = ACD_READY);
    }
    for (int i = 0; i < CALLS; i++) {
        snprintf(name, sizeof name, "call-%d", i);
        route.as.route.key = acd_str(name);
        route.as.route.queue_name = acd_str("big");
        while (acd_client_send(c->client, &route, on_outcome, NULL) == ACD_BUSY)
            acd_client_wait(c->client, 10 * ACD_MS);
    }
    while (acd_client_unanswered(c->client) > 0)
        acd_client_wait(c->client, 10 * ACD_MS);
}

/* The same, but that the first of the agents are in the queue. */
static void write_document(int members)
{
    static char text[AGENTS * 128];
    size_t used =
        (size_t)snprintf(text, sizeof text, "queues:\n  big: {ring_timeout: 3600s}\nagents:\n");

    for (int i = 0; i < AGENTS; i++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "  agent-%d: {contact: 'sip:a', max_concurrent_calls: %d%s}\n", i,
                                 CAPACITY, i < members ? ", queues: {big: {}}" : "");
    centre_write("document", text);
}

/* A step may lead to more than it says: here each new member is offered what waits. When all that
 * would not fit what waits for the disk, nothing of the document is done. */
void test_document_needs_room(void)
{
    struct centre c = {.durability = "async", .flags = {"--ring-bytes=1M"}};

    centre_start(&c);
    fill_queue(&c);
    write_document(AGENTS);
    CHECK(centre_acdctl("config apply document") == 1 && centre_said("(FULL)"));
    CHECK(totals(&c).config_version == 0 && totals(&c).queued == CALLS);
    centre_kill(&c);
    centre_start(&c);
    CHECK(totals(&c).config_version == 0 && totals(&c).queued == CALLS);
    write_document(2);
    CHECK(centre_acdctl("config apply document") == 0 && totals(&c).config_version == 1);
    CHECK(totals(&c).queued == CALLS - 2 * CAPACITY);
    centre_stop(&c);
    centre_close(&c);
    CHECK(unlink("document") == 0);
}
