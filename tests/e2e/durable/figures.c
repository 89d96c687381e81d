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
    uint64_t cursor; /* of the next page */
};

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct heard *h = ctx;

    CHECK(error == ACD_OK);
    if (view->code == ACD_VIEW_page)
        h->cursor = view->as.page.cursor;
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

/* The calls may have come on either side of a quarter's end. */
static uint32_t entered_of(const struct heard *h)
{
    uint32_t entered = 0;

    for (size_t i = 0; i < h->queue_count; i++)
        entered += h->queues[i].entered;
    return entered;
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
    CHECK(quarters.queue_count >= 1 && entered_of(&quarters) == 4);
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

/* Asks until all up to a time is told. What was told never changes, so the end of it never goes
 * back, also right when an interval is over. */
static acd_time told_until(struct centre *c, acd_time from, acd_time to)
{
    uint64_t by = check_now_ms() + 10000;
    acd_time until = 0;
    struct heard h;

    while (until < to && check_now_ms() < by) {
        CHECK(ask_agents(c, from, 0, &h) == ACD_OK && h.head.until >= until);
        until = h.head.until;
    }
    CHECK(until >= to);
    return until;
}

/* More than acdd keeps the places of. */
enum { READERS = 6 };

static struct acd_query quarters_of(int reader, acd_time from, acd_time until)
{
    return (struct acd_query){
        .code = ACD_QUERY_list_agent_folds,
        .as.list_agent_folds = {.from = from - reader * (acd_span)900 * ACD_SECOND,
                                .to = until,
                                .fold = ACD_FOLD_QUARTER,
                                .limit = 1}};
}

static bool reads_on(struct centre *c, struct acd_query q, struct heard *h)
{
    q.as.list_agent_folds.cursor = h->cursor;
    CHECK(acd_client_query(c->client, &q, on_view, h) == ACD_OK);
    return h->cursor != 0;
}

static acd_span idle_of(const struct heard *h)
{
    acd_span idle = 0;

    for (size_t i = 0; i < h->agent_count; i++)
        idle += h->agents[i].in_idle;
    return idle;
}

/* Whoever reads page by page while others do is told what one is who reads alone. */
static void pages_in_turns(struct centre *c, acd_time from)
{
    static struct heard heard[READERS], alone;
    acd_time until = told_until(c, from, from + 7 * (acd_span)900 * ACD_SECOND);
    int left = READERS;

    memset(heard, 0, sizeof heard);
    for (int i = 0; i < READERS; i++)
        left -= !reads_on(c, quarters_of(i, from, until), &heard[i]);
    while (left > 0)
        for (int i = 0; i < READERS; i++)
            if (heard[i].cursor != 0)
                left -= !reads_on(c, quarters_of(i, from, until), &heard[i]);
    for (int i = 0; i < READERS; i++) {
        struct acd_query q = quarters_of(i, from, until);

        alone = (struct heard){.agent_count = 0};
        CHECK(acd_client_list(c->client, &q, on_view, &alone) == ACD_OK);
        CHECK(alone.agent_count > 1 && alone.agent_count < VIEWS_MAX);
        CHECK(heard[i].agent_count == alone.agent_count && idle_of(&heard[i]) == idle_of(&alone));
    }
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
    pages_in_turns(&c, from);
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
