#ifndef ACD_BENCH_LOADS_H
#define ACD_BENCH_LOADS_H

#include <stdint.h>

/* What estimated waits are measured on. The list was fixed before anything was measured; skills,
 * before estimates knew of them. */

enum load {
    LOAD_TRACE,
    LOAD_STEADY,
    LOAD_PEAK,
    LOAD_PRIORITY,
    LOAD_SHARED,
    LOAD_UNDERSTAFFED,
    LOAD_SKILLS,
    LOADS
};

extern const char *const LOAD_NAMES[LOADS];

/* Of callers who had to wait and were answered: how far what they were told as they came was from
 * what happened, in seconds. */
struct errors {
    uint64_t calls;
    double waits;         /* sums: what happened, */
    double ours, average; /* |told - happened| of the engine, and of the moving average; */
    double ours_bias, average_bias; /* told - happened */
};

/* `part`: of the runs. */
void load_play(enum load load, const char *trace, double part, struct errors *out);

#endif
