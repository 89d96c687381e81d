#include "bench/theory/erlang.h"

#include <math.h>

struct erlang erlang_c(unsigned n, double load, double threshold)
{
    double blocked = 1, free_agents = n - load, delayed;

    for (unsigned i = 1; i <= n; i++) /* Erlang B, agent by agent */
        blocked = load * blocked / (i + load * blocked);
    delayed = n * blocked / (n - load * (1 - blocked));
    return (struct erlang){.delayed = delayed,
                           .wait = delayed / free_agents,
                           .in_time = 1 - delayed * exp(-free_agents * threshold),
                           .occupancy = load / n};
}

/* Palm's model is a birth and death process: state i has i calls, and is left downwards at the rate
 * min(i, n) + loss x max(0, i - n). Weights are relative to state n, so that none is too great. */
struct erlang erlang_a(unsigned n, double load, double loss)
{
    double below = 0, busy = 0, from_n = 1, waiting = 0, weight = 1;

    for (unsigned i = n; i > 0; i--) {
        weight *= i / load;
        below += weight;
        busy += (i - 1) * weight;
    }
    weight = 1;
    busy += n;
    for (unsigned i = 1; weight > 1e-18 || i < load; i++) {
        weight *= load / (n + i * loss);
        from_n += weight;
        busy += n * weight;
        waiting += i * weight;
    }
    return (struct erlang){.delayed = from_n / (below + from_n),
                           .wait = waiting / (below + from_n) / load,
                           .abandoned = loss * waiting / (below + from_n) / load,
                           .occupancy = busy / (below + from_n) / n};
}

static double poisson(unsigned i, double load)
{
    return exp(i * log(load) - load - lgamma(i + 1.0));
}

double poisson_reaches(unsigned n, double load)
{
    double sum = 0;

    for (unsigned i = 0; i < n; i++)
        sum += poisson(i, load);
    return 1 - sum;
}

/* E max(0, Y - n) = load P(Y >= n - 1) - n P(Y >= n) + ..., written with the sums of both. */
double poisson_beyond(unsigned n, double load)
{
    double at_least = poisson_reaches(n, load);

    return load * (at_least + (n > 0 ? poisson(n - 1, load) : 0)) - n * at_least;
}
