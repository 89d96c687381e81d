#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness.h"
#include "bench/theory/cases.h"

/* acd-sim against Erlang C and Erlang A: bench_theory [--quick]
 *
 * Each case is played by acd-sim, that is by the engine in virtual time, once for each seed: the
 * default one and ten others. Its mean wait, the share of calls delayed, occupancy, and the share
 * in time (Erlang C) or abandoned (Erlang A) are estimated over 240 windows of a long run, with
 * control variates (bench/theory/controls.h) that make the intervals some two to ten times
 * narrower than they were, which the table shows. The intervals of a seed hold jointly at 99.9 %
 * (Bonferroni). A miss is an interval without the theory's value in it, or one of a half-width
 * above 2 % of a time or 0.002 of a share: how many calls that takes stands with each case.
 *
 * The seeds are fixed, so a miss is no bad luck that goes away: something has changed.
 *
 * --quick plays an eighth of the calls under the default seed; the intervals are then wider, and
 * not held against the half-widths. */

enum { SEEDS = 11, THREADS_MAX = 16 };

static const struct theory_case CASES[] = {
    /* agents, share, loss, millions of calls, parts */
    {100, 0.90, 0, 34, ONE_QUEUE},     {1, 0.10, 0, 0.9, ONE_QUEUE},
    {1, 0.50, 0, 1.5, ONE_QUEUE},      {1, 0.80, 0, 4.2, ONE_QUEUE},
    {2, 0.30, 0, 0.6, ONE_QUEUE},      {2, 0.70, 0, 1.1, ONE_QUEUE},
    {5, 0.50, 0, 1.5, ONE_QUEUE},      {5, 0.90, 0, 3.5, ONE_QUEUE},
    {10, 0.80, 0, 4.2, ONE_QUEUE},     {20, 0.80, 0, 6.2, TWO_QUEUES},
    {1, 1.00, 1, 1.3, ONE_QUEUE},      {1, 2.00, 1, 1.4, ONE_QUEUE},
    {5, 0.80, 1, 2.2, ONE_QUEUE},      {5, 1.50, 1, 2.1, ONE_QUEUE},
    {10, 1.00, 1, 4.2, ONE_QUEUE},     {20, 0.90, 1, 3.6, ONE_QUEUE},
    {20, 1.20, 2, 5.8, ONE_QUEUE},     {50, 1.00, 1, 7.2, ONE_QUEUE},
    {50, 1.30, 1, 2.1, ONE_QUEUE},     {100, 1.20, 0.5, 1.4, ONE_QUEUE},
    {200, 1.20, 1, 1.4, ONE_QUEUE},    {500, 0.95, 1, 9.8, ONE_QUEUE},
    {500, 1.10, 1, 4.8, ONE_QUEUE},    {20, 0.80, 0, 11, SKILLS_APART},
    {20, 0.80, 0, 6.2, SKILLS_POOLED},
};
enum { CASE_COUNT = sizeof CASES / sizeof CASES[0], APART = 8, SHARED = 9, BY_SKILLS = 23 };

static const double JOINTLY = 0.999;

static struct theory_result results[SEEDS][CASE_COUNT];
static unsigned seed_count = SEEDS;
static double part = 1, confidence;
static atomic_uint next_job;

/* ---- playing --------------------------------------------------------------------------------- */

/* Seeds are 1, 2, ... The longest case comes first, so that no thread is left with it. */
static void *work(void *ctx)
{
    (void)ctx;
    for (unsigned job; (job = atomic_fetch_add(&next_job, 1)) < seed_count * CASE_COUNT;)
        theory_play(&CASES[job / seed_count], job % seed_count + 1, part, confidence,
                    &results[job % seed_count][job / seed_count]);
    return NULL;
}

static void play_all(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = processors < 1             ? 1
                     : processors > THREADS_MAX ? THREADS_MAX
                                                : (size_t)processors;
    pthread_t ids[THREADS_MAX];

    for (size_t i = 0; i < threads; i++)
        if (pthread_create(&ids[i], NULL, work, NULL) != 0)
            bench_give_up("a thread cannot be made");
    for (size_t i = 0; i < threads; i++)
        (void)pthread_join(ids[i], NULL);
}

/* ---- telling --------------------------------------------------------------------------------- */

static bool is_miss(const struct theory_figure *f)
{
    return !(fabs(f->mean - f->theory) <= f->half) || (part == 1 && !(f->half <= f->limit));
}

static double off_by(const struct theory_figure *f)
{
    return fabs(f->mean - f->theory) / f->half;
}

static const char *const NAMES[] = {"delayed", "wait", "in time", "abandoned", "busy"};
static const char *const PARTS[] = {"", "x2", "a|b", "a,b"};

static void print_case(const struct theory_case *c, const struct theory_result *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct theory_figure *f = &r->figures[i];
        char patience[16] = "-";

        if (c->loss > 0)
            snprintf(patience, sizeof patience, "%.2f", 1 / c->loss);
        if (i == 0)
            printf("%-8s %5u %4s %6.2f %8s", c->loss > 0 ? "Erlang A" : "Erlang C", c->agents,
                   PARTS[c->parts - 1], c->share, patience);
        else
            printf("%-8s %5s %4s %6s %8s", "", "", "", "", "");
        printf("  %-9s %9.5f %9.5f %9.5f %9.5f %6.2f%s\n", NAMES[f->kind], f->theory, f->mean,
               f->half, f->plain, off_by(f), is_miss(f) ? " MISS" : "");
    }
}

/* The table is the default seed's. */
static void print_miss(unsigned seed, const struct theory_case *c, const struct theory_figure *f)
{
    printf("seed %u, %u agents %s at %.2f, %s: %.5f by theory, came out %.5f, half %.6f of %.6f\n",
           seed, c->agents, PARTS[c->parts - 1], c->share, NAMES[f->kind], f->theory, f->mean,
           f->half, f->limit);
}

static void print_misses(void)
{
    for (unsigned seed = 0; seed < seed_count; seed++)
        for (size_t i = 0; i < CASE_COUNT; i++)
            for (size_t k = 0; k < results[seed][i].count; k++)
                if (is_miss(&results[seed][i].figures[k]))
                    print_miss(seed + 1, &CASES[i], &results[seed][i].figures[k]);
}

static void print_seeds(void)
{
    double misses = 0, worst = 0;

    printf("\n%4s %10s %12s %7s\n", "seed", "intervals", "worst off", "misses");
    for (unsigned seed = 0; seed < seed_count; seed++) {
        double seed_misses = 0, seed_worst = 0, intervals = 0;

        for (size_t i = 0; i < CASE_COUNT; i++)
            for (size_t k = 0; k < results[seed][i].count; k++) {
                const struct theory_figure *f = &results[seed][i].figures[k];

                intervals++;
                seed_misses += is_miss(f);
                seed_worst = fmax(seed_worst, off_by(f));
            }
        printf("%4u %10.0f %12.2f %7.0f\n", seed + 1, intervals, seed_worst, seed_misses);
        misses += seed_misses;
        worst = fmax(worst, seed_worst);
    }
    bench_result("theory_cases", CASE_COUNT);
    bench_result("theory_worst_off", worst);
    bench_must_not_exceed("theory_misses", misses, 0);
}

/* Two halves of 10 agents and half the callers each, against all 20 for both: by a queue each,
 * which all serve or not, and by a skill each, which all have or not. */
static void print_pooling(void)
{
    const struct theory_figure *apart = &results[0][APART].figures[0];
    const struct theory_figure *shared = &results[0][SHARED].figures[0];

    bench_result("theory_pooling_gain", apart->mean / shared->mean);
    bench_result("theory_pooling_by_skills_gain",
                 results[0][BY_SKILLS].figures[0].mean / results[0][BY_SKILLS + 1].figures[0].mean);
    bench_result("theory_pooling_gain_textbook", apart->theory / shared->theory);
}

int main(int argc, char **argv)
{
    double intervals = 0;

    if (argc == 2 && strcmp(argv[1], "--quick") == 0)
        seed_count = 1, part = 0.125;
    else if (argc != 1)
        bench_give_up("usage: bench_theory [--quick]");
    for (size_t i = 0; i < CASE_COUNT; i++)
        intervals += (double)theory_figures(&CASES[i]);
    confidence = 1 - (1 - JOINTLY) / intervals;
    play_all();
    printf("times in units of the mean talk; 'plain': the half-width without control variates\n"
           "%-8s %5s %4s %6s %8s  %-9s %9s %9s %9s %9s %6s\n",
           "", "agents", "", "load", "patience", "figure", "theory", "acd-sim", "half", "plain",
           "off");
    for (size_t i = 0; i < CASE_COUNT; i++)
        print_case(&CASES[i], &results[0][i]);
    print_seeds();
    print_misses();
    print_pooling();
    bench_print_results();
    return 0;
}
