#include "daemon/pieces.h"

#include <stdlib.h>

#include "daemon/zone.h"

static const acd_span QUARTER = (acd_span)15 * 60 * ACD_SECOND;

/* The day that a time is in. */
struct pieces_day {
    acd_time start, end;
};

static struct pieces_day day_of(acd_time at)
{
    struct tm tm = zone_local(at);

    return (struct pieces_day){zone_instant(&tm, 0, 0), zone_instant(&tm, 1, 0)};
}

static acd_time week_end(acd_time at)
{
    struct tm tm = zone_local(at);

    return zone_instant(&tm, 7 - (tm.tm_wday + 6) % 7, 0);
}

static acd_time month_end(acd_time at)
{
    struct tm tm = zone_local(at);

    tm.tm_mon++;
    tm.tm_mday = 1;
    return zone_instant(&tm, 0, 0);
}

/* Parts of a day are counted from its beginning, whatever the clocks do on it. */
static acd_time part_end(struct pieces_day *day, acd_time at, acd_span length)
{
    acd_time end;

    if (at >= day->end)
        *day = day_of(at);
    end = day->start + ((at - day->start) / length + 1) * length;
    return end < day->end ? end : day->end;
}

static acd_time piece_end(uint8_t fold, struct pieces_day *day, acd_time at)
{
    switch (fold) {
    case ACD_FOLD_QUARTER: return part_end(day, at, QUARTER);
    case ACD_FOLD_HALF: return part_end(day, at, 2 * QUARTER);
    case ACD_FOLD_HOUR: return part_end(day, at, 4 * QUARTER);
    case ACD_FOLD_DAY: return day_of(at).end;
    case ACD_FOLD_WEEK: return week_end(at);
    case ACD_FOLD_MONTH: return month_end(at);
    default: return ACD_FOREVER;
    }
}

int pieces_make(uint8_t fold, const char *zone, acd_time from, acd_time to, acd_time **bounds,
                uint32_t *pieces)
{
    struct pieces_day day = {0, 0};
    acd_time at = from - from % QUARTER, last = to + (QUARTER - to % QUARTER) % QUARTER;

    if (from <= 0 || to <= from || to > ACD_FOREVER / 2)
        return ACD_INVALID;
    if (!zone_is_known(zone))
        return ACD_NOT_FOUND;
    *bounds = malloc((PIECES_MAX + 1) * sizeof **bounds);
    if (*bounds == NULL)
        return ACD_NO_MEMORY;
    zone_enter(zone);
    (*bounds)[0] = at;
    for (*pieces = 0; at < last && *pieces < PIECES_MAX; (*bounds)[*pieces] = at) {
        acd_time end = piece_end(fold, &day, at);

        at = end < last ? end : last;
        ++*pieces;
    }
    if (at == last)
        return ACD_OK;
    free(*bounds);
    *bounds = NULL;
    return ACD_TOO_LONG;
}
