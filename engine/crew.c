#include "engine/crew.h"

#include "engine/hot.h"

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

/* What goes first for the agent of two memberships. */
static void look_at_seat(const struct acd_engine *e, struct crew *crew, uint8_t level,
                         const struct seat *other)
{
    struct neighbour *n = neighbour_of(crew, e->lines[other->line].queue);
    uint32_t rank = e->lines[crew->line].rank, others = e->lines[other->line].rank;

    if (n == NULL)
        return;
    if (others != rank)
        *(others > rank ? &n->before : &n->after) += 1;
    else if (other->level != level)
        *(other->level < level ? &n->before : &n->after) += 1;
    else
        n->alike++;
}

static void look_at_agent(const struct acd_engine *e, struct crew *crew, uint32_t seat)
{
    const struct seat *own = &e->seats[seat];
    const struct agent *a = &e->agents[own->agent];
    uint32_t item = a->seats;

    crew->seats[crew->seen++] = seat;
    crew->capacity += a->capacity;
    for (uint32_t i = 0; i < LOOK_QUEUES && item != LIST_NONE; i++, item = e->seats[item].next)
        if (e->seats[item].line != own->line)
            look_at_seat(e, crew, line_level(e, crew->line, own->level), &e->seats[item]);
}

static bool is_ready(const struct acd_engine *e, uint32_t seat)
{
    const struct agent *a = &e->agents[e->seats[seat].agent];

    return a->active && a->state == ACD_READY;
}

static bool is_able(const struct acd_engine *e, const struct requirement *r, uint32_t seat)
{
    return r == NULL || requirement_met(e, r, e->seats[seat].agent, e->seats[seat].level, NULL);
}

/* The only agent whom calls of a line are kept for, where it is a member. */
static void look_at_one(const struct acd_engine *e, struct crew *crew, acd_agent_id only)
{
    uint32_t agent = agent_at(e, only);
    uint32_t seat = agent == NONE ? NONE : membership_find(e, agent, e->lines[crew->line].queue);

    if (seat != NONE && is_ready(e, seat))
        look_at_agent(e, crew, seat);
}

void crew_look(const struct acd_engine *e, uint32_t line, struct crew *out)
{
    uint32_t queue = e->lines[line].queue, item = e->lines[queue].seats.first;
    const struct requirement *r = line_requirement(e, line);
    uint32_t wanted = r == NULL ? LOOK_AGENTS : LOOK_ABLE;

    out->line = line;
    out->ready = r == NULL ? e->queues[queue].members_ready : line_card(e, line)->members_ready;
    out->seen = out->capacity = out->count = 0;
    if (r != NULL && r->agent.gen != 0) {
        look_at_one(e, out, r->agent);
        return;
    }
    if (out->ready < wanted)
        wanted = (uint32_t)out->ready;
    for (uint32_t i = 0; i < LOOK_SEATS && out->seen < wanted && item != LIST_NONE; i++) {
        if (is_ready(e, item) && is_able(e, r, item))
            look_at_agent(e, out, item);
        item = e->seat_cards[item].in_line.next;
    }
}

/* Of agents nobody of whom was seen it is as likely as of any member. */
acd_span crew_share(const struct acd_engine *e, const struct crew *crew, uint32_t line)
{
    const struct requirement *r = line_requirement(e, line);
    uint32_t queue = e->lines[line].queue;
    acd_span ready = line_card(e, line)->members_ready, both = 0, share;

    if (ready == 0)
        return 0;
    if (crew->line == queue)
        return ONE;
    if (crew->seen == 0)
        return crew->ready * ONE / e->queues[queue].members_ready;
    for (uint32_t i = 0; i < crew->seen; i++)
        both += is_able(e, r, crew->seats[i]);
    share = crew->ready * both / crew->seen * ONE / ready;
    return share < ONE ? share : ONE;
}
