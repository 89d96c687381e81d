#include "tools/play_player.h"

/* What must hold whenever nothing is under way: our books and the engine's agree, nothing is lost,
 * nobody has more than fits, and nobody is idle while somebody waits whom they could serve. */

static const char *name_of(const struct player *p, size_t queue)
{
    return queue < p->day->queue_count ? p->day->queues[queue].name : "the whole centre";
}

static void must_be(struct player *p, size_t queue, const char *what, int64_t engine, int64_t ours)
{
    if (engine != ours)
        player_violation(p, "%s: %s is %lld, by our books %lld", name_of(p, queue), what,
                         (long long)engine, (long long)ours);
}

/* The engine's sums (of a view that has them) against ours. */
#define F(type, name, doc)                                                                         \
    must_be((p), (queue), #name, (int64_t)(view)->name, (int64_t)(ours)->name);
#define SUMS_MUST_BE(p, queue, view, ours) ACD_SUMS_FIELDS

static void check_conservation(struct player *p, size_t queue, const struct acd_view_queue *v)
{
    must_be(p, queue, "entered, against what became of it", v->entered,
            (int64_t)v->answered + v->abandoned + v->timed_out + v->withdrawn + v->overflowed +
                v->left_empty + v->exited + v->callbacks + v->unreached + v->lost + v->waiting);
}

static void check_queue(struct player *p, uint32_t queue)
{
    const struct acd_view_queue *view = &p->sight.queues[queue];
    const struct book *b = &p->books[queue];
    const struct sums *ours = &b->sums;

    if (view->queue.gen == 0) {
        if (!b->removed || b->waiting + b->talking > 0)
            player_violation(p, "%s is not there", name_of(p, queue));
        return;
    }
    SUMS_MUST_BE(p, queue, view, ours)
    must_be(p, queue, "waiting", view->waiting, b->waiting);
    must_be(p, queue, "ringing", view->ringing, b->ringing);
    must_be(p, queue, "connected", view->connected, b->talking);
    check_conservation(p, queue, view);
}

static void check_totals(struct player *p)
{
    const struct acd_view_totals *view = &p->sight.totals;
    size_t queue = p->day->queue_count;
    struct sums sums = p->before, *ours = &sums;
    uint32_t waiting = 0, ringing = 0, talking = 0;

    for (size_t i = 0; i < p->day->queue_count; i++) {
        sums_add(ours, &p->books[i].sums);
        waiting += p->books[i].waiting;
        ringing += p->books[i].ringing;
        talking += p->books[i].talking;
    }
    SUMS_MUST_BE(p, queue, view, ours)
    must_be(p, queue, "queued", view->queued, waiting - ringing);
    must_be(p, queue, "offered", view->offered, ringing);
    must_be(p, queue, "connected", view->connected, talking);
    must_be(p, queue, "the sum of agents", view->agents,
            (int64_t)view->logged_out + view->not_ready + view->idle + view->delayed +
                view->reserved + view->busy + view->wrap_up);
}
#undef F

static void check_agent(struct player *p, uint32_t agent)
{
    const struct acd_view_agent *v = &p->sight.agents[agent];
    const struct desk *d = &p->desks[agent];
    const char *name = p->day->agents[agent].name;
    uint32_t load = (uint32_t)v->offered + v->connected + v->wrap_up;

    if (v->agent.gen == 0) {
        player_violation(p, "%s is not there", name);
        return;
    }
    if (load > p->day->agents[agent].capacity)
        player_violation(p, "%s has %u calls and room for %u", name, load,
                         p->day->agents[agent].capacity);
    if (v->offered != d->ringing || v->connected != d->talking)
        player_violation(p, "%s: %u ring and %u talk, by our books %u and %u", name, v->offered,
                         v->connected, d->ringing, d->talking);
    if (v->calls_today != d->calls || v->talk_today != d->talk)
        player_violation(p, "%s: %u calls, %lld us of talk, by our books %u and %lld", name,
                         v->calls_today, (long long)v->talk_today, d->calls, (long long)d->talk);
}

/* Available in our own reading of the view. */
static bool is_available(const struct player *p, uint32_t agent)
{
    const struct acd_view_agent *v = &p->sight.agents[agent];

    return v->state == ACD_READY && v->active == ACD_YES && v->delay_until == 0 &&
           (uint32_t)v->offered + v->connected + v->wrap_up < p->day->agents[agent].capacity;
}

static void check_liveness(struct player *p)
{
    for (size_t i = 0; i < p->day->seat_count; i++) {
        const struct day_seat *seat = &p->day->seats[i];
        const struct acd_view_queue *q = &p->sight.queues[seat->queue];

        if (q->queue.gen != 0 && q->waiting > q->ringing && is_available(p, seat->agent))
            player_violation(p, "%s is available while %u wait in %s",
                             p->day->agents[seat->agent].name, q->waiting - q->ringing,
                             name_of(p, seat->queue));
    }
}

/* All that was to arrive before `upto` was offered to its queue, no more and no less. */
static void check_arrivals(struct player *p, acd_span upto)
{
    for (uint32_t queue = 0; queue < p->day->queue_count; queue++) {
        const struct acd_view_queue *v = &p->sight.queues[queue];
        uint32_t planned = 0;

        for (size_t i = 0; i < DAY_INTERVALS && (acd_span)i * DAY_INTERVAL < upto; i++)
            planned += p->day->queues[queue].offered[i];
        if (v->queue.gen != 0)
            must_be(p, queue, "offered by the end of the interval",
                    (int64_t)v->entered - p->books[queue].moved_in + v->refused, planned);
        must_be(p, queue, "arrived by the end of the interval", p->books[queue].arrived, planned);
    }
}

void check_sight(struct player *p, acd_span upto)
{
    if (!p->sight.has_totals)
        return;
    for (uint32_t i = 0; i < p->day->queue_count; i++)
        check_queue(p, i);
    for (uint32_t i = 0; i < p->day->agent_count; i++)
        check_agent(p, i);
    check_totals(p);
    check_liveness(p);
    if (upto >= 0)
        check_arrivals(p, upto);
}

/* ---- the day as a whole -----------------------------------------------------------------------
 */

static void must_occur(struct player *p, const char *what, uint32_t count)
{
    if (count == 0)
        player_violation(p, "not one call was %s: such a day proves little", what);
}

static void check_variety(struct player *p)
{
    struct sums sums = {0};

    for (size_t i = 0; i < p->day->queue_count; i++)
        sums_add(&sums, &p->books[i].sums);
    must_occur(p, "answered", sums.answered);
    must_occur(p, "abandoned", sums.abandoned);
    must_occur(p, "timed out", sums.timed_out);
    must_occur(p, "withdrawn", sums.withdrawn);
    must_occur(p, "overflowed", sums.overflowed);
    for (uint8_t i = ACD_REFUSED_FULL; i <= ACD_REFUSED_NO_AGENTS; i++)
        must_occur(p, acd_enum_text(&acd_enum_refusal, i), p->tally.refusals[i]);
    for (uint8_t i = ACD_OFFER_ACCEPTED; i <= ACD_OFFER_CALLER_GONE; i++)
        must_occur(p, acd_enum_text(&acd_enum_offer_result, i), p->tally.offer_results[i]);
}

/* What the script alone decides, whoever took the calls: the engine's talk time of a queue is that
 * of the calls that were answered there. */
static void check_talk(struct player *p, uint32_t queue)
{
    const struct acd_view_queue *v = &p->sight.queues[queue];
    acd_span talk = 0;

    for (uint32_t i = 0; i < p->day->call_count; i++)
        if (p->callers[i].was_answered && p->callers[i].queue == queue)
            talk += p->day->calls[i].talk;
    if (v->queue.gen != 0)
        must_be(p, queue, "the talk of the calls it answered", v->talk, talk);
}

void check_day(struct player *p)
{
    for (uint32_t i = 0; i < p->day->call_count; i++)
        if (p->callers[i].stage != STAGE_OVER)
            player_violation(p, "call %u is not over", i);
    for (uint32_t i = 0; i < p->day->queue_count; i++)
        check_talk(p, i);
    if (p->day->is_varied)
        check_variety(p);
}
