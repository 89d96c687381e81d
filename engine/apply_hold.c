#include "engine/intervals.h"
#include "engine/outbox.h"

/* A caller on hold: its agent's assignment says so, and since when; what was on hold before stands
 * on the call's card. */

void apply_call_held(struct acd_engine *e, const struct acd_event_call_held *v)
{
    uint32_t call = call_at(e, v->call), slot = assignment_at(e, v->assignment);
    struct assignment *s = &e->assignments[slot];
    bool held = v->held == ACD_YES;
    acd_span hold;

    ACD_ASSERT(s->role == (held ? ACD_ROLE_CONNECTED : ACD_ROLE_HELD));
    mark(e, ACD_TABLE_CALLS, call);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    hold = call_hold(e, call, e->now);
    call_card_more(e, call)->hold = hold;
    s->role = held ? ACD_ROLE_HELD : ACD_ROLE_CONNECTED;
    s->since = e->now;
    if (held)
        e->agent_intervals[s->agent].held++;
    else
        e->agent_intervals[s->agent].held--;
    agent_derive_activity(e, s->agent);
    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = held ? ACD_NOTICE_HELD : ACD_NOTICE_RETRIEVED,
                                             .assignment = v->assignment,
                                             .agent = v->agent});
}
