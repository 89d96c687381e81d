#ifndef ACD_QUEUELOG_FOLD_H
#define ACD_QUEUELOG_FOLD_H

#include "tools/queuelog/queuelog.h"

/* Private to fold*.c: events into lines, by what they are about. */

/* One line: "time|callid|queue|agent|event|" and what `format` makes of its parameters. NULL is
 * NONE. */
void fold_line(struct queuelog *q, acd_time at, const char *call, const char *queue,
               const char *agent, const char *event, const char *format, ...)
    __attribute__((format(printf, 7, 8)));

/* The name in the picture, NULL when it is not there. */
const char *fold_queue_name(const struct queuelog *q, acd_queue_id id);
const char *fold_agent_name(const struct queuelog *q, acd_agent_id id);

/* Whole seconds from one time to another as somebody counts who knows whole seconds only: as
 * Asterisk does, so that what a line says is the difference of the times of two lines. */
long fold_seconds(acd_time from, acd_time to);

/* Each returns whether the event was one of theirs. */
bool fold_agent_event(struct queuelog *q, acd_time at, const struct acd_event *event);
bool fold_call_event(struct queuelog *q, acd_time at, uint64_t sequence,
                     const struct acd_event *event);

/* ADDMEMBER of an agent who is at work, with what else belongs to it. */
void fold_agent_joins(struct queuelog *q, acd_time at, const struct centre_agent *a,
                      acd_queue_id queue);

#endif
