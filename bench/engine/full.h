#ifndef ACD_BENCH_FULL_H
#define ACD_BENCH_FULL_H

#include "bench/centre.h"

/* A contact centre with the rulebook in use: skills, levels, steps, priorities and several queues
 * an agent, up to 1,000 distinct requirements at once.
 *
 * 20 queues of weights 1 to 3. Each has up to 25 plans of three steps, like
 *     [0-1] s17>=4 & (s3 | s40>=3); @20s s22>=5 & s9; @60s
 * so up to 50 lines of requirements a queue, all of them open and in use all the time.
 *
 * Every agent is a member of 4 queues, at levels 0 to 2, and has 10 to 64 of 64 skills at levels 1
 * to 9; so it is in some 36 lines of requirements (up to 130), and a line has about a sixth of its
 * queue's members. Nine calls of ten bring a plan, one of five has a head start of up to 5 minutes.
 *
 * A cycle is that of bench/centre.h: route, accept and hangup, of random queues and busy calls, and
 * the engine is told as much of what comes next.
 * With `waiting` 0 half of the agents are busy and a route is offered at once; else nearly all are
 * (but those for whom none of so many calls is), so many calls wait, a route's call waits too, and
 * whom a hangup frees gets one of those. What the
 * engine offers then is read from the frame; every 64 cycles the gateway acknowledges its outbox.
 */

enum {
    FULL_QUEUES = 20,
    FULL_PLANS = 25, /* a queue */
    FULL_REQUIREMENTS = FULL_QUEUES * FULL_PLANS * 2,
    FULL_MEMBERSHIPS = 4,
    FULL_SKILLS = 64,
    FULL_SKILLS_LEAST = 10,
    FULL_LINES = 48, /* an agent's, on average at most */
};

struct full_arrival {
    char key[CENTRE_KEY];
    char caller[CENTRE_NUMBER];
    uint16_t queue;
    uint16_t plan; /* FULL_PLANS: none */
    uint32_t hangup;
    acd_span head_start;
};

struct full {
    struct acd_engine *engine;
    uint32_t agents;
    uint32_t waiting;    /* calls that wait all the time */
    uint32_t plans_used; /* of each queue */
    acd_client_id gateway;
    struct acd_command route, accept, hangup, ack;
    bool ahead; /* the engine is told what comes; else each command is news to it */
    uint64_t request, told;
    acd_time now;
    struct bench_random random;
    acd_queue_id queues[FULL_QUEUES];
    char plans[FULL_QUEUES][FULL_PLANS][96];
    acd_call_id *busy; /* connected calls */
    uint32_t busy_count, queued;
    uint32_t load;                 /* the two together, once it is filled: the same for ever */
    uint64_t refused;              /* commands: must be 0 */
    struct full_arrival *arrivals; /* and one more, expected when all are through */
};

/* Opens one, with so many plans of each queue in use, 1 to FULL_PLANS, all of them open, and every
 * table turned over. */
struct full *full_open(uint32_t agents, uint32_t waiting, uint32_t plans);
void full_close(struct full *f);

/* Makes the arrivals of the next `count` cycles, at most CENTRE_CYCLES_MAX, and works off `count`
 * of them, beginning with number `from`. */
void full_prepare(struct full *f, size_t count);
void full_work(struct full *f, size_t from, size_t count);

/* Gives up unless every command was carried out, the centre is as busy as it shall be, and the
 * engine's state is sound; `walked`: all of it is walked, which takes a while. */
void full_verify(struct full *f, bool walked);

#endif
