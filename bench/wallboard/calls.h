#ifndef ACD_BENCH_WALLBOARD_CALLS_H
#define ACD_BENCH_WALLBOARD_CALLS_H

#include "bench/harness.h"
#include "proto/acd_client.h"

/* A contact centre at work, played by one gateway: calls arrive evenly, ring a while, are talked
 * with and hung up; agents then wrap up. Each agent is in one queue, one after the other. In every
 * fifth queue too few are logged in, so callers wait there, and leave after CALLS_PATIENCE_MS.
 * Every CALLS_CHANGE_MS somebody sets another service level for a queue, and adds one more, or
 * removes that: then all is told anew to whoever watches. */

enum {
    CALLS_AGENTS = 48000,
    CALLS_QUEUES = 50,
    CALLS_A_SECOND = 400,
    CALLS_SHORT_OF = 5,       /* every so-manieth queue has ... */
    CALLS_SHORT_AGENTS = 250, /* ... only so many agents logged in */
    CALLS_RING_MS = 2000,
    CALLS_TALK_MS = 30000, /* the mean; between half and one and a half of it */
    CALLS_WRAP_UP_MS = 5000,
    CALLS_PATIENCE_MS = 60000,
    CALLS_CHANGE_MS = 5000,
    CALLS_LIVE_MAX = 1 << 16,
    CALLS_WATCHED = 25, /* of this queue it is known when each call came */
    CALLS_WATCHED_MAX = 1 << 15,
    CALLS_TICK_MS = 5,
    CALLS_TICKS = 1 << 15,  /* what is due stands in a ring of them: 163 s */
    CALLS_UNANSWERED = 512, /* with so many nothing more is sent */
};

enum calls_next { CALLS_NOTHING, CALLS_ACCEPT, CALLS_HANGUP };

struct calls;

struct calls_call {
    struct calls *calls;
    acd_assignment_id offer;
    uint32_t number;        /* its key; 0: a free place */
    uint32_t due, next_due; /* tick, and the next one due then */
    uint8_t next;
};

struct calls {
    struct acd_client *client;
    struct bench_random random;
    uint64_t began_ns;
    uint32_t tick, arrived, changed; /* so far */
    uint64_t refused, failed, answered, abandoned;
    uint64_t late; /* answered when it no longer rang: somebody was kept from running */
    int error;     /* of the last that failed */
    struct calls_call live[CALLS_LIVE_MAX];
    double watched_ms[CALLS_WATCHED_MAX]; /* by the wall clock: when it was asked for */
    uint32_t watched;
    uint32_t first_due[CALLS_TICKS]; /* 1 + place in live */
};

/* Writes the name of a queue into `out`, and returns it. */
struct acd_str calls_queue_name(char out[16], uint32_t number);

/* Connects, defines the centre, and lets the agents log in. Gives up when that fails. */
void calls_open(struct calls *c, const char *url);

/* Goes on for a millisecond or so. */
void calls_go_on(struct calls *c);

/* Goes on for so long. */
void calls_go_on_for(struct calls *c, uint32_t ms);

/* How far the calls are behind the clock, in seconds. */
double calls_behind_s(const struct calls *c);

void calls_close(struct calls *c);

#endif
