#ifndef ACD_ROW_WALK_H
#define ACD_ROW_WALK_H

#include "engine/engine.h"

/* Whether a table has a row of that key, at the cost of a look at it. */
bool row_is_there(const struct acd_engine *e, enum acd_table table, uint64_t key);

#endif
