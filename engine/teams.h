#ifndef ACD_TEAMS_H
#define ACD_TEAMS_H

#include "engine/engine.h"

/* Teams of agents: a name each, there as long as anybody is of it. No decision knows of them. */

#define TEAM_AGENTS(e) LINKS((e)->agent_cards, in_team)

/* By name, or NONE. */
uint32_t team_find(const struct acd_engine *e, struct acd_str name);

/* The agent's team, empty when it is of none. */
struct acd_str team_of(const struct acd_engine *e, uint32_t agent);

/* Makes an agent one of that team and of no other; empty: of none. */
void team_set(struct acd_engine *e, uint32_t agent, struct acd_str name);

#endif
