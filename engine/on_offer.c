#include "engine/alerts.h"
#include "engine/callbacks.h"
#include "engine/channels.h"
#include "engine/decide.h"
#include "engine/overflow.h"
#include "engine/ring.h"

/* What becomes of an offer.
 *
 * Happy path: the agent answers before the lease runs out, and the call is connected; the customer
 * of a callback is dialled first.
 *
 * Failure modes: the agent declines, is busy or does not answer: the call goes back to its place
 * and is settled again, the agent is kept from offers for the queue's delay, and too many
 * unanswered ones in a row make it not ready. Whoever answers too late gets LOST: the offer is
 * over, and its gateway was told so. An answer told twice is the same answer. Of several at whom a
 * call rings the first to answer has it; the offers of the others are over in the same commit. */

/* The assignment an accept or a reject is about, or NONE with the fault told. */
#define OFFERED(e, command, c)                                                                     \
    assignment_referred((e), (c)->assignment, &acd_record_command_##command,                       \
                        offsetof(struct acd_command_##command, assignment))

uint32_t assignment_referred(struct acd_engine *e, acd_assignment_id id,
                             const struct acd_record *record, size_t offset)
{
    uint32_t slot = assignment_at(e, id);

    if (slot == NONE)
        fault(e, record, offset, id.gen == 0 && id.slot == 0 ? ACD_MISSING : ACD_LOST);
    return slot;
}

void outcome_assignment(struct acd_engine *e, uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];

    e->asking.outcome->call = call_id(e, s->call);
    e->asking.outcome->assignment = assignment_id(e, slot);
    e->asking.outcome->agent = agent_id(e, s->agent);
    e->asking.outcome->queue = s->queue;
}

/* Who rings too is told that the call is answered. */
static COLD void others_end(struct acd_engine *e, uint32_t winner)
{
    uint32_t slot = e->calls[e->assignments[winner].call].assignment;

    while (slot != NONE) {
        uint32_t next = call_assignment_after(e, slot);

        if (slot != winner)
            offer_end(e, slot, ACD_OFFER_ANSWERED_ELSEWHERE, false);
        slot = next;
    }
}

/* Of a callback: its customer is to be dialled. */
static COLD void accept_callback(struct acd_engine *e, uint32_t slot)
{
    if (e->assignments[slot].role == ACD_ROLE_OFFERED)
        callback_dial(e, slot);
    if (e->assignments[slot].role != ACD_ROLE_DIALING)
        return;
    e->asking.outcome->verdict = ACD_VERDICT_DIAL;
    e->asking.outcome->until = e->assignments[slot].until;
}

static inline void offer_answered(struct acd_engine *e, uint32_t slot, acd_time happened_at)
{
    const struct assignment *s = &e->assignments[slot];

    EMIT(e, call_connected, .call = call_id(e, s->call), .assignment = assignment_id(e, slot),
         .agent = agent_id(e, s->agent), .answered_at = clamp_time(e, happened_at, s->since));
    alerts_counted(e, e->calls[s->call].queue);
}

HOT int on_accept(struct acd_engine *e, const struct acd_command_accept *c)
{
    uint32_t slot = OFFERED(e, accept, c);
    const struct assignment *s = &e->assignments[slot == NONE ? 0 : slot];

    if (slot == NONE)
        return e->asking.outcome->error;
    if (s->call == NONE)
        return FAULT(e, accept, assignment, ACD_GONE);

    outcome_assignment(e, slot);
    e->asking.outcome->repeated = s->role != ACD_ROLE_OFFERED;
    if (s->role == ACD_ROLE_OFFERED && e->calls[s->call].ring != RING_NOT)
        others_end(e, slot);
    if (s->role == ACD_ROLE_OFFERED && e->calls[s->call].state == ACD_CONNECTED)
        consult_answer(e, slot);
    else if (e->calls[s->call].callback)
        accept_callback(e, slot);
    else if (s->role == ACD_ROLE_OFFERED)
        offer_answered(e, slot, c->happened_at);
    return ACD_OK;
}

int on_reject(struct acd_engine *e, const struct acd_command_reject *c)
{
    uint8_t result = c->result == 0 ? ACD_OFFER_REJECTED : c->result;
    uint32_t slot = OFFERED(e, reject, c);

    if (slot == NONE)
        return e->asking.outcome->error;
    if (e->assignments[slot].role != ACD_ROLE_OFFERED)
        return FAULT(e, reject, assignment, ACD_STATE);
    if (result != ACD_OFFER_REJECTED && result != ACD_OFFER_BUSY && result != ACD_OFFER_NO_ANSWER)
        return FAULT(e, reject, result, ACD_INVALID);

    outcome_assignment(e, slot);
    offer_fail(e, slot, result, asker_owns(e, e->assignments[slot].call));
    return ACD_OK;
}

static acd_span delay_of(const struct queue *q, uint8_t result)
{
    switch (result) {
    case ACD_OFFER_REJECTED: return q->set.reject_delay;
    case ACD_OFFER_BUSY: return q->set.busy_delay;
    case ACD_OFFER_NO_ANSWER: return q->set.no_answer_delay;
    default: return 0;
    }
}

/* The agent for whom a call was kept has not taken it: others may. */
static COLD void kept_offer_ended(struct acd_engine *e, uint32_t call, uint32_t agent,
                                  uint8_t result)
{
    bool declined =
        result == ACD_OFFER_REJECTED || result == ACD_OFFER_BUSY || result == ACD_OFFER_NO_ANSWER;

    if (declined && e->calls[call].state == ACD_QUEUED &&
        agent_at(e, e->call_turns[call].prefer) == agent)
        call_go_on(e, call);
}

void offer_end(struct acd_engine *e, uint32_t assignment, uint8_t result, bool told)
{
    const struct assignment *s = &e->assignments[assignment];
    const struct queue *q = &e->queues[e->calls[s->call].queue];
    uint32_t agent = s->agent, call = s->call;
    acd_span delay = delay_of(q, result);

    if (!told)
        outbox_make_room(e, s->call);
    EMIT(e, offer_ended, .call = call_id(e, s->call), .assignment = assignment_id(e, assignment),
         .agent = agent_id(e, agent), .result = result,
         .delay_until = delay == 0 ? 0 : e->now + delay, .told = told);
    if (e->calls[call].kept)
        kept_offer_ended(e, call, agent, result);
    if (result != ACD_OFFER_NO_ANSWER || q->set.max_no_answer == 0 ||
        e->agents[agent].no_answers < q->set.max_no_answer || e->agents[agent].state != ACD_READY)
        return;
    EMIT(e, agent_state, .agent = agent_id(e, agent), .state = ACD_NOT_READY,
         .reason = q->set.no_answer_reason);
    offers_rescind(e, agent);
}

/* What fell due for a call while it rang comes before it is offered anew: an agent who is alone and
 * answers nothing would else have it for ever. */
static void call_catch_up(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    if (c->state == ACD_QUEUED && c->ring == RING_NOT && c->until != 0 && c->until <= e->now) {
        call_time_out(e, call);
        return;
    }
    while (c->state == ACD_QUEUED && order_has(STEPS(e), call) &&
           step_key(e, call).hi <= (uint64_t)e->now)
        call_go_on(e, call);
}

void offer_fail(struct acd_engine *e, uint32_t assignment, uint8_t result, bool told)
{
    uint32_t call = e->assignments[assignment].call, agent;
    bool recalls = e->calls[call].carded && e->call_cards[call].recall.gen != 0;
    acd_agent_id back = e->call_cards[call].recall;

    offer_end(e, assignment, result, told);
    agent = recalls && e->calls[call].state == ACD_QUEUED ? agent_at(e, back) : NONE;
    if (agent != NONE && agent_is_available(e, agent) &&
        agent_has_room(e, agent, e->queues[e->calls[call].queue].set.channel))
        offer_make(e, call, agent, false);
    else if (result != ACD_OFFER_RESCINDED)
        call_catch_up(e, call);
}

void offers_rescind(struct acd_engine *e, uint32_t agent)
{
    uint32_t slot = e->agents[agent].assignments;

    while (slot != LIST_NONE) {
        uint32_t next = e->assignments[slot].next;

        if (e->assignments[slot].role == ACD_ROLE_OFFERED)
            offer_fail(e, slot, ACD_OFFER_RESCINDED, false);
        slot = next;
    }
}
