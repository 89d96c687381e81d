#include "persist/persist.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* The worker: from the ring to the disk.
 *
 * Happy path: all whole frames of the ring become one batch in one transaction; when it is on the
 * disk, `durable` moves on, the follower is fed, and the ring is given back. While a commit runs,
 * the next batch fills. Between commits, when they are due: a checkpoint, trimming.
 *
 * Failure modes: the disk is full or broken: the frames stay in the ring, `durable` stands still,
 * and each round tries again; when the ring is full, has_room says so and the host refuses work.
 * The map is full: it is raised. LMDB panics: the store is opened anew. */

enum { BATCH_BYTES_MAX = 8 << 20, TRIM_BATCHES = 64 };

/* ---- committing --------------------------------------------------------------------------- */

struct batch {
    uint64_t first, last, events;
    size_t bytes; /* in the ring, from ring.read on */
};

/* The whole frames that wait, of which none is in the journal. */
static struct batch batch_gather(struct acd_persist *p)
{
    struct ring scan = p->ring;
    struct batch b = {0};
    struct acd_frame frame;
    size_t size;
    bool broken;

    while (b.bytes < BATCH_BYTES_MAX && ring_peek(&scan, &frame, &size, &broken)) {
        scan.read += size;
        if (frame.first_sequence <= p->committed && b.bytes == 0) {
            p->ring.read = scan.read; /* left over from before a kill */
            continue;
        }
        b.first = b.events == 0 ? frame.first_sequence : b.first;
        b.last = frame.first_sequence + frame.count - 1;
        b.events += frame.count;
        b.bytes += size;
    }
    return b;
}

static int try_commit(struct acd_persist *p, const struct batch *b)
{
    struct format_batch head = {FORMAT_VERSION, p->meta.epoch, b->last};
    uint8_t key[8];
    struct store_txn *t;
    void *room;
    int error = store_begin(p->journal, true, &t);

    if (error != 0)
        return error;
    store_be64(key, b->first);
    error = store_reserve(t, JOURNAL_BATCHES, (struct store_bytes){key, 8}, sizeof head + b->bytes,
                          &room);
    if (error != 0) {
        store_abort(t);
        return error;
    }
    memcpy(room, &head, sizeof head);
    memcpy((uint8_t *)room + sizeof head, p->ring.data + (p->ring.read & (p->ring.size - 1)),
           b->bytes);
    return store_commit(t);
}

static int commit_batch(struct acd_persist *p, const struct batch *b)
{
    int error = try_commit(p, b);

    while (error == STORE_FULL) {
        ring_phase(&p->ring, RING_MAP_RAISE);
        error = store_raise(p->journal);
        ring_phase(&p->ring, RING_COMMIT);
        if (error == 0)
            error = try_commit(p, b);
    }
    if (error == STORE_PANIC && store_reopen(p->journal) == 0)
        error = try_commit(p, b);
    return error == 0 ? ACD_OK : persist_store_error(p, p->journal, error);
}

/* Feeds the follower with what was committed, and gives the ring back. */
static void batch_follow(struct acd_persist *p, const struct batch *b)
{
    uint64_t end = p->ring.read + b->bytes;
    struct acd_frame frame;
    size_t size;
    bool broken;

    while (p->ring.read < end && ring_peek(&p->ring, &frame, &size, &broken)) {
        if (acd_apply_frame(p->follower, &frame) != ACD_OK)
            persist_fault(p, ACD_INVALID, "the follower refused a frame");
        p->ring.read += size;
    }
    ring_release(&p->ring);
}

static void commit_note(struct acd_persist *p, const struct batch *b, acd_span took)
{
    pthread_mutex_lock(&p->lock);
    p->figures.commits++;
    p->figures.commit_events += b->events;
    p->figures.commit_last = took;
    if (took > p->figures.commit_max)
        p->figures.commit_max = took;
    p->oldest_at = 0;
    pthread_cond_broadcast(&p->done);
    pthread_mutex_unlock(&p->lock);
}

int persist_commit(struct acd_persist *p)
{
    acd_time began = persist_clock();
    struct batch b = batch_gather(p);
    int error;

    if (b.events == 0) {
        ring_release(&p->ring);
        return 0;
    }
    ring_phase(&p->ring, RING_COMMIT);
    error = commit_batch(p, &b);
    ring_phase(&p->ring, RING_IDLE);
    if (error != ACD_OK)
        return error;
    p->committed = b.last;
    atomic_store_explicit(&p->durable, b.last, memory_order_release);
    commit_note(p, &b, persist_clock() - began);
    if (p->on_durable != NULL)
        p->on_durable(p->on_durable_ctx, b.last);
    batch_follow(p, &b);
    return (int)b.events;
}

/* ---- trimming ----------------------------------------------------------------------------- */

/* Drops some batches that no recovery and no verification needs. */
static int trim(struct acd_persist *p)
{
    uint64_t behind = p->image_sequence < p->meta.applied ? p->image_sequence : p->meta.applied;
    struct store_bytes key, value;
    struct store_txn *t;
    int error = store_begin(p->journal, true, &t), dropped = 0;

    while (error == 0 && dropped < TRIM_BATCHES &&
           store_at_or_after(t, JOURNAL_BATCHES, (struct store_bytes){NULL, 0}, &key, &value) ==
               0) {
        struct format_batch head;
        uint8_t first[8];

        memcpy(&head, value.data, sizeof head);
        if (head.last_sequence > behind)
            break;
        memcpy(first, key.data, sizeof first);
        error = store_delete(t, JOURNAL_BATCHES, (struct store_bytes){first, sizeof first});
        p->trimmed = head.last_sequence;
        dropped++;
    }
    if (error == 0 && dropped > 0)
        error = store_commit(t);
    else
        store_abort(t);
    return error == 0 || error == STORE_FULL ? ACD_OK : persist_store_error(p, p->journal, error);
}

/* ---- rounds ------------------------------------------------------------------------------- */

static int checkpoint_if_due(struct acd_persist *p)
{
    int error;

    if (persist_clock() < p->checkpoint_at || p->meta.applied == acd_position(p->follower).sequence)
        return ACD_OK;
    ring_phase(&p->ring, RING_CHECKPOINT);
    error = persist_checkpoint(p);
    if (error == ACD_OK) {
        ring_phase(&p->ring, RING_TRIM);
        error = trim(p);
    }
    ring_phase(&p->ring, RING_IDLE);
    p->checkpoint_at = persist_clock() + p->options.checkpoint_interval;
    return error;
}

int acd_persist_step(struct acd_persist *p)
{
    int events = persist_commit(p), error = events < 0 ? events : checkpoint_if_due(p);

    pthread_mutex_lock(&p->lock);
    p->figures.error = error;
    pthread_mutex_unlock(&p->lock);
    return error < 0 ? error : events;
}

/* Sleeps for at most the commit interval; wakes at once when somebody hurries or stops the worker.
 */
static void worker_rest(struct acd_persist *p)
{
    struct timespec until;
    acd_time at = persist_clock() + p->options.commit_interval;

    until.tv_sec = at / ACD_SECOND;
    until.tv_nsec = at % ACD_SECOND * 1000;
    pthread_mutex_lock(&p->lock);
    while (!p->stopping && !p->hurried &&
           pthread_cond_timedwait(&p->wake, &p->lock, &until) != ETIMEDOUT)
        ;
    p->hurried = false;
    pthread_mutex_unlock(&p->lock);
}

static bool worker_stops(struct acd_persist *p)
{
    bool stops;

    pthread_mutex_lock(&p->lock);
    stops = p->stopping;
    pthread_mutex_unlock(&p->lock);
    return stops;
}

static void *worker_run(void *arg)
{
    struct acd_persist *p = arg;

    while (!worker_stops(p)) {
        int events = acd_persist_step(p);

        if (events <= 0 || ring_waiting(&p->ring) == 0)
            worker_rest(p);
    }
    return NULL;
}

int acd_persist_start(struct acd_persist *p, acd_persist_durable_cb on_durable, void *ctx)
{
    int error;

    p->on_durable = on_durable;
    p->on_durable_ctx = ctx;
    p->running = true;
    error = pthread_create(&p->thread, NULL, worker_run, p);
    if (error == 0)
        return ACD_OK;
    p->running = false;
    errno = error;
    return persist_fault(p, ACD_SYSTEM, "the worker's thread cannot start: %s", strerror(error));
}

void acd_persist_hurry(struct acd_persist *p)
{
    pthread_mutex_lock(&p->lock);
    if (!p->hurried) {
        p->hurried = true;
        pthread_cond_signal(&p->wake);
    }
    pthread_mutex_unlock(&p->lock);
}

int acd_persist_wait(struct acd_persist *p, uint64_t sequence, acd_span timeout)
{
    acd_time at = persist_clock() + timeout;
    struct timespec until = {at / ACD_SECOND, at % ACD_SECOND * 1000};
    int waited = 0;

    if (!p->running) {
        while (acd_persist_durable(p) < sequence) {
            int events = acd_persist_step(p);

            if (events < 0)
                return events;
        }
        return ACD_OK;
    }
    acd_persist_hurry(p);
    pthread_mutex_lock(&p->lock);
    while (acd_persist_durable(p) < sequence && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&p->done, &p->lock, &until);
    pthread_mutex_unlock(&p->lock);
    return acd_persist_durable(p) >= sequence ? ACD_OK : ACD_TIMEOUT;
}
