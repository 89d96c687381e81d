#include "tools/sim.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* Laws and estimates against figures worked out by hand or printed in tables. */

static void quantile_is(double degrees, double tail, double expected)
{
    double t = sim_student(degrees, 1 - tail);

    cr_assert(fabs(t / expected - 1) < 2e-5, "t of %g at %g: %.6f, not %.6f", degrees, tail, t,
              expected);
}

Test(sim_law, quantiles_are_those_of_the_tables)
{
    quantile_is(1, 0.05, 12.70620);
    quantile_is(2, 0.01, 9.924843);
    quantile_is(4, 0.05, 2.776445);
    quantile_is(10, 0.001, 4.586894);
    quantile_is(30, 0.1, 1.697261);
    quantile_is(99, 1e-5, 4.656746);
    quantile_is(199, 1e-5, 4.533618);
}

Test(sim_law, a_ratio_has_the_half_width_of_its_residuals)
{
    const double above[] = {2, 4, 9}, below[] = {1, 2, 2};
    struct sim_estimate e = sim_ratio(above, below, 3, 0.95);
    double square = 1 * 1 + 2 * 2 + 3 * 3; /* of 2 - 3, 4 - 6, 9 - 6 */

    cr_assert_float_eq(e.value, 3, 1e-12);
    cr_assert_float_eq(e.half, 4.302653 * sqrt(square / 2 * 3) / 5, 1e-5);
}

Test(sim_law, too_few_windows_tell_no_half_width)
{
    const double above[] = {3}, below[] = {2}, none[] = {0};

    cr_assert_float_eq(sim_ratio(above, below, 1, 0.95).value, 1.5, 1e-12);
    cr_assert(isnan(sim_ratio(above, below, 1, 0.95).half));
    cr_assert(isnan(sim_ratio(above, none, 1, 0.95).value));
}

/* Mean and deviation of many draws, in seconds. */
static void drawn(const char *text, double mean, double deviation)
{
    enum { DRAWS = 400000 };
    struct random random = random_seeded(1, 2, 3);
    double sum = 0, square = 0;
    struct sim_law law;

    cr_assert(sim_parse_law(text, &law));
    for (int i = 0; i < DRAWS; i++) {
        double x = (double)sim_draw(&law, &random) / 1e6;

        sum += x;
        square += x * x;
    }
    sum /= DRAWS;
    square = sqrt(square / DRAWS - sum * sum);
    cr_assert(fabs(sum - mean) < 0.01 * mean, "%s: mean %f", text, sum);
    cr_assert(fabs(square - deviation) < 0.02 * mean, "%s: deviation %f", text, square);
}

Test(sim_law, draws_have_the_mean_and_the_spread_asked_for)
{
    drawn("fixed 90s", 90, 0);
    drawn("exponential 3m", 180, 180);
    drawn("lognormal 180s 0.5", 180, 90);
}

Test(sim_law, never_is_never)
{
    struct sim_law law;
    struct random random = random_seeded(1, 2, 3);

    cr_assert(sim_parse_law("never", &law));
    cr_assert_eq(sim_draw(&law, &random), ACD_FOREVER);
}

Test(sim_law, what_is_no_law_is_refused)
{
    static const char *const WRONG[] = {
        "",           "often",         "fixed",           "fixed 0s",          "fixed x",
        "fixed 3s 4", "lognormal 30s", "lognormal 30s x", "lognormal 30s 0",   "lognormal 30s 1 2",
        "never 3s",   "fixed -1s",     "fixed forever",   "exponential 10s 2", "drawn 1"};
    struct sim_law law;

    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        cr_assert_not(sim_parse_law(WRONG[i], &law), "'%s' was taken", WRONG[i]);
}

/* ---- from a trace -----------------------------------------------------------------------------
 */

static struct trace_row row(const char *type, enum trace_outcome outcome, uint32_t waited,
                            uint32_t talked)
{
    struct trace_row r = {.outcome = outcome, .q_time = waited, .ser_time = talked};

    memcpy(r.type, type, strlen(type) + 1);
    return r;
}

/* Five callers: left after 2, answered after 3, left after 4 (two of them), answered after 5.
 * Still there before: 5 at 2, 3 at 4. So 1/5 leave by 2 and 1/5 + 4/5 x 2/3 = 11/15 by 4; the rest
 * never left. */
Test(sim_law, patience_is_that_of_kaplan_and_meier)
{
    struct trace_row rows[] = {row("A", TRACE_HANG, 4, 0),   row("A", TRACE_AGENT, 3, 10),
                               row("A", TRACE_HANG, 2, 0),   row("A", TRACE_HANG, 4, 0),
                               row("A", TRACE_AGENT, 5, 20), row("B", TRACE_HANG, 1, 0)};
    struct trace t = {.rows = rows, .count = 6};
    struct random random = random_seeded(7, 0, 0);
    int by2 = 0, by4 = 0, never = 0;
    struct sim_law law;

    cr_assert(sim_law_of_patience(&law, &t, "A"));
    for (int i = 0; i < 300000; i++) {
        acd_span patience = sim_draw(&law, &random);

        by2 += patience == 2 * ACD_SECOND;
        by4 += patience == 4 * ACD_SECOND;
        never += patience == ACD_FOREVER;
    }
    cr_assert_eq(by2 + by4 + never, 300000);
    cr_assert_float_eq(by2 / 3e5, 1.0 / 5, 0.004);
    cr_assert_float_eq(by4 / 3e5, 8.0 / 15, 0.004);
    free(law.steps);
}

Test(sim_law, talks_are_those_of_the_type)
{
    struct trace_row rows[] = {row("A", TRACE_AGENT, 3, 10), row("B", TRACE_AGENT, 5, 20),
                               row("A", TRACE_HANG, 5, 90)};
    struct trace t = {.rows = rows, .count = 3};
    struct random random = random_seeded(7, 0, 0);
    struct sim_law law;

    cr_assert(sim_law_of_talks(&law, &t, "A"));
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(sim_draw(&law, &random), 10 * ACD_SECOND);
    free(law.steps);
    cr_assert_not(sim_law_of_talks(&law, &t, "C"));
    free(law.steps);
}
