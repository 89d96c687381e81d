#ifndef ACD_CHANNELS_H
#define ACD_CHANNELS_H

#include "engine/engine.h"

/* What calls of each channel take of an agent who has costs: its card says what a call of a channel
 * costs out of CHANNEL_UNITS, and how many of them it may have. Offers, calls outside and wrap-up
 * count as the call does. An agent without costs has its max_concurrent_calls only. */

enum { CHANNEL_UNITS = 100 };

/* Reads "voice:100,chat:20/4": false when it is no such list. Empty: nothing costs. */
bool channels_read(struct acd_str text, struct channel_costs *out);

/* What an agent's assignments cost together; may be above CHANNEL_UNITS. */
uint32_t channels_taken(const struct acd_engine *e, uint32_t agent);

/* Of which channels the agent has room for one more call, whatever else keeps it from it: a bit
 * each. */
uint8_t channels_room(const struct acd_engine *e, uint32_t agent);

/* The same of one channel. */
static inline bool agent_has_room(const struct acd_engine *e, uint32_t agent, uint8_t channel)
{
    return !e->agents[agent].costs || (channels_room(e, agent) >> channel & 1) != 0;
}

/* Whether the agent of a seat has room for a call of its queue's channel. */
static inline bool seat_has_room(const struct acd_engine *e, uint32_t seat)
{
    return agent_has_room(e, e->seats[seat].agent, e->lines[e->seats[seat].line].channel);
}

#endif
