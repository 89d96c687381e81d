/* The twin's estimates: docs/ROUTING.md, "How long a call will wait", from top to bottom. */

#include "engine/acd_assert.h"
#include "tests/model/twin_parts.h"

enum {
    SAMPLE = 32,
    ABLE = 16,
    SEATS = 256,
    CALLS = 8,
    CALLS_MAX = 512,
    QUEUES_MAX = 128 /* more than streams have */
};

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

/* Whether an agent is of a line, by its membership. */
static bool is_able(const struct twin *t, const struct twin_member *m, const struct twin_line *line)
{
    if (line->only.gen != 0)
        return twin_same_agent(m->agent, line->only);
    return line->step == NULL || twin_fulfils(t, twin_agent(t, m->agent), m->level, line->step);
}

/* M: those of a line who are ready. */
static acd_span able_of(const struct twin *t, const struct twin_queue *q,
                        const struct twin_line *line)
{
    acd_span able = 0;

    for (uint32_t i = 0; i < t->limits.memberships; i++)
        able += t->members[i].live && twin_same_queue(t->members[i].queue, q->id) &&
                is_ready(t, &t->members[i]) && is_able(t, &t->members[i], line);
    return able;
}

static bool is_own_line(const struct twin_line *line)
{
    return line->step == NULL && line->only.gen == 0;
}

static struct sample take_sample(const struct twin *t, const struct twin_queue *q,
                                 const struct twin_line *line)
{
    const struct twin_member *m = member_after(t, q->id, 0);
    struct sample s = {.count = 0};
    acd_span most = is_own_line(line) ? SAMPLE : ABLE;

    for (int looked = 0; m != NULL && (looked < SEATS || line->only.gen != 0) && s.count < most;
         looked++) {
        if (is_ready(t, m) && is_able(t, m, line)) {
            s.members[s.count++] = m;
            s.capacity += twin_agent(t, m->agent)->max_concurrent_calls;
        }
        m = member_after(t, q->id, m->sequence);
    }
    return s;
}

/* ---- the estimate ---------------------------------------------------------------------------- */

/* A place in the order of calls, and the line that is estimated. */
struct place {
    const struct twin_queue *queue;
    struct twin_call edge; /* stands there in the queue */
    struct twin_line line;
    struct sample sample; /* of the line */
    acd_span able;        /* M */
};

static bool waits_before(const struct twin *t, const struct twin_call *c, const struct place *place)
{
    return c->id.gen != 0 && c->state == ACD_QUEUED &&
           twin_same_queue(c->queue, place->queue->id) && twin_place_before(t, c, &place->edge);
}

static acd_span waiting_before(const struct twin *t, const struct place *place,
                               const struct twin_line *line)
{
    acd_span count = 0;

    for (uint32_t i = 0; i < t->limits.calls; i++)
        count += waits_before(t, &t->calls[i], place) && twin_is_in(t, &t->calls[i], line);
    return count;
}

static acd_span queued_before(const struct twin *t, const struct twin_queue *q,
                              const struct place *place, bool all)
{
    acd_span count = 0;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (c->id.gen != 0 && c->state == ACD_QUEUED && twin_same_queue(c->queue, q->id))
            count += all || c->lifo || twin_call_before(c, &place->edge);
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
    reach = place->edge.line_time + q->pace.head_starts / q->pace.early - t->now;
    if (reach <= 0)
        return;
    load = shared(load_of(t, q, q->pace.early), share);
    s->early += load;
    s->early_work += load * reach / 1024;
}

/* How many members of the sample another queue goes before (or alike) for. */
static void relate(const struct twin *t, const struct place *place, acd_span *before,
                   acd_span *alike)
{
    const struct twin_queue *q = place->queue;
    bool kept = place->line.only.gen != 0;

    for (acd_span n = 0; n < place->sample.count; n++)
        for (uint32_t i = 0; i < t->limits.memberships; i++) {
            const struct twin_member *own = place->sample.members[n], *there = &t->members[i];
            uint8_t level = twin_step_level(t, place->line.step, own->level);
            uint16_t weight;

            if (!there->live || !twin_same_agent(there->agent, own->agent) || there == own)
                continue;
            weight = twin_queue(t, there->queue)->set.weight;
            before[there->queue.slot] += weight > q->set.weight ||
                                         (weight == q->set.weight && !kept && there->level < level);
            alike[there->queue.slot] += weight == q->set.weight && !kept && there->level == level;
        }
}

static acd_span share_of(const struct twin *t, const struct place *place,
                         const struct twin_queue *other, acd_span members)
{
    acd_span others = ready_of(t, other);

    ACD_ASSERT(place->sample.count > 0 && others > 0);
    return lesser(place->able * members / place->sample.count * 1024 / others, 1024);
}

/* The part of the queue's calls that is for those of the line. */
static acd_span own_share(const struct twin *t, const struct place *place)
{
    acd_span ready = ready_of(t, place->queue);

    ACD_ASSERT(ready > 0);
    return place->line.only.gen != 0 ? 0 : lesser(place->able * 1024 / ready, 1024);
}

/* The part of another line's agents that is of ours. */
static acd_span share_of_line(const struct twin *t, const struct place *place,
                              const struct twin_line *other)
{
    acd_span able = able_of(t, place->queue, other), both = 0;

    if (able == 0)
        return 0;
    if (is_own_line(&place->line))
        return 1024;
    if (place->sample.count == 0)
        return own_share(t, place);
    for (acd_span i = 0; i < place->sample.count; i++)
        both += is_able(t, place->sample.members[i], other);
    return lesser(place->able * both / place->sample.count * 1024 / able, 1024);
}

/* The queue's calls before the place that stand in lines of requirements, in their order. */
static acd_span others_before(const struct twin *t, const struct place *place,
                              const struct twin_call *out[CALLS_MAX])
{
    const struct twin_line own = {.step = NULL};
    acd_span count = 0, at;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (!waits_before(t, c, place) || twin_is_in(t, c, &own))
            continue;
        ACD_ASSERT(count < CALLS_MAX);
        for (at = count++; at > 0 && twin_place_before(t, c, out[at - 1]); at--)
            out[at] = out[at - 1];
        out[at] = c;
    }
    return count;
}

static acd_span shares_of_others(const struct twin *t, const struct place *place, acd_span *before)
{
    const struct twin_call *others[CALLS_MAX];
    acd_span looks, shares = 0;

    *before = others_before(t, place, others);
    looks = lesser(*before, CALLS);
    for (acd_span i = 0; i < looks; i++) {
        const struct twin_call *c = others[*before * i / looks];
        struct twin_line line = twin_line_of(t, c);

        if (!twin_is_in(t, c, &place->line))
            shares += share_of_line(t, place, &line);
    }
    return looks == 0 ? 0 : shares / looks;
}

static void add_own(const struct twin *t, struct sums *s, const struct place *place)
{
    const struct twin_queue *q = place->queue;
    const struct twin_line own = {.step = NULL};
    acd_span before, share;

    s->work = (waiting_before(t, place, &place->line) + 1) * work_of(q);
    if (place->line.only.gen != 0)
        return;
    if (!is_own_line(&place->line))
        s->work += shared(waiting_before(t, place, &own) * work_of(q), own_share(t, place));
    share = shares_of_others(t, place, &before);
    s->work += shared(before * work_of(q), share);
    if (place->edge.lifo)
        s->coming = shared(load_of(t, q, q->pace.came), own_share(t, place));
    else
        add_early(t, s, q, place, own_share(t, place));
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

static void add_others(const struct twin *t, struct sums *s, const struct place *place)
{
    acd_span before[QUEUES_MAX] = {0}, alike[QUEUES_MAX] = {0};

    relate(t, place, before, alike);
    for (uint32_t i = 0; i < t->limits.queues; i++) {
        const struct twin_queue *other = &t->queues[i];

        if (before[i] > 0 && !twin_wrong(t, TWIN_FAULT_ESTIMATE_WITHOUT_WEIGHTS))
            add_other(t, s, other, place, share_of(t, place, other, before[i]), true);
        if (alike[i] > 0 && !twin_wrong(t, TWIN_FAULT_ESTIMATE_OWN_QUEUE_ONLY))
            add_other(t, s, other, place, share_of(t, place, other, alike[i]), false);
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

/* The line of the place. */
static acd_span estimate(const struct twin *t, struct place place, struct twin_line line)
{
    struct sums s = {.work = 0};
    acd_span x, y, a, e;

    if (twin_wrong(t, TWIN_FAULT_ESTIMATE_FOR_ANYBODY))
        line = (struct twin_line){.step = NULL};
    place.line = line;
    place.able = able_of(t, place.queue, &line);
    place.sample = take_sample(t, place.queue, &line);
    if (place.able == 0)
        return ACD_FOREVER;
    s.agents = place.able * 1024;
    if (place.sample.count > 0)
        s.agents = place.able * place.sample.capacity * 1024 / place.sample.count;
    add_own(t, &s, &place);
    add_others(t, &s, &place);
    x = lesser(s.work, BEYOND) * 1024 / s.agents;
    a = lesser(s.coming * 1024 / s.agents, 896);
    e = lesser(s.early * 1024 / s.agents, 896);
    y = lesser(x * 1024 / (1024 - a), BEYOND);
    x = y + lesser(s.early_work, BEYOND) * 1024 / s.agents;
    return with_leavers(t, place.queue, lesser(y * 1024 / (1024 - e), x));
}

/* ---- steps ----------------------------------------------------------------------------------- */

static acd_span at_step(const struct twin *t, const struct place *place, acd_time begins,
                        struct twin_line line)
{
    acd_span span = estimate(t, *place, line), until = begins > t->now ? begins - t->now : 0;

    return span > until ? span : until;
}

/* The least over a plan's steps from one on, which do not begin before `from`. */
static acd_span at_steps(const struct twin *t, const struct place *place, uint32_t plan, int step,
                         acd_time entered, acd_time from)
{
    const struct twin_steps *s = &t->plans[plan - 1].steps;
    acd_span least = ACD_FOREVER;

    if (twin_wrong(t, TWIN_FAULT_ESTIMATE_THIS_STEP_ONLY))
        return least;
    for (; step < s->count; step++) {
        acd_time begins = entered + s->steps[step].after;

        if (step + 1 < s->count && entered + s->steps[step + 1].after <= from)
            continue; /* over by then */
        least = lesser(least, at_step(t, place, begins < from ? from : begins,
                                      twin_line_of_step(t, plan, (uint8_t)step)));
    }
    return least;
}

acd_span twin_estimate_call(const struct twin *t, const struct twin_call *c)
{
    const struct twin_line own = {.step = NULL};
    struct place place = {.queue = twin_queue(t, c->queue), .edge = *c};
    acd_span now;

    if (c->state != ACD_QUEUED)
        return 0;
    if (c->prefer.gen != 0) {
        now = estimate(t, place, twin_line_of(t, c));
        return lesser(now, c->plan == 0
                               ? at_step(t, &place, c->prefer_until, own)
                               : at_steps(t, &place, c->plan, 0, c->entered_at, c->prefer_until));
    }
    if (c->plan == 0)
        return estimate(t, place, own);
    now = estimate(t, place, twin_line_of_step(t, c->plan, c->step));
    return lesser(now, at_steps(t, &place, c->plan, c->step + 1, c->entered_at, 0));
}

/* Whether somebody is available in a line for a call of its queue. */
static bool is_served(const struct twin *t, const struct twin_queue *q,
                      const struct twin_line *line)
{
    for (uint32_t i = 0; i < t->limits.memberships; i++)
        if (t->members[i].live && twin_same_queue(t->members[i].queue, q->id) &&
            is_able(t, &t->members[i], line) &&
            twin_available(t, twin_agent(t, t->members[i].agent)) &&
            twin_has_room(t, twin_agent(t, t->members[i].agent), q->set.channel))
            return true;
    return false;
}

/* Who would come now stands behind all, or by lifo before all that have not more of a head start.
 */
acd_span twin_estimate_caller(const struct twin *t, const struct twin_queue *q)
{
    const struct twin_call edge = {.queue = q->id,
                                   .enqueued_at = t->now,
                                   .line_time = t->now,
                                   .sequence = UINT64_MAX,
                                   .lifo = q->set.call_order == ACD_LIFO};
    struct place place = {.queue = q, .edge = edge};
    uint32_t plan = twin_usual_plan(t, q);
    uint8_t step = plan == 0 ? 0 : twin_step_from(t, plan, 0);
    struct twin_line line = {.step = NULL};

    if (plan != 0)
        line = twin_line_of_step(t, plan, step);
    if (is_served(t, q, &line))
        return 0;
    return lesser(estimate(t, place, line),
                  plan == 0 ? ACD_FOREVER : at_steps(t, &place, plan, step + 1, t->now, 0));
}
