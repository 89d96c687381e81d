#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/centre.h"
#include "bench/engine/full.h"

/* The engine in process, beside a bare heap: bench_engine [--quick]
 *
 * Measured: CPU nanoseconds of a cycle (bench/centre.h: route, accept and hangup, three commands),
 * at 1,000 to 1,000,000 agents in 100 queues, 3 memberships an agent, half of the agents busy, and
 * the wall time of single routes that are offered at once.
 *
 * Included: all that acd_execute() does. The command is checked, deadlines looked at, the key
 * looked up, the decision taken, three events a route and two each for the others encoded into the
 * frame and applied - call, key, assignment, lease, lists, sums, activities, the orders of the
 * agent's queues - and the outcome kept under the request's number. Also the bench's own choosing
 * and noting, some nanoseconds a cycle; of a single route, two reads of the clock.
 *
 * Not included: the socket, decoding the request and encoding the reply, journal and publication
 * (bench ipc has them); acd_advance() and acd_next_deadline(); notices, for all is told by replies;
 * calls that wait. Requests come one after the other from the same thread, so the caches hold what
 * the engine used last; making keys and numbers is done before the clock runs.
 *
 * The baseline (bench/baseline_heap.h) is 100 bare 4-ary heaps, replaying the very moves that the
 * cycles just measured came to: 3 removals, 3 insertions. It has followed the engine from the first
 * agent on, so it holds what the engine holds, and its first must be the engine's choice each time.
 * Rounds are interleaved: engine and heap at each size, then the next round.
 *
 * The engine is told of a hangup or a route while the command before it is still to be carried out
 * (acd_expect), as acdd does with the requests of a message; that an accept comes it cannot be
 * told. At 10k agents it is measured without too, and so is the full mix: "nothing told ahead".
 *
 * bench/run asks the C library for pages of 2 MiB, where the system has them to give, for engine
 * and heaps alike, as acdd does for its engine.
 *
 * Limits are the engine's defaults (100,000 calls and as many keys of ended calls) but for agents
 * and memberships, and for calls at 1M agents. Every table has turned over before the clock runs.
 *
 * The full mix (bench/engine/full.h) is the same cycle with skills, levels, steps, priorities and
 * several queues an agent, 1,000 distinct requirements in use: beside the plain one at 10,000
 * agents in interleaved rounds, by itself from 1,000 to 1,000,000 agents, and with 1,000 and
 * 100,000 calls that wait. With fewer requirements in use too, at 10,000 agents, to show what they
 * cost.
 *
 * bench_engine --cycles AGENTS COUNT works off COUNT cycles in cycles_counted(), for profilers, and
 * --full AGENTS WAITING COUNT so many of the full mix. */

enum { SIZES = 4, CHECKED = 2000, WARM_UP = 10000, TEN_K = 1, LAST = SIZES - 1 };

struct plan {
    size_t rounds, cycles, samples;
    bool variations;
    int full_sizes; /* sizes at which the full mix is measured */
};

static const struct plan FULL = {31, 60000, 1000000, true, SIZES};
static const struct plan QUICK = {15, 15000, 100000, false, 2};

/* One size, and what was measured of it. */
struct size {
    uint32_t agents;
    const char *name, *key;
    struct centre *centre;
    struct bench_series engine, heap, ratio; /* ns a cycle, and engine / heap */
    struct bench_series alone, alone_ratio;  /* the same with nothing told ahead; at 10k agents */
    struct bench_series full;                /* ns a cycle of the full mix */
    uint32_t p50, p99;
};

static struct size sizes[SIZES] = {
    {.agents = 1000, .name = "1k", .key = "engine_ns_1k"},
    {.agents = 10000, .name = "10k", .key = "engine_ns_10k"},
    {.agents = 100000, .name = "100k", .key = "engine_ns_100k"},
    {.agents = 1000000, .name = "1M", .key = "engine_ns_1M"},
};

static uint32_t calls_for(uint32_t agents)
{
    return agents < 100000 ? 100000 : agents + agents / 8;
}

/* One pair: the engine's cycles, then the heap's; nanoseconds of CPU time a cycle. Each has WARM_UP
 * cycles before the clock runs, so that it is not charged for fetching its state into the caches
 * from which the other displaced it. */
static void pair(struct centre *c, size_t cycles, double *engine, double *heap)
{
    uint64_t start;

    centre_prepare(c, WARM_UP + cycles);
    centre_work(c, 0, WARM_UP);
    start = bench_cpu_ns();
    centre_work(c, WARM_UP, cycles);
    *engine = (double)(bench_cpu_ns() - start) / (double)cycles;
    centre_follow(c, 0, WARM_UP);
    start = bench_cpu_ns();
    centre_follow(c, WARM_UP, cycles);
    *heap = (double)(bench_cpu_ns() - start) / (double)cycles;
}

static void measure_size(struct size *s, size_t cycles)
{
    double engine, heap;

    pair(s->centre, cycles, &engine, &heap);
    bench_add(&s->engine, engine);
    bench_add(&s->heap, heap);
    bench_add(&s->ratio, engine / heap);
}

static void measure_alone(struct size *s, size_t cycles)
{
    double engine, heap;

    s->centre->ahead = false;
    pair(s->centre, cycles, &engine, &heap);
    s->centre->ahead = true;
    bench_add(&s->alone, engine);
    bench_add(&s->alone_ratio, engine / heap);
}

static void measure_decisions(struct size *s, size_t count)
{
    uint32_t *samples = bench_take(count, sizeof samples[0]);
    size_t done = 0;

    while (done < count) {
        size_t step = count - done < CENTRE_CYCLES_MAX ? count - done : CENTRE_CYCLES_MAX;

        centre_prepare(s->centre, step);
        centre_work_timed(s->centre, step, samples + done);
        centre_follow(s->centre, 0, step);
        done += step;
    }
    s->p50 = bench_percentile(samples, count, 0.5);
    s->p99 = bench_percentile(samples, count, 0.99);
    free(samples);
}

/* A wrong engine is not fast. */
static void verify(struct centre *c)
{
    const char *broken;

    centre_prepare(c, CHECKED);
    centre_work_checked(c, CHECKED);
    centre_follow(c, 0, CHECKED);
    if (c->not_offered != 0)
        bench_give_up("%" PRIu64 " of %" PRIu64 " commands were not carried out at once",
                      c->not_offered, c->commands);
    if (!heaps_check(c->heaps))
        bench_give_up("the baseline is no heap");
    broken = c->options.agents > 10000 ? NULL : acd_engine_check(c->engine);
    if (broken != NULL)
        bench_give_up("%u agents: %s", (unsigned)c->options.agents, broken);
}

static void measure(const struct plan *plan)
{
    for (int i = 0; i < SIZES; i++) {
        uint64_t start = bench_now_ns();
        struct centre_options options = {.agents = sizes[i].agents,
                                         .calls = calls_for(sizes[i].agents)};

        sizes[i].centre = centre_open(&options);
        printf("%s agents: ready after %.1f s\n", sizes[i].name,
               (double)(bench_now_ns() - start) / 1e9);
        (void)fflush(stdout);
    }
    for (size_t round = 0; round < plan->rounds; round++)
        for (int i = 0; i < SIZES; i++) {
            measure_size(&sizes[i], plan->cycles);
            if (i == TEN_K)
                measure_alone(&sizes[i], plan->cycles);
        }
    for (int i = 0; i < SIZES; i++)
        measure_decisions(&sizes[i], plan->samples);
    for (int i = 0; i < SIZES; i++)
        verify(sizes[i].centre);
}

/* The same cycle at 10k agents in other circumstances. */
static void measure_variation(const char *what, struct centre_options options,
                              const struct plan *plan)
{
    struct centre *c = centre_open(&options);
    struct bench_series engine = {.count = 0};

    for (size_t round = 0; round < plan->rounds; round++) {
        double ns, heap;

        pair(c, plan->cycles, &ns, &heap);
        bench_add(&engine, ns);
    }
    verify(c);
    centre_close(c);
    bench_print_series(what, &engine);
}

static void measure_variations(const struct plan *plan)
{
    struct centre_options usual = {.agents = 10000, .calls = 100000}, options = usual;

    bench_print_head("\n10k agents, other circumstances", "CPU ns a cycle");
    options.calls = 10000;
    measure_variation("10,000 calls and ended keys, not 100,000", options, plan);
    options = usual;
    options.hangup_by_key = true;
    measure_variation("hangup by the gateway's key, not by id", options, plan);
    options = usual;
    options.route_by_name = true;
    measure_variation("route by the queue's name, not by its id", options, plan);
    options = usual;
    options.max_wait = 600 * ACD_SECOND;
    measure_variation("queues with a max_wait (one more deadline)", options, plan);
}

/* ---- the full mix --------------------------------------------------------------------------- */

static double full_cycles(struct full *f, size_t cycles)
{
    uint64_t start;

    full_prepare(f, WARM_UP + cycles);
    full_work(f, 0, WARM_UP);
    start = bench_cpu_ns();
    full_work(f, WARM_UP, cycles);
    return (double)(bench_cpu_ns() - start) / (double)cycles;
}

/* What it takes, beside the plain one of as many agents that is told as much. */
static double full_ratio(struct full *f, double full, struct size *s, size_t cycles)
{
    double plain, heap;

    s->centre->ahead = f->ahead;
    pair(s->centre, cycles, &plain, &heap);
    s->centre->ahead = true;
    return full / plain;
}

/* Beside the plain one, told ahead and not, where `ratio` is given. */
static void measure_full_size(struct size *s, const struct plan *plan, struct bench_series *ratio,
                              struct bench_series *alone)
{
    struct full *f = full_open(s->agents, 0, FULL_PLANS);

    for (size_t round = 0; round < plan->rounds; round++) {
        double full = full_cycles(f, plan->cycles);

        bench_add(&s->full, full);
        if (ratio == NULL)
            continue;
        bench_add(ratio, full_ratio(f, full, s, plan->cycles));
        f->ahead = false;
        full = full_cycles(f, plan->cycles);
        bench_add(alone, full_ratio(f, full, s, plan->cycles));
        f->ahead = true;
    }
    full_verify(f, s->agents <= 10000);
    full_close(f);
}

/* Fewer requirements in use, beside the plain cycle. */
static void measure_fewer(uint32_t plans, const struct plan *plan)
{
    struct full *f = full_open(10000, 0, plans);
    struct bench_series ratio = {.count = 0};
    char what[64];

    for (size_t round = 0; round < plan->rounds; round++) {
        double full = full_cycles(f, plan->cycles);

        bench_add(&ratio, full_ratio(f, full, &sizes[TEN_K], plan->cycles));
    }
    full_verify(f, true);
    full_close(f);
    (void)snprintf(what, sizeof what, "%u requirements in use",
                   (unsigned)(2 * plans * FULL_QUEUES));
    bench_print_series(what, &ratio);
}

static void measure_waiting(const struct plan *plan, struct bench_series *few,
                            struct bench_series *many, struct bench_series *ratio)
{
    struct full *a = full_open(10000, 1000, FULL_PLANS), *b = full_open(10000, 100000, FULL_PLANS);

    for (size_t round = 0; round < plan->rounds; round++) {
        double with_few = full_cycles(a, plan->cycles), with_many = full_cycles(b, plan->cycles);

        bench_add(few, with_few);
        bench_add(many, with_many);
        bench_add(ratio, with_many / with_few);
    }
    full_verify(a, true);
    full_verify(b, false);
    full_close(a);
    full_close(b);
}

static void measure_full(const struct plan *plan)
{
    struct bench_series ratio = {.count = 0}, alone = ratio, growth = ratio, few = ratio;
    struct bench_series many = ratio;
    char what[64];

    for (int i = 0; i < plan->full_sizes; i++)
        measure_full_size(&sizes[i], plan, i == TEN_K ? &ratio : NULL, &alone);
    measure_waiting(plan, &few, &many, &growth);
    bench_print_head("\nthe full mix, one cycle", "CPU ns");
    for (int i = 0; i < plan->full_sizes; i++) {
        (void)snprintf(what, sizeof what, "%s agents", sizes[i].name);
        bench_print_series(what, &sizes[i].full);
    }
    bench_print_series("10k agents, 1,000 calls wait", &few);
    bench_print_series("10k agents, 100,000 calls wait", &many);
    bench_print_series("100,000 / 1,000 of each round", &growth);
    bench_print_head("\nthe full mix / the plain cycle, 10k agents, of each round", "times");
    measure_fewer(2, plan);
    measure_fewer(8, plan);
    bench_print_series("1,000 requirements in use", &ratio);
    bench_print_series("1,000 requirements in use, nothing told ahead", &alone);
    printf("\n");
    bench_must_not_exceed("engine_full_vs_plain", bench_median(&ratio), 2);
    bench_must_not_exceed("engine_full_waiting_growth", bench_median(&growth), 3);
    bench_result("engine_full_alone_vs_plain", bench_median(&alone));
    bench_result("engine_full_ns_10k", bench_median(&sizes[TEN_K].full));
}

/* ---- telling -------------------------------------------------------------------------------- */

static void print_sizes(void)
{
    char what[64];

    bench_print_head("\nroute + accept + hangup, one cycle", "CPU ns");
    for (int i = 0; i < SIZES; i++) {
        (void)snprintf(what, sizeof what, "%s agents: engine", sizes[i].name);
        bench_print_series(what, &sizes[i].engine);
        (void)snprintf(what, sizeof what, "%s agents: bare heap", sizes[i].name);
        bench_print_series(what, &sizes[i].heap);
        (void)snprintf(what, sizeof what, "%s agents: ratio of each pair", sizes[i].name);
        bench_print_series(what, &sizes[i].ratio);
        if (i != TEN_K)
            continue;
        bench_print_series("10k agents: engine, nothing told ahead", &sizes[i].alone);
        bench_print_series("10k agents: that / bare heap", &sizes[i].alone_ratio);
    }
    printf("\na single route, offered at once, with two reads of the clock (%.0f ns each)\n",
           bench_clock_cost_ns());
    for (int i = 0; i < SIZES; i++)
        printf("%4s agents: p50 %5u ns, p99 %5u ns\n", sizes[i].name, (unsigned)sizes[i].p50,
               (unsigned)sizes[i].p99);
}

static void print_growth(void)
{
    struct bench_series growth = {.count = 0}, engine = {.count = 0}, heap = {.count = 0};

    for (size_t i = 0; i < sizes[0].engine.count; i++) {
        bench_add(&engine, sizes[LAST].engine.values[i] / sizes[0].engine.values[i]);
        bench_add(&heap, sizes[LAST].heap.values[i] / sizes[0].heap.values[i]);
        bench_add(&growth, engine.values[i] / heap.values[i]);
    }
    bench_print_head("\ngrowth from 1k to 1M agents, of each round", "times");
    bench_print_series("engine", &engine);
    bench_print_series("bare heap", &heap);
    bench_print_series("engine / bare heap", &growth);
    printf("\n");
    bench_must_not_exceed("engine_vs_heap_10k", bench_median(&sizes[TEN_K].ratio), 4);
    bench_must_not_exceed("engine_growth_vs_heap", bench_median(&growth), 1.5);
}

static int compare(const struct plan *plan)
{
    uint64_t commands = 0;

    measure(plan);
    print_sizes();
    if (plan->variations)
        measure_variations(plan);
    measure_full(plan);
    print_growth();
    for (int i = 0; i < SIZES; i++) {
        bench_result(sizes[i].key, bench_median(&sizes[i].engine));
        commands += sizes[i].centre->commands;
        centre_close(sizes[i].centre);
    }
    bench_result("engine_alone_ns_10k", bench_median(&sizes[TEN_K].alone));
    bench_result("engine_alone_vs_heap_10k", bench_median(&sizes[TEN_K].alone_ratio));
    bench_result("engine_decision_p50_ns_10k", sizes[TEN_K].p50);
    bench_result("engine_decision_p99_ns_10k", sizes[TEN_K].p99);
    printf("%" PRIu64
           " commands carried out, every route offered at once, every choice that of the "
           "heap; the engine's state is sound\n",
           commands);
    bench_print_results();
    return 0;
}

/* What a profiler is told to look at. */
static __attribute__((noinline)) void cycles_counted(struct centre *c, size_t count)
{
    centre_work(c, 0, count);
}

static int cycles_only(uint32_t agents, uint32_t count)
{
    struct centre_options options = {.agents = agents, .calls = calls_for(agents)};
    struct centre *c = centre_open(&options);

    centre_prepare(c, count);
    cycles_counted(c, count);
    centre_follow(c, 0, count);
    verify(c);
    centre_close(c);
    return 0;
}

static __attribute__((noinline)) void full_counted(struct full *f, size_t count)
{
    full_work(f, 0, count);
}

static int full_only(uint32_t agents, uint32_t waiting, uint32_t count)
{
    struct full *f = full_open(agents, waiting, FULL_PLANS);

    full_prepare(f, count);
    full_counted(f, count);
    full_verify(f, waiting <= 10000);
    full_close(f);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return compare(&FULL);
    if (argc == 2 && strcmp(argv[1], "--quick") == 0)
        return compare(&QUICK);
    if (argc == 4 && strcmp(argv[1], "--cycles") == 0)
        return cycles_only(bench_number(argv[2], 1000000000), bench_number(argv[3], 1000000000));
    if (argc == 5 && strcmp(argv[1], "--full") == 0)
        return full_only(bench_number(argv[2], 1000000000),
                         argv[3][0] == '0' ? 0 : bench_number(argv[3], 1000000000),
                         bench_number(argv[4], 1000000000));
    (void)fputs("usage: bench_engine [--quick | --cycles AGENTS COUNT | "
                "--full AGENTS WAITING COUNT]\n",
                stderr);
    return 2;
}
