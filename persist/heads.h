#ifndef ACD_HEADS_H
#define ACD_HEADS_H

#include <stdbool.h>

#include "engine/acd.h"
#include "persist/format.h"
#include "persist/store.h"

/* The heads of the chains through the visits (history.h), and those that are being moved.
 *
 * Each visit that is written moves four heads, many visits the same ones. So they stand in a table
 * meanwhile: each is read when it first moves, and written once, in the order of the store's keys,
 * which costs a fraction of writing here and there. */

enum { HEADS_KEY_MAX = 128, HEADS_MAX = 1 << 16, HEADS_PLACES = 2 * HEADS_MAX };

/* The name of a chain's head in the store. Returns 0 when there is no name. */
size_t chain_key(enum history_chain chain, struct acd_str name, uint8_t out[HEADS_KEY_MAX]);

/* The visit that a head names, or 0. */
uint64_t chain_head(struct store_txn *t, struct store_bytes key);

struct head {
    uint64_t sequence; /* of the newest visit */
    struct acd_str name;
    uint32_t hash; /* of the name; in a chain of buckets the bucket, and the name is any of it */
    uint32_t chain;
};

struct heads {
    struct head *moved; /* HEADS_MAX */
    uint32_t *places;   /* HEADS_PLACES, by hash: a place in `moved`, plus one; 0: none */
    uint32_t count;
};

/* Takes the memory; false without. Zeroed is closed. */
bool heads_open(struct heads *h);
void heads_close(struct heads *h);

/* Forgets what was moved: at the beginning of a transaction, since the last may have come to
 * nothing. */
void heads_begin(struct heads *h);

/* Makes a visit the newest of a chain; *previous: which was before it, or 0. The name's text stays
 * where it is until the heads are written, which happens at once when they are too many. Errors:
 * those of the store. */
int heads_move(struct heads *h, struct store_txn *t, enum history_chain chain, struct acd_str name,
               uint64_t sequence, uint64_t *previous);

/* Writes down what was moved. */
int heads_write(struct heads *h, struct store_txn *t);

#endif
