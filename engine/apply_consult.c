#include "engine/apply.h"
#include "engine/outbox.h"
#include "engine/ready.h"

/* An agent asks another, the caller on hold: the second assignment of a connected call. While it is
 * there, the first agent gets no offers. */

bool agent_consults(const struct acd_engine *e, uint32_t agent)
{
    for (uint32_t s = e->agents[agent].assignments; s != LIST_NONE; s = e->assignments[s].next)
        if (e->assignments[s].role == ACD_ROLE_HELD &&
            call_is_asked_about(e, e->assignments[s].call))
            return true;
    return false;
}

void agent_consults_derive(struct acd_engine *e, uint32_t agent)
{
    struct agent *a = &e->agents[agent];

    a->kept =
        agent_consults(e, agent) ? a->kept | KEPT_CONSULTS : a->kept & (uint8_t)~KEPT_CONSULTS;
    agent_derive(e, agent, false);
}

/* From now on, for whom it asks is chosen without itself. */
void apply_consult_begun(struct acd_engine *e, const struct acd_event_consult_begun *v)
{
    uint32_t agent = agent_of(e, v->agent);

    e->agents[agent].kept |= KEPT_CONSULTS;
    agent_derive(e, agent, false);
}

void apply_consult_offered(struct acd_engine *e, const struct acd_event_consult_offered *v)
{
    uint32_t call = call_of(e, v->call), agent = agent_of(e, v->agent);
    uint32_t queue = queue_of(e, v->queue);

    ACD_ASSERT(e->calls[call].state == ACD_CONNECTED);
    mark(e, ACD_TABLE_CALLS, call);
    e->calls[call].offers++;
    assignment_offer(e, v->assignment, call, agent, v->queue, e->lines[queue].channel, v->until);
    ready_note_offer(e, queue, NONE, agent);
    agent_derive(e, agent, false);
    sums_offer(e, e->calls[call].queue, agent);
    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = ACD_NOTICE_CONSULT_OFFERED,
                                             .assignment = v->assignment,
                                             .agent = v->agent,
                                             .until = v->until});
}

void apply_consult_answered(struct acd_engine *e, const struct acd_event_consult_answered *v)
{
    uint32_t slot = assignment_of(e, v->assignment), agent = agent_of(e, v->agent);
    struct assignment *s = &e->assignments[slot];
    struct agent *a = &e->agents[agent];

    ACD_ASSERT(s->role == ACD_ROLE_OFFERED);
    order_remove(&e->leases, LEASES(e), slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    s->role = ACD_ROLE_CONSULTED;
    s->since = e->now;
    s->until = 0;
    a->offered--;
    a->connected++;
    a->no_answers = 0;
    agent_derive_activity(e, agent);
}

void apply_consult_ended(struct acd_engine *e, const struct acd_event_consult_ended *v)
{
    uint32_t call = call_of(e, v->call), agent = agent_of(e, v->agent);
    uint32_t slot = assignment_of(e, v->assignment);

    ACD_ASSERT(e->assignments[slot].role == ACD_ROLE_CONSULTED);
    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = ACD_NOTICE_CONSULT_ENDED,
                                             .assignment = v->assignment,
                                             .agent = v->agent});
    call_untie(e, call, slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    chain_remove(&e->agents[agent].assignments, AGENT_ASSIGNMENTS(e), slot);
    slots_give(&e->assignment_slots, slot);
    e->assignments[slot].gen = 0;
    e->agents[agent].connected--;
    agent_touch(e, agent);
    agent_consults_derive(e, e->calls[call].agent);
    agent_derive(e, agent, true);
}
