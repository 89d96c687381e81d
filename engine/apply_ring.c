#include "engine/lines.h"
#include "engine/ready.h"
#include "engine/ring.h"

/* What becomes of calls that ring at many. */

uint32_t ring_count(const struct acd_engine *e, uint32_t call)
{
    uint32_t count = 0;

    for (uint32_t s = e->calls[call].assignment; s != NONE; s = call_assignment_after(e, s))
        count++;
    return count;
}

bool agent_is_rung(const struct acd_engine *e, uint32_t agent)
{
    for (uint32_t s = e->agents[agent].assignments; s != LIST_NONE; s = e->assignments[s].next)
        if (e->assignments[s].role == ACD_ROLE_OFFERED &&
            e->calls[e->assignments[s].call].ring != RING_NOT)
            return true;
    return false;
}

static void agent_keep(struct acd_engine *e, uint32_t agent)
{
    struct agent *a = &e->agents[agent];

    a->kept = agent_is_rung(e, agent) ? a->kept | KEPT_RUNG : a->kept & (uint8_t)~KEPT_RUNG;
}

/* ---- asking for more ------------------------------------------------------------------------ */

void ring_stand(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    ranks_add(&e->lines[c->line].rung, e->wait_nodes, call, call_place(c), call_place_sequence(c));
    if (!line_is_of_queue(e, c->line))
        bank_head(e, c->line);
}

void ring_unstand(struct acd_engine *e, uint32_t call)
{
    uint32_t line = e->calls[call].line;

    ranks_remove(&e->lines[line].rung, e->wait_nodes, call);
    if (!line_is_of_queue(e, line))
        bank_head(e, line);
}

static void ask(struct acd_engine *e, uint32_t call)
{
    e->calls[call].ring = RING_ASKS;
    ring_stand(e, call);
    ACD_ASSERT(e->fresh_calls.count < ACD_FRAME_EVENTS_MAX);
    e->fresh_calls.items[e->fresh_calls.count++] = call;
}

static void ask_no_more(struct acd_engine *e, uint32_t call)
{
    struct call *c = &e->calls[call];

    if (c->ring != RING_ASKS)
        return;
    ring_unstand(e, call);
    c->ring = RING_QUIET;
}

/* ---- its deadline ---------------------------------------------------------------------------- */

static void disarm(struct acd_engine *e, uint32_t call)
{
    struct call *c = &e->calls[call];

    if (c->until != 0)
        order_remove(&e->waits, WAITS(e), call);
    if (c->ring != RING_GROWS)
        return;
    c->until = e->call_turns[call].until;
    c->until_sequence = e->call_turns[call].until_sequence;
    c->ring = RING_QUIET;
}

static void arm(struct acd_engine *e, uint32_t call)
{
    if (e->calls[call].until != 0)
        wait_arm(e, call);
}

/* The time to grow takes max_wait's place when it comes before. */
static void arm_growth(struct acd_engine *e, uint32_t call, acd_time at)
{
    struct call *c = &e->calls[call];

    if (c->until == 0 || at < c->until) {
        e->call_turns[call].until = c->until;
        e->call_turns[call].until_sequence = c->until_sequence;
        c->until = at;
        c->until_sequence = e->sequence;
        c->ring = RING_GROWS;
    }
    arm(e, call);
}

/* ---- events ---------------------------------------------------------------------------------- */

/* The first of its events finds it with one offer, which was like any other so far. */
static void ring_begin(struct acd_engine *e, uint32_t call)
{
    struct call *c = &e->calls[call];

    mark(e, ACD_TABLE_CALLS, call);
    if (c->ring != RING_NOT) {
        disarm(e, call);
        return;
    }
    ACD_ASSERT(c->state == ACD_OFFERED);
    c->ring = RING_QUIET;
    for (uint32_t s = c->assignment; s != NONE; s = call_assignment_after(e, s)) {
        agent_keep(e, e->assignments[s].agent);
        agent_derive(e, e->assignments[s].agent, false);
    }
}

void apply_ring_asks(struct acd_engine *e, const struct acd_event_ring_asks *v)
{
    uint32_t call = call_at(e, v->call);

    ring_begin(e, call);
    arm(e, call);
    ask_no_more(e, call);
    if (ring_count(e, call) < RING_MAX)
        ask(e, call);
}

void apply_ring_pauses(struct acd_engine *e, const struct acd_event_ring_pauses *v)
{
    uint32_t call = call_at(e, v->call);

    ring_begin(e, call);
    ask_no_more(e, call);
    arm_growth(e, call, v->until);
}

void ring_offered(struct acd_engine *e, uint32_t call, uint32_t agent)
{
    agent_keep(e, agent);
    if (ring_count(e, call) >= RING_MAX)
        ask_no_more(e, call);
}

/* It rings no more: it is queued again, or connected. */
static void ring_end(struct acd_engine *e, uint32_t call)
{
    ask_no_more(e, call);
    disarm(e, call);
    e->calls[call].ring = RING_NOT;
}

void ring_offer_over(struct acd_engine *e, uint32_t call, uint32_t agent)
{
    agent_keep(e, agent);
    if (e->calls[call].assignment == NONE)
        ring_end(e, call);
    else if (ring_count(e, call) == RING_MAX - 1 && e->calls[call].ring != RING_ASKS)
        ask(e, call);
}

void ring_won(struct acd_engine *e, uint32_t call, uint32_t agent)
{
    ring_end(e, call);
    agent_keep(e, agent);
    agent_derive(e, agent, false);
}

void ring_tie(struct acd_engine *e, uint32_t call)
{
    if (e->calls[call].ring == RING_ASKS)
        ring_stand(e, call);
    arm(e, call);
    for (uint32_t s = e->calls[call].assignment; s != NONE; s = call_assignment_after(e, s))
        agent_keep(e, e->assignments[s].agent);
}
