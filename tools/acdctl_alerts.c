/* acdctl: the alerts of queues that are raised. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What alerts of service level and abandoned calls are about, of the present interval. */
struct counted {
    char queue[65];
    uint32_t in_time, abandoned, all;
};

struct alerts {
    struct ctl *ctl;
    struct counted *counted;
    size_t counted_count, counted_room;
    struct ctl_table table;
    acd_time now;
    size_t count; /* of queues with any */
};

static const struct ctl_heading headings[] = {
    {"QUEUE", false, 30},
    {"ALERT", false, 0},
    {"SINCE", true, 0},
    {"NOW", true, 0},
};

static void on_interval(void *ctx, int error, const struct acd_view *view)
{
    struct alerts *a = ctx;
    const struct acd_view_queue_interval *v = &view->as.queue_interval;
    struct counted *c;

    if (error != ACD_OK || view->code != ACD_VIEW_queue_interval)
        return;
    if (a->counted_count == a->counted_room) {
        a->counted_room = a->counted_room == 0 ? 64 : 2 * a->counted_room;
        a->counted = realloc(a->counted, a->counted_room * sizeof *a->counted);
        ACD_ASSERT(a->counted != NULL);
    }
    c = &a->counted[a->counted_count++];
    snprintf(c->queue, sizeof c->queue, "%.*s", (int)v->name.len, v->name.data);
    c->in_time = v->in_time;
    c->abandoned = v->abandoned;
    c->all = v->answered + v->abandoned;
}

static const struct counted *counted_of(const struct alerts *a, struct acd_str queue)
{
    static const struct counted none;

    for (size_t i = 0; i < a->counted_count; i++)
        if (strlen(a->counted[i].queue) == queue.len &&
            memcmp(a->counted[i].queue, queue.data, queue.len) == 0)
            return &a->counted[i];
    return &none;
}

/* "B 75.0% in 20s, of 90.0%". */
static void level_text(const struct acd_view_queue *q, const struct counted *c,
                       char out[CTL_TEXT_MAX])
{
    char is[CTL_TEXT_MAX], least[CTL_TEXT_MAX], within[CTL_TEXT_MAX];

    ctl_percent_text(c->in_time, c->all, is);
    ctl_percent_text((uint64_t)q->alert_service_level, 1000, least);
    ctl_span_text(q->service_level_threshold, within);
    snprintf(out, CTL_TEXT_MAX, "B %.16s in %.16s, of %.16s", is, within, least);
}

/* "25.0% of 10.0%". */
static void abandoned_text(const struct acd_view_queue *q, const struct counted *c,
                           char out[CTL_TEXT_MAX])
{
    char is[CTL_TEXT_MAX], most[CTL_TEXT_MAX];

    ctl_percent_text(c->abandoned, c->all, is);
    ctl_percent_text((uint64_t)q->alert_abandoned, 1000, most);
    snprintf(out, CTL_TEXT_MAX, "%.16s of %.16s", is, most);
}

/* The figure that an alert is about, as it is now. */
static void figure_text(const struct alerts *a, const struct acd_view_queue *q, uint8_t alert,
                        char out[CTL_TEXT_MAX])
{
    const bool waits = q->oldest_entered != 0 && q->oldest_entered < a->now;

    switch (alert) {
    case ACD_ALERT_WAITING:
        snprintf(out, CTL_TEXT_MAX, "%" PRIu32 " of %" PRIu32, q->waiting, q->alert_waiting);
        break;
    case ACD_ALERT_WAIT: ctl_span_text(waits ? a->now - q->oldest_entered : 0, out); break;
    case ACD_ALERT_SERVICE_LEVEL: level_text(q, counted_of(a, q->name), out); break;
    case ACD_ALERT_ABANDONED: abandoned_text(q, counted_of(a, q->name), out); break;
    default: snprintf(out, CTL_TEXT_MAX, "-"); break;
    }
}

static void add_row(struct alerts *a, const struct acd_view_queue *q, uint8_t alert, acd_time since)
{
    char text[CTL_TEXT_MAX];

    ctl_clean(q->name, text, sizeof text);
    ctl_table_add(&a->table, text);
    ctl_table_add(&a->table, acd_enum_text(&acd_enum_alert, alert));
    ctl_span_text(since < a->now ? a->now - since : 0, text);
    ctl_table_add(&a->table, text);
    figure_text(a, q, alert, text);
    ctl_table_add(&a->table, text);
}

/* As JSON the whole view of each queue that has any. */
static void print_json(const struct alerts *a, const struct acd_view_queue *q)
{
    static char json[ACD_JSON_MAX];

    ACD_ASSERT(acd_json_write(&acd_record_view_queue, q, NULL, json, sizeof json) > 0);
    printf("%s%s", a->count == 0 ? "[" : ",\n", json);
}

static void on_queue(void *ctx, int error, const struct acd_view *view)
{
    struct alerts *a = ctx;
    const struct acd_view_queue *q = &view->as.queue;
    const acd_time since[] = {q->alerted_waiting, q->alerted_wait, q->alerted_nobody,
                              q->alerted_service_level, q->alerted_abandoned};
    bool any = false;

    if (error != ACD_OK || view->code != ACD_VIEW_queue)
        return;
    for (uint8_t i = 0; i < COUNT(since); i++) {
        if (since[i] != 0 && !a->ctl->json)
            add_row(a, q, (uint8_t)(i + 1), since[i]);
        any |= since[i] != 0;
    }
    if (any && a->ctl->json)
        print_json(a, q);
    a->count += any;
}

int ctl_run_alerts(struct ctl *ctl, const struct ctl_verb *verb)
{
    const struct acd_query queues = {.code = ACD_QUERY_list_queues};
    const struct acd_query intervals = {.code = ACD_QUERY_list_queue_intervals};
    struct alerts a = {.ctl = ctl};
    int status = ctl_connect(ctl);

    (void)verb;
    if (status != CTL_OK)
        return status;
    if (ctl->count > 0)
        return ctl_usage(ctl, "", "takes no arguments");
    a.now = ctl_now(ctl);
    ctl_table_init(&a.table, headings, COUNT(headings));
    if (!ctl->json)
        status = ctl_ask(ctl, &intervals, on_interval, &a);
    if (status == CTL_OK)
        status = ctl_ask(ctl, &queues, on_queue, &a);
    if (status == CTL_OK && ctl->json)
        puts(a.count == 0 ? "[]" : "]");
    else if (status == CTL_OK && a.count == 0)
        puts("none is raised");
    else if (status == CTL_OK)
        ctl_table_print(&a.table, stdout);
    ctl_table_fini(&a.table);
    free(a.counted);
    return status;
}
