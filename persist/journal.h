#ifndef ACD_JOURNAL_H
#define ACD_JOURNAL_H

#include "engine/acd.h"
#include "persist/format.h"

/* Batches of journal.mdb, made by the committer and read by whoever reads. */

/* A batch as it stands on the disk. Its memory grows as is needed; a zero one is empty. */
struct journal_batch {
    uint8_t *bytes;
    size_t len, room;
};

/* Packs frames, of which `last` is the last event, behind a head. False: there is no memory. */
bool journal_pack(struct journal_batch *b, uint32_t epoch, uint64_t last, const void *frames,
                  size_t len);

/* Called with each frame; false stops. */
typedef bool (*journal_cb)(void *ctx, uint32_t epoch, const struct acd_frame *frame);

/* Hands over, in order, every frame that reaches behind the event `after`. Errors: DAMAGED, with
 * the batch it is about, by its first sequence, in *bad: a checksum is wrong, or a sequence is
 * missing before it; MEMORY. */
int journal_walk(struct store_txn *t, uint64_t after, journal_cb each, void *ctx, uint64_t *bad);

/* What stands in it: the events behind *trimmed, up to *last; they are equal when it is empty. */
int journal_ends(struct store_txn *t, uint64_t *trimmed, uint64_t *last);

#endif
