#ifndef ACD_STORE_H
#define ACD_STORE_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Ordered tables of bytes on disk: the narrow seam to LMDB, which only store.c knows.
 *
 * A store is one file with a few named tables. One thread writes, in transactions that are on the
 * disk when store_commit() returns; any number of threads and processes read, each a snapshot. Keys
 * are compared as bytes. The map has a sparse ceiling, raised between transactions when it is
 * reached: store_raise() and store_reopen() park new readers and wait for those that are there, so
 * a reader is never long, and the thread that raises has no reader of its own.
 *
 * Errors are 0 or a negative enum; store_error() has the sentence. */

enum store_error {
    STORE_OK = 0,
    STORE_NOT_FOUND = -1,
    STORE_FULL = -2,    /* the map is full: abort, store_raise(), again */
    STORE_DISK = -3,    /* no space, no right or an I/O error: store_errno(); nothing was changed */
    STORE_DAMAGED = -4, /* what is there is no store, or is broken */
    STORE_VERSION = -5, /* of a later version of the library */
    STORE_PANIC = -6,   /* a write failed half way: close and open again */
    STORE_MEMORY = -7,  /* or too many readers */
};

enum { STORE_TABLES_MAX = 8, STORE_KEY_MAX = 500 };

struct store;
struct store_txn;

struct store_bytes {
    const void *data;
    size_t len;
};

struct store_options {
    const char *path;          /* the file; made if missing, unless read_only */
    const char *const *tables; /* their names; up to STORE_TABLES_MAX */
    size_t table_count;
    size_t map_bytes; /* the map's first ceiling; sparse, takes no space */
    bool read_only;   /* then a table that is missing is empty, but the first */
    bool large;       /* beyond 256 MiB its leaves are not looked at when it is opened */
    void (*on_progress)(void *ctx, uint64_t pages,
                        uint64_t of); /* while it looks at them, or NULL */
    void *ctx;
};

/* The pages are looked at: what is cut short or broken is DAMAGED here, and no signal later. */
int store_open(struct store **out, const struct store_options *options);
void store_close(struct store *s);

/* The last error that this thread met, in a sentence. */
const char *store_error(void);
int store_errno(void); /* of a STORE_DISK */

/* For who finds that what a store holds makes no sense: says so, and returns DAMAGED. */
int store_damaged(const struct store_txn *t, const char *what);

/* Doubles the map's ceiling. This thread has no transaction open. */
int store_raise(struct store *s);

/* Gives up a store after STORE_PANIC and opens it anew. This thread has no transaction open. When
 * that fails every store_begin() is a PANIC until it succeeds. */
int store_reopen(struct store *s);

/* Looks at all pages, however large it is. DAMAGED, with what is wrong. */
int store_check(struct store *s);

/* Bytes of the file in use. */
uint64_t store_bytes_used(struct store *s);

/* Copies the store to a file that must not be there, compacted, as of one moment, while it goes on;
 * the copy is on the disk. It counts as a reader for as long as it takes. */
int store_copy(struct store *s, const char *path);

/* ---- transactions --------------------------------------------------------------------------- */

int store_begin(struct store *s, bool write, struct store_txn **out);

/* Makes a writer's changes durable; the transaction is over, whatever comes back. */
int store_commit(struct store_txn *t);
void store_abort(struct store_txn *t);

/* `table` is the place in options.tables. What a get gives is valid until the transaction is over
 * or writes again. */
int store_get(struct store_txn *t, size_t table, struct store_bytes key, struct store_bytes *value);
int store_put(struct store_txn *t, size_t table, struct store_bytes key, struct store_bytes value);

/* As store_put, for a key that is greater than all there are: quicker, and pages fill up. */
int store_append(struct store_txn *t, size_t table, struct store_bytes key,
                 struct store_bytes value);

/* NOT_FOUND is no error. */
int store_delete(struct store_txn *t, size_t table, struct store_bytes key);

/* The first entry with a key at or after `key`; the last one before it; NOT_FOUND when there is
 * none. An empty `key` is before all; in store_before it is behind all. */
int store_at_or_after(struct store_txn *t, size_t table, struct store_bytes key,
                      struct store_bytes *found, struct store_bytes *value);
int store_before(struct store_txn *t, size_t table, struct store_bytes key,
                 struct store_bytes *found, struct store_bytes *value);

/* The entry behind the one found last in this table, or put there since; NOT_FOUND at the end. */
int store_next(struct store_txn *t, size_t table, struct store_bytes *found,
               struct store_bytes *value);

uint64_t store_count(struct store_txn *t, size_t table);

/* Empties a table. */
int store_clear(struct store_txn *t, size_t table);

/* ---- keys ----------------------------------------------------------------------------------- */

static inline void store_be64(uint8_t out[8], uint64_t v)
{
    v = htobe64(v);
    memcpy(out, &v, sizeof v);
}

static inline uint64_t store_from_be64(const uint8_t in[8])
{
    uint64_t v;

    memcpy(&v, in, sizeof v);
    return be64toh(v);
}

/* LMDB's own order. Most keys are eight bytes, which need no call to be compared: a visit that is
 * looked up is compared with 20 others. */
static inline int store_order(struct store_bytes a, struct store_bytes b)
{
    int order;

    if (a.len == sizeof(uint64_t) && b.len == sizeof(uint64_t)) {
        const uint64_t x = store_from_be64(a.data), y = store_from_be64(b.data);

        return (x > y) - (x < y);
    }
    order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

#endif
