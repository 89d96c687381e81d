#ifndef ACD_AGENT_TEAMS_H
#define ACD_AGENT_TEAMS_H

#include "persist/acd_store.h"

/* Which team each agent is of, as far as that is durable. */

struct agent_team {
    char name[64], team[64];
    uint16_t name_len, team_len; /* name_len 0: nobody has the slot */
};

struct agent_teams {
    struct agent_team *all; /* by slot; once all are there, by name */
    size_t count;
};

/* Of a zero one. Errors: INVALID, SYSTEM, NO_MEMORY. */
int agent_teams_load(struct agent_teams *t, struct acd_reader *r);
void agent_teams_fini(struct agent_teams *t);

/* The team of an agent, empty if it is of none or is not there. */
struct acd_str agent_teams_of(const struct agent_teams *t, struct acd_str agent);

#endif
