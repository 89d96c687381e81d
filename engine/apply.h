#ifndef ACD_APPLY_H
#define ACD_APPLY_H

#include "engine/engine.h"

/* Events, and nothing else, change the state. */

/* States an event: gives it the next sequence, writes its bytes to the frame, applies it. `event`
 * is the struct acd_event_<name> of the code. */
#define EMIT(e, name, ...)                                                                         \
    emit((e), &acd_record_event_##name, &(struct acd_event_##name){__VA_ARGS__})
void emit(struct acd_engine *e, const struct acd_record *record, const void *event);

/* Applies an event that has been given its sequence (e->sequence) and time (e->now). Never fails:
 * whoever decided it has checked that there is room. */
void apply(struct acd_engine *e, uint16_t code, const void *event);

/* One function for each event, in apply_config.c, apply_agent.c, apply_call.c and apply_client.c.
 */
#define ACD_EVENT(name, code, topic, doc, fields)                                                  \
    void apply_##name(struct acd_engine *e, const struct acd_event_##name *v);
#include "engine/events.def"
#undef ACD_EVENT

/* ---- shared by those files ------------------------------------------------------------------ */

/* The generation of what the event under way makes. */
static inline uint32_t generation_now(const struct acd_engine *e)
{
    return (uint32_t)e->sequence == 0 ? 1 : (uint32_t)e->sequence;
}

/* Notes that a row has changed, if this engine keeps track of that. */
static inline void mark(struct acd_engine *e, enum acd_table table, uint32_t key)
{
    if (e->config.track && !slots_has(&e->changed[table], key))
        slots_take(&e->changed[table], key);
}

/* Brings what is derived from an agent up to date after its own fields or counts have changed: its
 * activity, its bit and its places in its queues. `moved`: what its places are keyed by has
 * changed, or it may take more than before, so that it is to be settled again if it is available.
 */
void agent_derive(struct acd_engine *e, uint32_t agent, bool moved);

/* Sets last_status_change to now. agent_derive(moved) must follow. */
void agent_touch(struct acd_engine *e, uint32_t agent);

/* Takes an available agent out of, or puts it into, the ready order of one of its queues. */
void member_enter(struct acd_engine *e, uint32_t member);
void member_leave(struct acd_engine *e, uint32_t member);

/* Adds (by 1) or takes back (by -1) what an agent's state counts for in a queue. */
void queue_count_agent(struct acd_engine *e, uint32_t queue, uint32_t agent, int by);

bool agent_is_available(const struct acd_engine *e, uint32_t agent);

static inline uint32_t agent_load(const struct agent *a)
{
    return (uint32_t)a->offered + a->connected + a->wrap_up;
}

/* Today's sums of a queue and of the whole, to be written to. */
struct sums *sums_today(const struct acd_engine *e, struct sums *sums);

/* Remembers the key of an ended call; `call` is the live call that ended, or NONE. */
void ended_remember(struct acd_engine *e, acd_client_id gateway, struct acd_str key, uint32_t hash,
                    uint32_t call, acd_time ended_at);

#endif
