#ifndef ACD_READY_H
#define ACD_READY_H

#include "engine/banks.h"

/* Who of a line is asked next: its seats of available agents, by the strategy of its queue.
 *
 *     ready_add(e, seat);                    (its agent came to be available)
 *     seat = ready_first(e, line, call);     (NONE: nobody is)
 *     ready_remove(e, seat);
 *
 * Strategies whose order is a key of the seat alone keep it in an order; the longest idle agent's
 * is inline, for it is the usual one. Those that look from a position on, and those that draw, find
 * it in an order-statistic tree of positions. In banks (banks.h), of which a line of a requirement
 * is one mark, and a queue's own by the usual strategy with them, either stands in a tree of keys.
 * All are O(log n), or better. */

/* Where a call waits among the others of its queue: by its key, or by lifo the last first, so that
 * these are before all others and a head start is one here too. */
#define LIFO_FIRST ((acd_span)24 * 3600 * ACD_SECOND + 1) /* more than any head start */
static inline int64_t call_place(const struct call *c)
{
    return c->lifo ? c->key - 2 * c->enqueued_at - LIFO_FIRST : c->key;
}
static inline uint64_t call_place_sequence(const struct call *c)
{
    return c->lifo ? ~c->sequence : c->sequence;
}

/* What the strategies but the usual one do, kept out of what every call goes through. */
APART void ready_add_other(struct acd_engine *e, struct ready *r, uint32_t seat);
APART void ready_remove_other(struct acd_engine *e, struct ready *r, uint32_t seat);
APART uint32_t ready_first_other(const struct acd_engine *e, uint32_t line, uint32_t call);

static inline bool ready_has(const struct acd_engine *e, uint32_t seat)
{
    return order_has(SEATS(e), seat);
}

static inline struct ready *ready_of(const struct acd_engine *e, uint32_t seat)
{
    return &e->lines[e->seats[seat].line].ready;
}

static inline void ready_add(struct acd_engine *e, uint32_t seat)
{
    struct ready *r = ready_of(e, seat);

    if (r->plain)
        order_add(&r->order, SEATS(e), seat);
    else
        ready_add_other(e, r, seat);
}

/* What its key is made of may have changed before, as long as nothing was added since. */
static inline void ready_remove(struct acd_engine *e, uint32_t seat)
{
    struct ready *r = ready_of(e, seat);

    if (r->plain)
        order_remove(&r->order, SEATS(e), seat);
    else
        ready_remove_other(e, r, seat);
}

/* The membership that a call of the line is offered to next, or NONE. */
static inline uint32_t ready_first(const struct acd_engine *e, uint32_t line, uint32_t call)
{
    const struct ready *r = &e->lines[line].ready;

    return r->plain ? order_first(&r->order, SEATS(e)) : ready_first_other(e, line, call);
}

/* Whether somebody else than this member, which may be NONE, is available in a line. */
COLD bool ready_has_another(const struct acd_engine *e, uint32_t line, uint32_t member);

/* Where a stand belongs in its bank, by that strategy. */
COLD struct order_key stand_key_other(const struct acd_engine *e, uint32_t stand, uint8_t strategy);
static inline struct order_key stand_key(const struct acd_engine *e, uint32_t stand,
                                         uint8_t strategy)
{
    const struct agent *a = &e->agents[e->seats[stand_member(e, stand)].agent];
    uint64_t level = e->tiers[e->stands[stand].tier].level;

    if (strategy != ACD_LONGEST_IDLE_AGENT)
        return stand_key_other(e, stand, strategy);
    return (struct order_key){level << 56 | (uint64_t)a->lsc, a->lsc_sequence};
}

static inline uint32_t ready_count(const struct acd_engine *e, const struct ready *r)
{
    return r->order.count + ranks_count(&r->places, e->seat_nodes) + r->banked;
}

/* What counts of a place above its position: the level. */
enum { LEVEL_SHIFT = 16 };

/* The first place of a line in which somebody is available, as a membership, or NONE. */
uint32_t places_first(const struct acd_engine *e, uint32_t line);

/* How an order of a strategy finds its keys; key_of is NULL of those of positions. */
struct order_items ready_items(const struct acd_engine *e, uint8_t strategy);

void ready_init(struct ready *r, uint8_t strategy);

/* Says how those who are available stand; for when nobody does yet. */
static inline void ready_set(struct ready *r, uint8_t strategy, bool in_bank)
{
    r->strategy = strategy;
    r->in_bank = in_bank;
    r->plain = strategy == ACD_LONGEST_IDLE_AGENT && !in_bank && !r->minded;
}

/* Says whether it matters to the queue that anybody stands there. */
static inline void ready_mind(struct ready *r, bool minded)
{
    r->minded = minded;
    ready_set(r, r->strategy, r->in_bank);
}

/* Sets another strategy of a queue, or with the same one sorts anew after keys have changed: in its
 * own line, and in all of its others. O(n log n) in those who are available; where lines part, or
 * come together, O(n) in members for each line too. */
COLD void ready_sort(struct acd_engine *e, uint32_t queue, uint8_t strategy);

/* Sorts an available agent's places anew whose order hangs on what is no status change: its load,
 * its calls, its offers. */
COLD void ready_resort_agent(struct acd_engine *e, uint32_t agent);

/* Sorts anew where the order hangs on the day's sums, which have just started from zero. */
COLD void ready_day_turned(struct acd_engine *e);

/* Whether a strategy draws, so that the generator goes on with each offer. */
static inline bool strategy_draws(uint8_t strategy)
{
    return strategy == ACD_RANDOM || strategy == ACD_WEIGHTED_RANDOM;
}

/* Where the stands of a bank are whose queue has that strategy. */
static inline const struct marks_space *stand_space(const struct acd_engine *e, uint8_t strategy)
{
    return &e->stand_spaces[strategy_draws(strategy)];
}

/* Whether a strategy orders the members of each line in another way, so that no two lines stand in
 * one bank. */
static inline bool strategy_parts_lines(uint8_t strategy)
{
    return strategy == ACD_BEST_SKILL;
}

/* The state of the generator after a draw. */
uint64_t chance_next(uint64_t state);

/* Notes that a call was offered to, or ended at, an agent, where the strategy of its queue hangs on
 * that. Of a consultation the call is NONE, here and for ready_first(). */
COLD void ready_note_offer(struct acd_engine *e, uint32_t line, uint32_t call, uint32_t agent);
void ready_note_end(struct acd_engine *e, uint32_t call, uint32_t agent);

/* O(n), for tests. */
bool ready_check(const struct acd_engine *e, const struct line *l);
bool ready_check_bank(const struct acd_engine *e, const struct bank *b);

#endif
