#ifndef ACD_WEB_BOARD_H
#define ACD_WEB_BOARD_H

#include <stdio.h>

#include "tools/web/stream.h"
#include "tools/web/web.h"

/* What wallboards show, and what has changed since they were told.
 *
 * Happy path: the observer's events say who has changed, never how: that would be the engine once
 * more. In a round, at least ROUND_PAUSE after the last, the daemon is asked for the totals, the
 * queues, their intervals and those shown agents that have changed; what is now different is
 * written once, for all browsers. Nothing happened: asked at each heartbeat of the daemon. A round
 * takes at most a fifth of the time.
 *
 * The agents shown are the first so many in the daemon's order who are logged in. One who logs out
 * makes room; the daemon's list is walked again for the next.
 *
 * Failure modes: no connection, a gap in the stream, an answer that did not come: all that is shown
 * is asked for anew. A round that fails is made again. Browsers hear of the daemon's heartbeat each
 * second, and say themselves that they are stale. A stream that is behind is sent everything anew.
 */

#define BOARD_BIN (15 * 60 * ACD_SECOND)

enum {
    BOARD_CALLS = 8,   /* of an agent, that are remembered: what ends a call names no agent */
    BOARD_BINS = 112,  /* quarters of an hour of a day: clocks may go back by four hours */
    BOARD_COUNTS = 16, /* fields of board_counts */
    BOARD_ZONE_MAX = 65,
};

struct board_figures {
    acd_time oldest;
    uint32_t waiting, available, ready, logged_in, connected;
    uint32_t entered, answered, abandoned, in_time;
    uint32_t state;
    uint32_t bin_entered, bin_abandoned; /* of the present quarter of an hour */
    uint64_t alerts;                     /* that are raised: a bit each, the first the lowest */
    acd_span threshold;                  /* of the service level */
};

/* What the daemon counted in the quarter of an hour that was under way when it was asked. */
struct board_counted {
    int64_t bin; /* since 1970 */
    uint32_t entered, abandoned;
};

struct board_queue {
    acd_queue_id id;
    char name[65];
    struct board_figures now, told;
    struct board_counted counted;
    uint32_t entered[BOARD_BINS], abandoned[BOARD_BINS]; /* by quarters of the day */
};

/* The daemon's today. */
struct board_day {
    char zone[BOARD_ZONE_MAX]; /* whose midnight it begins at; empty: none yet */
    int64_t first;             /* its first quarter of an hour since 1970 */
    int bins;                  /* how many it has */
};

/* What is written down of the day; see board_trend.c. */
struct board_past;

struct board_trend {
    struct acd_query query;
    bool running;
    acd_time due;             /* by web_clock() */
    acd_time until;           /* all before is written down */
    int64_t upto;             /* quarters before it are known */
    struct board_past *pasts; /* by name */
    size_t count, room;
};

struct board_queues {
    struct board_queue *items;
    size_t count, room;
};

struct board_doing {
    acd_time since;
    uint32_t activity, reason;
};

struct board_agent {
    struct board *board;
    acd_agent_id id; /* gen 0: a free place */
    char name[64];   /* as the daemon has it, for asking */
    uint16_t name_len;
    bool dirty, found, is_told;
    struct board_doing now, told;
    acd_call_id calls[BOARD_CALLS];
    uint32_t call_count;
};

/* Of the whole centre: agents by activity from logged_out on, available ones, calls that wait, that
 * talk, all agents, and sums of today, which have in them those of queues that were removed. */
struct board_counts {
    uint32_t of[BOARD_COUNTS];
};

struct board {
    struct web *web;
    struct stream *streams;
    bool complete;      /* there is a whole picture */
    bool dirty;         /* something has happened */
    bool wants_agents;  /* there may be agents to show who are not */
    bool told_anew;     /* queues came, went or were renamed: deltas do not say it */
    acd_time round_due; /* by web_clock() */
    acd_time walk_due;
    acd_time asked_at; /* when the last round that succeeded began */

    struct { /* the round under way */
        bool running, failed;
        uint32_t left;
        acd_time began;
        acd_time walk_began; /* 0: no walk */
        struct acd_query queues, intervals, agents;
        char zone[BOARD_ZONE_MAX]; /* of the daemon's today */
        size_t known;              /* queues that were there before */
        size_t counted;            /* queues whose intervals were told */
    } round;

    acd_time now; /* the daemon's */
    int64_t bin;  /* the present quarter of an hour since 1970; 0: none yet */
    int64_t first_bin;
    struct board_day day; /* what bin is of */
    struct board_counts counts, counts_told;
    struct board_queues queues, fresh; /* as told; as the round has found them so far */
    struct board_trend trend;
    struct board_agent *agents; /* options.agents_max of them */
    uint32_t agent_count;
    uint16_t *place; /* by slot: 1 + the place in agents; 0: not shown */
    uint32_t places;
};

struct board *board_open(struct web *web);
void board_close(struct board *b);

/* Makes a round when one is due, and how long that may wait, in ms; -1: for ever. */
void board_process(struct board *b);
int board_wait_ms(const struct board *b);

/* A browser comes: it gets a snapshot as soon as there is one; and goes. */
void board_join(struct board *b, struct stream *s);
void board_leave(struct board *b, struct stream *s);

/* ---- shared by the board's files ------------------------------------------------------------ */

/* All is asked for anew. */
void board_forget(struct board *b);

/* board_agents.c */
void board_agents_heard(struct board *b, const struct acd_event *event);
void board_agents_ask(struct board *b);
void board_agents_walk(struct board *b);
void board_agents_settle(struct board *b); /* forgets those who are gone, at the end of a round */

/* board_queues.c */
void board_queues_ask(struct board *b);
void board_queues_settle(struct board *b);

/* board_day.c: the day in that zone that the quarter is of. */
void board_day_of(struct board_day *d, const char *zone, int64_t bin);

/* board_trend.c; due by web_clock(), or in an eternity */
void board_trend_process(struct board *b);
acd_time board_trend_due(const struct board *b);
void board_trend_forget(struct board_trend *t);
void board_trend_close(struct board_trend *t);

/* Asks, as part of the round. */
void board_ask(struct board *b, const struct acd_query *query, acd_client_view_cb on_view,
               void *ctx);

/* The end of such an answer: every callback calls it when `view` is NULL. */
void board_answered(struct board *b, int error);

/* board_text.c: messages for browsers. NULL: nothing has changed. */
struct stream_message *board_snapshot(const struct board *b);
struct stream_message *board_delta(struct board *b);
struct stream_message *board_beat(acd_time now);

#endif
