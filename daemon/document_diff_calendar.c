#include <string.h>

#include "daemon/document_diff.h"

/* What makes calendars and their times as the document says: times are a set, told apart by their
 * texts. */

static const struct acd_str NOTHING = {NULL, 0};

static bool has_time(const struct acd_engine *e, struct acd_str calendar, struct acd_str time)
{
    struct acd_view_calendar_time v;
    uint32_t cursor = 0;

    while (acd_calendar_times(e, calendar, &cursor, &v))
        if (v.time.len == time.len && memcmp(v.time.data, time.data, time.len) == 0)
            return true;
    return false;
}

static void time_change(struct diff *d, bool add, const struct acd_view_calendar_time *v)
{
    struct acd_command set = {.code = ACD_COMMAND_calendar_time_set};
    struct acd_command gone = {.code = ACD_COMMAND_calendar_time_remove};
    char what[WHAT_MAX];

    set.as.calendar_time_set.calendar = gone.as.calendar_time_remove.calendar = v->calendar;
    set.as.calendar_time_set.time = gone.as.calendar_time_remove.time = v->time;
    snprintf(what, sizeof what, "%.*s", v->time.len, v->time.data);
    diff_change(d, add ? ACD_CONFIG_ADD : ACD_CONFIG_REMOVE, "time", v->calendar, NOTHING,
                add ? &set : &gone, add ? &gone : &set, what);
}

/* First those that go, for there may be no room for more; from the last on: others take the place
 * of one that goes. */
static void times_set(struct diff *d, struct acd_str calendar)
{
    struct acd_view_calendar_time v;
    uint32_t cursor = 0;

    while (acd_calendar_times(d->live, calendar, &cursor, &v))
        continue;
    while (cursor-- > 0) {
        uint32_t place = cursor;

        (void)acd_calendar_times(d->live, calendar, &place, &v);
        if (!has_time(d->wanted, calendar, v.time))
            time_change(d, false, &v);
    }
    for (cursor = 0; acd_calendar_times(d->wanted, calendar, &cursor, &v);)
        if (!has_time(d->live, calendar, v.time))
            time_change(d, true, &v);
}

/* All of its settings are always set. */
static struct acd_command calendar_like(const struct acd_view_calendar_settings *v)
{
    struct acd_command c = {.code = ACD_COMMAND_calendar_set};

    c.as.calendar_set.name = v->name;
    c.as.calendar_set.zone = v->zone;
    c.as.calendar_set.strategy = v->strategy;
    c.as.calendar_set.otherwise = v->otherwise;
    return c;
}

static void calendar_set(struct diff *d, const struct acd_view_calendar_settings *v)
{
    static const char *const settings[] = {"zone", "strategy", "otherwise"};
    struct acd_view_calendar_settings is = d->defaults->calendar;
    struct acd_command c = calendar_like(v), undo = {.code = ACD_COMMAND_calendar_remove};
    bool there = acd_calendar_view(d->live, v->name, &is) == ACD_OK;
    char what[WHAT_MAX] = "";

    undo.as.calendar_remove.name = v->name;
    if (there)
        undo = calendar_like(&is);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        const struct acd_field *field = acd_field_named(document_calendar.view, settings[i]);

        if (!document_agrees(field, field, &is, v) || !document_agrees(field, field, v, &is))
            diff_say(d, what, document_calendar.view, field, &is, v);
    }
    if (!there || what[0] != '\0')
        diff_change(d, there ? ACD_CONFIG_CHANGE : ACD_CONFIG_ADD, "calendar", v->name, NOTHING, &c,
                    &undo, what);
}

void diff_calendars_set(struct diff *d)
{
    struct acd_view_calendar_settings v;

    for (uint32_t slot = 0; acd_calendar_from(d->wanted, &slot, &v); slot++) {
        calendar_set(d, &v);
        times_set(d, v.name);
    }
}

void diff_calendars_remove(struct diff *d)
{
    struct acd_view_calendar_settings v, kept;

    for (uint32_t slot = 0; acd_calendar_from(d->live, &slot, &v); slot++) {
        struct acd_command c = {.code = ACD_COMMAND_calendar_remove};

        c.as.calendar_remove.name = v.name;
        if (document_is_own(d->tenant, v.name) &&
            acd_calendar_view(d->wanted, v.name, &kept) != ACD_OK)
            diff_change(d, ACD_CONFIG_REMOVE, "calendar", v.name, NOTHING, &c, NULL, "");
    }
}
