#include "engine/ready_rank.h"

/* Strategies that are a key are counted through; those of positions have their tree. The turn of
 * round-robin goes round within the lowest level, that of top-down through all of them: so their
 * ranks are those of the tree, begun elsewhere. */

enum { RANK_LEVEL_SHIFT = 16 };

/* Of a place in the tree: how many are first in the turn, and how many of them stand before it. */
struct turn {
    uint32_t count, begins;
};

static struct turn turn_of(const struct acd_engine *e, const struct line *l, uint32_t call)
{
    const struct ranks *places = &l->ready.places;
    const struct queue *q = &e->queues[l->queue];
    int64_t level;

    if (l->ready.strategy == ACD_TOP_DOWN && call != NONE && e->calls[call].tried)
        return (struct turn){ranks_count(places, e->seat_nodes),
                             ranks_below(places, e->seat_nodes, e->call_turns[call].place,
                                         e->call_turns[call].sequence + 1)};
    if (l->ready.strategy != ACD_ROUND_ROBIN)
        return (struct turn){0, 0};
    level = (int64_t)e->seats[places->first].level << RANK_LEVEL_SHIFT;
    return (struct turn){
        ranks_below(places, e->seat_nodes, level + (1 << RANK_LEVEL_SHIFT), 0),
        ranks_below(places, e->seat_nodes, level | q->turn_position, q->turn_sequence + 1)};
}

uint32_t ready_rank(const struct acd_engine *e, uint32_t seat, uint32_t call)
{
    const struct line *l = &e->lines[e->seats[seat].line];
    struct order_items items = ready_items(e, l->ready.strategy);
    struct turn turn;
    uint32_t place;

    ACD_ASSERT(ready_has(e, seat));
    if (items.key_of != NULL)
        return order_rank(&l->ready.order, items, seat);
    if (strategy_draws(l->ready.strategy))
        return NONE;
    turn = turn_of(e, l, call);
    place = ranks_of(&l->ready.places, e->seat_nodes, seat);
    return place < turn.count ? (place + turn.count - turn.begins) % turn.count : place;
}

uint32_t ready_after(const struct acd_engine *e, uint32_t seat, uint32_t call)
{
    const struct line *l = &e->lines[e->seats[seat].line];
    struct order_items items = ready_items(e, l->ready.strategy);
    uint32_t rank;
    struct turn turn;

    if (items.key_of != NULL)
        return order_after(&l->ready.order, items, seat);
    rank = ready_rank(e, seat, call);
    if (rank == NONE || rank + 1 == ready_count(e, &l->ready))
        return NONE;
    turn = turn_of(e, l, call);
    rank = rank + 1 < turn.count ? (rank + 1 + turn.begins) % turn.count : rank + 1;
    return ranks_at(&l->ready.places, e->seat_nodes, rank);
}
