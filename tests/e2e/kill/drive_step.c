#include "tests/e2e/check.h"
#include "tests/e2e/kill/drive.h"

/* What is asked next, by chance, and by what the ledger knows. */

enum { LIVE_FEW = 60 };

/* ---- a gateway ---------------------------------------------------------------------------- */

static void route_new(struct party *p)
{
    struct ledger *l = p->ledger;
    uint32_t index = l->call_count;

    if (index == CALLS_MAX)
        check_give_up("calls", "too many");
    l->calls[index] =
        (struct told_call){.gateway = p->index, .queue = (uint8_t)dice(l, QUEUES), .agent = AGENTS};
    l->call_count++;
    p->live[p->live_count++] = index;
    drive_ask(p, (struct asked){.code = ACD_COMMAND_route, .subject = index});
}

static void hang_up(struct party *p, uint32_t index, enum acd_side side)
{
    drive_ask(p,
              (struct asked){.code = ACD_COMMAND_hangup, .subject = index, .value = (uint8_t)side});
}

/* It rings: mostly it is answered. */
static void answer(struct party *p, uint32_t index, acd_assignment_id assignment, uint8_t agent)
{
    static const uint8_t results[] = {ACD_OFFER_REJECTED, ACD_OFFER_BUSY, ACD_OFFER_NO_ANSWER};
    uint32_t luck = dice(p->ledger, 100);
    struct asked a = {.code = ACD_COMMAND_accept, .subject = index, .assignment = assignment};

    a.value = agent;
    if (luck >= 65) {
        a.code = ACD_COMMAND_reject;
        a.value = results[luck % 3];
    }
    if (luck >= 90)
        hang_up(p, index, luck >= 97 ? ACD_SIDE_SYSTEM : ACD_SIDE_CALLER);
    else if (luck < 80)
        drive_ask(p, a);
}

/* It waits: now and then the caller leaves, more so when too many wait. */
static void wait_on(struct party *p, uint32_t index)
{
    uint32_t luck = dice(p->ledger, 100), leaves = p->live_count == CALLS_LIVE_MAX ? 60 : 8;

    if (luck < leaves)
        hang_up(p, index, luck == 0 ? ACD_SIDE_SYSTEM : ACD_SIDE_CALLER);
    else if (luck < leaves + 4 && p->ledger->calls[index].entered)
        drive_ask(p, (struct asked){.code = ACD_COMMAND_route, .subject = index, .revision = 1});
}

static void step_call(struct party *p, uint32_t index)
{
    const struct told_call *c = &p->ledger->calls[index];
    acd_assignment_id assignment;
    uint8_t agent;

    for (uint8_t i = 0; i < c->offer_count; i++)
        if (c->offers[i].ended || c->offer_count > 1)
            return; /* the other half is on its way */
    switch (ledger_state(c, &assignment, &agent)) {
    case ACD_OFFERED: answer(p, index, assignment, agent); return;
    case ACD_CONNECTED:
        if (dice(p->ledger, 2) == 0)
            hang_up(p, index, ACD_SIDE_AGENT);
        return;
    default: wait_on(p, index);
    }
}

static void step_gateway(struct party *p)
{
    uint32_t luck = dice(p->ledger, 100), at, index;
    const struct told_call *c;

    if (p->live_count < LIVE_FEW || (luck < 35 && p->live_count < CALLS_LIVE_MAX)) {
        route_new(p);
        return;
    }
    at = dice(p->ledger, p->live_count);
    index = p->live[at];
    c = &p->ledger->calls[index];
    if (c->pending)
        return;
    if (c->ended || !c->entered)
        p->live[at] = p->live[--p->live_count];
    else
        step_call(p, index);
}

/* ---- the desk ----------------------------------------------------------------------------- */

static bool set_queue(struct party *p, uint32_t queue)
{
    return drive_ask(p, (struct asked){.code = ACD_COMMAND_queue_set,
                                       .subject = queue,
                                       .revision = ++p->ledger->queues[queue].asked});
}

static bool set_agent(struct party *p, uint32_t agent)
{
    return drive_ask(p, (struct asked){.code = ACD_COMMAND_agent_set,
                                       .subject = agent,
                                       .revision = ++p->ledger->agents[agent].asked});
}

static bool set_member(struct party *p, uint32_t agent, uint32_t queue, bool in)
{
    return drive_ask(p,
                     (struct asked){.code = in ? ACD_COMMAND_member_set : ACD_COMMAND_member_remove,
                                    .subject = agent,
                                    .value = (uint8_t)queue});
}

static bool set_state(struct party *p, uint32_t agent, enum acd_agent_state state)
{
    return drive_ask(
        p,
        (struct asked){.code = ACD_COMMAND_agent_state, .subject = agent, .value = (uint8_t)state});
}

static void new_agent(struct party *p)
{
    uint32_t agent = p->ledger->agent_count;

    if (!set_agent(p, agent))
        return;
    p->ledger->agent_count++;
    set_member(p, agent, agent % QUEUES, true);
    set_member(p, agent, (agent + 2) % QUEUES, true);
    set_state(p, agent, ACD_READY);
}

static void step_config(struct party *p, uint32_t agent)
{
    struct ledger *l = p->ledger;

    if (l->floor.settings_held)
        return;
    switch (dice(l, 5)) {
    case 0: set_queue(p, dice(l, QUEUES)); return;
    case 1:
        if (l->agent_count < AGENTS)
            new_agent(p);
        return;
    case 2: set_member(p, agent, dice(l, QUEUES), false); return;
    case 3: set_member(p, agent, dice(l, QUEUES), true); return;
    default: set_agent(p, agent);
    }
}

static void step_desk(struct party *p)
{
    struct ledger *l = p->ledger;
    uint32_t agent = dice(l, l->agent_count), luck = dice(l, 100);

    if (luck < 2)
        step_config(p, agent);
    else if (luck < 30)
        drive_ask(p, (struct asked){.code = ACD_COMMAND_wrap_up_finish, .subject = agent});
    else
        set_state(p, agent, luck < 75 ? ACD_READY : luck < 90 ? ACD_NOT_READY : ACD_LOGGED_OUT);
}

void drive_step(struct party *p)
{
    if (ledger_is_floor(p))
        floor_step(p);
    else if (p->index == DESK)
        step_desk(p);
    else
        step_gateway(p);
}

void drive_make_centre(struct ledger *l)
{
    struct party *desk = &l->parties[DESK];

    for (uint32_t i = 0; i < QUEUES; i++)
        set_queue(desk, i);
    while (l->agent_count < AGENTS_FIRST)
        new_agent(desk);
    floor_make(l);
}
