#include "engine/apply.h"

#include "engine/outbox.h"

/* Calls that ask to be told their position. An announcement says that it is time; the figures are
 * filled in when its notice is read. */

static void announcing_set(struct acd_engine *e, uint32_t call, acd_span after)
{
    const struct call *c = &e->calls[call];
    bool never = e->queues[c->queue].set.announce_interval == 0;

    e->announcements[call].at = never ? 0 : e->now + after;
    e->announcements[call].sequence = e->sequence;
}

void announcing_begin(struct acd_engine *e, uint32_t call)
{
    const struct acd_event_queue_set *set = &e->queues[e->calls[call].queue].set;

    announcing_set(e, call,
                   set->announce_first != 0 ? set->announce_first : set->announce_interval);
}

void announcing_wait(struct acd_engine *e, uint32_t call)
{
    if (e->announcements[call].at != 0)
        announced_arm(e, call);
}

void announcing_unwait(struct acd_engine *e, uint32_t call)
{
    if (order_has(ANNOUNCED(e), call))
        order_remove(&e->announced, ANNOUNCED(e), call);
}

void apply_call_announced(struct acd_engine *e, const struct acd_event_call_announced *v)
{
    uint32_t call = call_of(e, v->call);

    mark(e, ACD_TABLE_CALLS, call);
    announcing_unwait(e, call);
    announcing_set(e, call, e->queues[e->calls[call].queue].set.announce_interval);
    announcing_wait(e, call);
    outbox_tell(e, call, (struct acd_view_notice){.kind = ACD_NOTICE_ANNOUNCEMENT});
}
