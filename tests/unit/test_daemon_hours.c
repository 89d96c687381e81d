#include <criterion/criterion.h>
#include <time.h>

#include "daemon/hours.h"

/* Business hours: what is read, and when it is open, over midnight, holidays and changes of the
 * clocks. */

static struct hours hours_of(const char *zone, const char *const *lines)
{
    struct hours h = {.count = 0};

    cr_assert(hours_zone(&h, zone), "%s", zone);
    for (; *lines != NULL; lines++)
        cr_assert_null(hours_add(&h, *lines), "%s", *lines);
    return h;
}

#define HOURS(zone, ...) hours_of((zone), (const char *const[]){__VA_ARGS__, NULL})

/* A time in UTC: "2026-11-26 05:30". */
static acd_time utc(const char *text)
{
    struct tm tm = {.tm_isdst = 0};

    cr_assert_not_null(strptime(text, "%Y-%m-%d %H:%M", &tm));
    return (acd_time)timegm(&tm) * ACD_SECOND;
}

static void is(const struct hours *h, const char *at, bool open, const char *until)
{
    acd_time next;

    cr_assert_eq(hours_open(h, utc(at), &next), open, "%s", at);
    cr_assert_eq(next, utc(until), "%s until %lld, not %s", at, (long long)(next / ACD_SECOND),
                 until);
}

Test(hours, weekdays_in_a_zone)
{
    struct hours h = HOURS("Europe/Berlin", "mon-fri 08:00-12:00 13:00-18:00");

    is(&h, "2026-11-26 06:59", false, "2026-11-26 07:00"); /* a Thursday, UTC+1 */
    is(&h, "2026-11-26 07:00", true, "2026-11-26 11:00");
    is(&h, "2026-11-26 11:30", false, "2026-11-26 12:00");
    is(&h, "2026-11-27 16:59", true, "2026-11-27 17:00");
    is(&h, "2026-11-27 17:00", false, "2026-11-30 07:00");
    is(&h, "2026-07-01 06:00", true, "2026-07-01 10:00"); /* summer, UTC+2 */
}

Test(hours, lines_in_another_order_are_the_same)
{
    struct hours h = HOURS("UTC", "sun closed", "daily 00:00-24:00", "mon 08:00-09:00");
    struct hours moved = HOURS("UTC", "daily 00:00-24:00", "mon 08:00-09:00", "sun closed");
    struct hours fewer = HOURS("UTC", "daily 00:00-24:00", "sun closed");
    struct hours other = HOURS("UTC", "daily 00:00-24:00", "mon 08:00-09:01", "sun closed");
    struct hours there =
        HOURS("Europe/Berlin", "sun closed", "daily 00:00-24:00", "mon 08:00-09:00");
    struct hours none = {.zone = "UTC"};

    cr_assert(hours_same(&h, &h) && hours_same(&h, &moved) && hours_same(&moved, &h));
    cr_assert(!hours_same(&h, &fewer) && !hours_same(&fewer, &h));
    cr_assert(!hours_same(&h, &other) && !hours_same(&h, &there));
    cr_assert(!hours_same(&h, &none) && !hours_same(&none, &h) && hours_same(&none, &none));
}

Test(hours, over_midnight)
{
    struct hours h = HOURS("UTC", "sat 22:00-02:00");

    is(&h, "2026-11-28 21:59", false, "2026-11-28 22:00");
    is(&h, "2026-11-28 23:00", true, "2026-11-29 02:00");
    is(&h, "2026-11-29 01:59", true, "2026-11-29 02:00");
    is(&h, "2026-11-29 02:00", false, "2026-12-05 22:00");
}

/* A date takes the place of its day; what began the evening before goes on. */
Test(hours, holidays)
{
    struct hours h =
        HOURS("UTC", "daily 18:00-04:00", "2026-12-24 08:00-12:00", "2026-12-25 closed");

    is(&h, "2026-12-24 03:00", true, "2026-12-24 04:00");
    is(&h, "2026-12-24 09:00", true, "2026-12-24 12:00");
    is(&h, "2026-12-24 19:00", false, "2026-12-26 18:00");
}

Test(hours, always_and_never)
{
    struct hours always = HOURS("UTC", "daily 00:00-24:00"), never = HOURS("UTC", "mon closed");
    acd_time until;

    cr_assert(hours_open(&always, utc("2026-11-26 05:00"), &until));
    cr_assert_geq(until, utc("2027-11-26 00:00"));
    cr_assert_not(hours_open(&never, utc("2026-11-26 05:00"), &until));
    cr_assert_geq(until, utc("2027-11-26 00:00"));
}

/* 02:30 does not exist on 2026-03-29 in Berlin, and comes twice on 2026-10-25. */
Test(hours, clocks_change)
{
    struct hours h = HOURS("Europe/Berlin", "daily 02:30-06:00");

    is(&h, "2026-03-29 00:00", false, "2026-03-29 01:30");
    is(&h, "2026-03-29 02:00", true, "2026-03-29 04:00");
    is(&h, "2026-10-25 04:00", true, "2026-10-25 05:00");
    cr_assert(hours_zone(&h, "America/New_York"));
    is(&h, "2026-11-26 07:30", true, "2026-11-26 11:00");
}

/* A day's number is that of the local date. */
Test(hours, days_have_numbers)
{
    static const uint32_t day = 20783; /* 2026-11-26 */

    zone_enter("UTC");
    cr_assert_eq(zone_day(utc("2026-11-26 00:00")), day);
    cr_assert_eq(zone_day(utc("2026-11-25 23:59")), day - 1);
    zone_enter("Europe/Berlin");
    cr_assert_eq(zone_day(utc("2026-11-25 23:00")), day);
    cr_assert_eq(zone_day(utc("2026-11-25 22:59")), day - 1);
    cr_assert_eq(zone_day(utc("2026-07-01 22:00")), zone_day(utc("2026-07-02 21:59")));
    zone_enter("America/New_York");
    cr_assert_eq(zone_day(utc("2026-11-26 04:59")), day - 1);
    cr_assert_eq(zone_day(utc("2026-11-26 05:00")), day);
}

Test(hours, days_are_lists_and_ranges)
{
    struct hours h = HOURS("UTC", "fri-mon,wed 10:00-11:00");

    is(&h, "2026-11-26 10:30", false, "2026-11-27 10:00"); /* Thursday */
    is(&h, "2026-11-29 10:30", true, "2026-11-29 11:00");
    is(&h, "2026-11-30 12:00", false, "2026-12-02 10:00"); /* Monday, then Wednesday */
}

Test(hours, faults)
{
    static const char *const lines[] = {
        "",
        "monday 08:00-12:00",
        "mon",
        "mon 8:00-12:00",
        "mon 08:00",
        "mon 25:00-26:00",
        "mon 24:00-02:00",
        "mon 08:60-09:00",
        "mon 08:00-12:00 ",
        "2026-02-30 closed",
        "2026-1-1 closed",
        "mon- 08:00-12:00",
        "mon, 08:00-12:00",
        "mon closed 08:00-12:00",
        "mon 00:00-01:00 01:00-02:00 02:00-03:00 03:00-04:00 04:00-05:00 05:00-06:00 06:00-07:00",
    };
    struct hours h = {.count = 0};

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        cr_assert_not_null(hours_add(&h, lines[i]), "%s", lines[i]);
    cr_assert_eq(h.count, 0);
    cr_assert_not(hours_zone(&h, "Europe/Nowhere"));
    cr_assert_not(hours_zone(&h, "../../etc/passwd"));
    cr_assert_not(hours_zone(&h, "/etc/passwd"));
    cr_assert_not(hours_zone(&h, ""));
    cr_assert_not(hours_zone(&h, "Europe"));
    cr_assert_not(hours_zone(&h, "zone.tab"));
    cr_assert(hours_zone(&h, "UTC") && hours_zone(&h, "Asia/Kathmandu"));
}
