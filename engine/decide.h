#ifndef ACD_DECIDE_H
#define ACD_DECIDE_H

#include "engine/apply.h"
#include "engine/names.h"
#include "engine/plans.h"

/* How much longer than in truth a call may count as having waited. */
#define HEAD_START_MAX ((acd_span)24 * 3600 * ACD_SECOND)

/* Deciding: commands and deadlines are checked, and what follows is emitted. A handler is two
 * parts: checks that may return an error, then events that cannot fail. docs/ROUTING.md has every
 * rule. */

/* One handler for each command, in on_*.c; what the reply tells goes to e->asking.outcome. Returns
 * 0, or the error of fault() with nothing changed. */
#define ACD_COMMAND(name, code, doc, fields)                                                       \
    int on_##name(struct acd_engine *e, const struct acd_command_##name *c);
#include "engine/commands.def"
#undef ACD_COMMAND

/* Names the field at fault in the outcome; returns the error. */
#define FAULT(e, command, field, error)                                                            \
    fault((e), &acd_record_command_##command, offsetof(struct acd_command_##command, field),       \
          (error))
int fault(struct acd_engine *e, const struct acd_record *record, size_t offset, int error);

/* A thing referred to by id, or by name where the id is zero. Returns its slot, or NONE with the
 * fault told: NOT_FOUND at the one given, or MISSING at the name; e->asking.outcome->error holds
 * it. */
#define REFERRED(e, kind, command, c, id, name)                                                    \
    kind##_referred((e), (c)->id, (c)->name, &acd_record_command_##command,                        \
                    offsetof(struct acd_command_##command, id),                                    \
                    offsetof(struct acd_command_##command, name))
uint32_t agent_referred(struct acd_engine *e, acd_agent_id id, struct acd_str name,
                        const struct acd_record *record, size_t id_at, size_t name_at);
uint32_t queue_referred(struct acd_engine *e, acd_queue_id id, struct acd_str name,
                        const struct acd_record *record, size_t id_at, size_t name_at);

/* A live call referred to by id, or by the asking gateway's key where the id is zero. Returns NONE
 * with the fault told: GONE at the id, or at a key remembered as ended, NOT_FOUND at another, or
 * MISSING. */
#define REFERRED_CALL(e, command, c)                                                               \
    call_referred((e), (c)->call, (c)->key, &acd_record_command_##command,                         \
                  offsetof(struct acd_command_##command, call),                                    \
                  offsetof(struct acd_command_##command, key))
uint32_t call_referred(struct acd_engine *e, acd_call_id id, struct acd_str key,
                       const struct acd_record *record, size_t id_at, size_t key_at);
/* The assignment of an id, or NONE with the fault told: MISSING when none is given, LOST when it is
 * over. */
uint32_t assignment_referred(struct acd_engine *e, acd_assignment_id id,
                             const struct acd_record *record, size_t offset);

/* The same of one that talks with its caller, or has it on hold; else STATE, in wrap-up GONE. */
uint32_t talking(struct acd_engine *e, acd_assignment_id id, const struct acd_record *record,
                 size_t offset);

/* The same of one that asks nobody about its call; else STATE. */
uint32_t talking_alone(struct acd_engine *e, acd_assignment_id id, const struct acd_record *record,
                       size_t offset);

/* The same of one that may pass its caller on: its gateway, which is to ring another phone, is
 * there; else STATE. */
#define PASSING_ON(e, command, c)                                                                  \
    passing_on((e), (c)->assignment, &acd_record_command_##command,                                \
               offsetof(struct acd_command_##command, assignment))
uint32_t passing_on(struct acd_engine *e, acd_assignment_id id, const struct acd_record *record,
                    size_t offset);

/* States that an agent holds its caller, or talks with it again. */
void call_hold_set(struct acd_engine *e, uint32_t slot, bool held);

/* When the wrap-up after a connected call that ends now is over; 0: there is none. */
acd_time wrap_up_until(const struct acd_engine *e, uint32_t call);

/* Who is consulted has answered. */
COLD void consult_answer(struct acd_engine *e, uint32_t assignment);

/* Ends the consultation about a call, as an offer ends by `result`; the caller stays on hold. */
COLD void consult_over(struct acd_engine *e, uint32_t call, uint8_t result, bool told);

/* Whether who is consulted about a call has answered. */
static inline bool consult_is_answered(const struct acd_engine *e, uint32_t call)
{
    uint32_t slot = call_consultation(e, call);

    if (e->calls[call].asks_out)
        return !call_consultation_rings(e, call);
    return slot != NONE && e->assignments[slot].role == ACD_ROLE_CONSULTED;
}

/* Gives a call to who was consulted about it, and has answered. */
COLD void consult_hand_over(struct acd_engine *e, uint32_t call);

/* The first assignment of a call whose agent asks somebody, or NONE with the fault told. */
uint32_t consulting(struct acd_engine *e, acd_assignment_id id, const struct acd_record *record,
                    size_t offset);

/* The same three of a number: it is asked; it is asked no more, by this enum acd_dial_result, 0
 * when it is let go; and it gets the call. */
int consult_number(struct acd_engine *e, uint32_t slot, struct acd_str number);
COLD void consult_number_over(struct acd_engine *e, uint32_t call, uint8_t result, bool told);
COLD void consult_number_hand_over(struct acd_engine *e, uint32_t call);

/* A connected call goes out of the centre, to a number. */
void transfer_out(struct acd_engine *e, uint32_t slot, struct acd_str number);

/* Whether an enumeration's value is one of its own; 0 counts only when `optional`. */
bool enum_knows(const struct acd_enum *e, uint8_t value, bool optional);

/* A gateway's own time, held within [from, now]; 0 counts as now. */
acd_time clamp_time(const struct acd_engine *e, acd_time at, acd_time from);

/* A text as it is after a command gave one: "-" clears it, nothing leaves it. */
struct acd_str merge_text(struct acd_str given, struct acd_str old);

/* The asker as an owner of calls: ACD_NOBODY when it is an operator or nobody. */
static inline acd_client_id asker_gateway(const struct acd_engine *e)
{
    uint32_t slot = e->asking.slot;

    return slot == NONE || e->clients[slot].kind != ACD_GATEWAY ? ACD_NOBODY : e->asking.client;
}

/* Whether the asker is the gateway of a call, so that the reply tells it and no notice need. */
static inline bool asker_owns(const struct acd_engine *e, uint32_t call)
{
    return e->asking.slot != NONE && e->calls[call].gateway == e->asking.slot;
}

/* States that an outbox is full before an event about `call` would overflow it. To be called before
 * any event about the call that is not told. */
void outbox_make_room(struct acd_engine *e, uint32_t call);
void outbox_of_make_room(struct acd_engine *e, uint32_t gateway);

/* Ends an offer without an answer, and what follows from that for the agent. */
void offer_end(struct acd_engine *e, uint32_t assignment, uint8_t result, bool told);

/* The same, of an offer that was not taken while its caller is there: one that was transferred to
 * an agent goes back to who passed it on. */
void offer_fail(struct acd_engine *e, uint32_t assignment, uint8_t result, bool told);

/* Rescinds all offers of an agent, oldest assignment first. */
void offers_rescind(struct acd_engine *e, uint32_t agent);

/* The id of an assignment in this slot that the next event makes. */
static inline acd_assignment_id assignment_next(const struct acd_engine *e, uint32_t slot)
{
    uint32_t gen = (uint32_t)(e->sequence + 1);

    return (acd_assignment_id){slot, gen == 0 ? 1 : gen};
}

/* Whether a call waits or rings. */
static inline bool call_is_in_line(const struct acd_engine *e, uint32_t call)
{
    return e->calls[call].state == ACD_QUEUED || e->calls[call].state == ACD_OFFERED;
}

/* Whether it may be sent elsewhere: one that is stranded may, too. */
static inline bool call_may_leave(const struct acd_engine *e, uint32_t call)
{
    return call_is_in_line(e, call) || e->calls[call].state == ACD_STRANDED;
}

/* Lets a queued call ring at an agent that has room for it. */
void offer_make(struct acd_engine *e, uint32_t call, uint32_t agent, bool told);

/* Moves a queued call on to another queue; `by`: who asked, or ACD_NOBODY; `cause`: the rule, or 0.
 */
void call_go(struct acd_engine *e, uint32_t call, uint32_t target, acd_client_id by, uint8_t cause);

/* A queued call goes on to a later step of its plan, or from the agent for whom it was kept. */
void call_go_on(struct acd_engine *e, uint32_t call);

/* Whether a call of a route that follows this plan (0: none) may be kept for an agent in a queue:
 * the agent is there, and there is room. Closes unused plans for it. */
bool call_may_be_kept(struct acd_engine *e, uint32_t queue, uint32_t agent, uint32_t plan);

/* Ends a queued or connected call. `ended_at` is clamped already. */
void call_end(struct acd_engine *e, uint32_t call, uint8_t disposition, uint8_t side,
              acd_time ended_at, bool told);

/* Why no call may move from one queue to another: the error, or 0. */
static inline int move_refused(const struct acd_engine *e, uint32_t from, uint32_t to)
{
    if (from == to)
        return ACD_INVALID;
    return queue_sends_away(e, to) ? ACD_STATE : ACD_OK;
}
/* The number of the plan of a call that brings `text` into a queue, "" being what the queue has for
 * such, "-" none. It is opened if need be, and at most `closable` unused ones closed for it; 0 when
 * it is as good as none. Errors, with no fault told: INVALID, FULL. */
int plan_of_call(struct acd_engine *e, uint32_t queue, struct acd_str text, uint32_t closable,
                 uint32_t *number);

/* The same of a call that goes on to a queue: without room any member may take it. */
uint32_t plan_along(struct acd_engine *e, uint32_t call, uint32_t queue);

enum { PLANS_CLOSABLE = 64 }; /* for the sake of one command */

/* The step at which a call begins to follow a plan by its number; 0: none. */
static inline uint8_t plan_first_step(const struct acd_engine *e, uint32_t number)
{
    return number == 0 ? 0 : plan_step_from(e, number - 1, 0);
}

/* Whether an agent may have the seats that it gets with a skill or a membership: `given` and
 * `queue` may be NULL and NONE. Closes unused plans for it. */
bool agent_seats_fit(struct acd_engine *e, uint32_t agent, const struct talent *given,
                     uint32_t queue, uint8_t level);

/* When a call that enters a queue now has waited too long; 0: never. */
acd_time wait_until(const struct acd_engine *e, uint32_t queue);

/* The earlier of two such times. */
static inline acd_time wait_earlier(acd_time a, acd_time b)
{
    return b == 0 || (a != 0 && a < b) ? a : b;
}

/* The same of a call that is there: a callback waits until it expires, another one no longer than
 * it was given on its way. */
static inline acd_time call_wait_until(const struct acd_engine *e, uint32_t call, uint32_t queue)
{
    if (e->calls[call].callback)
        return e->callbacks[call].expires;
    return wait_earlier(wait_until(e, queue),
                        e->calls[call].hurries ? e->call_turns[call].own_until : 0);
}

/* Fills in the outcome what an offer tells: assignment, agent and how to ring it. */
void outcome_offer(struct acd_engine *e, uint32_t assignment);

/* Fills in the outcome where a call stands now. */
void outcome_call(struct acd_engine *e, uint32_t call);

/* Fills in the outcome whose assignment it is, of which call and queue. */
void outcome_assignment(struct acd_engine *e, uint32_t slot);

/* Gives every fresh agent and call what there is for it, and lets removed queues go. */
void settle_fresh(struct acd_engine *e);

static inline void settle(struct acd_engine *e)
{
    if (e->fresh_agents.count + e->fresh_calls.count + e->removing.count > 0)
        settle_fresh(e);
}

/* Fires what is due, up to the frame's bound. */
void deadlines_due(struct acd_engine *e);

static inline void deadlines_fire(struct acd_engine *e)
{
    if (e->now >= e->quiet_until)
        deadlines_due(e);
}

/* When the earliest deadline is, or ACD_FOREVER. */
acd_time deadlines_next(const struct acd_engine *e);

/* Takes one slice of work that was decided before: of the callers of a queue that is removed,
 * drained or left, if any wait; else of calls whose step is passed over; else of a sweep over a
 * gateway's calls. */
void work_slice(struct acd_engine *e);

#endif
