#include "persist/journal.h"

#include <string.h>

#include "persist/format.h"

/* The journal is read batch after batch, frame after frame.
 *
 * Happy path: the batch that holds the next event is found, and those behind it follow without a
 * gap. Failure modes: a checksum is wrong, or a sequence is missing: DAMAGED, with the place. */

struct walk {
    uint64_t next; /* the sequence of the next event */
    journal_cb each;
    void *ctx;
};

/* Sets *stop when the callback does. */
static int walk_batch(struct walk *w, struct store_bytes value, bool *stop)
{
    const uint8_t *bytes = value.data;
    struct format_batch head;
    size_t at = sizeof head;

    if (!format_batch_read(value, &head))
        return STORE_DAMAGED;
    while (at < value.len && !*stop) {
        struct acd_frame frame;
        size_t size = frame_read(bytes + at, value.len - at, &frame);

        if (size == 0 || frame.first_sequence > w->next)
            return STORE_DAMAGED;
        at += size;
        if (frame.first_sequence + frame.count <= w->next)
            continue;
        w->next = frame.first_sequence + frame.count;
        *stop = !w->each(w->ctx, head.epoch, &frame);
    }
    return *stop || w->next > head.last_sequence ? 0 : STORE_DAMAGED;
}

/* The batch that holds an event, or the first one behind it. */
static int find_batch(struct store_txn *t, uint64_t sequence, struct store_bytes *key,
                      struct store_bytes *value)
{
    struct format_batch head;
    uint8_t at[8];
    int found;

    store_be64(at, sequence + 1);
    found = store_before(t, JOURNAL_BATCHES, (struct store_bytes){at, 8}, key, value);
    if (found == 0 && (!format_batch_read(*value, &head) || head.last_sequence >= sequence))
        return 0;
    store_be64(at, sequence);
    return store_at_or_after(t, JOURNAL_BATCHES, (struct store_bytes){at, 8}, key, value);
}

int journal_walk(struct store_txn *t, uint64_t after, journal_cb each, void *ctx, uint64_t *bad)
{
    struct walk w = {after + 1, each, ctx};
    struct store_bytes key, value;
    bool stop = false;
    int error = find_batch(t, w.next, &key, &value);

    while (error == 0 && !stop) {
        *bad = key.len == 8 ? store_from_be64(key.data) : 0;
        error = key.len == 8 && *bad <= w.next ? walk_batch(&w, value, &stop) : STORE_DAMAGED;
        if (error == 0 && !stop)
            error = store_next(t, JOURNAL_BATCHES, &key, &value);
    }
    return error == STORE_NOT_FOUND ? 0 : error;
}

int journal_ends(struct store_txn *t, uint64_t *trimmed, uint64_t *last)
{
    struct store_bytes key, value;
    struct format_batch head;
    struct format_mark mark;
    uint32_t format;
    int error = format_mark_get(t, &mark, &format);

    if (error != 0)
        return error == STORE_NOT_FOUND ? store_damaged(t, "its meta row") : error;
    *trimmed = *last = mark.sequence;
    error = store_before(t, JOURNAL_BATCHES, (struct store_bytes){NULL, 0}, &key, &value);
    if (error != 0)
        return error == STORE_NOT_FOUND ? 0 : error;
    if (!format_batch_read(value, &head))
        return store_damaged(t, "its last batch");
    *last = head.last_sequence;
    return 0;
}
