#include "tests/e2e/kill/roll.h"

/* Who is a member of what, added up: by the journal it stands with each agent. */

static bool is_member(const struct roll_agent *a, uint32_t queue)
{
    return a->gen != 0 && a->member[queue];
}

uint32_t roll_ready(const struct roll *r, uint32_t queue)
{
    uint32_t ready = 0;

    for (uint32_t i = 0; i < ROLL_agents; i++)
        ready += is_member(&r->agents[i], queue) && r->agents[i].state == ACD_READY;
    return ready;
}

void roll_count_members(struct roll *r)
{
    for (uint32_t queue = 0; queue < ROLL_queues; queue++) {
        r->queues[queue].ready = roll_ready(r, queue);
        r->queues[queue].members = 0;
        for (uint32_t i = 0; i < ROLL_agents; i++)
            r->queues[queue].members += is_member(&r->agents[i], queue);
    }
}
