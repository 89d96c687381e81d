#include "engine/lines.h"
#include "engine/names.h"
#include "engine/skills.h"

/* Skills of agents, and the names they go by. */

void skill_unuse(struct acd_engine *e, uint32_t skill)
{
    struct skill *s = &e->skills[skill];

    ACD_ASSERT(s->uses > 0);
    if (--s->uses > 0)
        return;
    index_remove(&e->skill_names, s->name_key);
    slots_give(&e->skill_slots, skill);
}

uint32_t skill_named(struct acd_engine *e, struct acd_str name)
{
    uint32_t slot = skill_find(e, name);
    struct skill *s;

    if (slot != NONE)
        return slot;
    slot = slots_lowest(&e->skill_slots);
    ACD_ASSERT(slot != SLOT_NONE); /* whoever decided has seen that there is room */
    slots_take(&e->skill_slots, slot);
    s = &e->skills[slot];
    s->uses = 0;
    TEXT_SET(s->name, name);
    s->name_key.hash = name_hash(e, name);
    index_add(&e->skill_names, &s->name_key, slot);
    return slot;
}

uint32_t talent_find(const struct acd_engine *e, uint32_t agent, uint32_t skill)
{
    const struct talent *talents = &e->talents[(size_t)agent * ACD_SKILLS_MAX];

    for (uint32_t i = 0; i < e->agent_cards[agent].skills; i++)
        if (talents[i].skill == skill)
            return i;
    return ACD_SKILLS_MAX;
}

/* The rows of an agent's talents from one on, which others have moved to. */
static void talents_mark(struct acd_engine *e, uint32_t agent, uint32_t from)
{
    for (uint32_t i = from; i < e->agent_cards[agent].skills; i++)
        mark(e, ACD_TABLE_SKILLS, agent * ACD_SKILLS_MAX + i);
}

/* An agent may take other calls than before. */
static void talents_changed(struct acd_engine *e, uint32_t agent)
{
    for (uint32_t s = e->agents[agent].seats; s != LIST_NONE; s = e->seats[s].next)
        lines_review(e, s);
    agent_derive(e, agent, true);
}

void apply_skill_set(struct acd_engine *e, const struct acd_event_skill_set *v)
{
    uint32_t agent = agent_at(e, v->agent), skill = skill_named(e, v->skill);
    uint32_t place = talent_find(e, agent, skill);

    if (place == ACD_SKILLS_MAX) {
        place = e->agent_cards[agent].skills++;
        ACD_ASSERT(place < ACD_SKILLS_MAX);
        e->skills[skill].uses++;
    }
    e->talents[(size_t)agent * ACD_SKILLS_MAX + place] = (struct talent){(uint16_t)skill, v->level};
    mark(e, ACD_TABLE_SKILLS, agent * ACD_SKILLS_MAX + place);
    talents_changed(e, agent);
}

void apply_skill_removed(struct acd_engine *e, const struct acd_event_skill_removed *v)
{
    uint32_t agent = agent_at(e, v->agent), skill = skill_find(e, v->skill);
    uint32_t place = talent_find(e, agent, skill), last = e->agent_cards[agent].skills - 1U;
    struct talent *talents = &e->talents[(size_t)agent * ACD_SKILLS_MAX];

    talents_mark(e, agent, place);
    memmove(&talents[place], &talents[place + 1], (last - place) * sizeof talents[0]);
    e->agent_cards[agent].skills--;
    skill_unuse(e, skill);
    talents_changed(e, agent);
}

void talents_clear(struct acd_engine *e, uint32_t agent)
{
    const struct talent *talents = &e->talents[(size_t)agent * ACD_SKILLS_MAX];

    talents_mark(e, agent, 0);
    for (uint32_t i = 0; i < e->agent_cards[agent].skills; i++)
        skill_unuse(e, talents[i].skill);
    e->agent_cards[agent].skills = 0;
}
