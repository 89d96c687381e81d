#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/play_room.h"
#include "tools/sim_private.h"

/* A run. Happy path: the next thing on the agenda or the engine's next deadline, whichever is
 * first; what the engine then offers is answered at once; a window ends; until all have.
 *
 * Failure modes: a table of the engine is full, when far more calls come than can be served and
 * nobody loses patience: the program ends and says so. */

static const struct sim_watch NOBODY_WATCHES;

/* ---- calls ----------------------------------------------------------------------------------- */

static void answer(struct sim *m, acd_call_id call, acd_assignment_id assignment,
                   acd_agent_id agent)
{
    struct acd_command accept = {.code = ACD_COMMAND_accept};
    struct acd_view_outcome outcome;
    struct sim_caller *c = &m->calls[call.slot];

    accept.as.accept.assignment = assignment;
    sim_do(m, &accept, &outcome);
    c->answered = true;
    c->agent = agent.slot;
    sim_agent_set(m, agent.slot, m->agents[agent.slot].here, m->agents[agent.slot].busy + 1);
    agenda_add(&m->agenda, (struct agenda_item){.at = m->now + c->handling,
                                                .kind = AGENDA_HANGUP,
                                                .who = call.slot,
                                                .gen = call.gen});
    if (m->watch->on_answer != NULL)
        m->watch->on_answer(m->watch->ctx, call, m->now);
}

static void less_busy(struct sim *m, uint32_t agent)
{
    sim_agent_set(m, agent, m->agents[agent].here, m->agents[agent].busy - 1);
}

/* Offers are answered when all has been heard: a command takes the frame away. */
static void hear(struct sim *m)
{
    struct acd_frame f = acd_last_frame(m->engine);
    uint32_t offer_count = 0;
    struct acd_event v;

    for (uint32_t i = 0; i < f.count; i++) {
        int size = acd_event_decode(f.bytes, f.len, &v);

        ACD_ASSERT(size > 0);
        f.bytes += size, f.len -= (size_t)size;
        if (v.code == ACD_EVENT_call_offered)
            m->offers[offer_count++] = v.as.call_offered;
        else if (v.code == ACD_EVENT_wrap_up_ended)
            less_busy(m, v.as.wrap_up_ended.agent.slot);
        else if (v.code == ACD_EVENT_call_ended && v.as.call_ended.wrap_up_until == 0 &&
                 v.as.call_ended.disposition == ACD_ANSWERED)
            less_busy(m, m->calls[v.as.call_ended.call.slot].agent);
    }
    for (uint32_t i = 0; i < offer_count; i++)
        answer(m, m->offers[i].call, m->offers[i].assignment, m->offers[i].agent);
}

static struct acd_command route_of(struct sim *m, uint32_t queue)
{
    struct acd_command route = {.code = ACD_COMMAND_route};

    m->keys++;
    route.as.route.key = (struct acd_str){(const char *)&m->keys, sizeof m->keys};
    route.as.route.queue = m->queues[queue];
    route.as.route.head_start = sim_callers_head_start(m, queue);
    route.as.route.plan = sim_callers_plan(m, queue);
    return route;
}

static void wait_for(struct sim *m, acd_call_id call, acd_span patience)
{
    m->seen[m->calls[call.slot].queue].delayed++;
    if (patience < ACD_FOREVER - m->now)
        agenda_add(&m->agenda, (struct agenda_item){.at = m->now + patience,
                                                    .kind = AGENDA_IMPATIENT,
                                                    .who = call.slot,
                                                    .gen = call.gen});
}

static void come_next(struct sim *m, uint32_t queue)
{
    acd_span at = sim_callers_next(m, queue);

    if (at != ACD_FOREVER)
        agenda_add(&m->agenda, (struct agenda_item){.at = at, .kind = AGENDA_ARRIVE, .who = queue});
}

static void arrive(struct sim *m, uint32_t queue)
{
    struct acd_command route = route_of(m, queue);
    acd_span handling = sim_callers_handling(m, queue);
    acd_span patience = sim_callers_patience(m, queue);
    struct acd_view_outcome outcome;

    sim_do(m, &route, &outcome);
    if (outcome.verdict != ACD_VERDICT_REFUSED)
        m->calls[outcome.call.slot] =
            (struct sim_caller){.gen = outcome.call.gen, .queue = queue, .handling = handling};
    if (m->watch->on_arrival != NULL)
        m->watch->on_arrival(m->watch->ctx, queue, m->now, handling, &outcome);
    if (outcome.verdict == ACD_VERDICT_OFFERED)
        answer(m, outcome.call, outcome.assignment, outcome.agent);
    else if (outcome.verdict == ACD_VERDICT_QUEUED)
        wait_for(m, outcome.call, patience);
    come_next(m, queue);
}

/* The talk is over, or patience; of who has been answered, or is gone, nothing is heard. */
static void hang_up(struct sim *m, const struct agenda_item *item)
{
    const struct sim_caller *c = &m->calls[item->who];
    struct acd_command hangup = {.code = ACD_COMMAND_hangup};
    struct acd_view_outcome outcome;

    if (c->gen != item->gen || (item->kind == AGENDA_IMPATIENT && c->answered))
        return;
    hangup.as.hangup.call = (acd_call_id){item->who, item->gen};
    m->result->commands++;
    if (acd_execute(m->engine, SIM_ORIGIN + m->now, ACD_NOBODY, 0, &hangup, &outcome) == ACD_GONE)
        return; /* the queue's max_wait was before the caller */
    hear(m);
}

/* ---- agents ---------------------------------------------------------------------------------- */

static void work(struct sim *m, uint32_t agent, bool here)
{
    struct acd_command c = {.code = ACD_COMMAND_agent_state};
    struct acd_view_outcome outcome;

    c.as.agent_state.agent = m->agents[agent].id;
    c.as.agent_state.state = here ? ACD_READY : ACD_NOT_READY;
    sim_agent_set(m, agent, here, m->agents[agent].busy);
    sim_do(m, &c, &outcome);
    hear(m);
}

/* ---- time ------------------------------------------------------------------------------------ */

/* The end of the warm-up or of a window; false when it was the last. */
static bool turn_window(struct sim *m)
{
    if (m->window++ > 0)
        sim_window_end(m);
    if (m->window > m->scenario->windows)
        return false;
    sim_window_begin(m);
    agenda_add(&m->agenda,
               (struct agenda_item){.at = m->now + m->scenario->window, .kind = AGENDA_LOOK});
    return true;
}

static bool act(struct sim *m, const struct agenda_item *item)
{
    m->now = item->at;
    switch (item->kind) {
    case AGENDA_ARRIVE: arrive(m, item->who); break;
    case AGENDA_HANGUP:
    case AGENDA_IMPATIENT: hang_up(m, item); break;
    case AGENDA_ACT: work(m, item->who, true); break;
    case AGENDA_LEAVE: work(m, item->who, false); break;
    default: return turn_window(m);
    }
    return true;
}

static void run(struct sim *m, uint64_t number)
{
    struct agenda_item item;

    sim_centre_begin(m, number);
    agenda_add(&m->agenda, (struct agenda_item){.at = m->scenario->warm_up, .kind = AGENDA_LOOK});
    for (uint32_t i = 0; i < m->scenario->queue_count; i++)
        come_next(m, i);
    do {
        acd_time deadline = acd_next_deadline(m->engine);

        while (deadline <= SIM_ORIGIN + agenda_next(&m->agenda)->at) {
            m->now = deadline - SIM_ORIGIN > m->now ? deadline - SIM_ORIGIN : m->now;
            acd_advance(m->engine, deadline);
            hear(m);
            deadline = acd_next_deadline(m->engine);
        }
        item = agenda_take(&m->agenda);
    } while (act(m, &item));
    if (m->watch->on_end != NULL)
        m->watch->on_end(m->watch->ctx);
    sim_centre_end(m);
}

void sim_run(const struct scenario *s, const struct sim_watch *watch, struct sim_result *out)
{
    size_t windows = (size_t)s->runs * s->windows;

    *out = (struct sim_result){.queues = s->queue_count, .groups = s->group_count};
    out->calls = room_for(windows * (out->queues + 1), sizeof *out->calls);
    out->work = room_for(windows * (out->groups + 1), sizeof *out->work);
    for (uint32_t i = 0; i < s->runs; i++) {
        struct sim m = {
            .scenario = s, .watch = watch == NULL ? &NOBODY_WATCHES : watch, .result = out};

        run(&m, i);
    }
}

void sim_result_fini(struct sim_result *r)
{
    free(r->calls);
    free(r->work);
    *r = (struct sim_result){0};
}
