#include "daemon/config_calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/acd_messages.h"

cfg_opt_t config_calendar_options[] = {
    CFG_STR("zone", "UTC", CFGF_NONE),
    CFG_STR_LIST("times", NULL, CFGF_NODEFAULT),
    CFG_STR_LIST("queues", NULL, CFGF_NODEFAULT),
    CFG_STR("strategy", NULL, CFGF_NONE),
    CFG_STR("otherwise", NULL, CFGF_NONE),
    CFG_END(),
};

static uint8_t strategy_of(cfg_t *section, const char *name)
{
    const char *text = cfg_getstr(section, name);

    return text == NULL ? 0 : acd_enum_value(&acd_enum_strategy, acd_str(text));
}

static const char *times_wrong(cfg_t *section, const char **which)
{
    struct hours scratch = {.count = 0};

    for (unsigned i = 0; i < cfg_size(section, "times"); i++) {
        const char *wrong = hours_add(&scratch, cfg_getnstr(section, "times", i));

        *which = cfg_getnstr(section, "times", i);
        if (wrong != NULL)
            return wrong;
    }
    *which = "times";
    return cfg_size(section, "times") == 0 ? "at least one is wanted" : NULL;
}

static const char *queues_wrong(cfg_t *section, const char **which)
{
    for (unsigned i = 0; i < cfg_size(section, "queues"); i++) {
        size_t len = strlen(cfg_getnstr(section, "queues", i));

        *which = cfg_getnstr(section, "queues", i);
        if (len == 0 || len > CALENDAR_NAME_MAX)
            return "is no queue's name";
    }
    *which = "queues";
    return cfg_size(section, "queues") == 0 ? "at least one is wanted" : NULL;
}

/* One of two strategies would not say what the queue is the rest of the time. */
static const char *strategies_wrong(cfg_t *section, const char **which)
{
    static const char *const names[] = {"strategy", "otherwise"};

    for (size_t i = 0; i < 2; i++) {
        *which = names[i];
        if ((cfg_getstr(section, names[i]) == NULL) != (cfg_getstr(section, names[1 - i]) == NULL))
            return "strategy and otherwise go together";
        if (cfg_getstr(section, names[i]) != NULL && strategy_of(section, names[i]) == 0)
            return "is no strategy";
    }
    return NULL;
}

static bool has_queue(cfg_t *section, const char *queue)
{
    bool has = false;

    for (unsigned i = 0; i < cfg_size(section, "queues"); i++)
        has = has || strcmp(cfg_getnstr(section, "queues", i), queue) == 0;
    return has;
}

/* Of two calendars of a kind each would undo what the other says. */
static cfg_t *another_with(cfg_opt_t *opt, const char *queue, bool strategy)
{
    for (unsigned i = 0; i + 1 < cfg_opt_size(opt); i++) {
        cfg_t *other = cfg_opt_getnsec(opt, i);

        if ((cfg_getstr(other, "strategy") != NULL) == strategy && has_queue(other, queue))
            return other;
    }
    return NULL;
}

static const char *others_wrong(cfg_opt_t *opt, cfg_t *section, const char **which)
{
    static char wrong[128];

    for (unsigned i = 0; i < cfg_size(section, "queues"); i++) {
        cfg_t *other;

        *which = cfg_getnstr(section, "queues", i);
        other = another_with(opt, *which, cfg_getstr(section, "strategy") != NULL);
        if (other == NULL)
            continue;
        snprintf(wrong, sizeof wrong, "has a calendar of this kind already: '%s'",
                 cfg_title(other));
        return wrong;
    }
    return NULL;
}

int config_calendar_valid(cfg_t *cfg, cfg_opt_t *opt)
{
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
    struct hours scratch;
    const char *which = cfg_getstr(section, "zone");
    const char *wrong = hours_zone(&scratch, which) ? NULL : "is no time zone of this system";

    if (wrong == NULL)
        wrong = times_wrong(section, &which);
    if (wrong == NULL)
        wrong = queues_wrong(section, &which);
    if (wrong == NULL)
        wrong = strategies_wrong(section, &which);
    if (wrong == NULL)
        wrong = others_wrong(opt, section, &which);
    if (wrong == NULL)
        return 0;
    cfg_error(cfg, "calendar '%s': '%s' %s", cfg_title(section), which, wrong);
    return -1;
}

static bool calendar_take(struct calendar *c, cfg_t *section)
{
    snprintf(c->name, sizeof c->name, "%s", cfg_title(section));
    (void)hours_zone(&c->hours, cfg_getstr(section, "zone"));
    for (unsigned i = 0; i < cfg_size(section, "times"); i++)
        (void)hours_add(&c->hours, cfg_getnstr(section, "times", i));
    c->strategy = strategy_of(section, "strategy");
    c->otherwise = strategy_of(section, "otherwise");
    c->queue_count = cfg_size(section, "queues");
    c->queues = calloc(c->queue_count, sizeof *c->queues);
    if (c->queues == NULL)
        return false;
    for (unsigned i = 0; i < c->queue_count; i++)
        snprintf(c->queues[i].name, sizeof c->queues[i].name, "%s",
                 cfg_getnstr(section, "queues", i));
    return true;
}

bool config_calendars_take(struct calendars *out, cfg_t *cfg)
{
    size_t count = cfg_size(cfg, "calendar");

    *out = (struct calendars){calloc(count + 1, sizeof *out->list), count};
    if (out->list == NULL)
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!calendar_take(&out->list[i], cfg_getnsec(cfg, "calendar", i))) {
            calendars_free(out);
            return false;
        }
    return true;
}
