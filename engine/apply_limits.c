#include "engine/alerts.h"
#include "engine/lines.h"
#include "engine/ready.h"

/* What the limits of a queue make of who is there and who waits: whether its queued calls are to
 * leave, and when the first of them will have waited for nobody long enough. A queue without such
 * limits has no flags, and what happens in it comes here only when it is set. */

uint32_t queue_first_queued(const struct acd_engine *e, uint32_t queue, uint32_t except)
{
    uint32_t call = e->queues[queue].unanswered.first;

    while (call != LIST_NONE && (call == except || e->calls[call].state != ACD_QUEUED))
        call = e->calls[call].in_unanswered.next;
    return call == LIST_NONE ? NONE : call;
}

/* From when it entered or, if that is later, from when the last one there left. */
static void deserted_wait(struct acd_engine *e, uint32_t queue, uint32_t call)
{
    struct queue *q = &e->queues[queue];
    const struct call *c = &e->calls[call];
    acd_time since = c->entered_at > q->nobody_since ? c->entered_at : q->nobody_since;

    q->deserted_until = since + q->set.max_wait_no_agent;
    q->deserted_sequence = c->entered_sequence;
    deserted_arm(e, queue);
}

void queue_place(struct acd_engine *e, uint32_t queue, uint32_t except)
{
    struct queue *q = &e->queues[queue];
    bool clears = (q->flags & QUEUE_CLEARS) != 0 && queue_clears(e, queue);
    uint32_t call;

    if (clears && !slots_has(&e->clearing, queue))
        slots_take(&e->clearing, queue);
    else if (!clears && slots_has(&e->clearing, queue))
        slots_give(&e->clearing, queue);
    if (order_has(DESERTED(e), queue))
        order_remove(&e->deserted, DESERTED(e), queue);
    if ((q->flags & QUEUE_DESERTED) == 0)
        return;
    call = queue_first_queued(e, queue, except);
    if (call != NONE)
        deserted_wait(e, queue, call);
}

_Static_assert((int)ACD_JOIN_LOGGED_IN == (int)ACD_LEAVE_LOGGED_IN, "they count alike");
_Static_assert((int)ACD_JOIN_READY == (int)ACD_LEAVE_READY, "they count alike");
_Static_assert((int)ACD_JOIN_AVAILABLE == (int)ACD_LEAVE_AVAILABLE, "they count alike");

bool queue_is_empty(const struct acd_engine *e, uint32_t queue, uint8_t wanted)
{
    switch (wanted) {
    case ACD_JOIN_LOGGED_IN: return e->queues[queue].logged_in == 0;
    case ACD_JOIN_READY: return e->queues[queue].members_ready == 0;
    case ACD_JOIN_AVAILABLE: return ready_count(e, &e->lines[queue].ready) == 0;
    default: return false;
    }
}

void queue_derive(struct acd_engine *e, uint32_t queue)
{
    struct queue *q = &e->queues[queue];
    const struct acd_event_queue_set *set = &q->set;
    bool left = queue_is_empty(e, queue, set->leave_when_empty);

    q->flags = 0;
    if (left || queue_is_empty(e, queue, set->join_empty))
        q->flags |= QUEUE_SHUT;
    if (left || set->state == ACD_REMOVING || set->state == ACD_DRAINING)
        q->flags |= QUEUE_CLEARS;
    if (set->max_wait_no_agent > 0 && q->logged_in == 0)
        q->flags |= QUEUE_DESERTED;
    if (set->abandoned_resume > 0)
        q->flags |= QUEUE_RESUMES;
    if (set->callback_resume == ACD_YES)
        q->flags |= QUEUE_TAKES_UP;
    if (alerts_any(q))
        q->flags |= QUEUE_ALERTS;
    if (set->wrap_up_code_late > 0)
        q->flags |= QUEUE_CODES;
    if (alerts_any(q) || order_has(ALERTING(e), queue))
        alerts_place(e, queue);
    queue_place(e, queue, NONE);
}

void queue_count_agent(struct acd_engine *e, uint32_t queue, uint32_t agent, int by)
{
    const struct agent *a = &e->agents[agent];
    struct queue *q = &e->queues[queue];

    if (!a->active || a->state == ACD_LOGGED_OUT)
        return;
    q->logged_in += (uint32_t)by;
    if (a->state == ACD_READY)
        q->members_ready += (uint32_t)by;
    q->nobody_since = q->logged_in == 0 ? e->now : 0;
    mark(e, ACD_TABLE_QUEUES, queue);
    queue_derive(e, queue);
}
