#include "tools/sim.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Runs: what must hold to the microsecond whatever is drawn, and that the same seed draws the same.
 */

enum { SLOTS = 1 << 16, SERVERS_MAX = 8 };

static void queue_with(struct scenario *s, const char *name, double rate, const char *handling,
                       const char *patience)
{
    struct sim_queue *q = scenario_add_queue(s, name);

    sim_queue_add_rate(q, rate);
    cr_assert(sim_parse_law(handling, &q->handling));
    cr_assert(sim_parse_law(patience, &q->patience));
}

static struct scenario one_queue(double rate, uint32_t agents, const char *handling,
                                 const char *patience)
{
    struct scenario s;

    scenario_init(&s);
    s.runs = 2;
    queue_with(&s, "calls", rate, handling, patience);
    sim_group_add_seat(scenario_add_group(&s, "agents", agents), 0, 1);
    return s;
}

/* ---- the waits of a single line, by recursion ------------------------------------------------ */

/* Kiefer and Wolfowitz (1955): the work that each of n servers still has, as the next caller comes.
 * Whoever comes waits for the one who is free first. */
struct recursion {
    uint32_t servers;
    acd_span free_at[SERVERS_MAX];
    acd_span *answered_at; /* by slot, as it has to be */
    uint64_t calls;
};

static void recursion_arrival(void *ctx, uint32_t queue, acd_span at, acd_span handling,
                              const struct acd_view_outcome *outcome)
{
    struct recursion *r = ctx;
    uint32_t first = 0;
    acd_span begins;

    (void)queue;
    for (uint32_t i = 1; i < r->servers; i++)
        if (r->free_at[i] < r->free_at[first])
            first = i;
    begins = r->free_at[first] > at ? r->free_at[first] : at;
    r->free_at[first] = begins + handling;
    r->answered_at[outcome->call.slot] = begins;
    r->calls++;
}

static void recursion_answer(void *ctx, acd_call_id call, acd_span at)
{
    struct recursion *r = ctx;

    cr_assert_eq(at, r->answered_at[call.slot], "answered at %lld, not at %lld", (long long)at,
                 (long long)r->answered_at[call.slot]);
}

static void recursion_end(void *ctx)
{
    struct recursion *r = ctx;

    memset(r->free_at, 0, sizeof r->free_at);
}

static void waits_as_the_recursion(uint32_t agents, double rate, const char *handling)
{
    struct scenario s = one_queue(rate, agents, handling, "never");
    struct recursion r = {.servers = agents, .answered_at = calloc(SLOTS, sizeof(acd_span))};
    struct sim_watch watch = {&r, recursion_arrival, recursion_answer, recursion_end};
    struct sim_result result;

    sim_run(&s, &watch, &result);
    cr_assert_gt(r.calls, 200);
    sim_result_fini(&result);
    scenario_fini(&s);
    free(r.answered_at);
}

Test(sim_run, one_agent_makes_callers_wait_as_lindley_says)
{
    waits_as_the_recursion(1, 18, "exponential 180s");
}

Test(sim_run, agents_make_callers_wait_as_kiefer_and_wolfowitz_say)
{
    waits_as_the_recursion(5, 92, "lognormal 180s 1.2");
    waits_as_the_recursion(8, 155, "fixed 180s");
}

/* ---- the same and not the same --------------------------------------------------------------- */

static uint64_t all_answered(uint64_t seed, uint32_t agents, uint64_t *offered)
{
    struct scenario s = one_queue(100, agents, "exponential 180s", "exponential 60s");
    struct sim_result r;
    uint64_t answered;

    s.seed = seed;
    sim_run(&s, NULL, &r);
    cr_assert_eq(r.windows, 2);
    *offered = sim_calls_of(&r, 0, 1)->entered + sim_calls_of(&r, 1, 1)->entered;
    answered = sim_calls_of(&r, 0, 1)->answered + sim_calls_of(&r, 1, 1)->answered;
    cr_assert_neq(sim_calls_of(&r, 0, 1)->wait_answered, sim_calls_of(&r, 1, 1)->wait_answered,
                  "both runs are the same");
    sim_result_fini(&r);
    scenario_fini(&s);
    return answered;
}

Test(sim_run, a_seed_makes_the_figures)
{
    uint64_t offered, again, other, a = all_answered(1, 5, &offered);

    cr_assert_eq(all_answered(1, 5, &again), a);
    cr_assert_eq(offered, again);
    all_answered(2, 5, &other);
    cr_assert_neq(other, offered);
}

Test(sim_run, other_staff_has_the_very_same_callers)
{
    uint64_t few_offered, many_offered;
    uint64_t few = all_answered(1, 3, &few_offered), many = all_answered(1, 9, &many_offered);

    cr_assert_eq(few_offered, many_offered);
    cr_assert_gt(many, few);
}

/* ---- books ------------------------------------------------------------------------------------
 */

/* A run that begins and ends without calls: all are accounted for. */
Test(sim_run, every_call_is_accounted_for)
{
    struct scenario s = one_queue(200, 5, "exponential 180s", "exponential 90s");
    struct sim_result r;
    const struct sim_calls *c;

    s.queues[0].rates[0] = 300;
    for (int i = 0; i < 47; i++) /* a day of 48 intervals, calls in the first 20 */
        sim_queue_add_rate(&s.queues[0], i < 19 ? 300 : 0);
    s.queues[0].set.max_wait = 60 * ACD_SECOND;
    s.queues[0].set.max_size = 4;
    s.queues[0].set.wrap_up_time = 20 * ACD_SECOND;
    s.warm_up = 0;
    s.window = 12 * DAY_HOUR;
    sim_run(&s, NULL, &r);
    c = sim_calls_of(&r, 0, 0);
    cr_assert_eq(c->entered, c->answered + c->abandoned + c->timed_out);
    cr_assert(c->abandoned > 0 && c->timed_out > 0 && c->refused > 0);
    cr_assert_eq(sim_work_of(&r, 0, 0)->busy, c->talk + (acd_span)c->answered * 20 * ACD_SECOND);
    cr_assert_eq(sim_work_of(&r, 0, 0)->staffed, 5 * 12 * DAY_HOUR);
    sim_result_fini(&r);
    scenario_fini(&s);
}

/* With no caller after the last agent has gone, who talks then is at work until the end. */
Test(sim_run, agents_are_at_work_in_their_hours_and_until_they_have_done)
{
    struct scenario s = one_queue(0, 3, "fixed 10m", "never");
    struct sim_result r;

    s.warm_up = 0;
    s.window = 4 * DAY_HOUR;
    s.groups[0].from = DAY_HOUR;
    s.groups[0].to = 2 * DAY_HOUR;
    sim_run(&s, NULL, &r);
    cr_assert_eq(sim_work_of(&r, 0, 0)->staffed, 3 * DAY_HOUR);
    cr_assert_eq(sim_work_of(&r, 0, 0)->busy, 0);
    sim_result_fini(&r);

    s.queues[0].rates[0] = 60; /* they wait for the doors to open, and keep all busy */
    sim_run(&s, NULL, &r);
    cr_assert_eq(sim_work_of(&r, 0, 0)->staffed, sim_work_of(&r, 0, 0)->busy);
    cr_assert_eq(sim_work_of(&r, 0, 0)->busy, 18 * 10 * DAY_MINUTE);
    sim_result_fini(&r);
    scenario_fini(&s);
}

Test(sim_run, windows_of_a_run_follow_each_other)
{
    struct scenario s = one_queue(60, 4, "exponential 180s", "never");
    struct sim_result whole, cut;
    uint64_t sum = 0;

    s.runs = 1;
    s.window = 8 * DAY_HOUR;
    sim_run(&s, NULL, &whole);
    s.window = DAY_HOUR;
    s.windows = 8;
    sim_run(&s, NULL, &cut);
    cr_assert_eq(cut.windows, 8);
    for (size_t i = 0; i < 8; i++)
        sum += sim_calls_of(&cut, i, 0)->entered;
    cr_assert_eq(sum, sim_calls_of(&whole, 0, 0)->entered);
    sim_result_fini(&whole);
    sim_result_fini(&cut);
    scenario_fini(&s);
}
