/* Figures as Prometheus reads them: families.def field by field, histograms, and our own. */

#include <inttypes.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/web/scrape.h"

enum { WITHIN_COUNT = 20 };

struct family {
    const char *name, *type, *extra, *help;
    const struct acd_record *record;
    const char *field;
    enum scrape_of list;
};

#define GAUGE       "gauge"
#define COUNTER     "counter"
#define LIST_server SCRAPE_SERVER
#define LIST_totals SCRAPE_TOTALS
#define LIST_loop   SCRAPE_LOOP
#define LIST_timing SCRAPE_TIMINGS
#define LIST_queue  SCRAPE_QUEUES
#define LIST_team   SCRAPE_TEAMS
#define LIST_client SCRAPE_CLIENTS
#define FAMILY(name, type, view, field, extra, help)                                               \
    {name, type, extra, help, &acd_record_view_##view, #field, LIST_##view},

static const struct family families[] = {
#include "tools/web/families.def"
};

/* What a label's name is in each list; "" where there is one thing only. */
static const char *const label_names[SCRAPE_LISTS] = {
    [SCRAPE_SERVER] = "",         [SCRAPE_TOTALS] = "",      [SCRAPE_LOOP] = "",
    [SCRAPE_TIMINGS] = "request", [SCRAPE_QUEUES] = "queue", [SCRAPE_TEAMS] = "team",
    [SCRAPE_CLIENTS] = "client",
};

/* ---- writing ------------------------------------------------------------------------------- */

static void write_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\\' || *text == '"')
            fputc('\\', out);
        if (*text == '\n')
            fputs("\\n", out);
        else
            fputc(*text, out);
    }
}

/* {queue="sales",state="x"}, as far as there are any. */
static void write_labels(FILE *out, enum scrape_of list, const char *label, const char *extra)
{
    const char *name = label_names[list];

    if (name[0] == '\0' && extra[0] == '\0')
        return;
    fputc('{', out);
    if (name[0] != '\0') {
        fprintf(out, "%s=\"", name);
        write_escaped(out, label);
        fprintf(out, "\"%s", extra[0] == '\0' ? "" : ",");
    }
    fprintf(out, "%s}", extra);
}

static void write_span(FILE *out, acd_span span)
{
    if (span == ACD_FOREVER)
        fputs("+Inf", out);
    else
        fprintf(out, "%" PRId64 ".%06" PRId64, span / ACD_SECOND, span % ACD_SECOND);
}

static void write_value(FILE *out, const struct acd_field *field, const void *view, acd_time now)
{
    const unsigned char *at = (const unsigned char *)view + field->offset;
    const acd_time *time = (const void *)at;

    switch (field->type) {
    case ACD_FIELD_u16: fprintf(out, "%" PRIu16, *(const uint16_t *)(const void *)at); break;
    case ACD_FIELD_u32: fprintf(out, "%" PRIu32, *(const uint32_t *)(const void *)at); break;
    case ACD_FIELD_u64: fprintf(out, "%" PRIu64, *(const uint64_t *)(const void *)at); break;
    case ACD_FIELD_i16: fprintf(out, "%" PRId16, *(const int16_t *)(const void *)at); break;
    case ACD_FIELD_flag: fprintf(out, "%d", *at != 0); break;
    case ACD_FIELD_span: write_span(out, *time); break;
    case ACD_FIELD_time: write_span(out, *time == 0 || *time > now ? 0 : now - *time); break;
    default: ACD_ASSERT(field->type == ACD_FIELD_u32); /* a metric is a number */
    }
}

static void write_head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* ---- families ------------------------------------------------------------------------------ */

static void write_family(const struct scrape *s, const struct family *f, acd_time now, FILE *out)
{
    const struct acd_field *field = acd_field_named(f->record, f->field);
    const struct scrape_list *list = &s->lists[f->list];

    ACD_ASSERT(field != NULL);
    for (size_t i = 0; i < list->count; i++) {
        fputs(f->name, out);
        write_labels(out, f->list, list->items[i].label, f->extra);
        fputc(' ', out);
        write_value(out, field, &list->items[i].view.as, now);
        fputc('\n', out);
    }
}

static void write_families(const struct scrape *s, FILE *out)
{
    const acd_time now =
        s->lists[SCRAPE_SERVER].count > 0 ? s->lists[SCRAPE_SERVER].items[0].view.as.server.now : 0;
    const char *before = "";

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (s->lists[families[i].list].count > 0 && strcmp(families[i].name, before) != 0)
            write_head(out, families[i].name, families[i].type, families[i].help);
        before = families[i].name;
        write_family(s, &families[i], now, out);
    }
}

static void write_info(const struct scrape *s, FILE *out)
{
    const struct scrape_list *servers = &s->lists[SCRAPE_SERVER];

    if (servers->count == 0)
        return;
    write_head(out, "acd_info", GAUGE, "The daemon's version");
    fputs("acd_info{version=\"", out);
    write_escaped(out, servers->items[0].label);
    fprintf(out, "\",schema=\"%u\"} 1\n", servers->items[0].view.as.server.schema);
}

/* ---- histograms ---------------------------------------------------------------------------- */

/* The bounds of ACD_WITHIN_FIELDS are powers of two of microseconds. */
static void write_histogram(FILE *out, const char *name, const char *label, const uint64_t *within,
                            uint64_t count, acd_span sum)
{
    const char *comma = label[0] == '\0' ? "" : ",";
    const char *open = label[0] == '\0' ? "" : "{", *close = label[0] == '\0' ? "" : "}";

    for (unsigned i = 0; i < WITHIN_COUNT; i++)
        fprintf(out, "%s_bucket{%s%sle=\"%u.%06u\"} %" PRIu64 "\n", name, label, comma,
                (1U << i) / 1000000, (1U << i) % 1000000, within[i]);
    fprintf(out, "%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", name, label, comma, count);
    fprintf(out, "%s_sum%s%s%s ", name, open, label, close);
    write_span(out, sum);
    fprintf(out, "\n%s_count%s%s%s %" PRIu64 "\n", name, open, label, close, count);
}

static void write_histograms(const struct scrape *s, FILE *out)
{
    const struct scrape_list *loops = &s->lists[SCRAPE_LOOP];
    const struct scrape_list *timings = &s->lists[SCRAPE_TIMINGS];

    if (loops->count > 0) {
        const struct acd_view_loop *v = &loops->items[0].view.as.loop;

        write_head(out, "acd_loop_turn_seconds", "histogram",
                   "How long the loop was awake without a look at its sockets");
        write_histogram(out, "acd_loop_turn_seconds", "", &v->within_1us, v->turns, v->busy);
    }
    if (timings->count > 0)
        write_head(out, "acd_request_seconds", "histogram",
                   "From the loop's wake-up for a request until its reply was written");
    for (size_t i = 0; i < timings->count; i++) {
        const struct acd_view_timing *v = &timings->items[i].view.as.timing;
        char label[SCRAPE_LABEL_MAX + 16];

        snprintf(label, sizeof label, "request=\"%s\"", timings->items[i].label);
        write_histogram(out, "acd_request_seconds", label, &v->within_1us, v->answered, v->time);
    }
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void write_own(const struct web *web, FILE *out)
{
    const struct web_counters *c = &web->counters;

    write_head(out, "acd_web_browsers", GAUGE, "Wallboards connected");
    fprintf(out, "acd_web_browsers %" PRIu32 "\n", web->browsers);
    write_head(out, "acd_web_browsers_refused_total", COUNTER, "Wallboards beyond the limit");
    fprintf(out, "acd_web_browsers_refused_total %" PRIu64 "\n", c->browsers_refused);
    write_head(out, "acd_web_resyncs_total", COUNTER,
               "Times that a wallboard was too slow and was sent everything anew");
    fprintf(out, "acd_web_resyncs_total %" PRIu64 "\n", c->resyncs);
    write_head(out, "acd_web_scrapes_total", COUNTER,
               "Times that figures were asked of the daemon");
    fprintf(out, "acd_web_scrapes_total %" PRIu64 "\n", c->scrapes);
    write_head(out, "acd_web_scrapes_failed_total", COUNTER, "Of them, not answered whole");
    fprintf(out, "acd_web_scrapes_failed_total %" PRIu64 "\n", c->scrapes_failed);
}

void scrape_metrics(const struct scrape *s, FILE *out)
{
    write_head(out, "acd_up", GAUGE, "1: the daemon answered");
    fprintf(out, "acd_up %d\n", s->answered);
    if (s->answered) {
        write_info(s, out);
        write_families(s, out);
        write_histograms(s, out);
    }
    write_own(s->web, out);
}
