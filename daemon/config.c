#include "daemon/config.h"

#include <argp.h>
#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/sp_address.h"
#include "proto/acd_config_text.h"
#include "proto/acd_wire.h"

/* ---- limits by name ---------------------------------------------------------------------------
 */

#define LIMITS(XX)                                                                                 \
    XX(agents)                                                                                     \
    XX(queues)                                                                                     \
    XX(memberships)                                                                                \
    XX(queues_per_agent)                                                                           \
    XX(calls)                                                                                      \
    XX(assignments)                                                                                \
    XX(ended_calls)                                                                                \
    XX(numbers)                                                                                    \
    XX(clients)                                                                                    \
    XX(outbox_bytes)                                                                               \
    XX(call_texts)                                                                                 \
    XX(skills)                                                                                     \
    XX(plans)                                                                                      \
    XX(lines)                                                                                      \
    XX(seats)                                                                                      \
    XX(lines_per_agent)

static uint32_t *limit_named(struct acd_limits *l, const char *name, size_t len)
{
#define XX(limit)                                                                                  \
    if (strlen(#limit) == len && memcmp(#limit, name, len) == 0)                                   \
        return &l->limit;
    LIMITS(XX)
#undef XX
    return NULL;
}

/* ---- the file ------------------------------------------------------------------------------- */

static bool is_url(const char *text)
{
    struct sp_address address;

    return sp_address_parse(text, &address) == 0;
}

static bool urls_add(struct urls *urls, const char *url, uint32_t tenant)
{
    if (urls->count == CONFIG_URLS_MAX || strlen(url) >= ACD_URL_MAX)
        return false;
    urls->tenant[urls->count] = (uint8_t)tenant;
    snprintf(urls->url[urls->count++], ACD_URL_MAX, "%s", url);
    return true;
}

/* libconfuse calls these with the line at hand, so that a fault is told with it. */
static int valid_level(cfg_t *cfg, cfg_opt_t *opt)
{
    const char *name = cfg_opt_getnstr(opt, 0);

    if (name == NULL || log_level_named(name) >= 0)
        return 0;
    cfg_error(cfg, "log_level: '%s' is none of error, warn, info, debug", name);
    return -1;
}

static int valid_rate(cfg_t *cfg, cfg_opt_t *opt)
{
    double rate = cfg_opt_getnfloat(opt, 0);

    if (rate > 0 && rate <= 1e6)
        return 0;
    cfg_error(cfg, "clock_rate: must be above 0 and at most 1,000,000");
    return -1;
}

static int valid_zone(cfg_t *cfg, cfg_opt_t *opt)
{
    const char *zone = cfg_opt_getnstr(opt, 0);

    if (zone == NULL || zone_is_known(zone))
        return 0;
    cfg_error(cfg, "%s: '%s' is no time zone of this system", cfg_opt_name(opt), zone);
    return -1;
}

static int valid_count(cfg_t *cfg, cfg_opt_t *opt)
{
    long value = cfg_opt_getnint(opt, 0);

    if (value >= 0 && value <= 1L << 28)
        return 0;
    cfg_error(cfg, "%s: must be between 0 and 268435456", cfg_opt_name(opt));
    return -1;
}

static int valid_positive(cfg_t *cfg, cfg_opt_t *opt)
{
    if (cfg_opt_getnint(opt, 0) > 0)
        return valid_count(cfg, opt);
    cfg_error(cfg, "%s: must be between 1 and 268435456", cfg_opt_name(opt));
    return -1;
}

static int valid_urls(cfg_t *cfg, cfg_opt_t *opt)
{
    for (unsigned i = 0; i < cfg_opt_size(opt); i++) {
        const char *url = cfg_opt_getnstr(opt, i);

        if (is_url(url) && strlen(url) < ACD_URL_MAX && i < CONFIG_URLS_EACH)
            continue;
        cfg_error(cfg, "%s: '%s' is no ipc://path or tcp://host:port, or one too many",
                  cfg_opt_name(opt), url);
        return -1;
    }
    return 0;
}

/* A whole section has been read. */
static int valid_tenant(cfg_t *cfg, cfg_opt_t *opt)
{
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
    struct tenant scratch;

    (void)cfg;
    if (!tenant_init(&scratch, cfg_title(section)))
        cfg_error(section, "tenant: '%s' is no name of 1 to %d bytes without blanks and '/'",
                  cfg_title(section), TENANT_NAME_MAX);
    else if (cfg_opt_size(opt) > TENANTS_MAX)
        cfg_error(section, "tenant: there may be %d", TENANTS_MAX);
    else if (cfg_size(section, "listen") == 0)
        cfg_error(section, "tenant %s: has nothing to listen at", cfg_title(section));
    else
        return 0;
    return -1;
}

/* Of an older acdd's file: said in words, for no unknown name would help anybody on. */
static int valid_calendar(cfg_t *cfg, cfg_opt_t *opt)
{
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);

    (void)cfg;
    cfg_error(section, "calendar '%s', which ends here: calendars are set by acdctl config apply",
              cfg_title(section));
    return -1;
}

/* The settings of the directory are texts here, for config_store.c to read. */
static int valid_store(cfg_t *cfg, cfg_opt_t *opt)
{
    struct config_store scratch;
    const char *value = cfg_opt_getnstr(opt, 0);
    const char *wrong = value == NULL ? NULL : config_store_set(&scratch, cfg_opt_name(opt), value);

    if (wrong == NULL)
        return 0;
    cfg_error(cfg, "%s: '%s' %s", cfg_opt_name(opt), value, wrong);
    return -1;
}

static const char *file_name = ""; /* of the file that is being parsed */

static void on_cfg_error(cfg_t *cfg, const char *format, va_list args)
{
    char text[512];

    vsnprintf(text, sizeof text, format, args);
    log_line(LOG_ERROR, "config", "file=\"%s\" line=%d reason=\"%s\"", file_name,
             cfg != NULL ? cfg->line : 0, text);
}

static cfg_opt_t limits_options[] = {
#define XX(limit) CFG_INT(#limit, 0, CFGF_NONE),
    LIMITS(XX)
#undef XX
        CFG_END()};

static cfg_opt_t tenant_options[] = {
    CFG_STR_LIST("listen", NULL, CFGF_NODEFAULT),
    CFG_STR_LIST("publish", NULL, CFGF_NODEFAULT),
    CFG_END(),
};

static cfg_opt_t calendar_options[] = {
    CFG_STR("zone", NULL, CFGF_NONE),
    CFG_STR_LIST("times", NULL, CFGF_NODEFAULT),
    CFG_STR_LIST("queues", NULL, CFGF_NODEFAULT),
    CFG_STR("strategy", NULL, CFGF_NONE),
    CFG_STR("otherwise", NULL, CFGF_NONE),
    CFG_END(),
};

static cfg_opt_t options[] = {
    CFG_STR_LIST("listen", NULL, CFGF_NODEFAULT),
    CFG_STR_LIST("publish", NULL, CFGF_NODEFAULT),
    CFG_STR("log_level", "info", CFGF_NONE),
    CFG_FLOAT("clock_rate", 1, CFGF_NONE),
    CFG_STR("day_zone", "UTC", CFGF_NONE),
    CFG_INT("out_bytes_max", 4 << 20, CFGF_NONE),
    CFG_INT("connections_max", 1024, CFGF_NONE),
    CFG_BOOL("realtime", cfg_false, CFGF_NONE),
    CFG_SEC("limits", limits_options, CFGF_NONE),
    CFG_SEC("tenant", tenant_options, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
    CFG_SEC("calendar", calendar_options, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
#define XX(name, flag, arg, doc) CFG_STR(#name, NULL, CFGF_NONE),
    CONFIG_STORE_SETTINGS(XX)
#undef XX
        CFG_END(),
};

static cfg_t *parser_open(void)
{
    cfg_t *cfg = cfg_init(options, CFGF_NONE);

    cfg_set_error_function(cfg, on_cfg_error);
    cfg_set_validate_func(cfg, "log_level", valid_level);
    cfg_set_validate_func(cfg, "clock_rate", valid_rate);
    cfg_set_validate_func(cfg, "day_zone", valid_zone);
    cfg_set_validate_func(cfg, "out_bytes_max", valid_positive);
    cfg_set_validate_func(cfg, "connections_max", valid_positive);
    cfg_set_validate_func(cfg, "listen", valid_urls);
    cfg_set_validate_func(cfg, "publish", valid_urls);
    cfg_set_validate_func(cfg, "tenant|listen", valid_urls);
    cfg_set_validate_func(cfg, "tenant|publish", valid_urls);
    cfg_set_validate_func(cfg, "tenant", valid_tenant);
    cfg_set_validate_func(cfg, "calendar", valid_calendar);
#define XX(limit) cfg_set_validate_func(cfg, "limits|" #limit, valid_count);
    LIMITS(XX)
#undef XX
#define XX(name, flag, arg, doc) cfg_set_validate_func(cfg, #name, valid_store);
    CONFIG_STORE_SETTINGS(XX)
#undef XX
    return cfg;
}

static cfg_t *file_parse(const char *file)
{
    int unclosed;
    char *text = acd_config_text_read(file, &unclosed);
    cfg_t *cfg = NULL;

    file_name = file;
    if (text == NULL) {
        log_line(LOG_ERROR, "config", "file=\"%s\" reason=\"cannot be read: %s\"", file,
                 strerror(errno));
    } else if (unclosed > 0) {
        log_line(LOG_ERROR, "config", "file=\"%s\" line=%d reason=\"what begins here never ends\"",
                 file, unclosed);
    } else {
        cfg = parser_open();
        if (cfg_parse_buf(cfg, text) != CFG_SUCCESS) {
            cfg_free(cfg);
            cfg = NULL;
        }
    }
    free(text);
    return cfg;
}

static void urls_take(struct urls *urls, cfg_t *cfg, const char *name, uint32_t tenant)
{
    if (tenant == 0 && cfg_size(cfg, name) > 0)
        urls->count = 0;
    for (unsigned i = 0; i < cfg_size(cfg, name); i++)
        urls_add(urls, cfg_getnstr(cfg, name, i), tenant);
}

static void tenants_take(struct config *c, cfg_t *cfg)
{
    c->tenant_count = 0;
    c->tenants_listen.count = c->tenants_publish.count = 0;
    for (unsigned i = 0; i < cfg_size(cfg, "tenant"); i++) {
        cfg_t *section = cfg_getnsec(cfg, "tenant", i);

        (void)tenant_init(&c->tenants[c->tenant_count++], cfg_title(section));
        urls_take(&c->tenants_listen, section, "listen", i + 1);
        urls_take(&c->tenants_publish, section, "publish", i + 1);
    }
}

static bool file_read(struct config *c)
{
    cfg_t *cfg = file_parse(c->file), *limits;

    if (cfg == NULL)
        return false;
    urls_take(&c->listen, cfg, "listen", 0);
    urls_take(&c->publish, cfg, "publish", 0);
    tenants_take(c, cfg);
    c->log_level = (enum log_level)log_level_named(cfg_getstr(cfg, "log_level"));
    c->clock_rate = cfg_getfloat(cfg, "clock_rate");
    snprintf(c->day_zone, sizeof c->day_zone, "%s", cfg_getstr(cfg, "day_zone"));
    c->out_bytes_max = (size_t)cfg_getint(cfg, "out_bytes_max");
    c->connections_max = (uint32_t)cfg_getint(cfg, "connections_max");
    c->realtime = cfg_getbool(cfg, "realtime");
    limits = cfg_getsec(cfg, "limits");
#define XX(limit) c->limits.limit = (uint32_t)cfg_getint(limits, #limit);
    LIMITS(XX)
#undef XX
#define XX(name, flag, arg, doc)                                                                   \
    if (cfg_getstr(cfg, #name) != NULL)                                                            \
        config_store_set(&c->store, #name, cfg_getstr(cfg, #name));
    CONFIG_STORE_SETTINGS(XX)
#undef XX
    cfg_free(cfg);
    return true;
}

bool config_reload(struct config *c)
{
    struct config fresh = *c;

    if (c->file == NULL || !file_read(&fresh))
        return false;
    if (!c->level_given)
        c->log_level = fresh.log_level;
    log_level_set(c->log_level);
    memcpy(c->day_zone, fresh.day_zone, sizeof c->day_zone);
    return true;
}

/* ---- flags ---------------------------------------------------------------------------------- */

enum {
    FLAG_RATE = 256,
    FLAG_LEVEL,
    FLAG_REALTIME,
    FLAG_LIMIT,
    FLAG_CHECK,
    FLAG_ACCEPT_LOSS,
#define XX(name, flag, arg, doc) FLAG_##name,
    CONFIG_STORE_SETTINGS(XX)
#undef XX
};

static const struct argp_option flags[] = {
    {"config", 'c', "FILE", 0, "Read FILE; flags win over it", 0},
    {"listen", 'l', "URL", 0,
     "Take requests at URL, ipc://PATH or tcp://HOST:PORT; may be repeated", 0},
    {"publish", 'p', "URL", 0, "Publish events at URL; may be repeated", 0},
    {"clock-rate", FLAG_RATE, "R", 0, "Let the clock run R times as fast, for demonstrations", 0},
    {"log-level", FLAG_LEVEL, "LEVEL", 0, "error, warn, info (default) or debug", 0},
    {"realtime", FLAG_REALTIME, NULL, 0, "Run before all else on its processor, when asked", 0},
    {"limit", FLAG_LIMIT, "NAME=N", 0, "Room for N of NAME: agents, queues, calls, ...", 0},
#define XX(name, flag, arg, doc) {flag, FLAG_##name, arg, 0, doc, 0},
    CONFIG_STORE_SETTINGS(XX)
#undef XX
        {"accept-loss", FLAG_ACCEPT_LOSS, NULL, 0,
         "Start even though what was not on the disk yet is missing", 0},
    {"check", FLAG_CHECK, NULL, 0, "Read flags and file, say whether they are right, and exit", 0},
    {0},
};

static void flag_limit(struct config *c, const char *arg, struct argp_state *state)
{
    const char *equals = strchr(arg, '=');
    uint32_t *limit = equals == NULL ? NULL : limit_named(&c->limits, arg, (size_t)(equals - arg));
    char *end = NULL;
    unsigned long value = equals == NULL ? 0 : strtoul(equals + 1, &end, 10);

    if (limit == NULL || end == equals + 1 || *end != '\0' || value > 1UL << 28)
        argp_error(state, "--limit: '%s' is not NAME=N with a known name", arg);
    else
        *limit = (uint32_t)value;
}

static void flag_rate(struct config *c, const char *arg, struct argp_state *state)
{
    char *end;

    c->clock_rate = strtod(arg, &end);
    if (end == arg || *end != '\0' || !(c->clock_rate > 0) || c->clock_rate > 1e6)
        argp_error(state, "--clock-rate: '%s' is no number above 0 and at most 1,000,000", arg);
}

static error_t flag_store(struct config *c, int key, const char *arg, struct argp_state *state)
{
    static const struct {
        int key;
        const char *name, *flag;
    } settings[] = {
#define XX(name, flag, arg, doc) {FLAG_##name, #name, flag},
        CONFIG_STORE_SETTINGS(XX)
#undef XX
    };

    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (settings[i].key == key) {
            const char *wrong = config_store_set(&c->store, settings[i].name, arg);

            if (wrong != NULL)
                argp_error(state, "--%s: '%s' %s", settings[i].flag, arg, wrong);
            return 0;
        }
    return ARGP_ERR_UNKNOWN;
}

/* Two passes over the flags: the first finds the file, the second lets them win over it. */
struct parsing {
    struct config *config;
    bool second;
    bool listen_given, publish_given;
};

static void flag_url(struct urls *urls, bool *given, const char *arg, struct argp_state *state)
{
    if (!*given)
        urls->count = 0;
    *given = true;
    if (!is_url(arg) || urls->count == CONFIG_URLS_EACH || !urls_add(urls, arg, 0))
        argp_error(state, "'%s' is no ipc://path or tcp://host:port, or one too many", arg);
}

static error_t on_flag(int key, char *arg, struct argp_state *state)
{
    struct parsing *p = state->input;
    struct config *c = p->config;

    if (key == 'c')
        c->file = arg;
    if (!p->second)
        return key == 'c' || key == 'l' || key == 'p' || key >= FLAG_RATE ? 0 : ARGP_ERR_UNKNOWN;
    switch (key) {
    case 'c': return 0;
    case 'l': flag_url(&c->listen, &p->listen_given, arg, state); return 0;
    case 'p': flag_url(&c->publish, &p->publish_given, arg, state); return 0;
    case FLAG_RATE: flag_rate(c, arg, state); return 0;
    case FLAG_LIMIT: flag_limit(c, arg, state); return 0;
    case FLAG_REALTIME: c->realtime = true; return 0;
    case FLAG_CHECK: c->check_only = true; return 0;
    case FLAG_ACCEPT_LOSS: c->store.accept_loss = true; return 0;
    case FLAG_LEVEL:
        if (log_level_named(arg) < 0)
            argp_error(state, "--log-level: '%s' is none of error, warn, info, debug", arg);
        c->log_level = (enum log_level)log_level_named(arg);
        c->level_given = true;
        return 0;
    default: return flag_store(c, key, arg, state);
    }
}

static void urls_default(struct config *c)
{
    char url[ACD_URL_MAX];

    if (c->listen.count == 0) {
        acd_default_url(url);
        urls_add(&c->listen, url, 0);
    }
    if (c->publish.count == 0) {
        acd_default_pub_url(c->listen.url[0], url);
        if (url[0] != '\0')
            urls_add(&c->publish, url, 0);
    }
}

static void urls_append(struct urls *urls, const struct urls *more)
{
    for (int i = 0; i < more->count; i++)
        urls_add(urls, more->url[i], more->tenant[i]);
}

void config_read(struct config *c, int argc, char **argv)
{
    static const struct argp argp = {
        flags, on_flag, NULL, "acdd, the automatic call distributor's daemon. See acdd(8).",
        NULL,  NULL,    NULL};
    struct parsing p = {c, false, false, false};

    *c = (struct config){.log_level = LOG_INFO,
                         .clock_rate = 1,
                         .day_zone = "UTC",
                         .out_bytes_max = 4 << 20,
                         .connections_max = 1024};
    config_store_default(&c->store);
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &p);
    if (c->file != NULL && !file_read(c))
        exit(1);
    p.second = true;
    argp_parse(&argp, argc, argv, 0, NULL, &p);
    urls_default(c);
    urls_append(&c->listen, &c->tenants_listen);
    urls_append(&c->publish, &c->tenants_publish);
}
