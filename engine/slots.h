#ifndef ACD_SLOTS_H
#define ACD_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/acd_assert.h"
#include "engine/hot.h"

/* Which of `max` fixed slots are taken. The free slot handed out is always the lowest, so the
 * choice is a function of the set alone: a state loaded from tables goes on exactly as the live
 * one would. A tree of 64-ary bitmaps; take, give and next are O(log64 max). Zeroed memory is the
 * empty set, and words that were never used are never touched.
 *
 * What comes and goes leaves a hole here and there in what is full, which is filled next. So the
 * last word that ceased to be full is kept apart, and the levels above hear of it only when another
 * one does: mostly never. */

enum { SLOTS_LEVELS = 5, SLOTS_MAX = 1 << 30 }; /* 64 to the power of 5 */

#define SLOT_NONE UINT32_MAX /* no enumerator: ISO C wants those to fit an int */

struct slots {
    uint64_t *used[SLOTS_LEVELS]; /* used[0]: a bit a slot; used[k]: the word below is full */
    uint64_t *some[SLOTS_LEVELS]; /* some[0] == used[0]; some[k]: the word below is not empty */
    uint32_t max;                 /* 1 to SLOTS_MAX; bits beyond it stay 0 */
    uint32_t count;               /* slots taken */
    uint32_t levels;              /* in use; the topmost has one word */
    uint32_t first; /* the lowest word of level 0 that is not full; or SLOT_NONE ... */
    uint32_t hole;  /* ... but for this one, of which the levels above do not know */
};

/* 64-bit words that slots_init needs for `max` slots, 1 to SLOTS_MAX. */
size_t slots_words(uint32_t max);

/* Takes over `words`, zeroed, of slots_words(max) words: an empty set. */
void slots_init(struct slots *s, uint32_t max, uint64_t *words);

static inline uint64_t slots_bit(uint32_t i)
{
    return (uint64_t)1 << (i & 63);
}

/* The lowest free slot, or SLOT_NONE when all are taken. Changes nothing. */
static inline uint32_t slots_lowest(const struct slots *s)
{
    uint32_t word = s->first < s->hole ? s->first : s->hole, at;

    if (s->count == s->max)
        return SLOT_NONE;
    at = word << 6 | (uint32_t)__builtin_ctzll(~s->used[0][word]);
    ACD_ASSERT(at < s->max);
    return at;
}

/* What the functions below leave to the levels above, once word `i` of level 0 became full, and so
 * on. */
APART void slots_word_full(struct slots *s, uint32_t i);
APART void slots_word_not_full(struct slots *s, uint32_t i);
APART void slots_word_empty(struct slots *s, uint32_t i);
APART void slots_word_not_empty(struct slots *s, uint32_t i);

/* Marks a free slot as taken; any free slot, not the lowest only. */
static inline void slots_take(struct slots *s, uint32_t slot)
{
    uint64_t *word = &s->used[0][slot >> 6], before = *word;

    ACD_ASSERT(slot < s->max);
    ACD_ASSERT((before & slots_bit(slot)) == 0);
    *word = before | slots_bit(slot);
    s->count++;
    if (before == 0)
        slots_word_not_empty(s, slot >> 6);
    if (*word != UINT64_MAX)
        return;
    if (s->hole == slot >> 6)
        s->hole = SLOT_NONE;
    else
        slots_word_full(s, slot >> 6);
}

/* Marks a taken slot as free. */
static inline void slots_give(struct slots *s, uint32_t slot)
{
    uint64_t *word = &s->used[0][slot >> 6], before = *word;

    ACD_ASSERT(slot < s->max);
    ACD_ASSERT((before & slots_bit(slot)) != 0);
    *word = before & ~slots_bit(slot);
    s->count--;
    if (before == UINT64_MAX) {
        if (s->hole != SLOT_NONE)
            slots_word_not_full(s, s->hole);
        s->hole = slot >> 6;
    }
    if (*word == 0)
        slots_word_empty(s, slot >> 6);
}

/* Whether the slot is taken. One beyond the last never is: ids that peers sent are asked here. */
bool slots_has(const struct slots *s, uint32_t slot);

/* The lowest taken slot at or after `from` (which may be >= max), or SLOT_NONE. */
uint32_t slots_next(const struct slots *s, uint32_t from);

#endif
