#ifndef ACD_KEPT_H
#define ACD_KEPT_H

#include "persist/folding.h"
#include "persist/persist.h"

/* Days of reporting zones, added up once and kept in history.mdb. All that is in them follows from
 * the intervals: they make reports quick, and outlive those.
 *
 * A fold has the rows of a day, of queues or of agents, like those of intervals, in parts; all
 * parts of a day, of both, are written in one transaction. */

enum { KEPT_KEY_MAX = 64 + 1 + 9, KEPT_PART = 60000 };

struct kept_key {
    struct acd_str zone;
    uint32_t start; /* number of its first interval */
    uint8_t of;     /* enum interval_of */
    uint32_t part;
};

struct store_bytes kept_key_put(uint8_t out[KEPT_KEY_MAX], const struct kept_key *k);
bool kept_key_get(struct store_bytes key, struct kept_key *out);

/* A part's head, when it is whole. */
bool kept_part_read(struct store_bytes key, struct store_bytes value, struct format_fold *head);

/* Where the first fold of a zone that begins at or behind an interval does, and ends; *end 0: there
 * is none. */
int kept_find(struct store_txn *t, struct acd_str zone, uint32_t from, uint32_t *start,
              uint32_t *end);

/* The last one that begins before an interval (UINT32_MAX: the last of all). */
int kept_before(struct store_txn *t, struct acd_str zone, uint32_t before, uint32_t *start,
                uint32_t *end);

/* Adds the fold that begins there. */
int kept_add(struct store_txn *t, struct acd_str zone, uint8_t of, uint32_t start,
             struct folding *f, bool prime);

/* A day's rows as parts, which are handed over until one is not taken: its error. */
int kept_parts(struct folding *f, acd_time start, acd_time end,
               int (*put)(void *ctx, uint32_t part, struct store_bytes value), void *ctx);

/* Seals a part: its checksum is also of its key. */
void kept_seal(struct store_bytes key, uint8_t *value, size_t len);

/* Forgets some folds that end before a time; *more: there are more. */
int kept_trim(struct store_txn *t, acd_time before, bool *more);

/* ---- kept.c: the follower's ------------------------------------------------------------------ */

/* Adds up one day that is over, of one zone, if there is one not kept yet. */
int persist_keep_day(struct acd_persist *p);

/* In folds_read.c: what was counted in the query's only piece. Errors: those of acd_folds_read().
 */
int folds_gather(struct acd_reader *r, struct folding *f);

#endif
