#include "engine/alerts.h"
#include "engine/decide.h"

/* Alerts of queues are raised and cleared.
 *
 * Happy path: what is set is reached, and the alert is raised. For alert_hold it stays so. Then, if
 * it is no longer asked for, it is cleared, and for another alert_hold it stays that; else it is
 * stated again, with the figure as it is then.
 *
 * Failure modes: a figure that goes up and down across its threshold makes one event each
 * alert_hold, not one each time. */

/* How an alert stands: its figure, and whether that asks for it. */
struct found {
    uint64_t value;
    bool asked;
};

/* What was counted of the queue in the interval that is now. */
static struct sums counted_now(const struct acd_engine *e, const struct queue *q)
{
    bool present = e->interval != 0 && q->interval.sums.turn == e->interval;

    return present ? q->interval.sums : (struct sums){.turn = 0};
}

static struct found find_permille(const struct acd_engine *e, const struct queue *q, uint8_t alert)
{
    const struct sums sums = counted_now(e, q);
    const uint64_t calls = (uint64_t)sums.answered + sums.abandoned;
    const uint64_t least = q->set.alert_service_level, most = q->set.alert_abandoned;

    if (calls == 0)
        return (struct found){0, false};
    if (alert == ACD_ALERT_SERVICE_LEVEL)
        return (struct found){(uint64_t)sums.in_time * 1000 / calls,
                              calls >= q->set.alert_calls &&
                                  (uint64_t)sums.in_time * 1000 < least * calls};
    return (struct found){(uint64_t)sums.abandoned * 1000 / calls,
                          calls >= q->set.alert_calls && most > 0 &&
                              (uint64_t)sums.abandoned * 1000 > most * calls};
}

static struct found alert_find(const struct acd_engine *e, uint32_t queue, uint8_t alert)
{
    const struct queue *q = &e->queues[queue];
    const struct acd_event_queue_set *set = &q->set;
    acd_span wait = 0;

    switch (alert) {
    case ACD_ALERT_WAITING:
        return (struct found){q->unanswered.count,
                              set->alert_waiting > 0 && q->unanswered.count >= set->alert_waiting};
    case ACD_ALERT_WAIT:
        if (q->unanswered.first != LIST_NONE)
            wait = e->now - e->calls[q->unanswered.first].entered_at;
        return (struct found){(uint64_t)wait, set->alert_wait > 0 && wait >= set->alert_wait};
    case ACD_ALERT_NOBODY:
        return (struct found){0, set->alert_nobody == ACD_YES && set->state == ACD_OPEN &&
                                     q->members_ready == 0};
    default: return find_permille(e, q, alert);
    }
}

static void alert_state(struct acd_engine *e, uint32_t queue, uint8_t alert, struct found found)
{
    acd_time until = e->now + e->queues[queue].set.alert_hold;

    if (found.asked)
        EMIT(e, alert_raised, .queue = queue_id(e, queue), .alert = alert, .value = found.value,
             .until = until);
    else
        EMIT(e, alert_cleared, .queue = queue_id(e, queue), .alert = alert, .value = found.value,
             .until = until);
}

void alert_fire(struct acd_engine *e, uint32_t queue)
{
    uint8_t alert = 1;

    while (alert_due(e, queue, alert) != e->queues[queue].alert_at)
        alert++;
    alert_state(e, queue, alert, alert_find(e, queue, alert));
}

void alert_counted(struct acd_engine *e, uint32_t queue)
{
    for (uint8_t alert = ACD_ALERT_SERVICE_LEVEL; alert <= ACD_ALERT_ABANDONED; alert++) {
        const struct queue *q = &e->queues[queue];
        const struct found found = alert_find(e, queue, alert);

        if (found.asked && q->alerted[alert - 1] == 0 && q->alert_until[alert - 1] <= e->now)
            alert_state(e, queue, alert, found);
    }
}
