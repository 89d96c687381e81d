#include "engine/decide.h"

/* A caller on hold.
 *
 * Happy path: the agent puts the caller on hold and takes it back, as often as it likes; the time
 * on hold is counted apart from the talk.
 *
 * Failure modes: said twice: nothing happens twice. The call rings only, or the agent asks another
 * about it and wants it back: STATE. It is over: GONE in the wrap-up, then LOST. */

uint32_t talking(struct acd_engine *e, acd_assignment_id id, const struct acd_record *record,
                 size_t offset)
{
    uint32_t slot = assignment_referred(e, id, record, offset);
    uint32_t role = slot == NONE ? 0 : e->assignments[slot].role;

    if (role == ACD_ROLE_CONNECTED || role == ACD_ROLE_HELD)
        return slot;
    if (slot != NONE)
        fault(e, record, offset, role == ACD_ROLE_WRAP_UP ? ACD_GONE : ACD_STATE);
    return NONE;
}

uint32_t talking_alone(struct acd_engine *e, acd_assignment_id id, const struct acd_record *record,
                       size_t offset)
{
    uint32_t slot = talking(e, id, record, offset);

    if (slot == NONE || !call_is_asked_about(e, e->assignments[slot].call))
        return slot;
    fault(e, record, offset, ACD_STATE);
    return NONE;
}

void call_hold_set(struct acd_engine *e, uint32_t slot, bool held)
{
    const struct assignment *s = &e->assignments[slot];
    bool told = asker_owns(e, s->call);

    if (!told)
        outbox_make_room(e, s->call);
    EMIT(e, call_held, .call = call_id(e, s->call), .assignment = assignment_id(e, slot),
         .agent = agent_id(e, s->agent), .held = held ? ACD_YES : ACD_NO, .told = told);
}

/* Holds, or retrieves, unless that was said before. */
static int hold(struct acd_engine *e, uint32_t slot, bool held)
{
    if (slot == NONE)
        return e->asking.outcome->error;
    outcome_assignment(e, slot);
    e->asking.outcome->repeated = (e->assignments[slot].role == ACD_ROLE_HELD) == held;
    if (!e->asking.outcome->repeated)
        call_hold_set(e, slot, held);
    return ACD_OK;
}

int on_hold(struct acd_engine *e, const struct acd_command_hold *c)
{
    return hold(e,
                talking(e, c->assignment, &acd_record_command_hold,
                        offsetof(struct acd_command_hold, assignment)),
                true);
}

int on_retrieve(struct acd_engine *e, const struct acd_command_retrieve *c)
{
    return hold(e,
                talking_alone(e, c->assignment, &acd_record_command_retrieve,
                              offsetof(struct acd_command_retrieve, assignment)),
                false);
}
