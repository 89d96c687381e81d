/* acdctl: what reports are made of, asked for, and how far that is.
 *
 * Happy path: the daemon tells rows page by page, and with each how many pieces of time it has
 * added up. One that takes over a second says that on a terminal, in percent; of visits, whose
 * number nobody knows before, how many there are so far. Failure modes: a range that is one piece
 * would say nothing until its end: on a terminal it is asked in parts, and those are added up here.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/acd_assert.h"
#include "tools/acdctl_report.h"

#define DAY     (86400 * ACD_SECOND)
#define QUARTER (900 * ACD_SECOND)

enum { PARTS_MAX = 16 };

/* ---- how far it is -------------------------------------------------------------------------- */

static acd_time monotonic(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (acd_time)t.tv_sec * ACD_SECOND + t.tv_nsec / 1000;
}

void report_progress_begin(struct report_progress *p)
{
    *p = (struct report_progress){.due = monotonic() + ACD_SECOND};
}

void report_progress(struct report_progress *p, uint64_t count, const char *unit)
{
    const acd_time now = monotonic();

    if (now < p->due || isatty(STDERR_FILENO) == 0)
        return;
    p->due = now + 100 * ACD_MS;
    fprintf(stderr, "\racdctl: %3" PRIu64 " %s", count, unit);
    p->told = true;
}

void report_progress_end(const struct report_progress *p)
{
    if (p->told)
        fputs("\r                              \r", stderr);
}

/* ---- asking --------------------------------------------------------------------------------- */

int report_ask(struct ctl *ctl, const struct acd_query *query, acd_client_view_cb on_view,
               void *ctx)
{
    static const uint32_t page = 1000;
    const struct acd_record *record = acd_message_record(query->code);
    const size_t at = acd_field_named(record, "limit")->offset;
    struct acd_query q = *query;
    uint32_t limit;
    int error;

    memcpy(&limit, (char *)&q.as + at, sizeof limit);
    if (limit != 0) /* so many are wanted */
        return ctl_ask(ctl, query, on_view, ctx);
    memcpy((char *)&q.as + at, &page, sizeof page);
    error = acd_client_list(ctl->client, &q, on_view, ctx);
    return error == ACD_OK ? CTL_OK : ctl_ask_failed(ctl, record, error);
}

/* ---- rows ----------------------------------------------------------------------------------- */

struct asking {
    struct report_rows *rows;
    struct report_progress progress;
    bool by_hour;
    uint32_t part, parts;
};

static void row_new(struct report_rows *r, const struct report_row *row)
{
    if (r->count == r->room) {
        r->room = r->room == 0 ? 256 : 2 * r->room;
        r->all = realloc(r->all, r->room * sizeof *r->all);
        ACD_ASSERT(r->all != NULL);
    }
    r->all[r->count++] = *row;
}

static void row_put(struct asking *a, const struct report_row *row)
{
    for (size_t i = 0; a->by_hour && i < a->rows->count; i++)
        if (a->rows->all[i].hour == row->hour) {
            report_row_add(&a->rows->all[i], row);
            return;
        }
    row_new(a->rows, row);
}

static void on_folded(struct asking *a, const struct acd_view_folded *v)
{
    a->rows->until = v->until;
    if (v->pieces > 0)
        report_progress(&a->progress,
                        (a->part * UINT64_C(100) + (uint64_t)v->piece * 100 / v->pieces) / a->parts,
                        "%");
}

static void on_fold(void *ctx, int error, const struct acd_view *view)
{
    struct asking *a = ctx;
    struct report_row row = {.hour = 0};
    struct acd_str name = view->as.queue_fold.name;
    time_t seconds;
    struct tm tm;

    ACD_ASSERT(error == ACD_OK);
    if (view->code == ACD_VIEW_folded)
        on_folded(a, &view->as.folded);
    if (view->code != ACD_VIEW_queue_fold && view->code != ACD_VIEW_agent_fold)
        return;
    if (view->code == ACD_VIEW_agent_fold) {
        row.as.agent = view->as.agent_fold;
        row.start = row.as.agent.start;
        name = row.as.agent.name;
    } else {
        row.as.queue = view->as.queue_fold;
        row.start = row.as.queue.start;
    }
    snprintf(row.name, sizeof row.name, "%.*s", (int)name.len, name.data);
    seconds = (time_t)(row.start / ACD_SECOND);
    row.hour = localtime_r(&seconds, &tm)->tm_hour;
    row_put(a, &row);
}

static int by_hour(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;

    return x->hour - y->hour;
}

/* ---- one piece, in parts -------------------------------------------------------------------- */

static int by_name_and_start(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;
    const int names = strcmp(x->name, y->name);

    return names != 0 ? names : (x->start > y->start) - (x->start < y->start);
}

/* Each name's rows into its first. */
static void add_up(struct report_rows *r, bool agents)
{
    size_t kept = 0;

    if (r->count > 0)
        qsort(r->all, r->count, sizeof *r->all, by_name_and_start);
    for (size_t i = 0; i < r->count; i++)
        if (kept == 0 || strcmp(r->all[kept - 1].name, r->all[i].name) != 0)
            r->all[kept++] = r->all[i];
        else if (agents)
            report_agent_add(&r->all[kept - 1], &r->all[i]);
        else
            report_row_add(&r->all[kept - 1], &r->all[i]);
    r->count = kept;
}

/* How long a part is: whole days, for these are kept added up; 0: all of it is asked at once. What
 * both queries have stands at the same place in them. */
static acd_span part_of(const struct acd_query *q, acd_time to)
{
    const struct acd_query_list_queue_folds *both = &q->as.list_queue_folds;
    const bool paged = q->code == ACD_QUERY_list_agent_folds
                           ? q->as.list_agent_folds.limit != 0 || q->as.list_agent_folds.cursor != 0
                           : both->limit != 0 || both->cursor != 0;

    if (paged || (both->fold != 0 && both->fold != ACD_FOLD_WHOLE) || to <= both->from + DAY ||
        isatty(STDERR_FILENO) == 0)
        return 0;
    return ((to - both->from) / PARTS_MAX / DAY + 1) * DAY;
}

/* What is told ends with the range, widened to a quarter, or with what is over. */
static acd_time end_of(acd_time range_to, acd_time until)
{
    const acd_time widened = (range_to / QUARTER + (range_to % QUARTER > 0)) * QUARTER;

    return range_to != 0 && widened < until ? widened : until;
}

/* A range is widened to quarters, so it is cut at them, that none be in two parts. */
static int ask_parts(struct ctl *ctl, const struct acd_query *query, acd_time to, acd_span part,
                     struct asking *a)
{
    const acd_time from = query->as.list_queue_folds.from, end = query->as.list_queue_folds.to;
    struct acd_query q = *query;
    int status = CTL_OK;

    a->parts = (uint32_t)((to - from + part - 1) / part);
    for (a->part = 0; status == CTL_OK && a->part < a->parts; a->part++) {
        const acd_time cut = from + (a->part + 1) * part;

        q.as.list_queue_folds.to = a->part + 1 == a->parts ? end : cut - cut % QUARTER;
        status = report_ask(ctl, &q, on_fold, a);
        q.as.list_queue_folds.from = q.as.list_queue_folds.to;
    }
    add_up(a->rows, query->code == ACD_QUERY_list_agent_folds);
    return status;
}

int report_ask_rows(struct ctl *ctl, const struct acd_query *query, const struct report *report,
                    struct report_rows *rows)
{
    const acd_time end = query->as.list_queue_folds.to, to = end == 0 ? ctl_now(ctl) : end;
    const acd_span part = part_of(query, to);
    struct asking a = {.rows = rows, .parts = 1};
    int status;

    a.by_hour = strcmp(report->words, "report hourly-distribution") == 0;
    report_progress_begin(&a.progress);
    status = part == 0 ? report_ask(ctl, query, on_fold, &a) : ask_parts(ctl, query, to, part, &a);
    report_progress_end(&a.progress);
    rows->until = end_of(end, rows->until);
    if (status == CTL_OK && a.by_hour && rows->count > 0)
        qsort(rows->all, rows->count, sizeof *rows->all, by_hour);
    return status;
}
