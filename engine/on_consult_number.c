#include "engine/decide.h"

/* An agent asks somebody outside the centre before it passes its caller on.
 *
 * Happy path: the caller is on hold, the gateway dials the number for the agent, under a lease, and
 * says that it was answered; they talk; then the agent is done with the call and goes into its
 * wrap-up, and the gateway joins caller and number: for us the call is over, as after a transfer
 * out of the centre. There is no second assignment: the agent's own says what number it asks.
 *
 * Failure modes: the number is busy, does not answer, or hangs up: the caller is on hold, and the
 * agent may ask again. A gateway that never says what came of dialling counts as no answer. The
 * agent wants its caller back: the number is let go. The caller hangs up, or a supervisor ends the
 * call: the number is let go first. The agent hangs up: as if it had completed if it was answered,
 * else the call is over. The call's gateway is lost: nothing more can be dialled, and what is
 * dialled is over. */

int consult_number(struct acd_engine *e, uint32_t slot, struct acd_str number)
{
    const struct assignment *s = &e->assignments[slot];
    bool told = asker_owns(e, s->call);

    if (s->role != ACD_ROLE_HELD)
        call_hold_set(e, slot, true);
    if (!told)
        outbox_make_room(e, s->call);
    EMIT(e, consult_dialing, .call = call_id(e, s->call), .assignment = assignment_id(e, slot),
         .agent = agent_id(e, s->agent), .number = number,
         .until = e->now + e->queues[e->calls[s->call].queue].set.dial_timeout, .told = told);
    outcome_assignment(e, slot);
    e->asking.outcome->verdict = ACD_VERDICT_DIAL;
    e->asking.outcome->until = s->until;
    return ACD_OK;
}

void consult_number_over(struct acd_engine *e, uint32_t call, uint8_t result, bool told)
{
    uint32_t slot = e->calls[call].assignment;

    if (!told)
        outbox_make_room(e, call);
    EMIT(e, consult_dial_ended, .call = call_id(e, call), .assignment = assignment_id(e, slot),
         .agent = agent_id(e, e->assignments[slot].agent), .result = result, .told = told);
}

void consult_number_hand_over(struct acd_engine *e, uint32_t call)
{
    uint32_t slot = e->calls[call].assignment;
    struct acd_str number = assignment_key(e, slot); /* stays there until the slot has another */

    outcome_assignment(e, slot);
    e->asking.outcome->overflow = ACD_OVERFLOW_NUMBER;
    e->asking.outcome->overflow_to = number;
    consult_number_over(e, call, ACD_DIAL_ANSWERED, true);
    transfer_out(e, slot, number);
}

/* The assignment whose number is dialled, or was, or NONE with the fault told. */
static uint32_t asking_number(struct acd_engine *e, const struct acd_command_consult_result *c)
{
    uint32_t slot = consulting(e, c->assignment, &acd_record_command_consult_result,
                               offsetof(struct acd_command_consult_result, assignment));

    if (slot == NONE || e->calls[e->assignments[slot].call].asks_out)
        return slot;
    FAULT(e, consult_result, assignment, ACD_STATE);
    return NONE;
}

int on_consult_result(struct acd_engine *e, const struct acd_command_consult_result *c)
{
    uint32_t slot = asking_number(e, c);
    const struct assignment *s = &e->assignments[slot == NONE ? 0 : slot];

    if (slot == NONE)
        return e->asking.outcome->error;
    if (!enum_knows(&acd_enum_dial_result, c->result, false))
        return FAULT(e, consult_result, result, c->result == 0 ? ACD_MISSING : ACD_INVALID);

    outcome_assignment(e, slot);
    if (c->result != ACD_DIAL_ANSWERED)
        consult_number_over(e, s->call, c->result, asker_owns(e, s->call));
    else if (s->until == 0)
        e->asking.outcome->repeated = 1;
    else
        EMIT(e, consult_reached, .call = call_id(e, s->call), .assignment = assignment_id(e, slot),
             .agent = agent_id(e, s->agent));
    return ACD_OK;
}
