#ifndef ACD_CALENDAR_H
#define ACD_CALENDAR_H

#include "daemon/hours.h"

/* What queues are by the clock: open and closed, or by another strategy at peak hours. The engine
 * knows no clock; it is told by queue_set when a time begins or ends.
 *
 * Happy path: it is told before anything else that happens then or later, so that a start finds out
 * by the last time that the state tells of what is still to be said. Between two of its times a
 * queue that is set otherwise by hand stays so, over a restart too. When the file is read again,
 * and of a queue that is made, all is said.
 *
 * Failure modes: there is no such queue: that is logged, and what the hours say is said when it is
 * made. A retired queue is as if it were not there. No room on the way to the disk: as soon as
 * there is. */

enum { CALENDAR_NAME_MAX = 64 }; /* bytes of a queue's name */

struct calendar_queue {
    char name[CALENDAR_NAME_MAX + 1];
    acd_queue_id seen; /* as which it was there last; gen 0: it was not */
};

struct calendar {
    char name[64];
    struct hours hours;
    struct calendar_queue *queues;
    size_t queue_count;
    uint8_t strategy, otherwise; /* during the hours, and else; 0: they open and close queues */
    acd_time until;              /* what was said last holds; 0: nothing was yet */
};

struct calendars {
    struct calendar *list;
    size_t count;
};

void calendars_free(struct calendars *c);

/* Whether a queue's strategy is a calendar's to say. */
bool calendars_keep_strategy(const struct calendars *all, struct acd_str queue);

struct server;

/* At a start: what fell due by the state's last time has been said; 0: nothing has. */
void calendars_begin(struct server *s, acd_time since);

/* Says what is due. All of it, when s->calendar_next and the calendars are new. */
void calendars_look(struct server *s);

/* After a queue may have been made: says what is to be said of new ones. */
void calendars_meet(struct server *s);

#endif
