#include "persist/store.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/acd_assert.h"
#include "persist/background.h"
#include "persist/store_pages.h"

/* The only file that includes lmdb.h; store_pages.c knows how its files are laid out.
 *
 * No MDB_WRITEMAP: it stalls for tens of milliseconds. Commits are with full sync: at the group
 * sizes that the journal has, that costs little. MDB_NOTLS, so that a reader is its transaction and
 * not its thread.
 *
 * `lock` is held shared by every reader and alone by who changes the map under them. LMDB checks no
 * pages: a file that is cut short is found when it is opened. */

struct store {
    MDB_env *env;          /* NULL: it could not be opened again */
    pthread_rwlock_t lock; /* see above */
    MDB_dbi tables[STORE_TABLES_MAX];
    bool missing[STORE_TABLES_MAX]; /* tables of a later version than the store that is read */
    const char *names[STORE_TABLES_MAX];
    size_t table_count;
    size_t map_bytes;
    bool read_only, large;
    struct store_pages_watch watch;
    char path[512];
};

struct store_txn {
    struct store *store;
    bool write;
    MDB_txn *txn;
    size_t stretch;                        /* bytes put since it gave way */
    MDB_cursor *cursors[STORE_TABLES_MAX]; /* opened on demand */
};

/* Of a transaction's work, by what a row costs apart from its bytes. */
enum { STRETCH_MAX = 64 << 10, STRETCH_ROW = 1 << 10 };

static _Thread_local char last_error[640];
static _Thread_local int last_errno;

/* ---- errors ------------------------------------------------------------------------------- */

static int code_of(int rc)
{
    switch (rc) {
    case 0: return STORE_OK;
    case MDB_NOTFOUND: return STORE_NOT_FOUND;
    case MDB_MAP_FULL: return STORE_FULL;
    case MDB_PANIC: return STORE_PANIC;
    case MDB_VERSION_MISMATCH: return STORE_VERSION;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID: return STORE_DAMAGED;
    case MDB_READERS_FULL:
    case MDB_TXN_FULL:
    case ENOMEM: return STORE_MEMORY;
    default: return rc > 0 ? STORE_DISK : STORE_DAMAGED;
    }
}

enum { DAMAGED = -30000 }; /* beside LMDB's own codes: already put into words */

/* Puts what LMDB said into words; returns our code. */
static int told(struct store *s, const char *doing, int rc)
{
    if (rc == 0 || rc == MDB_NOTFOUND || rc == DAMAGED)
        return code_of(rc);
    snprintf(last_error, sizeof last_error, "%s: %s: %s", s->path, doing, mdb_strerror(rc));
    last_errno = rc > 0 ? rc : 0;
    return code_of(rc);
}

const char *store_error(void)
{
    return last_error;
}

int store_errno(void)
{
    return last_errno;
}

int store_damaged(const struct store_txn *t, const char *what)
{
    snprintf(last_error, sizeof last_error, "%s: %s is damaged", t->store->path, what);
    return STORE_DAMAGED;
}

/* ---- life cycle --------------------------------------------------------------------------- */

static int env_open(struct store *s, const char *path)
{
    unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | (s->read_only ? MDB_RDONLY : 0u);
    int rc = mdb_env_create(&s->env);

    if (rc != 0)
        return rc;
    mdb_env_set_maxdbs(s->env, STORE_TABLES_MAX);
    mdb_env_set_mapsize(s->env, s->map_bytes);
    return mdb_env_open(s->env, path, flags, 0600);
}

static struct store_bytes bytes_of(MDB_val v)
{
    return (struct store_bytes){v.mv_data, v.mv_size};
}

static int compare_keys(const MDB_val *a, const MDB_val *b)
{
    return store_order(bytes_of(*a), bytes_of(*b));
}

static int tables_open(struct store *s)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(s->env, NULL, s->read_only ? MDB_RDONLY : 0, &txn);

    if (rc != 0)
        return rc;
    for (size_t i = 0; rc == 0 && i < s->table_count; i++) {
        rc = mdb_dbi_open(txn, s->names[i], s->read_only ? 0 : MDB_CREATE, &s->tables[i]);
        s->missing[i] = i > 0 && rc == MDB_NOTFOUND;
        if (rc == 0)
            rc = mdb_set_compare(txn, s->tables[i], compare_keys);
        else if (s->missing[i])
            rc = 0;
    }
    if (rc != 0) {
        mdb_txn_abort(txn);
        return rc == MDB_NOTFOUND ? MDB_INVALID : rc;
    }
    return mdb_txn_commit(txn);
}

enum { LARGE_BYTES = 256 << 20 };

static bool is_large(mdb_filehandle_t fd)
{
    struct stat file;

    return fstat(fd, &file) == 0 && file.st_size > LARGE_BYTES;
}

/* Looks at the pages while a reader keeps them as they are. */
static int env_check(struct store *s, bool leaves)
{
    const char *wrong;
    mdb_filehandle_t fd;
    MDB_txn *txn;
    int rc = mdb_env_get_fd(s->env, &fd), error;

    if (rc == 0)
        rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &txn);
    if (rc != 0)
        return rc;
    wrong = store_pages_check(fd, leaves || !s->large || !is_large(fd), s->watch);
    error = errno;
    mdb_txn_abort(txn);
    if (wrong == NULL || error != 0)
        return wrong == NULL ? 0 : error;
    snprintf(last_error, sizeof last_error, "%s: is damaged: %s", s->path, wrong);
    return DAMAGED;
}

static void env_drop(struct store *s)
{
    mdb_env_close(s->env);
    s->env = NULL;
}

/* Of a file that is there: LMDB would take an empty one for a new store. */
static int file_check(struct store *s, const struct stat *file)
{
    if (file->st_size > 0)
        return 0;
    snprintf(last_error, sizeof last_error, "%s: is damaged: it is empty", s->path);
    return DAMAGED;
}

/* A new store is made under another name and gets its own when it is whole: LMDB syncs a new file
 * only with its first commit, and a power cut before that leaves one that it does not open. */
static int store_make(struct store *s)
{
    char made[sizeof s->path + 8], lock[sizeof made + 8];
    struct stat file;
    int rc;

    if (stat(s->path, &file) == 0)
        return file_check(s, &file);
    if (s->read_only)
        return 0;
    snprintf(made, sizeof made, "%s.new", s->path);
    snprintf(lock, sizeof lock, "%s-lock", made);
    (void)unlink(made); /* of an earlier try */
    rc = env_open(s, made);
    if (rc == 0)
        rc = tables_open(s);
    env_drop(s);
    (void)unlink(lock);
    return rc == 0 && rename(made, s->path) < 0 ? errno : rc;
}

/* A meta page whose write failed may be on the disk all the same. LMDB has put the old one back in
 * its place, but has not synced it, and the next commit uses the same pages: a power cut amid that
 * one would show. It is written once more, since a sync that follows a failed one brings nothing
 * onto the disk of what was written before that. */
static int metas_settle(struct store *s)
{
    mdb_filehandle_t fd;
    MDB_stat stat;
    int rc = mdb_env_get_fd(s->env, &fd);

    if (rc == 0)
        rc = mdb_env_stat(s->env, &stat);
    if (rc == 0)
        rc = store_pages_settle(fd, stat.ms_psize);
    return rc == 0 ? mdb_env_sync(s->env, 1) : rc;
}

static int store_start(struct store *s)
{
    MDB_envinfo info;
    int dead, rc = env_open(s, s->path);

    if (rc == 0 && !s->read_only)
        rc = metas_settle(s);
    if (rc == 0)
        rc = env_check(s, false);
    if (rc == 0)
        rc = tables_open(s);
    if (rc == 0 && mdb_env_info(s->env, &info) == 0 && info.me_mapsize > s->map_bytes)
        s->map_bytes = info.me_mapsize;
    if (rc == 0)
        (void)mdb_reader_check(s->env, &dead);
    if (rc != 0)
        env_drop(s);
    return rc;
}

static void lock_init(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t attributes;

    (void)pthread_rwlockattr_init(&attributes);
    (void)pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    (void)pthread_rwlock_init(lock, &attributes);
    (void)pthread_rwlockattr_destroy(&attributes);
}

int store_open(struct store **out, const struct store_options *options)
{
    struct store *s = calloc(1, sizeof *s);
    int rc;

    ACD_ASSERT(options->table_count <= STORE_TABLES_MAX);
    *out = NULL;
    if (s == NULL)
        return STORE_MEMORY;
    snprintf(s->path, sizeof s->path, "%s", options->path);
    for (size_t i = 0; i < options->table_count; i++)
        s->names[i] = options->tables[i];
    s->table_count = options->table_count;
    s->map_bytes = options->map_bytes;
    s->read_only = options->read_only;
    s->large = options->large;
    s->watch = (struct store_pages_watch){options->on_progress, options->ctx};
    lock_init(&s->lock);
    rc = told(s, "cannot be made", store_make(s));
    if (rc == 0)
        rc = told(s, "cannot be opened", store_start(s));
    if (rc == 0)
        *out = s;
    else
        store_close(s);
    return rc;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    if (s->env != NULL)
        mdb_env_close(s->env);
    (void)pthread_rwlock_destroy(&s->lock);
    free(s);
}

/* LMDB has no map at all when it finds no room for another: such a store is to be opened again. */
static int map_size(struct store *s, size_t bytes)
{
    int rc = mdb_env_set_mapsize(s->env, bytes);

    if (rc != 0)
        env_drop(s);
    return rc;
}

int store_raise(struct store *s)
{
    int dead, rc;

    (void)pthread_rwlock_wrlock(&s->lock);
    (void)mdb_reader_check(s->env, &dead);
    rc = map_size(s, 2 * s->map_bytes);
    if (rc == 0)
        s->map_bytes *= 2;
    (void)pthread_rwlock_unlock(&s->lock);
    return told(s, "its map cannot be raised", rc);
}

int store_reopen(struct store *s)
{
    int rc;

    (void)pthread_rwlock_wrlock(&s->lock);
    if (s->env != NULL)
        mdb_env_close(s->env);
    rc = store_start(s);
    (void)pthread_rwlock_unlock(&s->lock);
    return told(s, "cannot be opened again", rc);
}

int store_check(struct store *s)
{
    int rc;

    (void)pthread_rwlock_rdlock(&s->lock);
    rc = s->env == NULL ? MDB_PANIC : env_check(s, true);
    (void)pthread_rwlock_unlock(&s->lock);
    return told(s, "cannot be checked", rc);
}

uint64_t store_bytes_used(struct store *s)
{
    MDB_envinfo info;
    MDB_stat stat;

    if (mdb_env_info(s->env, &info) != 0 || mdb_env_stat(s->env, &stat) != 0)
        return 0;
    return ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize;
}

/* A copy is its owner's alone, as the original is. */
static int file_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int rc = fd < 0 || fchmod(fd, 0600) < 0 || fsync(fd) < 0 ? errno : 0;

    if (fd >= 0)
        close(fd);
    return rc;
}

int store_copy(struct store *s, const char *path)
{
    int rc;

    (void)pthread_rwlock_rdlock(&s->lock);
    rc = s->env == NULL ? MDB_PANIC : mdb_env_copy2(s->env, path, MDB_CP_COMPACT);
    (void)pthread_rwlock_unlock(&s->lock);
    if (rc == 0)
        rc = file_sync(path);
    return told(s, "cannot be copied", rc);
}

/* ---- transactions --------------------------------------------------------------------------- */

static int txn_begin(struct store *s, bool write, MDB_txn **txn)
{
    return s->env == NULL ? MDB_PANIC : mdb_txn_begin(s->env, NULL, write ? 0 : MDB_RDONLY, txn);
}

/* Another process has raised the map: this one follows. */
static int map_follow(struct store *s)
{
    int rc;

    (void)pthread_rwlock_wrlock(&s->lock);
    rc = map_size(s, 0);
    (void)pthread_rwlock_unlock(&s->lock);
    return rc;
}

static int reader_begin(struct store *s, MDB_txn **txn)
{
    int rc;

    (void)pthread_rwlock_rdlock(&s->lock);
    rc = txn_begin(s, false, txn);
    if (rc != 0)
        (void)pthread_rwlock_unlock(&s->lock);
    if (rc != MDB_MAP_RESIZED || map_follow(s) != 0)
        return rc;
    (void)pthread_rwlock_rdlock(&s->lock);
    rc = txn_begin(s, false, txn);
    if (rc != 0)
        (void)pthread_rwlock_unlock(&s->lock);
    return rc;
}

int store_begin(struct store *s, bool write, struct store_txn **out)
{
    struct store_txn *t = calloc(1, sizeof *t);
    int rc;

    *out = NULL;
    if (t == NULL)
        return STORE_MEMORY;
    t->store = s;
    t->write = write;
    rc = write ? txn_begin(s, true, &t->txn) : reader_begin(s, &t->txn);
    if (rc == 0)
        *out = t;
    else
        free(t);
    return told(s, "no transaction", rc);
}

static void cursors_close(struct store_txn *t)
{
    for (size_t i = 0; i < STORE_TABLES_MAX; i++)
        if (t->cursors[i] != NULL)
            mdb_cursor_close(t->cursors[i]);
}

int store_commit(struct store_txn *t)
{
    struct store *s = t->store;
    int rc;

    ACD_ASSERT(t->write);
    cursors_close(t);
    rc = mdb_txn_commit(t->txn);
    free(t);
    return told(s, "commit failed", rc);
}

void store_abort(struct store_txn *t)
{
    cursors_close(t);
    mdb_txn_abort(t->txn);
    if (!t->write)
        (void)pthread_rwlock_unlock(&t->store->lock);
    free(t);
}

static MDB_val val_of(struct store_bytes b)
{
    MDB_val v = {b.len, NULL};

    memcpy(&v.mv_data, &b.data, sizeof v.mv_data); /* LMDB takes what it only reads without const */
    return v;
}

int store_get(struct store_txn *t, size_t table, struct store_bytes key, struct store_bytes *value)
{
    MDB_val k = val_of(key), v;
    int rc =
        t->store->missing[table] ? MDB_NOTFOUND : mdb_get(t->txn, t->store->tables[table], &k, &v);

    if (rc == 0)
        *value = bytes_of(v);
    return told(t->store, "read failed", rc);
}

static int cursor_of(struct store_txn *t, size_t table)
{
    if (t->cursors[table] != NULL)
        return 0;
    if (t->store->missing[table])
        return MDB_NOTFOUND;
    return mdb_cursor_open(t->txn, t->store->tables[table], &t->cursors[table]);
}

/* A long transaction gives way between its rows. */
static void stretch(struct store_txn *t, size_t bytes)
{
    t->stretch += STRETCH_ROW + bytes;
    if (t->stretch < STRETCH_MAX)
        return;
    t->stretch = 0;
    background_give_way();
}

/* By the table's cursor: what is written near to what was written last is found at once. */
static int put(struct store_txn *t, size_t table, struct store_bytes key, MDB_val *v,
               unsigned flags)
{
    MDB_val k = val_of(key);
    int rc = cursor_of(t, table);

    ACD_ASSERT(key.len > 0 && key.len <= STORE_KEY_MAX);
    if (rc == 0)
        rc = mdb_cursor_put(t->cursors[table], &k, v, flags);
    stretch(t, v->mv_size);
    return told(t->store, "write failed", rc);
}

int store_put(struct store_txn *t, size_t table, struct store_bytes key, struct store_bytes value)
{
    MDB_val v = val_of(value);

    return put(t, table, key, &v, 0);
}

int store_append(struct store_txn *t, size_t table, struct store_bytes key,
                 struct store_bytes value)
{
    MDB_val v = val_of(value);

    return put(t, table, key, &v, MDB_APPEND);
}

int store_delete(struct store_txn *t, size_t table, struct store_bytes key)
{
    MDB_val k = val_of(key);
    int rc = mdb_del(t->txn, t->store->tables[table], &k, NULL);

    stretch(t, 0);
    return rc == MDB_NOTFOUND ? STORE_OK : told(t->store, "delete failed", rc);
}

int store_at_or_after(struct store_txn *t, size_t table, struct store_bytes key,
                      struct store_bytes *found, struct store_bytes *value)
{
    MDB_val k = val_of(key), v;
    int rc = cursor_of(t, table);

    if (rc == 0)
        rc = mdb_cursor_get(t->cursors[table], &k, &v, key.len == 0 ? MDB_FIRST : MDB_SET_RANGE);
    if (rc == 0) {
        *found = bytes_of(k);
        *value = bytes_of(v);
    }
    return told(t->store, "read failed", rc);
}

int store_next(struct store_txn *t, size_t table, struct store_bytes *found,
               struct store_bytes *value)
{
    MDB_val k, v;
    int rc;

    ACD_ASSERT(t->cursors[table] != NULL);
    rc = mdb_cursor_get(t->cursors[table], &k, &v, MDB_NEXT);
    if (rc == 0) {
        *found = bytes_of(k);
        *value = bytes_of(v);
    }
    return told(t->store, "read failed", rc);
}

int store_before(struct store_txn *t, size_t table, struct store_bytes key,
                 struct store_bytes *found, struct store_bytes *value)
{
    MDB_val k = val_of(key), v;
    int rc = cursor_of(t, table);

    if (rc != 0)
        return told(t->store, "read failed", rc);
    if (key.len > 0)
        rc = mdb_cursor_get(t->cursors[table], &k, &v, MDB_SET_RANGE);
    if (rc == 0 || rc == MDB_NOTFOUND)
        rc =
            mdb_cursor_get(t->cursors[table], &k, &v, rc == 0 && key.len > 0 ? MDB_PREV : MDB_LAST);
    if (rc == 0) {
        *found = bytes_of(k);
        *value = bytes_of(v);
    }
    return told(t->store, "read failed", rc);
}

uint64_t store_count(struct store_txn *t, size_t table)
{
    MDB_stat stat;

    if (t->store->missing[table])
        return 0;
    return mdb_stat(t->txn, t->store->tables[table], &stat) == 0 ? stat.ms_entries : 0;
}

int store_clear(struct store_txn *t, size_t table)
{
    return told(t->store, "cannot be emptied", mdb_drop(t->txn, t->store->tables[table], 0));
}
