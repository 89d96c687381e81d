#include "engine/best.h"

#include "engine/banks.h"

COLD uint32_t rung_first(const struct acd_engine *e, const struct line *l)
{
    const struct ranks_node *queued = &e->wait_nodes[l->waiting.first],
                            *rung = &e->wait_nodes[l->rung.first];

    if (l->waiting.first == RANKS_NONE)
        return l->rung.first;
    if (queued->key != rung->key)
        return queued->key < rung->key ? l->waiting.first : l->rung.first;
    return queued->seq < rung->seq ? l->waiting.first : l->rung.first;
}

/* A line's first call, as an agent sees it who may take it. */
struct wish {
    uint32_t rank;
    uint8_t level;
    struct head head;
    uint32_t line; /* NONE: no wish at all */
};

static bool wish_before(const struct wish *a, const struct wish *b)
{
    if (b->line == NONE || a->rank != b->rank)
        return b->line == NONE || a->rank > b->rank;
    if (a->level != b->level)
        return a->level < b->level;
    if (a->head.key != b->head.key)
        return a->head.key < b->head.key;
    return a->head.sequence < b->head.sequence;
}

/* The lines of a stand's bank that it is marked with, of which somebody is wanted. */
static inline uint64_t stand_wanted(const struct acd_engine *e, const struct stand *s)
{
    return s->item.own == 0 ? 0 : s->item.own & stand_bank(e, s)->wanted;
}

/* The best of those, if it is better than what is known. */
static void best_of_stand(const struct acd_engine *e, const struct stand *s, struct wish *best)
{
    const struct bank *b = stand_bank(e, s);

    for (uint64_t left = stand_wanted(e, s); left != 0; left &= left - 1) {
        uint32_t mark = (uint32_t)__builtin_ctzll(left), line = b->lines[mark];
        struct wish wish = {e->lines[line].rank, e->tiers[s->tier].level, b->heads[mark], line};

        if (wish_before(&wish, best))
            *best = wish;
    }
}

APART uint32_t best_of_stands(const struct acd_engine *e, uint32_t agent, const struct seat *seat,
                              uint32_t call, bool (*may)(const struct acd_engine *e, uint32_t seat))
{
    struct wish best = {.line = NONE};

    if (call != NONE)
        best = (struct wish){e->lines[seat->line].rank,
                             seat->level,
                             {e->calls[call].key, e->calls[call].sequence},
                             seat->line};
    for (uint32_t m = e->agents[agent].seats; m != LIST_NONE; m = e->seats[m].next)
        for (uint32_t s = m; s != NONE; s = e->stands[s].next)
            if (stand_wanted(e, &e->stands[s]) != 0 && may(e, m))
                best_of_stand(e, &e->stands[s], &best);
    return best.line == NONE ? NONE : line_first(e, &e->lines[best.line]);
}
