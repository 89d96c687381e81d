#include "engine/best.h"
#include "engine/decide.h"
#include "engine/ready.h"
#include "engine/ring.h"

/* Who gets whom. All matching is here: commands and deadlines make agents and calls fresh, and what
 * is fresh is settled before they return. So between commands no line has both a queued call and
 * an available seat: if an eligible pair exists, an offer exists.
 *
 * An agent looks at the heads of its own lines, never at other agents nor past a call; the call it
 * finds takes the best seat of its line, whose agent may be somebody idle for longer. */

/* The best call that wants an agent for this one, or NONE. */
static uint32_t best_call(const struct acd_engine *e, uint32_t agent)
{
    return agents_best_call(e, agent, ready_has);
}

/* The best available agent of a call's line, or NONE. */
static uint32_t best_agent(const struct acd_engine *e, uint32_t call)
{
    uint32_t s = ready_first(e, e->calls[call].line, call);

    return s == NONE ? NONE : e->seats[s].agent;
}

/* Fetches who comes next in a line, and the seat after that one, which leads to its agent: by the
 * next call they are there. */
static void successors_fetch(const struct acd_engine *e, const struct line *l)
{
    uint32_t next = l->ready.order.head, after, agent;

    if (next == ORDER_NONE)
        return;
    agent = e->seats[next].agent;
    fetch(&e->agents[agent]);
    fetch(&e->agent_intervals[agent]);
    after = e->seats[next].in_ready.next;
    if (after != ORDER_LAST)
        fetch(&e->seats[after]);
}

HOT void offer_make(struct acd_engine *e, uint32_t call, uint32_t agent, bool told)
{
    const struct queue *q = &e->queues[e->calls[call].queue];
    uint32_t slot = slots_lowest(&e->assignment_slots);

    ACD_ASSERT(slot != SLOT_NONE); /* e->reserved is within limits.assignments */
    if (!told)
        outbox_make_room(e, call);
    if (strategy_draws(q->set.strategy))
        EMIT(e, random_drawn, .state = chance_next(e->random));
    EMIT(e, call_offered, .call = call_id(e, call), .assignment = assignment_next(e, slot),
         .agent = agent_id(e, agent), .until = e->now + q->set.ring_timeout, .told = told);
}

/* What follows an offer of a call that rings at many. */
static COLD void ring_on(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    const struct acd_event_queue_set *set = &e->queues[c->queue].set;

    if (set->strategy == ACD_RING_ALL && c->ring == RING_NOT)
        EMIT(e, ring_asks, .call = call_id(e, call));
    if (set->strategy == ACD_RING_PROGRESSIVELY && ring_count(e, call) < RING_MAX)
        EMIT(e, ring_pauses, .call = call_id(e, call),
             .until = e->now + set->ring_progressively_delay);
}

/* The reply to a route tells of one offer. */
static HOT void offer(struct acd_engine *e, uint32_t call, uint32_t agent)
{
    const struct call *c = &e->calls[call];
    const struct line *l = &e->lines[c->line];

    offer_make(e, call, agent,
               call == e->asking.call && c->assignment == NONE && asker_owns(e, call));
    if (strategy_rings(l->ready.strategy))
        ring_on(e, call);
    successors_fetch(e, l);
}

/* A draining agent has done its last work. */
static COLD void agent_drained(struct acd_engine *e, uint32_t agent)
{
    const struct agent *a = &e->agents[agent];

    ACD_ASSERT(agent_load(a) == 0);
    EMIT(e, agent_state, .agent = agent_id(e, agent), .state = a->drain,
         .reason = a->drain == ACD_NOT_READY ? a->reason : 0);
}

static void settle_agent(struct acd_engine *e, uint32_t agent)
{
    if (e->agents[agent].drain != 0)
        agent_drained(e, agent);
    while (agent_is_available(e, agent)) {
        uint32_t call = best_call(e, agent);

        if (call == NONE)
            break;
        offer(e, call, best_agent(e, call));
    }
}

/* `alone`: no other call is fresh, and no agent is left unsettled. Then whoever is available for
 * this call has no other to choose from. */
static void settle_call(struct acd_engine *e, uint32_t call, bool alone)
{
    while (e->calls[call].state == ACD_QUEUED || e->calls[call].ring == RING_ASKS) {
        uint32_t agent = best_agent(e, call);

        if (agent == NONE)
            break;
        offer(e, alone ? call : best_call(e, agent), agent);
    }
    entering_stand(e);
}

/* The callers of a queue have left. */
static void queue_let_go(struct acd_engine *e, uint32_t queue)
{
    if (e->queues[queue].set.state == ACD_DRAINING)
        EMIT(e, queue_drained, .queue = queue_id(e, queue));
    else if (e->queues[queue].connected == 0)
        EMIT(e, queue_removed, .queue = queue_id(e, queue));
}

static COLD void queues_let_go(struct acd_engine *e)
{
    for (uint32_t q = slots_next(&e->removing, 0); q != SLOT_NONE;
         q = slots_next(&e->removing, q + 1))
        if (e->queues[q].unanswered.count + e->queues[q].scheduled.count == 0)
            queue_let_go(e, q);
}

APART void settle_fresh(struct acd_engine *e)
{
    if (e->fresh_agents.count + e->fresh_calls.count > 1)
        entering_stand(e);
    for (uint32_t i = 0; i < e->fresh_agents.count; i++)
        if (e->agents[e->fresh_agents.items[i]].gen != 0)
            settle_agent(e, e->fresh_agents.items[i]);
    for (uint32_t i = 0; i < e->fresh_calls.count; i++)
        if (e->calls[e->fresh_calls.items[i]].gen != 0)
            settle_call(e, e->fresh_calls.items[i], e->fresh_calls.count == 1);
    e->fresh_agents.count = 0;
    e->fresh_calls.count = 0;
    if (e->removing.count > 0)
        queues_let_go(e);
}
