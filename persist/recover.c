#include "persist/persist.h"

#include <inttypes.h>
#include <string.h>

/* The state read back: rows, then the journal behind them, then what of the ring the journal has
 * not.
 *
 * Happy path: the rows are some seconds old; a few thousand events are folded over them; the ring
 * adds what was not committed yet. The live engine is fed with all of it, the follower with rows
 * and journal: the ring is for the worker to bring.
 *
 * Failure modes: a row or a batch is damaged: INVALID, with its place, and nothing is changed. A
 * frame of the ring is broken: it and what is behind it never left the process; recovery stops
 * there. */

enum { PROGRESS_EVERY = 4096 };

static void progress(struct acd_persist *p, const char *what, uint64_t done, uint64_t total)
{
    if (p->options.on_progress != NULL && done % PROGRESS_EVERY == 0)
        p->options.on_progress(p->options.ctx, what, done, total);
}

/* ---- rows --------------------------------------------------------------------------------- */

static int load_row(struct acd_persist *p, struct acd_engine *live, struct store_bytes key,
                    struct store_bytes row)
{
    const uint8_t *k = key.data;
    enum acd_table table = k[0];
    uint64_t number = store_from_be64(k + 1);
    int error = key.len == 9 && table < ACD_TABLE_COUNT
                    ? acd_load_row(live, table, number, row.data, row.len)
                    : ACD_INVALID;

    if (error == ACD_OK)
        error = acd_load_row(p->follower, table, number, row.data, row.len);
    if (error == ACD_OK)
        return ACD_OK;
    return persist_fault(
        p, error,
        error == ACD_FULL ? "%s/tables.mdb: table %d: row %" PRIu64 ": %s; open with greater limits"
                          : "%s/tables.mdb: table %d: row %" PRIu64 ": %s; restore a backup",
        p->directory, (int)table, number, acd_error_text(error));
}

static int load_rows(struct acd_persist *p, struct acd_engine *live)
{
    struct store_bytes key = {NULL, 0}, row;
    struct store_txn *t;
    uint64_t total;
    uint8_t after[10];
    int error = store_begin(p->tables, false, &t), found;

    if (error != 0)
        return persist_store_error(p, p->tables, error);
    total = store_count(t, TABLES_ROWS);
    for (found = store_at_or_after(t, TABLES_ROWS, key, &key, &row); found == 0 && error == ACD_OK;
         found = store_at_or_after(t, TABLES_ROWS, (struct store_bytes){after, sizeof after}, &key,
                                   &row)) {
        error = load_row(p, live, key, row);
        memcpy(after, key.data, sizeof after - 1);
        after[sizeof after - 1] = 0; /* just behind this key */
        progress(p, "rows", ++p->recovery.rows, total);
    }
    store_abort(t);
    if (error != ACD_OK)
        return error;
    acd_load_end(live);
    acd_load_end(p->follower);
    acd_changed_clear(p->follower);
    return ACD_OK;
}

/* ---- journal ------------------------------------------------------------------------------ */

static int damaged(struct acd_persist *p, uint64_t sequence)
{
    return persist_fault(p, ACD_INVALID,
                         "%s/journal.mdb: batch %" PRIu64 " is damaged; restore a backup",
                         p->directory, sequence);
}

/* Folds the frames of one batch that are behind an engine's position. */
static int fold_batch(struct acd_engine *e, const uint8_t *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        struct acd_frame frame;
        size_t size = frame_read(bytes + at, len - at, &frame);

        if (size == 0)
            return ACD_INVALID;
        if (frame.first_sequence > acd_position(e).sequence) {
            int error = acd_apply_frame(e, &frame);

            if (error != ACD_OK)
                return error;
        }
        at += size;
    }
    return ACD_OK;
}

static int fold_value(struct acd_persist *p, struct acd_engine *live, struct store_bytes value,
                      uint64_t sequence)
{
    const uint8_t *frames = (const uint8_t *)value.data + sizeof(struct format_batch);
    struct format_batch head;

    if (value.len < sizeof head)
        return damaged(p, sequence);
    memcpy(&head, value.data, sizeof head);
    if (head.last_sequence <= acd_position(live).sequence)
        return ACD_OK;
    if (fold_batch(live, frames, value.len - sizeof head) != ACD_OK ||
        fold_batch(p->follower, frames, value.len - sizeof head) != ACD_OK ||
        acd_position(live).sequence != head.last_sequence)
        return damaged(p, sequence);
    return ACD_OK;
}

static int fold_journal(struct acd_persist *p, struct acd_engine *live)
{
    uint64_t first = acd_position(live).sequence;
    uint8_t from[8];
    struct store_bytes key, value;
    struct store_txn *t;
    int error = store_begin(p->journal, false, &t), found;

    if (error != 0)
        return persist_store_error(p, p->journal, error);
    /* The batch that holds the next event begins at or before it. */
    store_be64(from, first + 2);
    found = store_before(t, JOURNAL_BATCHES, (struct store_bytes){from, 8}, &key, &value);
    if (found != 0)
        found = store_at_or_after(t, JOURNAL_BATCHES, (struct store_bytes){NULL, 0}, &key, &value);
    while (found == 0 && error == ACD_OK) {
        uint64_t sequence = store_from_be64(key.data);

        error = fold_value(p, live, value, sequence);
        store_be64(from, sequence + 1);
        found = store_at_or_after(t, JOURNAL_BATCHES, (struct store_bytes){from, 8}, &key, &value);
        progress(p, "journal", acd_position(live).sequence, 0);
    }
    store_abort(t);
    p->committed = acd_position(live).sequence;
    p->recovery.journal_events = p->committed - first;
    return error;
}

/* ---- ring --------------------------------------------------------------------------------- */

/* Whole consecutive frames; the first that is broken or out of sequence ends it, and the ring. */
static int fold_ring(struct acd_persist *p, struct acd_engine *live)
{
    struct ring *r = &p->ring;
    uint64_t keep = r->read;
    struct acd_frame frame;
    size_t size;
    bool broken;

    while (ring_peek(r, &frame, &size, &broken)) {
        uint64_t sequence = acd_position(live).sequence;

        if (frame.first_sequence + frame.count <= sequence + 1) {
            r->read += size; /* committed before the kill, but not yet released */
            continue;
        }
        if (frame.first_sequence != sequence + 1 || acd_apply_frame(live, &frame) != ACD_OK)
            break;
        p->recovery.ring_events += frame.count;
        r->read += size;
    }
    atomic_store(&r->header->head, r->read);
    r->read = keep;
    return ACD_OK;
}

int persist_recover(struct acd_persist *p, struct acd_engine *live)
{
    int error = load_rows(p, live);

    if (error == ACD_OK)
        error = fold_journal(p, live);
    if (error == ACD_OK && p->ring.header != NULL)
        error = fold_ring(p, live);
    return error;
}
