#ifndef ACD_BENCH_INDEXED_H
#define ACD_BENCH_INDEXED_H

#include "engine/acd.h"

/* Visits in plain LMDB, as one would write them: a table of records by sequence, and for key,
 * caller, agent and queue an index of (name, sequence). Gives up on any error. */

struct indexed;

struct indexed *indexed_open(const char *directory);

void indexed_begin(struct indexed *x);
void indexed_add(struct indexed *x, const struct acd_view_visit *v);
void indexed_commit(struct indexed *x);

/* Reads and decodes the newest visits of an agent; how many. */
int indexed_newest(struct indexed *x, struct acd_str agent, int count);

/* Returns the bytes of its file. */
double indexed_close(struct indexed *x);

#endif
