#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "persist/journal.h"
#include "persist/persist.h"
#include "persist/reader.h"

/* Stores copied, and made smaller.
 *
 * Happy path of a copy: tables, then history, then journal, each as of a moment; so the journal has
 * all that the rows were made from and more, and history has all visits up to them. Each file gets
 * a new store id as soon as it is there, before the next is copied, so none ever takes the
 * original's ring for its own. The image is made of the copied rows. A file says so while the copy
 * is not finished, and who finds that refuses the directory: it may look like a new one.
 *
 * Failure modes: the disk is full: the error is told, and what was copied is left for the operator
 * to remove. The copy takes so long that the journal is trimmed beyond the rows that were copied:
 * told, since nothing could be made of it. Compaction replaces one file after the other, each
 * whole; they hold the same as before, and what it could not finish goes. */

static const size_t MAP_BYTES = (size_t)16 << 30;

static const struct {
    const char *file;
    const char *const *tables;
    size_t count;
} stores[] = {
    {"tables.mdb", tables_names, TABLES_COUNT},
    {"history.mdb", history_names, HISTORY_COUNT},
    {"journal.mdb", journal_names, JOURNAL_COUNT},
};

enum { STORES = sizeof stores / sizeof stores[0] };

static const char UNFINISHED[] = "copy.unfinished";

static void unfinished_path(char out[300], const char *directory)
{
    snprintf(out, 300, "%s/%s", directory, UNFINISHED);
}

int persist_copy_is_whole(struct acd_persist *p, const char *directory)
{
    char path[300];

    unfinished_path(path, directory);
    return access(path, F_OK) != 0
               ? ACD_OK
               : persist_fault(p, ACD_INVALID,
                               "%s: is a copy that was not finished; remove it, and copy again",
                               directory);
}

/* ---- the target ----------------------------------------------------------------------------- */

static int target_make(const char *to)
{
    struct dirent *entry;
    DIR *d;
    bool empty = true;

    if (mkdir(to, 0700) < 0 && errno != EEXIST)
        return persist_file_error(NULL, to, "cannot be made");
    d = opendir(to);
    if (d == NULL)
        return persist_file_error(NULL, to, "cannot be listed");
    while (empty && (entry = readdir(d)) != NULL)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(d);
    return empty ? ACD_OK
                 : persist_fault(NULL, ACD_EXISTS, "%s: is not empty; choose another place", to);
}

/* On the disk before anything else of the copy is. */
static int target_mark(const char *to)
{
    char path[300];
    int fd, error = ACD_OK;

    unfinished_path(path, to);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fsync(fd) < 0 || directory_sync(to) < 0)
        error = persist_file_error(NULL, path, "cannot be made durable");
    if (fd >= 0)
        close(fd);
    return error;
}

/* All of the copy is on the disk before it says so. */
static int target_whole(const char *to)
{
    char path[300], parent[300];

    unfinished_path(path, to);
    snprintf(parent, sizeof parent, "%s/..", to);
    if (directory_sync(to) < 0 || unlink(path) < 0 || directory_sync(to) < 0 ||
        directory_sync(parent) < 0)
        return persist_file_error(NULL, to, "cannot be made durable");
    return ACD_OK;
}

struct copy {
    struct acd_reader *r;
    const char *to;
    uint8_t id[RING_ID_BYTES];
    struct format_meta meta; /* of the copy */
    struct format_mark mark; /* of the store just copied */
    struct store *store;     /* the copy of tables.mdb, then of each other */
};

static int copy_open(struct copy *c, size_t i)
{
    char path[300];
    struct store_options options = {.path = path,
                                    .tables = stores[i].tables,
                                    .table_count = stores[i].count,
                                    .map_bytes = MAP_BYTES};
    int error;

    snprintf(path, sizeof path, "%s/%s", c->to, stores[i].file);
    error = store_open(&c->store, &options);
    return error == 0 ? ACD_OK : persist_store_error(NULL, error);
}

/* Puts the meta row into the copied store. */
static int copy_put(struct copy *c, bool is_tables)
{
    struct store_txn *t;
    int error = store_begin(c->store, true, &t);

    if (error == 0) {
        error = is_tables ? format_meta_put(t, c->meta) : format_mark_put(t, c->mark);
        if (error == 0)
            error = store_commit(t);
        else
            store_abort(t);
    }
    return error == 0 ? ACD_OK : persist_store_error(NULL, error);
}

/* ---- copying ------------------------------------------------------------------------------ */

static int copy_file(struct copy *c, struct store *from, size_t i)
{
    char path[300];
    int error;

    snprintf(path, sizeof path, "%s/%s", c->to, stores[i].file);
    error = store_copy(from, path);
    return error == 0 ? copy_open(c, i) : persist_store_error(NULL, error);
}

/* Of no other store, as far as can be: who knew the original, or another copy of it, sees that this
 * is none of them. As random as the copy's own id, of which it is the beginning: two copies may be
 * made within one tick of any clock. */
static uint32_t epoch_anew(const uint8_t *id, uint32_t old)
{
    uint32_t epoch;

    memcpy(&epoch, id, sizeof epoch);
    while (epoch == 0 || epoch == old)
        epoch++;
    return epoch;
}

static int copy_tables(struct copy *c)
{
    bool there;
    int error = copy_file(c, c->r->tables, 0);

    if (error == ACD_OK)
        error = persist_meta_read(NULL, c->to, c->store, &c->meta, &there);
    if (error != ACD_OK)
        return error;
    memcpy(c->meta.store, c->id, sizeof c->id);
    memset(c->meta.boot, 0, sizeof c->meta.boot);
    c->meta.clean = 1;
    c->meta.untold = 0; /* of the original's epoch */
    c->meta.epoch = epoch_anew(c->id, c->meta.epoch);
    c->meta.truncated_sequence = c->meta.applied;
    return copy_put(c, true);
}

static int image_of_copy(struct copy *c)
{
    struct format_image head = {.epoch = c->meta.epoch, .sequence = c->meta.applied};
    struct image_writer w = {.rows = NULL};
    struct store_txn *rows;
    int error = store_begin(c->store, false, &rows), done = 0;

    if (error != 0)
        return persist_store_error(NULL, error);
    memcpy(head.store, c->id, sizeof head.store);
    memcpy(head.limits, c->meta.limits, sizeof head.limits);
    error = image_begin(&w, NULL, c->to, rows, &head);
    while (error == ACD_OK && done == 0) {
        done = image_slice(&w, NULL);
        error = done < 0 ? done : ACD_OK;
    }
    return error;
}

/* History and journal: c->mark is what the copy says, under the new id. */
static int copy_marked(struct copy *c, struct store *from, size_t i)
{
    bool there;
    int error = copy_file(c, from, i);

    if (error == ACD_OK)
        error = persist_mark_read(NULL, c->to, c->store, stores[i].file, &c->mark, &there);
    memcpy(c->mark.store, c->id, sizeof c->id);
    return error == ACD_OK ? copy_put(c, false) : error;
}

/* The old epoch ends where the copied journal does. That begins behind the rows when two images
 * were made of the original in the meantime. */
static int copy_journal(struct copy *c)
{
    int error = copy_marked(c, c->r->journal, 2);
    struct store_txn *t;
    uint64_t trimmed = 0;

    if (error != ACD_OK)
        return error;
    error = store_begin(c->store, false, &t);
    if (error == 0) {
        error = journal_ends(t, &trimmed, &c->meta.truncated_sequence);
        store_abort(t);
    }
    if (error != 0)
        return persist_store_error(NULL, error);
    return trimmed <= c->meta.applied
               ? ACD_OK
               : persist_fault(NULL, ACD_STALE,
                               "%s: the journal was trimmed behind what was copied first, since "
                               "it took so long; remove %s, and copy again",
                               c->r->directory, c->to);
}

static void copy_close(struct copy *c)
{
    store_close(c->store);
    c->store = NULL;
}

static int copy_all(struct copy *c)
{
    int error = copy_tables(c);

    if (error == ACD_OK)
        error = image_of_copy(c);
    copy_close(c);
    if (error == ACD_OK)
        error = copy_marked(c, c->r->history, 1);
    copy_close(c);
    if (error == ACD_OK)
        error = copy_journal(c);
    copy_close(c);
    if (error == ACD_OK)
        error = copy_open(c, 0);
    if (error == ACD_OK)
        error = copy_put(c, true);
    copy_close(c);
    return error;
}

int acd_store_copy(struct acd_reader *r, const char *to)
{
    struct copy c = {.r = r, .to = to};
    int error = strlen(to) < 200 ? target_make(to)
                                 : persist_fault(NULL, ACD_INVALID, "a path of at most 200 bytes");

    if (error == ACD_OK && getrandom(c.id, sizeof c.id, 0) != sizeof c.id)
        error = persist_fault(NULL, ACD_SYSTEM, "no random bytes: %s", strerror(errno));
    if (error == ACD_OK)
        error = target_mark(to);
    if (error == ACD_OK)
        error = copy_all(&c);
    return error == ACD_OK ? target_whole(to) : error;
}

/* ---- compacting --------------------------------------------------------------------------- */

static uint64_t file_bytes(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* Puts the meta row as it is, and ends the transaction. */
static int row_again(struct store_txn *t)
{
    struct store_bytes key = {"store", 5}, row;
    uint8_t same[sizeof(struct format_meta)];
    int error = store_get(t, 0, key, &row);

    if (error == 0 && row.len > sizeof same)
        error = store_damaged(t, "its meta row");
    if (error == 0) {
        memcpy(same, row.data, row.len); /* putting moves it */
        error = store_put(t, 0, key, (struct store_bytes){same, row.len});
    }
    if (error == 0)
        return store_commit(t);
    store_abort(t);
    return error;
}

/* Of the two meta pages that LMDB has, a copy of its fills one. While a process has the old file
 * open, who opens the new one finds that one's table of readers, and reads the meta page that it
 * names. So a commit that changes nothing fills the other: either leads to all there is. */
static int metas_fill(const char *path, const char *const *tables)
{
    struct store_options options = {
        .path = path, .tables = tables, .table_count = 1, .map_bytes = MAP_BYTES, .large = true};
    struct store_txn *t;
    struct store *s;
    char lock[330];
    int error = store_open(&s, &options);

    if (error == 0)
        error = store_begin(s, true, &t);
    if (error == 0)
        error = row_again(t);
    store_close(s);
    snprintf(lock, sizeof lock, "%s-lock", path);
    (void)unlink(lock);
    return error;
}

static int small_takes_place(const char *small, const char *path, uint64_t *before, uint64_t *after)
{
    *before += file_bytes(path);
    *after += file_bytes(small);
    return rename(small, path) == 0 ? ACD_OK : persist_file_error(NULL, path, "cannot be replaced");
}

static int compact_file(const char *directory, size_t i, uint64_t *before, uint64_t *after)
{
    char path[300], small[320];
    struct store_options options = {.path = path,
                                    .tables = stores[i].tables,
                                    .table_count = stores[i].count,
                                    .map_bytes = MAP_BYTES,
                                    .read_only = true};
    struct store *s;
    int error;

    snprintf(path, sizeof path, "%s/%s", directory, stores[i].file);
    snprintf(small, sizeof small, "%s.compact", path);
    error = store_open(&s, &options);
    if (error != 0)
        return persist_store_error(NULL, error);
    (void)unlink(small); /* of an earlier try */
    error = store_copy(s, small);
    store_close(s);
    if (error == 0)
        error = metas_fill(small, stores[i].tables);
    error = error == 0 ? small_takes_place(small, path, before, after)
                       : persist_store_error(NULL, error);
    if (error != ACD_OK)
        (void)unlink(small); /* the room that it takes may be what is missing */
    return error;
}

/* Takes the lock of a store, which a copy has not had yet; the descriptor, or an error. */
static int lock_take(const char *directory)
{
    char path[300];
    int fd;

    snprintf(path, sizeof path, "%s/%s", directory, stores[0].file);
    if (access(path, F_OK) < 0)
        return persist_file_error(NULL, path, "cannot be opened");
    snprintf(path, sizeof path, "%s/lock", directory);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return persist_file_error(NULL, path, "cannot be opened");
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    return persist_fault(NULL, ACD_STATE, "%s: a process has this directory open; stop it first",
                         directory);
}

int acd_store_compact(const char *directory, uint64_t *before, uint64_t *after)
{
    uint64_t sums[2] = {0, 0};
    int lock = strlen(directory) < 200
                   ? lock_take(directory)
                   : persist_fault(NULL, ACD_INVALID, "a path of at most 200 bytes");
    int error = lock < 0 ? lock : ACD_OK;

    for (size_t i = 0; i < STORES && error == ACD_OK; i++)
        error = compact_file(directory, i, &sums[0], &sums[1]);
    if (error == ACD_OK && directory_sync(directory) < 0)
        error = persist_file_error(NULL, directory, "cannot be made durable");
    if (lock >= 0)
        close(lock);
    if (before != NULL)
        *before = sums[0];
    if (after != NULL)
        *after = sums[1];
    return error;
}
