#include "bench/journal/plain.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness.h"

enum { BATCHES_MAX = 1 << 16, KEY_BYTES = 8 };

static const size_t BYTES_MAX = (size_t)1 << 30, MAP_BYTES = (size_t)1 << 36;

struct plain {
    MDB_env *journal, *env;
    MDB_dbi batches, dbi;
    uint8_t next[KEY_BYTES]; /* behind all that was taken before */
    uint8_t *bytes;
    size_t used, count;
    struct taken {
        uint8_t key[KEY_BYTES];
        size_t at, len;
    } taken[BATCHES_MAX];
};

static void check(int rc)
{
    if (rc != 0)
        bench_give_up("plain LMDB: %s", mdb_strerror(rc));
}

static MDB_env *env_open(const char *directory, const char *name, unsigned flags)
{
    char path[640];
    MDB_env *env;

    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    check(mdb_env_create(&env));
    check(mdb_env_set_maxdbs(env, 4));
    check(mdb_env_set_mapsize(env, MAP_BYTES));
    check(mdb_env_open(env, path, MDB_NOSUBDIR | flags, 0600));
    return env;
}

struct plain *plain_open(const char *directory)
{
    struct plain *p = bench_take(1, sizeof *p);
    MDB_txn *txn;

    p->bytes = bench_take(1, BYTES_MAX);
    p->journal = env_open(directory, "journal.mdb", MDB_RDONLY);
    check(mdb_txn_begin(p->journal, NULL, MDB_RDONLY, &txn));
    check(mdb_dbi_open(txn, "batches", 0, &p->batches));
    check(mdb_txn_commit(txn)); /* so that the handle stays */
    p->env = env_open(directory, "plain.mdb", 0);
    check(mdb_txn_begin(p->env, NULL, 0, &txn));
    check(mdb_dbi_open(txn, "batches", MDB_CREATE, &p->dbi));
    check(mdb_txn_commit(txn));
    return p;
}

void plain_close(struct plain *p)
{
    mdb_env_close(p->journal);
    mdb_env_close(p->env);
    free(p->bytes);
    free(p);
}

static void take(struct plain *p, const MDB_val *key, const MDB_val *value)
{
    struct taken *t = &p->taken[p->count++];

    if (key->mv_size != KEY_BYTES || p->count == BATCHES_MAX ||
        p->used + value->mv_size > BYTES_MAX)
        bench_give_up("the journal got more than can be written again");
    memcpy(t->key, key->mv_data, KEY_BYTES);
    t->at = p->used;
    t->len = value->mv_size;
    memcpy(p->bytes + t->at, value->mv_data, t->len);
    p->used += t->len;
}

void plain_gather(struct plain *p, size_t *bytes)
{
    MDB_val key = {KEY_BYTES, p->next}, value;
    MDB_cursor *cursor;
    MDB_txn *txn;
    int rc;

    p->used = p->count = 0;
    check(mdb_txn_begin(p->journal, NULL, MDB_RDONLY, &txn));
    check(mdb_cursor_open(txn, p->batches, &cursor));
    for (rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); rc == 0;
         rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))
        take(p, &key, &value);
    if (rc != MDB_NOTFOUND)
        check(rc);
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    if (p->count > 0) {
        memcpy(p->next, p->taken[p->count - 1].key, KEY_BYTES);
        for (int i = KEY_BYTES - 1; i >= 0 && ++p->next[i] == 0; i--)
            ;
    }
    *bytes = p->used;
}

static void write_some(struct plain *p, size_t from, size_t to)
{
    MDB_txn *txn;

    check(mdb_txn_begin(p->env, NULL, 0, &txn));
    for (size_t i = from; i < to; i++) {
        struct taken *t = &p->taken[i];
        MDB_val key = {KEY_BYTES, t->key}, value = {t->len, p->bytes + t->at};

        check(mdb_put(txn, p->dbi, &key, &value, MDB_APPEND));
    }
    check(mdb_txn_commit(txn));
}

uint64_t plain_write(struct plain *p, size_t transactions)
{
    uint64_t began = bench_now_ns();

    for (size_t i = 0; i < transactions; i++)
        write_some(p, p->count * i / transactions, p->count * (i + 1) / transactions);
    return bench_now_ns() - began;
}
