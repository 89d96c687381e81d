#ifndef ACD_RESUME_H
#define ACD_RESUME_H

#include "engine/apply.h"

/* Places of callers who abandoned, for when they call again. */

/* The remembered place of a caller in a queue: where it is in e->abandoned, or NONE. */
uint32_t abandoned_find(const struct acd_engine *e, acd_queue_id queue, struct acd_str caller);

/* Remembers the place of a call that its caller abandons, instead of any it had; forgets one. */
void abandoned_remember(struct acd_engine *e, uint32_t call);
void abandoned_forget(struct acd_engine *e, uint32_t place);

#endif
