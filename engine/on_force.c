#include "engine/callbacks.h"
#include "engine/decide.h"

/* An agent is set right by force, or sent home.
 *
 * Happy path: agent_free ends all that an agent has, in one commit, and leaves it in the state
 * asked for, with nothing that keeps it from calls. agent_drain lets it finish what it has, gives
 * it no more, and states by itself when it is done.
 *
 * Failure modes: what a gateway believes of a call ended by force is put right by its outbox, as
 * with any end that it did not ask for. A drained agent whose work never ends is still draining,
 * and every command about it still counts: agent_free is the way out. */

/* Ends a connected call; its agent has no wrap-up. */
static void call_cut(struct acd_engine *e, uint32_t call)
{
    if (call_is_asked_about(e, call))
        consult_over(e, call, ACD_OFFER_RESCINDED, false);
    outbox_make_room(e, call);
    EMIT(e, call_ended, .call = call_id(e, call), .queue = queue_id(e, e->calls[call].queue),
         .disposition = ACD_ANSWERED, .side = ACD_SIDE_SYSTEM, .ended_at = e->now);
}

static void work_end(struct acd_engine *e, uint32_t slot)
{
    const struct assignment *s = &e->assignments[slot];

    switch (s->role) {
    case ACD_ROLE_OFFERED: offer_end(e, slot, ACD_OFFER_RESCINDED, false); break;
    case ACD_ROLE_OUTSIDE:
        EMIT(e, outside_ended, .agent = agent_id(e, s->agent), .assignment = assignment_id(e, slot),
             .by = e->asking.client);
        break;
    case ACD_ROLE_CONNECTED:
    case ACD_ROLE_HELD: call_cut(e, s->call); break;
    case ACD_ROLE_DIALING: callback_fail(e, slot, ACD_DIAL_FAILED, false); break;
    case ACD_ROLE_CONSULTED: consult_over(e, s->call, ACD_OFFER_RESCINDED, false); break;
    default:
        EMIT(e, wrap_up_ended, .agent = agent_id(e, s->agent),
             .assignment = assignment_id(e, slot));
        break;
    }
}

int on_agent_free(struct acd_engine *e, const struct acd_command_agent_free *c)
{
    uint8_t state = c->state == 0 ? ACD_READY : c->state;
    uint32_t slot = REFERRED(e, agent, agent_free, c, agent, name);

    if (slot == NONE)
        return e->asking.outcome->error;
    if (!enum_knows(&acd_enum_agent_state, state, false))
        return FAULT(e, agent_free, state, ACD_INVALID);

    e->asking.outcome->agent = agent_id(e, slot);
    EMIT(e, agent_freed, .agent = agent_id(e, slot), .by = e->asking.client);
    while (e->agents[slot].assignments != LIST_NONE)
        work_end(e, e->agents[slot].assignments);
    EMIT(e, agent_state, .agent = agent_id(e, slot), .state = state,
         .reason = state == ACD_NOT_READY ? c->reason : 0);
    return ACD_OK;
}

int on_agent_drain(struct acd_engine *e, const struct acd_command_agent_drain *c)
{
    uint8_t state = c->state == 0 ? ACD_LOGGED_OUT : c->state;
    uint32_t slot = REFERRED(e, agent, agent_drain, c, agent, name);
    const struct agent *a = &e->agents[slot == NONE ? 0 : slot];
    bool works = agent_load(a) > 0 && a->state != ACD_LOGGED_OUT;
    uint16_t reason = works || state == ACD_NOT_READY ? c->reason : 0;

    if (slot == NONE)
        return e->asking.outcome->error;
    if (state != ACD_LOGGED_OUT && state != ACD_NOT_READY)
        return FAULT(e, agent_drain, state, ACD_INVALID);

    e->asking.outcome->agent = agent_id(e, slot);
    if (works)
        EMIT(e, agent_draining, .agent = agent_id(e, slot), .state = state, .reason = reason,
             .by = e->asking.client);
    else if (a->state != state || a->reason != reason)
        EMIT(e, agent_state, .agent = agent_id(e, slot), .state = state, .reason = reason);
    return ACD_OK;
}
