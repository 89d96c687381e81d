#include <string.h>

#include "persist/persist.h"

/* The follower: a second engine that is fed with what is on the disk.
 *
 * Happy path: frame after frame is applied, and the visits that it ends are noted as they stood
 * just before; before an interval turns, its rows are written. Then the ring has its bytes back.
 * Failure modes: no more visits find room, since history cannot be written: the follower stands
 * still, the frames stay in the ring, and journal and durability go on until the ring is full. */

static const acd_span FLUSH_INTERVAL = ACD_SECOND;

enum { STRETCH = 64 }; /* frames: some 50 us, then the follower gives way */

/* Applies the events gathered in `part`, which then is empty and stands behind them. */
static int part_apply(struct acd_engine *e, struct acd_frame *part)
{
    int error = part->count == 0 ? ACD_OK : acd_apply_frame(e, part);

    part->first_sequence += part->count;
    part->bytes += part->len;
    part->count = 0;
    part->len = 0;
    return error;
}

int follow_frame(struct acd_engine *e, struct history *h, const struct acd_frame *frame)
{
    struct acd_frame part = {
        .at = frame->at, .first_sequence = frame->first_sequence, .bytes = frame->bytes};
    int error = ACD_OK;

    if (h == NULL)
        return acd_apply_frame(e, frame);
    if (!history_has_room(h) || intervals_turn(&h->intervals, e, frame))
        return ACD_BUSY;
    for (uint32_t i = 0; i < frame->count; i++) {
        const uint8_t *bytes = part.bytes + part.len;
        uint16_t code;
        int size = acd_record_peek(bytes, frame->len - (size_t)(bytes - frame->bytes), &code);

        if (size < 0)
            return size;
        if (history_tells(code)) {
            error = part_apply(e, &part);
            if (error != ACD_OK)
                break;
            history_note(h, e, frame->at, part.first_sequence, bytes, (size_t)size);
        }
        part.count++;
        part.len += (size_t)size;
    }
    return error == ACD_OK ? part_apply(e, &part) : error;
}

static int flush_fill(struct acd_persist *p, struct store_txn *t, void *upto)
{
    return history_flush(&p->history, t, *(const uint64_t *)upto);
}

int persist_history_flush(struct acd_persist *p, uint64_t upto)
{
    int error;

    p->flush_at = persist_clock() + FLUSH_INTERVAL;
    if (upto <= p->history.mark.sequence && p->history.intervals.turning == NULL)
        return ACD_OK;
    persist_phase_begin(p, RING_HISTORY);
    error = persist_transact(p, p->history_store, flush_fill, &upto);
    persist_phase_end(p, RING_HISTORY);
    if (error != ACD_OK)
        return error;
    p->keep_days |= p->history.intervals.turning != NULL;
    history_flushed(&p->history, upto);
    pthread_mutex_lock(&p->lock);
    p->figures.history_rows = p->history.rows;
    pthread_mutex_unlock(&p->lock);
    return ACD_OK;
}

/* One frame; when there is no room for visits, or an interval is over, history is written first. */
static int follow_one(struct acd_persist *p, const struct acd_frame *frame)
{
    int error = follow_frame(p->follower, &p->history, frame);

    if (error != ACD_BUSY)
        return error == ACD_OK
                   ? ACD_OK
                   : persist_fault(p, ACD_INVALID, "event %llu cannot be applied: %s; run verify",
                                   (unsigned long long)frame->first_sequence,
                                   acd_error_text(error));
    error = persist_history_flush(p, acd_position(p->follower).sequence);
    return error == ACD_OK ? follow_frame(p->follower, &p->history, frame) : error;
}

/* A frame that is in the journal, and those behind it, of which the follower is told before. */
struct ahead {
    struct acd_frame frames[3];
    size_t sizes[3];
    uint64_t next, end; /* in the ring: behind them, and behind the last that is committed */
};

/* Moves on by a frame. */
static void ahead_move(struct acd_persist *p, struct ahead *a)
{
    memmove(a->frames, a->frames + 1, sizeof a->frames - sizeof a->frames[0]);
    memmove(a->sizes, a->sizes + 1, sizeof a->sizes - sizeof a->sizes[0]);
    a->sizes[2] = ring_frame_again(&p->ring, a->next, a->end, &a->frames[2]);
    a->next += a->sizes[2];
    if (a->sizes[1] > 0)
        acd_fetch_frame(p->follower, &a->frames[1], true);
    if (a->sizes[2] > 0)
        acd_fetch_frame(p->follower, &a->frames[2], false);
}

int persist_follow(struct acd_persist *p)
{
    uint64_t at = atomic_load_explicit(&p->ring.header->tail, memory_order_relaxed);
    uint64_t end = atomic_load_explicit(&p->followable, memory_order_acquire);
    struct ahead a = {.next = at, .end = end};
    unsigned followed = 0;
    int error = ACD_OK;

    ahead_move(p, &a);
    ahead_move(p, &a);
    while (at < end && error == ACD_OK) {
        ahead_move(p, &a);
        if (a.sizes[0] == 0)
            return persist_fault(
                p, ACD_INVALID, "%s: a frame has changed in memory; restart at once", p->ring_path);
        if (a.frames[0].first_sequence > acd_position(p->follower).sequence)
            error = follow_one(p, &a.frames[0]);
        at += error == ACD_OK ? a.sizes[0] : 0;
        if (++followed % STRETCH == 0) {
            ring_release(&p->ring, at);
            background_give_way();
        }
    }
    ring_release(&p->ring, at);
    if (error == ACD_OK && history_waits(&p->history) &&
        (persist_clock() >= p->flush_at || history_is_large(&p->history)))
        error = persist_history_flush(p, acd_position(p->follower).sequence);
    return error;
}
