#include "engine/alerts.h"
#include "engine/channels.h"
#include "engine/decide.h"
#include "engine/lines.h"
#include "engine/outbox.h"
#include "engine/ready.h"

/* An agent asks another before it passes its caller on; a number: on_consult_number.c.
 *
 * Happy path: the caller is on hold, it rings at the agent who is asked, under the same lease as
 * any offer; they talk; then the agent who asked is done with the call and goes into its wrap-up,
 * and the other has the caller: one visit is over, and the next is answered as it begins.
 *
 * Failure modes: nobody of the queue is free: refused as no_agents, the caller stays. Who is asked
 * does not take it, or hangs up: the caller is on hold, and who asked may ask again. Who asked
 * wants its caller back: what rings is taken back, or the other let go. The caller hangs up, or a
 * supervisor ends the call: the consultation ends first. Who asked hangs up: as if it had completed
 * if it was answered, else the call is over. The call's gateway is lost: nobody can be asked, and
 * what rings is taken back. */

/* ---- asking --------------------------------------------------------------------------------- */

/* States that an agent asks another: the one given, or the first of a line. */
static int consult_state(struct acd_engine *e, uint32_t slot, uint32_t line, uint32_t asked)
{
    uint32_t call = e->assignments[slot].call, made, queue = e->lines[line].queue;
    bool told = asker_owns(e, call), first = asked == NONE;

    if (e->assignments[slot].role != ACD_ROLE_HELD)
        call_hold_set(e, slot, true);
    EMIT(e, consult_begun, .call = call_id(e, call), .assignment = assignment_id(e, slot),
         .agent = agent_id(e, e->assignments[slot].agent));
    if (first)
        asked = e->seats[ready_first(e, line, NONE)].agent;
    if (!told)
        outbox_make_room(e, call);
    if (first && strategy_draws(e->lines[line].ready.strategy))
        EMIT(e, random_drawn, .state = chance_next(e->random));
    made = slots_lowest(&e->assignment_slots);
    EMIT(e, consult_offered, .call = call_id(e, call), .assignment = assignment_next(e, made),
         .agent = agent_id(e, asked), .queue = queue_id(e, queue),
         .until = e->now + e->queues[e->calls[call].queue].set.ring_timeout, .told = told);
    e->asking.outcome->verdict = ACD_VERDICT_OFFERED;
    outcome_assignment(e, made);
    outcome_offer(e, made);
    return ACD_OK;
}

/* Whether somebody else than this agent is available in a line. */
static bool line_has_another(const struct acd_engine *e, uint32_t line, uint32_t agent)
{
    return ready_has_another(e, line, membership_find(e, agent, e->lines[line].queue));
}

static int consult_queue(struct acd_engine *e, const struct acd_command_consult *c, uint32_t slot)
{
    struct acd_view_outcome *o = e->asking.outcome;
    uint32_t queue = REFERRED(e, queue, consult, c, queue, queue_name), line = queue, plan;

    if (queue == NONE)
        return o->error;
    if (queue_sends_away(e, queue))
        return FAULT(e, consult, queue_name, ACD_STATE);
    plan = plan_along(e, e->assignments[slot].call, queue);
    if (plan != 0)
        line = e->plans[plan - 1].lines[plan_first_step(e, plan)];
    if (line_has_another(e, line, e->assignments[slot].agent))
        return consult_state(e, slot, line, NONE);
    o->verdict = ACD_VERDICT_REFUSED;
    o->refusal = ACD_REFUSED_NO_AGENTS;
    o->queue = queue_id(e, queue);
    return ACD_OK;
}

static int consult_agent(struct acd_engine *e, const struct acd_command_consult *c, uint32_t slot)
{
    uint32_t agent = REFERRED(e, agent, consult, c, agent, agent_name);
    uint32_t queue = e->calls[e->assignments[slot].call].queue;

    if (agent == NONE)
        return e->asking.outcome->error;
    if (agent == e->assignments[slot].agent)
        return FAULT(e, consult, agent_name, ACD_INVALID);
    if (!agent_is_available(e, agent) || !agent_has_room(e, agent, e->lines[queue].channel))
        return FAULT(e, consult, agent_name, ACD_STATE);
    return consult_state(e, slot, queue, agent);
}

int on_consult(struct acd_engine *e, const struct acd_command_consult *c)
{
    uint32_t slot = PASSING_ON(e, consult, c);

    if (slot == NONE)
        return e->asking.outcome->error;
    if (c->queue.gen != 0 || c->queue.slot != 0 || c->queue_name.len > 0)
        return consult_queue(e, c, slot);
    if (c->agent.gen != 0 || c->agent.slot != 0 || c->agent_name.len > 0)
        return consult_agent(e, c, slot);
    return c->number.len > 0 ? consult_number(e, slot, c->number)
                             : FAULT(e, consult, queue_name, ACD_MISSING);
}

void consult_answer(struct acd_engine *e, uint32_t assignment)
{
    const struct assignment *s = &e->assignments[assignment];

    EMIT(e, consult_answered, .call = call_id(e, s->call),
         .assignment = assignment_id(e, assignment), .agent = agent_id(e, s->agent));
}

/* ---- and what comes of it ------------------------------------------------------------------- */

void consult_over(struct acd_engine *e, uint32_t call, uint8_t result, bool told)
{
    uint32_t slot = call_consultation(e, call);
    const struct assignment *s = &e->assignments[slot == NONE ? 0 : slot];

    if (e->calls[call].asks_out) {
        consult_number_over(e, call, 0, told);
        return;
    }
    if (s->role == ACD_ROLE_OFFERED) {
        offer_end(e, slot, result, told);
        return;
    }
    if (!told)
        outbox_make_room(e, call);
    EMIT(e, consult_ended, .call = call_id(e, call), .assignment = assignment_id(e, slot),
         .agent = agent_id(e, s->agent), .told = told);
}

static void hand_over(struct acd_engine *e, uint32_t call)
{
    uint32_t slot = e->calls[call].assignment, next = call_consultation(e, call);
    uint32_t to = queue_at(e, e->assignments[next].queue), plan;
    bool told = asker_owns(e, call);

    if (to == NONE)
        to = e->calls[call].queue;
    plan = plan_along(e, call, to);
    if (!told)
        outbox_make_room(e, call);
    EMIT(e, call_transferred, .call = call_id(e, call), .assignment = assignment_id(e, slot),
         .agent = agent_id(e, e->assignments[slot].agent),
         .from = queue_id(e, e->calls[call].queue), .to = queue_id(e, to),
         .target = agent_id(e, e->assignments[next].agent), .wrap_up_until = wrap_up_until(e, call),
         .told = told, .plan = plan, .step = plan_first_step(e, plan),
         .next = assignment_id(e, next));
    alerts_counted(e, to);
    outcome_assignment(e, next);
    e->asking.outcome->verdict = ACD_VERDICT_CONNECTED;
}

void consult_hand_over(struct acd_engine *e, uint32_t call)
{
    if (e->calls[call].asks_out)
        consult_number_hand_over(e, call);
    else
        hand_over(e, call);
}

uint32_t consulting(struct acd_engine *e, acd_assignment_id id, const struct acd_record *record,
                    size_t offset)
{
    uint32_t slot = talking(e, id, record, offset);

    if (slot == NONE || call_is_asked_about(e, e->assignments[slot].call))
        return slot;
    fault(e, record, offset, ACD_STATE);
    return NONE;
}

int on_consult_complete(struct acd_engine *e, const struct acd_command_consult_complete *c)
{
    uint32_t slot = consulting(e, c->assignment, &acd_record_command_consult_complete,
                               offsetof(struct acd_command_consult_complete, assignment));

    if (slot == NONE)
        return e->asking.outcome->error;
    if (!consult_is_answered(e, e->assignments[slot].call))
        return FAULT(e, consult_complete, assignment, ACD_STATE);
    consult_hand_over(e, e->assignments[slot].call);
    return ACD_OK;
}

int on_consult_end(struct acd_engine *e, const struct acd_command_consult_end *c)
{
    uint32_t slot = assignment_at(e, c->assignment);
    bool asked = slot != NONE && e->assignments[slot].role == ACD_ROLE_CONSULTED;
    uint32_t call;

    if (!asked)
        slot = consulting(e, c->assignment, &acd_record_command_consult_end,
                          offsetof(struct acd_command_consult_end, assignment));
    if (slot == NONE)
        return e->asking.outcome->error;
    call = e->assignments[slot].call;
    outcome_assignment(e, slot);
    consult_over(e, call, ACD_OFFER_RESCINDED, asker_owns(e, call));
    if (!asked)
        call_hold_set(e, slot, false);
    return ACD_OK;
}
