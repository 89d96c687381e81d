#include "engine/calendars.h"
#include "engine/slots.h"

/* Calendars as they are seen. */

static void calendar_view(const struct acd_engine *e, uint32_t slot,
                          struct acd_view_calendar_settings *out)
{
    const struct calendar *c = &e->calendars[slot];

    *out = (struct acd_view_calendar_settings){.name = TEXT_STR(c->name),
                                               .zone = TEXT_STR(c->zone),
                                               .strategy = c->strategy,
                                               .otherwise = c->otherwise};
}

int acd_calendar_view(const struct acd_engine *e, struct acd_str name,
                      struct acd_view_calendar_settings *out)
{
    uint32_t slot = calendar_find(e, name);

    if (slot == NONE)
        return ACD_NOT_FOUND;
    calendar_view(e, slot, out);
    return ACD_OK;
}

bool acd_calendar_from(const struct acd_engine *e, uint32_t *slot,
                       struct acd_view_calendar_settings *out)
{
    *slot = slots_next(&e->calendar_slots, *slot);
    if (*slot == SLOT_NONE)
        return false;
    calendar_view(e, *slot, out);
    return true;
}

bool acd_calendar_times(const struct acd_engine *e, struct acd_str calendar, uint32_t *cursor,
                        struct acd_view_calendar_time *out)
{
    uint32_t slot = calendar_find(e, calendar);

    if (slot == NONE || *cursor >= e->calendars[slot].times)
        return false;
    *out = (struct acd_view_calendar_time){
        .calendar = TEXT_STR(e->calendars[slot].name),
        .time = TEXT_STR(calendar_time(e, slot, (uint8_t)*cursor)->text)};
    ++*cursor;
    return true;
}
