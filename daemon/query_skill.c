#include "daemon/listing.h"

/* Skills: which an agent has, and who has one. A cursor is (agent's slot, place among its skills),
 * so the first one, 0, is the start. */

static acd_agent_id agent_of(const struct listing *l)
{
    return acd_agent_from(l->s->engine, l->cursor / ACD_SKILLS_MAX);
}

/* The page's next skill of this agent, with the cursor behind it; false: there is none left. */
static bool next_skill(struct listing *l, acd_agent_id agent, struct acd_view_skill *out,
                       uint32_t *behind)
{
    uint32_t first = agent.slot * ACD_SKILLS_MAX;
    uint32_t place = l->cursor > first ? l->cursor - first : 0;

    if (!acd_agent_skills(l->s->engine, agent, &place, out))
        return false;
    *behind = first + place;
    return true;
}

/* Lists an agent's skills from the cursor on; false when the page ends before they do. Each is a
 * thing looked at. */
static bool put_skills(struct listing *l, struct acd_str skill, acd_agent_id agent)
{
    struct acd_view_skill v;
    uint32_t behind;

    while (next_skill(l, agent, &v, &behind)) {
        if (!listing_goes_on(l) ||
            (wanted(skill, v.skill) && !listing_put(l, &acd_record_view_skill, &v)))
            return false;
        l->cursor = behind;
    }
    return true;
}

void list_skills(struct server *s, uint64_t number, const struct acd_query_list_skills *q,
                 struct acd_reply_writer *w)
{
    acd_agent_id agent = acd_agent_named(s->engine, q->agent_name);
    struct listing l;

    if (q->agent_name.len > 0)
        NAMED(agent.gen, w, number, 1);
    l = listing_begin(s, number, q->cursor, q->limit, w);
    if (q->agent_name.len > 0) {
        listing_end(&l, !put_skills(&l, q->skill, agent));
        return;
    }
    for (agent = agent_of(&l); agent.gen != 0; agent = agent_of(&l)) {
        if (!listing_goes_on(&l) || !put_skills(&l, q->skill, agent))
            break;
        l.cursor = (agent.slot + 1) * ACD_SKILLS_MAX;
    }
    listing_end(&l, agent.gen != 0);
}
