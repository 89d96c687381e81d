#include "tools/play_make.h"

#include <stdlib.h>

#include "tools/play_room.h"

/* Who calls, when, and with how much patience. */

/* Calls over the opening hours: the morning's peak, lunch, the afternoon's, the evening. */
static const double CURVE[] = {0.45, 0.75, 1.00, 1.25, 1.40, 1.35, 1.15, 0.95, 0.90, 1.00,
                               1.15, 1.25, 1.25, 1.15, 1.05, 0.95, 0.85, 0.70, 0.55, 0.40};
enum { CURVE_COUNT = sizeof CURVE / sizeof CURVE[0] };

/* By the curve, before `end`. */
static acd_span moment_drawn(struct making *m, acd_span end)
{
    acd_span at;

    do {
        double part = random_weighted(&m->random, CURVE, CURVE_COUNT);

        at = make_moment(m, (part + random_unit(&m->random)) / CURVE_COUNT) +
             random_between(&m->random, 0, ACD_SECOND);
    } while (at >= end);
    return at;
}

/* A queue that is removed is busiest just before, so that callers wait when it goes. */
static acd_span arrival_drawn(struct making *m, uint32_t queue)
{
    acd_span end = make_queue_ends(m, queue);

    if (end < m->closes && random_chance(&m->random, 0.3))
        return random_between(&m->random, end - DAY_INTERVAL, end);
    return moment_drawn(m, end);
}

static void add_call(struct making *m, uint32_t queue)
{
    const struct make_kind *kind = make_kind_of(queue);
    struct day_call *c = day_add_call(m->day);
    struct random *r = &m->random;

    c->at = arrival_drawn(m, queue);
    c->queue = queue;
    c->by_number = random_chance(r, 0.2);
    c->side = random_chance(r, 0.7) ? ACD_SIDE_CALLER : ACD_SIDE_AGENT;
    if (random_chance(r, 0.1))
        c->head_start = random_between(r, 30 * ACD_SECOND, 120 * ACD_SECOND);
    c->patience = random_chance(r, 0.02) ? random_between(r, ACD_SECOND, 5 * ACD_SECOND)
                                         : random_exponential(r, kind->patience) + ACD_SECOND;
    c->talk = random_lognormal(r, kind->talk, 0.7);
    m->day->queues[queue].offered[c->at / DAY_INTERVAL]++;
}

void make_calls(struct making *m)
{
    double *shares = room_for(m->sizes->queues, sizeof *shares);

    for (uint32_t i = 0; i < m->sizes->queues; i++)
        shares[i] = make_kind_of(i)->share;
    for (uint32_t i = 0; i < m->sizes->calls; i++)
        add_call(m, random_weighted(&m->random, shares, m->sizes->queues));
    free(shares);
}
