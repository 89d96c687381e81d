/* The quarters of an hour of today that are over, as reports have them.
 *
 * Happy path: when the board is whole, and again whenever a quarter is over, the daemon is asked
 * for what is written down of today; that takes the place of what rounds saw. Of the present
 * quarter each round has what the daemon counts (board_queues.c).
 *
 * Failure modes: a quarter that is over is not written down yet, or there was no answer: asked
 * again RETRY later. The daemon keeps nothing (STATE): what rounds saw is all there is. */

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"
#include "tools/web/board.h"

#define RETRY (2 * ACD_SECOND)
#define NEVER INT64_MAX

struct board_past {
    char name[65];
    uint32_t entered[BOARD_BINS], abandoned[BOARD_BINS];
};

static int by_name(const void *a, const void *b)
{
    const struct board_past *x = a, *y = b;

    return strcmp(x->name, y->name);
}

static struct board_past *past_of(const struct board_trend *t, const char *name)
{
    struct board_past wanted;

    if (t->count == 0)
        return NULL; /* nor a table */
    memcpy(wanted.name, name, sizeof wanted.name);
    return bsearch(&wanted, t->pasts, t->count, sizeof wanted, by_name);
}

/* A queue that was not told of yet; of a quarter they come by name. */
static struct board_past *past_add(struct board_trend *t, const char *name)
{
    size_t at = t->count;

    if (t->count == t->room) {
        t->room = t->room == 0 ? 16 : t->room * 2;
        t->pasts = realloc(t->pasts, t->room * sizeof *t->pasts);
        ACD_ASSERT(t->pasts != NULL);
    }
    while (at > 0 && strcmp(t->pasts[at - 1].name, name) > 0)
        at--;
    memmove(&t->pasts[at + 1], &t->pasts[at], (t->count - at) * sizeof *t->pasts);
    memset(&t->pasts[at], 0, sizeof *t->pasts);
    memcpy(t->pasts[at].name, name, sizeof t->pasts[at].name);
    t->count++;
    return &t->pasts[at];
}

/* What is not of the day was not asked for. */
static void note(struct board_trend *t, const struct acd_view_queue_fold *v)
{
    const int64_t bin = (v->start - t->query.as.list_queue_folds.from) / BOARD_BIN;
    struct board_past *past;
    char name[sizeof past->name] = "";

    if (bin < 0 || bin >= BOARD_BINS)
        return;
    web_text(name, sizeof name, v->name);
    past = past_of(t, name);
    if (past == NULL)
        past = past_add(t, name);
    past->entered[bin] += v->entered;
    past->abandoned[bin] += v->abandoned;
}

/* Of the first quarters of the day a queue has what is written down, and nothing else. */
static void fill(const struct board_trend *t, const struct board_queues *queues, int64_t bins)
{
    static const struct board_past none;
    const size_t bytes = (size_t)bins * sizeof *none.entered;

    for (size_t i = 0; i < queues->count; i++) {
        struct board_queue *q = &queues->items[i];
        const struct board_past *past = past_of(t, q->name);

        memcpy(q->entered, (past != NULL ? past : &none)->entered, bytes);
        memcpy(q->abandoned, (past != NULL ? past : &none)->abandoned, bytes);
    }
}

/* Both lists: a round may be under way. */
static void settle(struct board *b)
{
    struct board_trend *t = &b->trend;
    const int64_t first = t->query.as.list_queue_folds.from / BOARD_BIN;
    const int64_t upto = t->until / BOARD_BIN < b->bin ? t->until / BOARD_BIN : b->bin;

    if (first != b->day.first || upto <= first)
        return;
    fill(t, &b->queues, upto - first);
    fill(t, &b->fresh, upto - first);
    t->upto = upto;
    b->first_bin = first;
    b->told_anew = b->dirty = true;
}

static void on_fold(void *ctx, int error, const struct acd_view *view)
{
    struct board *b = ctx;
    struct board_trend *t = &b->trend;

    if (view == NULL) {
        if (error == ACD_OK && t->query.as.list_queue_folds.cursor != 0 &&
            acd_client_ask(b->web->client, &t->query, on_fold, b) == ACD_OK)
            return;
        if (error == ACD_OK)
            settle(b);
        t->running = false;
        t->due = error == ACD_STATE ? NEVER : web_clock() + RETRY;
    } else if (view->code == ACD_VIEW_page) {
        t->query.as.list_queue_folds.cursor = view->as.page.cursor;
    } else if (view->code == ACD_VIEW_folded) {
        t->until = view->as.folded.until;
    } else {
        note(t, &view->as.queue_fold);
    }
}

static bool is_wanted(const struct board *b)
{
    return b->complete && b->streams != NULL && !b->trend.running && b->bin > b->day.first &&
           b->trend.upto < b->bin && acd_client_is_connected(b->web->client);
}

acd_time board_trend_due(const struct board *b)
{
    return is_wanted(b) ? b->trend.due : NEVER;
}

void board_trend_process(struct board *b)
{
    struct board_trend *t = &b->trend;

    if (!is_wanted(b) || web_clock() < t->due)
        return;
    t->count = 0;
    t->until = 0;
    t->query = (struct acd_query){.code = ACD_QUERY_list_queue_folds};
    t->query.as.list_queue_folds.from = b->day.first * BOARD_BIN;
    t->query.as.list_queue_folds.to = b->bin * BOARD_BIN;
    t->query.as.list_queue_folds.fold = ACD_FOLD_QUARTER;
    t->query.as.list_queue_folds.limit = ACD_PAGE_MAX;
    t->running = acd_client_ask(b->web->client, &t->query, on_fold, b) == ACD_OK;
    t->due = web_clock() + RETRY;
    acd_client_flush(b->web->client);
}

void board_trend_forget(struct board_trend *t)
{
    t->upto = 0;
    t->due = 0;
}

void board_trend_close(struct board_trend *t)
{
    free(t->pasts);
}
