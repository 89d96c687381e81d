#ifndef ACD_MODEL_DUMP_PARTS_H
#define ACD_MODEL_DUMP_PARTS_H

#include "tests/model/dump.h"

/* What the dump*.c files have of each other. */

enum { DUMP_ROWS_MAX = 1024 }; /* memberships or assignments of one agent, members of one queue */

void dump_add(struct dump *d, const struct acd_record *record, const void *view);
void dump_add_bytes(struct dump *d, const uint8_t *bytes, size_t len);

/* Each bucket that has any, as a record. */
void dump_add_waits(struct dump *d, const struct acd_waits *waits);

/* Rows without an order of their own are put into one first. */
int dump_by_queue(const void *a, const void *b);
int dump_by_agent(const void *a, const void *b);
void dump_add_members(struct dump *d, struct acd_view_member *rows, size_t count,
                      int (*order)(const void *, const void *));
void dump_add_assignments(struct dump *d, struct acd_view_assignment *rows, size_t count);

/* ---- dump_explain.c: every explanation that can be asked for, at one position in four, for there
 * are many ---- */
enum { EXPLAIN_EVERY = 4 };

/* Returns NULL, or what is broken in itself. */
const char *dump_engine_explained(struct dump *d, const struct acd_engine *e);
void dump_twin_explained(struct dump *d, const struct twin *t);

#endif
