#ifndef ACD_CALENDAR_H
#define ACD_CALENDAR_H

#include "daemon/hours.h"

/* What queues are by the clock: open and closed, or by another strategy at peak hours. The engine
 * keeps calendars, and which of them a queue has, as it keeps any configuration; it knows no clock,
 * and is told by queue_set when a time begins or ends.
 *
 * Happy path: it is told before anything else that happens then or later, so that a start finds out
 * by the last time that the state tells of what is still to be said. Between two of its times a
 * queue that is set otherwise by hand stays so, over a restart too. When a calendar changes, or
 * which one a queue has, all of that is said, and becomes durable together with the change.
 *
 * Failure modes: no room on the way to the disk: as soon as there is. A retired queue is as if it
 * were not there. A zone that this system does not know is taken for UTC, a line that is none is
 * passed over, and either is logged: the state may be from another system. */

struct calendar {
    char name[64 + 1];
    struct hours hours;          /* without any times it says nothing */
    uint8_t strategy, otherwise; /* within its times, and else; 0: it says nothing of strategies */
    bool within;                 /* what was said last */
    acd_time until;              /* it holds; 0: nothing was said yet */
    bool due;                    /* it is to be said to all its queues */
};

/* A queue's having a calendar. */
struct calendar_use {
    acd_queue_id queue;
    size_t calendar; /* in the list */
    bool strategy;   /* by it the strategy is said; else whether it is open */
    bool said;       /* since the queue has it */
};

/* As the engine has them; `within`, `until` and `said` are what it does not know. */
struct calendars {
    struct calendar *list;
    size_t count;
    struct calendar_use *uses; /* by queue */
    size_t use_count;
    bool stale; /* the engine has others by now */
};

struct server;
struct acd_command;

/* calendar_build.c: makes anew what the engine has, with what was said already. False, with nothing
 * changed and the reason logged, without memory. */
bool calendars_build(struct server *s);
void calendars_free(struct calendars *c);

/* At a start: what fell due by the state's last time has been said; 0: nothing has. */
void calendars_begin(struct server *s, acd_time since);

/* A command was carried out: all may be otherwise. */
void calendars_note(struct server *s, const struct acd_command *command);

/* Says what is due. */
void calendars_look(struct server *s);

/* Whether that would say anything now: then the frame at hand is for the caller to append joined
 * with the next one. */
bool calendars_will_say(struct server *s);

/* Whether a calendar says anything to a queue that has it so. */
static inline bool calendar_speaks(const struct calendar *c, const struct calendar_use *use)
{
    return c->hours.count > 0 && (!use->strategy || c->strategy != 0);
}

/* calendar_fault.c: what of a command only who knows times and zones can see to be wrong; NULL:
 * nothing. *field is the one at fault, from 1. Any thread. */
const char *calendar_fault(const struct acd_command *command, uint16_t *field);

#endif
