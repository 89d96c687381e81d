#include <string.h>

#include "persist/persist.h"

/* Images of the running store.
 *
 * Happy path: every few hours, behind a checkpoint, one is begun; a slice a round; when it is whole
 * all but the newest two go, and the journal behind them is trimmed. Failure modes: see image.c;
 * the next try is made when the next is due. */

static int image_start(struct acd_persist *p)
{
    struct format_image head = {.epoch = p->meta.epoch, .sequence = p->meta.applied};
    struct store_txn *rows;
    int error = store_begin(p->tables, false, &rows);

    if (error != 0)
        return persist_store_error(p, error);
    memcpy(head.store, p->meta.store, sizeof head.store);
    memcpy(head.limits, p->meta.limits, sizeof head.limits);
    return image_begin(&p->image, p, p->directory, rows, &head);
}

static int image_finish(struct acd_persist *p, size_t keep)
{
    int error = image_list(&p->images, p, p->directory);

    if (error != ACD_OK)
        return error;
    image_prune(&p->images, p->directory, keep);
    if (directory_sync(p->directory) < 0) /* or they might come back, and the journal not */
        return persist_file_error(p, p->directory, "cannot be made durable");
    atomic_store(&p->kept, p->images.count > 0 ? p->images.sequences[0] : 0);
    return ACD_OK;
}

static bool image_is_there(const struct image_list *l, uint64_t sequence)
{
    return l->count > 0 && l->sequences[l->count - 1] == sequence;
}

bool persist_images_fit(struct acd_persist *p)
{
    bool fit = p->images.count > 0;

    for (size_t i = 0; i < p->images.count && fit; i++) {
        struct image_reader r;

        if (image_open(&r, p->directory, p->images.sequences[i]) != ACD_OK)
            continue; /* verify has more to say of it */
        fit = memcmp(r.head.limits, p->meta.limits, sizeof r.head.limits) == 0;
        image_close(&r);
    }
    return fit;
}

int persist_image_anew(struct acd_persist *p)
{
    int error = image_start(p), done = 0;

    while (error == ACD_OK && done == 0) {
        persist_progress(p, "image", p->image.written, p->image.head.rows);
        done = image_slice(&p->image, p);
        error = done < 0 ? done : ACD_OK;
    }
    return error == ACD_OK ? image_finish(p, 1) : error;
}

int persist_image(struct acd_persist *p)
{
    acd_time now = persist_clock();
    int done;

    if (p->image.rows == NULL) {
        if (now < p->image_at || image_is_there(&p->images, p->meta.applied))
            return ACD_OK;
        p->image_at = now + p->options.image_interval;
        done = image_start(p);
        if (done != ACD_OK)
            return done;
    }
    persist_phase_begin(p, RING_IMAGE);
    done = image_slice(&p->image, p);
    persist_phase_end(p, RING_IMAGE);
    if (done <= 0)
        return done;
    pthread_mutex_lock(&p->lock);
    p->figures.images++;
    pthread_mutex_unlock(&p->lock);
    return image_finish(p, IMAGES_KEPT);
}
