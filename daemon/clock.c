#include "daemon/clock.h"

#include <time.h>

static const double SLEW_MAX = 0.05;
static const int64_t DAY_MS = 24LL * 3600 * 1000;

static int64_t clock_read_ns(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void clock_start(struct clock *c, double rate, acd_time not_before)
{
    acd_time wall = clock_read_ns(CLOCK_REALTIME) / 1000;

    c->base_ns = clock_read_ns(CLOCK_MONOTONIC);
    c->base = wall > not_before ? wall : not_before;
    c->rate = rate;
    c->slew = 0;
    c->last = c->base;
}

uint32_t clock_epoch(void)
{
    uint32_t epoch = (uint32_t)(clock_read_ns(CLOCK_REALTIME) / 1000000);

    return epoch == 0 ? 1 : epoch; /* 0 is none */
}

acd_time clock_now(struct clock *c)
{
    int64_t passed_ns = clock_read_ns(CLOCK_MONOTONIC) - c->base_ns;
    acd_time now = c->base + (acd_time)((double)passed_ns / 1000 * (c->rate + c->slew));

    if (now > c->last)
        c->last = now;
    return c->last;
}

void clock_discipline(struct clock *c)
{
    double behind;
    acd_time wall;

    if (c->rate != 1)
        return;
    c->base = clock_now(c);
    c->base_ns = clock_read_ns(CLOCK_MONOTONIC);
    wall = clock_read_ns(CLOCK_REALTIME) / 1000;
    behind = (double)(wall - c->base) / 1e6;
    c->slew = behind > SLEW_MAX ? SLEW_MAX : behind < -SLEW_MAX ? -SLEW_MAX : behind;
}

uint64_t clock_ms_until(const struct clock *c, acd_span span)
{
    double ms = span <= 0 ? 0 : (double)span / 1000 / (c->rate + c->slew);

    return ms >= (double)DAY_MS ? (uint64_t)DAY_MS : (uint64_t)ms + (span > 0);
}
