#include "engine/decide.h"
#include "engine/skills.h"

/* Agents gain and lose skills.
 *
 * Happy path: the agent takes its seat in every line that it may now take calls from, leaves those
 * that it may not, and is settled with what waits there.
 *
 * Failure modes: it has 64 skills, there is no room for one more name, or it would be in more lines
 * than it may: FULL, nothing changed. */

/* Whether the agent has the skill at this very level. */
static bool has_talent(const struct acd_engine *e, uint32_t agent, uint32_t skill, uint8_t level)
{
    uint32_t place = skill == NONE ? ACD_SKILLS_MAX : talent_find(e, agent, skill);

    return place < ACD_SKILLS_MAX &&
           e->talents[(size_t)agent * ACD_SKILLS_MAX + place].level == level;
}

static bool talent_fits(const struct acd_engine *e, uint32_t agent, uint32_t skill)
{
    if (skill != NONE && talent_find(e, agent, skill) < ACD_SKILLS_MAX)
        return true;
    return e->agent_cards[agent].skills < ACD_SKILLS_MAX &&
           (skill != NONE || slots_lowest(&e->skill_slots) != SLOT_NONE);
}

int on_skill_set(struct acd_engine *e, const struct acd_command_skill_set *c)
{
    uint32_t agent = REFERRED(e, agent, skill_set, c, agent, agent_name), skill;
    struct talent given = {.level = c->level};

    if (agent == NONE)
        return e->asking.outcome->error;
    if (!skill_name_ok(c->skill))
        return FAULT(e, skill_set, skill, c->skill.len == 0 ? ACD_MISSING : ACD_INVALID);
    skill = skill_find(e, c->skill);
    e->asking.outcome->agent = agent_id(e, agent);
    if (has_talent(e, agent, skill, c->level))
        return ACD_OK;
    given.skill = (uint16_t)skill;
    if (!talent_fits(e, agent, skill) ||
        (skill != NONE && !agent_seats_fit(e, agent, &given, NONE, 0))) {
        e->asking.outcome->agent = (acd_agent_id){0, 0};
        return FAULT(e, skill_set, skill, ACD_FULL);
    }

    EMIT(e, skill_set, .agent = agent_id(e, agent), .skill = c->skill, .level = c->level);
    return ACD_OK;
}

int on_skill_remove(struct acd_engine *e, const struct acd_command_skill_remove *c)
{
    uint32_t agent = REFERRED(e, agent, skill_remove, c, agent, agent_name), skill;

    if (agent == NONE)
        return e->asking.outcome->error;
    if (c->skill.len == 0)
        return FAULT(e, skill_remove, skill, ACD_MISSING);
    skill = skill_find(e, c->skill);
    if (skill == NONE || talent_find(e, agent, skill) == ACD_SKILLS_MAX)
        return FAULT(e, skill_remove, skill, ACD_NOT_FOUND);

    e->asking.outcome->agent = agent_id(e, agent);
    EMIT(e, skill_removed, .agent = agent_id(e, agent), .skill = c->skill);
    return ACD_OK;
}
