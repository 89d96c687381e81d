#ifndef ACD_BENCH_CONTROLS_H
#define ACD_BENCH_CONTROLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Control variates: what other systems, whose means are known, make of the very same callers. How
 * far they are off their means in a batch tells much of how far the simulator is; that part is
 * taken out by regression (Lavenberg and Welch 1981). They know nothing of acd.
 *
 * - the callers: how many came, and their talk;
 * - infinitely many agents: Poisson many of them are busy (mean, share of time at or beyond several
 *   numbers, mean beyond those);
 * - a single agent as fast as all together, which has a line like theirs under load: M/M/1 by
 *   Lindley's recursion. Not with one agent, where it would be the system itself. */

enum { CONTROLS_MAX = 16 };

struct controls {
    unsigned agents;
    double load; /* offered: arrivals x talk */
    double talk; /* mean, in microseconds */
    int64_t warm_up, window;
    size_t windows;

    size_t count;   /* of controls */
    double *values; /* count a window: less their means */
    int64_t *talks; /* heap of when calls end with infinitely many agents */
    size_t talk_count, talk_room;
    int64_t at;  /* counted up to then */
    double line; /* what the single agent still has to do */
    int64_t line_at;
    unsigned marks[3]; /* numbers of busy agents */
    size_t mark_count;
    bool has_line;
};

void controls_init(struct controls *c, unsigned agents, double load, double talk, int64_t warm_up,
                   int64_t window, size_t windows);
void controls_fini(struct controls *c);

/* A caller comes. */
void controls_arrival(struct controls *c, int64_t at, int64_t talk);

/* To be called once, behind the last caller: means are taken off. */
void controls_end(struct controls *c);

/* The mean of `y` over `count` samples, had the controls been as they should; and the standard
 * error, of `count` - `width` - 1 degrees of freedom. */
struct regression {
    double mean, error;
};
struct regression regress(const double *y, const double *x, size_t count, size_t width);

#endif
