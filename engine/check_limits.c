#include "engine/check.h"

#include "engine/alerts.h"
#include "engine/decide.h"
#include "engine/lines.h"

/* What follows from the limits and the alerts that a queue is set to. */

const char *check_alerts(const struct acd_engine *e, uint32_t queue)
{
    const struct queue *q = &e->queues[queue];
    acd_time at = ACD_FOREVER;

    for (uint8_t alert = 1; alert <= ALERTS; alert++) {
        acd_time due = alert_due(e, queue, alert);

        if (due < at)
            at = due;
        CHECK(q->alerted[alert - 1] <= e->now);
        CHECK(q->alerted[alert - 1] == 0 || q->alert_until[alert - 1] > q->alerted[alert - 1]);
    }
    CHECK(q->alert_at == at);
    CHECK(order_has(ALERTING(e), queue) == (at != ACD_FOREVER));
    return NULL;
}

const char *check_queue_limits(const struct acd_engine *e, uint32_t queue, uint32_t queued)
{
    const struct queue *q = &e->queues[queue];
    bool left = queue_is_empty(e, queue, q->set.leave_when_empty);
    bool shut = left || queue_is_empty(e, queue, q->set.join_empty);
    bool clears = queue_sends_away(e, queue) || left;
    bool deserted = q->set.max_wait_no_agent > 0 && q->logged_in == 0;
    uint32_t first = queue_first_queued(e, queue, NONE);

    CHECK(q->logged_in == 0 || q->nobody_since == 0);
    CHECK(q->flags == (shut ? QUEUE_SHUT : 0) + (clears ? QUEUE_CLEARS : 0) +
                          (deserted ? QUEUE_DESERTED : 0) +
                          (q->set.abandoned_resume > 0 ? QUEUE_RESUMES : 0) +
                          (q->set.callback_resume == ACD_YES ? QUEUE_TAKES_UP : 0) +
                          (alerts_any(q) ? QUEUE_ALERTS : 0) +
                          (q->set.wrap_up_code_late > 0 ? QUEUE_CODES : 0));
    CHECK(slots_has(&e->clearing, queue) ==
          (clears &&
           (queued > 0 || (q->scheduled.count + q->stranded > 0 && queue_sends_away(e, queue)))));
    CHECK(order_has(DESERTED(e), queue) == (deserted && queued > 0));
    if (!deserted || queued == 0)
        return NULL;
    CHECK(q->deserted_until >= e->calls[first].entered_at + q->set.max_wait_no_agent);
    CHECK(q->deserted_until >= q->nobody_since + q->set.max_wait_no_agent);
    return NULL;
}

const char *check_scheduled(const struct acd_engine *e, uint32_t queue)
{
    const struct list *scheduled = &e->queues[queue].scheduled;
    uint64_t last = 0;
    uint32_t count = 0;

    for (uint32_t c = scheduled->first; c != LIST_NONE;
         c = e->calls[c].in_unanswered.next, count++) {
        CHECK(e->calls[c].queue == queue);
        CHECK(e->calls[c].state == ACD_SCHEDULED);
        CHECK(e->callbacks[c].sequence > last);
        last = e->callbacks[c].sequence;
    }
    CHECK(count == scheduled->count);
    return NULL;
}
