#ifndef ACD_READY_RANK_H
#define ACD_READY_RANK_H

#include "engine/ready.h"

/* Where somebody stands among those who are there: asked by people, by no decision. */

/* How many are available in a line. */
uint32_t ready_able(const struct acd_engine *e, uint32_t line);

/* How many are before a member who is available in a line, for a call or, with NONE, for one that
 * was offered to nobody yet: 0 for the one that ready_first() gives. NONE where they are drawn.
 * O(log n) where positions count in a queue's own line, else O(n log n). */
uint32_t ready_rank(const struct acd_engine *e, uint32_t line, uint32_t membership, uint32_t call);

/* The one who stands right behind another in a line, or NONE: it is the last, or they are drawn.
 * Costs as above. */
uint32_t ready_after(const struct acd_engine *e, uint32_t line, uint32_t membership, uint32_t call);

#endif
