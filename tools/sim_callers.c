#include <math.h>
#include <string.h>

#include "tools/sim_private.h"

/* When callers come, and what they are like. */

/* The unit exponential draw is used up at the rate of each interval that it passes. */
static acd_span next_drawn(const struct sim_queue *q, acd_span interval, struct sim_callers *c)
{
    double left = -log(random_unit(&c->arrivals)), whole = (double)interval;

    for (size_t idle = 0; idle <= q->rate_count;) {
        double place = floor(c->at / whole);
        double rate = q->rates[(size_t)fmod(place, (double)q->rate_count)] / (double)DAY_HOUR;
        double rest = (place + 1) * whole - c->at;

        if (left < rate * rest) {
            c->at += left / rate;
            return llround(c->at);
        }
        left -= rate * rest;
        c->at = (place + 1) * whole;
        idle = rate > 0 ? 0 : idle + 1;
    }
    return ACD_FOREVER; /* nobody ever calls */
}

static acd_span next_recorded(struct sim *m, const struct sim_queue *q, struct sim_callers *c)
{
    while (c->next < m->day.call_count) {
        const struct day_call *call = &m->day.calls[c->next++];

        if (strcmp(m->day.queues[call->queue].name, q->recorded) != 0)
            continue;
        c->last = call;
        return call->at;
    }
    return ACD_FOREVER;
}

acd_span sim_callers_next(struct sim *m, uint32_t queue)
{
    const struct sim_queue *q = &m->scenario->queues[queue];
    struct sim_callers *c = &m->callers[queue];

    if (q->recorded[0] != '\0')
        return next_recorded(m, q, c);
    return q->rate_count == 0 ? ACD_FOREVER : next_drawn(q, m->scenario->interval, c);
}

acd_span sim_callers_head_start(struct sim *m, uint32_t queue)
{
    const struct sim_queue *q = &m->scenario->queues[queue];
    struct sim_callers *c = &m->callers[queue];

    if (q->recorded[0] != '\0')
        return c->last->head_start;
    return q->early_share > 0 && random_chance(&c->early, q->early_share) ? q->head_start : 0;
}

acd_span sim_callers_handling(struct sim *m, uint32_t queue)
{
    const struct sim_law *law = &m->scenario->queues[queue].handling;
    struct sim_callers *c = &m->callers[queue];

    return law->shape == SIM_RECORDED ? c->last->talk : sim_draw(law, &c->handling);
}

acd_span sim_callers_patience(struct sim *m, uint32_t queue)
{
    const struct sim_law *law = &m->scenario->queues[queue].patience;
    struct sim_callers *c = &m->callers[queue];

    return law->shape == SIM_RECORDED ? c->last->patience : sim_draw(law, &c->patience);
}

struct acd_str sim_callers_plan(struct sim *m, uint32_t queue)
{
    const struct sim_queue *q = &m->scenario->queues[queue];
    double drawn;

    if (q->asking_count == 0)
        return (struct acd_str){NULL, 0};
    drawn = random_unit(&m->callers[queue].asking);
    for (size_t i = 0; i < q->asking_count; i++) {
        if (drawn < q->askings[i].share)
            return acd_str(q->askings[i].plan);
        drawn -= q->askings[i].share;
    }
    return (struct acd_str){NULL, 0};
}
