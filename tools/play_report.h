#ifndef PLAY_REPORT_H
#define PLAY_REPORT_H

#include "tools/play_player.h"

/* What people see of a play. */

enum progress_kind { PROGRESS_NONE, PROGRESS_LINE, PROGRESS_LINES };

/* For player.on_progress: one line, again and again in its place on a terminal, or a line for every
 * hour of the day. */
void progress_begin(enum progress_kind kind);
void progress_show(struct player *p);
void progress_end(void);

/* Several days' figures. */
struct report {
    size_t queue_count;
    char (*names)[DAY_NAME_MAX];
    struct book *books;
    struct tally tally;
    uint64_t rings, no_answers, rejections, busy;
    uint64_t agents, calls;
    uint32_t agent_calls_least, agent_calls_most;
    double real_s;
    struct backend_figures figures;
};

/* Adds a day that has been played. */
void report_add(struct report *r, const struct player *p);

/* The table of queues, agents, and how fast it went. */
void report_print(const struct report *r, const struct backend *back);

/* Whether all books agreed: the last line. */
void report_verdict(const struct report *r);

/* One line about a day. */
void report_day(const struct player *p);

void report_fini(struct report *r);

#endif
