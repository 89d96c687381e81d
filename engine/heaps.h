#ifndef ACD_HEAPS_H
#define ACD_HEAPS_H

#include "engine/engine.h"

/* Entries that heaps_init needs in each half. */
uint32_t heaps_entries(uint32_t seats, uint32_t queues);

/* Makes sure that the `ready` of a queue's own line, whose number is the queue's, has room for one
 * more seat than it has now. */
void heaps_reserve(struct acd_engine *e, uint32_t line);

#endif
