#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "persist/persist.h"

/* Whose files they are: each store says which one it belongs to, and in which format it is.
 *
 * Happy path: a new directory gets its marks, tables.mdb the last; an old one's agree. Failure
 * modes: a store is missing, is of another directory, or is of a later version: told. Only a
 * history that is missing is no error: it is made again as far as the journal goes back. */

void persist_boot_id(uint8_t out[RING_ID_BYTES])
{
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
    char text[64] = "";
    size_t n = 0;

    if (f != NULL) {
        if (fgets(text, sizeof text, f) == NULL)
            text[0] = '\0';
        (void)fclose(f);
    }
    memset(out, 0, RING_ID_BYTES);
    for (const char *c = text; *c != '\0' && n < 2 * RING_ID_BYTES; c++) {
        const char *digit = strchr("0123456789abcdef", *c);

        if (digit == NULL || *digit == '\0')
            continue;
        out[n / 2] = (uint8_t)(out[n / 2] << 4 | (digit - "0123456789abcdef"));
        n++;
    }
}

void persist_ring_path(struct acd_persist *p)
{
    char id[2 * RING_ID_BYTES + 1];

    for (int i = 0; i < RING_ID_BYTES; i++)
        snprintf(id + 2 * i, 3, "%02x", p->meta.store[i]);
    snprintf(p->ring_path, sizeof p->ring_path, "%.200s/acd-%s.ring", p->options.ring_directory,
             id);
}

/* ---- reading ------------------------------------------------------------------------------ */

/* What reading a meta row came to, as an ACD error with its sentence. */
static int meta_was_read(struct acd_persist *p, const char *directory, const char *file, int error,
                         uint32_t format)
{
    if (error == STORE_VERSION && format > FORMAT_VERSION)
        return persist_fault(p, ACD_VERSION,
                             "%s/%s: is of format %u, this version reads up to %d; use a later one",
                             directory, file, format, FORMAT_VERSION);
    if (error == STORE_DAMAGED)
        return persist_fault(p, ACD_INVALID, "%s/%s: its meta row is damaged; restore a backup",
                             directory, file);
    return error == 0 || error == STORE_NOT_FOUND ? ACD_OK : persist_store_error(p, error);
}

int persist_meta_read(struct acd_persist *p, const char *directory, struct store *s,
                      struct format_meta *out, bool *there)
{
    struct store_txn *t;
    uint32_t format = 0;
    int error = store_begin(s, false, &t);

    if (error == 0) {
        error = format_meta_get(t, out, &format);
        store_abort(t);
    }
    *there = error == 0;
    return meta_was_read(p, directory, "tables.mdb", error, format);
}

int persist_mark_read(struct acd_persist *p, const char *directory, struct store *s,
                      const char *file, struct format_mark *out, bool *there)
{
    struct store_txn *t;
    uint32_t format = 0;
    int error = store_begin(s, false, &t);

    if (error == 0) {
        error = format_mark_get(t, out, &format);
        store_abort(t);
    }
    *there = error == 0;
    return meta_was_read(p, directory, file, error, format);
}

static int foreign(struct acd_persist *p, const char *file, const char *what)
{
    return persist_fault(p, ACD_INVALID, "%s/%s: %s; put back the right one, or restore a backup",
                         p->directory, file, what);
}

static uint64_t rows_in(struct store *s, size_t table)
{
    struct store_txn *t;
    uint64_t rows;

    if (store_begin(s, false, &t) != 0)
        return 0;
    rows = store_count(t, table);
    store_abort(t);
    return rows;
}

static int old_identity(struct acd_persist *p, const struct format_mark *journal, bool has_journal,
                        bool has_history)
{
    struct format_mark *history = &p->history.mark;

    if (!has_journal)
        return foreign(p, "journal.mdb", "is missing or new, though tables.mdb is not");
    if (memcmp(journal->store, p->meta.store, RING_ID_BYTES) != 0)
        return foreign(p, "journal.mdb", "belongs to another store than tables.mdb");
    if (!has_history) {
        *history = (struct format_mark){.sequence = 0};
        memcpy(history->store, p->meta.store, RING_ID_BYTES);
    }
    if (memcmp(history->store, p->meta.store, RING_ID_BYTES) != 0)
        return foreign(p, "history.mdb", "belongs to another store than tables.mdb");
    p->trimmed = journal->sequence;
    p->history.seen = history->sequence;
    p->history.rows = rows_in(p->history_store, HISTORY_VISITS);
    /* Before anything is written that an earlier version knows not. */
    return p->meta.format == FORMAT_VERSION ? ACD_OK : persist_meta_write(p);
}

/* ---- writing ------------------------------------------------------------------------------ */

int persist_meta_put(struct acd_persist *p, struct store_txn *t, void *none)
{
    (void)none;
    return format_meta_put(t, p->meta);
}

int persist_meta_write(struct acd_persist *p)
{
    return persist_transact(p, p->tables, persist_meta_put, NULL);
}

static int mark_put(struct acd_persist *p, struct store_txn *t, void *mark)
{
    (void)p;
    return format_mark_put(t, *(const struct format_mark *)mark);
}

/* Directory and stores were empty. The files are in their directory for good before tables.mdb says
 * that there is a store; until then a start begins anew. */
static int new_identity(struct acd_persist *p, bool trimmed)
{
    struct format_mark mark = {.sequence = 0};
    char parent[PERSIST_PATH_MAX + 4];
    int error;

    if (trimmed || rows_in(p->journal, JOURNAL_BATCHES) > 0 ||
        rows_in(p->history_store, HISTORY_VISITS) > 0)
        return foreign(p, "tables.mdb", "is missing or new, though journal and history are not");
    p->meta = (struct format_meta){.epoch = p->options.epoch, .clean = 1};
    memcpy(p->meta.limits, &p->options.limits, sizeof p->options.limits);
    if (getrandom(p->meta.store, RING_ID_BYTES, 0) != RING_ID_BYTES)
        return persist_fault(p, ACD_SYSTEM, "no random bytes: %s", strerror(errno));
    memcpy(mark.store, p->meta.store, RING_ID_BYTES);
    p->history.mark = mark;
    error = persist_transact(p, p->journal, mark_put, &mark);
    if (error == ACD_OK)
        error = persist_transact(p, p->history_store, mark_put, &mark);
    if (error == ACD_OK)
        error = persist_image_anew(p);
    snprintf(parent, sizeof parent, "%s/..", p->directory);
    if (error == ACD_OK && (directory_sync(p->directory) < 0 || directory_sync(parent) < 0))
        error = persist_file_error(p, p->directory, "cannot be made durable");
    return error == ACD_OK ? persist_meta_write(p) : error;
}

int persist_identify(struct acd_persist *p)
{
    struct format_mark journal = {.sequence = 0};
    bool there, has_journal, has_history;
    int error = persist_meta_read(p, p->directory, p->tables, &p->meta, &there);

    if (error == ACD_OK)
        error =
            persist_mark_read(p, p->directory, p->journal, "journal.mdb", &journal, &has_journal);
    if (error == ACD_OK)
        error = persist_mark_read(p, p->directory, p->history_store, "history.mdb",
                                  &p->history.mark, &has_history);
    if (error != ACD_OK)
        return error;
    return there ? old_identity(p, &journal, has_journal, has_history)
                 : new_identity(p, journal.sequence > 0);
}
