#ifndef ACD_REPORTING_H
#define ACD_REPORTING_H

#include "daemon/config_store.h"
#include "persist/acd_persist.h"

/* Reporting zones: those whose days are kept added up. UTC is one in any case. */

struct reporting {
    struct acd_fold_zone zones[CONFIG_ZONES_MAX + 1];
    size_t count;
};

/* When their days begin, from ten years before a time to ten years behind it; a daemon that runs
 * longer keeps no more days, and adds them up when they are asked for. False without memory. Only
 * of the loop's thread. */
bool reporting_make(struct reporting *r, const struct config_store *c, acd_time now);
void reporting_free(struct reporting *r);

#endif
