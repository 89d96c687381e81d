#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness.h"
#include "bench/sim/loads.h"

/* Estimated waits, beside a moving average of past ones: bench_sim [--quick]
 *
 * Each load of bench/sim/loads.c is played by acd-sim, on the engine in virtual time. A caller who
 * has to wait is told the engine's estimated wait, as the outcome of its route has it, and what
 * Asterisk would tell: the moving average of its queue's past waits (a quarter of the last one,
 * whole seconds). When the caller is answered both are held against what happened. Callers who
 * leave before are left out of both, for nobody knows how long they would have waited.
 *
 * The list of loads: the trace that ACD_TRACE names (all its days; without it a made-up one of
 * tests/data, which is said), steady, peak, priority mix, shared agents, understaffed, skills.
 *
 * ewt_error_vs_ewma is the worst ratio of mean absolute errors over the loads.
 *
 * --quick plays a tenth of the days; those of a trace all the same. */

int main(int argc, char **argv)
{
    const char *trace = getenv("ACD_TRACE");
    double part = 1, worst = 0;

    if (argc == 2 && strcmp(argv[1], "--quick") == 0)
        part = 0.1;
    else if (argc != 1)
        bench_give_up("usage: bench_sim [--quick]");
    if (trace == NULL || *trace == '\0') {
        trace = "tests/data/trace.tsv";
        printf("ACD_TRACE names no trace: a made-up one is played, %s\n", trace);
    }
    printf("%-14s %9s %9s %9s %9s %9s %9s %7s\n", "load", "callers", "mean wait", "error", "bias",
           "ewma's", "bias", "ratio");
    for (unsigned i = 0; i < LOADS; i++) {
        struct errors e;
        double n, ratio;

        load_play((enum load)i, trace, part, &e);
        n = (double)e.calls;
        ratio = e.ours / e.average;
        worst = fmax(worst, ratio);
        printf("%-14s %9.0f %9.1f %9.1f %9.1f %9.1f %9.1f %7.3f\n", LOAD_NAMES[i], n, e.waits / n,
               e.ours / n, e.ours_bias / n, e.average / n, e.average_bias / n, ratio);
    }
    bench_must_not_exceed("ewt_error_vs_ewma", worst, 0.9);
    bench_print_results();
    return 0;
}
