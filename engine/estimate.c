#include "engine/estimate.h"

#include "engine/lines.h"

#include "engine/ready.h"

/* Happy path: a sample of the queue's ready members says which other queues they serve and which of
 * those go before; the calls there that stand before ours, and its own, are work that the members
 * have to begin first; all members together do so much of it a second; callers who will come
 * before ours make it longer, and those before us who will lose patience make it shorter.
 *
 * Failure modes: nobody is ready: forever. Nothing was measured yet: a call counts three minutes.
 */

enum {
    LOOK_AGENTS = 32, /* ready members that are looked at, */
    LOOK_SEATS = 256, /* among so many, oldest first, */
    LOOK_QUEUES =
        32,     /* and of each so many memberships; queues found beyond as many are left out */
    ONE = 1024, /* of shares */
    SHARE_MAX = 7 * 128 /* of the agents' time that callers to come may take */
};

static const acd_span WORK_UNKNOWN = 180 * ACD_SECOND;
static const acd_span WORK_MAX = 86400 * ACD_SECOND;
static const acd_span RATE_OVER_MIN = 60 * ACD_SECOND; /* a rate is of a minute at least */
static const acd_span TOTAL_MAX = (acd_span)1 << 50;   /* what can be multiplied by ONE; */
static const acd_span LOAD_MAX = (acd_span)1 << 24;    /* by a head start, */
static const acd_span LEAVE_MAX = (acd_span)1 << 40;   /* and by a logarithm */

/* Another queue that members serve: how many of them would take its calls before ours, in the
 * common order, or after. */
struct neighbour {
    uint32_t queue, before, alike, after;
};

/* What the sample has shown. */
struct crew {
    uint32_t seen, capacity; /* ready members, and what they can take together */
    uint32_t count;
    struct neighbour neighbours[LOOK_QUEUES];
};

/* ---- pace -------------------------------------------------------------------------------------
 */

void pace_halve(struct pace *p, acd_time now)
{
    p->came /= 2;
    p->early /= 2;
    p->head_starts /= 2;
    p->came_since = now - (now - p->came_since) / 2;
    p->left /= 2;
    p->waited /= 2;
    p->served /= 2;
    p->work /= 2;
}

/* ---- looking --------------------------------------------------------------------------------- */

static struct neighbour *neighbour_of(struct crew *crew, uint32_t queue)
{
    for (uint32_t i = 0; i < crew->count; i++)
        if (crew->neighbours[i].queue == queue)
            return &crew->neighbours[i];
    if (crew->count == LOOK_QUEUES)
        return NULL;
    crew->neighbours[crew->count] = (struct neighbour){.queue = queue};
    return &crew->neighbours[crew->count++];
}

static void look_at_seat(const struct acd_engine *e, struct crew *crew, const struct seat *own,
                         const struct seat *other)
{
    struct neighbour *n = neighbour_of(crew, e->lines[other->line].queue);
    uint32_t rank = e->lines[own->line].rank, others = e->lines[other->line].rank;

    if (n == NULL)
        return;
    if (others != rank)
        *(others > rank ? &n->before : &n->after) += 1;
    else if (other->level != own->level)
        *(other->level < own->level ? &n->before : &n->after) += 1;
    else
        n->alike++;
}

static void look_at_agent(const struct acd_engine *e, struct crew *crew, const struct seat *own)
{
    const struct agent *a = &e->agents[own->agent];
    uint32_t item = a->seats;

    crew->seen++;
    crew->capacity += a->capacity;
    for (uint32_t i = 0; i < LOOK_QUEUES && item != LIST_NONE; i++, item = e->seats[item].next)
        if (e->seats[item].line != own->line)
            look_at_seat(e, crew, own, &e->seats[item]);
}

static void look(const struct acd_engine *e, uint32_t queue, struct crew *crew)
{
    uint32_t item = e->lines[queue].seats.first;

    crew->seen = crew->capacity = crew->count = 0;
    for (uint32_t i = 0; i < LOOK_SEATS && crew->seen < LOOK_AGENTS && item != LIST_NONE; i++) {
        const struct agent *a = &e->agents[e->seats[item].agent];

        if (a->active && a->state == ACD_READY)
            look_at_agent(e, crew, &e->seats[item]);
        item = e->seat_cards[item].in_line.next;
    }
}

/* ---- measures -------------------------------------------------------------------------------- */

static acd_span most(acd_span value, acd_span max)
{
    return value < max ? value : max;
}

/* What a call of a queue takes of an agent. */
static acd_span work_of(const struct pace *p)
{
    return p->served == 0 ? WORK_UNKNOWN : most(p->work / p->served, WORK_MAX);
}

/* How many agents `count` calls since then keep busy, x ONE. */
static acd_span load_of(const struct acd_engine *e, const struct pace *p, uint32_t count)
{
    acd_span over = e->now - p->came_since;

    return most(count * work_of(p) * ONE / (over < RATE_OVER_MIN ? RATE_OVER_MIN : over), LOAD_MAX);
}

/* ln(1 + x / ONE) x ONE. The logarithm to base 2 is a straight line between powers of 2, and a
 * parabola upon it. */
static acd_span log_of_more(acd_span x)
{
    acd_span y = ONE + x, bits = 0, part;

    for (; y >= 2 * ONE; y /= 2)
        bits++;
    part = y - ONE;
    return (bits * ONE + part + part * (ONE - part) * 355 / ONE / ONE) * 710 / ONE;
}

/* ---- estimating ------------------------------------------------------------------------------ */

/* A place in the order of calls, and what stands before it in the way of work. */
struct standing {
    uint32_t queue;
    int64_t key;
    uint64_t sequence;
    bool lifo;                  /* whoever comes to its queue goes before it */
    acd_span work;              /* of agents, until it is ours */
    acd_span coming;            /* load of callers who go before whenever they come, x ONE */
    acd_span early, early_work; /* load of those with a head start, x ONE, and their work while it
                                   helps them */
};

/* So much of a queue's calls is for our members: they are `shared` of the agents there. */
static acd_span our_part(const struct acd_engine *e, acd_span amount, uint32_t queue,
                         acd_span shared)
{
    acd_span ready = e->queues[queue].members_ready;

    return most(amount, TOTAL_MAX) * most(shared * ONE / ready, ONE) / ONE;
}

/* Callers with head starts pass us as long as theirs reaches back before us. */
static void count_early(const struct acd_engine *e, struct standing *s, uint32_t queue,
                        acd_span shared)
{
    const struct pace *p = &e->queues[queue].pace;
    acd_span load, until;

    if (p->early == 0)
        return;
    until = s->key + p->head_starts / p->early - e->now;
    if (until <= 0)
        return;
    load = our_part(e, load_of(e, p, p->early), queue, shared);
    s->early += load;
    s->early_work += load * until / ONE;
}

static void count_neighbour(const struct acd_engine *e, struct standing *s, const struct crew *crew,
                            const struct neighbour *n)
{
    const struct pace *p = &e->queues[n->queue].pace;
    acd_span ready = e->queues[s->queue].members_ready;
    acd_span before = ready * n->before / crew->seen, alike = ready * n->alike / crew->seen;

    if (before > 0) {
        s->work += our_part(e, queue_count(e, n->queue) * work_of(p), n->queue, before);
        s->coming += our_part(e, load_of(e, p, p->came), n->queue, before);
    }
    if (alike > 0) {
        uint32_t rank = queue_below(e, n->queue, s->key, s->sequence);

        s->work += our_part(e, rank * work_of(p), n->queue, alike);
        count_early(e, s, n->queue, alike);
    }
}

/* The agents' work as a span of time, with those to come. `agents`: how many they are, x ONE. */
static acd_span span_of(const struct standing *s, acd_span agents)
{
    acd_span span = most(s->work, TOTAL_MAX) * ONE / agents;
    acd_span coming = most(s->coming * ONE / agents, SHARE_MAX);
    acd_span early = most(s->early * ONE / agents, SHARE_MAX);
    acd_span all_pass, some_pass;

    span = most(span * ONE / (ONE - coming), TOTAL_MAX);
    all_pass = span * ONE / (ONE - early);
    some_pass = span + most(s->early_work, TOTAL_MAX) * ONE / agents;
    return most(all_pass, some_pass);
}

/* Those before us lose patience at the rate of the queue's callers: the line that would take `span`
 * to begin shrinks as it stands. */
static acd_span span_with_leavers(const struct pace *p, acd_span span)
{
    acd_span patience = p->left == 0 ? 0 : most(p->waited / p->left, LEAVE_MAX);

    if (patience == 0)
        return span;
    return patience * log_of_more(most(span, TOTAL_MAX) * ONE / patience) / ONE;
}

static acd_span estimate(const struct acd_engine *e, struct standing *s, uint32_t place)
{
    const struct queue *q = &e->queues[s->queue];
    struct crew crew;

    look(e, s->queue, &crew);
    if (crew.seen == 0)
        return ACD_FOREVER;
    s->work = ((acd_span)place + 1) * work_of(&q->pace);
    if (s->lifo)
        s->coming += load_of(e, &q->pace, q->pace.came);
    else
        count_early(e, s, s->queue, q->members_ready);
    for (uint32_t i = 0; i < crew.count; i++)
        count_neighbour(e, s, &crew, &crew.neighbours[i]);
    return span_with_leavers(
        &q->pace, span_of(s, (acd_span)q->members_ready * crew.capacity * ONE / crew.seen));
}

acd_span estimate_call(const struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    struct standing s = {
        .queue = c->queue, .key = c->key, .sequence = c->sequence, .lifo = c->lifo};

    return estimate(e, &s, queue_rank(e, call));
}

acd_span estimate_caller(const struct acd_engine *e, uint32_t queue)
{
    const struct line *l = &e->lines[queue];
    bool lifo = e->queues[queue].set.call_order == ACD_LIFO;
    struct standing s = {.queue = queue, .key = e->now, .sequence = UINT64_MAX, .lifo = lifo};

    if (ready_count(e, &l->ready) > 0)
        return 0;
    return estimate(
        e, &s, queue_below(e, queue, lifo ? -e->now - LIFO_FIRST : e->now, lifo ? 0 : UINT64_MAX));
}
