#include <inttypes.h>

#include "persist/image.h"
#include "persist/persist.h"
#include "persist/reader.h"

/* An engine as it was once.
 *
 * Happy path: the newest image from before the event, and the journal's frames up to its own; each
 * piece of the journal is a snapshot of its own, so that nobody waits for a long fold. Failure
 * modes: the past is not kept so far back, or what is kept is damaged: told. An image that vanishes
 * while it is read has made room for newer ones: the next try sees what there is then. */

enum { REWIND_BYTES = 1 << 20, REWIND_TRIES = 5 };

struct rewind {
    struct acd_engine *engine;
    uint64_t sequence;
    acd_rewind_cb at;
    void *ctx;
    bool done;
    int error;
};

static bool rewind_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    struct rewind *w = ctx;

    (void)epoch;
    if (frame->first_sequence + frame->count <= w->sequence) {
        w->error = acd_apply_frame(w->engine, frame);
        return w->error == ACD_OK;
    }
    w->done = true;
    w->error = w->at(w->ctx, w->engine, frame);
    return false;
}

/* The newest image from before an event; none: UINT64_MAX. */
static int image_before(const struct acd_reader *r, uint64_t sequence, uint64_t *image)
{
    struct image_list images;
    int error = image_list(&images, NULL, r->directory);

    *image = UINT64_MAX;
    for (size_t i = 0; error == ACD_OK && i < images.count; i++)
        if (images.sequences[i] < sequence)
            *image = images.sequences[i];
    return error;
}

static int rewind_begin(struct acd_reader *r, struct rewind *w, uint64_t *image)
{
    int error = ACD_OK;

    for (int i = 0; i < REWIND_TRIES; i++) {
        error = image_before(r, w->sequence, image);
        if (error != ACD_OK)
            return error;
        if (*image == UINT64_MAX)
            return persist_fault(NULL, ACD_STALE, "no image is kept from before event %" PRIu64,
                                 w->sequence);
        error = image_engine(&w->engine, r->directory, *image, 1);
        if (error != ACD_SYSTEM)
            return error;
    }
    return error;
}

int acd_journal_rewind(struct acd_reader *r, uint64_t sequence, acd_rewind_cb at, void *ctx)
{
    struct rewind w = {.sequence = sequence, .at = at, .ctx = ctx};
    uint64_t oldest, last, after;
    int frames = 1, error = acd_journal_range(r, &oldest, &last);

    if (error == ACD_OK && (sequence == 0 || sequence > last))
        error = persist_fault(NULL, ACD_NOT_FOUND, "event %" PRIu64 " is not in the journal yet",
                              sequence);
    if (error == ACD_OK)
        error = rewind_begin(r, &w, &after);
    while (error == ACD_OK && !w.done && frames > 0) {
        frames = acd_journal_read(r, &after, REWIND_BYTES, rewind_frame, &w);
        error = frames < 0 ? frames : w.error;
    }
    if (error == ACD_OK && !w.done)
        error = persist_fault(NULL, ACD_NOT_FOUND, "event %" PRIu64 " is not in the journal yet",
                              sequence);
    acd_close(w.engine);
    return error;
}
