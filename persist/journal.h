#ifndef ACD_JOURNAL_H
#define ACD_JOURNAL_H

#include "engine/acd.h"
#include "persist/store.h"

/* Reading journal.mdb, whoever reads. */

/* Called with each frame; false stops. */
typedef bool (*journal_cb)(void *ctx, uint32_t epoch, const struct acd_frame *frame);

/* Hands over, in order, every frame that reaches behind the event `after`. Errors: DAMAGED, with
 * the batch it is about, by its first sequence, in *bad: a checksum is wrong, or a sequence is
 * missing before it. */
int journal_walk(struct store_txn *t, uint64_t after, journal_cb each, void *ctx, uint64_t *bad);

/* What stands in it: the events behind *trimmed, up to *last; they are equal when it is empty. */
int journal_ends(struct store_txn *t, uint64_t *trimmed, uint64_t *last);

#endif
