#include "persist/journal.h"

#include <lz4.h>
#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"

/* The journal is written batch after batch, and read so, frame after frame.
 *
 * What is written most is what limits a busy daemon: the disk's bandwidth. Records have fixed
 * places for what is mostly not given, so a batch packed by LZ4 is a quarter of its frames.
 *
 * Happy path: the batch that holds the next event is found, and those behind it follow without a
 * gap. Failure modes: a checksum is wrong, or a sequence is missing: DAMAGED, with the place. */

/* LZ4's acceleration: an eighth less time for a fortieth more bytes, of frames. */
enum { HASTE = 4 };

/* Makes room, of which the content is lost. */
static bool batch_room(struct journal_batch *b, size_t len)
{
    if (len <= b->room)
        return true;
    free(b->bytes);
    b->bytes = malloc(len);
    b->room = b->bytes != NULL ? len : 0;
    return b->bytes != NULL;
}

/* ---- writing ------------------------------------------------------------------------------ */

bool journal_pack(struct journal_batch *b, uint32_t epoch, uint64_t last, const void *frames,
                  size_t len)
{
    struct format_batch head = format_batch_head(epoch, last, len);
    int room = LZ4_compressBound((int)len);

    ACD_ASSERT(len <= LZ4_MAX_INPUT_SIZE);
    if (!batch_room(b, sizeof head + (size_t)room))
        return false;
    memcpy(b->bytes, &head, sizeof head);
    b->len = sizeof head + (size_t)LZ4_compress_fast(frames, (char *)b->bytes + sizeof head,
                                                     (int)len, room, HASTE);
    return true;
}

/* ---- reading ------------------------------------------------------------------------------ */

struct walk {
    uint64_t next; /* the sequence of the next event */
    journal_cb each;
    void *ctx;
    struct journal_batch frames; /* of the batch at hand, when it is packed */
};

/* The frames of a batch: in `value` itself, or unpacked. */
static int batch_open(struct walk *w, struct store_bytes value, struct format_batch *head,
                      struct store_bytes *frames)
{
    const char *packed = (const char *)value.data + sizeof *head;

    if (!format_batch_read(value, head) || value.len - sizeof *head > LZ4_MAX_INPUT_SIZE ||
        head->bytes > LZ4_MAX_INPUT_SIZE)
        return STORE_DAMAGED;
    *frames = (struct store_bytes){packed, value.len - sizeof *head};
    if (head->format == 1)
        return 0;
    if (!batch_room(&w->frames, head->bytes))
        return STORE_MEMORY;
    if (LZ4_decompress_safe(packed, (char *)w->frames.bytes, (int)frames->len, (int)head->bytes) !=
        (int)head->bytes)
        return STORE_DAMAGED;
    *frames = (struct store_bytes){w->frames.bytes, head->bytes};
    return 0;
}

/* Sets *stop when the callback does. */
static int walk_batch(struct walk *w, struct store_bytes value, bool *stop)
{
    struct format_batch head;
    struct store_bytes frames;
    size_t at = 0;
    int error = batch_open(w, value, &head, &frames);

    if (error != 0)
        return error;
    while (at < frames.len && !*stop) {
        struct acd_frame frame;
        size_t size = frame_read((const uint8_t *)frames.data + at, frames.len - at, &frame);

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
    struct walk w = {.next = after + 1, .each = each, .ctx = ctx};
    struct store_bytes key, value;
    bool stop = false;
    int error = find_batch(t, w.next, &key, &value);

    while (error == 0 && !stop) {
        *bad = key.len == 8 ? store_from_be64(key.data) : 0;
        error = key.len == 8 && *bad <= w.next ? walk_batch(&w, value, &stop) : STORE_DAMAGED;
        if (error == 0 && !stop)
            error = store_next(t, JOURNAL_BATCHES, &key, &value);
    }
    free(w.frames.bytes);
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
