#ifndef ACD_CONFIG_H
#define ACD_CONFIG_H

#include "daemon/config_store.h"
#include "daemon/log.h"
#include "daemon/tenant.h"
#include "daemon/zone.h"
#include "engine/acd.h"
#include "proto/acd_defaults.h"

/* What the daemon is told: defaults, then the configuration file, then flags, the later winning.
 * See acdd(8) for each. */

enum { CONFIG_URLS_EACH = 8, CONFIG_URLS_MAX = CONFIG_URLS_EACH * (1 + TENANTS_MAX) };

struct urls {
    char url[CONFIG_URLS_MAX][ACD_URL_MAX];
    uint8_t tenant[CONFIG_URLS_MAX]; /* whose: its number from 1, or 0: the house's */
    int count;
};

struct config {
    const char *file;            /* NULL: none */
    struct urls listen, publish; /* the house's first, then the tenants' */
    struct tenant tenants[TENANTS_MAX];
    struct urls tenants_listen, tenants_publish; /* the same of these alone */
    uint32_t tenant_count;
    enum log_level log_level;
    bool level_given; /* by a flag, which wins over the file whenever that is read */
    double clock_rate;
    char day_zone[ZONE_MAX];  /* whose midnight is that of today's counters */
    size_t out_bytes_max;     /* unsent replies, or publications, of one connection */
    uint32_t connections_max; /* of one socket */
    struct acd_limits limits;
    struct config_store store;
    bool realtime;   /* the loop's thread: SCHED_RR */
    bool check_only; /* --check: read, judge the limits too, exit */
};

/* Reads flags and file. On --help and --version prints and exits 0; on a fault says what and where
 * on standard error and exits 2 (flags) or 1 (file). */
void config_read(struct config *c, int argc, char **argv);

/* Reads the file again. What may change while running is taken over: log_level and day_zone.
 * Returns false, with nothing changed and the reason logged, when the file is faulty. */
bool config_reload(struct config *c);

#endif
