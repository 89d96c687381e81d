#include "engine/decide.h"

/* Who gets whom. All matching is here: commands and deadlines make agents and calls fresh, and what
 * is fresh is settled before they return. So between commands no queue has both a queued call and
 * an available member: if an eligible pair exists, an offer exists.
 *
 * An agent looks at the heads of its own queues, never at other agents nor past a call; the call it
 * finds takes the best member of its queue, who may be somebody idle for longer. */

/* Whether an agent would rather have the first call of a's queue than of b's. */
static bool member_prefers(const struct acd_engine *e, const struct member *a,
                           const struct member *b)
{
    const struct queue *qa = &e->queues[a->queue], *qb = &e->queues[b->queue];
    const struct call *ca = &e->calls[qa->waiting.first], *cb = &e->calls[qb->waiting.first];

    if (qa->set.weight != qb->set.weight)
        return qa->set.weight > qb->set.weight;
    if (a->level != b->level)
        return a->level < b->level;
    if (ca->key != cb->key)
        return ca->key < cb->key;
    return ca->sequence < cb->sequence;
}

/* The best call queued for an agent, or NONE. */
static uint32_t best_call(const struct acd_engine *e, uint32_t agent)
{
    const struct member *best = NULL;

    for (uint32_t m = e->agents[agent].members; m != LIST_NONE; m = e->members[m].next) {
        const struct member *member = &e->members[m];

        if (e->queues[member->queue].waiting.first == RANKS_NONE)
            continue;
        if (best == NULL || member_prefers(e, member, best))
            best = member;
    }
    return best == NULL ? NONE : e->queues[best->queue].waiting.first;
}

/* The best available member of a queue, or NONE. */
static uint32_t best_agent(const struct acd_engine *e, uint32_t queue)
{
    uint32_t m = order_first(&e->queues[queue].ready, SEATS(e));

    return m == ORDER_NONE ? NONE : e->members[m].agent;
}

/* Fetches who comes next in a queue, and the member after that one, who leads to its agent: by the
 * next call they are there. */
static void successors_fetch(const struct acd_engine *e, const struct queue *q)
{
    uint32_t next = q->ready.head, after;

    if (next == ORDER_NONE)
        return;
    fetch(&e->agents[e->members[next].agent]);
    after = e->members[next].in_ready.next;
    if (after != ORDER_LAST)
        fetch(&e->members[after]);
}

static void offer(struct acd_engine *e, uint32_t call, uint32_t agent)
{
    const struct queue *q = &e->queues[e->calls[call].queue];
    uint32_t slot = slots_lowest(&e->assignment_slots);
    bool told = call == e->asking.call && asker_owns(e, call);

    ACD_ASSERT(slot != SLOT_NONE); /* e->reserved is within limits.assignments */
    if (!told)
        outbox_make_room(e, call);
    EMIT(e, call_offered, .call = call_id(e, call),
         .assignment = {slot, (uint32_t)(e->sequence + 1) == 0 ? 1 : (uint32_t)(e->sequence + 1)},
         .agent = agent_id(e, agent), .until = e->now + q->set.ring_timeout, .told = told);
    successors_fetch(e, q);
}

static void settle_agent(struct acd_engine *e, uint32_t agent)
{
    while (agent_is_available(e, agent)) {
        uint32_t call = best_call(e, agent);

        if (call == NONE)
            break;
        offer(e, call, best_agent(e, e->calls[call].queue));
    }
}

/* `alone`: no other call is fresh, and no agent is left unsettled. Then whoever is available for
 * this call has no other to choose from. */
static void settle_call(struct acd_engine *e, uint32_t call, bool alone)
{
    while (e->calls[call].state == ACD_QUEUED) {
        uint32_t agent = best_agent(e, e->calls[call].queue);

        if (agent == NONE)
            break;
        offer(e, alone ? call : best_call(e, agent), agent);
    }
}

static void queues_let_go(struct acd_engine *e)
{
    for (uint32_t q = slots_next(&e->removing, 0); q != SLOT_NONE;
         q = slots_next(&e->removing, q + 1))
        if (e->queues[q].unanswered.count == 0 && e->queues[q].connected == 0)
            EMIT(e, queue_removed, .queue = queue_id(e, q));
}

void settle_fresh(struct acd_engine *e)
{
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
