#ifndef ACD_SKILLS_H
#define ACD_SKILLS_H

#include "engine/apply.h"

/* Skills by name, as long as somebody speaks of them. */

/* The slot of a name, or NONE. */
uint32_t skill_find(const struct acd_engine *e, struct acd_str name);

/* The same, made when there is none; it is used once more when the caller adds to its `uses`. */
uint32_t skill_named(struct acd_engine *e, struct acd_str name);

/* One use less: the last one frees it. */
void skill_unuse(struct acd_engine *e, uint32_t skill);

/* Which of an agent's talents a skill is, or ACD_SKILLS_MAX. */
uint32_t talent_find(const struct acd_engine *e, uint32_t agent, uint32_t skill);

/* Takes all skills from an agent. */
void talents_clear(struct acd_engine *e, uint32_t agent);

#endif
