/* The day that the board is of: the daemon's today, which begins at midnight of its day_zone.
 *
 * Happy path: from the present quarter of an hour one goes back, and on, as long as the clock of
 * the zone shows the same date. So a day on which clocks change has the quarters that it has.
 *
 * Failure modes: a zone that this system does not know is taken for UTC, as the C library does. */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/web/board.h"

/* The process's clock is the zone's from here on; nothing else here tells local times. */
static void enter_zone(const char *zone)
{
    char value[BOARD_ZONE_MAX + 1];

    snprintf(value, sizeof value, ":%s", zone);
    setenv("TZ", value, 1);
    tzset();
}

/* Of the month: nobody is a month from the present quarter. */
static int date_at(int64_t bin)
{
    const time_t at = (time_t)(bin * (BOARD_BIN / ACD_SECOND));
    struct tm tm;

    localtime_r(&at, &tm);
    return tm.tm_mday;
}

void board_day_of(struct board_day *d, const char *zone, int64_t bin)
{
    int date;

    if (strcmp(d->zone, zone) != 0) {
        snprintf(d->zone, sizeof d->zone, "%s", zone);
        enter_zone(zone);
    }
    date = date_at(bin);
    d->first = bin;
    while (bin - d->first < BOARD_BINS - 1 && date_at(d->first - 1) == date)
        d->first--;
    d->bins = (int)(bin - d->first) + 1;
    while (d->bins < BOARD_BINS && date_at(d->first + d->bins) == date)
        d->bins++;
}
