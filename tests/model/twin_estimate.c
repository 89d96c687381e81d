/* The twin's estimates: docs/ROUTING.md, "How long a call will wait", from top to bottom. */

#include "engine/acd_assert.h"
#include "tests/model/twin_parts.h"

enum { SAMPLE = 32, SEATS = 256, QUEUES_MAX = 128 /* more than streams have */ };

static const acd_span MINUTE = 60 * ACD_SECOND;
static const acd_span BEYOND = (acd_span)1 << 50;

static acd_span lesser(acd_span a, acd_span b)
{
    return a < b ? a : b;
}

/* ---- pace ------------------------------------------------------------------------------------ */

void twin_pace_came(const struct twin *t, struct twin_queue *q, acd_span head_start)
{
    struct twin_pace *p = &q->pace;

    if (++p->came == 1)
        p->came_since = t->now;
    if (head_start > 0)
        p->early++;
    p->head_starts += head_start;
    if (p->came < 64 || twin_wrong(t, TWIN_FAULT_PACE_NEVER_HALVED))
        return;
    p->came /= 2;
    p->early /= 2;
    p->head_starts /= 2;
    p->left /= 2;
    p->waited /= 2;
    p->served /= 2;
    p->work /= 2;
    p->came_since = t->now - (t->now - p->came_since) / 2;
}

void twin_pace_gone(struct twin_queue *q, acd_span waited, bool abandoned)
{
    if (q->pace.came == 0)
        return; /* it has not begun */
    q->pace.waited += waited;
    q->pace.left += abandoned ? 1 : 0;
}

void twin_pace_served(struct twin_queue *q, acd_span work)
{
    if (q->pace.came == 0)
        return;
    q->pace.served++;
    q->pace.work += work;
}

static acd_span work_of(const struct twin_queue *q)
{
    if (q->pace.served == 0)
        return 3 * MINUTE;
    return lesser(q->pace.work / q->pace.served, 24 * 60 * MINUTE);
}

static acd_span load_of(const struct twin *t, const struct twin_queue *q, uint32_t count)
{
    acd_span over = t->now - q->pace.came_since;

    if (over < MINUTE)
        over = MINUTE;
    return lesser(count * work_of(q) * 1024 / over, 1 << 24);
}

/* ---- the sample ------------------------------------------------------------------------------ */

/* The member of a queue that follows one of that sequence. */
static const struct twin_member *member_after(const struct twin *t, acd_queue_id queue,
                                              uint64_t after)
{
    const struct twin_member *next = NULL;

    for (uint32_t i = 0; i < t->limits.memberships; i++) {
        const struct twin_member *m = &t->members[i];

        if (m->live && m->sequence > after && twin_same_queue(m->queue, queue) &&
            (next == NULL || m->sequence < next->sequence))
            next = m;
    }
    return next;
}

static bool is_ready(const struct twin *t, const struct twin_member *m)
{
    const struct twin_agent *a = twin_agent(t, m->agent);

    return a->active == ACD_YES && a->state == ACD_READY;
}

static acd_span ready_of(const struct twin *t, const struct twin_queue *q)
{
    acd_span ready = 0;

    for (uint32_t i = 0; i < t->limits.memberships; i++)
        ready += t->members[i].live && twin_same_queue(t->members[i].queue, q->id) &&
                 is_ready(t, &t->members[i]);
    return ready;
}

struct sample {
    const struct twin_member *members[SAMPLE];
    acd_span count, capacity;
};

static struct sample take_sample(const struct twin *t, const struct twin_queue *q)
{
    const struct twin_member *m = member_after(t, q->id, 0);
    struct sample s = {.count = 0};

    for (int looked = 0; m != NULL && looked < SEATS && s.count < SAMPLE; looked++) {
        if (is_ready(t, m)) {
            s.members[s.count++] = m;
            s.capacity += twin_agent(t, m->agent)->max_concurrent_calls;
        }
        m = member_after(t, q->id, m->sequence);
    }
    return s;
}

/* ---- the estimate ---------------------------------------------------------------------------- */

/* A place in the order of calls. */
struct place {
    const struct twin_queue *queue;
    acd_time line_time;
    uint64_t sequence;
    bool lifo;
    acd_span before; /* in its queue */
};

static acd_span queued_before(const struct twin *t, const struct twin_queue *q,
                              const struct place *place, bool all)
{
    struct twin_call edge = {.line_time = place->line_time, .sequence = place->sequence};
    acd_span count = 0;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (c->id.gen != 0 && c->state == ACD_QUEUED && twin_same_queue(c->queue, q->id))
            count += all || c->lifo || twin_call_before(c, &edge);
    }
    return count;
}

/* The sums of the definition. */
struct sums {
    acd_span agents, work, coming, early, early_work; /* N, W, A, E, F */
};

static acd_span shared(acd_span amount, acd_span share)
{
    return lesser(amount, BEYOND) * share / 1024;
}

static void add_early(const struct twin *t, struct sums *s, const struct twin_queue *q,
                      const struct place *place, acd_span share)
{
    acd_span reach, load;

    if (q->pace.early == 0)
        return;
    reach = place->line_time + q->pace.head_starts / q->pace.early - t->now;
    if (reach <= 0)
        return;
    load = shared(load_of(t, q, q->pace.early), share);
    s->early += load;
    s->early_work += load * reach / 1024;
}

/* How many members of the sample another queue goes before (or alike) for. */
static void relate(const struct twin *t, const struct twin_queue *q, const struct sample *sample,
                   acd_span *before, acd_span *alike)
{
    for (acd_span n = 0; n < sample->count; n++)
        for (uint32_t i = 0; i < t->limits.memberships; i++) {
            const struct twin_member *own = sample->members[n], *there = &t->members[i];
            uint16_t weight;

            if (!there->live || !twin_same_agent(there->agent, own->agent) || there == own)
                continue;
            weight = twin_queue(t, there->queue)->set.weight;
            before[there->queue.slot] +=
                weight > q->set.weight || (weight == q->set.weight && there->level < own->level);
            alike[there->queue.slot] += weight == q->set.weight && there->level == own->level;
        }
}

static acd_span share_of(const struct twin *t, const struct place *place,
                         const struct twin_queue *other, acd_span members, acd_span sample)
{
    acd_span others = ready_of(t, other);

    ACD_ASSERT(sample > 0 && others > 0);
    return lesser(ready_of(t, place->queue) * members / sample * 1024 / others, 1024);
}

static void add_other(const struct twin *t, struct sums *s, const struct twin_queue *other,
                      const struct place *place, acd_span share, bool before)
{
    s->work += shared(queued_before(t, other, place, before) * work_of(other), share);
    if (before)
        s->coming += shared(load_of(t, other, other->pace.came), share);
    else
        add_early(t, s, other, place, share);
}

static void add_others(const struct twin *t, struct sums *s, const struct place *place,
                       const struct sample *sample)
{
    acd_span before[QUEUES_MAX] = {0}, alike[QUEUES_MAX] = {0};

    relate(t, place->queue, sample, before, alike);
    for (uint32_t i = 0; i < t->limits.queues; i++) {
        const struct twin_queue *other = &t->queues[i];

        if (before[i] > 0 && !twin_wrong(t, TWIN_FAULT_ESTIMATE_WITHOUT_WEIGHTS))
            add_other(t, s, other, place, share_of(t, place, other, before[i], sample->count),
                      true);
        if (alike[i] > 0 && !twin_wrong(t, TWIN_FAULT_ESTIMATE_OWN_QUEUE_ONLY))
            add_other(t, s, other, place, share_of(t, place, other, alike[i], sample->count),
                      false);
    }
}

static acd_span with_leavers(const struct twin *t, const struct twin_queue *q, acd_span z)
{
    acd_span patience, y, bits = 0, f;

    if (q->pace.left == 0 || q->pace.waited / q->pace.left == 0 ||
        twin_wrong(t, TWIN_FAULT_ESTIMATE_ALL_STAY))
        return z;
    patience = lesser(q->pace.waited / q->pace.left, (acd_span)1 << 40);
    y = 1024 + lesser(z, BEYOND) * 1024 / patience;
    while (y >= 2048) {
        y /= 2;
        bits++;
    }
    f = y - 1024;
    return patience * ((bits * 1024 + f + f * (1024 - f) * 355 / 1024 / 1024) * 710 / 1024) / 1024;
}

static acd_span estimate(const struct twin *t, const struct place *place)
{
    struct sample sample = take_sample(t, place->queue);
    struct sums s = {.work = 0};
    acd_span x, y, a, e;

    if (sample.count == 0)
        return ACD_FOREVER;
    s.agents = ready_of(t, place->queue) * sample.capacity * 1024 / sample.count;
    ACD_ASSERT(s.agents > 0);
    s.work = (place->before + 1) * work_of(place->queue);
    if (place->lifo)
        s.coming = load_of(t, place->queue, place->queue->pace.came);
    else
        add_early(t, &s, place->queue, place, 1024);
    add_others(t, &s, place, &sample);
    x = lesser(s.work, BEYOND) * 1024 / s.agents;
    a = lesser(s.coming * 1024 / s.agents, 896);
    e = lesser(s.early * 1024 / s.agents, 896);
    y = lesser(x * 1024 / (1024 - a), BEYOND);
    x = y + lesser(s.early_work, BEYOND) * 1024 / s.agents;
    return with_leavers(t, place->queue, lesser(y * 1024 / (1024 - e), x));
}

acd_span twin_estimate_call(const struct twin *t, const struct twin_call *c)
{
    struct place place = {.queue = twin_queue(t, c->queue),
                          .line_time = c->line_time,
                          .sequence = c->sequence,
                          .lifo = c->lifo,
                          .before = (acd_span)twin_position(t, c) - 1};

    return c->state == ACD_QUEUED ? estimate(t, &place) : 0;
}

/* Who would come now: behind all, or by lifo before all that have not more of a head start. */
acd_span twin_estimate_caller(const struct twin *t, const struct twin_queue *q)
{
    struct place place = {.queue = q,
                          .line_time = t->now,
                          .sequence = UINT64_MAX,
                          .lifo = q->set.call_order == ACD_LIFO};

    for (uint32_t i = 0; i < t->limits.memberships; i++)
        if (t->members[i].live && twin_same_queue(t->members[i].queue, q->id) &&
            twin_available(t, twin_agent(t, t->members[i].agent)) &&
            twin_has_room(t, twin_agent(t, t->members[i].agent), q->set.channel))
            return 0;
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (c->id.gen != 0 && c->state == ACD_QUEUED && twin_same_queue(c->queue, q->id))
            place.before += !place.lifo || (c->lifo && c->enqueued_at + c->head_start > t->now);
    }
    return estimate(t, &place);
}
