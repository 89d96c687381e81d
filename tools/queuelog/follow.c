#include <inttypes.h>

#include "proto/acd_wire.h"
#include "tools/queuelog/queuelog.h"

/* Reads the journal from where we are.
 *
 * Happy path: page after page, until it has no more.
 *
 * Failure modes: after a connection was lost, or at a start, the event we were at is looked at
 * again: when the journal has another one of its sequence, or has been trimmed beyond it, we begin
 * anew. So a tail of the history that was lost is passed over by itself when we had not come so
 * far, and we never had: what is in the journal is durable. */

#define DURABLE_PAUSE (20 * ACD_MS)

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    struct queuelog *q = ctx;

    fold_event(q, head->at, head->sequence, event);
    q->position = (struct acd_position){head->epoch, head->sequence};
    q->position_at = head->at;
    q->next = head->sequence + 1;
}

static int read_page(struct queuelog *q, struct acd_view_replayed *end)
{
    int error = acd_client_replay(q->client, q->next, ACD_PAGE_MAX, on_event, q, end);

    if (error == ACD_OK && end->count > 0 && end->next > q->next)
        q->next = end->next; /* what this version does not know is passed over */
    return error;
}

/* Folds what a picture has or may have. The last of it may not be durable yet, and the first may be
 * in the journal no more. */
static int fold_picture(struct queuelog *q, const struct picture_span *span)
{
    struct acd_view_replayed end;
    int error = ACD_OK;

    while (error == ACD_OK && q->next <= span->upto) {
        error = read_page(q, &end);
        if (error != ACD_OK || end.count > 0)
            continue;
        if (q->next <= span->durable)
            q->next = span->durable + 1;
        else
            acd_client_wait(q->client, DURABLE_PAUSE);
    }
    return error;
}

/* Lines that were found in the log and cannot be made again stay there as they are. */
static int begin_anew(struct queuelog *q)
{
    struct picture_span span;
    int error = picture_take(q, &span);

    q->silent = true;
    if (error == ACD_OK)
        error = fold_picture(q, &span);
    q->silent = false;
    if (error != ACD_OK)
        return error;
    sink_skip(&q->sink);
    q->known = q->sure = true;
    keep_save(q, false);
    return ACD_OK;
}

static void on_ours(void *ctx, const struct acd_view_published *head, const struct acd_event *event)
{
    struct queuelog *q = ctx;

    (void)event;
    q->sure = head->sequence == q->position.sequence && head->epoch == q->position.epoch &&
              head->at == q->position_at;
}

/* Whether the journal still has our last event; if not there is no picture any more. */
static int make_sure(struct queuelog *q)
{
    struct acd_view_replayed end = {0};
    int error = ACD_OK;

    q->sure = q->position.sequence == 0;
    if (!q->sure)
        error = acd_client_replay(q->client, q->position.sequence, 1, on_ours, q, &end);
    if (error != ACD_OK || q->sure)
        return error;
    if (end.oldest > q->position.sequence)
        queuelog_say("the journal begins at %" PRIu64 ", and we were at %" PRIu64
                     ": lines of what happened in between are missing",
                     end.oldest, q->position.sequence);
    else
        queuelog_say("the daemon has another history than the one we knew up to %" PRIu64,
                     q->position.sequence);
    q->known = false;
    return ACD_OK;
}

int follow(struct queuelog *q)
{
    struct acd_view_replayed end = {0};
    int error = ACD_OK;

    if (!q->sure && q->known)
        error = make_sure(q);
    if (error == ACD_OK && !q->known)
        error = begin_anew(q);
    if (error == ACD_OK && q->opening != 0) {
        fold_opening(q);
        q->opening = 0;
    }
    if (error == ACD_OK)
        error = read_page(q, &end);
    q->behind = error == ACD_OK && end.count > 0;
    if (error == ACD_OK && end.oldest > q->next)
        q->sure = false; /* trimmed beyond us: make_sure says so */
    sink_flush(&q->sink);
    return error;
}
