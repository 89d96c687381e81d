/* The twin's alerts: each is looked at anew whenever it matters. */

#include "tests/model/twin_parts.h"

enum { ALERT_LAST = ACD_ALERT_ABANDONED };

static uint32_t waiting(const struct twin *t, const struct twin_queue *q)
{
    return twin_unanswered(t, q);
}

/* When the first of the calls that wait in a queue entered it; ACD_FOREVER: none waits. */
static acd_time first_entered(const struct twin *t, const struct twin_queue *q)
{
    acd_time first = ACD_FOREVER;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];
        acd_time entered = c->entered_at;

        if (c->id.gen == 0 || c->state == ACD_CONNECTED || c->state == ACD_SCHEDULED ||
            !twin_same_queue(c->queue, q->id))
            continue;
        if (twin_wrong(t, TWIN_FAULT_ALERT_WAIT_FROM_ENQUEUED))
            entered = c->enqueued_at;
        if (entered < first)
            first = entered;
    }
    return first;
}

static bool nobody(const struct twin *t, const struct twin_queue *q)
{
    bool ready = !twin_wrong(t, TWIN_FAULT_ALERT_NOBODY_LOGGED_IN);

    return q->set.alert_nobody == ACD_YES && q->set.state == ACD_OPEN &&
           twin_is_deserted(t, q, ready);
}

/* Answered and abandoned calls of the interval, and whether they are enough. */
static uint32_t counted(const struct twin *t, const struct twin_queue *q, bool *enough)
{
    uint32_t calls = t->counting ? q->interval.sums.answered + q->interval.sums.abandoned : 0;

    *enough = calls > 0 &&
              (calls >= q->set.alert_calls || twin_wrong(t, TWIN_FAULT_ALERT_FROM_THE_FIRST_CALL));
    return calls;
}

/* Whether an alert is asked for now, with its figure. */
static bool is_asked(const struct twin *t, const struct twin_queue *q, uint8_t alert,
                     uint64_t *value)
{
    acd_time first = first_entered(t, q);
    bool enough;
    uint64_t calls = counted(t, q, &enough), part;

    *value = 0;
    switch (alert) {
    case ACD_ALERT_WAITING:
        *value = waiting(t, q);
        return q->set.alert_waiting > 0 && *value >= q->set.alert_waiting;
    case ACD_ALERT_WAIT:
        *value = first == ACD_FOREVER ? 0 : (uint64_t)(t->now - first);
        return q->set.alert_wait > 0 && (acd_span)*value >= q->set.alert_wait;
    case ACD_ALERT_NOBODY: return nobody(t, q);
    case ACD_ALERT_SERVICE_LEVEL:
        part = q->interval.sums.in_time;
        *value = calls == 0 ? 0 : part * 1000 / calls;
        return enough && part * 1000 < q->set.alert_service_level * calls;
    default:
        part = q->interval.sums.abandoned;
        *value = calls == 0 ? 0 : part * 1000 / calls;
        return enough && q->set.alert_abandoned > 0 && part * 1000 > q->set.alert_abandoned * calls;
    }
}

/* When an alert may have to change; ACD_FOREVER: not by itself. */
static acd_time due_at(const struct twin *t, const struct twin_queue *q, uint8_t alert)
{
    acd_time at = ACD_FOREVER, first = first_entered(t, q);

    if (q->alerted[alert] != 0)
        return q->alert_until[alert];
    if (alert == ACD_ALERT_WAITING && q->set.alert_waiting > 0 &&
        waiting(t, q) >= q->set.alert_waiting)
        at = 0;
    if (alert == ACD_ALERT_WAIT && q->set.alert_wait > 0 && first != ACD_FOREVER)
        at = first + q->set.alert_wait;
    if (alert == ACD_ALERT_NOBODY && nobody(t, q))
        at = 0;
    return at > q->alert_until[alert] ? at : q->alert_until[alert];
}

acd_time twin_alert_at(const struct twin *t, const struct twin_queue *q, uint8_t *alert)
{
    acd_time first = ACD_FOREVER;

    for (uint8_t i = 1; q->id.gen != 0 && i <= ALERT_LAST; i++) {
        acd_time at = due_at(t, q, i);

        if (at < first) {
            first = at;
            *alert = i;
        }
    }
    return first;
}

static void say_alert(struct twin *t, struct twin_queue *q, uint8_t alert, bool asked,
                      uint64_t value)
{
    acd_span hold = q->set.alert_hold;
    struct acd_event_alert_raised raised = {
        .queue = q->id, .alert = alert, .value = value, .until = t->now + hold};
    struct acd_event_alert_cleared cleared = {
        .queue = q->id, .alert = alert, .value = value, .until = t->now + hold};

    if (!asked && twin_wrong(t, TWIN_FAULT_ALERT_AT_ONCE_AGAIN))
        cleared.until = t->now;
    if (asked)
        twin_append(t, ACD_EVENT_alert_raised, &raised);
    else
        twin_append(t, ACD_EVENT_alert_cleared, &cleared);
    q->alert_until[alert] = asked ? raised.until : cleared.until;
    if (!asked)
        q->alerted[alert] = 0;
    else if (q->alerted[alert] == 0)
        q->alerted[alert] = t->now;
}

void twin_alert(struct twin *t, struct twin_queue *q, uint8_t alert)
{
    uint64_t value;
    bool asked = is_asked(t, q, alert, &value);

    say_alert(t, q, alert, asked, value);
}

void twin_alerts_counted(struct twin *t, struct twin_queue *q)
{
    for (uint8_t alert = ACD_ALERT_SERVICE_LEVEL; alert <= ALERT_LAST; alert++) {
        uint64_t value;

        if (is_asked(t, q, alert, &value) && q->alerted[alert] == 0 &&
            q->alert_until[alert] <= t->now)
            say_alert(t, q, alert, true, value);
    }
}
