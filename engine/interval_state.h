#ifndef ACD_INTERVAL_STATE_H
#define ACD_INTERVAL_STATE_H

#include "engine/acd.h"

/* What is counted in an interval of 15 minutes; docs/METRICS.md says what each figure means.
 *
 * Everything carries the number of the interval that it was counted in. What carries an older one
 * is stale, and as good as zero, until something is counted anew; so an interval turns at no cost.
 * While none are kept the present number is 0, as it is of what was never counted: then everything
 * goes where nobody looks. */

#define INTERVAL_LENGTH ((acd_span)15 * 60 * ACD_SECOND)

/* Of a day (`turn` is its number), or of an interval. */
struct sums {
    uint32_t turn;
#define F(type, name, doc) ACD_CTYPE_##type name;
    ACD_SUMS_FIELDS
#undef F
};

/* What else is counted of a queue on the day of its sums. */
struct queue_today {
#define F(type, name, doc) ACD_CTYPE_##type name;
    ACD_QUEUE_TODAY_FIELDS
#undef F
};

struct queue_interval {
    struct sums sums;
#define F(type, name, doc) ACD_CTYPE_##type name;
    ACD_QUEUE_INTERVAL_FIELDS
#undef F
};

/* Activities whose time is counted: from the first on. */
enum {
    TIMED_FROM = ACD_ACTIVITY_NOT_READY,
    TIMED = ACD_ACTIVITY_NO_DEVICE - TIMED_FROM + 1,
    TIMED_REASONS = 7
};

/* An agent's, two cache lines: the first is what a plain call touches. No time of one interval
 * needs more than 32 bits. */
struct agent_interval {
    acd_time until; /* what it was doing is counted up to then */
    uint32_t number;
    uint8_t held;    /* of its calls, as many are on hold */
    bool on_hold;    /* all are, and it has any: while busy, its time is hold */
    uint16_t unused; /* so that there is no gap */
    uint32_t offers, answered, handled, no_answers;
    acd_span talk;
    uint32_t in[TIMED]; /* by activity; of busy, the talk */
    uint32_t in_hold, rejected;
    acd_span hold, wrap_up;
    uint32_t in_reason[TIMED_REASONS]; /* of not_ready, by the codes 1 to 7 */
    uint32_t unused_too;
};
_Static_assert(sizeof(struct agent_interval) == 128, "an agent's interval is two cache lines");

/* Waits are rows by 64 buckets. */
enum {
    WAITS_PER_ROW = 64,
    WAITS_ROWS = (ACD_WAITS + WAITS_PER_ROW - 1) / WAITS_PER_ROW, /* of answered; as many of ... */
    WAITS_ROWS_OF_QUEUE = 2 * WAITS_ROWS                          /* ... abandoned */
};

#endif
