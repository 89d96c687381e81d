#ifndef PLAY_RANDOM_H
#define PLAY_RANDOM_H

#include "engine/acd.h"

/* Seeded draws: the same seed, the same draws, on every machine that rounds as IEEE does. Spans are
 * whole milliseconds. */

struct random {
    uint64_t state;
};

/* A stream of its own for each (seed, a, b), whatever is drawn from the others. */
struct random random_seeded(uint64_t seed, uint64_t a, uint64_t b);

uint64_t random_next(struct random *r);

/* 0 <= x < n; n > 0. */
uint32_t random_below(struct random *r, uint32_t n);

/* 0 < x < 1. */
double random_unit(struct random *r);
/* Of mean 0 and standard deviation 1. */
double random_normal(struct random *r);
bool random_chance(struct random *r, double p);

/* from <= x < to. */
acd_span random_between(struct random *r, acd_span from, acd_span to);
acd_span random_exponential(struct random *r, acd_span mean);

/* sigma is that of the logarithm. */
acd_span random_lognormal(struct random *r, acd_span median, double sigma);

/* An index below `count`, each as likely as its weight; their sum is above 0. */
uint32_t random_weighted(struct random *r, const double *weights, uint32_t count);

#endif
