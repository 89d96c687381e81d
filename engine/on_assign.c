#include "engine/channels.h"
#include "engine/decide.h"
#include "engine/lines.h"

/* A chosen waiting call for a chosen agent: a supervisor assigns it, or the agent's own desk pulls
 * it.
 *
 * Happy path: what of the call rings elsewhere is taken back, and it rings at the agent, under the
 * same lease as any offer: it is answered, rejected or runs out as any other.
 *
 * The order of calls and agents is set aside, and so are membership, delay, not_ready and a device
 * in use; the event says so. Failure modes: an agent that is logged out, inactive, not to be
 * reached or has all it can have: STATE. Nothing is ever beyond capacity. A call that talks
 * already: STATE. */

/* The call's offer at an agent, or NONE. */
static uint32_t offer_at(const struct acd_engine *e, uint32_t call, uint32_t agent)
{
    uint32_t slot = e->calls[call].assignment;

    while (slot != NONE && e->assignments[slot].agent != agent)
        slot = call_assignment_after(e, slot);
    return slot;
}

/* Whether the agent could take one more call, if somebody says so. */
static bool may_be_given(const struct acd_engine *e, uint32_t call, uint32_t agent)
{
    const struct agent *a = &e->agents[agent];

    return agent_has_room(e, agent, e->queues[e->calls[call].queue].set.channel) &&
           e->agent_cards[agent].device != ACD_DEVICE_UNREACHABLE && a->active &&
           a->state != ACD_LOGGED_OUT && agent_load(a) < a->capacity;
}

static void assign(struct acd_engine *e, uint32_t call, uint32_t agent)
{
    const struct call *c = &e->calls[call];
    const struct agent *a = &e->agents[agent];

    while (c->assignment != NONE)
        offer_end(e, c->assignment, ACD_OFFER_RESCINDED, false);
    EMIT(e, call_assigned, .call = call_id(e, call), .agent = agent_id(e, agent),
         .by = e->asking.client, .passed = queue_rank(e, call),
         .not_member = membership_find(e, agent, c->queue) == NONE,
         .not_ready = a->state != ACD_READY, .delayed = agent_is_delayed(a),
         .in_use = (a->kept & KEPT_DEVICE) != 0);
    offer_make(e, call, agent, asker_owns(e, call));
}

int on_call_assign(struct acd_engine *e, const struct acd_command_call_assign *c)
{
    struct acd_view_outcome *o = e->asking.outcome;
    uint32_t call, agent;

    call = REFERRED_CALL(e, call_assign, c);
    if (call == NONE)
        return o->error;
    if (!call_is_in_line(e, call))
        return FAULT(e, call_assign, call, ACD_STATE);
    agent = REFERRED(e, agent, call_assign, c, agent, name);
    if (agent == NONE)
        return o->error;
    o->repeated = offer_at(e, call, agent) != NONE;
    if (!o->repeated && !may_be_given(e, call, agent))
        return FAULT(e, call_assign, name, ACD_STATE);

    if (!o->repeated)
        assign(e, call, agent);
    o->verdict = ACD_VERDICT_OFFERED;
    o->call = call_id(e, call);
    o->queue = queue_id(e, e->calls[call].queue);
    outcome_offer(e, offer_at(e, call, agent));
    return ACD_OK;
}
