#ifndef PLAY_MAKE_H
#define PLAY_MAKE_H

#include "tools/play_day.h"
#include "tools/play_random.h"

/* Makes up a busy day of a contact centre, from 8:00. The same seed and sizes, the same day. */

struct make_sizes {
    uint64_t seed;
    uint32_t agents, queues, calls, hours;
};

enum { MAKE_QUEUES_MIN = 12, MAKE_AGENTS_MIN = 24 };

void make_day(struct day *d, const struct make_sizes *sizes);

/* ---- shared by its files ----------------------------------------------------------------------
 */

struct making {
    struct day *day;
    const struct make_sizes *sizes;
    struct random random;
    acd_span opens, closes; /* doors: calls come between these */
};

/* A moment of the opening hours: 0 is the opening, 1 the closing. */
static inline acd_span make_moment(const struct making *m, double part)
{
    return m->opens + (acd_span)(part * (double)(m->closes - m->opens)) / ACD_SECOND * ACD_SECOND;
}

/* What kinds of queues there are, and what is particular about each. */
struct make_kind {
    const char *name;
    double share;               /* of the calls */
    double staff;               /* agents for each that its load wants; below 1 it is overrun */
    acd_span talk, patience;    /* median, mean */
    acd_span wrap_up, max_wait; /* 0: none; ACD_FOREVER: open-ended */
    int32_t max_size;           /* 0: no limit */
    uint8_t join_empty;
    uint16_t weight;
    bool alone; /* its agents serve no other queue, and others not this one */
};

extern const struct make_kind MAKE_KINDS[];
extern const uint32_t MAKE_KIND_COUNT;

/* The kind of a queue: the same ones again beyond the list's end. */
const struct make_kind *make_kind_of(uint32_t queue);

/* Queues with a story, by their place in MAKE_KINDS. */
enum {
    MAKE_SALES = 0,
    MAKE_LUNCH = 5,    /* closed over lunch */
    MAKE_LATE = 6,     /* its agents come late: no agents at first */
    MAKE_CAMPAIGN = 9, /* removed while callers wait: they are withdrawn */
    MAKE_SEASON = 10,  /* removed while callers wait: they move to sales */
};

/* When a queue takes calls no more: its removal, or the closing. */
acd_span make_queue_ends(const struct making *m, uint32_t queue);

void make_queues(struct making *m); /* play_make_queues.c */
void make_agents(struct making *m); /* play_make_agents.c */
void make_calls(struct making *m);  /* play_make_calls.c */

#endif
