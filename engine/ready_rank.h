#ifndef ACD_READY_RANK_H
#define ACD_READY_RANK_H

#include "engine/ready.h"

/* Where somebody stands among those who are there: asked by people, by no decision. */

/* How many seats of a line are before one of its available ones, for a call or, with NONE, for one
 * that was offered to nobody yet: 0 for the one that ready_first() gives. NONE where they are
 * drawn. O(log n) where positions count, else O(n). */
uint32_t ready_rank(const struct acd_engine *e, uint32_t seat, uint32_t call);

/* The available seat that stands right behind another of its line, or NONE: it is the last, or they
 * are drawn. Costs as above. */
uint32_t ready_after(const struct acd_engine *e, uint32_t seat, uint32_t call);

#endif
