#ifndef ACD_BENCH_CENTRE_H
#define ACD_BENCH_CENTRE_H

#include "bench/baseline_heap.h"
#include "bench/harness.h"
#include "engine/acd.h"

/* A contact centre at work: an engine with agents, queues and a gateway, half of the agents busy,
 * and bare heaps that follow it.
 *
 * One cycle is three commands of the gateway: route, to a random queue by its id, under a new key
 * of 36 bytes, with caller and called number; accept of the offer it brought; hangup of a random
 * connected call, whose agent is free at once. Each has a request number, so the engine keeps the
 * outcome for a repeat, and 3 us pass before each. A cycle leaves the centre as busy as it was.
 *
 * The engine is told what comes next (acd_expect) as acdd tells it of the requests of a message: of
 * the hangup before the accept, of the next route before the hangup. Not of the accept, which only
 * the route's reply makes possible.
 *
 * Each cycle leaves a move for the heaps: who was taken, who was freed, and under which key. */

enum { CENTRE_QUEUES = 100, CENTRE_CYCLES_MAX = 1 << 17, CENTRE_KEY = 36, CENTRE_NUMBER = 12 };

struct centre_options {
    uint32_t agents;
    uint32_t calls;     /* limit of live calls, and of keys remembered after the end */
    bool hangup_by_key; /* by the gateway's key rather than by the engine's id */
    bool route_by_name; /* of the queue, rather than by its id */
    acd_span max_wait;  /* of the queues; 0: none */
};

/* What a cycle's route brings, made before the clock runs. */
struct centre_arrival {
    char key[CENTRE_KEY];
    char caller[CENTRE_NUMBER];
    uint32_t queue;
    uint32_t hangup; /* 32 random bits: which busy call is over */
};

struct centre_call {
    acd_call_id call;
    uint32_t agent;
};

struct centre {
    struct centre_options options;
    struct acd_engine *engine;
    struct heaps *heaps;
    acd_client_id gateway;
    struct acd_command route, accept, hangup;
    bool ahead; /* the engine is told what comes; else each command is news to it */
    uint64_t request;
    acd_time now;
    struct bench_random random;
    uint16_t *seats; /* HEAP_SEATS queues an agent */

    struct centre_call *busy;
    char (*keys)[CENTRE_KEY]; /* of busy calls, by slot; with hangup_by_key only */
    uint32_t busy_count;

    /* Available members a queue; NULL where queues are so large that none ever runs out. Where one
     * has none, the next queue is asked for instead, so that every route is offered at once. */
    uint32_t *available;

    uint64_t
        not_offered;   /* routes that were not offered at once, and commands refused: must be 0 */
    uint64_t commands; /* carried out so far */

    struct centre_arrival *arrivals; /* and one more, expected when all are through */
    struct heap_move *moves;         /* a cycle each */
    acd_queue_id queues[CENTRE_QUEUES];
    char queue_names[CENTRE_QUEUES][16], called[CENTRE_QUEUES][CENTRE_NUMBER];
};

/* A key of CENTRE_KEY bytes like "4e3f0a91-77c2-4d1b-9a30-5b6f2c1d8e47", and a telephone number of
 * CENTRE_NUMBER. */
void centre_key(struct bench_random *r, char *key);
void centre_number(struct bench_random *r, char *number);

/* Opens a centre with half of its agents busy and every table turned over at least once. */
struct centre *centre_open(const struct centre_options *options);
void centre_close(struct centre *c);

/* Makes the arrivals of the next `count` cycles, at most CENTRE_CYCLES_MAX. */
void centre_prepare(struct centre *c, size_t count);

/* Carries out `count` of them, beginning with number `from`. */
void centre_work(struct centre *c, size_t from, size_t count);

/* The same from the first on, each route timed by itself, clock reads included: nanoseconds to
 * `samples`. */
void centre_work_timed(struct centre *c, size_t count, uint32_t *samples);

/* The same, the moves being read from the events of the engine's frames and compared with those
 * noted; gives up where they differ. */
void centre_work_checked(struct centre *c, size_t count);

/* The heaps do what the engine did in these cycles; gives up if their first was not always the
 * engine's choice. Every cycle must be followed, in order. */
void centre_follow(struct centre *c, size_t from, size_t count);

#endif
