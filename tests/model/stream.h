#ifndef ACD_MODEL_STREAM_H
#define ACD_MODEL_STREAM_H

#include "tests/model/pair.h"

/* Random commands over a small world, all from one seed. Each run swarms: some kinds of command
 * never come, others come often. The first steps set the centre up; from then on anything may come
 * at any time: commands about what lives, what is over, what never was, values that are no good,
 * messages twice and late, and times that stand still, creep, jump right onto deadlines or run
 * backwards.
 *
 *     stream_open(&s, seed);
 *     pair_open(&p, &s.limits, TWIN_SOUND);
 *     for (...) { stream_next(&s, p.twin, &step); pair_step(&p, &step); }
 */

enum { STREAM_ACTIONS_MAX = 96, STREAM_MEMORY = 16 };

/* A command to be sent once more. */
struct stream_sent {
    acd_client_id client;
    uint64_t request;
    size_t len;
    uint8_t bytes[ACD_RECORD_MAX];
};

struct stream {
    uint64_t random, aside;
    struct acd_limits limits;
    uint32_t stretch; /* how many times longer than others its run should be */
    bool flood;     /* a big world in which time stands still while calls pile up, and then leaps */
    bool is_rising; /* in a flood: calls pile up */
    bool crowd;     /* a big world of many agents and queues */
    uint8_t strategy; /* what half of the queues go by */
    bool leases;      /* gateways have leases, and so are lost now and then */
    uint32_t pace;    /* percent of the steps that time moves by */
    acd_span grain;   /* spans are multiples of this: coarse ones make deadlines meet */
    uint32_t plans;   /* percent of the calls that bring a plan */
    uint32_t prefers; /* percent of them that prefer an agent */
    uint32_t keys;    /* how many call keys there are */
    acd_time now;
    uint64_t steps;
    unsigned weights[STREAM_ACTIONS_MAX];

    /* Ids that lived once, and commands that were sent once. */
    acd_agent_id old_agents[STREAM_MEMORY];
    acd_queue_id old_queues[STREAM_MEMORY];
    acd_call_id old_calls[STREAM_MEMORY];
    acd_assignment_id old_assignments[STREAM_MEMORY];
    acd_client_id old_clients[STREAM_MEMORY];
    struct stream_sent sent[STREAM_MEMORY];
};

void stream_open(struct stream *s, uint64_t seed);

/* Whether a seed's world is a crowd: the twin takes a second over it. */
bool stream_is_crowd(uint64_t seed);

/* Makes the next step; it may look at the twin to find what lives. */
void stream_next(struct stream *s, const struct twin *t, struct step *step);

#endif
