#include "engine/names.h"
#include "engine/slots.h"
#include "engine/teams.h"

/* Agents join teams and leave them. There are as many places for teams as for agents, so there is
 * always one. */

struct acd_str team_of(const struct acd_engine *e, uint32_t agent)
{
    uint32_t team = e->agent_cards[agent].team;

    return team == NONE ? (struct acd_str){NULL, 0} : TEXT_STR(e->teams[team].name);
}

static uint32_t team_named(struct acd_engine *e, struct acd_str name)
{
    uint32_t slot = team_find(e, name);
    struct team *t;

    if (slot != NONE)
        return slot;
    slot = slots_lowest(&e->team_slots);
    ACD_ASSERT(slot != SLOT_NONE);
    slots_take(&e->team_slots, slot);
    t = &e->teams[slot];
    list_init(&t->agents);
    TEXT_SET(t->name, name);
    t->name_key.hash = name_hash(e, name);
    index_add(&e->team_names, &t->name_key, slot);
    return slot;
}

static void team_leave(struct acd_engine *e, uint32_t agent)
{
    uint32_t slot = e->agent_cards[agent].team;

    list_remove(&e->teams[slot].agents, TEAM_AGENTS(e), agent);
    e->agent_cards[agent].team = NONE;
    if (e->teams[slot].agents.count > 0)
        return;
    index_remove(&e->team_names, e->teams[slot].name_key);
    slots_give(&e->team_slots, slot);
}

void team_set(struct acd_engine *e, uint32_t agent, struct acd_str name)
{
    struct agent_card *card = &e->agent_cards[agent];

    if (card->team != NONE && str_is(name, team_of(e, agent)))
        return;
    if (card->team != NONE)
        team_leave(e, agent);
    if (name.len == 0)
        return;
    card->team = team_named(e, name);
    list_append(&e->teams[card->team].agents, TEAM_AGENTS(e), agent);
}
