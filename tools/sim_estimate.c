#include <math.h>

#include "tools/sim.h"

/* Ratios of sums, and how far off they may be. */

static const double HALF_PI = 1.57079632679489661923;

/* z below which a normal draw stays with probability p, 1/2 <= p < 1. */
static double normal_quantile(double p)
{
    double low = 0, high = 40;

    for (int i = 0; i < 80; i++) {
        double middle = (low + high) / 2;

        if (0.5 * erfc(middle / sqrt(2)) > 1 - p)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* G. W. Hill, Algorithm 396: Student's t-quantiles, CACM 13 (1970) 619-620. `tail`: of both. */
static double hill(double n, double tail)
{
    double a = 1 / (n - 0.5), b = 48 / (a * a);
    double c = ((20700 * a / b - 98) * a - 16) * a + 96.36;
    double d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * HALF_PI) * n;
    double y = pow(d * tail, 2 / n), x;

    if (y <= 0.05 + a) {
        y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y -
             1) *
                (n + 1) / (n + 2) +
            1 / y;
        return sqrt(n * y);
    }
    x = -normal_quantile(1 - tail / 2);
    y = x * x;
    if (n < 5)
        c += 0.3 * (n - 4.5) * (x + 0.6);
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y = a * y * y;
    return sqrt(n * (y > 0.002 ? expm1(y) : 0.5 * y * y + y));
}

double sim_student(double degrees, double confidence)
{
    double tail = 1 - confidence;

    if (degrees < 1.5)
        return tan(HALF_PI * confidence);
    if (degrees < 2.5)
        return sqrt(2 / (tail * (2 - tail)) - 2);
    return hill(degrees, tail);
}

struct sim_estimate sim_ratio(const double *above, const double *below, size_t count,
                              double confidence)
{
    double n = (double)count, sum_above = 0, sum_below = 0, square = 0;
    struct sim_estimate e = {NAN, NAN};

    for (size_t i = 0; i < count; i++)
        sum_above += above[i], sum_below += below[i];
    if (sum_below == 0)
        return e;
    e.value = sum_above / sum_below;
    if (count < 2)
        return e;
    for (size_t i = 0; i < count; i++) {
        double off = above[i] - e.value * below[i];

        square += off * off;
    }
    e.half = sim_student(n - 1, confidence) * sqrt(square * n / (n - 1)) / sum_below;
    return e;
}
