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

/* The best call that wants an agent in the lines of requirements of those of its memberships that
 * `may` have one, unless `call`, the first of the line of one of its seats, is better. NONE is
 * never better. */
APART uint32_t best_of_stands(const struct acd_engine *e, uint32_t agent, const struct seat *seat,
                              uint32_t call,
                              bool (*may)(const struct acd_engine *e, uint32_t seat));

/* The best call for an agent by those of its seats that `may` have one, or NONE. */
static inline uint32_t agents_best_call(const struct acd_engine *e, uint32_t agent,
                                        bool (*may)(const struct acd_engine *e, uint32_t seat))
{
    const struct seat *best = NULL;
    uint32_t its_call = NONE;

    for (uint32_t s = e->agents[agent].seats; s != LIST_NONE; s = e->seats[s].next) {
        const struct seat *seat = &e->seats[s];
        uint32_t call = line_first(e, &e->lines[seat->line]);

        if (call == RANKS_NONE || !may(e, s))
            continue;
        if (best == NULL || seat_prefers(e, seat, &e->calls[call], best, &e->calls[its_call])) {
            best = seat;
            its_call = call;
        }
    }
    return e->agents[agent].stands ? best_of_stands(e, agent, best, its_call, may) : its_call;
}

#endif
