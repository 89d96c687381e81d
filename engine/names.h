#ifndef ACD_NAMES_H
#define ACD_NAMES_H

#include "engine/engine.h"

/* From names to slots. Every find returns NONE when there is none. */

uint32_t name_hash(const struct acd_engine *e, struct acd_str name);

uint32_t agent_find(const struct acd_engine *e, struct acd_str name);
uint32_t queue_find(const struct acd_engine *e, struct acd_str name);
uint32_t number_find(const struct acd_engine *e, struct acd_str number);
uint32_t client_find(const struct acd_engine *e, struct acd_str name);

/* An agent's membership in a queue: its seat in the queue's own line. */
uint32_t membership_find(const struct acd_engine *e, uint32_t agent, uint32_t queue);

/* A plan is its queue and its text. */
uint32_t plan_hash(const struct acd_engine *e, uint32_t queue, struct acd_str text);

/* A call's key belongs to its gateway: the same key of another gateway is another call. */
uint32_t call_key_hash(const struct acd_engine *e, acd_client_id gateway, struct acd_str key);

/* What a key leads to: a live call, a remembered one, or neither. */
struct key_found {
    uint32_t call;  /* slot, or NONE */
    uint32_t ended; /* place in e->ended, or NONE */
};
struct key_found call_key_find(const struct acd_engine *e, acd_client_id gateway,
                               struct acd_str key, uint32_t hash);

#endif
