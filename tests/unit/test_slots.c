#include "engine/slots.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* The set, and beside it the naive model: a flag a slot. */
struct world {
    struct slots slots;
    uint64_t *words;
    bool *taken;
    uint32_t count;
};

static struct world world_open(uint32_t max)
{
    struct world w = {.words = calloc(slots_words(max), sizeof(uint64_t)),
                      .taken = calloc(max, sizeof(bool))};

    cr_assert(w.words != NULL && w.taken != NULL);
    slots_init(&w.slots, max, w.words);
    return w;
}

static void world_close(struct world *w)
{
    free(w->words);
    free(w->taken);
}

static void world_take(struct world *w, uint32_t slot)
{
    slots_take(&w->slots, slot);
    w->taken[slot] = true;
    w->count++;
}

static void world_give(struct world *w, uint32_t slot)
{
    slots_give(&w->slots, slot);
    w->taken[slot] = false;
    w->count--;
}

static uint32_t model_find(const struct world *w, uint32_t from, bool taken)
{
    for (uint32_t i = from; i < w->slots.max; i++)
        if (w->taken[i] == taken)
            return i;
    return SLOT_NONE;
}

static bool bit_is(const uint64_t *words, uint32_t i)
{
    return (words[i / 64] >> (i % 64) & 1) != 0;
}

/* Whether the levels above should have word i of a level as full: the hole they take for it. */
static bool counts_as_full(const struct slots *s, uint32_t level, uint32_t i)
{
    return s->used[level][i] == UINT64_MAX || (level == 0 && i == s->hole);
}

static bool first_agrees(const struct slots *s)
{
    uint32_t words = (s->max + 63) / 64, first = 0;

    while (first < words && counts_as_full(s, 0, first))
        first++;
    return s->first == (first < words ? first : SLOT_NONE);
}

/* Level 0 is the model; each bit above says of its word what it should; bits to spare are 0. */
static bool walker_agrees(const struct world *w)
{
    const struct slots *s = &w->slots;
    uint32_t below = (s->max + 63) / 64;

    for (uint32_t i = 0; i < below * 64; i++)
        if (bit_is(s->used[0], i) != (i < s->max && w->taken[i]))
            return false;
    for (uint32_t level = 1; level < s->levels; level++) {
        uint32_t words = (below + 63) / 64;

        for (uint32_t i = 0; i < words * 64; i++) {
            if (bit_is(s->used[level], i) != (i < below && counts_as_full(s, level - 1, i)))
                return false;
            if (bit_is(s->some[level], i) != (i < below && s->some[level - 1][i] != 0))
                return false;
        }
        below = words;
    }
    return below == 1 && s->count == w->count && s->some[0] == s->used[0] && first_agrees(s);
}

static bool answers_agree(const struct world *w, uint32_t from)
{
    return slots_lowest(&w->slots) == model_find(w, 0, false) &&
           slots_next(&w->slots, from) == model_find(w, from, true) &&
           slots_has(&w->slots, from) == (from < w->slots.max && w->taken[from]);
}

/* One random step. Phases of filling and of draining, so that full and empty are both reached. */
static void world_step(struct world *w, uint64_t *random, bool filling)
{
    uint32_t any = (uint32_t)(next_random(random) % w->slots.max);
    uint32_t lowest = slots_lowest(&w->slots), next = slots_next(&w->slots, any);
    bool in_phase = next_random(random) % 4 != 0;

    if (filling && in_phase && lowest != SLOT_NONE)
        world_take(w, lowest);
    else if (!filling && in_phase && next != SLOT_NONE)
        world_give(w, next);
    else if (w->taken[any])
        world_give(w, any);
    else
        world_take(w, any);
}

/* Runs random steps against the model. How many passed before the first disagreement. */
static uint32_t steps_agreed(uint64_t seed, uint32_t max, uint32_t filled, uint32_t steps)
{
    struct world w = world_open(max);
    uint64_t random = seed;
    uint32_t step;

    for (uint32_t i = 0; i < filled; i++)
        world_take(&w, i);
    for (step = 0; step < steps; step++) {
        world_step(&w, &random, step / (2 * max + 1) % 2 == 0);
        if (!walker_agrees(&w) || !answers_agree(&w, (uint32_t)(next_random(&random) % (max + 2))))
            break;
    }
    world_close(&w);
    return step;
}

/* Sizes on both sides of a full word, and of two, agree with the model on every step. */
Test(slots, small_sets_match_the_model)
{
    static const uint32_t maxes[] = {1, 2, 63, 64, 65, 127, 128, 129, 200};

    for (size_t i = 0; i < sizeof maxes / sizeof maxes[0]; i++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            cr_assert_eq(steps_agreed(seed, maxes[i], 0, 3000), 3000, "max %u, seed %u", maxes[i],
                         (unsigned)seed);
}

/* Sizes at which a level is added agree with the model, starting almost full and almost empty. */
Test(slots, deep_sets_match_the_model)
{
    static const uint32_t maxes[] = {4095, 4096, 4097, 64 * 64 * 3 + 5};

    for (size_t i = 0; i < sizeof maxes / sizeof maxes[0]; i++) {
        cr_assert_eq(steps_agreed(5, maxes[i], 0, 400), 400, "max %u, empty", maxes[i]);
        cr_assert_eq(steps_agreed(6, maxes[i], maxes[i] - 70, 400), 400, "max %u, full", maxes[i]);
    }
    cr_assert_eq(steps_agreed(7, 64 * 64 * 64 + 1, 64 * 64 * 64 - 5, 30), 30);
}

/* What slots_words asks for is the sum of the levels, two bitmaps each above the lowest. */
Test(slots, words_are_counted_level_by_level)
{
    cr_assert_eq(slots_words(1), 1);
    cr_assert_eq(slots_words(64), 1);
    cr_assert_eq(slots_words(65), 2 + 2 * 1);
    cr_assert_eq(slots_words(4096), 64 + 2 * 1);
    cr_assert_eq(slots_words(4097), 65 + 2 * (2 + 1));
    cr_assert_eq(slots_words(SLOTS_MAX), (1u << 24) + 2 * ((1u << 18) + 4096 + 64 + 1));
}

/* A new set hands out 0, 1, 2 and so on, and nothing once it is full. */
Test(slots, fill_from_the_bottom)
{
    struct world w = world_open(70);

    for (uint32_t i = 0; i < 70; i++) {
        cr_assert_eq(slots_lowest(&w.slots), i);
        world_take(&w, i);
    }
    cr_assert_eq(slots_lowest(&w.slots), SLOT_NONE);
    cr_assert_eq(w.slots.count, 70);
    world_give(&w, 66);
    world_give(&w, 3);
    cr_assert_eq(slots_lowest(&w.slots), 3);
    world_close(&w);
}

/* The free slot offered depends on the set alone, not on the way that led to it. */
Test(slots, the_choice_is_a_function_of_the_set)
{
    struct world a = world_open(5000), b = world_open(5000);

    for (uint32_t i = 0; i < 4990; i++)
        world_take(&a, i);
    for (uint32_t i = 5000; i-- > 0;)
        world_take(&b, i);
    for (uint32_t i = 4990; i < 5000; i++)
        world_give(&b, i);
    for (uint32_t i = 0; i < 5000; i += 100)
        world_give(&a, i);
    for (uint32_t i = 5000; i > 0; i -= 100)
        world_give(&b, i - 100);
    cr_assert_eq(memcmp(a.slots.used[0], b.slots.used[0], 5000 / 8), 0);
    for (uint32_t i = 0; i < 60; i++) {
        uint32_t expected = i < 50 ? i * 100 : 4990 + i - 50;

        cr_assert_eq(slots_lowest(&a.slots), expected);
        cr_assert_eq(slots_lowest(&b.slots), expected);
        world_take(&a, expected);
        world_take(&b, expected);
    }
    cr_assert_eq(slots_lowest(&a.slots), SLOT_NONE);
    world_close(&a);
    world_close(&b);
}

/* Asking for the next beyond the last slot, however far, finds none. */
Test(slots, next_beyond_the_end)
{
    struct world w = world_open(130);

    world_take(&w, 129);
    cr_assert_eq(slots_next(&w.slots, 0), 129);
    cr_assert_eq(slots_next(&w.slots, 129), 129);
    cr_assert_eq(slots_next(&w.slots, 130), SLOT_NONE);
    cr_assert_eq(slots_next(&w.slots, SLOT_NONE), SLOT_NONE);
    cr_assert_not(slots_has(&w.slots, 130));
    cr_assert_not(slots_has(&w.slots, SLOT_NONE));
    world_close(&w);
}

/* The last bit of a word has no bit above it: the search must go on in the level above. */
Test(slots, next_across_the_end_of_a_word)
{
    struct world w = world_open(64 * 64 + 2);

    world_take(&w, 63);
    world_take(&w, 64 * 64 + 1);
    cr_assert_eq(slots_next(&w.slots, 63), 63);
    cr_assert_eq(slots_next(&w.slots, 64), 64 * 64 + 1);
    cr_assert_eq(slots_next(&w.slots, 64 * 63 + 63), 64 * 64 + 1);
    world_close(&w);
}

/* The largest set works at both ends; its memory is only touched where it is used. */
Test(slots, the_largest_set)
{
    uint64_t *words = calloc(slots_words(SLOTS_MAX), sizeof *words);
    struct slots s;

    cr_assert_not_null(words);
    slots_init(&s, SLOTS_MAX, words);
    cr_assert_eq(s.levels, SLOTS_LEVELS);
    cr_assert_eq(slots_next(&s, 0), SLOT_NONE);
    slots_take(&s, 0);
    slots_take(&s, SLOTS_MAX - 1);
    cr_assert_eq(slots_lowest(&s), 1);
    cr_assert_eq(slots_next(&s, 1), SLOTS_MAX - 1);
    slots_give(&s, SLOTS_MAX - 1);
    cr_assert_eq(slots_next(&s, 1), SLOT_NONE);
    free(words);
}

/* A slot is taken once. */
Test(slots, double_take_aborts, .signal = SIGABRT)
{
    struct world w = world_open(10);

    slots_take(&w.slots, 4);
    slots_take(&w.slots, 4);
}

/* A free slot cannot be given back. */
Test(slots, give_of_a_free_slot_aborts, .signal = SIGABRT)
{
    struct world w = world_open(10);

    slots_give(&w.slots, 4);
}

/* Slots beyond max are not there, even where the last word has bits to spare. */
Test(slots, take_beyond_the_end_aborts, .signal = SIGABRT)
{
    struct world w = world_open(10);

    slots_take(&w.slots, 10);
}

Test(slots, give_beyond_the_end_aborts, .signal = SIGABRT)
{
    struct world w = world_open(10);

    slots_give(&w.slots, 10);
}

/* A set of nothing is no set. */
Test(slots, an_empty_universe_aborts, .signal = SIGABRT)
{
    slots_words(0);
}

Test(slots, too_large_a_universe_aborts, .signal = SIGABRT)
{
    slots_words(SLOTS_MAX + 1u);
}
