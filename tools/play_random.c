#include "tools/play_random.h"

#include <math.h>

/* splitmix64 (Steele, Lea, Flood 2014): a counter and a mixer, good enough for a play. */

static const double TWO_PI = 6.28318530717958647692;

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct random random_seeded(uint64_t seed, uint64_t a, uint64_t b)
{
    const uint64_t step = UINT64_C(0x9e3779b97f4a7c15);

    return (struct random){mix(mix(mix(seed + step) + a * step) + b * step)};
}

uint64_t random_next(struct random *r)
{
    r->state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(r->state);
}

uint32_t random_below(struct random *r, uint32_t n)
{
    return (uint32_t)(((random_next(r) >> 32) * n) >> 32);
}

double random_unit(struct random *r)
{
    return ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;
}

double random_normal(struct random *r)
{
    double radius = sqrt(-2 * log(random_unit(r)));

    return radius * cos(TWO_PI * random_unit(r));
}

bool random_chance(struct random *r, double p)
{
    return random_unit(r) < p;
}

static acd_span whole_ms(double us)
{
    return (acd_span)(us / 1000) * ACD_MS;
}

acd_span random_between(struct random *r, acd_span from, acd_span to)
{
    return from + whole_ms(random_unit(r) * (double)(to - from));
}

acd_span random_exponential(struct random *r, acd_span mean)
{
    return whole_ms(-log(random_unit(r)) * (double)mean);
}

acd_span random_lognormal(struct random *r, acd_span median, double sigma)
{
    return whole_ms((double)median * exp(sigma * random_normal(r)));
}

uint32_t random_weighted(struct random *r, const double *weights, uint32_t count)
{
    double sum = 0, left;

    for (uint32_t i = 0; i < count; i++)
        sum += weights[i];
    left = random_unit(r) * sum;
    for (uint32_t i = 0; i + 1 < count; i++) {
        left -= weights[i];
        if (left < 0)
            return i;
    }
    return count - 1;
}
