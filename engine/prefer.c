#include "engine/decide.h"
#include "engine/lines.h"

/* Calls that wait for an agent of their choice, before others may take them.
 *
 * Happy path: a route prefers an agent who is a member of the queue and logged in; the call is kept
 * for it, and rings there as soon as that is available, before other calls of the queue.
 *
 * Failure modes: the agent is not there, by the queue's pass_over, or goes; declines; or does not
 * come to be available in time: the call goes on to where its plan would have it by now, at its
 * old place in the order. There is no room for the agent's line: it is not kept at all. */

/* Whether nobody is there to keep a call for, by the queue's pass_over. */
static bool agent_is_passed(const struct acd_engine *e, uint32_t queue, uint32_t agent)
{
    const struct agent *a = &e->agents[agent];

    switch (e->queues[queue].set.pass_over) {
    case ACD_PASS_NEVER: return false;
    case ACD_PASS_READY: return !a->active || a->state != ACD_READY;
    default: return !a->active || a->state == ACD_LOGGED_OUT;
    }
}

static bool agent_line_fits(const struct acd_engine *e, uint32_t queue, uint32_t agent)
{
    const struct acd_limits *l = &e->config.limits;

    return line_of_agent(e, queue, agent_id(e, agent)) != NONE ||
           (e->line_slots.count < l->lines && e->seats_taken < l->seats &&
            e->agent_cards[agent].lines < l->lines_per_agent);
}

COLD bool call_may_be_kept(struct acd_engine *e, uint32_t queue, uint32_t agent, uint32_t plan)
{
    if (membership_find(e, agent, queue) == NONE || agent_is_passed(e, queue, agent))
        return false;
    for (uint32_t closed = 0; !agent_line_fits(e, queue, agent); closed++) {
        uint32_t oldest = e->unused_plans.first;

        if (closed == PLANS_CLOSABLE || oldest == LIST_NONE || oldest + 1 == plan)
            return false;
        EMIT(e, plan_closed, .plan = oldest + 1);
    }
    return true;
}

/* The step that a call which was kept has come to by now. */
static uint8_t step_by_now(const struct acd_engine *e, uint32_t call)
{
    const struct plan *p = &e->plans[e->call_cards[call].plan];
    acd_span waited = e->now - e->calls[call].entered_at;
    uint8_t step = 0;

    while (step + 1 < p->count && p->after[step + 1] <= waited)
        step++;
    return step;
}

COLD void call_go_on(struct acd_engine *e, uint32_t call)
{
    const struct call_card *card = &e->call_cards[call];
    uint8_t step = 0;

    if (card->plan != NONE) {
        step = e->calls[call].kept ? step_by_now(e, call) : (uint8_t)(card->step + 1);
        step = plan_step_from(e, card->plan, step);
    }
    EMIT(e, call_stepped, .call = call_id(e, call), .step = step);
}
