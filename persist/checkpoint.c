#include "persist/persist.h"

#include <string.h>

/* The follower's changed rows written down, so that a restart need not fold the journal from the
 * beginning.
 *
 * Happy path: every few seconds, one transaction: the rows that have changed, and the sequence that
 * they are true at. Changes are coalesced: a row that changed a thousand times is written once.
 *
 * Failure modes: the disk is full: the transaction is aborted, the notes of what has changed are
 * kept, and the next round tries again; meanwhile the journal holds everything. */

struct row_key {
    uint8_t bytes[9];
};

static struct store_bytes row_key(struct row_key *k, enum acd_table table, uint64_t key)
{
    k->bytes[0] = (uint8_t)table;
    store_be64(k->bytes + 1, key);
    return (struct store_bytes){k->bytes, sizeof k->bytes};
}

static int put_row(struct acd_persist *p, struct store_txn *t, enum acd_table table, uint64_t key)
{
    uint8_t row[ACD_RECORD_MAX];
    struct row_key k;
    size_t len = acd_row_write(p->follower, table, key, row);

    if (len == 0)
        return store_delete(t, TABLES_ROWS, row_key(&k, table, key));
    return store_put(t, TABLES_ROWS, row_key(&k, table, key), (struct store_bytes){row, len});
}

enum { NOTICE_KEY_BITS = 40 }; /* a notice's key is its client's slot above its number */

/* The first notice row of a client that is written down, at or after `key`. */
static bool notice_written(struct store_txn *t, uint64_t key, uint64_t client, uint64_t *found)
{
    struct store_bytes at, value;
    struct row_key k;

    if (store_at_or_after(t, TABLES_ROWS, row_key(&k, ACD_TABLE_NOTICES, key), &at, &value) != 0 ||
        ((const uint8_t *)at.data)[0] != ACD_TABLE_NOTICES)
        return false;
    *found = store_from_be64((const uint8_t *)at.data + 1);
    return *found >> NOTICE_KEY_BITS == client;
}

/* A changed client's outbox: drops what it holds no more, adds what is new. */
static int put_notices(struct acd_persist *p, struct store_txn *t, uint64_t client)
{
    uint64_t first = client << NOTICE_KEY_BITS, written = first, key = first;
    bool any =
        acd_row_next(p->follower, ACD_TABLE_NOTICES, &key) && key >> NOTICE_KEY_BITS == client;
    struct row_key k;
    int error = 0;

    while (error == 0 && notice_written(t, first, client, &written) && (!any || written < key))
        error = store_delete(t, TABLES_ROWS, row_key(&k, ACD_TABLE_NOTICES, written));
    for (; error == 0 && any; any = acd_row_next(p->follower, ACD_TABLE_NOTICES, &key) &&
                                    key >> NOTICE_KEY_BITS == client) {
        struct store_bytes there;

        if (store_get(t, TABLES_ROWS, row_key(&k, ACD_TABLE_NOTICES, key), &there) != 0)
            error = put_row(p, t, ACD_TABLE_NOTICES, key);
        key++;
    }
    return error;
}

static int put_changed(struct acd_persist *p, struct store_txn *t, uint64_t *rows)
{
    int error = put_row(p, t, ACD_TABLE_ENGINE, 0);

    for (enum acd_table table = 0; error == 0 && table < ACD_TABLE_NOTICES; table++)
        for (uint64_t key = 0; error == 0 && acd_changed_next(p->follower, table, &key); key++) {
            error = put_row(p, t, table, key);
            if (error == 0 && table == ACD_TABLE_CLIENTS)
                error = put_notices(p, t, key);
            ++*rows;
        }
    return error;
}

static int put_meta(struct acd_persist *p, struct store_txn *t)
{
    return store_put(t, TABLES_META, (struct store_bytes){"meta", 4},
                     (struct store_bytes){&p->meta, sizeof p->meta});
}

static int try_checkpoint(struct acd_persist *p, uint64_t *rows)
{
    struct store_txn *t;
    int error = store_begin(p->tables, true, &t);

    *rows = 0;
    if (error != 0)
        return error;
    p->meta.applied = acd_position(p->follower).sequence;
    error = put_changed(p, t, rows);
    if (error == 0)
        error = put_meta(p, t);
    if (error == 0)
        return store_commit(t);
    store_abort(t);
    return error;
}

int persist_checkpoint(struct acd_persist *p)
{
    uint64_t rows;
    int error = try_checkpoint(p, &rows);

    while (error == STORE_FULL) {
        ring_phase(&p->ring, RING_MAP_RAISE);
        error = store_raise(p->tables);
        ring_phase(&p->ring, RING_CHECKPOINT);
        if (error == 0)
            error = try_checkpoint(p, &rows);
    }
    if (error != 0)
        return persist_store_error(p, p->tables, error);
    acd_changed_clear(p->follower);
    pthread_mutex_lock(&p->lock);
    p->figures.checkpoints++;
    p->figures.checkpoint_rows += rows;
    pthread_mutex_unlock(&p->lock);
    return ACD_OK;
}

int persist_meta_write(struct acd_persist *p)
{
    struct store_txn *t;
    int error = store_begin(p->tables, true, &t);

    if (error == 0) {
        error = put_meta(p, t);
        if (error == 0)
            error = store_commit(t);
        else
            store_abort(t);
    }
    return error == 0 ? ACD_OK : persist_store_error(p, p->tables, error);
}
