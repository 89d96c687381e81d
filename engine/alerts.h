#ifndef ACD_ALERTS_H
#define ACD_ALERTS_H

#include "engine/apply.h"

/* Alerts of queues.
 *
 * What a queue is now, its waiting calls, the longest wait, nobody ready, makes a deadline: when an
 * alert is to be raised, and, of one that is raised, when it is to be looked at again. So nobody
 * looks for alerts; what changes a queue with alerts only finds that deadline anew, and a queue
 * without any costs a test of a flag. What a queue has counted, service level and abandoned calls,
 * is looked at when it is counted. */

/* When the first alert of a queue may have to change is found anew. */
COLD void alerts_place(struct acd_engine *e, uint32_t queue);

/* To be called once an event has changed what waits in a queue. */
static inline void alerts_note(struct acd_engine *e, uint32_t queue)
{
    if ((e->queues[queue].flags & QUEUE_ALERTS) != 0)
        alerts_place(e, queue);
}

/* Whether an alert is set, or raised still. */
bool alerts_any(const struct queue *q);

/* When an alert of a queue may have to change; ACD_FOREVER: not by itself. */
acd_time alert_due(const struct acd_engine *e, uint32_t queue, uint8_t alert);

/* ---- deciding ------------------------------------------------------------------------------- */

/* The first alert of a queue that is due is raised, cleared, or found to be still raised. */
void alert_fire(struct acd_engine *e, uint32_t queue);

/* Raises what the calls of an interval ask for. */
COLD void alert_counted(struct acd_engine *e, uint32_t queue);

/* To be called behind the event by which a visit was answered or abandoned. */
static inline void alerts_counted(struct acd_engine *e, uint32_t queue)
{
    if ((e->queues[queue].flags & QUEUE_ALERTS) != 0)
        alert_counted(e, queue);
}

#endif
