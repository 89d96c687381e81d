/* acdctl: the whole centre on one screen. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct status {
    struct ctl *ctl;
    FILE *out;
    char version[64], disk_error[257];
    struct acd_view_server server;
    struct acd_view_totals totals;
    struct ctl_table table;
    size_t queues;
};

/* ---- queues ------------------------------------------------------------------------------- */

static const struct ctl_heading headings[] = {
    {"QUEUE", false, 20}, {"WAIT", true, 0},  {"LONGEST", true, 0}, {"TALK", true, 0},
    {"READY", true, 0},   {"FREE", true, 0},  {"IN", true, 0},      {"ANS", true, 0},
    {"ABAND", true, 0},   {"OTHER", true, 0}, {"REF", true, 0},     {"SL_B", true, 0},
    {"WITHIN", true, 0},  {"ASA", true, 0},
};

static const char legend[] =
    "today: IN entered, ANS answered, ABAND abandoned, OTHER timed out + "
    "withdrawn + overflowed + left empty + exited + callbacks + unreached + lost,\n"
    "       REF refused, SL_B those answered WITHIN the queue's threshold / (answered + "
    "abandoned),\n"
    "       ASA average wait of the answered\n";

static void add_text(struct status *s, const char *text)
{
    ctl_table_add(&s->table, text);
}

static void add_number(struct status *s, uint64_t number)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRIu64, number);
    add_text(s, text);
}

/* The average of a sum of spans. */
static void average_text(acd_span sum, uint32_t count, char out[CTL_TEXT_MAX])
{
    if (count == 0)
        snprintf(out, CTL_TEXT_MAX, "-");
    else
        ctl_span_text(sum / count, out);
}

static void queue_name_text(const struct acd_view_queue *q, char out[CTL_TEXT_MAX])
{
    size_t len;

    ctl_clean(q->name, out, CTL_TEXT_MAX - 16);
    ctl_clip(out, q->state == ACD_OPEN ? 20 : 11);
    len = strlen(out);
    if (q->state != ACD_OPEN)
        snprintf(out + len, CTL_TEXT_MAX - len, " %s",
                 acd_enum_text(&acd_enum_queue_state, q->state));
}

static void add_queue(struct status *s, const struct acd_view_queue *q)
{
    char text[CTL_TEXT_MAX];

    queue_name_text(q, text);
    add_text(s, text);
    add_number(s, q->waiting);
    if (q->oldest_entered == 0)
        snprintf(text, sizeof text, "-");
    else
        ctl_span_text(s->server.now > q->oldest_entered ? s->server.now - q->oldest_entered : 0,
                      text);
    add_text(s, text);
    add_number(s, q->connected);
    add_number(s, q->ready);
    add_number(s, q->available);
    add_number(s, q->entered);
    add_number(s, q->answered);
    add_number(s, q->abandoned);
    add_number(s, (uint64_t)q->timed_out + q->withdrawn + q->overflowed + q->left_empty +
                      q->exited + q->callbacks + q->unreached + q->lost);
    add_number(s, q->refused);
    ctl_percent_text(q->in_time, (uint64_t)q->answered + q->abandoned, text);
    add_text(s, text);
    ctl_span_text(q->service_level_threshold, text);
    add_text(s, text);
    average_text(q->wait_answered, q->answered, text);
    add_text(s, text);
}

/* ---- the head ----------------------------------------------------------------------------- */

static void print_server(const struct status *s)
{
    const struct acd_view_server *v = &s->server;
    char now[CTL_TEXT_MAX], up[CTL_TEXT_MAX];

    ctl_clock_text(v->now, 0, now);
    ctl_span_text(v->uptime, up);
    fprintf(s->out, "acdd %s   %s   up %s   position %" PRIu32 ".%" PRIu64 "\n", s->version, now,
            up, v->epoch, v->sequence);
}

/* Rounded up: what is there is not nothing. */
static int64_t to_ms(acd_span span)
{
    return (span + ACD_MS - 1) / ACD_MS;
}

/* What a power cut would take, and what is wrong with the disk if anything is. */
static void print_disk(const struct status *s)
{
    const struct acd_view_server *v = &s->server;

    if (!v->persistent) {
        fputs("disk    none: all is in memory, and forgotten when acdd ends\n\n", s->out);
        return;
    }
    fprintf(s->out,
            "disk    %s: %" PRIu64 " events not yet durable, for %" PRId64
            " ms; a commit took %" PRId64 " ms, at most %" PRId64 "\n",
            v->sync ? "sync" : "async", v->waiting_events, to_ms(v->waiting_for),
            to_ms(v->commit_last), to_ms(v->commit_max));
    fprintf(s->out, "        the ring holds %" PRIu64 " of %" PRIu64 " KiB\n",
            (v->waiting_bytes + 1023) / 1024, v->ring_bytes / 1024);
    if (v->truncated_epoch != 0)
        fprintf(s->out,
                "        events behind %" PRIu32 ".%" PRIu64 " were lost before this start\n",
                v->truncated_epoch, v->truncated_last);
    if (v->disk_error != 0)
        fprintf(s->out, "        THE DISK FAILS: %s\n", s->disk_error);
    if (v->paused || v->refusing)
        fprintf(s->out, "        THE DISK IS BEHIND: %s\n",
                v->paused ? "requests are not read" : "commands are answered BUSY");
    fputc('\n', s->out);
}

static void print_totals(const struct status *s)
{
    const struct acd_view_totals *v = &s->totals;
    const struct {
        const char *name;
        uint32_t count;
    } doing[] = {
        {"idle", v->idle},           {"delayed", v->delayed},     {"reserved", v->reserved},
        {"busy", v->busy},           {"wrap_up", v->wrap_up},     {"outside", v->outside},
        {"no_device", v->no_device}, {"not_ready", v->not_ready}, {"logged_out", v->logged_out}};

    fprintf(s->out, "agents  %" PRIu32 ":", v->agents);
    for (size_t i = 0; i < COUNT(doing); i++)
        fprintf(s->out, "%s %" PRIu32 " %s", i == 0 ? "" : ",", doing[i].count, doing[i].name);
    fprintf(s->out, "; %" PRIu32 " free\n", v->available);
    fprintf(
        s->out, "calls   %" PRIu32 " waiting (%" PRIu32 " of them ringing), %" PRIu32 " talking\n",
        v->queued + v->offered + v->dialing + v->stranded, v->offered + v->dialing, v->connected);
    if (v->scheduled + v->callbacks > 0)
        fprintf(s->out,
                "        callbacks: %" PRIu32 " not due yet, %" PRIu32
                " being dialled; today %" PRIu32 " asked for, %" PRIu32 " reached, %" PRIu32
                " not reached\n",
                v->scheduled, v->dialing, v->callbacks, v->called_back, v->unreached);
}

static void print_today(const struct status *s)
{
    const struct acd_view_totals *v = &s->totals;
    char level[CTL_TEXT_MAX], asa[CTL_TEXT_MAX], longest[CTL_TEXT_MAX];

    ctl_percent_text(v->in_time, (uint64_t)v->answered + v->abandoned, level);
    average_text(v->wait_answered, v->answered, asa);
    ctl_span_text(v->wait_max, longest);
    fprintf(s->out,
            "today   %" PRIu32 " entered, %" PRIu32 " answered, %" PRIu32 " abandoned, %" PRIu32
            " timed out, %" PRIu32 " withdrawn, %" PRIu32 " overflowed, %" PRIu32
            " left empty, %" PRIu32 " exited, %" PRIu32 " lost, %" PRIu32 " refused\n",
            v->entered, v->answered, v->abandoned, v->timed_out, v->withdrawn, v->overflowed,
            v->left_empty, v->exited, v->lost, v->refused);
    fprintf(s->out,
            "        service level B, within each queue's threshold: %s; average speed of answer "
            "%s, longest wait %s\n"
            "        %" PRIu32 " offers, %" PRIu32 " of them not answered\n",
            level, asa, longest, v->offers, v->no_answers);
}

/* ---- taking it ---------------------------------------------------------------------------- */

static void print_json(struct status *s, const struct acd_view *view)
{
    const char *before = view->code == ACD_VIEW_server   ? "{\"server\":"
                         : view->code == ACD_VIEW_totals ? ",\"totals\":"
                         : s->queues == 0                ? ",\"queues\":["
                                                         : ",";
    char json[ACD_JSON_MAX];

    ACD_ASSERT(acd_json_write(acd_message_record(view->code), &view->as, NULL, json, sizeof json) >
               0);
    fprintf(s->out, "%s%s", before, json);
}

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct status *s = ctx;

    if (error != ACD_OK)
        return;
    if (s->ctl->json)
        print_json(s, view);
    if (view->code == ACD_VIEW_server) {
        s->server = view->as.server;
        ctl_clean(s->server.version, s->version, sizeof s->version);
        ctl_clean(s->server.disk_error_text, s->disk_error, sizeof s->disk_error);
    } else if (view->code == ACD_VIEW_totals) {
        s->totals = view->as.totals;
    } else if (view->code == ACD_VIEW_queue) {
        s->queues++;
        if (!s->ctl->json)
            add_queue(s, &view->as.queue);
    }
}

static void print_all(struct status *s)
{
    if (s->ctl->json) {
        fputs(s->queues == 0 ? ",\"queues\":[]}\n" : "]}\n", s->out);
        return;
    }
    print_server(s);
    print_disk(s);
    print_totals(s);
    print_today(s);
    if (s->queues == 0)
        return;
    fputc('\n', s->out);
    ctl_table_print(&s->table, s->out);
    fprintf(s->out, "\n%s", legend);
}

int ctl_status(struct ctl *ctl, FILE *out)
{
    static const uint16_t asked[] = {ACD_QUERY_get_server, ACD_QUERY_get_totals};
    const struct acd_query queues = {.code = ACD_QUERY_list_queues};
    struct status s = {.ctl = ctl, .out = out};
    int error = ACD_OK;

    ctl_table_init(&s.table, headings, COUNT(headings));
    for (size_t i = 0; i < COUNT(asked) && error == ACD_OK; i++)
        error = acd_client_query(ctl->client, &(struct acd_query){.code = asked[i]}, on_view, &s);
    if (error == ACD_OK)
        error = acd_client_list(ctl->client, &queues, on_view, &s);
    if (error == ACD_OK)
        print_all(&s);
    ctl_table_fini(&s.table);
    return error;
}

int ctl_run_status(struct ctl *ctl, const struct ctl_verb *verb)
{
    char *text = NULL;
    size_t len;
    FILE *out;
    int status = ctl_connect(ctl), error;

    if (status != CTL_OK)
        return status;
    if (ctl->count > 0)
        return ctl_usage(ctl, "", "takes no arguments");
    out = open_memstream(&text, &len);
    ACD_ASSERT(out != NULL);
    error = ctl_status(ctl, out);
    ACD_ASSERT(fclose(out) == 0);
    if (error == ACD_OK)
        fputs(text, stdout);
    free(text);
    (void)verb;
    return error == ACD_OK ? CTL_OK : ctl_ask_failed(ctl, &acd_record_query_get_totals, error);
}
