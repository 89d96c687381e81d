#include <string.h>

#include "persist/persist.h"
#include "persist/rows.h"

/* The follower's changed rows written down, so that a restart need not fold the journal from the
 * beginning.
 *
 * Happy path: every few seconds, one transaction: the rows that have changed, and the sequence that
 * they are true at. Changes are coalesced: a row that changed a thousand times is written once.
 * History goes first, so that it is never behind the rows that a start begins with.
 *
 * Failure modes: the disk is full: the transaction is aborted, the notes of what has changed are
 * kept, and the next round tries again; meanwhile the journal holds everything. */

static int put_row(struct acd_persist *p, struct store_txn *t, enum acd_table table, uint64_t key)
{
    uint8_t row[ROW_VALUE_MAX];
    struct row_key k;
    size_t len = row_value(p->follower, table, key, row);

    if (len == 0)
        return store_delete(t, TABLES_ROWS, row_key(&k, table, key));
    return store_put(t, TABLES_ROWS, row_key(&k, table, key), (struct store_bytes){row, len});
}

enum { ROWS_TOLD = 64 };

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

/* `of`: the rows there are, about. */
static void rows_count(struct acd_persist *p, uint64_t *rows, uint64_t of)
{
    if ((*rows)++ % ROWS_TOLD == 0)
        persist_progress(p, "checkpoint", *rows, of > *rows ? of : *rows);
}

static int put_changed(struct acd_persist *p, struct store_txn *t, uint64_t *rows)
{
    uint64_t of = store_count(t, TABLES_ROWS);
    int error = put_row(p, t, ACD_TABLE_ENGINE, 0);

    for (enum acd_table table = 0; error == 0 && table < ACD_TABLE_COUNT; table++)
        for (uint64_t key = 0; error == 0 && acd_changed_next(p->follower, table, &key); key++) {
            error = put_row(p, t, table, key);
            if (error == 0 && table == ACD_TABLE_CLIENTS)
                error = put_notices(p, t, key);
            rows_count(p, rows, of);
        }
    return error;
}

/* All rows, in place of those that are there. */
static int put_all(struct acd_persist *p, struct store_txn *t, uint64_t *rows)
{
    uint64_t of = store_count(t, TABLES_ROWS);
    int error = store_clear(t, TABLES_ROWS);

    for (enum acd_table table = 0; error == 0 && table < ACD_TABLE_COUNT; table++)
        for (uint64_t key = 0; error == 0 && acd_row_next(p->follower, table, &key); key++) {
            error = put_row(p, t, table, key);
            rows_count(p, rows, of);
        }
    return error;
}

struct checkpoint {
    bool whole;
    uint64_t rows;
};

static int checkpoint_fill(struct acd_persist *p, struct store_txn *t, void *ctx)
{
    struct checkpoint *c = ctx;
    int error;

    c->rows = 0;
    p->meta.applied = acd_position(p->follower).sequence;
    if (p->recovered)
        p->meta.untold = 0; /* the host has known for a while */
    error = c->whole ? put_all(p, t, &c->rows) : put_changed(p, t, &c->rows);
    return error != 0 ? error : persist_meta_put(p, t, NULL);
}

static void checkpoint_note(struct acd_persist *p, uint64_t rows, acd_span took)
{
    pthread_mutex_lock(&p->lock);
    p->figures.checkpoints++;
    p->figures.checkpoint_rows += rows;
    p->figures.checkpoint_last = took;
    if (took > p->figures.checkpoint_max)
        p->figures.checkpoint_max = took;
    pthread_mutex_unlock(&p->lock);
}

int persist_checkpoint(struct acd_persist *p, bool whole)
{
    struct checkpoint c = {.whole = whole};
    uint64_t before = p->meta.applied;
    acd_time began = persist_clock();
    int error = persist_history_flush(p, acd_position(p->follower).sequence);

    if (error != ACD_OK)
        return error;
    persist_phase_begin(p, RING_CHECKPOINT);
    error = persist_transact(p, p->tables, checkpoint_fill, &c);
    persist_phase_end(p, RING_CHECKPOINT);
    if (error != ACD_OK) {
        p->meta.applied = before;
        return error;
    }
    acd_changed_clear(p->follower);
    checkpoint_note(p, c.rows, persist_clock() - began);
    return ACD_OK;
}
