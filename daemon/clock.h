#ifndef ACD_CLOCK_H
#define ACD_CLOCK_H

#include "engine/acd.h"

/* The daemon's clock, the only reader of one: monotonic time plus an offset. At rate 1 the offset
 * is slewed towards the wall clock, by at most 5 % of the time that passes, so a wall clock that is
 * stepped neither stalls a timer nor fires it early by more than that. At any other rate, for
 * demonstrations and tests, it runs free. It never runs backwards. */

struct clock {
    int64_t base_ns; /* monotonic, at the last adjustment */
    acd_time base;   /* what the clock showed then */
    double rate;     /* as configured */
    double slew;     /* added to the rate for now */
    acd_time last;   /* what it showed last */
};

/* Starts at the wall clock's time, or at `not_before` if that is later. rate > 0. */
void clock_start(struct clock *c, double rate, acd_time not_before);

/* An epoch that no other start has had: the wall clock's milliseconds, as far as they go. */
uint32_t clock_epoch(void);

/* What it shows now. */
acd_time clock_now(struct clock *c);

/* Looks at the wall clock and sets the slew; to be called about once a second. */
void clock_discipline(struct clock *c);

/* How many real milliseconds, rounded up, pass until the clock has moved on by `span`. */
uint64_t clock_ms_until(const struct clock *c, acd_span span);

#endif
