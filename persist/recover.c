#include <inttypes.h>
#include <string.h>

#include "persist/journal.h"
#include "persist/persist.h"
#include "persist/resize.h"
#include "persist/rows.h"

/* The state read back: rows, then the journal behind them, then what of the ring the journal has
 * not.
 *
 * Happy path: the rows are some seconds old; a few thousand events are folded over them; the ring
 * adds what was not committed yet. The live engine is fed with all of it, the follower with rows
 * and journal: the ring is for the workers to bring.
 *
 * Failure modes: a row or a batch is damaged, or the journal ends before the rows: INVALID, with
 * its place. A frame of the ring is broken or does not follow: ring_survey() has found it before.
 * History is behind the rows, since its file was lost: it is collected again from an image on. */

enum { PROGRESS_EVERY = 4096 };

void persist_progress(struct acd_persist *p, const char *what, uint64_t done, uint64_t total)
{
    if (p->options.on_progress != NULL && !p->recovered)
        p->options.on_progress(p->options.ctx, what, done, total);
}

/* ---- rows --------------------------------------------------------------------------------- */

static int load_row(struct acd_persist *p, struct acd_engine *live, struct resize *resize,
                    struct store_bytes key, struct store_bytes value)
{
    struct row row = {.table = ACD_TABLE_COUNT};
    int error = row_read(key, value, &row) ? resize_row(resize, &row) : ACD_INVALID;

    if (error == ACD_OK)
        error = row_load(live, &row);
    if (error == ACD_OK)
        error = row_load(p->follower, &row);
    if (error == ACD_OK)
        return ACD_OK;
    return persist_fault(
        p, error,
        error == ACD_FULL ? "%s/tables.mdb: table %d, row %" PRIu64 ": %s; open with greater limits"
                          : "%s/tables.mdb: table %d, row %" PRIu64 ": %s; restore a backup",
        p->directory, (int)row.table, row.key, acd_error_text(error));
}

static int load_rows(struct acd_persist *p, struct acd_engine *live, const struct acd_limits *now)
{
    struct store_bytes key, value;
    struct resize resize = resize_between(p->meta.limits, now);
    struct store_txn *t;
    uint64_t total;
    int error = store_begin(p->tables, false, &t), found;

    if (error != 0)
        return persist_store_error(p, error);
    total = store_count(t, TABLES_ROWS);
    found = store_at_or_after(t, TABLES_ROWS, (struct store_bytes){NULL, 0}, &key, &value);
    while (found == 0 && error == ACD_OK) {
        error = load_row(p, live, &resize, key, value);
        if (++p->recovery.rows % PROGRESS_EVERY == 0)
            persist_progress(p, "rows", p->recovery.rows, total);
        found = store_next(t, TABLES_ROWS, &key, &value);
    }
    store_abort(t);
    if (error != ACD_OK)
        return error;
    acd_load_end(live);
    acd_load_end(p->follower);
    acd_changed_clear(p->follower);
    return acd_position(live).sequence == p->meta.applied
               ? ACD_OK
               : persist_fault(p, ACD_INVALID,
                               "%s/tables.mdb: its rows are not of event %" PRIu64
                               "; restore a backup",
                               p->directory, p->meta.applied);
}

/* ---- journal ------------------------------------------------------------------------------ */

struct fold {
    struct acd_persist *p;
    struct acd_engine *live, *follower; /* live may be NULL */
    uint64_t upto, frames;
    int error;
};

static int fold_follower(struct fold *f, const struct acd_frame *frame)
{
    int error = follow_frame(f->follower, &f->p->history, frame);

    if (error != ACD_BUSY)
        return error;
    error = persist_history_flush(f->p, acd_position(f->follower).sequence);
    return error != ACD_OK ? error : follow_frame(f->follower, &f->p->history, frame);
}

static bool fold_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    struct fold *f = ctx;

    (void)epoch;
    if (frame->first_sequence > f->upto)
        return false;
    f->error = f->live == NULL ? ACD_OK : acd_apply_frame(f->live, frame);
    if (f->error == ACD_OK)
        f->error = fold_follower(f, frame);
    if (f->frames++ % PROGRESS_EVERY == 0)
        persist_progress(f->p, "journal", frame->first_sequence, f->upto);
    return f->error == ACD_OK;
}

/* Folds the journal over what stands behind `after`. */
static int fold_journal(struct fold *f, uint64_t after)
{
    struct acd_persist *p = f->p;
    struct store_txn *t;
    uint64_t bad = after + 1;
    int error = store_begin(p->journal, false, &t);

    if (error != 0)
        return persist_store_error(p, error);
    error = journal_walk(t, after, fold_frame, f, &bad);
    store_abort(t);
    if (error == 0 && f->error != ACD_OK && f->error != ACD_INVALID && f->error != ACD_STATE)
        return f->error;
    if (error != 0 || f->error != ACD_OK || acd_position(f->follower).sequence < f->upto)
        return persist_fault(p, ACD_INVALID,
                             "%s/journal.mdb: batch %" PRIu64
                             " is damaged or missing; restore a backup",
                             p->directory, bad);
    return ACD_OK;
}

static int fold_behind_rows(struct acd_persist *p, struct acd_engine *live)
{
    struct fold f = {.p = p, .live = live, .follower = p->follower};
    struct store_txn *t;
    uint64_t trimmed;
    int error = store_begin(p->journal, false, &t);

    if (error == 0) {
        error = journal_ends(t, &trimmed, &f.upto);
        store_abort(t);
    }
    if (error != 0)
        return persist_store_error(p, error);
    if (f.upto < p->meta.applied)
        return persist_fault(p, ACD_INVALID,
                             "%s/journal.mdb: ends at event %" PRIu64 ", before the %" PRIu64
                             " of tables.mdb; put back the right one, or restore a backup",
                             p->directory, f.upto, p->meta.applied);
    error = fold_journal(&f, p->meta.applied);
    p->committed = acd_position(live).sequence;
    p->recovery.journal_events = p->committed - p->meta.applied;
    return error;
}

/* ---- history ------------------------------------------------------------------------------ */

/* The newest image at or before a sequence, or the oldest there is. */
static uint64_t image_before(const struct image_list *l, uint64_t sequence)
{
    uint64_t best = l->sequences[0];

    for (size_t i = 0; i < l->count && l->sequences[i] <= sequence; i++)
        best = l->sequences[i];
    return best;
}

/* History is behind the rows: what it misses is folded again, as far as images go back. */
static int collect_history(struct acd_persist *p)
{
    struct fold f = {.p = p, .upto = p->meta.applied};
    uint64_t image;
    int error;

    if (p->history.mark.sequence >= p->meta.applied || p->images.count == 0)
        return ACD_OK;
    image = image_before(&p->images, p->history.mark.sequence);
    error = image_engine(&f.follower, p->directory, image, p->meta.epoch);
    if (error != ACD_OK)
        return persist_fault(p, error, "%s", acd_persist_error(NULL));
    error = fold_journal(&f, image);
    acd_close(f.follower);
    return error == ACD_OK ? persist_history_flush(p, p->meta.applied) : error;
}

/* ---- ring --------------------------------------------------------------------------------- */

/* The live engine gets what the journal has not; the ring was surveyed. */
static int fold_ring(struct acd_persist *p, struct acd_engine *live)
{
    struct ring scan = p->ring;
    struct acd_frame frame;
    uint64_t frames = 0;
    size_t size;
    bool broken;

    while (ring_peek(&scan, &frame, &size, &broken)) {
        scan.read += size;
        if (frames++ % PROGRESS_EVERY == 0)
            persist_progress(p, "ring", scan.read - p->ring.read, ring_waiting(&p->ring));
        if (frame.first_sequence <= acd_position(live).sequence)
            continue; /* committed before the kill, but not yet given back */
        if (acd_apply_frame(live, &frame) != ACD_OK)
            return persist_fault(p, ACD_INVALID,
                                 "%s: event %" PRIu64 " does not fit the state; move it away. To "
                                 "go on without what is in it: --accept-loss",
                                 p->ring_path, frame.first_sequence);
        p->recovery.ring_events += frame.count;
    }
    return ACD_OK;
}

int persist_recover(struct acd_persist *p, struct acd_engine *live, const struct acd_limits *now)
{
    int error = collect_history(p);

    if (error == ACD_OK)
        error = load_rows(p, live, now);
    if (error == ACD_OK)
        error = fold_behind_rows(p, live);
    if (error == ACD_OK && p->ring.header != NULL)
        error = fold_ring(p, live);
    return error;
}
