#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/acd_config_text.h"
#include "proto/acd_json.h"
#include "tools/play_room.h"
#include "tools/sim.h"

/* A scenario from its file. libconfuse hands over each value with its line at hand, so what is
 * wrong is told with it; a section is taken into the scenario when it has been read. */

enum { SETTINGS_MAX = 64, OWN_MAX = 9 };

static struct scenario *reading; /* libconfuse's callbacks have no context */
static const char *reading_path;

static void on_cfg_error(cfg_t *cfg, const char *format, va_list args)
{
    char text[512];

    vsnprintf(text, sizeof text, format, args);
    play_die("%s:%d: %s", reading_path, cfg != NULL ? cfg->line : 0, text);
}

/* ---- values ---------------------------------------------------------------------------------- */

static const struct acd_field *setting_named(const char *name)
{
    size_t count;
    const struct acd_field *fields = acd_record_command_queue_set.fields(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

bool sim_parse_span(const char *text, acd_span *out)
{
    struct acd_command_queue_set set = {0};
    struct acd_json json = {0};

    if (acd_json_parse_field(&json, setting_named("max_wait"), acd_str(text), &set) != ACD_OK)
        return false;
    *out = set.max_wait;
    return *out >= 0 && *out < ACD_FOREVER;
}

/* The mean, and of a lognormal law its spread. */
static bool parse_parameters(char *words, struct sim_law *out)
{
    const char *mean = strsep(&words, " "), *spread = strsep(&words, " ");
    char *end = NULL;

    if (mean == NULL || !sim_parse_span(mean, &out->mean) || out->mean == 0)
        return false;
    if (out->shape != SIM_LOGNORMAL)
        return spread == NULL;
    if (spread == NULL || words != NULL)
        return false;
    out->spread = strtod(spread, &end);
    return end != spread && *end == '\0' && out->spread > 0 && out->spread <= 100;
}

bool sim_parse_law(const char *text, struct sim_law *out)
{
    static const char *const SHAPES[] = {"never",     "fixed", "exponential",
                                         "lognormal", "drawn", "recorded"};
    char copy[80], *words = copy;
    const char *shape;

    *out = (struct sim_law){0};
    if (strlen(text) >= sizeof copy)
        return false;
    memcpy(copy, text, strlen(text) + 1);
    shape = strsep(&words, " ");
    for (unsigned i = SIM_NEVER; i <= SIM_RECORDED; i++) {
        if (strcmp(shape, SHAPES[i]) != 0)
            continue;
        out->shape = (enum sim_shape)i;
        return i == SIM_NEVER || i >= SIM_DRAWN ? words == NULL : parse_parameters(words, out);
    }
    return false;
}

static int valid_span(cfg_t *cfg, cfg_opt_t *opt)
{
    acd_span span;

    if (sim_parse_span(cfg_opt_getnstr(opt, 0), &span))
        return 0;
    cfg_error(cfg, "%s: '%s' is no time like 30s, 5m or 1.5h", cfg_opt_name(opt),
              cfg_opt_getnstr(opt, 0));
    return -1;
}

static int valid_law(cfg_t *cfg, cfg_opt_t *opt)
{
    struct sim_law law;

    if (sim_parse_law(cfg_opt_getnstr(opt, 0), &law))
        return 0;
    cfg_error(cfg,
              "%s: '%s' is none of 'exponential MEAN', 'lognormal MEAN SPREAD', 'fixed TIME', "
              "'never', 'drawn' and 'recorded'",
              cfg_opt_name(opt), cfg_opt_getnstr(opt, 0));
    return -1;
}

static int valid_rates(cfg_t *cfg, cfg_opt_t *opt)
{
    for (unsigned i = 0; i < cfg_opt_size(opt); i++) {
        double rate = cfg_opt_getnfloat(opt, i);

        if (rate >= 0 && rate <= 1e8)
            continue;
        cfg_error(cfg, "rates: must be between 0 and 100,000,000 calls an hour");
        return -1;
    }
    return 0;
}

static int valid_share(cfg_t *cfg, cfg_opt_t *opt)
{
    double share = cfg_opt_getnfloat(opt, 0);

    if (share >= 0 && share < 1)
        return 0;
    cfg_error(cfg, "%s: must be between 0 and below 1", cfg_opt_name(opt));
    return -1;
}

static int valid_count(cfg_t *cfg, cfg_opt_t *opt)
{
    long value = cfg_opt_getnint(opt, 0);

    if (value >= 1 && value <= 100000)
        return 0;
    cfg_error(cfg, "%s: must be between 1 and 100,000", cfg_opt_name(opt));
    return -1;
}

static int valid_setting(cfg_t *cfg, cfg_opt_t *opt)
{
    struct acd_command_queue_set scratch;
    struct acd_json json = {0};

    if (acd_json_parse_field(&json, setting_named(cfg_opt_name(opt)),
                             acd_str(cfg_opt_getnstr(opt, 0)), &scratch) == ACD_OK)
        return 0;
    cfg_error(cfg, "%s", json.error);
    return -1;
}

static int valid_trace(cfg_t *cfg, cfg_opt_t *opt)
{
    (void)cfg;
    reading->trace = room_for(1, sizeof *reading->trace);
    trace_read(reading->trace, cfg_opt_getnstr(opt, 0));
    return 0;
}

/* ---- sections -------------------------------------------------------------------------------- */

static acd_span span_of(cfg_t *cfg, const char *name)
{
    acd_span span = 0;

    (void)sim_parse_span(cfg_getstr(cfg, name), &span);
    return span;
}

/* A law that is drawn out of the trace needs it, and a type that is there. */
static void take_law(cfg_t *cfg, const char *name, const char *type, struct sim_law *law)
{
    const struct trace *t = reading->trace;
    bool is_talk = strcmp(name, "handling") == 0, found = true;

    (void)sim_parse_law(cfg_getstr(cfg, name), law);
    if (law->shape == SIM_DRAWN)
        found = t != NULL &&
                (is_talk ? sim_law_of_talks(law, t, type) : sim_law_of_patience(law, t, type));
    if (!found)
        cfg_error(cfg, "%s: no trace was given before, or none with calls of type '%s'", name,
                  type);
    if (law->shape == SIM_RECORDED && cfg_getstr(cfg, "recorded") == NULL)
        cfg_error(cfg, "%s: only calls that are 'recorded' have one", name);
    if (is_talk && law->shape == SIM_NEVER)
        cfg_error(cfg, "handling: has to end");
}

static void take_settings(cfg_t *cfg, struct sim_queue *q)
{
    size_t count;
    const struct acd_field *fields = acd_record_command_queue_set.fields(&count);

    for (size_t i = 1; i < count; i++) {
        struct acd_json json = {0};
        const char *text = fields[i].type == ACD_FIELD_str ? NULL : cfg_getstr(cfg, fields[i].name);

        if (text != NULL)
            (void)acd_json_parse_field(&json, &fields[i], acd_str(text), &q->set);
    }
}

static void take_askings(cfg_t *section, struct sim_queue *q)
{
    double sum = 0;

    for (unsigned i = 0; i < cfg_size(section, "asks"); i++) {
        struct sim_asking asking;

        if (!sim_parse_asking(cfg_getnstr(section, "asks", i), &asking))
            cfg_error(section, "asks: '%s' is no share of the calls with a plan behind it",
                      cfg_getnstr(section, "asks", i));
        sim_queue_add_asking(q, asking);
        sum += asking.share;
    }
    if (sum > 1)
        cfg_error(section, "asks: the shares are more than 1 together");
}

static int take_queue(cfg_t *cfg, cfg_opt_t *opt)
{
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
    const char *recorded = cfg_getstr(section, "recorded"), *type = cfg_getstr(section, "type");
    struct sim_queue *q;

    (void)cfg;
    if (strlen(cfg_title(section)) >= sizeof q->name)
        cfg_error(section, "queue: a name has less than %zu bytes", sizeof q->name);
    q = scenario_add_queue(reading, cfg_title(section));
    if (recorded != NULL && (reading->trace == NULL || strlen(recorded) >= sizeof q->recorded))
        cfg_error(section, "recorded: no trace was given before, or none with type '%s'", recorded);
    if ((recorded == NULL) == (cfg_size(section, "rates") == 0))
        cfg_error(section, "queue %s: wants either rates or recorded", q->name);
    if (recorded != NULL)
        snprintf(q->recorded, sizeof q->recorded, "%s", recorded);
    for (unsigned i = 0; i < cfg_size(section, "rates"); i++)
        sim_queue_add_rate(q, cfg_getnfloat(section, "rates", i));
    if (type == NULL)
        type = recorded != NULL ? recorded : "";
    q->early_share = cfg_getfloat(section, "early_share");
    q->head_start = span_of(section, "head_start");
    take_law(section, "handling", type, &q->handling);
    take_law(section, "patience", type, &q->patience);
    take_settings(section, q);
    take_askings(section, q);
    return 0;
}

/* "sales", or "sales:2" for a level. */
static void take_seat(cfg_t *section, struct sim_group *g, const char *text)
{
    const char *colon = strchr(text, ':');
    size_t len = colon == NULL ? strlen(text) : (size_t)(colon - text);
    char name[DAY_NAME_MAX] = "", *end = NULL;
    unsigned long level = 1;
    uint32_t queue;

    if (len < sizeof name)
        memcpy(name, text, len);
    if (colon != NULL)
        level = strtoul(colon + 1, &end, 10);
    queue = scenario_queue_named(reading, name);
    if (queue == DAY_NONE || level > UINT8_MAX || (colon != NULL && (*end != '\0' || !colon[1])))
        cfg_error(section, "queues: '%s' is no queue from above, or none with a level of 0 to 255",
                  text);
    sim_group_add_seat(g, queue, (uint8_t)level);
}

static void take_talent(cfg_t *section, struct sim_group *g, const char *text)
{
    struct sim_talent talent;

    if (!sim_parse_talent(text, &talent))
        cfg_error(section, "skills: '%s' is no skill, or none with a level of 0 to 255", text);
    sim_group_add_talent(g, talent);
}

static int take_agents(cfg_t *cfg, cfg_opt_t *opt)
{
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
    struct sim_group *g;

    (void)cfg;
    if (strlen(cfg_title(section)) >= sizeof g->name)
        cfg_error(section, "agents: a name has less than %zu bytes", sizeof g->name);
    g = scenario_add_group(reading, cfg_title(section), (uint32_t)cfg_getint(section, "count"));
    g->capacity = (uint16_t)cfg_getint(section, "capacity");
    g->from = span_of(section, "from");
    g->to = span_of(section, "to");
    if (g->capacity > ACD_CAPACITY_MAX || (g->to != 0 && g->to <= g->from))
        cfg_error(section, "agents %s: a capacity is at most %d, and to is behind from", g->name,
                  ACD_CAPACITY_MAX);
    if (cfg_size(section, "queues") == 0)
        cfg_error(section, "agents %s: serves no queues", g->name);
    for (unsigned i = 0; i < cfg_size(section, "queues"); i++)
        take_seat(section, g, cfg_getnstr(section, "queues", i));
    if (cfg_size(section, "skills") > ACD_SKILLS_MAX)
        cfg_error(section, "agents %s: an agent has at most %d skills", g->name, ACD_SKILLS_MAX);
    for (unsigned i = 0; i < cfg_size(section, "skills"); i++)
        take_talent(section, g, cfg_getnstr(section, "skills", i));
    return 0;
}

/* ---- the file -------------------------------------------------------------------------------- */

static cfg_opt_t agents_options[] = {
    CFG_INT("count", 1, CFGF_NONE),
    CFG_INT("capacity", 1, CFGF_NONE),
    CFG_STR("from", "0s", CFGF_NONE),
    CFG_STR("to", "0s", CFGF_NONE),
    CFG_STR_LIST("queues", NULL, CFGF_NONE),
    CFG_STR_LIST("skills", NULL, CFGF_NONE),
    CFG_END(),
};

static const cfg_opt_t QUEUE_OWN[OWN_MAX] = {
    CFG_FLOAT_LIST("rates", NULL, CFGF_NODEFAULT),
    CFG_STR("recorded", NULL, CFGF_NONE),
    CFG_STR("type", NULL, CFGF_NONE),
    CFG_FLOAT("early_share", 0, CFGF_NONE),
    CFG_STR("head_start", "0s", CFGF_NONE),
    CFG_STR("handling", "exponential 180s", CFGF_NONE),
    CFG_STR("patience", "never", CFGF_NONE),
    CFG_STR_LIST("asks", NULL, CFGF_NODEFAULT),
    CFG_END(),
};

/* What is a queue's own here, and whatever a queue can be set to but texts, by the same names. */
static cfg_opt_t *queue_options(void)
{
    static cfg_opt_t options[OWN_MAX + SETTINGS_MAX];
    size_t count, n = OWN_MAX - 1;
    const struct acd_field *fields = acd_record_command_queue_set.fields(&count);

    memcpy(options, QUEUE_OWN, sizeof QUEUE_OWN);
    for (size_t i = 1; i < count && i < SETTINGS_MAX; i++)
        if (fields[i].type != ACD_FIELD_str)
            options[n++] = (cfg_opt_t)CFG_STR(fields[i].name, NULL, CFGF_NONE);
    options[n] = (cfg_opt_t)CFG_END();
    return options;
}

static void set_checks(cfg_t *cfg)
{
    size_t count;
    const struct acd_field *fields = acd_record_command_queue_set.fields(&count);
    char path[96];

    cfg_set_error_function(cfg, on_cfg_error);
    cfg_set_validate_func(cfg, "interval", valid_span);
    cfg_set_validate_func(cfg, "warm_up", valid_span);
    cfg_set_validate_func(cfg, "window", valid_span);
    cfg_set_validate_func(cfg, "windows", valid_count);
    cfg_set_validate_func(cfg, "runs", valid_count);
    cfg_set_validate_func(cfg, "confidence", valid_share);
    cfg_set_validate_func(cfg, "trace", valid_trace);
    cfg_set_validate_func(cfg, "queue|rates", valid_rates);
    cfg_set_validate_func(cfg, "queue|early_share", valid_share);
    cfg_set_validate_func(cfg, "queue|head_start", valid_span);
    cfg_set_validate_func(cfg, "queue|handling", valid_law);
    cfg_set_validate_func(cfg, "queue|patience", valid_law);
    for (size_t i = 1; i < count; i++) {
        snprintf(path, sizeof path, "queue|%s", fields[i].name);
        if (fields[i].type != ACD_FIELD_str)
            cfg_set_validate_func(cfg, path, valid_setting);
    }
    cfg_set_validate_func(cfg, "queue", take_queue);
    cfg_set_validate_func(cfg, "agents|count", valid_count);
    cfg_set_validate_func(cfg, "agents|capacity", valid_count);
    cfg_set_validate_func(cfg, "agents|from", valid_span);
    cfg_set_validate_func(cfg, "agents|to", valid_span);
    cfg_set_validate_func(cfg, "agents", take_agents);
}

static void take_top(cfg_t *cfg, struct scenario *s)
{
    s->interval = span_of(cfg, "interval");
    s->warm_up = span_of(cfg, "warm_up");
    s->window = span_of(cfg, "window");
    s->windows = (uint32_t)cfg_getint(cfg, "windows");
    s->runs = (uint32_t)cfg_getint(cfg, "runs");
    s->seed = (uint64_t)cfg_getint(cfg, "seed");
    s->confidence = cfg_getfloat(cfg, "confidence");
    if (s->interval < ACD_SECOND || s->window < ACD_SECOND)
        play_die("%s: interval and window: must be at least 1 s", reading_path);
    if (s->queue_count == 0 || s->group_count == 0)
        play_die("%s: wants at least one queue and one section of agents", reading_path);
}

void scenario_read(struct scenario *s, const char *path)
{
    cfg_opt_t options[] = {
        CFG_INT("seed", 1, CFGF_NONE),
        CFG_FLOAT("confidence", 0.95, CFGF_NONE),
        CFG_STR("interval", "15m", CFGF_NONE),
        CFG_STR("warm_up", "2h", CFGF_NONE),
        CFG_STR("window", "8h", CFGF_NONE),
        CFG_INT("windows", 1, CFGF_NONE),
        CFG_INT("runs", 100, CFGF_NONE),
        CFG_STR("trace", NULL, CFGF_NONE),
        CFG_SEC("queue", queue_options(), CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
        CFG_SEC("agents", agents_options, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
        CFG_END(),
    };
    int unclosed;
    char *text = acd_config_text_read(path, &unclosed);
    cfg_t *cfg;

    reading = s;
    reading_path = path;
    if (text == NULL)
        play_die("%s: %s", path, strerror(errno));
    if (unclosed > 0)
        play_die("%s:%d: what begins here never ends", path, unclosed);
    cfg = cfg_init(options, CFGF_NONE);
    set_checks(cfg);
    if (cfg_parse_buf(cfg, text) != CFG_SUCCESS)
        play_die("%s: cannot be read", path);
    take_top(cfg, s);
    cfg_free(cfg);
    free(text);
}
