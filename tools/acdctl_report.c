/* acdctl: reports. Each is a query of the daemon, list_queue_folds, list_agent_folds or
 * list_visits, under a name of its own and with what it means preset, and a choice of columns.
 *
 * Happy path: the range is read by the clock of the zone, which is that of the daemon's today
 * unless another is said; the daemon adds up, and what it tells is kept until all is there. Failure
 * modes: an answer breaks off: nothing of it is printed. */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/acd_assert.h"
#include "tools/acdctl_report.h"
#include "tools/acdctl_view.h"

#define FOLD_WAIT                                                                                  \
    (300 * ACD_SECOND) /* a page of a zone whose days are added up anew takes longest */

/* What is said besides the fields of the query. */
struct options {
    enum report_format format;
    const char *from, *to, *zone;
    char day_zone[65]; /* what zone is unless it is said */
    acd_time range[2];
};

/* ---- options -------------------------------------------------------------------------------- */

static int read_format(struct ctl *ctl, const char *value, enum report_format *out)
{
    static const char *const names[] = {"table", "csv", "json"};

    for (int i = 0; i < 3; i++)
        if (strcmp(names[i], value) == 0) {
            *out = (enum report_format)i;
            return CTL_OK;
        }
    return ctl_usage(ctl, "format", "\"%s\" is none of table, csv, json", value);
}

/* A word is the name of a queue or an agent in each report; of visits it would be a call's key. */
static struct ctl_arg as_named(const struct ctl_arg *arg, const struct acd_record *record)
{
    static char key[] = "queue_name";

    return arg->key == NULL && record->code == ACD_QUERY_list_visits
               ? (struct ctl_arg){key, arg->value}
               : *arg;
}

/* Takes out what is no field of the query as it stands: the rest is left in ctl->args. */
static int take_options(struct ctl *ctl, const struct acd_record *record, struct ctl_arg *rest,
                        struct options *o)
{
    size_t count = 0;
    int status = CTL_OK;

    o->format = ctl->json ? REPORT_JSON : REPORT_TABLE;
    for (size_t i = 0; i < ctl->count && status == CTL_OK; i++) {
        const struct ctl_arg *arg = &ctl->args[i];

        if (arg->key != NULL && strcmp(arg->key, "zone") == 0)
            o->zone = arg->value;
        else if (arg->key != NULL && strcmp(arg->key, "format") == 0)
            status = read_format(ctl, arg->value, &o->format);
        else if (arg->key != NULL && strcmp(arg->key, "from") == 0)
            o->from = arg->value;
        else if (arg->key != NULL && strcmp(arg->key, "to") == 0)
            o->to = arg->value;
        else
            rest[count++] = as_named(arg, record);
    }
    ctl->args = rest;
    ctl->count = count;
    return status;
}

/* The zone's clock is the process's from here on. */
static int enter_zone(struct ctl *ctl, const char *zone)
{
    char path[256], tz[128];
    struct stat file;

    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
    if (strcmp(zone, "UTC") != 0 && (zone[0] == '\0' || strstr(zone, "..") != NULL ||
                                     stat(path, &file) != 0 || !S_ISREG(file.st_mode)))
        return ctl_usage(ctl, "zone", "\"%s\" is no time zone like Europe/Berlin", zone);
    snprintf(tz, sizeof tz, ":%s", zone);
    setenv("TZ", tz, 1);
    tzset();
    return CTL_OK;
}

static void on_server(void *ctx, int error, const struct acd_view *view)
{
    struct options *o = ctx;
    struct acd_str zone = {NULL, 0};

    if (error == ACD_OK && view != NULL && view->code == ACD_VIEW_server)
        zone = view->as.server.day_zone;
    if (zone.len > 0)
        snprintf(o->day_zone, sizeof o->day_zone, "%.*s", (int)zone.len, zone.data);
}

/* An older daemon does not say; that is UTC's. */
static int ask_zone(struct ctl *ctl, struct options *o)
{
    const struct acd_query query = {.code = ACD_QUERY_get_server};
    int error = acd_client_query(ctl->client, &query, on_server, o);

    o->zone = o->day_zone;
    return error == ACD_OK ? CTL_OK : ctl_ask_failed(ctl, &acd_record_query_get_server, error);
}

/* ---- times ---------------------------------------------------------------------------------- */

static acd_time instant(struct tm tm)
{
    tm.tm_isdst = -1;
    tm.tm_sec = 0;
    return (acd_time)mktime(&tm) * ACD_SECOND;
}

/* The beginning of the present day, or of one so many days, weeks and months before. */
static acd_time beginning(acd_time now, const struct report *report)
{
    time_t seconds = (time_t)(now / ACD_SECOND);
    struct tm tm;

    (void)localtime_r(&seconds, &tm);
    tm.tm_hour = tm.tm_min = 0;
    tm.tm_mday -= report->days;
    if (report->weeks > 0)
        tm.tm_mday -= (tm.tm_wday + 6) % 7 + 7 * report->weeks;
    if (report->months > 0) {
        tm.tm_mday = 1;
        tm.tm_mon -= report->months;
    }
    return instant(tm);
}

/* "2026-11-26", "2026-11-26T10:15", "today", "yesterday", or as everywhere else. */
static bool time_read(const char *text, acd_time now, acd_time *out)
{
    static const struct acd_field field = {"time", "", ACD_FIELD_time, 0, 0, NULL};
    const struct report yesterday = {.days = 1}, today = {.days = 0};
    struct acd_json j = {0};
    struct tm tm = {0};
    const char *end = strptime(text, "%Y-%m-%d", &tm);

    if (end != NULL && (*end == 'T' || *end == ' '))
        end = strptime(end + 1, "%H:%M", &tm);
    if (end != NULL && *end == '\0') {
        *out = instant(tm);
        return true;
    }
    if (strcmp(text, "today") == 0 || strcmp(text, "yesterday") == 0) {
        *out = beginning(now, text[0] == 't' ? &today : &yesterday);
        return true;
    }
    return acd_json_parse_field(&j, &field, acd_str(text), out) == ACD_OK;
}

static int read_range(struct ctl *ctl, const struct report *report, struct options *o)
{
    const struct report today = {.days = 0};
    acd_time now = ctl_now(ctl);

    o->range[0] = beginning(now, report != NULL ? report : &today);
    if (o->from != NULL && !time_read(o->from, now, &o->range[0]))
        return ctl_usage(ctl, "from", "\"%s\" is no time like 2026-11-26 or 2026-11-26T10:15",
                         o->from);
    if (o->to != NULL && !time_read(o->to, now, &o->range[1]))
        return ctl_usage(ctl, "to", "\"%s\" is no time like 2026-11-26 or 2026-11-26T10:15", o->to);
    if (o->range[1] != 0 && o->range[1] <= o->range[0])
        return ctl_usage(ctl, "to", "is not behind from");
    return CTL_OK;
}

static void options_put(const struct acd_record *record, const struct options *o, void *value)
{
    const struct acd_field *zone = acd_field_named(record, "zone");
    const struct acd_str name = acd_str(o->zone);

    if (zone != NULL)
        memcpy((char *)value + zone->offset, &name, sizeof name);
    memcpy((char *)value + acd_field_named(record, "from")->offset, &o->range[0], sizeof(acd_time));
    memcpy((char *)value + acd_field_named(record, "to")->offset, &o->range[1], sizeof(acd_time));
}

/* ---- verb ----------------------------------------------------------------------------------- */

/* A name may be of the past, so a wrong one is no error; but it is not to be taken for a quiet day.
 */
static void tell_none(const char *what, struct acd_str name)
{
    char text[CTL_TEXT_MAX];

    ctl_clean(name, text, sizeof text);
    if (name.len > 0)
        fprintf(stderr, "acdctl: %s \"%s\" in that time\n", what, text);
}

static void tell_uncounted(const struct acd_query *query, const struct report_rows *r)
{
    const bool agents = query->code == ACD_QUERY_list_agent_folds;
    bool none = true;

    for (size_t i = 0; i < r->count && none; i++)
        none = agents ? report_agent_is_empty(&r->all[i]) : report_row_is_empty(&r->all[i]);
    if (none && !agents)
        tell_none("nothing was counted of a queue", query->as.list_queue_folds.name);
    else if (none)
        tell_none(query->as.list_agent_folds.by == ACD_FOLD_BY_TEAM
                      ? "nothing was counted of a team"
                      : "nothing was counted of an agent",
                  query->as.list_agent_folds.name);
}

static int run_folds(struct ctl *ctl, const struct acd_query *query, const struct report *report,
                     const struct options *o)
{
    struct report_rows r = {.all = NULL};
    int status = report_ask_rows(ctl, query, report, &r);

    if (status == CTL_OK)
        report_print(report, o->format, r.all, r.count);
    if (status == CTL_OK && o->format == REPORT_TABLE)
        report_print_until(r.until, o->zone);
    if (status == CTL_OK)
        tell_uncounted(query, &r);
    free(r.all);
    return status;
}

static int run_visits(struct ctl *ctl, const struct acd_query *query, const struct options *o)
{
    size_t count = 0;
    int status = report_visits(ctl, query, o->format, &count);

    if (status == CTL_OK && count == 0)
        tell_none("there is no such call of a queue", query->as.list_visits.queue_name);
    return status;
}

int ctl_run_report(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct ctl_arg *rest = calloc(ctl->count + 1, sizeof *rest);
    const struct report *report = report_of(verb->words);
    struct acd_query query = {.code = verb->record->code};
    struct options o = {.day_zone = "UTC"};
    int status;

    ACD_ASSERT(rest != NULL);
    status = take_options(ctl, verb->record, rest, &o);
    if (status == CTL_OK)
        status = ctl_fill(ctl, verb->record, verb->preset, &query.as);
    ctl->wait = FOLD_WAIT;
    if (status == CTL_OK)
        status = ctl_connect(ctl);
    if (status == CTL_OK && o.zone == NULL)
        status = ask_zone(ctl, &o);
    if (status == CTL_OK)
        status = enter_zone(ctl, o.zone);
    if (status == CTL_OK)
        status = read_range(ctl, report, &o);
    if (status == CTL_OK) {
        options_put(verb->record, &o, &query.as);
        status = report != NULL ? run_folds(ctl, &query, report, &o) : run_visits(ctl, &query, &o);
    }
    free(rest);
    return status;
}
