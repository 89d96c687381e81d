#include "engine/leads.h"
#include "engine/lines.h"

/* A walk over all members of a queue, which opening a line is: at many agents it is nothing but
 * waiting for memory, so three go over the same way, the first to fetch the seats, the second what
 * they lead to. */

enum { NEAR = 8, FAR = 16 };

static uint32_t member_after(const struct acd_engine *e, uint32_t member)
{
    return e->seat_cards[member].in_line.next;
}

static void far_step(const struct acd_engine *e, struct walk *w)
{
    if (w->far == LIST_NONE)
        return;
    fetch(&e->seats[w->far]);
    fetch(&e->stands[w->far]);
    w->far = member_after(e, w->far);
}

static void near_step(const struct acd_engine *e, struct walk *w)
{
    const struct talent *talents;
    uint32_t agent;

    if (w->near == LIST_NONE)
        return;
    agent = e->seats[w->near].agent;
    talents = &e->talents[(size_t)agent * ACD_SKILLS_MAX];
    fetch(&e->agent_cards[agent].skills);
    fetch(&e->agents[agent]);
    for (size_t i = 0; i < ACD_SKILLS_MAX; i += CACHE_LINE / sizeof *talents)
        fetch(&talents[i]);
    w->near = member_after(e, w->near);
}

void walk_begin(const struct acd_engine *e, struct walk *w, uint32_t queue)
{
    w->at = w->near = w->far = e->lines[queue].seats.first;
    for (uint32_t i = 0; i < FAR; i++)
        far_step(e, w);
    for (uint32_t i = 0; i < NEAR; i++)
        near_step(e, w);
}

uint32_t walk_next(const struct acd_engine *e, struct walk *w)
{
    uint32_t member = w->at;

    if (member == LIST_NONE)
        return LIST_NONE;
    far_step(e, w);
    near_step(e, w);
    w->at = member_after(e, member);
    return member;
}
