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

/* Answered and abandoned calls of the interval, or of it and the one before when alone they are too
 * few, and how many of them; whether they are enough. */
struct counted {
    uint64_t calls, in_time, abandoned;
    bool enough;
};

static struct counted counted(const struct twin *t, const struct twin_queue *q)
{
    const struct twin_sums *now = &q->interval.sums, *before = &q->before;
    struct counted c = {.calls = 0};

    if (!t->counting)
        return c;
    c.calls = now->answered + now->abandoned;
    c.in_time = now->in_time;
    c.abandoned = now->abandoned;
    if (c.calls < q->set.alert_calls && !twin_wrong(t, TWIN_FAULT_ALERT_FORGETS_AT_A_TURN)) {
        c.calls += before->answered + before->abandoned;
        c.in_time += before->in_time;
        c.abandoned += before->abandoned;
    }
    c.enough = c.calls > 0 && (c.calls >= q->set.alert_calls ||
                               twin_wrong(t, TWIN_FAULT_ALERT_FROM_THE_FIRST_CALL));
    return c;
}

/* Whether an alert is asked for now, with its figure. */
static bool is_asked(const struct twin *t, const struct twin_queue *q, uint8_t alert,
                     uint64_t *value)
{
    acd_time first = first_entered(t, q);
    struct counted c = counted(t, q);

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
        *value = c.calls == 0 ? 0 : c.in_time * 1000 / c.calls;
        return c.enough && c.in_time * 1000 < q->set.alert_service_level * c.calls;
    default:
        *value = c.calls == 0 ? 0 : c.abandoned * 1000 / c.calls;
        return c.enough && q->set.alert_abandoned > 0 &&
               c.abandoned * 1000 > q->set.alert_abandoned * c.calls;
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
