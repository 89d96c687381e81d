/* The twin's calendars: what a host reads, and which of them queues have. */

#include <string.h>

#include "tests/model/twin_parts.h"

static struct twin_calendar *calendar(const struct twin *t, struct acd_str name)
{
    for (uint32_t i = 0; i < ACD_CALENDARS_MAX; i++)
        if (t->calendars[i].live && twin_text_is(&t->calendars[i].name, name))
            return &t->calendars[i];
    return NULL;
}

static bool is_there(const struct twin *t, struct acd_str name)
{
    return name.len == 0 || (name.len == 1 && name.data[0] == '-') || calendar(t, name) != NULL;
}

const char *twin_missing_calendar(const struct twin *t, const struct acd_command_queue_set *c)
{
    if (!is_there(t, c->hours))
        return "hours";
    return is_there(t, c->strategy_hours) ? NULL : "strategy_hours";
}

static uint32_t free_calendar(const struct twin *t)
{
    uint32_t i = 0;

    while (i < ACD_CALENDARS_MAX && t->calendars[i].live)
        i++;
    return i;
}

/* ---- events ------------------------------------------------------------------------------- */

static void say_calendar_set(struct twin *t, struct twin_calendar *c,
                             struct acd_event_calendar_set set)
{
    if (c->live && set.strategy == 0 && twin_wrong(t, TWIN_FAULT_CALENDAR_MERGED)) {
        set.strategy = c->strategy;
        set.otherwise = c->otherwise;
    }
    twin_append(t, ACD_EVENT_calendar_set, &set);
    if (c->times == NULL)
        c->times = twin_take(ACD_CALENDAR_TIMES_MAX, sizeof *c->times);
    if (!c->live && !twin_wrong(t, TWIN_FAULT_CALENDAR_TIMES_KEPT))
        c->time_count = 0;
    c->live = true;
    twin_text_copy(&c->name, set.name);
    twin_text_copy(&c->zone, set.zone);
    c->strategy = set.strategy;
    c->otherwise = set.otherwise;
}

static void say_calendar_removed(struct twin *t, struct twin_calendar *c)
{
    struct acd_event_calendar_removed event = {.name = twin_text_str(&c->name)};

    twin_append(t, ACD_EVENT_calendar_removed, &event);
    c->live = false;
    for (uint32_t i = 0; i < t->limits.queues && !twin_wrong(t, TWIN_FAULT_CALENDAR_KEPT); i++) {
        struct twin_queue *q = &t->queues[i];

        if (twin_text_is(&q->hours, event.name))
            q->hours.len = 0;
        if (twin_text_is(&q->strategy_hours, event.name))
            q->strategy_hours.len = 0;
    }
}

/* ---- commands ----------------------------------------------------------------------------- */

void do_calendar_set(struct twin *t, const struct acd_command_calendar_set *c)
{
    struct twin_calendar *old = calendar(t, c->name);
    uint32_t place = old == NULL ? free_calendar(t) : (uint32_t)(old - t->calendars);
    struct acd_event_calendar_set set = {
        .name = c->name, .zone = c->zone, .strategy = c->strategy, .otherwise = c->otherwise};

    if (c->zone.len == 0)
        set.zone = (struct acd_str){"UTC", 3};
    if (c->name.len == 0)
        twin_refuse(t, ACD_MISSING, "name");
    else if (!twin_known(&acd_enum_strategy, c->strategy))
        twin_refuse(t, ACD_INVALID, "strategy");
    else if (!twin_known(&acd_enum_strategy, c->otherwise))
        twin_refuse(t, ACD_INVALID, "otherwise");
    else if ((c->strategy == 0) != (c->otherwise == 0))
        twin_refuse(t, ACD_MISSING, c->strategy == 0 ? "strategy" : "otherwise");
    else if (place == ACD_CALENDARS_MAX)
        twin_refuse(t, ACD_FULL, "name");
    else
        say_calendar_set(t, &t->calendars[place], set);
}

void do_calendar_remove(struct twin *t, const struct acd_command_calendar_remove *c)
{
    struct twin_calendar *is = calendar(t, c->name);

    if (is == NULL)
        twin_refuse(t, c->name.len == 0 ? ACD_MISSING : ACD_NOT_FOUND, "name");
    else
        say_calendar_removed(t, is);
}

/* The calendar that is asked, and which of its times; NULL when the command is refused. */
static struct twin_calendar *asked(struct twin *t, struct acd_str name, struct acd_str time,
                                   uint32_t *place)
{
    struct twin_calendar *c = calendar(t, name);

    *place = 0;
    if (c == NULL)
        twin_refuse(t, name.len == 0 ? ACD_MISSING : ACD_NOT_FOUND, "calendar");
    else if (time.len == 0)
        twin_refuse(t, ACD_MISSING, "time");
    if (c == NULL || time.len == 0)
        return NULL;
    while (*place < c->time_count && !twin_text_is(&c->times[*place], time))
        ++*place;
    return c;
}

void do_calendar_time_set(struct twin *t, const struct acd_command_calendar_time_set *c)
{
    struct acd_event_calendar_time_set event = {.calendar = c->calendar, .time = c->time};
    uint32_t place;
    struct twin_calendar *is = asked(t, c->calendar, c->time, &place);

    if (is == NULL || (place < is->time_count && !twin_wrong(t, TWIN_FAULT_CALENDAR_TIME_TWICE)))
        return;
    if (is->time_count == ACD_CALENDAR_TIMES_MAX) {
        twin_refuse(t, ACD_FULL, "time");
        return;
    }
    twin_append(t, ACD_EVENT_calendar_time_set, &event);
    twin_text_copy(&is->times[is->time_count++], c->time);
}

void do_calendar_time_remove(struct twin *t, const struct acd_command_calendar_time_remove *c)
{
    struct acd_event_calendar_time_removed event = {.calendar = c->calendar, .time = c->time};
    uint32_t place;
    struct twin_calendar *is = asked(t, c->calendar, c->time, &place);

    if (is == NULL)
        return;
    if (place == is->time_count) {
        twin_refuse(t, ACD_NOT_FOUND, "time");
        return;
    }
    twin_append(t, ACD_EVENT_calendar_time_removed, &event);
    for (is->time_count--; place < is->time_count; place++)
        is->times[place] = is->times[place + 1];
}
