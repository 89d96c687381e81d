#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/acd_client.h"
#include "tests/e2e/check.h"
#include "tests/e2e/client/acdd.h"

/* The client library against a real acdd: a gateway's day, told by calls, outbox and stream; then
 * acdd is killed and comes back.
 *
 * usage: test_client PATH-OF-ACDD */

struct gateway {
    struct acd_client *client;
    struct acd_observer *observer;
    struct acd_view_notice last;
    int notices, outcomes, failed, views, events, gaps;
    int seen; /* the last sequence of the stream */
    char states[16];
};

/* ---- what it is told ---------------------------------------------------------------------- */

static void on_notice(void *ctx, const struct acd_view_notice *notice)
{
    struct gateway *g = ctx;

    CHECK(notice->number == (uint64_t)g->notices + 1);
    g->notices++;
    g->last = *notice;
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct gateway *g = ctx;

    g->outcomes++;
    g->failed += error != ACD_OK || outcome == NULL;
}

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct gateway *g = ctx;

    CHECK(error == ACD_OK && view != NULL);
    g->views++;
}

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    struct gateway *g = ctx;

    CHECK(head->sequence > head->previous);
    g->events += event != NULL;
    g->seen = (int)head->sequence;
}

static void on_gap(void *ctx, struct acd_position after, struct acd_position upto)
{
    struct gateway *g = ctx;

    CHECK(after.epoch != upto.epoch || after.sequence < upto.sequence);
    g->gaps++;
}

static void on_state(void *ctx, enum acd_client_state state)
{
    struct gateway *g = ctx;
    size_t len = strlen(g->states);

    if (len + 1 < sizeof g->states)
        g->states[len] = "?CDNL"[state];
}

/* ---- what it does ------------------------------------------------------------------------- */

static void gateway_open(struct gateway *g)
{
    const struct acd_client_options options = {
        .url = ACDD_URL, .name = "sip-1", .on_state = on_state, .ctx = g};
    const struct acd_observer_options watching = {
        .url = ACDD_PUB_URL, .on_event = on_event, .on_gap = on_gap, .ctx = g};

    memset(g, 0, sizeof *g);
    CHECK(acd_client_open(&g->client, &options) == ACD_OK);
    CHECK(acd_observer_open(&g->observer, &watching) == ACD_OK);
    CHECK(acd_client_outbox(g->client, on_notice, g) == ACD_OK);
    CHECK(acd_client_connect(g->client, 10 * ACD_SECOND) == ACD_OK);
    for (int i = 0; i < 1000 && !acd_observer_is_connected(g->observer); i++)
        acd_observer_wait(g->observer, 10 * ACD_MS);
}

/* Runs both until *count is `wanted`, 5 s at most. */
static bool wait_for(struct gateway *g, const int *count, int wanted)
{
    for (int i = 0; i < 500 && *count < wanted; i++) {
        acd_client_wait(g->client, 5 * ACD_MS);
        acd_observer_wait(g->observer, 5 * ACD_MS);
    }
    return *count == wanted;
}

static int ask(struct gateway *g, struct acd_command command, struct acd_view_outcome *outcome)
{
    return acd_client_call(g->client, &command, outcome);
}

#define CALL(g, outcome, verb, ...)                                                                \
    ask((g), (struct acd_command){.code = ACD_COMMAND_##verb, .as.verb = {__VA_ARGS__}}, (outcome))

static void make_centre(struct gateway *g)
{
    struct acd_view_outcome o;

    CHECK(CALL(g, &o, queue_set, .name = acd_str("sales")) == ACD_OK);
    CHECK(CALL(g, &o, agent_set, .name = acd_str("ada"), .contact = acd_str("sip:ada")) == ACD_OK);
    CHECK(CALL(g, &o, member_set, .agent_name = acd_str("ada"), .queue_name = acd_str("sales")) ==
          ACD_OK);
}

static void a_call_is_offered_and_answered(struct gateway *g)
{
    struct acd_view_outcome o;
    acd_call_id call;

    CHECK(CALL(g, &o, route, .key = acd_str("a"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_QUEUED && o.position == 1);
    call = o.call;
    CHECK(CALL(g, &o, agent_state, .name = acd_str("ada"), .state = ACD_READY) == ACD_OK);
    CHECK(wait_for(g, &g->notices, 1));
    CHECK(g->last.kind == ACD_NOTICE_OFFERED && g->last.call.slot == call.slot);
    CHECK(CALL(g, &o, accept, .assignment = g->last.assignment) == ACD_OK);
    CHECK(CALL(g, &o, accept, .assignment = g->last.assignment) == ACD_OK && o.repeated);
    CHECK(CALL(g, &o, reject, .assignment = g->last.assignment) == ACD_STATE);
    CHECK(strcmp(acd_client_error_text(g->client),
                 "reject: assignment: not allowed in the present state") == 0);
    CHECK(CALL(g, &o, hangup, .key = acd_str("a")) == ACD_OK);
    CHECK(CALL(g, &o, route, .key = acd_str("a"), .queue_name = acd_str("sales")) == ACD_GONE);
}

static void many_at_once(struct gateway *g)
{
    struct acd_view_outcome o;
    char key[32];

    CHECK(CALL(g, &o, agent_state, .name = acd_str("ada"), .state = ACD_LOGGED_OUT) == ACD_OK);
    for (int i = 0; i < 1000; i++) {
        struct acd_command route = {.code = ACD_COMMAND_route};

        snprintf(key, sizeof key, "many-%d", i);
        route.as.route.key = acd_str(key);
        route.as.route.queue_name = acd_str("sales");
        CHECK(acd_client_send(g->client, &route, on_outcome, g) == ACD_OK);
    }
    CHECK(wait_for(g, &g->outcomes, 1000) && g->failed == 0);
    CHECK(acd_client_list(g->client,
                          &(struct acd_query){.code = ACD_QUERY_list_calls,
                                              .as.list_calls = {.queue_name = acd_str("sales"),
                                                                .state = ACD_QUEUED,
                                                                .limit = 70}},
                          on_view, g) == ACD_OK);
    CHECK(g->views == 1000);
    CHECK(CALL(g, &o, route, .key = acd_str("many-999"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_QUEUED && o.position == 1000);
}

static void mistakes_are_told(struct gateway *g)
{
    struct acd_view_outcome o;
    const struct acd_query nobody = {.code = ACD_QUERY_list_agents,
                                     .as.list_agents = {.queue_name = acd_str("nowhere")}};

    CHECK(CALL(g, &o, route, .key = acd_str("b"), .queue_name = acd_str("nowhere")) ==
          ACD_NOT_FOUND);
    CHECK(strcmp(acd_client_error_text(g->client), "route: queue_name: no such thing") == 0);
    CHECK(acd_client_query(g->client, &nobody, on_view, g) == ACD_NOT_FOUND);
    CHECK(strcmp(acd_client_error_text(g->client), "list_agents: queue_name: no such thing") == 0);
}

static void the_stream_told_all(struct gateway *g)
{
    int told = (int)acd_client_position(g->client, NULL).sequence;

    CHECK(wait_for(g, &g->seen, told));
    CHECK(g->gaps == 0);
    CHECK(g->events > 1000 && g->events <= told); /* what came before we were there is not told */
}

static void acdd_comes_back(struct gateway *g, const char *acdd, pid_t *pid)
{
    struct acd_view_outcome o;
    uint32_t epoch = acd_client_position(g->client, NULL).epoch;
    int outcomes = g->outcomes;

    acdd_kill(*pid);
    CHECK(acd_client_send(g->client,
                          &(struct acd_command){.code = ACD_COMMAND_queue_set,
                                                .as.queue_set.name = acd_str("support")},
                          on_outcome, g) == ACD_OK);
    *pid = acdd_start(acdd);
    CHECK(acd_client_connect(g->client, 0) == ACD_OK || g->states[1] == '\0');
    for (int i = 0; i < 1000 && strlen(g->states) < 3; i++)
        acd_client_wait(g->client, 10 * ACD_MS);
    CHECK(strncmp(g->states, "CD", 2) == 0);
    CHECK(acd_client_connect(g->client, 5 * ACD_SECOND) == ACD_OK);
    wait_for(g, &g->outcomes, outcomes + 1);
    CHECK(g->outcomes == outcomes + 1);
    CHECK(CALL(g, &o, queue_set, .name = acd_str("support")) == ACD_OK);
    if (acd_client_position(g->client, NULL).epoch != epoch)
        CHECK(strcmp(g->states, "CDNC") == 0);
    else
        CHECK(strcmp(g->states, "CDC") == 0);
}

static void run(const char *acdd)
{
    struct gateway g;
    pid_t pid = acdd_start(acdd);

    gateway_open(&g);
    make_centre(&g);
    a_call_is_offered_and_answered(&g);
    many_at_once(&g);
    mistakes_are_told(&g);
    the_stream_told_all(&g);
    acdd_comes_back(&g, acdd, &pid);
    acd_client_close(g.client);
    acd_observer_close(g.observer);
    CHECK(acdd_stop(pid) == 0);
}

int main(int argc, char **argv)
{
    char directory[] = "/tmp/acd_e2e_XXXXXX";
    char acdd[4096];

    if (argc < 2) {
        fprintf(stderr, "usage: test_client PATH-OF-ACDD\n");
        return 2;
    }
    if (realpath(argv[1], acdd) == NULL || mkdtemp(directory) == NULL || chdir(directory) != 0) {
        perror(argv[1]);
        return 2;
    }
    run(acdd);
    unlink("acd.sock");
    unlink("acd.pub");
    if (rmdir(directory) != 0)
        perror(directory);
    return check_failures() == 0 ? 0 : 1;
}
