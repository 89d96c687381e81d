#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/pieces.h"

/* Time cut into pieces: days of a zone when the clocks change, weeks from Monday on, months, parts
 * of a day. */

static acd_time utc(const char *text)
{
    struct tm tm = {.tm_isdst = 0};

    cr_assert_not_null(strptime(text, "%Y-%m-%d %H:%M", &tm));
    return (acd_time)timegm(&tm) * ACD_SECOND;
}

/* The bounds that are wanted, up to NULL. */
static void are(uint8_t fold, const char *zone, const char *from, const char *to,
                const char *const *wanted)
{
    acd_time *bounds;
    uint32_t pieces, n = 0;

    cr_assert_eq(pieces_make(fold, zone, utc(from), utc(to), &bounds, &pieces), ACD_OK);
    for (; wanted[n] != NULL; n++) {
        cr_assert_leq(n, pieces);
        cr_assert_eq(bounds[n], utc(wanted[n]), "piece %u ends at %lld, not %s", n,
                     (long long)(bounds[n] / ACD_SECOND), wanted[n]);
    }
    cr_assert_eq(n, pieces + 1);
    free(bounds);
}

#define ARE(fold, zone, from, to, ...)                                                             \
    are((fold), (zone), (from), (to), (const char *const[]){__VA_ARGS__, NULL})

Test(pieces, days_of_a_zone)
{
    ARE(ACD_FOLD_DAY, "UTC", "2026-03-28 05:00", "2026-03-30 01:00", "2026-03-28 05:00",
        "2026-03-29 00:00", "2026-03-30 00:00", "2026-03-30 01:00");
    /* 23 hours, since the clocks go forward at 01:00 UTC. */
    ARE(ACD_FOLD_DAY, "Europe/Berlin", "2026-03-28 23:00", "2026-03-30 22:00", "2026-03-28 23:00",
        "2026-03-29 22:00", "2026-03-30 22:00");
    ARE(ACD_FOLD_DAY, "Asia/Kathmandu", "2026-01-01 18:15", "2026-01-02 18:15", "2026-01-01 18:15",
        "2026-01-02 18:15");
}

Test(pieces, weeks_and_months)
{
    ARE(ACD_FOLD_WEEK, "UTC", "2026-11-26 00:00", "2026-12-08 00:00", "2026-11-26 00:00",
        "2026-11-30 00:00", "2026-12-07 00:00", "2026-12-08 00:00");
    ARE(ACD_FOLD_MONTH, "America/New_York", "2026-10-31 00:00", "2027-01-01 05:00",
        "2026-10-31 00:00", "2026-11-01 04:00", "2026-12-01 05:00", "2027-01-01 05:00");
}

Test(pieces, parts_of_a_day)
{
    ARE(ACD_FOLD_QUARTER, "UTC", "2026-01-01 10:07", "2026-01-01 10:31", "2026-01-01 10:00",
        "2026-01-01 10:15", "2026-01-01 10:30", "2026-01-01 10:45");
    ARE(ACD_FOLD_HALF, "UTC", "2026-01-01 10:15", "2026-01-01 11:00", "2026-01-01 10:15",
        "2026-01-01 10:30", "2026-01-01 11:00");
    /* Local hours, of a zone that is 5:45 ahead. */
    ARE(ACD_FOLD_HOUR, "Asia/Kathmandu", "2026-01-01 10:00", "2026-01-01 12:00", "2026-01-01 10:00",
        "2026-01-01 10:15", "2026-01-01 11:15", "2026-01-01 12:00");
    /* The day that has an hour twice has 25. */
    ARE(ACD_FOLD_HOUR, "Europe/Berlin", "2026-10-25 00:00", "2026-10-25 03:00", "2026-10-25 00:00",
        "2026-10-25 01:00", "2026-10-25 02:00", "2026-10-25 03:00");
}

Test(pieces, whole_and_faults)
{
    acd_time *bounds;
    uint32_t pieces;

    ARE(ACD_FOLD_WHOLE, "UTC", "2026-01-01 10:00", "2027-01-01 12:00", "2026-01-01 10:00",
        "2027-01-01 12:00");
    cr_assert_eq(pieces_make(ACD_FOLD_DAY, "Mars/Olympus", 1, ACD_SECOND, &bounds, &pieces),
                 ACD_NOT_FOUND);
    cr_assert_eq(pieces_make(ACD_FOLD_DAY, "UTC", ACD_SECOND, ACD_SECOND, &bounds, &pieces),
                 ACD_INVALID);
    cr_assert_eq(pieces_make(ACD_FOLD_QUARTER, "UTC", utc("2020-01-01 00:00"),
                             utc("2023-01-01 00:00"), &bounds, &pieces),
                 ACD_TOO_LONG);
}
