#include "engine/calendars.h"
#include "engine/decide.h"

/* Calendars are made, changed and removed, and get their times.
 *
 * Happy path: what is given is stated; the host reads it, for there is no clock here.
 *
 * Failure modes: one strategy of the two is missing, for it would not be said what a queue is the
 * rest of the time: MISSING. No room for one more calendar, or one more of its times: FULL. */

int on_calendar_set(struct acd_engine *e, const struct acd_command_calendar_set *c)
{
    if (c->name.len == 0)
        return FAULT(e, calendar_set, name, ACD_MISSING);
    if (!enum_knows(&acd_enum_strategy, c->strategy, true))
        return FAULT(e, calendar_set, strategy, ACD_INVALID);
    if (!enum_knows(&acd_enum_strategy, c->otherwise, true))
        return FAULT(e, calendar_set, otherwise, ACD_INVALID);
    if (c->strategy == 0 && c->otherwise != 0)
        return FAULT(e, calendar_set, strategy, ACD_MISSING);
    if (c->strategy != 0 && c->otherwise == 0)
        return FAULT(e, calendar_set, otherwise, ACD_MISSING);
    if (calendar_find(e, c->name) == NONE && slots_lowest(&e->calendar_slots) == SLOT_NONE)
        return FAULT(e, calendar_set, name, ACD_FULL);

    EMIT(e, calendar_set, .name = c->name, .zone = c->zone.len == 0 ? acd_str("UTC") : c->zone,
         .strategy = c->strategy, .otherwise = c->otherwise);
    return ACD_OK;
}

int on_calendar_remove(struct acd_engine *e, const struct acd_command_calendar_remove *c)
{
    if (c->name.len == 0)
        return FAULT(e, calendar_remove, name, ACD_MISSING);
    if (calendar_find(e, c->name) == NONE)
        return FAULT(e, calendar_remove, name, ACD_NOT_FOUND);

    EMIT(e, calendar_removed, .name = c->name);
    return ACD_OK;
}

int on_calendar_time_set(struct acd_engine *e, const struct acd_command_calendar_time_set *c)
{
    uint32_t slot = calendar_find(e, c->calendar);

    if (slot == NONE)
        return FAULT(e, calendar_time_set, calendar,
                     c->calendar.len == 0 ? ACD_MISSING : ACD_NOT_FOUND);
    if (c->time.len == 0)
        return FAULT(e, calendar_time_set, time, ACD_MISSING);
    if (calendar_time_find(e, slot, c->time) < e->calendars[slot].times)
        return ACD_OK;
    if (e->calendars[slot].times == ACD_CALENDAR_TIMES_MAX)
        return FAULT(e, calendar_time_set, time, ACD_FULL);

    EMIT(e, calendar_time_set, .calendar = c->calendar, .time = c->time);
    return ACD_OK;
}

int on_calendar_time_remove(struct acd_engine *e, const struct acd_command_calendar_time_remove *c)
{
    uint32_t slot = calendar_find(e, c->calendar);

    if (slot == NONE)
        return FAULT(e, calendar_time_remove, calendar,
                     c->calendar.len == 0 ? ACD_MISSING : ACD_NOT_FOUND);
    if (c->time.len == 0)
        return FAULT(e, calendar_time_remove, time, ACD_MISSING);
    if (calendar_time_find(e, slot, c->time) == e->calendars[slot].times)
        return FAULT(e, calendar_time_remove, time, ACD_NOT_FOUND);

    EMIT(e, calendar_time_removed, .calendar = c->calendar, .time = c->time);
    return ACD_OK;
}
