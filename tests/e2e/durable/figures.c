#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

/* Intervals over the wire: what was counted before a kill is counted after it, no more and no less.
 * The clock runs 900 times as fast, a quarter of an hour a second. */

enum { VIEWS_MAX = 64 };

struct heard {
    struct acd_view_folded head;
    struct acd_view_queue_fold queues[VIEWS_MAX];
    struct acd_view_agent_fold agents[VIEWS_MAX];
    size_t queue_count, agent_count;
};

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct heard *h = ctx;

    CHECK(error == ACD_OK);
    if (view->code == ACD_VIEW_folded)
        h->head = view->as.folded;
    if (view->code == ACD_VIEW_queue_fold && h->queue_count < VIEWS_MAX)
        h->queues[h->queue_count++] = view->as.queue_fold;
    if (view->code == ACD_VIEW_agent_fold && h->agent_count < VIEWS_MAX)
        h->agents[h->agent_count++] = view->as.agent_fold;
}

static int ask_queues(struct centre *c, acd_time from, acd_time to, uint8_t fold, struct heard *h)
{
    struct acd_query q = {
        .code = ACD_QUERY_list_queue_folds,
        .as.list_queue_folds = {
            .from = from, .to = to, .fold = fold, .zone = acd_str("Europe/Berlin"), .limit = 3}};

    *h = (struct heard){.queue_count = 0};
    return acd_client_list(c->client, &q, on_view, h);
}

static int ask_agents(struct centre *c, acd_time from, acd_time to, struct heard *h)
{
    struct acd_query q = {.code = ACD_QUERY_list_agent_folds,
                          .as.list_agent_folds = {.from = from, .to = to, .name = acd_str("ada")}};

    *h = (struct heard){.agent_count = 0};
    return acd_client_list(c->client, &q, on_view, h);
}

static bool balances(const struct acd_view_queue_fold *v)
{
    return v->waiting_start + v->entered ==
           v->answered + v->abandoned + v->timed_out + v->overflowed + v->withdrawn +
               v->left_empty + v->exited + v->callbacks + v->unreached + v->lost + v->waiting_end;
}

/* The quarter in which the calls came is over, and written down. */
static bool is_over(struct centre *c, acd_time from, struct heard *h)
{
    return ask_queues(c, from, 0, ACD_FOLD_WHOLE, h) == ACD_OK && h->queue_count == 1 &&
           h->queues[0].entered == 4 && balances(&h->queues[0]);
}

static void same_after_kill(struct centre *c, acd_time from)
{
    struct heard before, quarters, after;
    acd_time until;

    CHECK_SOON(is_over(c, from, &before));
    until = before.head.until;
    CHECK(ask_queues(c, from, until, ACD_FOLD_WHOLE, &before) == ACD_OK);
    centre_kill(c);
    centre_start(c);
    CHECK(ask_queues(c, from, until, ACD_FOLD_WHOLE, &after) == ACD_OK);
    CHECK(after.queue_count == 1 && after.head.until >= until);
    CHECK(after.queues[0].entered == before.queues[0].entered &&
          after.queues[0].offers == before.queues[0].offers &&
          after.queues[0].no_answers == before.queues[0].no_answers &&
          after.queues[0].waiting_end == before.queues[0].waiting_end &&
          after.queues[0].length == before.queues[0].length);
    CHECK(ask_queues(c, from, until, ACD_FOLD_QUARTER, &quarters) == ACD_OK);
    CHECK(quarters.queue_count >= 1 && quarters.queues[0].entered == 4);
    CHECK(quarters.queues[0].length == (acd_span)900 * ACD_SECOND);
}

/* All of an agent's time is told. */
static void whole_time(struct centre *c, acd_time from)
{
    struct acd_view_agent_fold *v;
    struct heard h;

    CHECK(ask_agents(c, from, 0, &h) == ACD_OK && h.agent_count == 1);
    v = &h.agents[0];
    CHECK(v->in_idle + v->in_ringing + v->in_talk + v->in_hold + v->in_wrap_up + v->in_not_ready +
              v->in_delayed + v->in_no_device + v->in_outside <=
          v->length);
    CHECK(v->offers > 0 && v->no_answers > 0);
}

void test_figures(void)
{
    struct centre c = {.durability = "async",
                       .flags = {"--clock-rate=900", "--reporting-zones=Europe/Berlin"}};
    struct heard h;
    acd_time from;

    centre_start(&c);
    centre_make(&c);
    from = centre_server(&c).now - (acd_span)3600 * ACD_SECOND;
    same_after_kill(&c, from);
    whole_time(&c, from);
    CHECK(ask_queues(&c, 0, 0, 0, &h) == ACD_INVALID);
    CHECK(acd_client_list(
              c.client,
              &(struct acd_query){.code = ACD_QUERY_list_queue_folds,
                                  .as.list_queue_folds = {.from = from, .zone = acd_str("Mars")}},
              on_view, &h) == ACD_NOT_FOUND);
    centre_stop(&c);
    centre_close(&c);
    CHECK(centre_acdctl("verify data") == 0);
}

/* ---- acdctl report -------------------------------------------------------------------------- */

static const char *const reports[] = {"call-summary",
                                      "queue-performance",
                                      "agent-performance",
                                      "service-level",
                                      "hourly-distribution",
                                      "agent-activity",
                                      "abandoned-calls",
                                      "call-detail",
                                      "daily",
                                      "weekly",
                                      "monthly",
                                      "agents-daily",
                                      "agents-weekly",
                                      "agents-monthly"};

static int report(const char *name, const char *more)
{
    char words[256];

    snprintf(words, sizeof words, "report %s %s", name, more);
    return centre_acdctl(words);
}

/* A call that is answered, and one whose caller leaves. */
static void two_calls(struct centre *c)
{
    struct acd_view_outcome o;

    ASK(c, queue_set, .name = acd_str("help"), .ring_timeout = 600 * ACD_SECOND);
    ASK(c, agent_set, .name = acd_str("cy"), .attributes = acd_str("{\"team\":\"north\"}"));
    ASK(c, agent_set, .name = acd_str("di"), .attributes = acd_str("{\"team\":\"north\"}"));
    ASK(c, agent_set, .name = acd_str("ed"), .attributes = acd_str("no JSON"));
    ASK(c, agent_state, .name = acd_str("di"), .state = ACD_READY);
    ASK(c, agent_state, .name = acd_str("ed"), .state = ACD_READY);
    ASK(c, member_set, .agent_name = acd_str("cy"), .queue_name = acd_str("help"));
    ASK(c, agent_state, .name = acd_str("cy"), .state = ACD_READY);
    o = ASK(c, route, .key = acd_str("x"), .queue_name = acd_str("help"));
    ASK(c, accept, .assignment = o.assignment);
    ASK(c, route, .key = acd_str("y"), .queue_name = acd_str("help"));
    ASK(c, hangup, .key = acd_str("y"), .side = ACD_SIDE_CALLER);
    ASK(c, hangup, .key = acd_str("x"), .side = ACD_SIDE_CALLER);
}

static bool is_told(const char *name, const char *more, const char *said)
{
    return report(name, more) == 0 && centre_said(said);
}

void test_reports(void)
{
    struct centre c = {.durability = "sync", .flags = {"--clock-rate=900"}};

    centre_start(&c);
    two_calls(&c);
    CHECK_SOON(is_told("queue-performance", "help from=yesterday format=csv", "\"help\",2,1,1,"));
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        CHECK(report(reports[i], "from=yesterday") == 0);
        CHECK(report(reports[i], "from=yesterday format=csv") == 0 && centre_said("\r\n"));
        CHECK(report(reports[i], "from=yesterday --json") == 0 && centre_said("[{"));
    }
    CHECK(is_told("service-level", "from=yesterday fold=whole format=csv", ",2,1,1,20.000000,") &&
          centre_said("level_a,level_b,level_c,level_d,level_e"));
    CHECK(is_told("agent-performance", "cy from=yesterday format=json",
                  "\"name\":\"cy\",\"offers\":1,\"answered\":1,\"handled\":1"));
    CHECK(is_told("agent-performance", "from=yesterday by=team format=csv", "\"north\",1,1,1,") &&
          centre_said("\"(none)\",0,0,0,") && !centre_said("\"di\""));
    CHECK(report("daily", "by=team") == 2 && centre_said("is for reports of agents"));
    CHECK(is_told("abandoned-calls", "from=yesterday", " y"));
    CHECK(report("call-detail", "limit=1 format=csv") == 0 && centre_said("cursor="));
    CHECK(report("abandoned-calls", "min_wait=1000h format=csv") == 0 && !centre_said(",y,"));
    CHECK(is_told("daily", "from=yesterday zone=Asia/Kathmandu format=csv", "+05:45,"));
    CHECK(report("daily", "zone=Mars") == 2 && centre_said("no time zone"));
    CHECK(report("daily", "from=soon") == 2 && centre_said("no time like"));
    CHECK(report("daily", "from=today to=yesterday") == 2 && centre_said("not behind from"));
    CHECK(report("daily", "format=xml") == 2 && centre_said("none of table, csv, json"));
    CHECK(report("daily", "min_wait=3s") == 2);
    centre_stop(&c);
    centre_close(&c);
    c.durability = NULL;
    centre_start(&c);
    CHECK(report("daily", "") == 1 && centre_said("in memory only"));
    centre_stop(&c);
    centre_close(&c);
}
