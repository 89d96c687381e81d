#include "engine/apply.h"
#include "engine/names.h"
#include "engine/slots.h"
#include "engine/teams.h"

/* Teams as they are seen: a walk over a team's agents. */

static void team_add(const struct acd_engine *e, uint32_t agent, struct acd_view_team *out)
{
    const struct agent *a = &e->agents[agent];
    uint32_t *const by_activity[] = {[ACD_ACTIVITY_LOGGED_OUT] = &out->logged_out,
                                     [ACD_ACTIVITY_NOT_READY] = &out->not_ready,
                                     [ACD_ACTIVITY_IDLE] = &out->idle,
                                     [ACD_ACTIVITY_DELAYED] = &out->delayed,
                                     [ACD_ACTIVITY_RESERVED] = &out->reserved,
                                     [ACD_ACTIVITY_BUSY] = &out->busy,
                                     [ACD_ACTIVITY_WRAP_UP] = &out->wrap_up,
                                     [ACD_ACTIVITY_OUTSIDE] = &out->outside,
                                     [ACD_ACTIVITY_NO_DEVICE] = &out->no_device};

    ++*by_activity[a->activity];
    out->agents++;
    out->available += agent_is_available(e, agent);
    out->offered += a->offered;
    out->connected += a->connected;
    if (a->day != e->day)
        return;
    out->calls_today += a->calls_today;
    out->talk_today += a->talk_today;
}

static void team_view(const struct acd_engine *e, uint32_t team, struct acd_view_team *out)
{
    *out = (struct acd_view_team){.name = TEXT_STR(e->teams[team].name)};
    for (uint32_t a = e->teams[team].agents.first; a != LIST_NONE;
         a = e->agent_cards[a].in_team.next)
        team_add(e, a, out);
}

int acd_team_view(const struct acd_engine *e, struct acd_str name, struct acd_view_team *out)
{
    uint32_t team = team_find(e, name);

    if (team == NONE)
        return ACD_NOT_FOUND;
    team_view(e, team, out);
    return ACD_OK;
}

bool acd_team_from(const struct acd_engine *e, uint32_t *slot, struct acd_view_team *out)
{
    *slot = slots_next(&e->team_slots, *slot);
    if (*slot == SLOT_NONE)
        return false;
    team_view(e, *slot, out);
    return true;
}

acd_agent_id acd_team_agent(const struct acd_engine *e, struct acd_str name, acd_agent_id behind)
{
    uint32_t team = team_find(e, name), agent = agent_at(e, behind);

    if (team == NONE || (behind.gen != 0 && (agent == NONE || e->agent_cards[agent].team != team)))
        return (acd_agent_id){0, 0};
    agent = behind.gen == 0 ? e->teams[team].agents.first : e->agent_cards[agent].in_team.next;
    return agent == LIST_NONE ? (acd_agent_id){0, 0} : agent_id(e, agent);
}
