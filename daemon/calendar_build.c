#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/calendar.h"
#include "daemon/server.h"

/* The engine's calendars, read. */

void calendars_free(struct calendars *c)
{
    free(c->list);
    free(c->uses);
    *c = (struct calendars){.list = NULL};
}

/* ---- calendars ---------------------------------------------------------------------------- */

static void note_fault(const struct calendar *c, const char *what, const char *reason)
{
    log_line(LOG_WARN, "calendar", "name=\"%s\" what=\"%s\" reason=\"%s\"", c->name, what, reason);
}

static void take_times(struct calendar *c, const struct acd_engine *e, struct acd_str name)
{
    struct acd_view_calendar_time v;
    uint32_t cursor = 0;

    while (acd_calendar_times(e, name, &cursor, &v)) {
        char line[128 + 1];
        const char *wrong;

        snprintf(line, sizeof line, "%.*s", v.time.len, v.time.data);
        wrong = hours_add(&c->hours, line);
        if (wrong != NULL)
            note_fault(c, line, wrong);
    }
}

static void take_calendar(struct calendar *c, const struct acd_engine *e,
                          const struct acd_view_calendar_settings *v)
{
    char zone[64 + 1];

    *c = (struct calendar){.strategy = v->strategy, .otherwise = v->otherwise};
    snprintf(c->name, sizeof c->name, "%.*s", v->name.len, v->name.data);
    snprintf(zone, sizeof zone, "%.*s", v->zone.len, v->zone.data);
    if (!hours_zone(&c->hours, zone)) {
        note_fault(c, zone, "is no time zone of this system: UTC is taken");
        (void)hours_zone(&c->hours, "UTC");
    }
    take_times(c, e, v->name);
}

static const struct calendar *calendar_named(const struct calendars *all, struct acd_str name,
                                             size_t *place)
{
    for (*place = 0; *place < all->count; ++*place) {
        const struct calendar *c = &all->list[*place];

        if (strlen(c->name) == name.len && memcmp(c->name, name.data, name.len) == 0)
            return c;
    }
    return NULL;
}

/* What one said stays said as long as it would say the same. */
static void take_over(struct calendar *c, const struct calendars *old)
{
    size_t place;
    const struct calendar *was = calendar_named(old, acd_str(c->name), &place);

    if (was == NULL || was->strategy != c->strategy || was->otherwise != c->otherwise ||
        !hours_same(&was->hours, &c->hours))
        return;
    c->within = was->within;
    c->until = was->until;
}

static bool take_calendars(struct calendars *all, const struct acd_engine *e,
                           const struct calendars *old)
{
    struct acd_view_calendar_settings v;
    size_t count = 0;

    for (uint32_t slot = 0; acd_calendar_from(e, &slot, &v); slot++)
        count++;
    all->list = calloc(count + 1, sizeof *all->list);
    for (uint32_t slot = 0; all->list != NULL && acd_calendar_from(e, &slot, &v); slot++) {
        take_calendar(&all->list[all->count], e, &v);
        take_over(&all->list[all->count++], old);
    }
    return all->list != NULL;
}

/* ---- queues ------------------------------------------------------------------------------- */

/* Both lists are by queue: *at is the first of the old ones that is not behind this one's. */
static bool was_said(const struct calendars *old, size_t *at, const struct calendar_use *use,
                     const char *name)
{
    while (*at < old->use_count && old->uses[*at].queue.slot < use->queue.slot)
        ++*at;
    for (size_t i = *at; i < old->use_count && old->uses[i].queue.slot == use->queue.slot; i++) {
        const struct calendar_use *was = &old->uses[i];

        if (was->queue.gen == use->queue.gen && was->strategy == use->strategy &&
            strcmp(old->list[was->calendar].name, name) == 0)
            return was->said;
    }
    return false;
}

static void take_use(struct calendars *all, const struct calendars *old, size_t *at,
                     struct calendar_use use, struct acd_str name)
{
    const struct calendar *c = calendar_named(all, name, &use.calendar);

    if (c == NULL)
        return;
    use.said = was_said(old, at, &use, c->name);
    all->uses[all->use_count++] = use;
}

/* Those that are to go have none. */
static bool take_uses(struct calendars *all, const struct acd_engine *e,
                      const struct calendars *old)
{
    struct acd_view_queue v;
    size_t at = 0;

    all->uses = calloc((size_t)2 * acd_limits_of(e)->queues, sizeof *all->uses);
    for (acd_queue_id id = acd_queue_from(e, 0); all->uses != NULL && all->count > 0 && id.gen != 0;
         id = acd_queue_from(e, id.slot + 1)) {
        (void)acd_queue_view(e, id, &v);
        if (v.state == ACD_RETIRED || v.state == ACD_REMOVING)
            continue;
        take_use(all, old, &at, (struct calendar_use){.queue = id}, v.hours);
        take_use(all, old, &at, (struct calendar_use){.queue = id, .strategy = true},
                 v.strategy_hours);
    }
    return all->uses != NULL;
}

bool calendars_build(struct server *s)
{
    struct calendars all = {.list = NULL};

    if (take_calendars(&all, s->engine, &s->calendars) &&
        take_uses(&all, s->engine, &s->calendars)) {
        calendars_free(&s->calendars);
        s->calendars = all;
        return true;
    }
    calendars_free(&all);
    log_line(LOG_ERROR, "no_memory", "what=calendars");
    return false;
}
