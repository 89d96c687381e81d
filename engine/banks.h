#ifndef ACD_BANKS_H
#define ACD_BANKS_H

#include "engine/apply.h"
#include "engine/hot.h"

/* Lines of requirements, many together: a member may fulfil hundreds, and each call that it takes
 * would move it in all of them. So the lines of a queue stand in banks, up to 64 in one; a member
 * has one stand in a bank, marked with the lines that it fulfils, and the stands of those who are
 * available are one ordered tree that finds the first with a mark (marks.h). An agent who comes or
 * goes moves in as many trees as it has queues, mostly; a line's first is found in O(log n). There
 * is a tree for each level, so that most arrivals are their tree's last.
 *
 * Likewise for calls: a bank knows the heads of its lines that want an agent, and their marks. Who
 * becomes free looks at those of its own lines among them, and at no other line.
 *
 * Lines of one queue whose requirements raise levels to different heights order the same members
 * differently, so they stand in different banks. */

static inline bool line_is_of_queue(const struct acd_engine *e, uint32_t line)
{
    return line < e->config.limits.queues;
}

static inline struct line_card *line_card(const struct acd_engine *e, uint32_t line)
{
    return &e->line_cards[line];
}

/* Whether calls are kept for one agent in a line of a requirement. */
static inline bool line_is_of_agent(const struct acd_engine *e, uint32_t line)
{
    return line_card(e, line)->requirement.agent.gen != 0;
}

/* What a line asks for; NULL of a queue's own, which any member is in. */
static inline const struct requirement *line_requirement(const struct acd_engine *e, uint32_t line)
{
    return line_is_of_queue(e, line) ? NULL : &line_card(e, line)->requirement;
}

/* The level that counts in a line, of a membership. */
static inline uint8_t line_level(const struct acd_engine *e, uint32_t line, uint8_t level)
{
    uint8_t raise = line_is_of_queue(e, line) ? 0 : line_card(e, line)->requirement.raise;

    return level < raise ? raise : level;
}

static inline uint64_t line_mark(const struct acd_engine *e, uint32_t line)
{
    return (uint64_t)1 << e->lines[line].mark;
}

COLD void banks_open(struct acd_engine *e);

/* ---- lines -------------------------------------------------------------------------------- */

/* Puts a line that nobody is in into a bank of its queue, and takes it out. */
COLD void bank_admit(struct acd_engine *e, uint32_t line);
COLD void bank_dismiss(struct acd_engine *e, uint32_t line);

/* Brings a line's head up to date after its calls have changed. */
APART void bank_head(struct acd_engine *e, uint32_t line);

/* How good an agent is at the skills that a bank's line names, where it stands alone; else 0. */
COLD uint16_t bank_skill(const struct acd_engine *e, const struct bank *b, uint32_t agent);

/* ---- members ------------------------------------------------------------------------------ */

/* Puts a member into a line that is in a bank, and takes it out. */
COLD void stand_take(struct acd_engine *e, uint32_t membership, uint32_t line);
COLD void stand_give(struct acd_engine *e, uint32_t membership, uint32_t line);
COLD bool stand_is_in(const struct acd_engine *e, uint32_t membership, uint32_t line);

/* The bank of a stand, and whose it is. */
static inline struct bank *stand_bank(const struct acd_engine *e, const struct stand *s)
{
    return &e->banks[e->tiers[s->tier].bank];
}
static inline uint32_t stand_member(const struct acd_engine *e, uint32_t stand)
{
    uint32_t first = e->config.limits.memberships;

    return stand < first ? stand : e->stand_members[stand - first];
}

/* A membership's stand in a bank, or NONE. */
COLD uint32_t stand_find(const struct acd_engine *e, uint32_t membership, uint32_t bank);

/* Begins to fetch the stands of a membership and of those around it, mostly of the same agent; and
 * what an agent's stands touch when they leave. */
APART void stands_fetch(const struct acd_engine *e, uint32_t membership);
APART void stands_leave_fetch(const struct acd_engine *e, uint32_t agent);

/* A membership has come to its place, or left it: so do its stands; and those of all memberships of
 * an agent. */
APART void member_stands_enter(struct acd_engine *e, uint32_t membership);
APART void member_stands_leave(struct acd_engine *e, uint32_t membership);
void stands_enter(struct acd_engine *e, uint32_t agent);
void stands_leave(struct acd_engine *e, uint32_t agent);

/* ---- who is available ----------------------------------------------------------------------- */

/* The first stand with a line's mark, or MARKS_NONE; the first that stands behind a key. */
uint32_t bank_first(const struct acd_engine *e, uint32_t line);
uint32_t bank_after(const struct acd_engine *e, uint32_t line, struct order_key key);

/* Where the strategy draws: how many of them stand before a key, or have it; and the one at a rank
 * that there is. */
uint32_t bank_before(const struct acd_engine *e, uint32_t line, struct order_key key);
uint32_t bank_at(const struct acd_engine *e, uint32_t line, uint32_t rank);

/* Sets another strategy, or with the same one sorts anew after keys have changed. O(n log n). */
COLD void bank_sort(struct acd_engine *e, uint32_t bank, uint8_t strategy);

#endif
