#ifndef ACD_ZONE_H
#define ACD_ZONE_H

#include <stdbool.h>
#include <time.h>

#include "engine/acd.h"

/* Time zones: those of the system's tz data, through the C library's own reading of it. That stands
 * in the process's TZ, so only one thread, the loop's, may ask for times; which zones there are any
 * may. When the clocks go forward a time
 * that does not exist is as much later; when they go back, one that comes twice is the first. */

enum { ZONE_MAX = 64 };

/* Whether the system knows a zone of that name. UTC it always does. */
bool zone_is_known(const char *zone);

/* What follows is of that zone. */
void zone_enter(const char *zone);

struct tm zone_local(acd_time at);

/* The number of the local day, from 0, which is that of 1970-01-01. */
uint32_t zone_day(acd_time at);

/* The time of a minute of the local day that is `days` after that of `tm`. */
acd_time zone_instant(const struct tm *tm, int days, int minutes);

#endif
