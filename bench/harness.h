#ifndef ACD_BENCH_HARNESS_H
#define ACD_BENCH_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What every bench is made of: a clock, random numbers from a seed, series of figures with their
 * median and spread, a table for people and RESULT lines for programs.
 *
 * A bench compares by interleaved pairs: ours, theirs, ours, theirs, at least BENCH_PAIRS_MIN
 * times, and gives the median of the ratios of the pairs with their quartiles, so that whatever
 * else the machine does at the time falls on both sides. */

enum { BENCH_PAIRS_MIN = 15, BENCH_SERIES_MAX = 512 };

/* Nanoseconds of the monotonic clock; the read itself costs some 20 to 50 of them. */
uint64_t bench_now_ns(void);

/* Nanoseconds of CPU time that this thread has used: for comparing pieces of work that never wait,
 * without what other processes took meanwhile. */
uint64_t bench_cpu_ns(void);

/* What one read of the monotonic clock costs, in nanoseconds: the median of many. */
double bench_clock_cost_ns(void);

/* Prints why and exits with status 1: a bench that cannot do what it says must not print a result.
 */
_Noreturn void bench_give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The number from 1 to `max` that a text is, or gives up. */
uint32_t bench_number(const char *text, uint32_t max);

/* Zeroed memory, or gives up. */
void *bench_take(size_t count, size_t size);

/* To be called when this process ends, whether by exit or by SIGINT or SIGTERM, the last one given
 * first. By system calls only, since it may be called in a signal's handler. */
void bench_at_end(void (*undo)(void));

/* A new directory, removed with all that is in it when the bench ends: in TMPDIR, or else beside
 * the program in the build. Gives up where nothing stands on a disk, since it is for what is
 * measured with one. */
const char *bench_directory(void);

/* Removes what is in it. */
void bench_directory_clear(void);

/* ---- random numbers ------------------------------------------------------------------------- */

/* xorshift64: the same numbers from the same seed, which must not be 0. */
struct bench_random {
    uint64_t state;
};

static inline uint64_t bench_random(struct bench_random *r)
{
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;
    return r->state;
}

/* Below n, from the upper half of the state; `drawn` is 32 random bits. */
static inline uint32_t bench_scale(uint32_t drawn, uint32_t n)
{
    return (uint32_t)(((uint64_t)drawn * n) >> 32);
}

static inline uint32_t bench_below(struct bench_random *r, uint32_t n)
{
    return bench_scale((uint32_t)(bench_random(r) >> 32), n);
}

/* ---- figures -------------------------------------------------------------------------------- */

/* A figure measured once in each round. Zeroed is empty. */
struct bench_series {
    double values[BENCH_SERIES_MAX];
    size_t count;
};

void bench_add(struct bench_series *s, double value);

/* The value at q (0 to 1) of the sorted series, between two neighbours by proportion; 0 when it is
 * empty. */
double bench_quantile(const struct bench_series *s, double q);

static inline double bench_median(const struct bench_series *s)
{
    return bench_quantile(s, 0.5);
}

/* Sorts `samples` and gives the one at q. */
uint32_t bench_percentile(uint32_t *samples, size_t count, double q);

/* ---- printing ------------------------------------------------------------------------------- */

/* One row: what, the median, its quartiles and extremes. */
void bench_print_head(const char *title, const char *unit);
void bench_print_series(const char *what, const struct bench_series *s);

/* Remembers a result; bench_print_results prints them all, "RESULT key value", as the last lines.
 */
void bench_result(const char *key, double value);

/* The same, and says whether it is at most (or at least) what it must be. */
void bench_must_not_exceed(const char *key, double value, double limit);
void bench_must_reach(const char *key, double value, double limit);

void bench_print_results(void);

#endif
