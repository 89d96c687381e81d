#include "daemon/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a folder, or of the tables that stand beside the zones, the C library would make UTC. */
static bool is_zone_file(const char *path)
{
    static const char magic[] = {'T', 'Z', 'i', 'f'};
    char head[sizeof magic];
    FILE *file = fopen(path, "re");
    bool is = file != NULL && fread(head, sizeof head, 1, file) == 1 &&
              memcmp(head, magic, sizeof magic) == 0;

    if (file != NULL)
        (void)fclose(file);
    return is;
}

bool zone_is_known(const char *zone)
{
    char path[256];

    if (zone[0] == '\0' || zone[0] == '/' || strstr(zone, "..") != NULL || strlen(zone) >= ZONE_MAX)
        return false;
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
    return strcmp(zone, "UTC") == 0 || is_zone_file(path);
}

void zone_enter(const char *zone)
{
    char value[ZONE_MAX + 1];
    const char *now = getenv("TZ");

    snprintf(value, sizeof value, ":%s", zone);
    if (now != NULL && strcmp(now, value) == 0)
        return;
    setenv("TZ", value, 1);
    tzset();
}

struct tm zone_local(acd_time at)
{
    time_t seconds = (time_t)(at / ACD_SECOND);
    struct tm tm;

    localtime_r(&seconds, &tm);
    return tm;
}

/* How far the clock of the zone is ahead of UTC. */
static time_t ahead_at(time_t at)
{
    struct tm tm;

    localtime_r(&at, &tm);
    return (time_t)tm.tm_gmtoff;
}

uint32_t zone_day(acd_time at)
{
    time_t seconds = (time_t)(at / ACD_SECOND);

    return (uint32_t)((seconds + ahead_at(seconds)) / (24 * 60 * 60));
}

/* mktime would do but for the days on which clocks change: what it makes of a time that comes
 * twice, or never, depends on what it was asked before. */
acd_time zone_instant(const struct tm *tm, int days, int minutes)
{
    enum { DAY = 24 * 60 * 60 }; /* farther than any clock is from UTC */
    struct tm clock = {.tm_year = tm->tm_year,
                       .tm_mon = tm->tm_mon,
                       .tm_mday = tm->tm_mday + days,
                       .tm_min = minutes};
    time_t shown = timegm(&clock);
    time_t before = shown - ahead_at(shown - DAY), after = shown - ahead_at(shown + DAY);
    bool is_before = before + ahead_at(before) == shown,
         is_after = after + ahead_at(after) == shown;

    return (acd_time)(is_before || !is_after ? before : after) * ACD_SECOND;
}
