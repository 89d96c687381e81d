#ifndef ACD_APPLY_H
#define ACD_APPLY_H

#include "engine/engine.h"

/* Events, and nothing else, change the state. */

/* One function for each event, in apply_*.c.
 * It applies an event that has been given its sequence (e->sequence) and time (e->now). Never
 * fails: whoever decided it has checked that there is room. */
#define ACD_EVENT(name, code, topic, doc, fields)                                                  \
    void apply_##name(struct acd_engine *e, const struct acd_event_##name *v);
#include "engine/events.def"
#undef ACD_EVENT

/* Any of them, by its code. */
void apply(struct acd_engine *e, uint16_t code, const void *event);

/* Events of the frame under way so far. */
static inline uint32_t frame_count(const struct acd_engine *e)
{
    return (uint32_t)(e->sequence + 1 - e->frame_first);
}

/* Where the next event's bytes go, once it has its sequence. */
static inline uint8_t *frame_next(struct acd_engine *e)
{
    ACD_ASSERT(frame_count(e) < ACD_FRAME_EVENTS_MAX);
    ACD_ASSERT(e->frame_len + ACD_RECORD_MAX <= ACD_FRAME_BYTES_MAX);
    e->sequence++;
    return e->frame + e->frame_len;
}

/* States an event: gives it the next sequence, writes its bytes to the frame, applies it. */
#define EMIT(e, name, ...) emit_##name((e), &(struct acd_event_##name){__VA_ARGS__})
#define ACD_EVENT(name, code, topic, doc, fields)                                                  \
    static inline void emit_##name(struct acd_engine *e, const struct acd_event_##name *v)         \
    {                                                                                              \
        e->frame_len += acd_record_event_##name.encode(v, frame_next(e));                          \
        apply_##name(e, v);                                                                        \
    }
#include "engine/events.def"
#undef ACD_EVENT

/* ---- what an event names ------------------------------------------------------------------- */

/* The slot of what is there: deciding has seen to that. */
static inline uint32_t agent_of(const struct acd_engine *e, acd_agent_id id)
{
    ACD_ASSERT(id.slot < e->config.limits.agents);
    ACD_ASSERT(e->agents[id.slot].gen == id.gen);
    return id.slot;
}
static inline uint32_t queue_of(const struct acd_engine *e, acd_queue_id id)
{
    ACD_ASSERT(id.slot < e->config.limits.queues);
    ACD_ASSERT(e->queues[id.slot].gen == id.gen);
    return id.slot;
}
static inline uint32_t call_of(const struct acd_engine *e, acd_call_id id)
{
    ACD_ASSERT(id.slot < e->config.limits.calls);
    ACD_ASSERT(e->calls[id.slot].gen == id.gen);
    return id.slot;
}
static inline uint32_t assignment_of(const struct acd_engine *e, acd_assignment_id id)
{
    ACD_ASSERT(id.slot < e->config.limits.assignments);
    ACD_ASSERT(e->assignments[id.slot].gen == id.gen);
    return id.slot;
}
static inline uint32_t client_of(const struct acd_engine *e, acd_client_id id)
{
    ACD_ASSERT(id.slot < e->config.limits.clients);
    ACD_ASSERT(e->clients[id.slot].gen == id.gen);
    return id.slot;
}

/* ---- shared by those files ------------------------------------------------------------------ */

/* The generation of what the event under way makes. */
static inline uint32_t generation_now(const struct acd_engine *e)
{
    return (uint32_t)e->sequence == 0 ? 1 : (uint32_t)e->sequence;
}

/* Notes that a row has changed, if this engine keeps track of that: an engine that decides does
 * not. */
APART void mark_row(struct acd_engine *e, enum acd_table table, uint32_t key);
static inline void mark(struct acd_engine *e, enum acd_table table, uint32_t key)
{
    if (e->config.track)
        mark_row(e, table, key);
}

/* Deadlines are armed by these, which keep e->quiet_until. */
static inline void deadline_noted(struct acd_engine *e, acd_time at)
{
    if (at < e->quiet_until)
        e->quiet_until = at;
}
static inline void lease_arm(struct acd_engine *e, uint32_t assignment)
{
    order_add(&e->leases, LEASES(e), assignment);
    deadline_noted(e, e->assignments[assignment].until);
}
static inline void wait_arm(struct acd_engine *e, uint32_t call)
{
    order_add(&e->waits, WAITS(e), call);
    deadline_noted(e, e->calls[call].until);
}
static inline void step_arm(struct acd_engine *e, uint32_t call)
{
    order_add(&e->steps, STEPS(e), call);
    deadline_noted(e, (acd_time)step_key(e, call).hi);
}
static inline void delay_arm(struct acd_engine *e, uint32_t agent)
{
    order_add(&e->delays, DELAYS(e), agent);
    deadline_noted(e, e->agent_cards[agent].delay_until);
}
static inline void device_arm(struct acd_engine *e, uint32_t agent)
{
    order_add(&e->devices, DEVICES(e), agent);
    deadline_noted(e, e->agent_cards[agent].device_until);
}

static inline void deserted_arm(struct acd_engine *e, uint32_t queue)
{
    order_add(&e->deserted, DESERTED(e), queue);
    deadline_noted(e, e->queues[queue].deserted_until);
}

static inline void due_arm(struct acd_engine *e, uint32_t call)
{
    order_add(&e->dues, DUES(e), call);
    deadline_noted(e, e->callbacks[call].due);
}

static inline void announced_arm(struct acd_engine *e, uint32_t call)
{
    order_add(&e->announced, ANNOUNCED(e), call);
    deadline_noted(e, e->announcements[call].at);
}

/* Brings what is derived from an agent up to date after its own fields or counts have changed: its
 * activity, availability and its places in its queues. `moved`: what its places are keyed by has
 * changed, or it may take more than before, so that it is to be settled again if it is available.
 */
void agent_derive(struct acd_engine *e, uint32_t agent, bool moved);

/* The same after a change that leaves its load and what it may take as they were. */
void agent_derive_activity(struct acd_engine *e, uint32_t agent);

/* What is known of an agent's device, 0 being available, and until when that is believed. */
void agent_device_set(struct acd_engine *e, uint32_t agent, uint8_t device, acd_time until);

/* Sets last_status_change to now. agent_derive(moved) must follow. */
void agent_touch(struct acd_engine *e, uint32_t agent);

/* Puts an available agent's seat into, or takes it out of, the ready order of its queue. */
void seat_enter(struct acd_engine *e, uint32_t seat);
void seat_leave(struct acd_engine *e, uint32_t seat);

/* Adds (by 1) or takes back (by -1) what an agent's state counts for in a queue; and in all of its
 * queues and their lines. */
void queue_count_agent(struct acd_engine *e, uint32_t queue, uint32_t agent, int by);
void agent_count(struct acd_engine *e, uint32_t agent, int by);

/* Who was consulted has the call now, which has just entered a queue. */
void call_taken(struct acd_engine *e, uint32_t call, uint32_t slot);

/* Whether an agent has a caller on hold and asks somebody about it, and brings up to date what
 * follows from that. */
bool agent_consults(const struct acd_engine *e, uint32_t agent);
void agent_consults_derive(struct acd_engine *e, uint32_t agent);

/* Counts one more offer of a queue, to an agent. */
void sums_offer(struct acd_engine *e, uint32_t queue, uint32_t agent);

/* Counts calls that an agent took, and how long it talked. */
void agent_sums(struct acd_engine *e, uint32_t agent, uint32_t calls, acd_span talk);

/* Puts an assignment at the end of its call's chain, or takes it out. */
void call_tie(struct acd_engine *e, uint32_t call, uint32_t assignment);
void call_untie(struct acd_engine *e, uint32_t call, uint32_t assignment);

/* Brings a queue's flags up to date, and its place by them, after its settings or its counts of
 * agents have changed. */
void queue_derive(struct acd_engine *e, uint32_t queue);

/* Whether nobody is there whom join_empty or leave_when_empty, which count alike, want in a queue.
 */
bool queue_is_empty(const struct acd_engine *e, uint32_t queue, uint8_t wanted);

/* Whether a queue that is set like this wants somebody who is available. */
static inline bool queue_wants_available(const struct acd_event_queue_set *set)
{
    return set->join_empty == ACD_JOIN_AVAILABLE || set->leave_when_empty == ACD_LEAVE_AVAILABLE;
}

/* Brings the place of a queue with flags up to date after a call came to be queued there, or when
 * the call `except` is about to be so no more. */
COLD void queue_place(struct acd_engine *e, uint32_t queue, uint32_t except);

/* Of calls that ask to be told their position: one has entered a queue, and is to be told for the
 * first time there; it comes to be queued, or is so no more. */
APART void announcing_begin(struct acd_engine *e, uint32_t call);
APART void announcing_wait(struct acd_engine *e, uint32_t call);
APART void announcing_unwait(struct acd_engine *e, uint32_t call);

/* The call of a queue that is queued, not ringing, and entered first, but `except`; or NONE.
 * Ringing ones are passed over one by one: they are few where this is asked, since nobody is there.
 */
uint32_t queue_first_queued(const struct acd_engine *e, uint32_t queue, uint32_t except);

/* Makes an assignment that rings, of a call of this queue and channel; its agent is derived by the
 * caller. */
static inline void assignment_offer(struct acd_engine *e, acd_assignment_id id, uint32_t call,
                                    uint32_t agent, acd_queue_id queue, uint8_t channel,
                                    acd_time until)
{
    uint32_t slot = id.slot;
    struct assignment *s = &e->assignments[slot];

    slots_take(&e->assignment_slots, slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    s->gen = id.gen;
    s->sequence = e->sequence;
    s->agent = agent & AGENT_BITS;
    s->call = call;
    s->role = ACD_ROLE_OFFERED;
    s->channel = (uint32_t)channel & CHANNEL_BITS;
    s->carded = false;
    s->queue = queue;
    s->since = e->now;
    s->until = until;
    s->until_sequence = e->sequence;
    call_tie(e, call, slot);
    lease_arm(e, slot);
    chain_append(&e->agents[agent].assignments, AGENT_ASSIGNMENTS(e), slot);
    e->agents[agent].offered++;
}

static inline uint32_t agent_load(const struct agent *a)
{
    return (uint32_t)a->offered + a->connected + a->wrap_up + a->outside;
}

static inline bool agent_is_delayed(const struct agent *a)
{
    return (a->kept & KEPT_DELAYED) != 0;
}

/* Whether an agent may be offered a call; once it is derived, its bit tells. */
static inline bool agent_available_of(const struct agent *a)
{
    return a->state == ACD_READY && a->active && a->kept == 0 && agent_load(a) < a->capacity;
}
static inline bool agent_is_available(const struct acd_engine *e, uint32_t agent)
{
    return (e->available[agent / 64] >> agent % 64 & 1) != 0;
}

/* Today's sums of a queue and of the whole, to be written to. */
static inline struct sums *sums_today(const struct acd_engine *e, struct sums *sums)
{
    if (sums->turn != e->day) {
        memset(sums, 0, sizeof *sums);
        sums->turn = e->day;
    }
    return sums;
}

/* The same of a queue, from whose sums follows whether the rest is of today. */
static inline struct sums *queue_sums_today(const struct acd_engine *e, struct queue *q)
{
    if (q->sums.turn != e->day)
        q->today = (struct queue_today){.handled = 0};
    return sums_today(e, &q->sums);
}

/* A call enters a queue, again: it is in none, and has its place in the order, in which
 * call_reenter() lets it wait. */
void call_enter(struct acd_engine *e, uint32_t slot, uint32_t queue, acd_time until, uint32_t plan,
                uint8_t step);
void call_reenter(struct acd_engine *e, uint32_t slot, uint32_t queue, acd_time until,
                  uint32_t plan, uint8_t step);

/* A connected call's visit ends, and its agent's assignment goes on as wrap-up or ends: card,
 * assignment and state of the call are the caller's to change. */
APART void call_visit_end(struct acd_engine *e, uint32_t call, uint8_t disposition,
                          acd_time ended_at);
void call_talked(struct acd_engine *e, uint32_t call, acd_time ended_at, acd_time wrap_up_until);

/* Keeps these attributes with a live call, for which there is room; empty: none. */
APART void call_text_set(struct acd_engine *e, struct call *c, struct acd_str attributes);

/* A call's card for what is more than texts, made empty when it had nothing. */
static inline struct call_card *call_card_more(struct acd_engine *e, uint32_t call)
{
    struct call_card *card = &e->call_cards[call];

    if (!e->calls[call].carded) {
        card->hold = 0;
        card->recall = (acd_agent_id){0, 0};
    }
    e->calls[call].carded = true;
    return card;
}

/* An assignment's card, made empty when it had nothing. */
static inline struct assignment_card *assignment_card(struct acd_engine *e, uint32_t slot)
{
    struct assignment_card *card = &e->assignment_cards[slot];

    if (!e->assignments[slot].carded) {
        card->visit = 0;
        card->code.len = 0;
        card->key.len = 0;
    }
    e->assignments[slot].carded = true;
    return card;
}

/* An agent's work is over, of a visit that this event ended: its code may be given for a while. */
COLD void late_work_keep(struct acd_engine *e, uint32_t assignment, uint32_t queue, uint64_t visit);

/* A queued call among those that wait, with its deadlines. */
APART void call_stand(struct acd_engine *e, uint32_t call);

/* Nobody was found for a call that has just come, or others are to be looked at first. */
static inline void entering_stand(struct acd_engine *e)
{
    uint32_t call = e->entering;

    e->entering = NONE;
    if (call != NONE)
        call_stand(e, call);
}

/* Puts a call in its place in the waiting line, the same one every time, and takes it out. */
void call_state_set(struct acd_engine *e, struct call *c, uint8_t state);
APART void call_wait(struct acd_engine *e, uint32_t call);
void call_unwait(struct acd_engine *e, uint32_t call);

/* An empty line of a queue that is set like this. */
void line_init(struct line *l, uint32_t queue, const struct acd_event_queue_set *set, bool passes);

/* Whether the callers of a queue are sent away: no call may move there. */
static inline bool queue_sends_away(const struct acd_engine *e, uint32_t queue)
{
    uint8_t state = e->queues[queue].set.state;

    return state == ACD_REMOVING || state == ACD_DRAINING;
}

/* Remembers the key of an ended call; `call` is the live call that ended, or NONE. */
void ended_remember(struct acd_engine *e, acd_client_id gateway, struct acd_str key,
                    struct index_key name_key, uint32_t call, acd_time ended_at);

#endif
