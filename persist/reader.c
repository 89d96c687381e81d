#include "persist/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "persist/folder.h"
#include "persist/journal.h"
#include "persist/persist.h"

/* Readers, and the journal read.
 *
 * Happy path: each call is one or a few snapshots, given up before it returns. Failure modes: a
 * store is missing or damaged: told when it is opened. */

static const size_t MAP_BYTES = (size_t)1 << 30; /* grows with what the writer has */

/* ---- opening ------------------------------------------------------------------------------ */

int acd_reader_open(struct acd_reader **out, struct acd_persist *p)
{
    struct acd_reader *r = calloc(1, sizeof *r);

    *out = r;
    if (r == NULL)
        return persist_fault(NULL, ACD_NO_MEMORY, "no memory for a reader");
    r->tables = p->tables;
    r->journal = p->journal;
    r->history = p->history_store;
    memcpy(r->directory, p->directory, sizeof r->directory);
    return ACD_OK;
}

static int open_store(struct acd_reader *r, struct store **out, const char *file,
                      const char *const *tables, size_t count, bool large)
{
    char path[300];
    struct store_options options = {.path = path,
                                    .tables = tables,
                                    .table_count = count,
                                    .map_bytes = MAP_BYTES,
                                    .read_only = true,
                                    .large = large};
    int error;

    snprintf(path, sizeof path, "%s/%s", r->directory, file);
    error = store_open(out, &options);
    return error == 0 ? ACD_OK : persist_store_error(NULL, error);
}

/* The stores belong together, and are of a format that is known. */
static int check_marks(struct acd_reader *r)
{
    struct format_meta meta = {.format = 0};
    struct format_mark journal = {.format = 0}, history = {.format = 0};
    bool there[3];
    int error = persist_meta_read(NULL, r->directory, r->tables, &meta, there);

    if (error == ACD_OK)
        error =
            persist_mark_read(NULL, r->directory, r->journal, "journal.mdb", &journal, there + 1);
    if (error == ACD_OK)
        error =
            persist_mark_read(NULL, r->directory, r->history, "history.mdb", &history, there + 2);
    if (error != ACD_OK)
        return error;
    if (!there[0] || !there[1] || !there[2] ||
        memcmp(meta.store, journal.store, sizeof meta.store) != 0 ||
        memcmp(meta.store, history.store, sizeof meta.store) != 0)
        return persist_fault(NULL, ACD_INVALID,
                             "%s: its files do not belong together; restore a backup",
                             r->directory);
    return ACD_OK;
}

int acd_reader_open_directory(struct acd_reader **out, const char *directory)
{
    struct acd_reader *r = calloc(1, sizeof *r);
    int error;

    *out = NULL;
    if (r == NULL)
        return persist_fault(NULL, ACD_NO_MEMORY, "no memory for a reader");
    r->own = true;
    snprintf(r->directory, sizeof r->directory, "%s", directory);
    error = persist_copy_is_whole(NULL, directory);
    if (error == ACD_OK)
        error = open_store(r, &r->tables, "tables.mdb", tables_names, TABLES_COUNT, false);
    if (error == ACD_OK)
        error = open_store(r, &r->journal, "journal.mdb", journal_names, JOURNAL_COUNT, false);
    if (error == ACD_OK)
        error = open_store(r, &r->history, "history.mdb", history_names, HISTORY_COUNT, true);
    if (error == ACD_OK)
        error = check_marks(r);
    if (error == ACD_OK)
        *out = r;
    else
        acd_reader_close(r);
    return error;
}

void acd_reader_close(struct acd_reader *r)
{
    if (r == NULL)
        return;
    fold_pages_close(r->pages);
    if (r->own) {
        store_close(r->tables);
        store_close(r->journal);
        store_close(r->history);
    }
    free(r);
}

/* ---- the journal ---------------------------------------------------------------------------- */

int acd_journal_range(struct acd_reader *r, uint64_t *oldest, uint64_t *last)
{
    struct store_txn *t;
    int error = store_begin(r->journal, false, &t);

    if (error == 0) {
        error = journal_ends(t, oldest, last);
        store_abort(t);
    }
    ++*oldest;
    return error == 0 ? ACD_OK : persist_store_error(NULL, error);
}

struct reading {
    acd_journal_cb each;
    void *ctx;
    uint64_t after;
    size_t bytes, limit;
    int frames;
};

static bool read_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    struct reading *reading = ctx;

    reading->after = frame->first_sequence + frame->count - 1;
    reading->bytes += frame->len;
    reading->frames++;
    return reading->each(reading->ctx, epoch, frame) && reading->bytes < reading->limit;
}

int acd_journal_read(struct acd_reader *r, uint64_t *after, size_t bytes, acd_journal_cb each,
                     void *ctx)
{
    struct reading reading = {each, ctx, *after, 0, bytes, 0};
    struct store_txn *t;
    uint64_t trimmed = 0, last, bad = 0;
    int error = store_begin(r->journal, false, &t);

    if (error != 0)
        return persist_store_error(NULL, error);
    error = journal_ends(t, &trimmed, &last);
    if (error == 0 && *after >= trimmed)
        error = journal_walk(t, *after, read_frame, &reading, &bad);
    store_abort(t);
    if (error == STORE_DAMAGED)
        return persist_fault(NULL, ACD_INVALID,
                             "%s/journal.mdb: batch %" PRIu64 " is damaged; restore a backup",
                             r->directory, bad);
    if (error != 0)
        return persist_store_error(NULL, error);
    if (*after < trimmed)
        return persist_fault(NULL, ACD_STALE, "the journal is kept from event %" PRIu64 " on",
                             trimmed + 1);
    *after = reading.after;
    return reading.frames;
}
