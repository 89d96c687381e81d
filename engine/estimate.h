#ifndef ACD_ESTIMATE_H
#define ACD_ESTIMATE_H

#include "engine/engine.h"
#include "engine/hot.h"

/* How long a call will wait for an agent: docs/ROUTING.md has the definition. A question, never a
 * fact: no decision and no event depends on it. For each step that the call will be at it looks at
 * 32 agents and 8 calls at the most, however many there are. */

/* Of a call that is queued. */
COLD acd_span estimate_call(const struct acd_engine *e, uint32_t call);

/* Of a call that would enter a queue now. */
COLD acd_span estimate_caller(const struct acd_engine *e, uint32_t queue);

#endif
