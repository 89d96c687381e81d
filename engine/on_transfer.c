#include "engine/channels.h"
#include "engine/decide.h"
#include "engine/overflow.h"

/* An agent passes its caller on.
 *
 * Happy path: the agent is done with the call and goes into its wrap-up; the visit it answered is
 * over, and a new one begins in the queue named, or in the same queue with an offer to the agent
 * named. To a number: the call is over for us, and its gateway carries it on.
 *
 * Failure modes: the queue refuses, or the agent cannot take a call now: nothing is changed, the
 * caller is still there. The agent asks somebody about the call, or its gateway is lost: STATE. The
 * agent named does not answer: the call rings at who passed it on, if that can take it, else it
 * waits. The call is over meanwhile: GONE, or LOST. */

uint32_t passing_on(struct acd_engine *e, acd_assignment_id id, const struct acd_record *record,
                    size_t offset)
{
    uint32_t slot = talking_alone(e, id, record, offset), gateway;

    if (slot == NONE)
        return NONE;
    gateway = e->calls[e->assignments[slot].call].gateway;
    if (gateway == NONE || !e->clients[gateway].lost)
        return slot;
    fault(e, record, offset, ACD_STATE);
    return NONE;
}

acd_time wrap_up_until(const struct acd_engine *e, uint32_t call)
{
    acd_span time = e->queues[e->calls[call].queue].set.wrap_up_time;

    return time == ACD_FOREVER ? ACD_FOREVER : time == 0 ? 0 : e->now + time;
}

/* States that a call goes on, for an agent or NONE, and whose it is after settling. */
static void transfer_state(struct acd_engine *e, uint32_t slot, uint32_t queue, uint32_t agent)
{
    const struct assignment *s = &e->assignments[slot];
    uint32_t call = s->call;
    bool told = asker_owns(e, call);
    uint32_t plan = plan_along(e, call, queue);

    if (!told)
        outbox_make_room(e, call);
    EMIT(e, call_transferred, .call = call_id(e, call), .assignment = assignment_id(e, slot),
         .agent = agent_id(e, s->agent), .from = queue_id(e, e->calls[call].queue),
         .to = queue_id(e, queue), .target = agent_id(e, agent), .until = wait_until(e, queue),
         .wrap_up_until = wrap_up_until(e, call), .told = told, .plan = plan,
         .step = plan_first_step(e, plan));
    e->asking.call = call;
    if (agent != NONE)
        offer_make(e, call, agent, told);
    settle(e);
    outcome_call(e, call);
}

static int transfer_to_queue(struct acd_engine *e, const struct acd_command_transfer *c,
                             uint32_t slot)
{
    struct acd_view_outcome *o = e->asking.outcome;
    uint32_t queue = REFERRED(e, queue, transfer, c, queue, queue_name);
    uint32_t call = e->assignments[slot].call;

    if (queue == NONE)
        return o->error;
    o->refusal = queue_refuses(&e->queues[queue]);
    if (o->refusal == 0) {
        transfer_state(e, slot, queue, NONE);
        return ACD_OK;
    }
    o->verdict = ACD_VERDICT_REFUSED;
    o->queue = queue_id(e, queue);
    EMIT(e, call_refused, .queue = o->queue, .gateway = client_id(e, e->calls[call].gateway),
         .key = call_key(&e->call_cards[call]), .refusal = o->refusal);
    return ACD_OK;
}

static int transfer_to_agent(struct acd_engine *e, const struct acd_command_transfer *c,
                             uint32_t slot)
{
    uint32_t agent = REFERRED(e, agent, transfer, c, agent, agent_name);

    if (agent == NONE)
        return e->asking.outcome->error;
    if (agent == e->assignments[slot].agent)
        return FAULT(e, transfer, agent_name, ACD_INVALID);
    if (!agent_is_available(e, agent) ||
        !agent_has_room(e, agent, e->queues[e->calls[e->assignments[slot].call].queue].set.channel))
        return FAULT(e, transfer, agent_name, ACD_STATE);
    transfer_state(e, slot, e->calls[e->assignments[slot].call].queue, agent);
    return ACD_OK;
}

void transfer_out(struct acd_engine *e, uint32_t slot, struct acd_str number)
{
    uint32_t call = e->assignments[slot].call;
    bool told = asker_owns(e, call);

    outcome_assignment(e, slot);
    if (!told)
        outbox_make_room(e, call);
    EMIT(e, call_ended, .call = call_id(e, call), .queue = queue_id(e, e->calls[call].queue),
         .disposition = ACD_ANSWERED, .side = ACD_SIDE_AGENT, .ended_at = e->now,
         .wrap_up_until = wrap_up_until(e, call), .told = told, .cause = ACD_CAUSE_TRANSFERRED,
         .overflow = ACD_OVERFLOW_NUMBER, .overflow_to = number);
}

int on_transfer(struct acd_engine *e, const struct acd_command_transfer *c)
{
    uint32_t slot = PASSING_ON(e, transfer, c);

    if (slot == NONE)
        return e->asking.outcome->error;
    if (c->queue.gen != 0 || c->queue.slot != 0 || c->queue_name.len > 0)
        return transfer_to_queue(e, c, slot);
    if (c->agent.gen != 0 || c->agent.slot != 0 || c->agent_name.len > 0)
        return transfer_to_agent(e, c, slot);
    if (c->number.len == 0)
        return FAULT(e, transfer, queue_name, ACD_MISSING);
    transfer_out(e, slot, c->number);
    return ACD_OK;
}
