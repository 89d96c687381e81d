#include <string.h>

#include "tools/play_player.h"
#include "tools/play_room.h"

/* Looking at the engine's views at one moment.
 *
 * Happy path: nothing is sent until all commands are answered; then client, totals, queues and
 * agents are asked for at one position. Their client says how many notices had been written by
 * then: when exactly these are heard, our books are of that very moment too.
 *
 * Failure modes: the engine's own deadlines go on meanwhile; the back end then looks again. */

static const acd_span NOTICE_SECONDS_REAL = 10;

static uint32_t named(const uint32_t *slots, size_t count, uint32_t slot)
{
    return slot < count ? slots[slot] : DAY_NONE;
}

static void sight_clear(struct player *p)
{
    p->sight.has_totals = false;
    p->sight.told = 0;
    memset(p->sight.queues, 0, p->day->queue_count * sizeof *p->sight.queues);
    memset(p->sight.agents, 0, p->day->agent_count * sizeof *p->sight.agents);
}

static void on_view(void *ctx, const struct acd_view *view)
{
    struct player *p = ctx;
    uint32_t index;

    if (view == NULL) {
        sight_clear(p);
    } else if (view->code == ACD_VIEW_client) {
        p->sight.told = view->as.client.told;
        p->sight.acked = view->as.client.acked;
    } else if (view->code == ACD_VIEW_totals) {
        p->sight.has_totals = true;
        p->sight.totals = view->as.totals;
    } else if (view->code == ACD_VIEW_queue) {
        index = named(p->queue_of_slot, p->queue_slots, view->as.queue.queue.slot);
        if (index != DAY_NONE)
            p->sight.queues[index] = view->as.queue;
    } else if (view->code == ACD_VIEW_agent) {
        index = named(p->agent_of_slot, p->agent_slots, view->as.agent.agent.slot);
        if (index != DAY_NONE)
            p->sight.agents[index] = view->as.agent;
    }
}

/* Hears exactly what had been told when the views were taken. */
static void hear_up_to_sight(struct player *p)
{
    double until = backend_real_time() + (double)NOTICE_SECONDS_REAL;
    struct news news;

    if (p->phase == PHASE_SETUP && p->heard < p->sight.acked)
        p->heard = p->sight.acked; /* of an earlier play */
    while (p->heard < p->sight.told) {
        if (backend_hear(p->back, &news)) {
            hear_news(p, &news);
        } else if (p->back->ops->is_embedded || backend_real_time() > until) {
            player_violation(p, "notice %llu of %llu did not come",
                             (unsigned long long)p->heard + 1, (unsigned long long)p->sight.told);
            p->heard = p->sight.told;
        } else {
            p->back->ops->wait(p->back, p->back->ops->now(p->back) + ACD_SECOND);
        }
    }
    hear_no_more(p);
}

static bool look(struct player *p)
{
    player_settle(p);
    p->tally.looks++;
    if (!p->back->ops->look(p->back, on_view, p)) {
        player_violation(p, "no views of one moment could be had");
        return false;
    }
    hear_up_to_sight(p);
    return true;
}

void look_and_compare(struct player *p, acd_span upto)
{
    const char *broken = upto >= 0 ? p->back->ops->check(p->back) : NULL;

    if (broken != NULL)
        player_violation(p, "the engine: %s", broken);
    if (look(p))
        check_sight(p, upto);
}

void look_at_sums(struct player *p)
{
    if (look(p))
        sums_take(&p->before, &p->sight.totals);
}

void look_for_emptiness(struct player *p)
{
    const struct acd_view_totals *t = &p->sight.totals;

    if (!look(p))
        return;
    if (t->agents + t->queues + t->queued + t->offered + t->connected == 0)
        return;
    if (p->phase == PHASE_SETUP)
        play_die("there are %u agents, %u queues and %u calls already; the play wants an empty one",
                 t->agents, t->queues, t->queued + t->offered + t->connected);
    player_violation(p, "%u agents, %u queues, %u calls were left behind", t->agents, t->queues,
                     t->queued + t->offered + t->connected);
}
