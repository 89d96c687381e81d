#include "engine/apply.h"
#include "engine/outbox.h"

/* An agent asks a number, the caller on hold: its own assignment has the number, and while that is
 * dialled a lease. Until it is asked no more, the agent gets no offers. */

void apply_consult_dialing(struct acd_engine *e, const struct acd_event_consult_dialing *v)
{
    uint32_t call = call_of(e, v->call), slot = assignment_of(e, v->assignment);
    struct assignment *s = &e->assignments[slot];

    ACD_ASSERT(s->role == ACD_ROLE_HELD);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    TEXT_SET(assignment_card(e, slot)->key, v->number);
    s->until = v->until;
    s->until_sequence = e->sequence;
    lease_arm(e, slot);
    e->calls[call].asks_out = true;
    agent_consults_derive(e, agent_of(e, v->agent));
    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = ACD_NOTICE_CONSULT_DIAL,
                                             .assignment = v->assignment,
                                             .agent = v->agent,
                                             .until = v->until,
                                             .consulted_number = v->number});
}

/* It is dialled no more. */
static void dialled_no_more(struct acd_engine *e, uint32_t slot)
{
    ACD_ASSERT(e->assignments[slot].role == ACD_ROLE_HELD);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    if (e->assignments[slot].until == 0)
        return;
    order_remove(&e->leases, LEASES(e), slot);
    e->assignments[slot].until = 0;
}

void apply_consult_reached(struct acd_engine *e, const struct acd_event_consult_reached *v)
{
    dialled_no_more(e, assignment_of(e, v->assignment));
}

void apply_consult_dial_ended(struct acd_engine *e, const struct acd_event_consult_dial_ended *v)
{
    uint32_t call = call_of(e, v->call), slot = assignment_of(e, v->assignment);

    dialled_no_more(e, slot);
    e->assignment_cards[slot].key.len = 0;
    e->calls[call].asks_out = false;
    agent_consults_derive(e, agent_of(e, v->agent));
    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = ACD_NOTICE_CONSULT_DIAL_ENDED,
                                             .assignment = v->assignment,
                                             .agent = v->agent});
}
