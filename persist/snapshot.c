#include <string.h>

#include "persist/persist.h"

/* Images of the running store.
 *
 * Happy path: every few hours, behind a checkpoint, one is begun; a slice a round; when it is whole
 * all but the newest two go, and the journal behind them is trimmed.
 *
 * Failure modes: the disk is full or broken: what there was of it goes, the next try is made a
 * minute later, and the error stands until an image is whole. The map of the tables is raised: the
 * image is begun anew. */

static const acd_span AGAIN = 60 * ACD_SECOND;

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
    persist_wake(p); /* the journal behind it is to be trimmed */
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

static bool image_is_due(const struct acd_persist *p)
{
    return p->image.rows != NULL ||
           (persist_clock() >= p->image_at &&
            (p->image_error != ACD_OK || !image_is_there(&p->images, p->meta.applied)));
}

/* Begins one, or goes on. Returns 1 when it is whole, 0 when there is more, or an error. */
static int image_work(struct acd_persist *p)
{
    int done = p->image.rows == NULL ? image_start(p) : ACD_OK;

    if (done != ACD_OK)
        return done;
    persist_phase_begin(p, RING_IMAGE);
    done = image_slice(&p->image, p);
    persist_phase_end(p, RING_IMAGE);
    if (done <= 0)
        return done;
    done = image_finish(p, IMAGES_KEPT);
    if (done != ACD_OK)
        return done;
    pthread_mutex_lock(&p->lock);
    p->figures.images++;
    pthread_mutex_unlock(&p->lock);
    return 1;
}

int persist_image(struct acd_persist *p)
{
    acd_span interval = p->options.image_interval;
    int done = image_is_due(p) ? image_work(p) : 0;

    if (done == 0)
        return ACD_OK;
    if (done < 0 && interval > AGAIN)
        interval = AGAIN;
    p->image_at = persist_clock() + interval;
    p->image_error = done < 0 ? done : ACD_OK;
    return p->image_error;
}
