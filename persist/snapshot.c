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

    if (error == ACD_OK)
        image_prune(&p->images, p->directory, keep);
    p->trim_journal = true;
    return error;
}

int persist_image_anew(struct acd_persist *p)
{
    int error = image_start(p), done = 0;

    while (error == ACD_OK && done == 0) {
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
        if (now < p->image_at || p->images.sequences[p->images.count - 1] == p->meta.applied)
            return ACD_OK;
        p->image_at = now + p->options.image_interval;
        done = image_start(p);
        if (done != ACD_OK)
            return done;
    }
    persist_phase(p, RING_IMAGE);
    done = image_slice(&p->image, p);
    persist_phase(p, RING_IDLE);
    if (done <= 0)
        return done;
    pthread_mutex_lock(&p->lock);
    p->figures.images++;
    pthread_mutex_unlock(&p->lock);
    return image_finish(p, IMAGES_KEPT);
}
