#ifndef ACD_BENCH_IPC_MIX_H
#define ACD_BENCH_IPC_MIX_H

#include "bench/ipc/load.h"
#include "engine/acd.h"
#include "proto/acd_client.h"

/* What a gateway asks of acdd: on each of its lanes, again and again,
 *
 *     route     a new call, key of 36 bytes, caller and called number, to a random queue by name
 *     accept    of the offer that the route's answer brought
 *     hangup    of a random call of those that the gateway has talking; the new one takes its place
 *
 * Every answer is checked: each route must be offered at once, nothing may fail. */

enum { MIX_STEPS = 3, MIX_TALKING = 2500, MIX_QUEUES = 100, MIX_AGENTS = 10000, MIX_KEY = 36 };

struct mix_lane {
    int step; /* what it asks next: 0 route, 1 accept, 2 hangup */
    char key[MIX_KEY];
    acd_call_id call; /* accept: the new one; hangup: the one to end */
    acd_assignment_id assignment;
};

struct mix {
    struct bench_random random;
    uint64_t calls; /* so far, for their keys */
    char prefix;    /* of its keys: no two gateways' are alike */
    acd_call_id talking[MIX_TALKING];
    uint32_t talking_count;
    struct mix_lane lanes[LOAD_LANES_MAX];
};

/* Bytes of the records of each step. */
struct mix_sizes {
    size_t request[MIX_STEPS], reply[MIX_STEPS];
};

/* Makes the centre over the socket: queues, agents in three queues each, all ready. */
void mix_centre(struct acd_client *c);

/* Begins: MIX_TALKING calls of this gateway are routed and answered. */
void mix_open(struct mix *m, struct acd_client *c, char prefix);

/* One whole cycle, to see how long its records are. */
void mix_measure(struct mix *m, struct acd_client *c, struct mix_sizes *sizes);

/* What a lane asks next; its texts are valid until the lane's next command. */
void mix_command(struct mix *m, uint32_t lane, struct acd_command *command);

/* The answer to it; gives up if it is not as it should be. */
void mix_answered(struct mix *m, uint32_t lane, int error, const struct acd_view_outcome *o);

#endif
