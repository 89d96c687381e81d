#include "engine/slots.h"

#include "engine/acd_assert.h"

/* Level 0 has a bit a slot, each level above a bit for each word of the level below, up to one word
 * at the top. Two bits are kept of each word: `used` says that it is full, and leads to the lowest
 * free slot; `some` says that it is not empty, and leads to the next taken one. A change climbs
 * only while the word it changed became, or ceased to be, full or empty: mostly not at all.
 *
 * Invariant: the levels above have a word of level 0 as full if it is, or if it is the hole;
 * `first` is the lowest that they have not so, SLOT_NONE when there is none.
 *
 * The last word of a level may stand for less than 64. Its spare bits stay 0, so it never counts as
 * full; that is right, for nothing above it depends on it unless all of its level is full. */

enum { WORD_SHIFT = 6, WORD_LAST = 63 };

static const uint64_t WORD_FULL = UINT64_MAX;

_Static_assert(SLOTS_MAX == 1 << (WORD_SHIFT * SLOTS_LEVELS), "the levels reach SLOTS_MAX slots");

static uint32_t lowest_bit(uint64_t word)
{
    return (uint32_t)__builtin_ctzll(word);
}

/* Words of 64 for `bits` bits. */
static uint32_t words_for(uint32_t bits)
{
    return (bits + WORD_LAST) >> WORD_SHIFT;
}

size_t slots_words(uint32_t max)
{
    size_t sum;
    uint32_t words;

    ACD_ASSERT(max >= 1);
    ACD_ASSERT(max <= SLOTS_MAX);
    words = words_for(max);
    sum = words;
    while (words > 1) {
        words = words_for(words);
        sum += (size_t)words * 2;
    }
    return sum;
}

void slots_init(struct slots *s, uint32_t max, uint64_t *words)
{
    uint32_t n = words_for(max), level = 1;
    uint64_t *at = words + n;

    ACD_ASSERT(max >= 1);
    ACD_ASSERT(max <= SLOTS_MAX);
    *s = (struct slots){.used = {words}, .some = {words}, .max = max, .hole = SLOT_NONE};
    for (; n > 1; level++) {
        n = words_for(n);
        s->used[level] = at;
        s->some[level] = at + n;
        at += (size_t)n * 2;
    }
    s->levels = level;
    ACD_ASSERT(level <= SLOTS_LEVELS);
    ACD_ASSERT(at == words + slots_words(max));
}

/* Word `i` of level 0 ceased to be empty. */
void slots_word_not_empty(struct slots *s, uint32_t i)
{
    for (uint32_t level = 1; level < s->levels; level++) {
        uint64_t *word = &s->some[level][i >> WORD_SHIFT];
        uint64_t before = *word;

        *word |= slots_bit(i);
        if (before != 0)
            return;
        i >>= WORD_SHIFT;
    }
}

/* The lowest word of level 0 that the levels above do not have as full, or SLOT_NONE. */
static uint32_t first_not_full(const struct slots *s)
{
    uint32_t at = 0;

    if (s->levels == 1)
        return SLOT_NONE;
    for (uint32_t level = s->levels; level-- > 1;) {
        uint64_t word = s->used[level][at];

        if (word == WORD_FULL)
            return SLOT_NONE;
        at = at << WORD_SHIFT | lowest_bit(~word);
        if (at > (s->max - 1) >> (WORD_SHIFT * level))
            return SLOT_NONE;
    }
    return at;
}

static void tell_full(struct slots *s, uint32_t i)
{
    for (uint32_t level = 1; level < s->levels; level++) {
        uint64_t *word = &s->used[level][i >> WORD_SHIFT];

        *word |= slots_bit(i);
        if (*word != WORD_FULL)
            return;
        i >>= WORD_SHIFT;
    }
}

/* Word `i` of level 0 became full. */
void slots_word_full(struct slots *s, uint32_t i)
{
    tell_full(s, i);
    if (i == s->first)
        s->first = first_not_full(s);
}

/* Word `i` of level 0 ceased to be full. */
void slots_word_not_full(struct slots *s, uint32_t i)
{
    if (i < s->first)
        s->first = i;
    for (uint32_t level = 1; level < s->levels; level++) {
        uint64_t *word = &s->used[level][i >> WORD_SHIFT];
        uint64_t before = *word;

        *word &= ~slots_bit(i);
        if (before != WORD_FULL)
            return;
        i >>= WORD_SHIFT;
    }
}

/* Word `i` of level 0 became empty. */
void slots_word_empty(struct slots *s, uint32_t i)
{
    for (uint32_t level = 1; level < s->levels; level++) {
        uint64_t *word = &s->some[level][i >> WORD_SHIFT];

        *word &= ~slots_bit(i);
        if (*word != 0)
            return;
        i >>= WORD_SHIFT;
    }
}

bool slots_has(const struct slots *s, uint32_t slot)
{
    return slot < s->max && (s->used[0][slot >> WORD_SHIFT] & slots_bit(slot)) != 0;
}

/* The lowest taken slot under bit `at` of a level, which is set. */
static uint32_t descend(const struct slots *s, uint32_t level, uint32_t at)
{
    while (level-- > 0) {
        ACD_ASSERT(s->some[level][at] != 0);
        at = at << WORD_SHIFT | lowest_bit(s->some[level][at]);
    }
    ACD_ASSERT(at < s->max);
    return at;
}

uint32_t slots_next(const struct slots *s, uint32_t from)
{
    uint64_t mask;

    if (from >= s->max)
        return SLOT_NONE;
    mask = WORD_FULL << (from & WORD_LAST);
    for (uint32_t level = 0; level < s->levels; level++) {
        uint64_t word = s->some[level][from >> WORD_SHIFT] & mask;

        from >>= WORD_SHIFT;
        if (word != 0)
            return descend(s, level, from << WORD_SHIFT | lowest_bit(word));
        mask = WORD_FULL << (from & WORD_LAST) << 1; /* strictly above: two shifts, for bit 63 */
    }
    return SLOT_NONE;
}
