#ifndef ACD_CONFIG_CALENDAR_H
#define ACD_CONFIG_CALENDAR_H

#include <confuse.h>

#include "daemon/calendar.h"

/* The sections of calendars in the configuration file:
 *
 *     calendar "office" {
 *         zone = "Europe/Berlin"
 *         times = {"mon-fri 08:00-18:00", "2026-12-25 closed"}
 *         queues = {"sales", "help"}
 *     }
 */
extern cfg_opt_t config_calendar_options[];

/* libconfuse's validator of such a section. */
int config_calendar_valid(cfg_t *cfg, cfg_opt_t *opt);

/* Takes all of a file's, which are valid. False without memory. */
bool config_calendars_take(struct calendars *out, cfg_t *cfg);

#endif
