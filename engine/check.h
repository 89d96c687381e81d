#ifndef ACD_CHECK_H
#define ACD_CHECK_H

#include "engine/engine.h"

/* Invariants of the state, walked. Each function returns NULL, or what is broken. */

#define CHECK(x)                                                                                   \
    do {                                                                                           \
        if (!(x))                                                                                  \
            return #x;                                                                             \
    } while (0)
#define CHECK_ALL(x)                                                                               \
    do {                                                                                           \
        const char *broken_ = (x);                                                                 \
        if (broken_ != NULL)                                                                       \
            return broken_;                                                                        \
    } while (0)

/* check_agent.c: agents, and what they are counted in. */
const char *check_agents(const struct acd_engine *e);

/* check_call.c: live calls, and the places of those who left. */
const char *check_calls(const struct acd_engine *e);
const char *check_abandoned(const struct acd_engine *e);

/* check_limits.c: what a queue's limits and alerts make of it; `queued`: calls that are. */
const char *check_scheduled(const struct acd_engine *e, uint32_t queue);
const char *check_alerts(const struct acd_engine *e, uint32_t queue);
const char *check_queue_limits(const struct acd_engine *e, uint32_t queue, uint32_t queued);

/* check_interval.c: the books of the present interval. */
const char *check_intervals(const struct acd_engine *e);

#endif
