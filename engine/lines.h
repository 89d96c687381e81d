#ifndef ACD_LINES_H
#define ACD_LINES_H

#include "engine/names.h"
#include "engine/ready.h"

/* Lines of requirements, and who sits in them. All but the questions are for apply_*.c. */

enum { SKILL_UNKNOWN = UINT16_MAX };

/* ---- a queue's waiting calls: those of its own line, and the others ------------------------- */

/* The first of all, or NONE. */
static inline uint32_t queue_first(const struct acd_engine *e, uint32_t queue)
{
    uint32_t own = e->lines[queue].waiting.first, other = e->queues[queue].others.first;
    const struct call *a = &e->calls[own], *b = &e->calls[other];

    if (own == RANKS_NONE || other == RANKS_NONE)
        return own == RANKS_NONE ? other : own;
    if (call_place(a) != call_place(b))
        return call_place(a) < call_place(b) ? own : other;
    return call_place_sequence(a) < call_place_sequence(b) ? own : other;
}

/* Whether a queue that clears has anything to send away: queued calls, and callbacks that are not
 * due and stranded calls only when it is to take no more for good. */
static inline bool queue_clears(const struct acd_engine *e, uint32_t queue)
{
    const struct queue *q = &e->queues[queue];

    return queue_first(e, queue) != NONE ||
           (q->scheduled.count + q->stranded > 0 && queue_sends_away(e, queue));
}

/* How many there are, and how many stand before a key. */
static inline uint32_t queue_count(const struct acd_engine *e, uint32_t queue)
{
    return ranks_count(&e->lines[queue].waiting, e->wait_nodes) +
           ranks_count(&e->queues[queue].others, e->wait_nodes);
}
static inline uint32_t queue_below(const struct acd_engine *e, uint32_t queue, int64_t key,
                                   uint64_t seq)
{
    return ranks_below(&e->lines[queue].waiting, e->wait_nodes, key, seq) +
           ranks_below(&e->queues[queue].others, e->wait_nodes, key, seq);
}

/* How many stand before a queued call. */
static inline uint32_t queue_rank(const struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];
    const struct ranks *own = &e->lines[c->queue].waiting, *others = &e->queues[c->queue].others;

    if (c->line == c->queue)
        return ranks_of(own, e->wait_nodes, call) +
               ranks_below(others, e->wait_nodes, call_place(c), call_place_sequence(c));
    return ranks_of(others, e->wait_nodes, call) +
           ranks_below(own, e->wait_nodes, call_place(c), call_place_sequence(c));
}

/* ---- questions ---------------------------------------------------------------------------- */

/* What a step asks for, its skills by slot; a skill that nobody has and no line asks for is
 * SKILL_UNKNOWN, and false is returned. */
bool requirement_of(const struct acd_engine *e, const struct plan_step *s, struct requirement *out);

/* Whether an agent whose membership has this level fulfils a requirement. `given`: a skill that it
 * is thought to have as well, or at another level; or NULL. */
bool requirement_met(const struct acd_engine *e, const struct requirement *r, uint32_t agent,
                     uint8_t level, const struct talent *given);

/* How good an agent is at the skills that a requirement names, however often it names them. */
uint16_t requirement_skill(const struct acd_engine *e, const struct requirement *r, uint32_t agent);

/* The line of a queue where calls are kept for an agent, or NONE. */
uint32_t line_of_agent(const struct acd_engine *e, uint32_t queue, acd_agent_id id);

/* Whether an agent fulfils one of its clauses, that which begins at term *i; *i is then where the
 * next one does. */
bool clause_met(const struct acd_engine *e, const struct requirement *r, uint32_t agent,
                const struct talent *given, uint8_t *i);

/* The line of a queue for that, or NONE. */
uint32_t line_find(const struct acd_engine *e, uint32_t queue, const struct requirement *r,
                   bool passes);

/* Whether calls go on from a line at once, by its queue's pass_over: nobody there could take them.
 */
bool line_is_passed(const struct acd_engine *e, uint32_t line);

/* ---- all members of a queue ------------------------------------------------------------------
 *
 * In the order in which they came, which is none of the memory's: so what a look at one touches,
 * its seat and the skills of its agent, is fetched some members ahead. */

struct walk {
    uint32_t at, near, far; /* memberships, or LIST_NONE */
};

COLD void walk_begin(const struct acd_engine *e, struct walk *w, uint32_t queue);

/* The next one, or LIST_NONE. */
COLD uint32_t walk_next(const struct acd_engine *e, struct walk *w);

/* ---- changes ------------------------------------------------------------------------------ */

/* The line of a queue for that: found, or made with a place for each member who fulfils it. One
 * more step uses it; line_release() is the opposite, and the last one closes it. */
uint32_t line_use(struct acd_engine *e, uint32_t queue, const struct requirement *r, bool passes);
void line_release(struct acd_engine *e, uint32_t line);

/* Puts a queue's own line with its others if it belongs there by now, or takes it away from them;
 * the latter, wherever it belongs. */
void own_line_review(struct acd_engine *e, uint32_t queue);
void own_line_part(struct acd_engine *e, uint32_t queue);

/* Puts the lines of a queue into other banks, after its strategy has changed. */
void lines_rebank(struct acd_engine *e, uint32_t queue);

/* Makes an agent a member of a queue, and the opposite. */
void seat_take(struct acd_engine *e, uint32_t seat, uint32_t agent, uint32_t queue, uint8_t level,
               uint16_t position);
void seat_give(struct acd_engine *e, uint32_t seat);

/* Takes a member out of its queue's lines of requirements, and into those that it fulfils. */
void lines_leave(struct acd_engine *e, uint32_t membership);
void lines_review(struct acd_engine *e, uint32_t membership);

/* Puts a queued call with a requirement into its line, and takes it out again. */
void line_wait(struct acd_engine *e, uint32_t call);
void line_unwait(struct acd_engine *e, uint32_t call);

/* Notes whether a line of a requirement has calls that go on at once, after that may have changed.
 */
void line_note(struct acd_engine *e, uint32_t line);

#endif
