#ifndef ACD_MODEL_TWIN_PARTS_H
#define ACD_MODEL_TWIN_PARTS_H

#include "tests/model/twin.h"
#include "tests/model/twin_plan.h"

/* What the twin_*.c files have of each other. */

static inline bool twin_wrong(const struct twin *t, enum twin_fault fault)
{
    return t->fault == fault;
}

/* ---- twin.c ------------------------------------------------------------------------------- */

/* Zeroed memory for `count` and one more, which the caller frees; aborts when there is none. */
void *twin_take(size_t count, size_t bytes);

/* ---- twin_find.c: looking things up, by walking the tables -------------------------------- */

bool twin_text_is(const struct twin_text *text, struct acd_str str);
void twin_text_copy(struct twin_text *text, struct acd_str str);
struct acd_str twin_text_str(const struct twin_text *text);

/* NULL when there is no such thing. */
struct twin_agent *twin_agent(const struct twin *t, acd_agent_id id);
struct twin_queue *twin_queue(const struct twin *t, acd_queue_id id);
struct twin_call *twin_call(const struct twin *t, acd_call_id id);
struct twin_assignment *twin_assignment(const struct twin *t, acd_assignment_id id);
struct twin_client *twin_client(const struct twin *t, acd_client_id id);
struct twin_member *twin_member(const struct twin *t, acd_agent_id agent, acd_queue_id queue);
struct twin_agent *twin_agent_named(const struct twin *t, struct acd_str name);
struct twin_queue *twin_queue_named(const struct twin *t, struct acd_str name);
struct twin_client *twin_client_named(const struct twin *t, struct acd_str name);
struct twin_call *twin_call_keyed(const struct twin *t, acd_client_id gateway, struct acd_str key);
struct twin_number *twin_number(const struct twin *t, struct acd_str number);
/* The place of a caller who abandoned, in a queue (0: in any), or NULL. */
struct twin_abandoned *twin_abandoned(const struct twin *t, acd_queue_id queue,
                                      struct acd_str caller);
struct twin_ended *twin_ended(const struct twin *t, acd_client_id gateway, struct acd_str key);

/* The first free place of a table, or its limit when it is full. */
uint32_t twin_free_agent(const struct twin *t);
uint32_t twin_free_queue(const struct twin *t);
uint32_t twin_free_call(const struct twin *t);
uint32_t twin_free_assignment(const struct twin *t);
uint32_t twin_free_client(const struct twin *t);
uint32_t twin_free_member(const struct twin *t);
uint32_t twin_free_number(const struct twin *t);

static inline bool twin_same_agent(acd_agent_id a, acd_agent_id b)
{
    return a.slot == b.slot && a.gen == b.gen;
}

static inline bool twin_same_queue(acd_queue_id a, acd_queue_id b)
{
    return a.slot == b.slot && a.gen == b.gen;
}

static inline bool twin_same_client(acd_client_id a, acd_client_id b)
{
    return a.slot == b.slot && a.gen == b.gen;
}

/* Whether a queue is being removed or drained. */
static inline bool twin_sends_away(const struct twin_queue *q)
{
    return q->set.state == ACD_REMOVING || q->set.state == ACD_DRAINING;
}

/* The client whose command this is as an owner of calls: 0 when it is nobody or an operator. */
acd_client_id twin_gateway(const struct twin *t);

/* Whether the reply goes to the gateway of a call. */
bool twin_is_asker(const struct twin *t, const struct twin_call *c);

/* ---- twin_rank.c: who is available, who is first, which call is best ---------------------- */

/* An agent's assignments in a role; role 0: in any. */
uint32_t twin_load(const struct twin *t, const struct twin_agent *a, uint8_t role);

/* An agent's calls that talk or are on hold. */
uint32_t twin_talks(const struct twin *t, const struct twin_agent *a);

/* A queue's calls in a state; state 0: queued, ringing or connected. */
uint32_t twin_calls(const struct twin *t, const struct twin_queue *q, uint8_t state);

bool twin_available(const struct twin *t, const struct twin_agent *a);
uint8_t twin_activity(const struct twin *t, const struct twin_agent *a);

/* Of two calls: the first one has waited longer, its head start counted. */
bool twin_call_before(const struct twin_call *a, const struct twin_call *b);

/* Of the queued calls of a queue the first, or NULL. */
struct twin_call *twin_first_queued(const struct twin *t, const struct twin_queue *q);

/* From 1, of a queued call; else 0. */
uint32_t twin_position(const struct twin *t, const struct twin_call *c);

/* Of two calls of one queue: the first one is before the other there. */
bool twin_place_before(const struct twin *t, const struct twin_call *a, const struct twin_call *b);

struct twin_call *twin_best_call(const struct twin *t, const struct twin_agent *a);

/* An agent's oldest assignment in a role that is younger than `after`, or NULL. */
struct twin_assignment *twin_oldest(const struct twin *t, const struct twin_agent *a, uint8_t role,
                                    uint64_t after);

/* A call's oldest assignment that is younger than `after`, or NULL. */
struct twin_assignment *twin_of_call(const struct twin *t, const struct twin_call *c,
                                     uint64_t after);

/* ---- twin_limits.c: where calls go that a queue turns away ------------------------------- */

/* What a setting says, taken apart. */
struct twin_target {
    uint8_t kind; /* 0: nowhere */
    struct acd_str to;
};

/* False when the text is no target. */
bool twin_target(struct acd_str text, struct twin_target *target);

/* When a call that enters a queue now has waited too long there, or in all; 0: never. */
acd_time twin_wait_until(const struct twin *t, const struct twin_queue *q, acd_time own);

/* Whether no member of a queue could take a call of its now. */
bool twin_nobody_available(const struct twin *t, const struct twin_queue *q);

/* Whether no active member of a queue is logged in; or, `ready`, ready. */
bool twin_is_deserted(const struct twin *t, const struct twin_queue *q, bool ready);

/* Whether a queue's calls are to leave it because nobody is there. */
bool twin_is_left(const struct twin *t, const struct twin_queue *q);

/* Whether a queue_set gives targets that can be; refuses it else. */
bool twin_targets_are_good(struct twin *t, const struct acd_command_queue_set *c);

/* Puts the targets of a queue, NULL for a new one, and those given together. */
void twin_merge_targets(struct acd_event_queue_set *set, const struct twin_queue *old,
                        const struct acd_command_queue_set *c);

/* The way of a call from door to door. */
struct twin_way {
    struct twin_queue *queue; /* that takes it, or NULL */
    struct twin_target target;
    unsigned count; /* doors that refused */
    struct twin_queue *doors[16];
    uint8_t refusals[16];
};

void twin_follow(const struct twin *t, struct twin_way *way, const struct twin_queue *from,
                 struct twin_queue *queue);

/* A queued call leaves its queue by a rule. */
void twin_leave(struct twin *t, struct twin_call *c, uint8_t cause);

/* A call that asks is told its position `after` from now on, if its queue announces. */
void twin_announce_in(struct twin *t, struct twin_call *c, acd_span after, uint64_t sequence);

/* The first one after entering a queue. */
void twin_announce_first(struct twin *t, struct twin_call *c, uint64_t sequence);

void say_call_announced(struct twin *t, struct twin_call *c);

/* The deadline of a queue's max_wait_no_agent: the call it is about, or NULL. */
struct twin_call *twin_patient(const struct twin *t, const struct twin_queue *q, acd_time *at,
                               uint64_t *sequence);

/* ---- twin_callback.c: callers who are called back ------------------------------------------ */

/* Whether a call is a callback that is not connected. */
bool twin_called_back(const struct twin_call *c);

/* A queue's calls that wait, ring, are dialled or stranded; and of those not due the one set first.
 */
uint32_t twin_unanswered(const struct twin *t, const struct twin_queue *q);
struct twin_call *twin_first_scheduled(const struct twin *t, const struct twin_queue *q);

/* A scheduled one is due, a queued one leaves by a rule, a scheduled one goes to another queue. */
void twin_fall_due(struct twin *t, struct twin_call *c);
void twin_callback_leaves(struct twin *t, struct twin_call *c, uint8_t cause);
void twin_callback_goes(struct twin *t, struct twin_call *c, const struct twin_queue *to);

/* Makes one of a queued call that leaves by a rule; false when that cannot be. */
bool twin_callback_by_rule(struct twin *t, struct twin_call *c, struct acd_str number,
                           uint8_t cause, bool told);

/* An agent takes one, says so again; its customer is not reached; it is over before that. */
void twin_dial(struct twin *t, struct twin_assignment *s);
/* A notice about an assignment. */
struct acd_view_notice twin_notice_of(const struct twin *t, uint8_t kind,
                                      const struct twin_assignment *s);

void twin_fail_dialling(struct twin *t, struct twin_assignment *s, uint8_t result, bool told);
void twin_withdraw(struct twin *t, struct twin_call *c, uint8_t cause, bool told);

/* Room for one more call with these attributes? Refuses the command when there is none. */
bool twin_has_call_room(struct twin *t, struct acd_str attributes);

/* The callback whose place a caller has in a queue that it enters, or NULL. */
struct twin_call *twin_taken_up(const struct twin *t, const struct twin_queue *q,
                                struct acd_str caller);

/* The setting of a queue's callbacks that cannot be, or NULL. */
const char *twin_bad_callback_setting(const struct acd_command_queue_set *c);

/* ---- twin_strategy.c: whom a call is offered to -------------------------------------------- */

/* The available member of a call's queue that it is offered to next, or NULL. */
struct twin_agent *twin_first_member(const struct twin *t, const struct twin_call *c);

/* The place of an agent among those available for a line, from 1; 0: it is none of them, or they
 * are drawn. Of a call, or, NULL, of one that was offered to nobody. */
uint32_t twin_ranked(const struct twin *t, const struct twin_queue *q, const struct twin_line *line,
                     const struct twin_call *c, const struct twin_agent *a, uint32_t *available);

/* ---- twin_ring.c: calls that ring at many -------------------------------------------------- */

/* Whether such a call rings at an agent. */
bool twin_rung(const struct twin *t, const struct twin_agent *a);

/* Whether a call wants an agent: it is queued, or rings and asks for more. */
bool twin_wants(const struct twin_call *c);

/* After an offer in settling, after any, after the end of one, and after the last. */
void twin_ring_offered(struct twin *t, struct twin_call *c);
void twin_ring_counted(struct twin *t, struct twin_call *c);
void twin_ring_shrunk(struct twin *t, struct twin_call *c);
void twin_ring_over(struct twin_call *c);

/* The deadline of a ringing call; true when it is that of asking one more, which grow does. */
bool twin_ring_deadline(const struct twin_call *c, acd_time *at, uint64_t *sequence);
void twin_ring_grow(struct twin *t, struct twin_call *c);

/* One has answered: the offers of the others end. */
void twin_ring_won(struct twin *t, const struct twin_call *c, struct twin_assignment *winner);

/* The generator's state after the next draw. */
uint64_t twin_random_next(const struct twin *t);
/* ---- twin_estimate.c: how fast things go, and how long a call will wait ------------------- */

void twin_pace_came(const struct twin *t, struct twin_queue *q, acd_span head_start);
void twin_pace_gone(struct twin_queue *q, acd_span waited, bool abandoned);
void twin_pace_served(struct twin_queue *q, acd_span work);

/* 0 of a call that does not wait. */
acd_span twin_estimate_call(const struct twin *t, const struct twin_call *c);
acd_span twin_estimate_caller(const struct twin *t, const struct twin_queue *q);

/* ---- twin_explain.c: why a call waits, and why an agent gets none --------------------------- */

/* What keeps an agent from calls of a queue's step (c NULL: whichever), told to each(). */
typedef void (*twin_fit_cb)(void *ctx, const struct acd_view_fit *v);
void twin_call_fits(const struct twin *t, const struct twin_call *c, const struct twin_agent *a,
                    twin_fit_cb each, void *ctx);
void twin_agent_fits(const struct twin *t, const struct twin_agent *a, twin_fit_cb each, void *ctx);

void twin_call_explained(const struct twin *t, const struct twin_call *c,
                         struct acd_view_call_explained *v);
void twin_agent_explained(const struct twin *t, const struct twin_agent *a,
                          struct acd_view_agent_explained *v);

/* An agent and a line of a queue that it is a member of; texts stand in `room`, of 1,200 bytes. */
void twin_agent_line(const struct twin *t, const struct twin_agent *a, const struct twin_queue *q,
                     const struct twin_line *line, struct acd_view_agent_line *v, char *room);

/* ---- twin_channel.c: what calls of each channel take of an agent --------------------------- */

bool twin_channels_are_good(struct acd_str text);
uint32_t twin_units(const struct twin *t, const struct twin_agent *a);
bool twin_has_max(const struct twin *t, const struct twin_agent *a, uint8_t channel);
bool twin_has_units(const struct twin *t, const struct twin_agent *a, uint8_t channel);
bool twin_has_room(const struct twin *t, const struct twin_agent *a, uint8_t channel);
uint32_t twin_takes(const struct twin *t, const struct twin_agent *a);

/* ---- twin_say*.c: each event and what it means --------------------------------------------- */

/* Writes an event into the log; returns its sequence. */
uint64_t twin_append(struct twin *t, uint16_t code, const void *event);

/* The generation of what the next event makes. */
uint32_t twin_generation(const struct twin *t);

/* Notes that an agent is fresh now, when it was or was not available before an event, and the event
 * touched what it is chosen by. */
void twin_note_agent(struct twin *t, struct twin_agent *a, bool was_available, bool touched);
void twin_note_call(struct twin *t, struct twin_call *c);

/* Before an event about a call that its gateway must be told of by notice. */
void twin_make_room(struct twin *t, const struct twin_call *c, bool told);

/* Notes, after an event, which queues came to have nobody logged in by it. */
void twin_note_deserted(struct twin *t);

/* Adds a notice about a call to its gateway's outbox, with what the kind needs already in it. */
void twin_notify(struct twin *t, const struct twin_call *c, struct acd_view_notice *notice);

void say_agent_state(struct twin *t, struct twin_agent *a, uint8_t state, uint16_t reason);
void say_agent_draining(struct twin *t, struct twin_agent *a, uint8_t state, uint16_t reason);
void say_agent_freed(struct twin *t, struct twin_agent *a);
void say_delay_ended(struct twin *t, struct twin_agent *a);
void say_wrap_up_ended(struct twin *t, struct twin_assignment *s);
void say_wrap_up_extended(struct twin *t, struct twin_assignment *s, acd_time until);

struct twin_call *say_call_queued(struct twin *t, const struct acd_event_call_queued *given);
void say_call_refused(struct twin *t, struct twin_queue *q, struct acd_str key, uint8_t refusal,
                      struct twin_target sent);
void say_call_offered(struct twin *t, struct twin_call *c, struct twin_agent *a, bool told);
void say_agent_device(struct twin *t, struct twin_agent *a, uint8_t device, acd_time until);
void say_outside_began(struct twin *t, struct twin_agent *a, struct acd_str key, acd_time until,
                       uint8_t channel);
void say_outside_ended(struct twin *t, struct twin_assignment *s, bool ran_out);
void say_call_assigned(struct twin *t, struct twin_call *c, struct twin_agent *a);
void say_offer_ended(struct twin *t, struct twin_assignment *s, uint8_t result,
                     acd_time delay_until, bool told);
void say_call_connected(struct twin *t, struct twin_assignment *s, acd_time answered_at);
void say_call_ended(struct twin *t, struct twin_call *c, const struct acd_event_call_ended *given);
void say_call_moved(struct twin *t, struct twin_call *c, struct twin_queue *to, acd_client_id by,
                    uint8_t cause);
void say_call_forestalled(struct twin *t, acd_client_id gateway, struct acd_str key);

void say_call_set(struct twin *t, struct twin_call *c, struct acd_str attributes);
/* A queue's work is over, of the visit that this event ended: it may be coded for a while. The
 * queue may be NULL. */
void twin_keep_late(struct twin *t, const struct twin_assignment *s, const struct twin_queue *q,
                    uint64_t visit);
void say_wrap_up_coded(struct twin *t, struct twin_assignment *s, struct acd_str code,
                       struct acd_str attributes);

/* `next`: who was consulted and has the call now, or NULL. */
void say_call_transferred(struct twin *t, struct twin_assignment *s, struct twin_queue *to,
                          const struct twin_agent *target, struct twin_assignment *next);
void say_call_held(struct twin *t, struct twin_assignment *s, bool held);

/* What strategies remember of an offer. */
void twin_remember_offer(struct twin *t, struct twin_call *c, const struct twin_agent *a,
                         uint64_t sequence);

/* One more offer of a queue, to an agent, in the sums. */
void twin_count_offer(struct twin *t, struct twin_queue *q, struct twin_agent *a);

/* The plan of a call that goes on to a queue. */
uint32_t twin_plan_along(struct twin *t, const struct twin_call *c, const struct twin_queue *to);

/* ---- twin_do_consult.c: one agent asks another ---------------------------------------------- */

/* The assignment of who is asked about a connected call, or NULL. */
struct twin_assignment *twin_consultation(const struct twin *t, const struct twin_call *c);

/* Whether its agent asks somebody about it, an agent or a number. */
bool twin_is_asked_about(const struct twin *t, const struct twin_call *c);

/* The assignment of who has a caller, and asks somebody or nobody; NULL when it is refused. */
struct twin_assignment *twin_asked_talk(struct twin *t, acd_assignment_id id, bool asks);

/* An agent may ask nobody any more. */
void twin_note_asks(struct twin *t, struct twin_agent *a);

void say_consult_answered(struct twin *t, struct twin_assignment *s);

/* A consultation, if there is one, is over; by what ends its offer, as long as it rings. */
void twin_end_consultation(struct twin *t, struct twin_call *c, uint8_t result, bool told);

/* Who was asked has the call. */
void twin_hand_over(struct twin *t, struct twin_call *c);

/* ---- twin_do_consult_number.c: one asks a number ------------------------------------------- */

/* The assignment of who asks a number about a call, or NULL. */
struct twin_assignment *twin_asks_number(const struct twin *t, const struct twin_call *c);

/* It is asked; no more, by this result; and it gets the call. */
void twin_ask_number(struct twin *t, struct twin_assignment *s, struct acd_str number);
void say_consult_dial_ended(struct twin *t, struct twin_assignment *s, uint8_t result, bool told);
void twin_number_gets(struct twin *t, struct twin_assignment *s);

/* ---- twin_do_transfer.c: agents pass calls on ----------------------------------------------- */

/* Whether an assignment's call has a lost gateway, so that no other phone rings for it. */
bool twin_cannot_pass_on(const struct twin *t, const struct twin_assignment *s);

/* A call goes out of the centre. */
void twin_pass_out(struct twin *t, const struct twin_assignment *s, struct acd_str number);

/* ---- twin_do_hold.c ----------------------------------------------------------------------- */

/* How long a call has been on hold by some time. */
acd_span twin_hold(const struct twin *t, const struct twin_call *c, acd_time at);

void say_queue_set(struct twin *t, uint32_t slot, struct acd_event_queue_set set);
void say_queue_removing(struct twin *t, struct twin_queue *q, uint8_t policy, acd_queue_id target);
void say_queue_removed(struct twin *t, struct twin_queue *q);
void say_queue_draining(struct twin *t, struct twin_queue *q, uint8_t policy, acd_queue_id target);
void say_queue_drained(struct twin *t, struct twin_queue *q);
void say_agent_set(struct twin *t, uint32_t slot, struct acd_event_agent_set set);
void say_agent_removed(struct twin *t, struct twin_agent *a);
void say_member_set(struct twin *t, uint32_t place, struct acd_event_member_set set);
void say_member_removed(struct twin *t, struct twin_member *m);
void say_number_set(struct twin *t, uint32_t place, struct acd_event_number_set set);
void say_number_removed(struct twin *t, struct twin_number *n);
void say_client_opened(struct twin *t, uint32_t slot, struct acd_event_client_opened event);
void say_client_removed(struct twin *t, struct twin_client *c);
void say_outbox_acked(struct twin *t, struct twin_client *c, uint64_t upto);
void say_outbox_lost(struct twin *t, struct twin_client *c);

/* twin_say_gateway.c */
void say_client_set(struct twin *t, struct twin_client *c,
                    const struct acd_event_client_opened *to);
void say_client_renewed(struct twin *t, struct twin_client *c);
void say_all_renewed(struct twin *t, acd_time from);
void say_gateway_lost(struct twin *t, struct twin_client *c);
void say_gateway_swept(struct twin *t, struct twin_client *c, uint8_t sweep, acd_client_id heir,
                       uint32_t slot);
void say_reconcile_begun(struct twin *t, struct twin_client *c);
void say_call_listed(struct twin *t, struct twin_call *c);
void say_call_stranded(struct twin *t, struct twin_call *c);
void say_call_resumed(struct twin *t, struct twin_call *c);
void say_call_adopted(struct twin *t, struct twin_call *c, struct twin_client *heir);

/* What a gateway that is lost becomes, by whatever event said so. */
void twin_lose(struct twin *t, struct twin_client *c, uint64_t sequence, acd_time until);

/* Before an event that writes a notice to this gateway's outbox. */
void twin_make_room_at(struct twin *t, struct twin_client *gateway);

/* Closes a key: it takes the oldest place of the ring, and what stood there is forgotten. */
void twin_remember(struct twin *t, acd_client_id gateway, struct acd_str key, acd_time ended_at);
void say_request_done(struct twin *t, struct twin_client *c, uint64_t request);
void say_random_drawn(struct twin *t);
void say_day_turned(struct twin *t, uint32_t day);

/* ---- intervals: twin_interval.c ---------------------------------------------------------------
 */

/* Time goes on up to `now`, before t->now does. */
void twin_time_passes(struct twin *t, acd_time now);
void twin_counting_begins(struct twin *t);
void twin_turn_interval(struct twin *t);

/* Something is counted in this interval; so it is when an agent came to do something else. */
void twin_counted(struct twin *t);

/* Adds to a sum of a queue, its interval's, and the same of the totals. */
#define TWIN_ADD(t, queue, sum, by)                                                                \
    do {                                                                                           \
        (queue)->sums.sum += (by);                                                                 \
        (queue)->interval.sums.sum += (by);                                                        \
        twin_counted(t);                                                                           \
        (t)->totals.sum += (by);                                                                   \
    } while (0)

void twin_note_agents(struct twin *t);

void twin_count_wait(struct twin *t, struct twin_queue *q, acd_span wait);
void twin_waited(struct twin *t, struct twin_queue *q, bool answered, acd_span wait);
void twin_interval_sums(const struct twin_sums *sums, struct acd_view_queue_interval *v);

/* ---- alerts: twin_alert.c ----------------------------------------------------------------- */

/* When an alert of a queue may have to change, and which; ACD_FOREVER: none. */
acd_time twin_alert_at(const struct twin *t, const struct twin_queue *q, uint8_t *alert);

/* It is raised, cleared, or still raised. */
void twin_alert(struct twin *t, struct twin_queue *q, uint8_t alert);

/* A visit of the queue was counted as answered or abandoned. */
void twin_alerts_counted(struct twin *t, struct twin_queue *q);

void say_config_committed(struct twin *t, const struct acd_command_config_commit *c);

/* ---- twin_turn.c: what happens by itself -------------------------------------------------- */

/* Offers whatever can be offered, and lets go of queues that are done. */
void twin_settle(struct twin *t);

/* Fires what is due, and settles each. */
void twin_fire(struct twin *t);

/* One slice of the first queue that is being removed and has calls queued or stranded; false when
 * there is none. */
bool twin_slice(struct twin *t);

/* ---- twin_sweep.c: gateways that are lost ------------------------------------------------- */

/* Hears the client whose command this is. False when it is lost. */
bool twin_hear(struct twin *t, struct twin_client *c, uint16_t command);

/* What a client's deadlines mean. */
void twin_fire_lease(struct twin *t, struct twin_client *c);
void twin_fire_grace(struct twin *t, struct twin_client *c);

/* One slice of a sweep, if there is one under way. */
bool twin_is_sweeping(const struct twin *t);
void twin_sweep(struct twin *t);

/* A ringing agent did not take the call: the offer ends, and too many in a row end the agent's
 * readiness. */
void twin_fail_offer(struct twin *t, struct twin_assignment *s, uint8_t result, bool told);

/* Takes back all that rings at an agent, the oldest first. */
void twin_rescind_all(struct twin *t, struct twin_agent *a);

/* ---- twin_do_call.c, twin_do_agent.c, twin_do_note.c, twin_do_config.c: the commands
 * ---------------------- */

/* Refuses the command at hand; `field` is the name of one of its fields, or NULL. */
void twin_refuse(struct twin *t, int error, const char *field);

/* Things a command refers to by id or name; NULL when it is refused. */
struct twin_agent *twin_asked_agent(struct twin *t, acd_agent_id id, struct acd_str name,
                                    const char *name_field);
struct twin_call *twin_asked_call(struct twin *t, acd_call_id id, struct acd_str key);
struct twin_queue *twin_asked_queue(struct twin *t, acd_queue_id id, struct acd_str name,
                                    const char *name_field);

/* Whether an enumeration has this value, or it is not given. */
bool twin_known(const struct acd_enum *e, uint8_t value);

/* A text as it is after a command gave `given`: "-" empties it, empty leaves it. */
struct acd_str twin_merged_text(struct acd_str old, struct acd_str given);

/* Fills the outcome of a route from where its call stands after settling. */
void twin_tell_route(struct twin *t);

/* The assignment asked for; NULL when it is refused. */
struct twin_assignment *twin_asked_offer(struct twin *t, acd_assignment_id id);

/* Fills the outcome with what an assignment is of. */
void twin_tell_assignment(struct twin *t, const struct twin_assignment *s);

void do_route(struct twin *t, const struct acd_command_route *c);
void do_accept(struct twin *t, const struct acd_command_accept *c);
void do_reject(struct twin *t, const struct acd_command_reject *c);
void do_hangup(struct twin *t, const struct acd_command_hangup *c);
void do_agent_state(struct twin *t, const struct acd_command_agent_state *c);
void do_wrap_up_finish(struct twin *t, const struct acd_command_wrap_up_finish *c);
void do_wrap_up_extend(struct twin *t, const struct acd_command_wrap_up_extend *c);
void do_call_exit(struct twin *t, const struct acd_command_call_exit *c);
void do_call_set(struct twin *t, const struct acd_command_call_set *c);
void do_wrap_up_code(struct twin *t, const struct acd_command_wrap_up_code *c);
/* Why a queue takes no more calls, or 0. */
uint8_t twin_refusal(const struct twin *t, const struct twin_queue *q);

/* When the wrap-up of a connected call that ends now is over; 0: none. */
acd_time twin_wrap_up_until(const struct twin *t, const struct twin_call *c);

/* The first calendar of a queue_set that is not there: its field, or NULL. */
const char *twin_missing_calendar(const struct twin *t, const struct acd_command_queue_set *c);

void do_transfer(struct twin *t, const struct acd_command_transfer *c);
void do_consult(struct twin *t, const struct acd_command_consult *c);
void do_consult_complete(struct twin *t, const struct acd_command_consult_complete *c);
void do_consult_end(struct twin *t, const struct acd_command_consult_end *c);
void do_consult_result(struct twin *t, const struct acd_command_consult_result *c);
void do_hold(struct twin *t, const struct acd_command_hold *c);
void do_retrieve(struct twin *t, const struct acd_command_retrieve *c);
void do_agent_set(struct twin *t, const struct acd_command_agent_set *c);
void do_agent_remove(struct twin *t, const struct acd_command_agent_remove *c);
void do_member_set(struct twin *t, const struct acd_command_member_set *c);
void do_member_remove(struct twin *t, const struct acd_command_member_remove *c);
void do_skill_set(struct twin *t, const struct acd_command_skill_set *c);
void do_skill_remove(struct twin *t, const struct acd_command_skill_remove *c);
void do_call_callback(struct twin *t, const struct acd_command_call_callback *c);
void do_callback_result(struct twin *t, const struct acd_command_callback_result *c);
void do_call_priority(struct twin *t, const struct acd_command_call_priority *c);
void do_queue_set(struct twin *t, const struct acd_command_queue_set *c);
void do_queue_remove(struct twin *t, const struct acd_command_queue_remove *c);
void do_number_set(struct twin *t, const struct acd_command_number_set *c);
void do_number_remove(struct twin *t, const struct acd_command_number_remove *c);
void do_calendar_set(struct twin *t, const struct acd_command_calendar_set *c);
void do_calendar_remove(struct twin *t, const struct acd_command_calendar_remove *c);
void do_calendar_time_set(struct twin *t, const struct acd_command_calendar_time_set *c);
void do_calendar_time_remove(struct twin *t, const struct acd_command_calendar_time_remove *c);
void do_agent_free(struct twin *t, const struct acd_command_agent_free *c);
void do_agent_drain(struct twin *t, const struct acd_command_agent_drain *c);
void do_queue_drain(struct twin *t, const struct acd_command_queue_drain *c);
void do_device_set(struct twin *t, const struct acd_command_device_set *c);
void do_outside_begin(struct twin *t, const struct acd_command_outside_begin *c);
void do_outside_end(struct twin *t, const struct acd_command_outside_end *c);
void do_call_assign(struct twin *t, const struct acd_command_call_assign *c);
void do_call_move(struct twin *t, const struct acd_command_call_move *c);
void do_client_open(struct twin *t, const struct acd_command_client_open *c);
void do_client_remove(struct twin *t, const struct acd_command_client_remove *c);
void do_outbox_ack(struct twin *t, const struct acd_command_outbox_ack *c);
void do_client_set(struct twin *t, const struct acd_command_client_set *c);
void do_heartbeat(struct twin *t, const struct acd_command_heartbeat *c);
void do_reconcile(struct twin *t, const struct acd_command_reconcile *c);
void do_reconcile_call(struct twin *t, const struct acd_command_reconcile_call *c);
void do_day_turn(struct twin *t, const struct acd_command_day_turn *c);
void do_config_commit(struct twin *t, const struct acd_command_config_commit *c);

#endif
