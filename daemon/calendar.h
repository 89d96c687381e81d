#ifndef ACD_CALENDAR_H
#define ACD_CALENDAR_H

#include "daemon/hours.h"

/* What queues are by the clock: open and closed, or by another strategy at peak hours. The engine
 * knows no clock; it is told by queue_set when a time begins or ends.
 *
 * At a start, and when the file is read again, each queue gets what the hours say. Between two of
 * its times a queue that is set otherwise by hand stays so. */

enum { CALENDAR_NAME_MAX = 64 }; /* bytes of a queue's name */

struct calendar {
    char name[64];
    struct hours hours;
    char (*queues)[CALENDAR_NAME_MAX + 1];
    size_t queue_count;
    uint8_t strategy, otherwise; /* during the hours, and else; 0: they open and close queues */
    acd_time until;              /* what was said last holds; 0: nothing was yet */
};

struct calendars {
    struct calendar *list;
    size_t count;
};

void calendars_free(struct calendars *c);

struct server;

/* Says what is due, and *next when there will be more. */
void calendars_apply(struct server *s, acd_time *next);

#endif
