#ifndef ACD_HOURS_H
#define ACD_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/zone.h"
#include "engine/acd.h"

/* Business hours: in a time zone, on days of the week, with days that are otherwise.
 *
 *     mon-fri 08:00-12:00 13:00-18:00     days, and from when to when
 *     sat 22:00-02:00                     over midnight: it belongs to the day on which it begins
 *     daily 00:00-24:00                   always
 *     2026-12-24 08:00-12:00              that day, in place of its day of the week
 *     2026-12-25 closed
 *
 * Any thread may read such lines; only the loop's may ask, as of zones. */

enum { HOURS_RULES_MAX = ACD_CALENDAR_TIMES_MAX, HOURS_RANGES_MAX = 6, HOURS_ZONE_MAX = ZONE_MAX };

struct hours_range {
    uint16_t from, to; /* minutes of the day; to <= from: until then on the next day */
};

struct hours_rule {
    uint8_t days;  /* a bit a day of the week, Sunday the lowest; 0: a date */
    int32_t date;  /* year x 10,000 + month x 100 + day */
    uint8_t count; /* ranges; 0: closed */
    struct hours_range ranges[HOURS_RANGES_MAX];
};

struct hours {
    char zone[HOURS_ZONE_MAX];
    struct hours_rule rules[HOURS_RULES_MAX];
    size_t count;
};

/* Sets the zone; false when the system knows none of that name. */
bool hours_zone(struct hours *h, const char *zone);

/* Adds a line like those above. Returns NULL, or what is wrong with it. */
const char *hours_add(struct hours *h, const char *line);

/* Whether two have the same lines: in which order does not matter. */
bool hours_same(const struct hours *a, const struct hours *b);

/* Whether it is open at a time, and *until when that stays so: at most some 400 days from then. */
bool hours_open(const struct hours *h, acd_time at, acd_time *until);

#endif
