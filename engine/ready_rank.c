#include "engine/ready_rank.h"

/* Strategies that are a key are counted through; those of positions have their tree, in banks they
 * are counted too. The turn of round-robin goes round within the lowest level, that of top-down
 * through all of them: so their ranks are those of the places, begun elsewhere. */

/* ---- lines of requirements ------------------------------------------------------------------ */

/* How many stand before a key; they are gone through. */
static uint32_t marked_below(const struct acd_engine *e, uint32_t line, struct order_key key)
{
    uint32_t at = bank_first(e, line), count = 0;

    for (; at != MARKS_NONE && order_key_before(e->stands[at].item.key, key); count++)
        at = bank_after(e, line, e->stands[at].item.key);
    return count;
}

/* The membership at a rank, or NONE. */
static uint32_t marked_at(const struct acd_engine *e, uint32_t line, uint32_t rank)
{
    uint32_t at = bank_first(e, line);

    while (at != MARKS_NONE && rank-- > 0)
        at = bank_after(e, line, e->stands[at].item.key);
    return at == MARKS_NONE ? NONE : stand_member(e, at);
}

static struct order_key marked_key(const struct acd_engine *e, uint32_t line, uint32_t membership)
{
    return e->stands[stand_find(e, membership, e->lines[line].bank)].item.key;
}

/* ---- of either kind ---------------------------------------------------------------------------
 */

uint32_t ready_able(const struct acd_engine *e, uint32_t line)
{
    return line_is_of_queue(e, line)
               ? ready_count(e, &e->lines[line].ready)
               : marked_below(e, line, (struct order_key){UINT64_MAX, UINT64_MAX});
}

/* How many stand before a place, which is known as in ready.c. */
static uint32_t places_below(const struct acd_engine *e, uint32_t line, int64_t place,
                             uint64_t sequence)
{
    return e->lines[line].ready.in_bank
               ? marked_below(e, line, (struct order_key){(uint64_t)place, sequence})
               : ranks_below(&e->lines[line].ready.places, e->seat_nodes, place, sequence);
}

/* Of a place in the order: how many are first in the turn, and how many of them stand before it. */
struct turn {
    uint32_t count, begins;
};

static struct turn turn_of(const struct acd_engine *e, uint32_t line, uint32_t call)
{
    uint8_t strategy = e->lines[line].ready.strategy;
    const struct queue *q = &e->queues[e->lines[line].queue];
    int64_t level;

    if (strategy == ACD_TOP_DOWN && call != NONE && e->calls[call].tried)
        return (struct turn){ready_able(e, line), places_below(e, line, e->call_turns[call].place,
                                                               e->call_turns[call].sequence + 1)};
    if (strategy != ACD_ROUND_ROBIN)
        return (struct turn){0, 0};
    level = (int64_t)line_level(e, line, e->seats[places_first(e, line)].level) << LEVEL_SHIFT;
    return (struct turn){places_below(e, line, level + (1 << LEVEL_SHIFT), 0),
                         places_below(e, line, level | q->turn_position, q->turn_sequence + 1)};
}

/* How many stand before a membership in the order itself. */
static uint32_t order_place(const struct acd_engine *e, uint32_t line, uint32_t membership)
{
    const struct ready *r = &e->lines[line].ready;
    struct order_items items = ready_items(e, r->strategy);

    if (r->in_bank)
        return marked_below(e, line, marked_key(e, line, membership));
    return items.key_of != NULL ? order_rank(&r->order, items, membership)
                                : ranks_of(&r->places, e->seat_nodes, membership);
}

uint32_t ready_rank(const struct acd_engine *e, uint32_t line, uint32_t membership, uint32_t call)
{
    uint32_t place;
    struct turn turn;

    ACD_ASSERT(ready_has(e, membership));
    if (strategy_draws(e->lines[line].ready.strategy))
        return NONE;
    turn = turn_of(e, line, call);
    place = order_place(e, line, membership);
    return place < turn.count ? (place + turn.count - turn.begins) % turn.count : place;
}

uint32_t ready_after(const struct acd_engine *e, uint32_t line, uint32_t membership, uint32_t call)
{
    const struct ready *r = &e->lines[line].ready;
    struct order_items items = ready_items(e, r->strategy);
    uint32_t rank = ready_rank(e, line, membership, call);
    struct turn turn;

    if (rank == NONE || rank + 1 == ready_able(e, line))
        return NONE;
    turn = turn_of(e, line, call);
    rank = rank + 1 < turn.count ? (rank + 1 + turn.begins) % turn.count : rank + 1;
    if (r->in_bank)
        return marked_at(e, line, rank);
    return items.key_of != NULL ? order_after(&r->order, items, membership)
                                : ranks_at(&r->places, e->seat_nodes, rank);
}
