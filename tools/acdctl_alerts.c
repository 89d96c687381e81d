/* acdctl: the alerts of queues that are raised. */

#include <inttypes.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct alerts {
    struct ctl *ctl;
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

/* The figure that an alert is about, as far as a queue's view has it: those of an interval are
 * told by the alert's own event. */
static void figure_text(const struct alerts *a, const struct acd_view_queue *q, uint8_t alert,
                        char out[CTL_TEXT_MAX])
{
    const bool waits = q->oldest_entered != 0 && q->oldest_entered < a->now;

    if (alert == ACD_ALERT_WAITING)
        snprintf(out, CTL_TEXT_MAX, "%" PRIu32 " of %" PRIu32, q->waiting, q->alert_waiting);
    else if (alert == ACD_ALERT_WAIT)
        ctl_span_text(waits ? a->now - q->oldest_entered : 0, out);
    else
        snprintf(out, CTL_TEXT_MAX, "-");
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
    struct alerts a = {.ctl = ctl};
    int status = ctl_connect(ctl);

    (void)verb;
    if (status != CTL_OK)
        return status;
    if (ctl->count > 0)
        return ctl_usage(ctl, "", "takes no arguments");
    a.now = ctl_now(ctl);
    ctl_table_init(&a.table, headings, COUNT(headings));
    status = ctl_ask(ctl, &queues, on_queue, &a);
    if (status == CTL_OK && ctl->json)
        puts(a.count == 0 ? "[]" : "]");
    else if (status == CTL_OK && a.count == 0)
        puts("none is raised");
    else if (status == CTL_OK)
        ctl_table_print(&a.table, stdout);
    ctl_table_fini(&a.table);
    return status;
}
