#ifndef ACDCTL_REPORT_H
#define ACDCTL_REPORT_H

#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

/* Reports: rows of what was counted, and which columns of them each report shows.
 * acdctl_report.c reads what is wanted, _rows.c asks for it, _columns.c knows the columns, _print.c
 * writes them. */

struct report_row {
    char name[65];
    acd_time start;
    int hour; /* of the day, of an hourly distribution */
    union {
        struct acd_view_queue_fold queue;
        struct acd_view_agent_fold agent;
    } as;
};

enum report_kind {
    REPORT_NAME,
    REPORT_START, /* of the piece, by the zone's clock */
    REPORT_HOUR,
    REPORT_COUNT,
    REPORT_SPAN,  /* microseconds; -1: of nothing */
    REPORT_SHARE, /* of 10,000; -1: of nothing */
};

struct report_column {
    const char *key, *heading;
    enum report_kind kind;
    int64_t (*value)(const struct report_row *row); /* of a number */
};

enum report_format { REPORT_TABLE, REPORT_CSV, REPORT_JSON };

/* What a report is, by its verb: "report daily". */
struct report {
    const char *words;
    const struct report_column *const *columns; /* up to NULL */
    int days, weeks, months; /* it begins so many before the present day, week or month */
};

/* NULL: none of that verb, which then is one of visits. */
const struct report *report_of(const char *words);

/* Adds a row to one of an earlier time. */
void report_row_add(struct report_row *to, const struct report_row *row);

/* The same of agents. */
void report_agent_add(struct report_row *to, const struct report_row *row);

/* Whether nothing was counted in it; and of agents. */
bool report_row_is_empty(const struct report_row *row);
bool report_agent_is_empty(const struct report_row *row);

/* Asks for a whole list, in large pages, or for as many views as its limit says; the exit status.
 */
int report_ask(struct ctl *ctl, const struct acd_query *query, acd_client_view_cb on_view,
               void *ctx);

/* Says on a terminal how far it is, from its second on, and takes that away. */
struct report_progress {
    acd_time due; /* told again not before then */
    bool told;
};

void report_progress_begin(struct report_progress *p);
void report_progress(struct report_progress *p, uint64_t count, const char *unit);
void report_progress_end(const struct report_progress *p);

/* Asks for the rows of a report of queues or agents, as they are to be printed; the exit status.
 * rows->all is to be freed. */
struct report_rows {
    struct report_row *all;
    size_t count, room;
    acd_time until; /* they tell of nothing behind it */
};

int report_ask_rows(struct ctl *ctl, const struct acd_query *query, const struct report *report,
                    struct report_rows *rows);

/* A time for programs, by the zone's clock: "2026-11-26T10:00:00+01:00". */
void report_exact(acd_time at, char out[CTL_TEXT_MAX]);

/* Reports of visits, and how many there were. */
int report_visits(struct ctl *ctl, const struct acd_query *query, enum report_format format,
                  size_t *count);

void report_print(const struct report *report, enum report_format format,
                  const struct report_row *rows, size_t count);

/* Below a table: how far it tells, and by whose clock. */
void report_print_until(acd_time until, const char *zone);

#endif
