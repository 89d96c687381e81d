#include "persist/persist.h"

/* The loop's side: what the thread that runs the engine calls, and never waits in. */

struct acd_persist_recovery acd_persist_recovery(const struct acd_persist *p)
{
    return p->recovery;
}

bool acd_persist_has_room(const struct acd_persist *p)
{
    return ring_fits(&p->ring, ACD_FRAME_BYTES_MAX);
}

uint64_t acd_persist_room(const struct acd_persist *p)
{
    return p->ring.size - ring_waiting(&p->ring);
}

/* A quarter of the ring waits for the committer. What waits for the follower it would not change.
 */
static bool commit_is_due(const struct acd_persist *p)
{
    uint64_t committed = atomic_load_explicit(&p->followable, memory_order_relaxed);

    return atomic_load_explicit(&p->ring.header->head, memory_order_relaxed) - committed >=
           p->ring.size / 4;
}

void acd_persist_append(struct acd_persist *p, struct acd_frame frame)
{
    bool was = commit_is_due(p);

    if (frame.count == 0)
        return;
    ring_append(&p->ring, &frame);
    atomic_store_explicit(&p->appended, frame.first_sequence + frame.count - 1,
                          memory_order_release);
    atomic_signal_fence(memory_order_seq_cst); /* the barrier is the committer's: worker.c */
    if (atomic_load_explicit(&p->asleep, memory_order_relaxed))
        persist_wake(p);
    if (!was && commit_is_due(p))
        acd_persist_hurry(p);
}

uint64_t acd_persist_durable(const struct acd_persist *p)
{
    return atomic_load_explicit(&p->durable, memory_order_acquire);
}

struct acd_persist_figures acd_persist_figures(const struct acd_persist *p)
{
    struct acd_persist *writable;
    struct acd_persist_figures f;

    writable = (struct acd_persist *)(uintptr_t)p; /* a lock is not what the reader looks at */
    pthread_mutex_lock(&writable->lock);
    f = p->figures;
    f.durable = acd_persist_durable(p);
    f.waiting_events = atomic_load(&p->appended) - f.durable;
    f.waiting_since = f.waiting_events == 0 ? 0 : persist_clock() - p->gathered_at;
    f.waiting_bytes = ring_waiting(&p->ring);
    f.ring_bytes = p->ring.size;
    f.ring_on_disk = p->ring.on_disk;
    pthread_mutex_unlock(&writable->lock);
    return f;
}
