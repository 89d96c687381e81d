/* The wallboard's day: its first quarter of an hour, and how many it has, by the clock of a zone.
 */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/e2e/check.h"
#include "tools/web/board.h"

/* The quarter since 1970 that a time, as UTC's clock shows it, is of. */
static int64_t bin_at(const char *utc)
{
    struct tm tm = {0};

    CHECK(strptime(utc, "%Y-%m-%d %H:%M", &tm) != NULL);
    return timegm(&tm) / (15 * 60);
}

static void test_days(void)
{
    static const struct {
        const char *zone, *at, *begins;
        int bins;
    } days[] = {
        {"UTC", "2026-11-27 03:44", "2026-11-27 00:00", 96},
        {"Europe/Berlin", "2026-11-27 23:44", "2026-11-27 23:00", 96},
        {"Europe/Berlin", "2026-03-29 21:59", "2026-03-28 23:00", 92}, /* clocks go forward ... */
        {"Europe/Berlin", "2026-03-29 22:00", "2026-03-29 22:00", 96},
        {"Europe/Berlin", "2026-10-24 22:00", "2026-10-24 22:00", 100}, /* ... and back */
        {"Europe/Berlin", "2026-10-25 22:59", "2026-10-24 22:00", 100},
        {"Asia/Kathmandu", "2026-11-27 18:14", "2026-11-26 18:15", 96},
        {"Australia/Lord_Howe", "2026-04-04 20:00", "2026-04-04 13:00", 98},
        {"Antarctica/Troll", "2026-10-25 12:00", "2026-10-24 22:00", 104},
        {"America/Sao_Paulo", "2018-11-04 12:00", "2018-11-04 03:00", 92}, /* it has no midnight */
        {"Nowhere/Else", "2026-11-27 03:44", "2026-11-27 00:00", 96},
    };
    struct board_day day = {.zone = ""};

    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        board_day_of(&day, days[i].zone, bin_at(days[i].at));
        if (!CHECK(day.first == bin_at(days[i].begins) && day.bins == days[i].bins) ||
            !CHECK(strcmp(day.zone, days[i].zone) == 0))
            fprintf(stderr, "%s in %s: %d quarters\n", days[i].at, days[i].zone, day.bins);
    }
}

int main(void)
{
    test_days();
    return check_failures() == 0 ? 0 : 1;
}
