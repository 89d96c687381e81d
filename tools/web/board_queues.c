/* The queues of the board: all of them, in the daemon's order, asked as one list; then what is
 * counted of each in the present quarter of an hour, which is of all of it, whenever this program
 * came. */

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"
#include "tools/web/board.h"

/* The queue as it was before this round, or NULL; the list mostly has the order that it had. */
static const struct board_queue *known(const struct board *b, acd_queue_id id)
{
    const struct board_queues *all = &b->queues;

    for (size_t i = 0; i < all->count; i++) {
        const struct board_queue *q = &all->items[(b->fresh.count + i) % all->count];

        if (q->id.slot == id.slot && q->id.gen == id.gen)
            return q;
    }
    return NULL;
}

static struct board_queue *add(struct board_queues *all, const struct board_queue *q)
{
    if (all->count == all->room) {
        all->room = all->room == 0 ? 16 : all->room * 2;
        all->items = realloc(all->items, all->room * sizeof *all->items);
        ACD_ASSERT(all->items != NULL);
    }
    all->items[all->count] = *q;
    return &all->items[all->count++];
}

static uint64_t alerts_of(const struct acd_view_queue *v)
{
    const acd_time since[] = {v->alerted_waiting, v->alerted_wait, v->alerted_nobody,
                              v->alerted_service_level, v->alerted_abandoned};
    uint64_t bits = 0;

    for (uint32_t i = 0; i < sizeof since / sizeof since[0]; i++)
        bits |= (uint64_t)(since[i] != 0) << i;
    return bits;
}

static struct board_figures figures_of(const struct acd_view_queue *v)
{
    return (struct board_figures){.oldest = v->oldest_entered,
                                  .waiting = v->waiting,
                                  .available = v->available,
                                  .ready = v->ready,
                                  .logged_in = v->logged_in,
                                  .connected = v->connected,
                                  .entered = v->entered,
                                  .answered = v->answered,
                                  .abandoned = v->abandoned,
                                  .in_time = v->in_time,
                                  .state = v->state,
                                  .alerts = alerts_of(v),
                                  .threshold = v->service_level_threshold};
}

static void note(struct board *b, const struct acd_view_queue *v)
{
    const struct board_queue *before = known(b, v->queue), first = {.id = v->queue};
    struct board_queue *q = add(&b->fresh, before != NULL ? before : &first);
    char name[sizeof q->name];

    b->round.known += before != NULL;
    web_text(name, sizeof name, v->name);
    b->told_anew |= before == NULL || strcmp(name, q->name) != 0 ||
                    before != &b->queues.items[b->fresh.count - 1];
    memcpy(q->name, name, sizeof name);
    q->now = figures_of(v);
}

/* By its name, from the place that it has when no queue came or went since the list of them. */
static struct board_queue *named(const struct board_queues *all, size_t place, const char *name)
{
    for (size_t i = 0; i < all->count; i++) {
        struct board_queue *q = &all->items[(place + i) % all->count];

        if (strcmp(q->name, name) == 0)
            return q;
    }
    return NULL;
}

static void note_interval(struct board *b, const struct acd_view_queue_interval *v)
{
    struct board_queue *q;
    char name[sizeof q->name];

    web_text(name, sizeof name, v->name);
    q = named(&b->fresh, b->round.counted++, name);
    if (q != NULL)
        q->counted = (struct board_counted){v->start / BOARD_BIN, v->entered, v->abandoned};
}

static void on_interval(void *ctx, int error, const struct acd_view *view)
{
    struct board *b = ctx;

    if (view == NULL) {
        if (error == ACD_OK && b->round.intervals.as.list_queue_intervals.cursor != 0)
            board_ask(b, &b->round.intervals, on_interval, b);
        board_answered(b, error);
    } else if (view->code == ACD_VIEW_page) {
        b->round.intervals.as.list_queue_intervals.cursor = view->as.page.cursor;
    } else {
        note_interval(b, &view->as.queue_interval);
    }
}

static void intervals_ask(struct board *b)
{
    b->round.intervals = (struct acd_query){.code = ACD_QUERY_list_queue_intervals};
    b->round.intervals.as.list_queue_intervals.limit = ACD_PAGE_MAX;
    board_ask(b, &b->round.intervals, on_interval, b);
}

static void on_queue(void *ctx, int error, const struct acd_view *view)
{
    struct board *b = ctx;

    if (view == NULL) {
        if (error == ACD_OK && b->round.queues.as.list_queues.cursor != 0)
            board_ask(b, &b->round.queues, on_queue, b);
        else if (error == ACD_OK)
            intervals_ask(b);
        board_answered(b, error);
    } else if (view->code == ACD_VIEW_page) {
        b->round.queues.as.list_queues.cursor = view->as.page.cursor;
    } else {
        note(b, &view->as.queue);
    }
}

void board_queues_ask(struct board *b)
{
    b->fresh.count = 0;
    b->round.queues = (struct acd_query){.code = ACD_QUERY_list_queues};
    b->round.queues.as.list_queues.limit = ACD_PAGE_MAX;
    board_ask(b, &b->round.queues, on_queue, b);
}

static void clear_bins(struct board *b)
{
    for (size_t i = 0; i < b->queues.count; i++) {
        struct board_queue *q = &b->queues.items[i];

        memset(q->entered, 0, sizeof q->entered);
        memset(q->abandoned, 0, sizeof q->abandoned);
    }
}

/* Another quarter of an hour began, or today is by another clock; with another day all bins do. */
static void turn_bin(struct board *b, int64_t bin)
{
    const int64_t before = b->day.first;

    board_day_of(&b->day, b->round.zone, bin);
    if (b->day.first != before) {
        clear_bins(b);
        board_trend_forget(&b->trend);
        b->first_bin = bin;
    }
    b->bin = bin;
    b->told_anew = true;
}

/* The quarter may have turned in the midst of the round: what is of another one is of no use. */
static void count_bin(const struct board *b, struct board_queue *q)
{
    const size_t at = (size_t)(b->bin - b->day.first);

    if (q->counted.bin == b->bin) {
        q->entered[at] = q->counted.entered;
        q->abandoned[at] = q->counted.abandoned;
    }
    q->now.bin_entered = q->entered[at];
    q->now.bin_abandoned = q->abandoned[at];
}

void board_queues_settle(struct board *b)
{
    const struct board_queues before = b->queues;

    b->told_anew |= b->round.known < before.count;
    b->queues = b->fresh;
    b->fresh = before;
    if (b->now / BOARD_BIN != b->bin || strcmp(b->round.zone, b->day.zone) != 0)
        turn_bin(b, b->now / BOARD_BIN);
    for (size_t i = 0; i < b->queues.count; i++)
        count_bin(b, &b->queues.items[i]);
}
