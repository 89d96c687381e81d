/* Counters and histograms of the loop, fed by hand. */

#include "daemon/timing.h"

#include <criterion/criterion.h>

static struct timing t;
static uv_loop_t loop;

static void setup(void)
{
    uv_loop_init(&loop);
    timing_open(&t, &loop);
}

static void teardown(void)
{
    timing_close(&t);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_expect(uv_loop_close(&loop) == 0);
}

TestSuite(daemon_timing, .init = setup, .fini = teardown);

/* A message of these requests, answered `ns` after the loop woke up. */
static void message(const uint16_t *codes, size_t count, uint64_t ns)
{
    timing_message(&t);
    for (size_t i = 0; i < count; i++)
        timing_asked(&t, codes[i]);
    t.woke_ns = uv_hrtime() - ns;
    timing_answered(&t);
}

static struct acd_view_timing view_of(const char *name)
{
    struct acd_view_timing v = {0};

    for (uint32_t at = 0; timing_from(&t, &at, &v); at++)
        if (strncmp(v.name.data, name, v.name.len) == 0 && strlen(name) == v.name.len)
            return v;
    return (struct acd_view_timing){0};
}

Test(daemon_timing, nothing_was_asked)
{
    struct acd_view_timing v;
    uint32_t at = 0;

    cr_expect(!timing_from(&t, &at, &v));
}

Test(daemon_timing, requests_of_a_message_are_counted_each_and_answered_together)
{
    static const uint16_t codes[] = {ACD_COMMAND_route, ACD_QUERY_get_totals, ACD_COMMAND_route,
                                     0x01ff, 0x0301};
    struct acd_view_timing route, totals;
    uint32_t at = 0, kinds = 0;

    message(codes, 5, 3000000);
    timing_failed(&t, ACD_COMMAND_route);
    timing_failed(&t, 0x01ff);
    route = view_of("route");
    totals = view_of("get_totals");
    cr_expect(route.count == 2 && route.failed == 1 && route.answered == 2);
    cr_expect(totals.count == 1 && totals.failed == 0 && totals.answered == 1);
    cr_expect(totals.within_2048us == 0 && totals.within_524288us == 1, "3 ms and a bit");
    cr_expect(route.time >= 2 * 3000 && route.within_524288us == 2);
    for (struct acd_view_timing v; timing_from(&t, &at, &v); at++)
        kinds++;
    cr_expect(kinds == 2, "codes of no request are not counted");
}

Test(daemon_timing, what_takes_longer_than_any_bucket_is_in_the_count_only)
{
    static const uint16_t code = ACD_COMMAND_route;

    message(&code, 1, 600000000);
    cr_expect(view_of("route").answered == 1);
    cr_expect(view_of("route").within_524288us == 0);
}

Test(daemon_timing, what_is_put_off_is_not_answered)
{
    timing_message(&t);
    timing_asked(&t, ACD_QUERY_next);
    cr_expect(view_of("next").count == 1 && view_of("next").answered == 0);
}

Test(daemon_timing, a_late_heartbeat_is_lag)
{
    struct acd_view_loop v;

    timing_heartbeat(&t, 1000);
    t.heartbeat_due_ns = uv_hrtime() - 70000000;
    timing_heartbeat(&t, 1000);
    timing_loop_view(&t, &v);
    cr_expect(v.lag >= 70000 && v.lag < 5000000 && v.lag_max == v.lag);
    timing_heartbeat(&t, 1000);
    timing_loop_view(&t, &v);
    cr_expect(v.lag == 0 && v.lag_max >= 70000, "one that is early has none");
}

static void on_timer(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, NULL);
}

Test(daemon_timing, turns_are_counted_without_the_sleep)
{
    struct acd_view_loop v;
    uv_timer_t timer;

    uv_timer_init(&loop, &timer);
    uv_timer_start(&timer, on_timer, 50, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    timing_loop_view(&t, &v);
    cr_expect(v.turns >= 1 && v.busy < 45000, "busy for %lld us", (long long)v.busy);
}
