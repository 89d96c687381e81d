#include "bench/history/indexed.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness.h"
#include "persist/store.h"

enum { KEY, CALLER, AGENT, QUEUE, INDEXES };

struct indexed {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi visits, index[INDEXES];
};

static void check(int rc)
{
    if (rc != 0)
        bench_give_up("plain LMDB: %s", mdb_strerror(rc));
}

struct indexed *indexed_open(const char *directory)
{
    static const char *const names[INDEXES] = {"key", "caller", "agent", "queue"};
    struct indexed *x = bench_take(1, sizeof *x);

    check(mdb_env_create(&x->env));
    check(mdb_env_set_maxdbs(x->env, INDEXES + 1));
    check(mdb_env_set_mapsize(x->env, (size_t)1 << 36));
    check(mdb_env_open(x->env, directory, 0, 0600));
    indexed_begin(x);
    check(mdb_dbi_open(x->txn, "visits", MDB_CREATE, &x->visits));
    for (int i = 0; i < INDEXES; i++)
        check(mdb_dbi_open(x->txn, names[i], MDB_CREATE, &x->index[i]));
    indexed_commit(x);
    return x;
}

void indexed_begin(struct indexed *x)
{
    check(mdb_txn_begin(x->env, NULL, 0, &x->txn));
}

void indexed_commit(struct indexed *x)
{
    check(mdb_txn_commit(x->txn));
}

/* A name, a zero, and the sequence. */
static MDB_val index_key(uint8_t room[128], struct acd_str name, uint64_t sequence)
{
    memcpy(room, name.data, name.len);
    room[name.len] = 0;
    store_be64(room + name.len + 1, sequence);
    return (MDB_val){(size_t)name.len + 9, room};
}

void indexed_add(struct indexed *x, const struct acd_view_visit *v)
{
    const struct acd_str names[INDEXES] = {v->key, v->caller, v->agent_name, v->queue_name};
    uint8_t record[ACD_RECORD_MAX], sequence[8], room[128];
    MDB_val key = {sizeof sequence, sequence}, empty = {0, room};
    MDB_val value = {acd_record_view_visit.encode(v, record), record};

    store_be64(sequence, v->sequence);
    check(mdb_put(x->txn, x->visits, &key, &value, MDB_APPEND));
    for (int i = 0; i < INDEXES; i++) {
        key = index_key(room, names[i], v->sequence);
        check(mdb_put(x->txn, x->index[i], &key, &empty, 0));
    }
}

int indexed_newest(struct indexed *x, struct acd_str agent, int count)
{
    uint8_t room[128];
    MDB_val at = index_key(room, agent, UINT64_MAX), none;
    MDB_txn *txn;
    MDB_cursor *cursor;
    int found = 0, rc;

    check(mdb_txn_begin(x->env, NULL, MDB_RDONLY, &txn));
    check(mdb_cursor_open(txn, x->index[AGENT], &cursor));
    rc = mdb_cursor_get(cursor, &at, &none, MDB_SET_RANGE);
    rc = mdb_cursor_get(cursor, &at, &none, rc == 0 ? MDB_PREV : MDB_LAST);
    for (; rc == 0 && found < count && memcmp(at.mv_data, room, (size_t)agent.len + 1) == 0;
         rc = mdb_cursor_get(cursor, &at, &none, MDB_PREV)) {
        MDB_val key = {8, (uint8_t *)at.mv_data + agent.len + 1}, value;
        struct acd_view_visit v;

        check(mdb_get(txn, x->visits, &key, &value));
        if (acd_record_view_visit.decode(value.mv_data, value.mv_size, &v) < 0)
            bench_give_up("a record of plain LMDB is damaged");
        found++;
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    return found;
}

double indexed_close(struct indexed *x)
{
    MDB_envinfo info;
    double bytes;

    check(mdb_env_info(x->env, &info));
    bytes = ((double)info.me_last_pgno + 1) * 4096;
    mdb_env_close(x->env);
    free(x);
    return bytes;
}
