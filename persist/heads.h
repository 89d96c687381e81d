#ifndef ACD_HEADS_H
#define ACD_HEADS_H

#include <stdbool.h>

#include "engine/acd.h"
#include "persist/format.h"
#include "persist/store.h"

/* The heads of the chains through the visits (history.h), and a table of them in memory.
 *
 * Each visit that is written moves four heads, many visits the same ones. So they are moved in the
 * table, and those that moved are written once, at the transaction's end, in the order of the
 * store's keys, which costs a fraction of writing here and there. What the table knows is not read
 * again; a head that names a visit which was forgotten meanwhile does no harm. */

enum {
    HEADS_KEY_MAX = 71,      /* a chain and a name */
    HEADS_BUCKETS = 1 << 16, /* of call keys, and of callers */
    HEADS_NAMES = 1 << 14,   /* agents and queues */
    HEADS_PLACES = 2 * HEADS_NAMES,
};

/* The name of a chain's head in the store. Returns 0 when there is no name. */
size_t chain_key(enum history_chain chain, struct acd_str name, uint8_t out[HEADS_KEY_MAX]);

/* The visit that a head names, or 0. */
uint64_t chain_head(struct store_txn *t, struct store_bytes key);

struct head {
    uint64_t newest; /* visit, or 0 */
    bool known, moved;
};

struct head_name {
    struct head head;
    uint8_t len, key[HEADS_KEY_MAX]; /* as in the store */
};

struct heads {
    struct heads_memory {
        struct head buckets[2][HEADS_BUCKETS];
        struct head_name names[HEADS_NAMES];
        uint32_t places[HEADS_PLACES]; /* by hash: a place in `names`, plus one; 0: none */
        uint32_t sorted[HEADS_NAMES];  /* of `names`, those that moved */
    } * memory;
    uint32_t count, moved; /* of `names`, of `sorted` */
};

/* Takes the memory; false without. Zeroed is closed. */
bool heads_open(struct heads *h);
void heads_close(struct heads *h);

/* Forgets all: what was moved may have come to nothing. */
void heads_forget(struct heads *h);

/* The hash of a chain's name, which is not empty. */
uint32_t heads_hash(enum history_chain chain, struct acd_str name);

/* Says that a head will be moved soon. */
void heads_fetch(const struct heads *h, enum history_chain chain, uint32_t hash);

/* Makes a visit the newest of a chain; *previous: which was before it, or 0. With too many names
 * at once some are written here. Errors: those of the store. */
int heads_move(struct heads *h, struct store_txn *t, enum history_chain chain, struct acd_str name,
               uint32_t hash, uint64_t visit, uint64_t *previous);

/* Writes down what was moved. */
int heads_write(struct heads *h, struct store_txn *t);

#endif
