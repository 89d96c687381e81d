#include "tools/queuelog/fold.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/acd_assert.h"

/* A line is at most a key, two names, a number and a few figures. */
enum { LINE_MAX_BYTES = 1024 };

void fold_line(struct queuelog *q, acd_time at, const char *call, const char *queue,
               const char *agent, const char *event, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list arguments;
    int len, more;

    if (q->silent)
        return;
    len = snprintf(line, sizeof line, "%lld|%s|%s|%s|%s|", (long long)(at / ACD_SECOND),
                   call == NULL ? "NONE" : call, queue == NULL ? "NONE" : queue,
                   agent == NULL ? "NONE" : agent, event);
    va_start(arguments, format);
    more = vsnprintf(line + len, sizeof line - (size_t)len, format, arguments);
    va_end(arguments);
    ACD_ASSERT(len > 0 && more >= 0 && (size_t)(len + more) + 1 < sizeof line);
    line[len + more] = '\n';
    sink_put(&q->sink, line, (size_t)(len + more) + 1);
}

const char *fold_queue_name(const struct queuelog *q, acd_queue_id id)
{
    const struct centre_queue *queue = centre_queue(&q->centre, id);

    return queue == NULL ? NULL : queue->name;
}

const char *fold_agent_name(const struct queuelog *q, acd_agent_id id)
{
    const struct centre_agent *agent = centre_agent(&q->centre, id);

    return agent == NULL ? NULL : agent->name;
}

long fold_seconds(acd_time from, acd_time to)
{
    return (long)(to / ACD_SECOND - from / ACD_SECOND);
}

/* ---- queues -------------------------------------------------------------------------------- */

static void on_queue_set(struct queuelog *q, const struct acd_event_queue_set *e)
{
    struct centre_queue *queue = centre_queue_put(&q->centre, e->queue);

    centre_text(queue->name, sizeof queue->name, e->name);
    queue->lifo = e->call_order == ACD_LIFO;
}

/* Its memberships go with it, and no event says so of each. */
static void on_queue_removed(struct queuelog *q, acd_time at, acd_queue_id id)
{
    const char *name = fold_queue_name(q, id);

    for (uint32_t i = 0; i < q->centre.agents.size; i++) {
        struct centre_agent *a = q->centre.agents.items[i];

        if (a == NULL || centre_seat(a, id) == NULL)
            continue;
        if (a->state != ACD_LOGGED_OUT)
            fold_line(q, at, "MANAGER", name, a->name, "REMOVEMEMBER", "%s", "");
        centre_seat_remove(a, id);
    }
    centre_queue_remove(&q->centre, id);
}

/* ---- all ----------------------------------------------------------------------------------- */

void fold_event(struct queuelog *q, acd_time at, uint64_t sequence, const struct acd_event *event)
{
    switch (event->code) {
    case ACD_EVENT_queue_set: on_queue_set(q, &event->as.queue_set); return;
    case ACD_EVENT_queue_removed: on_queue_removed(q, at, event->as.queue_removed.queue); return;
    case ACD_EVENT_config_committed:
        fold_line(q, at, NULL, NULL, NULL, "CONFIGRELOAD", "%s", "");
        return;
    default:
        if (!fold_agent_event(q, at, event))
            (void)fold_call_event(q, at, sequence, event);
    }
}

void fold_opening(struct queuelog *q)
{
    fold_line(q, q->opening, NULL, NULL, NULL, "QUEUESTART", "%s", "");
    for (uint32_t i = 0; i < q->centre.agents.size; i++) {
        const struct centre_agent *a = q->centre.agents.items[i];

        if (a == NULL || a->state == ACD_LOGGED_OUT)
            continue;
        for (uint32_t k = 0; k < a->count; k++)
            fold_agent_joins(q, q->opening, a, a->seats[k].queue);
    }
}
