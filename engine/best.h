#ifndef ACD_BEST_H
#define ACD_BEST_H

#include "engine/engine.h"

/* Which call of a line wants an agent first, and which of two lines' calls an agent has rather. */

/* The first of those who ring at some and ask for more, unless a queued one is before it. */
COLD uint32_t rung_first(const struct acd_engine *e, const struct line *l);

/* The first call of a line that wants an agent, or NONE. */
static inline uint32_t line_first(const struct acd_engine *e, const struct line *l)
{
    return l->rung.first == RANKS_NONE ? l->waiting.first : rung_first(e, l);
}

/* Whether an agent would rather have call ca, the first of a's line, than cb, the first of b's. */
static inline bool seat_prefers(const struct acd_engine *e, const struct seat *a,
                                const struct call *ca, const struct seat *b, const struct call *cb)
{
    const struct line *la = &e->lines[a->line], *lb = &e->lines[b->line];

    if (la->rank != lb->rank)
        return la->rank > lb->rank;
    if (a->level != b->level)
        return a->level < b->level;
    if (ca->key != cb->key)
        return ca->key < cb->key;
    return ca->sequence < cb->sequence;
}

#endif
