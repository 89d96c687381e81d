#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

/* ---- the journal -------------------------------------------------------------------------- */

struct seen {
    uint64_t first, last; /* sequences, one after the other */
    int count, gaps;
};

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    struct seen *s = ctx;

    if (event == NULL)
        return;
    CHECK(s->count == 0 || head->sequence == s->last + 1);
    CHECK(head->epoch != 0 && head->at != 0);
    s->first = s->count == 0 ? head->sequence : s->first;
    s->last = head->sequence;
    s->count++;
}

static void on_gap(void *ctx, struct acd_position after, struct acd_position upto)
{
    CHECK(after.sequence < upto.sequence);
    ((struct seen *)ctx)->gaps++;
}

static void route_many(struct centre *c, const char *prefix, int count)
{
    char key[64];

    for (int i = 0; i < count; i++) {
        snprintf(key, sizeof key, "%s-%d", prefix, i);
        ASK(c, route, .key = acd_str(key), .queue_name = acd_str("sales"),
            .caller = acd_str("555"));
    }
}

static bool replay_is_whole(struct centre *c)
{
    struct acd_view_replayed end;
    struct seen seen = {0};
    uint64_t from = 1, durable, last = acd_client_position(c->client, &durable).sequence;

    if (durable < last)
        acd_client_process(c->client);
    do {
        CHECK(acd_client_replay(c->client, from, 100, on_event, &seen, &end) == ACD_OK);
        CHECK(end.oldest == 1 && end.count <= 100);
        from = end.next;
    } while (end.count > 0);
    return seen.first == 1 && seen.last >= last;
}

/* All that happened is told again, after a kill too, a page at a time; what is not there yet is no
 * event and no error. */
void test_replay(void)
{
    struct centre c = {.durability = "async"};
    struct acd_view_replayed end;
    struct seen seen = {0};

    centre_start(&c);
    centre_make(&c);
    route_many(&c, "x", 200);
    CHECK_SOON(replay_is_whole(&c));
    centre_kill(&c);
    centre_start(&c);
    CHECK_SOON(replay_is_whole(&c));
    CHECK(acd_client_replay(c.client, 1000000, 0, on_event, &seen, &end) == ACD_OK);
    CHECK(end.count == 0 && end.next == 1000000 && seen.count == 0);
    CHECK(acd_client_replay(c.client, 0, 7, on_event, &seen, &end) == ACD_OK);
    CHECK(end.count == 7 && end.next == 8 && seen.count == 7 && seen.first == 1);
    centre_stop(&c);
    centre_close(&c);
}

/* ---- versions ----------------------------------------------------------------------------- */

enum { EVENTS_MAX = 4096 };

struct versions {
    uint64_t config[EVENTS_MAX]; /* by sequence: as it was told with the event */
    uint64_t should, last;
    bool in_order; /* from the first event on */
};

static void on_version(void *ctx, const struct acd_view_published *head,
                       const struct acd_event *event)
{
    struct versions *v = ctx;

    if (!CHECK(event != NULL && head->sequence < EVENTS_MAX))
        return;
    if (event->code == ACD_EVENT_config_committed)
        v->should = event->as.config_committed.version;
    CHECK(!v->in_order || head->config == v->should);
    v->config[head->sequence] = head->config;
    v->last = head->sequence;
}

/* Told from the first event on, each has the version of the last document before it. */
static void check_versions(struct centre *c, struct versions *v, uint32_t page)
{
    struct acd_view_replayed end = {.next = 1};

    *v = (struct versions){.in_order = true};
    do
        CHECK(acd_client_replay(c->client, end.next, page, on_version, v, &end) == ACD_OK);
    while (end.count > 0);
}

/* Asked for one by one, backwards, they have the same. */
static void check_versions_backwards(struct centre *c, const struct versions *all)
{
    static struct versions v;
    struct acd_view_replayed end;

    for (uint64_t from = all->last; from > 0; from--) {
        CHECK(acd_client_replay(c->client, from, 1, on_version, &v, &end) == ACD_OK);
        CHECK(v.last == from && v.config[from] == all->config[from]);
    }
}

static void commit_some(struct centre *c, int commits)
{
    for (int i = 0; i < commits; i++) {
        ASK(c, agent_set, .name = acd_str("eve"));
        ASK(c, config_commit, .label = acd_str("by hand"));
        ASK(c, agent_set, .name = acd_str("eve"));
    }
}

/* The version of the configuration goes with every event that is told again, over kills and more
 * documents than are kept in mind. */
void test_replay_versions(void)
{
    static struct versions one, many;
    struct centre c = {.durability = "sync"};

    centre_start(&c);
    centre_make(&c);
    commit_some(&c, 2);
    check_versions(&c, &one, 1);
    CHECK(one.should == 2 && one.config[1] == 0 && one.config[one.last] == 2);
    centre_kill(&c);
    centre_start(&c);
    check_versions(&c, &one, 1);
    CHECK(one.should == 2 && one.config[1] == 0 && one.config[one.last] == 2);
    commit_some(&c, 70);
    centre_write("doc", "queues: {sales: }\nagents: {ada: }\n");
    CHECK(centre_acdctl("config apply doc") == 0 && centre_said("version 73"));
    ASK(&c, agent_set, .name = acd_str("eve"));
    check_versions(&c, &one, 1);
    check_versions(&c, &many, 9);
    CHECK(one.should == 73 && one.last == many.last);
    CHECK(memcmp(one.config, many.config, sizeof one.config) == 0);
    check_versions_backwards(&c, &one);
    CHECK(unlink("doc") == 0);
    centre_stop(&c);
    centre_close(&c);
}

/* ---- decisions ---------------------------------------------------------------------------- */

static int explain_decision(uint64_t sequence)
{
    char words[64];

    snprintf(words, sizeof words, "explain decision %" PRIu64, sequence);
    return centre_acdctl(words);
}

/* Why a call was offered to whom it was is told when all is different: the agent is busy and
 * another one gone, the daemon was killed, and the last image is younger. What was too long ago is
 * said to be. */
void test_decision(void)
{
    struct centre c = {.durability = "async",
                       .flags = {"--image-interval=1s", "--checkpoint-interval=100ms"}};
    static const char *const agents[] = {"cy", "di", "eve"};
    struct acd_view_outcome o;

    centre_start(&c);
    centre_make(&c);
    ASK(&c, queue_set, .name = acd_str("few"));
    for (int i = 0; i < 3; i++) {
        ASK(&c, agent_set, .name = acd_str(agents[i]));
        ASK(&c, member_set, .agent_name = acd_str(agents[i]), .queue_name = acd_str("few"));
        ASK(&c, agent_state, .name = acd_str(agents[i]), .state = ACD_READY);
    }
    ASK(&c, agent_state, .name = acd_str("eve"), .state = ACD_NOT_READY);
    o = ASK(&c, route, .key = acd_str("t"), .queue_name = acd_str("few"));
    ASK(&c, accept, .assignment = o.assignment);
    ASK(&c, agent_remove, .name = acd_str("di"));
    centre_kill(&c);
    centre_start(&c);
    CHECK_SOON(explain_decision(o.assignment.gen) == 0); /* an offer's generation is its sequence */
    CHECK(centre_said("grounds     order") && centre_said("agent_name  cy") &&
          centre_said("available   2") && centre_said("rank        1"));
    CHECK(centre_said("  2  di ") && !centre_said(" eve "));
    CHECK(explain_decision(1) == 1 && centre_said("sequence: not a valid value (INVALID)"));
    CHECK(explain_decision(0) == 1 && centre_said("sequence: required, but not given (MISSING)"));
    CHECK(explain_decision(999999) == 1 && centre_said("sequence: no such thing (NOT_FOUND)"));
    for (int i = 0; i < 100 && explain_decision(o.assignment.gen) == 0; i++) {
        check_sleep_ms(100);
        ASK(&c, agent_set, .name = acd_str("eve"));
    }
    CHECK(explain_decision(o.assignment.gen) == 1 && centre_said("(STALE)"));
    centre_stop(&c);
    centre_close(&c);
}

/* Pain 11: an observer that lives through a kill hears of every event once and in order: what it
 * missed comes out of the journal. */
void test_pain_11_who_was_away_misses_nothing(void)
{
    struct centre c = {.durability = "async"};
    struct acd_observer *observer;
    struct acd_client *asker;
    struct seen seen = {0};

    centre_start(&c);
    centre_make(&c);
    CHECK(acd_client_open(&asker, &(struct acd_client_options){.url = CENTRE_URL}) == ACD_OK);
    CHECK(acd_observer_open(&observer, &(struct acd_observer_options){.url = CENTRE_PUB_URL,
                                                                      .replay = asker,
                                                                      .on_event = on_event,
                                                                      .on_gap = on_gap,
                                                                      .ctx = &seen}) == ACD_OK);
    acd_observer_from(observer, acd_client_position(c.client, NULL));
    CHECK_SOON(acd_observer_wait(observer, 10 * ACD_MS) >= 0 && centre_server(&c).subscribers == 1);
    route_many(&c, "heard", 10);
    CHECK_SOON(acd_observer_wait(observer, 10 * ACD_MS) >= 0 && seen.count >= 10);
    route_many(&c, "lost", 10);
    centre_kill(&c);
    centre_start(&c);
    route_many(&c, "missed", 10);
    CHECK_SOON(acd_observer_wait(observer, ACD_MS) >= 0 && acd_observer_is_connected(observer) &&
               centre_server(&c).subscribers == 1);
    route_many(&c, "after", 10); /* most often before the first heartbeat */
    CHECK_SOON(acd_observer_wait(observer, 10 * ACD_MS) >= 0 &&
               seen.last >= acd_client_position(c.client, NULL).sequence);
    CHECK(seen.gaps == 0 && seen.count >= 40);
    acd_observer_close(observer);
    acd_client_close(asker);
    centre_stop(&c);
    centre_close(&c);
}

/* Without a directory there is no past to ask for. */
void test_no_past(void)
{
    struct centre c = {.durability = NULL};
    struct acd_view_replayed end;
    struct seen seen = {0};

    centre_start(&c);
    CHECK(acd_client_replay(c.client, 0, 0, on_event, &seen, &end) == ACD_STATE);
    CHECK(!centre_server(&c).persistent && centre_logged("event=in_memory"));
    centre_stop(&c);
    centre_close(&c);
}

/* ---- history ------------------------------------------------------------------------------ */

static void on_visit(void *ctx, int error, const struct acd_view *view)
{
    int *found = ctx;

    CHECK(error == ACD_OK);
    if (view->code != ACD_VIEW_visit)
        return;
    CHECK(view->as.visit.queue_name.len == 5 && view->as.visit.ended_at != 0);
    ++*found;
}

static int visits(struct centre *c, struct acd_query_list_visits query)
{
    int found = 0;

    CHECK(
        acd_client_list(c->client,
                        &(struct acd_query){.code = ACD_QUERY_list_visits, .as.list_visits = query},
                        on_visit, &found) == ACD_OK);
    return found;
}

#define VISITS(c, ...) visits((c), (struct acd_query_list_visits){__VA_ARGS__})

/* Ended calls are found by everything they are known by, page after page, after a kill too. */
void test_history(void)
{
    struct centre c = {.durability = "async", .flags = {"--checkpoint-interval=100ms"}};
    struct acd_view_outcome o;
    char key[64];

    centre_start(&c);
    centre_make(&c);
    o = ASK(&c, route, .key = acd_str("a"), .queue_name = acd_str("sales"));
    ASK(&c, accept, .assignment = o.assignment);
    ASK(&c, wrap_up_code, .assignment = o.assignment, .code = acd_str("sale"));
    ASK(&c, hangup, .key = acd_str("a"));
    route_many(&c, "h", 30);
    for (int i = 0; i < 30; i++) {
        snprintf(key, sizeof key, "h-%d", i);
        ASK(&c, hangup, .key = acd_str(key));
    }
    CHECK_SOON(VISITS(&c, .limit = 7) == 31);
    centre_kill(&c);
    centre_start(&c);
    CHECK_SOON(VISITS(&c, .limit = 7) == 31);
    CHECK(VISITS(&c, .key = acd_str("h-3")) == 1 && VISITS(&c, .key = acd_str("b")) == 0);
    CHECK(VISITS(&c, .caller = acd_str("555"), .limit = 4) == 30);
    CHECK(VISITS(&c, .agent_name = acd_str("ada")) == 1);
    CHECK(centre_acdctl("history a") == 0 && centre_said(" CODE ") && centre_said(" sale "));
    CHECK(VISITS(&c, .queue_name = acd_str("sales"), .disposition = ACD_ABANDONED) == 30);
    CHECK(VISITS(&c, .gateway_name = acd_str("sip-1"), .direction = ACD_OUTBOUND) == 0);
    CHECK(VISITS(&c, .to = 1) == 0 && VISITS(&c, .from = 1) == 31);
    centre_stop(&c);
    centre_close(&c);
}

struct answers {
    int visits, others, ended;
    uint64_t sequence, durable; /* of the last answer */
};

static void on_answer(void *ctx, int error, const struct acd_view *view)
{
    struct answers *a = ctx;

    CHECK(error == ACD_OK);
    a->ended += view == NULL;
    if (view == NULL || view->code == ACD_VIEW_page)
        return;
    CHECK(view->code == ACD_VIEW_visit || view->code == ACD_VIEW_totals);
    a->visits += view->code == ACD_VIEW_visit;
    a->others += view->code == ACD_VIEW_totals;
}

/* Asks of history and of the present at once, without waiting. */
static void ask_amid(struct centre *c, int count, struct answers *a)
{
    const struct acd_query past = {.code = ACD_QUERY_list_visits},
                           now = {.code = ACD_QUERY_get_totals};

    for (int i = 0; i < count; i++) {
        CHECK(acd_client_ask(c->client, i % 3 == 0 ? &past : &now, on_answer, a) == ACD_OK);
        if (i % 7 == 0)
            ASK(c, agent_state, .name = acd_str("ada"),
                .state = i % 2 == 0 ? ACD_READY : ACD_NOT_READY);
    }
}

/* Another thread answers of history, and may send that by itself: whatever else is asked by the
 * same connection, each answer comes whole, and positions only grow. */
void test_history_amid_others(void)
{
    struct centre c = {.durability = "async", .flags = {"--checkpoint-interval=100ms"}};
    struct answers a = {.ended = 0};

    centre_start(&c);
    centre_make(&c);
    ASK(&c, hangup, .key = acd_str("d"));
    CHECK_SOON(VISITS(&c, .key = acd_str("d")) == 1);
    for (int round = 1; round <= 60; round++) {
        ask_amid(&c, 30, &a);
        while (a.ended < 30 * round && CHECK(acd_client_wait(c.client, 5 * ACD_SECOND) >= 0)) {
            struct acd_position p = acd_client_position(c.client, &a.durable);

            CHECK(p.sequence >= a.sequence && p.sequence >= a.durable);
            a.sequence = p.sequence;
        }
    }
    CHECK(a.visits == 60 * 10 && a.others == 60 * 20);
    centre_stop(&c);
    centre_close(&c);
}

/* ---- the directory ------------------------------------------------------------------------ */

/* A backup is made while calls come in; it is a directory of its own, upon which a daemon goes on
 * from that moment in another epoch. */
void test_backup(void)
{
    struct centre c = {.durability = "async", .flags = {"--checkpoint-interval=100ms"}};
    uint32_t epoch;

    centre_start(&c);
    centre_make(&c);
    epoch = centre_server(&c).epoch;
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && centre_server(&c).checkpoints > 0);
    CHECK(centre_acdctl("verify data") == 0);
    CHECK(centre_acdctl("backup data copy") == 0);
    CHECK(centre_acdctl("backup data copy") == 1);
    CHECK(centre_acdctl("compact data") == 1); /* it is in use */
    CHECK(centre_acdctl("verify") == 2);
    ASK(&c, queue_set, .name = acd_str("later"));
    centre_stop(&c);
    CHECK(centre_acdctl("compact data") == 0);
    CHECK(system("rm -rf data") == 0);
    CHECK(centre_acdctl("restore copy data") == 0);
    centre_close(&c);
    centre_start(&c);
    CHECK(centre_server(&c).epoch != epoch);
    ASK(&c, queue_remove, .name = acd_str("sales"), .policy = ACD_REMOVE_WITHDRAW);
    CHECK(acd_client_call(c.client,
                          &(struct acd_command){.code = ACD_COMMAND_queue_remove,
                                                .as.queue_remove.name = acd_str("later")},
                          &(struct acd_view_outcome){0}) == ACD_NOT_FOUND);
    centre_stop(&c);
    centre_close(&c);
    CHECK(centre_acdctl("verify data") == 0);
    CHECK(system("rm -rf copy") == 0);
}

/* What people read of all this. */
void test_tools(void)
{
    struct centre c = {.durability = "sync", .flags = {"--checkpoint-interval=100ms"}};
    char first[40];

    centre_start(&c);
    centre_make(&c);
    ASK(&c, hangup, .key = acd_str("d"));
    CHECK_SOON(VISITS(&c, .key = acd_str("d")) == 1);
    CHECK(centre_acdctl("history") == 0 && centre_said("ENDED ") && centre_said(" abandoned "));
    CHECK(centre_acdctl("history key=none") == 0 && !centre_said("abandoned"));
    CHECK(centre_acdctl("history d --json") == 0 && centre_said("[{\"sequence\":"));
    CHECK(centre_acdctl("replay 3 --count 1") == 0 && centre_said(".3  ") && !centre_said(".4  "));
    snprintf(first, sizeof first, "{\"position\":\"%" PRIu32 ".1\",", centre_server(&c).epoch);
    CHECK(centre_acdctl("replay --json") == 0 && centre_said(first));
    CHECK(centre_acdctl("replay none") == 2);
    CHECK(centre_acdctl("status") == 0 && centre_said("disk    sync: 0 events not yet durable"));
    CHECK(centre_said(" KiB\n") && centre_said("the ring holds "));
    centre_stop(&c);
    centre_close(&c);
    c.durability = NULL;
    centre_start(&c);
    CHECK(centre_acdctl("history") == 1 && centre_said("in memory only"));
    CHECK(centre_acdctl("status") == 0 && centre_said("disk    none"));
    centre_stop(&c);
    centre_close(&c);
}
