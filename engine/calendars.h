#ifndef ACD_CALENDARS_H
#define ACD_CALENDARS_H

#include "engine/engine.h"

/* Calendars as they were set. What their times and zones mean is the host's to know. */

/* The slot of a name, or NONE. */
uint32_t calendar_find(const struct acd_engine *e, struct acd_str name);

/* Which of a calendar's times a text is, or how many it has. */
uint8_t calendar_time_find(const struct acd_engine *e, uint32_t calendar, struct acd_str text);

static inline struct calendar_time *calendar_time(const struct acd_engine *e, uint32_t calendar,
                                                  uint8_t place)
{
    return &e->calendar_times[(size_t)calendar * ACD_CALENDAR_TIMES_MAX + place];
}

#endif
