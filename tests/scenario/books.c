#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>

#include "tests/scenario/world.h"

/* What must be true after every frame, seen from outside: the invariants of acd_engine_check(); an
 * eligible pair means an offer; and conservation, for each queue and for all: waiting when the day
 * began + entered = answered + abandoned + timed out + withdrawn + overflowed + left empty +
 * exited + called back later + not reached + lost + waiting. */

enum { BOOKS_QUEUES = 64 };

struct world_books {
    uint32_t gen[BOOKS_QUEUES]; /* the queue that the next is about */
    uint32_t waiting_at_dawn[BOOKS_QUEUES];
    uint32_t all_at_dawn;
};

struct world_books *books_open(void)
{
    struct world_books *b = calloc(1, sizeof *b);

    cr_assert(b != NULL);
    return b;
}

void books_close(struct world_books *b)
{
    free(b);
}

void books_day_turned(struct world_books *b, const struct acd_engine *e)
{
    acd_queue_id id = acd_queue_from(e, 0);
    struct acd_view_totals totals;

    for (; id.gen != 0; id = acd_queue_from(e, id.slot + 1)) {
        struct acd_view_queue q;

        cr_assert(id.slot < BOOKS_QUEUES);
        cr_assert(acd_queue_view(e, id, &q) == ACD_OK);
        b->gen[id.slot] = id.gen;
        b->waiting_at_dawn[id.slot] = q.waiting;
    }
    acd_totals_view(e, &totals);
    b->all_at_dawn = totals.queued + totals.offered + totals.dialing + totals.stranded;
}

#define LEFT(v)                                                                                    \
    ((v).answered + (v).abandoned + (v).timed_out + (v).withdrawn + (v).overflowed +               \
     (v).left_empty + (v).exited + (v).callbacks + (v).unreached + (v).lost)

/* Counts an open book's queue towards the totals. */
struct tally {
    uint32_t waiting, ringing, connected, queues;
};

/* Whether a call is queued that follows no plan, and is kept for nobody: any member may take it. */
static bool anybody_would_do(const struct acd_engine *e, acd_queue_id queue)
{
    struct acd_view_call v;

    for (uint32_t place = 0; acd_call_view(e, acd_waiting_at(e, queue, place), &v) == ACD_OK;
         place++)
        if (v.plan.len == 0 && v.prefer.gen == 0)
            return true;
    return false;
}

static void check_queue(const struct world_books *b, const struct acd_engine *e, acd_queue_id id,
                        struct tally *all, const char *line)
{
    uint32_t dawn = 0;
    struct acd_view_queue q;

    cr_assert(acd_queue_view(e, id, &q) == ACD_OK);
    if (id.slot < BOOKS_QUEUES && b->gen[id.slot] == id.gen)
        dawn = b->waiting_at_dawn[id.slot];
    cr_assert(dawn + q.entered == LEFT(q) + q.waiting, "%s: sums of %.*s", line, (int)q.name.len,
              q.name.data);
    cr_assert(q.available == 0 || !anybody_would_do(e, id),
              "%s: %.*s has a call queued and a member available", line, (int)q.name.len,
              q.name.data);
    cr_assert((acd_waiting_at(e, id, 0).gen != 0) == (q.waiting > q.ringing + q.stranded));
    cr_assert(q.in_time <= q.answered && q.no_answers <= q.offers);
    all->waiting += q.waiting;
    all->ringing += q.ringing;
    all->connected += q.connected;
    all->queues++;
}

static void check_totals(const struct world_books *b, const struct acd_engine *e,
                         const struct tally *all, const char *line)
{
    struct acd_view_totals t;

    acd_totals_view(e, &t);
    cr_assert(b->all_at_dawn + t.entered == LEFT(t) + t.queued + t.offered + t.dialing + t.stranded,
              "%s: sums of all", line);
    cr_assert(t.queued + t.offered + t.dialing + t.stranded == all->waiting &&
                  t.offered + t.dialing == all->ringing,
              "%s", line);
    cr_assert(t.connected == all->connected && t.queues == all->queues, "%s", line);
    cr_assert(t.agents == t.logged_out + t.not_ready + t.idle + t.delayed + t.reserved + t.busy +
                              t.wrap_up + t.outside + t.no_device,
              "%s: agents by activity", line);
}

void books_check(const struct world_books *b, const struct acd_engine *e, const char *line)
{
    const char *broken = acd_engine_check(e);
    acd_queue_id id = acd_queue_from(e, 0);
    struct tally all = {0, 0, 0, 0};

    cr_assert(broken == NULL, "%s: %s", line, broken);
    for (; id.gen != 0; id = acd_queue_from(e, id.slot + 1))
        check_queue(b, e, id, &all, line);
    check_totals(b, e, &all, line);
}
