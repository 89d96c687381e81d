#include "engine/decide.h"

/* What an agent says of itself, and the work after its calls.
 *
 * Happy path: the agent becomes ready, or is done with its wrap-up, and settling gives it the best
 * call that waits in any of its queues, in the same turn.
 *
 * Failure modes: it leaves while calls ring: they are taken back, go to their places and are
 * settled again. It logs out while it talks or wraps up: STATE, nothing changed. */

/* Which states an agent may go to while it talks or wraps up, by the state it is in. Without such
 * work every move is legal. */
static const uint8_t may_go_at_work[] = {
    [ACD_LOGGED_OUT] = 0,
    [ACD_NOT_READY] = 1 << ACD_NOT_READY | 1 << ACD_READY,
    [ACD_READY] = 1 << ACD_NOT_READY | 1 << ACD_READY,
};

int on_agent_state(struct acd_engine *e, const struct acd_command_agent_state *c)
{
    uint32_t slot = REFERRED(e, agent, agent_state, c, agent, name);
    const struct agent *a = &e->agents[slot == NONE ? 0 : slot];
    uint16_t reason = c->state == ACD_NOT_READY ? c->reason : 0;

    if (slot == NONE)
        return e->asking.outcome->error;
    if (!enum_knows(&acd_enum_agent_state, c->state, false))
        return FAULT(e, agent_state, state, c->state == 0 ? ACD_MISSING : ACD_INVALID);
    if (a->connected + a->wrap_up > 0 && (may_go_at_work[a->state] & 1 << c->state) == 0)
        return FAULT(e, agent_state, state, ACD_STATE);

    e->asking.outcome->agent = agent_id(e, slot);
    if (a->state == c->state && a->reason == reason && a->drain == 0)
        return ACD_OK;
    EMIT(e, agent_state, .agent = agent_id(e, slot), .state = c->state, .reason = reason);
    if (c->state != ACD_READY)
        offers_rescind(e, slot);
    return ACD_OK;
}

static void wrap_up_finish(struct acd_engine *e, uint32_t slot)
{
    EMIT(e, wrap_up_ended, .agent = agent_id(e, e->assignments[slot].agent),
         .assignment = assignment_id(e, slot));
}

static int wrap_up_finish_all(struct acd_engine *e, const struct acd_command_wrap_up_finish *c)
{
    uint32_t agent = REFERRED(e, agent, wrap_up_finish, c, agent, name);

    if (agent == NONE)
        return e->asking.outcome->error;
    if (e->agents[agent].wrap_up == 0)
        return FAULT(e, wrap_up_finish, name, ACD_STATE);
    e->asking.outcome->agent = agent_id(e, agent);
    for (uint32_t slot = e->agents[agent].assignments; slot != LIST_NONE;) {
        uint32_t next = e->assignments[slot].next;

        if (e->assignments[slot].role == ACD_ROLE_WRAP_UP)
            wrap_up_finish(e, slot);
        slot = next;
    }
    return ACD_OK;
}

int on_wrap_up_finish(struct acd_engine *e, const struct acd_command_wrap_up_finish *c)
{
    uint32_t slot = assignment_at(e, c->assignment);

    if (c->assignment.gen == 0 && c->assignment.slot == 0)
        return wrap_up_finish_all(e, c);
    if (slot == NONE)
        return FAULT(e, wrap_up_finish, assignment, ACD_LOST);
    if (e->assignments[slot].role != ACD_ROLE_WRAP_UP)
        return FAULT(e, wrap_up_finish, assignment, ACD_STATE);

    e->asking.outcome->agent = agent_id(e, e->assignments[slot].agent);
    wrap_up_finish(e, slot);
    return ACD_OK;
}

static void wrap_up_extend(struct acd_engine *e, uint32_t slot, acd_span by)
{
    const struct assignment *s = &e->assignments[slot];
    acd_time until = by < 0 || s->until == ACD_FOREVER ? ACD_FOREVER : s->until + by;

    EMIT(e, wrap_up_extended, .agent = agent_id(e, s->agent), .assignment = assignment_id(e, slot),
         .until = until);
}

static int wrap_up_extend_all(struct acd_engine *e, const struct acd_command_wrap_up_extend *c)
{
    uint32_t agent = REFERRED(e, agent, wrap_up_extend, c, agent, name);

    if (agent == NONE)
        return e->asking.outcome->error;
    if (e->agents[agent].wrap_up == 0)
        return FAULT(e, wrap_up_extend, name, ACD_STATE);
    e->asking.outcome->agent = agent_id(e, agent);
    for (uint32_t slot = e->agents[agent].assignments; slot != LIST_NONE;
         slot = e->assignments[slot].next)
        if (e->assignments[slot].role == ACD_ROLE_WRAP_UP)
            wrap_up_extend(e, slot, c->by);
    return ACD_OK;
}

int on_wrap_up_extend(struct acd_engine *e, const struct acd_command_wrap_up_extend *c)
{
    uint32_t slot = assignment_at(e, c->assignment);

    if (c->by == 0)
        return FAULT(e, wrap_up_extend, by, ACD_MISSING);
    if (c->by < -1 || c->by > 24 * 3600 * ACD_SECOND)
        return FAULT(e, wrap_up_extend, by, ACD_INVALID);
    if (c->assignment.gen == 0 && c->assignment.slot == 0)
        return wrap_up_extend_all(e, c);
    if (slot == NONE)
        return FAULT(e, wrap_up_extend, assignment, ACD_LOST);
    if (e->assignments[slot].role != ACD_ROLE_WRAP_UP)
        return FAULT(e, wrap_up_extend, assignment, ACD_STATE);

    e->asking.outcome->agent = agent_id(e, e->assignments[slot].agent);
    wrap_up_extend(e, slot, c->by);
    return ACD_OK;
}
