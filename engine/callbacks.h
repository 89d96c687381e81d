#ifndef ACD_CALLBACKS_H
#define ACD_CALLBACKS_H

#include "engine/apply.h"
#include "engine/hot.h"

/* Callers who are called back. Such a call stays what it is, but for its flag: it is scheduled, in
 * no queue's line, until it is due; then it waits at the place that it kept, and rings, like any
 * other; who accepts it has its customer dialled; and it is connected, or scheduled anew. */

/* What a queue has unless it is set otherwise. */
#define CALLBACK_ATTEMPTS 3
#define CALLBACK_RETRY    (15 * 60 * ACD_SECOND)
#define CALLBACK_EXPIRE   (24 * 3600 * ACD_SECOND)
#define CALLBACK_DIAL     (60 * ACD_SECOND)

enum { CALLBACK_ATTEMPTS_MAX = 100 };

/* Whether a command may give this span for what a queue or a callback has: 0 is not given. */
static inline bool callback_span_ok(acd_span span)
{
    return span == 0 || (span >= ACD_SECOND && span <= 30 * 86400 * ACD_SECOND);
}

/* The callback of a queue that has waited for the longest for this number, and does not ring, or
 * NONE. */
uint32_t callback_find(const struct acd_engine *e, uint32_t queue, struct acd_str number);

/* ---- deciding: on_callback.c ---------------------------------------------------------------- */

/* Makes a callback of a queued call that leaves its queue by a rule, under the number given or its
 * caller's. False when there is none. */
COLD bool callback_by_rule(struct acd_engine *e, uint32_t call, struct acd_str number,
                           uint8_t cause, bool told);

/* A scheduled one is due: it enters its queue, or is put off, or given up. */
COLD void callback_fall_due(struct acd_engine *e, uint32_t call);

/* A queued one leaves its queue by a rule: it is put off, or given up. */
COLD void callback_leave(struct acd_engine *e, uint32_t call, uint8_t cause, uint8_t disposition);

/* A scheduled one goes on to another queue. */
COLD void callback_go(struct acd_engine *e, uint32_t call, uint32_t queue);

/* It is over before its customer was reached, whatever it is doing. */
COLD void callback_withdraw(struct acd_engine *e, uint32_t call, uint8_t cause, bool told);

/* Who is offered one has taken it; dialling its customer has failed. */
COLD void callback_dial(struct acd_engine *e, uint32_t assignment);
COLD void callback_fail(struct acd_engine *e, uint32_t assignment, uint8_t result, bool told);

/* ---- applying: apply_callback.c ------------------------------------------------------------- */

/* It ends before its customer was connected. */
COLD void callback_over(struct acd_engine *e, uint32_t call, uint8_t disposition);

/* For loading: puts one back to where it stood. */
COLD void callback_tie(struct acd_engine *e, uint32_t call);

#endif
