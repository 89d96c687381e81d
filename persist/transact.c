#include "persist/persist.h"

/* A write transaction, whatever it takes.
 *
 * Happy path: begun, filled, committed. Failure modes: the map is full: it is raised, once readers
 * are out of the way, and all is done again. LMDB panics, since the disk failed it half way through
 * a commit: the store is opened again, at what it held before, and all is done again, once. The
 * disk is full or broken: nothing is changed, and the caller tries again in its next round. */

static int try_once(struct acd_persist *p, struct store *s,
                    int (*fill)(struct acd_persist *p, struct store_txn *t, void *ctx), void *ctx)
{
    struct store_txn *t;
    int error = store_begin(s, true, &t);

    if (error != 0)
        return error;
    error = fill(p, t, ctx);
    if (error == 0)
        return store_commit(t);
    store_abort(t);
    return error;
}

/* A reader of one's own would be waited for without end. */
static void readers_leave(struct acd_persist *p, const struct store *s)
{
    if (s == p->tables)
        image_abandon(&p->image);
}

static int raise_map(struct acd_persist *p, struct store *s)
{
    int error;

    readers_leave(p, s);
    persist_phase_begin(p, RING_MAP_RAISE);
    error = store_raise(s);
    persist_phase_end(p, RING_MAP_RAISE);
    pthread_mutex_lock(&p->lock);
    p->figures.maps_raised += error == 0;
    pthread_mutex_unlock(&p->lock);
    return error;
}

/* Puts right what kept a transaction from being done. Returns 0, or the error that stands. */
static int mend(struct acd_persist *p, struct store *s, int error, bool *opened)
{
    if (error == STORE_FULL)
        return raise_map(p, s);
    if (error != STORE_PANIC || *opened)
        return error;
    *opened = true;
    readers_leave(p, s);
    return store_reopen(s);
}

int persist_transact(struct acd_persist *p, struct store *s,
                     int (*fill)(struct acd_persist *p, struct store_txn *t, void *ctx), void *ctx)
{
    bool opened = false;
    int error = try_once(p, s, fill, ctx);

    while (error != 0 && (error = mend(p, s, error, &opened)) == 0)
        error = try_once(p, s, fill, ctx);
    return error == 0 ? ACD_OK : persist_store_error(p, error);
}
