#include "engine/alerts.h"

/* Alerts: what is raised, and when to look at it. */

bool alerts_any(const struct queue *q)
{
    const struct acd_event_queue_set *set = &q->set;

    for (uint8_t i = 0; i < ALERTS; i++)
        if (q->alerted[i] != 0)
            return true;
    return set->alert_waiting > 0 || set->alert_wait > 0 || set->alert_nobody == ACD_YES ||
           set->alert_service_level > 0 || set->alert_abandoned > 0;
}

/* From when on what a queue is now asks for an alert; ACD_FOREVER: not while it is so. */
static acd_time alert_asked(const struct acd_engine *e, uint32_t queue, uint8_t alert)
{
    const struct queue *q = &e->queues[queue];
    const struct acd_event_queue_set *set = &q->set;

    switch (alert) {
    case ACD_ALERT_WAITING:
        return set->alert_waiting > 0 && q->unanswered.count >= set->alert_waiting ? 0
                                                                                   : ACD_FOREVER;
    case ACD_ALERT_WAIT:
        if (set->alert_wait == 0 || q->unanswered.first == LIST_NONE)
            return ACD_FOREVER;
        return e->calls[q->unanswered.first].entered_at + set->alert_wait;
    case ACD_ALERT_NOBODY:
        return set->alert_nobody == ACD_YES && set->state == ACD_OPEN && q->members_ready == 0
                   ? 0
                   : ACD_FOREVER;
    default: return ACD_FOREVER;
    }
}

acd_time alert_due(const struct acd_engine *e, uint32_t queue, uint8_t alert)
{
    const struct queue *q = &e->queues[queue];
    acd_time until = q->alert_until[alert - 1], asked;

    if (q->alerted[alert - 1] != 0)
        return until;
    asked = alert_asked(e, queue, alert);
    return asked > until ? asked : until;
}

void alerts_place(struct acd_engine *e, uint32_t queue)
{
    struct queue *q = &e->queues[queue];

    if (order_has(ALERTING(e), queue))
        order_remove(&e->alerting, ALERTING(e), queue);
    q->alert_at = ACD_FOREVER;
    for (uint8_t alert = 1; alert <= ALERTS; alert++) {
        acd_time at = alert_due(e, queue, alert);

        if (at < q->alert_at)
            q->alert_at = at;
    }
    if (q->alert_at == ACD_FOREVER)
        return;
    order_add(&e->alerting, ALERTING(e), queue);
    deadline_noted(e, q->alert_at);
}

void apply_alert_raised(struct acd_engine *e, const struct acd_event_alert_raised *v)
{
    uint32_t slot = queue_of(e, v->queue);
    struct queue *q = &e->queues[slot];

    if (q->alerted[v->alert - 1] == 0)
        q->alerted[v->alert - 1] = e->now;
    q->alert_until[v->alert - 1] = v->until;
    mark(e, ACD_TABLE_QUEUES, slot);
    alerts_place(e, slot);
}

void apply_alert_cleared(struct acd_engine *e, const struct acd_event_alert_cleared *v)
{
    uint32_t slot = queue_of(e, v->queue);
    struct queue *q = &e->queues[slot];

    q->alerted[v->alert - 1] = 0;
    q->alert_until[v->alert - 1] = v->until;
    mark(e, ACD_TABLE_QUEUES, slot);
    queue_derive(e, slot);
}
