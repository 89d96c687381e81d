#include "daemon/reporting.h"

#include <stdlib.h>

#include "daemon/zone.h"

enum { DAYS_AROUND = 3660 };

static bool zone_add(struct reporting *r, const char *name, acd_time now)
{
    acd_time *days = malloc((2 * DAYS_AROUND + 1) * sizeof *days);
    struct tm tm;

    if (days == NULL)
        return false;
    zone_enter(name);
    tm = zone_local(now);
    for (int i = 0; i <= 2 * DAYS_AROUND; i++)
        days[i] = zone_instant(&tm, i - DAYS_AROUND, 0);
    r->zones[r->count++] = (struct acd_fold_zone){name, days, 2 * DAYS_AROUND + 1};
    return true;
}

bool reporting_make(struct reporting *r, const struct config_store *c, acd_time now)
{
    bool made;

    r->count = 0;
    made = zone_add(r, "UTC", now);
    for (size_t i = 0; made && i < c->zone_count; i++)
        made = zone_add(r, c->zones[i], now);
    if (!made)
        reporting_free(r);
    return made;
}

void reporting_free(struct reporting *r)
{
    for (size_t i = 0; i < r->count; i++)
        free((void *)(uintptr_t)r->zones[i].days);
    r->count = 0;
}
