#include <string.h>

#include "persist/kept.h"
#include "persist/persist.h"

/* From the ring into the journal, and out of it again.
 *
 * Happy path: all whole frames of the ring become batches of one transaction; when it is on the
 * disk `durable` moves on. Failure modes: the disk is full or broken: the frames stay in the ring
 * and `durable` stands still. Batches behind the oldest image, and visits older than the retention,
 * are dropped a slice a round. */

/* Of frames. To look through a batch, or to pack it, takes some 50 us, in which no way is given. */
enum { GROUP_BYTES = 8 << 20, BATCH_BYTES = 64 << 10, TRIM_BATCHES = 256 };

enum { STINT_BYTES = 2 * BATCH_BYTES }; /* of the ring, in one commit, when there is a choice */

static const acd_span REST_LEAST = 1 * ACD_MS; /* between two commits */

/* ---- committing --------------------------------------------------------------------------- */

/* What one transaction writes: the whole frames that wait, of which none is in the journal. Only
 * the last batch is smaller than BATCH_BYTES. */
struct group {
    struct batch {
        uint64_t first, last;
        size_t bytes;
    } batches[GROUP_BYTES / BATCH_BYTES];
    int count;
    uint64_t events;
    size_t bytes; /* in the ring, from ring.read on */
};

static void group_add(struct group *g, struct batch *b, const struct acd_frame *frame, size_t size)
{
    if (b->bytes == 0)
        b->first = frame->first_sequence;
    b->last = frame->first_sequence + frame->count - 1;
    b->bytes += size;
    g->events += frame->count;
    g->bytes += size;
}

/* Joined frames stand in one batch, with the one that ends them. */
static int group_gather(struct acd_persist *p, struct group *g)
{
    struct ring scan = p->ring;
    struct acd_frame frame = {.joined = false};
    struct batch b = {.bytes = 0};
    size_t size;
    bool broken = false;

    g->count = 0;
    g->events = g->bytes = 0;
    while ((g->bytes < GROUP_BYTES || frame.joined) && ring_peek(&scan, &frame, &size, &broken)) {
        scan.read += size;
        if (frame.first_sequence <= p->committed && g->bytes == 0) {
            p->ring.read = scan.read; /* left over from before a kill */
            continue;
        }
        group_add(g, &b, &frame, size);
        if (b.bytes < BATCH_BYTES || frame.joined)
            continue;
        g->batches[g->count++] = b;
        b.bytes = 0;
        background_give_way();
    }
    if (b.bytes > 0)
        g->batches[g->count++] = b;
    return broken && g->count == 0
               ? persist_fault(p, ACD_INVALID, "%s: a frame has changed in memory; restart at once",
                               p->ring_path)
               : ACD_OK;
}

static int batch_put(struct acd_persist *p, struct store_txn *t, const struct batch *b, uint64_t at)
{
    const uint8_t *frames = p->ring.data + (at & (p->ring.size - 1));
    uint8_t key[8];

    if (!journal_pack(&p->batch, p->meta.epoch, b->last, frames, b->bytes))
        return STORE_MEMORY;
    store_be64(key, b->first);
    return store_put(t, JOURNAL_BATCHES, (struct store_bytes){key, 8},
                     (struct store_bytes){p->batch.bytes, p->batch.len});
}

static int group_fill(struct acd_persist *p, struct store_txn *t, void *ctx)
{
    const struct group *g = ctx;
    uint64_t at = p->ring.read;
    int error = 0;

    for (int i = 0; i < g->count && error == 0; i++) {
        error = batch_put(p, t, &g->batches[i], at);
        at += g->batches[i].bytes;
    }
    return error;
}

/* What was appended before `began` is durable. */
static void commit_note(struct acd_persist *p, const struct group *g, acd_time began)
{
    acd_span took = persist_clock() - began;

    pthread_mutex_lock(&p->lock);
    p->gathered_at = began;
    p->figures.commits += g->events > 0;
    p->figures.commit_events += g->events;
    if (g->events > 0)
        p->figures.commit_last = took;
    if (g->events > 0 && took > p->figures.commit_max)
        p->figures.commit_max = took;
    if (g->events > 0)
        pthread_cond_broadcast(&p->done);
    pthread_mutex_unlock(&p->lock);
}

/* When the next one is due. Fewer and larger ones cost less, but what is large keeps the committer,
 * and then the follower, at work for long, beside a loop in whose way they are: so at the latest
 * after commit_interval, but earlier when by then more than STINT_BYTES would wait, as fast as they
 * came this time. */
static acd_time next_commit(const struct acd_persist *p, size_t bytes, acd_time began)
{
    acd_time now = persist_clock(), latest = now + p->options.commit_interval, at;

    if (bytes == 0)
        return latest;
    at = began + (began - p->gathered_at) * STINT_BYTES / (acd_span)bytes;
    if (at < now + REST_LEAST)
        at = now + REST_LEAST;
    return at < latest ? at : latest;
}

int persist_commit(struct acd_persist *p)
{
    acd_time began = persist_clock();
    struct group g;
    int error = group_gather(p, &g);

    if (error == ACD_OK && g.count > 0) {
        persist_phase_begin(p, RING_COMMIT);
        error = persist_transact(p, p->journal, group_fill, &g);
        persist_phase_end(p, RING_COMMIT);
    }
    p->commit_at = next_commit(p, error == ACD_OK ? g.bytes : 0, began);
    if (error != ACD_OK)
        return error;
    if (g.count > 0) {
        p->committed = g.batches[g.count - 1].last;
        p->ring.read += g.bytes;
        atomic_store_explicit(&p->durable, p->committed, memory_order_release);
    }
    atomic_store_explicit(&p->followable, p->ring.read, memory_order_release);
    commit_note(p, &g, began);
    if (g.count > 0 && p->on_durable != NULL)
        p->on_durable(p->on_durable_ctx, p->committed);
    return (int)g.events;
}

/* ---- trimming ----------------------------------------------------------------------------- */

static int trim_mark_put(struct acd_persist *p, struct store_txn *t, uint64_t upto)
{
    struct format_mark mark = {.sequence = upto};

    memcpy(mark.store, p->meta.store, sizeof mark.store);
    return format_mark_put(t, mark);
}

/* Drops some batches behind the oldest image. *upto: the last sequence dropped. */
static int journal_trim_fill(struct acd_persist *p, struct store_txn *t, void *upto)
{
    uint64_t *trimmed = upto, behind = atomic_load(&p->kept);
    struct store_bytes key, value;
    int error = 0;

    *trimmed = p->trimmed;
    for (int dropped = 0; error == 0 && dropped < TRIM_BATCHES; dropped++) {
        struct format_batch head;
        uint8_t first[8];

        error = store_at_or_after(t, JOURNAL_BATCHES, (struct store_bytes){NULL, 0}, &key, &value);
        if (error != 0)
            break;
        if (key.len != sizeof first || !format_batch_read(value, &head))
            return store_damaged(t, "its first batch");
        if (head.last_sequence > behind)
            break;
        memcpy(first, key.data, sizeof first);
        error = store_delete(t, JOURNAL_BATCHES, (struct store_bytes){first, sizeof first});
        *trimmed = head.last_sequence;
    }
    if (error != 0 && error != STORE_NOT_FOUND)
        return error;
    return trim_mark_put(p, t, *trimmed);
}

int persist_journal_trim(struct acd_persist *p)
{
    uint64_t kept = atomic_load(&p->kept), upto;
    int error;

    if (p->trimmed_behind == kept)
        return ACD_OK;
    persist_phase_begin(p, RING_TRIM);
    error = persist_transact(p, p->journal, journal_trim_fill, &upto);
    persist_phase_end(p, RING_TRIM);
    if (error != ACD_OK)
        return error;
    if (upto == p->trimmed)
        p->trimmed_behind = kept;
    p->trimmed = upto;
    pthread_mutex_lock(&p->lock);
    p->figures.journal_oldest = upto + 1;
    pthread_mutex_unlock(&p->lock);
    return ACD_OK;
}

struct trimming {
    bool history, intervals, folds; /* there is more */
};

static int history_trim_fill(struct acd_persist *p, struct store_txn *t, void *ctx)
{
    struct trimming *more = ctx;
    acd_time now = acd_now(p->follower);
    int error = 0;

    if (p->trim_history)
        error = history_trim(&p->history, t, now - p->options.history_retention, &more->history);
    if (error == 0 && p->trim_intervals)
        error = intervals_trim(t, now - p->options.interval_retention, &more->intervals);
    if (error == 0 && p->trim_folds)
        error = kept_trim(t, now - p->options.fold_retention, &more->folds);
    return error;
}

int persist_history_trim(struct acd_persist *p)
{
    struct trimming more = {false, false, false};
    int error;

    if (!p->trim_history && !p->trim_intervals && !p->trim_folds)
        return ACD_OK;
    persist_phase_begin(p, RING_TRIM);
    error = persist_transact(p, p->history_store, history_trim_fill, &more);
    persist_phase_end(p, RING_TRIM);
    if (error != ACD_OK)
        return error;
    p->trim_history = more.history;
    p->trim_intervals = more.intervals;
    p->trim_folds = more.folds;
    pthread_mutex_lock(&p->lock);
    p->figures.history_rows = p->history.rows;
    pthread_mutex_unlock(&p->lock);
    return ACD_OK;
}
