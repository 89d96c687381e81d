#include "engine/apply.h"
#include "engine/outbox.h"

/* A call that its agent passes on: one visit ends, answered, and another begins, in which the call
 * waits, or is answered at once by who was consulted. */

void apply_call_transferred(struct acd_engine *e, const struct acd_event_call_transferred *v)
{
    uint32_t slot = call_of(e, v->call), assignment = assignment_of(e, v->assignment);
    struct call *c = &e->calls[slot];
    acd_span head_start = c->enqueued_at - c->key;

    if (!v->told)
        outbox_tell(e, slot,
                    (struct acd_view_notice){.kind = ACD_NOTICE_TRANSFERRED,
                                             .assignment = v->assignment,
                                             .agent = v->agent});
    call_talked(e, slot, e->now, v->wrap_up_until);
    call_untie(e, slot, assignment);
    c->answered_at = 0;
    c->callback = c->hurries = false;
    call_card_more(e, slot)->hold = 0;
    e->call_cards[slot].recall =
        v->target.gen != 0 && v->next.gen == 0 ? v->agent : (acd_agent_id){0, 0};
    c->enqueued_at = e->now;
    c->key = e->now - head_start;
    if (v->next.gen == 0) {
        call_reenter(e, slot, queue_of(e, v->to), v->until, v->plan, v->step);
        return;
    }
    call_enter(e, slot, queue_of(e, v->to), v->until, v->plan, v->step);
    call_taken(e, slot, assignment_of(e, v->next));
    agent_consults_derive(e, agent_of(e, v->agent));
}
