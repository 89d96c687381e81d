#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

/* A disk that fails: acdd's files may not grow any more. The ring is made already. */

struct answers {
    int done, busy, other;
};

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct answers *a = ctx;

    (void)outcome;
    a->done += error == ACD_OK;
    a->busy += error == ACD_BUSY;
    a->other += error != ACD_OK && error != ACD_BUSY;
}

static void send_route(struct centre *c, int i, struct answers *a)
{
    struct acd_command route = {.code = ACD_COMMAND_route};
    static const char long_text[] = "{\"text\":\"0123456789012345678901234567890123456789\"}";
    char key[32];

    snprintf(key, sizeof key, "call-%d", i);
    route.as.route.key = acd_str(key);
    route.as.route.queue_name = acd_str("sales");
    route.as.route.attributes = acd_str(long_text);
    CHECK(acd_client_send(c->client, &route, on_outcome, a) == ACD_OK);
}

static void run_for(struct centre *c, uint32_t ms)
{
    uint64_t by = check_now_ms() + ms;

    while (check_now_ms() < by)
        acd_client_wait(c->client, 10 * ACD_MS);
}

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    CHECK(event == NULL || head->durable >= head->sequence);
    *(int *)ctx += event != NULL;
}

/* In sync mode nobody hears of what the disk does not have: not who asked, not who watches. When it
 * is well again all comes, once. get_server is always answered, and tells why. */
void test_sync_holds(void)
{
    struct centre c = {.durability = "sync"};
    struct acd_observer *observer;
    struct acd_view_server v;
    struct answers a = {0};
    int events = 0;

    centre_start(&c);
    centre_make(&c);
    CHECK(acd_observer_open(&observer, &(struct acd_observer_options){.url = CENTRE_PUB_URL,
                                                                      .on_event = on_event,
                                                                      .ctx = &events}) == ACD_OK);
    CHECK_SOON(acd_observer_wait(observer, 10 * ACD_MS) >= 0 &&
               acd_observer_is_connected(observer) && centre_server(&c).subscribers == 1);
    centre_disk(&c, false);
    for (int i = 0; i < 200; i++)
        send_route(&c, i, &a);
    run_for(&c, 300);
    acd_observer_process(observer);
    CHECK(a.done == 0 && a.busy == 0 && a.other == 0 && events == 0);
    v = centre_server(&c);
    CHECK(v.sync && v.durable < v.sequence && v.held_replies > 0 && v.waiting_events >= 200);
    CHECK(v.disk_error != 0);
    centre_disk(&c, true);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && a.done == 200);
    CHECK_SOON(acd_observer_wait(observer, 10 * ACD_MS) >= 0 && events >= 200);
    CHECK_SOON((v = centre_server(&c)).disk_error == 0); /* a round of the worker ends later */
    CHECK(v.durable == v.sequence && v.held_replies == 0);
    acd_observer_close(observer);
    centre_stop(&c);
    centre_close(&c);
}

/* Stopped while the disk is full: it says so, and what it had acknowledged waits in the ring for
 * the next start. */
void test_stop_on_full_disk(void)
{
    struct centre c = {.durability = "async"};
    struct answers a = {0};

    centre_start(&c);
    centre_make(&c);
    centre_disk(&c, false);
    for (int i = 0; i < 100; i++)
        send_route(&c, i, &a);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && a.done == 100);
    CHECK(centre_end(&c) == 1);
    CHECK(centre_logged("event=not_written"));
    centre_start(&c);
    CHECK(ASK(&c, route, .key = acd_str("last"), .queue_name = acd_str("sales")).position == 104);
    centre_stop(&c);
    centre_close(&c);
}

/* Stopped while a reply is held, and the disk is well again before the end: what it wanted to hear
 * of then comes to nobody, and does no harm. The committer sleeps, after it has failed. */
void test_stop_while_held(void)
{
    struct centre c = {.durability = "async", .flags = {"--commit-interval=10s"}};
    const struct acd_command set = {.code = ACD_COMMAND_queue_set,
                                    .as.queue_set.name = acd_str("support")};
    struct answers a = {0};

    centre_start(&c);
    centre_make(&c);
    centre_disk(&c, false);
    CHECK(acd_client_send(c.client, &set, on_outcome, &a) == ACD_OK);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && centre_server(&c).disk_error != 0);
    centre_disk(&c, true);
    centre_stop(&c);
    CHECK(centre_logged("event=replies_dropped") && a.done == 0);
    centre_start(&c);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && a.done == 1);
    centre_stop(&c);
    centre_close(&c);
}

/* In async mode calls go on while the disk does not, and changes of the configuration wait. */
void test_config_is_held(void)
{
    struct centre c = {.durability = "async"};
    const struct acd_str ada = acd_str("ada"), support = acd_str("support");
    const struct acd_command later[] = {
        {.code = ACD_COMMAND_queue_set, .as.queue_set.name = support},
        {.code = ACD_COMMAND_queue_drain,
         .as.queue_drain = {.name = support, .policy = ACD_REMOVE_WITHDRAW}},
        {.code = ACD_COMMAND_skill_set,
         .as.skill_set = {.agent_name = ada, .skill = acd_str("tech")}},
        {.code = ACD_COMMAND_skill_remove,
         .as.skill_remove = {.agent_name = ada, .skill = acd_str("tech")}},
        {.code = ACD_COMMAND_client_set,
         .as.client_set = {.name = acd_str("sip-1"), .grace = 60 * ACD_SECOND}},
        {.code = ACD_COMMAND_config_commit},
    };
    const int count = sizeof later / sizeof *later;
    struct answers calls = {0}, changes = {0};

    centre_start(&c);
    centre_make(&c);
    centre_disk(&c, false);
    CHECK(acd_client_send(c.client, &later[0], on_outcome, &changes) == ACD_OK);
    acd_client_process(c.client);
    for (int i = 0; i < 10; i++)
        send_route(&c, i, &calls);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && calls.done == 10);
    for (int i = 1; i < count; i++) {
        CHECK(acd_client_send(c.client, &later[i], on_outcome, &changes) == ACD_OK);
        run_for(&c, 20); /* each is a message of its own */
    }
    run_for(&c, 200);
    CHECK(changes.done == 0);
    centre_disk(&c, true);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && changes.done == count);
    centre_stop(&c);
    centre_close(&c);
}

struct watch {
    struct acd_observer *observer;
    uint64_t last;            /* sequence */
    int queued, alerts, gaps; /* calls, and alerts among them */
    int queued_before_first_alert;
};

static void on_watched(void *ctx, const struct acd_view_published *head,
                       const struct acd_event *event)
{
    struct watch *w = ctx;

    if (event == NULL) {
        CHECK(w->last == 0 || head->sequence <= w->last); /* nothing that did not come */
        return;
    }
    CHECK(w->last == 0 || head->sequence == w->last + 1);
    w->last = head->sequence;
    w->queued += event->code == ACD_EVENT_call_queued;
    if (event->code != ACD_EVENT_alert_raised)
        return;
    CHECK(head->durable >= head->sequence);
    if (w->alerts++ == 0)
        w->queued_before_first_alert = w->queued;
}

static void on_watched_gap(void *ctx, struct acd_position after, struct acd_position upto)
{
    (void)after;
    (void)upto;
    ((struct watch *)ctx)->gaps++;
}

static void watch_open(struct watch *w, struct centre *c)
{
    const struct acd_observer_options options = {.url = CENTRE_PUB_URL,
                                                 .heartbeats = true,
                                                 .on_event = on_watched,
                                                 .on_gap = on_watched_gap,
                                                 .ctx = w};

    CHECK(acd_observer_open(&w->observer, &options) == ACD_OK);
    CHECK_SOON(acd_observer_wait(w->observer, 10 * ACD_MS) >= 0 &&
               acd_observer_is_connected(w->observer) && centre_server(c).subscribers == 1);
}

static void watch_for(struct watch *w, uint32_t ms)
{
    uint64_t by = check_now_ms() + ms;

    while (check_now_ms() < by)
        acd_observer_wait(w->observer, 10 * ACD_MS);
}

/* In async mode events are published at once, but an alert when it is durable, and what is behind
 * it after it: calls go on, the stream and its heartbeats stop before the alert. */
void test_alert_is_held(void)
{
    struct centre c = {.durability = "async"};
    struct answers a = {0};
    struct watch w = {0};

    centre_start(&c);
    centre_make(&c); /* four calls */
    ASK(&c, queue_set, .name = acd_str("sales"), .ring_timeout = 3600 * ACD_SECOND,
        .alert_waiting = 14, .alert_hold = 3600 * ACD_SECOND);
    watch_open(&w, &c);
    centre_disk(&c, false);
    for (int i = 0; i < 20; i++)
        send_route(&c, i, &a);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && a.done == 20);
    watch_for(&w, 1500); /* a heartbeat or two */
    CHECK(w.queued == 10 && w.alerts == 0 && w.gaps == 0);
    CHECK(centre_server(&c).disk_error != 0);
    centre_disk(&c, true);
    CHECK_SOON(acd_observer_wait(w.observer, 10 * ACD_MS) >= 0 && w.queued == 20);
    CHECK(w.alerts == 1 && w.queued_before_first_alert == 10);
    centre_disk(&c, false);
    ASK(&c, route, .key = acd_str("last"), .queue_name = acd_str("sales")); /* it goes on at once */
    CHECK_SOON(acd_observer_wait(w.observer, 10 * ACD_MS) >= 0 && w.queued == 21);
    centre_disk(&c, true);
    watch_for(&w, 1200);
    CHECK(w.gaps == 0);
    acd_observer_close(w.observer);
    centre_stop(&c);
    centre_close(&c);
}

/* Asks on until the disk is behind. */
static void fill_ring(struct centre *c, int *sent, struct answers *a)
{
    const uint64_t by = check_now_ms() + 10000;

    while (!centre_logged("event=disk_behind") && check_now_ms() < by) {
        for (int i = 0; i < 200 && acd_client_unanswered(c->client) < 500; i++)
            send_route(c, (*sent)++, a);
        run_for(c, 20);
    }
    CHECK(centre_logged("event=disk_behind"));
}

static void on_totals(void *ctx, int error, const struct acd_view *view)
{
    CHECK(error == ACD_OK);
    *(uint32_t *)ctx = view->as.totals.timed_out;
}

static uint32_t timed_out(struct centre *c)
{
    const struct acd_query query = {.code = ACD_QUERY_get_totals};
    uint32_t count = 0;

    CHECK(acd_client_query(c->client, &query, on_totals, &count) == ACD_OK);
    return count;
}

/* Calls that nobody owns, in a queue that nobody serves. Returns how long it took. */
static acd_span route_many(const char *queue, int count)
{
    const uint64_t began = check_now_ms();
    struct acd_command route = {.code = ACD_COMMAND_route};
    struct answers a = {0};
    struct acd_client *client;
    char key[32];

    CHECK(acd_client_open(&client, &(struct acd_client_options){.url = CENTRE_URL}) == ACD_OK);
    for (int i = 0; i < count; i++) {
        snprintf(key, sizeof key, "%s-%d", queue, i);
        route.as.route.key = acd_str(key);
        route.as.route.queue_name = acd_str(queue);
        while (acd_client_send(client, &route, on_outcome, &a) == ACD_BUSY)
            acd_client_wait(client, 10 * ACD_MS);
    }
    while (acd_client_unanswered(client) > 0)
        acd_client_wait(client, 10 * ACD_MS);
    CHECK(a.done == count);
    acd_client_close(client);
    return (acd_span)(check_now_ms() - began) * ACD_MS;
}

/* Deadlines alone fill the ring: they wait when there is no room, requests are not read, then
 * refused, and how it stands can be asked. After a kill, which gives the disk back, what waited
 * happens at once. */
void test_deadlines_wait(void)
{
    enum { CALLS = 30000, TRIAL = 1000 };
    struct centre c = {.durability = "async", .flags = {"--ring-bytes=1M"}};
    struct acd_view_server v;
    struct answers a = {0};
    acd_span trial;

    centre_start(&c);
    centre_make(&c);
    ASK(&c, queue_set, .name = acd_str("trial"));
    trial = route_many("trial", TRIAL);
    ASK(&c, queue_set, .name = acd_str("short"),
        .max_wait = ACD_SECOND + 2 * (CALLS / TRIAL) * trial); /* none is over before all wait */
    CHECK(route_many("short", CALLS) > 0 && timed_out(&c) == 0);
    centre_disk(&c, false);
    CHECK_SOON(centre_server(&c).refusing); /* it is not read while requests are not */
    for (int i = 0; i < 100; i++)
        send_route(&c, i, &a);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && a.busy == 100);
    CHECK(a.done == 0 && centre_logged("event=refusing"));
    CHECK(timed_out(&c) > 0 && timed_out(&c) < CALLS);
    v = centre_server(&c);
    CHECK(v.refusing && !v.paused && v.requests_refused > 0 && v.disk_error != 0);
    CHECK(v.ring_bytes == 1 << 20);
    centre_kill(&c);
    centre_start(&c);
    CHECK(timed_out(&c) == CALLS);
    centre_stop(&c);
    centre_close(&c);
}

/* Requests fill the ring, and the disk is well again in time: what was asked is answered, and it
 * all goes on by itself. */
void test_pressure(void)
{
    struct centre c = {.durability = "async", .flags = {"--ring-bytes=1M"}};
    struct acd_view_outcome o;
    struct acd_view_server v;
    struct answers a = {0};
    int sent = 0;

    centre_start(&c);
    centre_make(&c);
    centre_disk(&c, false);
    fill_ring(&c, &sent, &a);
    for (int i = 0; i < 100; i++)
        send_route(&c, sent++, &a);
    run_for(&c, 100);
    CHECK(a.done <= sent - 100 && a.busy == 0); /* they are not read */
    centre_disk(&c, true);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && a.done == sent);
    CHECK(centre_logged("event=disk_caught_up") && !centre_logged("event=refusing"));
    v = centre_server(&c);
    CHECK(!v.refusing && !v.paused && v.requests_refused == 0);
    o = ASK(&c, route, .key = acd_str("last"), .queue_name = acd_str("sales"));
    CHECK(o.position == (uint32_t)sent + 4);
    centre_stop(&c);
    centre_close(&c);
}

/* Pain 4: while the disk takes nothing at all, callers come and go as ever, and it is told how many
 * events are at risk; when it is well again all of them are on it. */
void test_pain_04_no_disk_in_the_way_of_a_call(void)
{
    struct centre c = {.durability = "async"};
    struct acd_view_server v;
    struct answers a = {0};
    uint64_t durable;

    centre_start(&c);
    centre_make(&c);
    centre_disk(&c, false);
    run_for(&c, 50); /* what is under way has failed by then */
    durable = centre_server(&c).durable;
    for (int i = 0; i < 500; i++)
        send_route(&c, i, &a);
    CHECK_SOON(acd_client_wait(c.client, 10 * ACD_MS) >= 0 && a.done == 500);
    ASK(&c, hangup, .key = acd_str("call-7"));
    v = centre_server(&c);
    CHECK(a.busy == 0 && a.other == 0 && v.durable == durable && v.disk_error != 0);
    CHECK(v.waiting_events >= 500 && !v.paused && !v.refusing);
    centre_disk(&c, true);
    CHECK_SOON(centre_server(&c).waiting_events == 0);
    v = centre_server(&c);
    CHECK(v.durable == v.sequence);
    centre_stop(&c);
    centre_close(&c);
}
