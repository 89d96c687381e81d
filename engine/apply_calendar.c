#include "engine/apply.h"
#include "engine/calendars.h"

/* Calendars, their times, and which of them queues have. */

uint32_t calendar_find(const struct acd_engine *e, struct acd_str name)
{
    for (uint32_t c = slots_next(&e->calendar_slots, 0); c != SLOT_NONE;
         c = slots_next(&e->calendar_slots, c + 1))
        if (str_is(TEXT_STR(e->calendars[c].name), name))
            return c;
    return NONE;
}

uint8_t calendar_time_find(const struct acd_engine *e, uint32_t calendar, struct acd_str text)
{
    uint8_t place = 0;

    while (place < e->calendars[calendar].times &&
           !str_is(TEXT_STR(calendar_time(e, calendar, place)->text), text))
        place++;
    return place;
}

/* The rows of a calendar's times from one on, which others have moved to. */
static void times_mark(struct acd_engine *e, uint32_t calendar, uint8_t from)
{
    for (uint32_t i = from; i < e->calendars[calendar].times; i++)
        mark(e, ACD_TABLE_CALENDAR_TIMES, calendar * ACD_CALENDAR_TIMES_MAX + i);
}

void apply_calendar_set(struct acd_engine *e, const struct acd_event_calendar_set *v)
{
    uint32_t slot = calendar_find(e, v->name);
    struct calendar *c;

    if (slot == NONE) {
        slot = slots_lowest(&e->calendar_slots);
        slots_take(&e->calendar_slots, slot);
        TEXT_SET(e->calendars[slot].name, v->name);
        e->calendars[slot].times = 0;
    }
    c = &e->calendars[slot];
    TEXT_SET(c->zone, v->zone);
    c->strategy = v->strategy;
    c->otherwise = v->otherwise;
    mark(e, ACD_TABLE_CALENDARS, slot);
}

/* No queue has it any more. */
static void calendar_unuse(struct acd_engine *e, struct acd_str name)
{
    for (uint32_t s = slots_next(&e->queue_slots, 0); s != SLOT_NONE;
         s = slots_next(&e->queue_slots, s + 1)) {
        struct queue *q = &e->queues[s];

        if (!str_is(q->set.hours, name) && !str_is(q->set.strategy_hours, name))
            continue;
        if (str_is(q->set.hours, name))
            q->set.hours.len = q->texts.hours.len = 0;
        if (str_is(q->set.strategy_hours, name))
            q->set.strategy_hours.len = q->texts.strategy_hours.len = 0;
        mark(e, ACD_TABLE_QUEUES, s);
    }
}

void apply_calendar_removed(struct acd_engine *e, const struct acd_event_calendar_removed *v)
{
    uint32_t slot = calendar_find(e, v->name);

    times_mark(e, slot, 0);
    mark(e, ACD_TABLE_CALENDARS, slot);
    slots_give(&e->calendar_slots, slot);
    calendar_unuse(e, v->name);
}

void apply_calendar_time_set(struct acd_engine *e, const struct acd_event_calendar_time_set *v)
{
    uint32_t slot = calendar_find(e, v->calendar);
    uint8_t place = e->calendars[slot].times++;

    TEXT_SET(calendar_time(e, slot, place)->text, v->time);
    times_mark(e, slot, place);
}

void apply_calendar_time_removed(struct acd_engine *e,
                                 const struct acd_event_calendar_time_removed *v)
{
    uint32_t slot = calendar_find(e, v->calendar);
    uint8_t place = calendar_time_find(e, slot, v->time);

    times_mark(e, slot, place);
    for (e->calendars[slot].times--; place < e->calendars[slot].times; place++)
        *calendar_time(e, slot, place) = *calendar_time(e, slot, (uint8_t)(place + 1));
}
