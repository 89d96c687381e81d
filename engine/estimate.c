#include "engine/estimate.h"

#include "engine/crew.h"
#include "engine/plans.h"
#include "engine/ready_rank.h"

/* Happy path: a sample of the ready agents of the call's line says which other queues and lines
 * they serve, and which of those go before; the calls there that stand before ours, and its own,
 * are work that the agents have to begin first; all of them together do so much of it a second;
 * callers who will come before ours make it longer, and those before us who will lose patience make
 * it shorter. A call that goes on to other lines is told what is the soonest.
 *
 * Failure modes: nobody is ready: forever. Nothing was measured yet: a call counts three minutes.
 */

enum {
    LOOK_CALLS = 8,     /* of those in other lines of the queue */
    SHARE_MAX = 7 * 128 /* of the agents' time that callers to come may take */
};

static const acd_span WORK_UNKNOWN = 180 * ACD_SECOND;
static const acd_span WORK_MAX = 86400 * ACD_SECOND;
static const acd_span RATE_OVER_MIN = 60 * ACD_SECOND; /* a rate is of a minute at least */
static const acd_span TOTAL_MAX = (acd_span)1 << 50;   /* what can be multiplied by ONE; */
static const acd_span LOAD_MAX = (acd_span)1 << 24;    /* by a head start, */
static const acd_span LEAVE_MAX = (acd_span)1 << 40;   /* and by a logarithm */

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
    uint32_t queue, line;
    int64_t key; /* in the order of all calls; */
    uint64_t sequence;
    int64_t place; /* in that of its queue */
    uint64_t place_sequence;
    bool lifo;                  /* whoever comes to its queue goes before it */
    acd_span work;              /* of agents, until it is ours */
    acd_span coming;            /* load of callers who go before whenever they come, x ONE */
    acd_span early, early_work; /* load of those with a head start, x ONE, and their work while it
                                   helps them */
};

/* So much of a queue's calls is for our agents: they are `shared` of the agents there. */
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
    acd_span before = crew->ready * n->before / crew->seen,
             alike = crew->ready * n->alike / crew->seen;

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

static uint32_t line_below(const struct acd_engine *e, uint32_t line, const struct standing *s)
{
    const struct ranks_node *nodes = line_is_of_queue(e, line) ? e->wait_nodes : e->line_nodes;

    return ranks_below(&e->lines[line].waiting, nodes, s->place, s->place_sequence);
}

/* Of the calls of the queue's lines of requirements: some that stand before ours are looked at, and
 * each says which share of its line's agents is ours. Those of our own line were counted. */
static void count_others(const struct acd_engine *e, struct standing *s, const struct crew *crew)
{
    const struct ranks *others = &e->queues[s->queue].others;
    uint32_t before = ranks_below(others, e->wait_nodes, s->place, s->place_sequence);
    uint32_t looks = before < LOOK_CALLS ? before : LOOK_CALLS;
    acd_span shares = 0;

    for (uint32_t i = 0; i < looks; i++) {
        uint32_t call = ranks_at(others, e->wait_nodes, (uint32_t)((uint64_t)i * before / looks));

        if (e->calls[call].line != s->line)
            shares += crew_share(e, crew, e->calls[call].line);
    }
    if (looks > 0)
        s->work +=
            most(before * work_of(&e->queues[s->queue].pace), TOTAL_MAX) * (shares / looks) / ONE;
}

/* What its own queue has of work before it. Calls that are kept for an agent go before all that
 * may go elsewhere. */
static void count_own(const struct acd_engine *e, struct standing *s, const struct crew *crew)
{
    const struct pace *p = &e->queues[s->queue].pace;

    s->work = ((acd_span)line_below(e, s->line, s) + 1) * work_of(p);
    if (s->line != s->queue && line_is_of_agent(e, s->line))
        return;
    if (s->line != s->queue)
        s->work += our_part(e, line_below(e, s->queue, s) * work_of(p), s->queue, crew->ready);
    count_others(e, s, crew);
    if (s->lifo)
        s->coming += our_part(e, load_of(e, p, p->came), s->queue, crew->ready);
    else
        count_early(e, s, s->queue, crew->ready);
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

/* How long it would take that place of a line. */
static acd_span estimate_line(const struct acd_engine *e, struct standing s, uint32_t line)
{
    struct crew crew;

    s.line = line;
    crew_look(e, line, &crew);
    if (crew.ready == 0)
        return ACD_FOREVER;
    count_own(e, &s, &crew);
    for (uint32_t i = 0; i < crew.count; i++)
        count_neighbour(e, &s, &crew, &crew.neighbours[i]);
    return span_with_leavers(&e->queues[s.queue].pace,
                             span_of(&s, crew.seen == 0
                                             ? crew.ready * ONE
                                             : crew.ready * crew.capacity * ONE / crew.seen));
}

/* ---- steps ------------------------------------------------------------------------------------
 */

/* `soonest`, or what a line gives that the call comes to at `begins`, if that is sooner. */
static acd_span sooner(const struct acd_engine *e, const struct standing *s, acd_span soonest,
                       acd_time begins, uint32_t line)
{
    acd_span until = begins > e->now ? begins - e->now : 0, span;

    if (until >= soonest)
        return soonest;
    span = estimate_line(e, *s, line);
    return most(soonest, span < until ? until : span);
}

/* The later steps of a plan, from `step` on, for a call that entered then. No step begins before
 * `from`: one that is over by then is none. */
static acd_span soonest_step(const struct acd_engine *e, const struct standing *s,
                             const struct plan *p, uint8_t step, acd_time entered, acd_time from,
                             acd_span soonest)
{
    for (; step < p->count; step++) {
        acd_time begins = entered + p->after[step];

        if (step + 1 < p->count && entered + p->after[step + 1] <= from)
            continue;
        soonest = sooner(e, s, soonest, begins < from ? from : begins, p->lines[step]);
    }
    return soonest;
}

acd_span estimate_call(const struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    const struct call_card *card = &e->call_cards[call];
    struct standing s = {.queue = c->queue,
                         .key = c->key,
                         .sequence = c->sequence,
                         .place = call_place(c),
                         .place_sequence = call_place_sequence(c),
                         .lifo = c->lifo};
    acd_span soonest = estimate_line(e, s, c->line);
    acd_time kept = c->kept ? e->call_turns[call].prefer_until : INT64_MIN;

    if (card->plan != NONE)
        return soonest_step(e, &s, &e->plans[card->plan], c->kept ? 0 : (uint8_t)(card->step + 1U),
                            c->entered_at, kept, soonest);
    return c->kept ? sooner(e, &s, soonest, kept, c->queue) : soonest;
}

/* The open plan that a call follows which brings none, or NONE. */
static uint32_t usual_plan(const struct acd_engine *e, uint32_t queue)
{
    const struct queue *q = &e->queues[queue];
    char room[PLAN_TEXT_MAX];
    struct acd_str text = q->set.plan;

    if (text.len == 0 && q->set.tier_wait > 0)
        text = plan_text_of_tiers(&e->levels[(size_t)queue * 256], q->set.tier_wait,
                                  q->set.tier_multiply == ACD_YES, room);
    return text.len == 0 ? NONE : plan_find(e, queue, text);
}

acd_span estimate_caller(const struct acd_engine *e, uint32_t queue)
{
    bool lifo = e->queues[queue].set.call_order == ACD_LIFO;
    struct standing s = {.queue = queue,
                         .key = e->now,
                         .sequence = UINT64_MAX,
                         .place = lifo ? -e->now - LIFO_FIRST : e->now,
                         .place_sequence = lifo ? 0 : UINT64_MAX,
                         .lifo = lifo};
    uint32_t plan = usual_plan(e, queue);
    uint8_t step = plan == NONE ? 0 : plan_step_from(e, plan, 0);
    uint32_t line = plan == NONE ? queue : e->plans[plan].lines[step];
    acd_span soonest;

    if (ready_has_another(e, line, NONE))
        return 0;
    soonest = estimate_line(e, s, line);
    return plan == NONE ? soonest
                        : soonest_step(e, &s, &e->plans[plan], (uint8_t)(step + 1U), e->now,
                                       INT64_MIN, soonest);
}
