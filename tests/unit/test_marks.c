#include "engine/marks.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

enum { ITEMS = 150, MANY = 20000 };
enum {
    BLOCKS = 1 + ITEMS * 2 / (MARKS_FEW + 2)
}; /* no more than marks_blocks() says of one tree */

struct item {
    char before[8]; /* what a tree knows of an item stands within its owner's record */
    struct marks_item item;
};

/* A tree, and beside it the naive model: items, their keys and marks, searched by scanning. */
struct world {
    struct marks tree;
    struct item items[ITEMS];
    struct marks_block blocks[BLOCKS];
    struct marks_counts counts[BLOCKS];
    struct slots taken;
    uint64_t words[16];
    struct marks_space space;
    uint64_t random, seq;
    bool few_marks;
    bool in[ITEMS];
    struct order_key key[ITEMS];
    uint64_t own[ITEMS];
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint32_t draw(struct world *w, uint32_t below)
{
    return (uint32_t)(next_random(&w->random) % below);
}

static void world_open(struct world *w, uint64_t seed, bool counted)
{
    memset(w, 0, sizeof *w);
    memset(w->items, 0xa5, sizeof w->items); /* they and counts need no initialisation */
    memset(w->counts, 0xa5, sizeof w->counts);
    w->random = seed;
    w->few_marks = seed % 2 == 0;
    cr_assert_eq(BLOCKS, marks_blocks(1, ITEMS));
    cr_assert_leq(slots_words(BLOCKS), sizeof w->words / sizeof w->words[0]);
    slots_init(&w->taken, BLOCKS, w->words);
    w->space = (struct marks_space){(char *)&w->items[0].item, sizeof w->items[0], w->blocks,
                                    &w->taken, counted ? w->counts : NULL};
    marks_init(&w->tree);
}

/* The lowest item with a mark, behind a key if one is given; and how many are not behind it. */
static uint32_t model_first(const struct world *w, uint32_t mark, const struct order_key *after)
{
    uint32_t first = MARKS_NONE;

    for (uint32_t i = 0; i < ITEMS; i++)
        if (w->in[i] && (w->own[i] >> mark & 1) != 0 &&
            (after == NULL || order_key_before(*after, w->key[i])) &&
            (first == MARKS_NONE || order_key_before(w->key[i], w->key[first])))
            first = i;
    return first;
}

static uint32_t model_before(const struct world *w, uint32_t mark, struct order_key key)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < ITEMS; i++)
        count += w->in[i] && (w->own[i] >> mark & 1) != 0 && !order_key_before(key, w->key[i]);
    return count;
}

/* Marks that many have, and that few have; or, of a world of few marks, some of three. */
static uint64_t draw_marks(struct world *w)
{
    uint64_t some = next_random(&w->random);

    if (w->few_marks)
        return 1 + draw(w, 7);
    switch (draw(w, 3)) {
    case 0: return some;
    case 1: return (some & next_random(&w->random) & next_random(&w->random)) | 1;
    default: return (uint64_t)1 << draw(w, MARKS_MAX);
    }
}

static void world_add(struct world *w, uint32_t item)
{
    uint64_t now = ++w->seq * 10;

    w->key[item].hi = draw(w, 3) == 0 ? now - draw(w, 500) % now : draw(w, 3) == 0 ? 7 : now;
    w->key[item].lo = w->seq;
    w->own[item] = draw_marks(w);
    w->in[item] = true;
    w->items[item].item.own = w->own[item];
    marks_add(&w->tree, &w->space, item, w->key[item]);
}

static void world_step(struct world *w, bool filling)
{
    uint32_t item = draw(w, ITEMS);
    bool in_phase = draw(w, 4) != 0;

    if (!w->in[item] && filling == in_phase) {
        world_add(w, item);
    } else if (w->in[item] && filling != in_phase) {
        w->in[item] = false;
        marks_remove(&w->tree, &w->space, item);
    }
}

static bool counts_agree(struct world *w, uint32_t mark, struct order_key key)
{
    uint32_t count = model_before(w, mark, (struct order_key){UINT64_MAX, UINT64_MAX}), at;

    if (marks_count(&w->tree, &w->space, mark) != count ||
        marks_before(&w->tree, &w->space, mark, key) != model_before(w, mark, key))
        return false;
    if (count == 0)
        return true;
    count = draw(w, count);
    at = marks_at(&w->tree, &w->space, mark, count);
    return (w->own[at] >> mark & 1) != 0 && model_before(w, mark, w->key[at]) == count + 1;
}

static bool world_agrees(struct world *w)
{
    uint32_t mark = draw(w, MARKS_MAX);
    struct order_key key = w->key[draw(w, ITEMS)];

    return marks_check(&w->tree, &w->space) &&
           marks_first(&w->tree, &w->space, mark) == model_first(w, mark, NULL) &&
           marks_after(&w->tree, &w->space, mark, key) == model_first(w, mark, &key) &&
           (w->space.counts == NULL || counts_agree(w, mark, key));
}

/* Runs random steps against the model. How many passed before the first disagreement. */
static uint32_t steps_agreed(uint64_t seed, uint32_t steps, bool counted)
{
    static struct world w;
    uint32_t step;

    world_open(&w, seed, counted);
    for (step = 0; step < steps; step++) {
        world_step(&w, step / 400 % 2 == 0);
        if (!world_agrees(&w))
            break;
    }
    return step;
}

/* The tree agrees with the model on every step, with counts and without. */
Test(marks, matches_the_model)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        cr_assert_eq(steps_agreed(seed, 4000, false), 4000, "seed %u", (unsigned)seed);
        cr_assert_eq(steps_agreed(seed, 4000, true), 4000, "seed %u", (unsigned)seed);
    }
}

static struct marks tree;
static struct item items[MANY];
static struct marks_block blocks[1 + MANY / 2];
static struct slots taken;
static uint64_t words[1000];
static struct marks_space space = {(char *)&items[0].item, sizeof items[0], blocks, &taken, NULL};

static void open_tree(void)
{
    cr_assert_leq(slots_words(1 + MANY / 2), sizeof words / sizeof words[0]);
    slots_init(&taken, 1 + MANY / 2, words);
    marks_init(&tree);
}

TestSuite(marks, .init = open_tree);

static void add(uint32_t item, uint64_t hi, uint64_t own)
{
    items[item].item.own = own;
    marks_add(&tree, &space, item, (struct order_key){hi, item});
}

/* Nobody is in an empty tree, and it is as new when the only item has come and gone. */
Test(marks, empty)
{
    cr_assert_eq(marks_first(&tree, &space, 0), MARKS_NONE);
    cr_assert_eq(marks_after(&tree, &space, 0, (struct order_key){0, 0}), MARKS_NONE);
    add(7, 100, 1);
    cr_assert_eq(marks_first(&tree, &space, 0), 7);
    marks_remove(&tree, &space, 7);
    cr_assert_eq(marks_first(&tree, &space, 0), MARKS_NONE);
    cr_assert(marks_check(&tree, &space));
}

/* One of many has a mark: it is found wherever it stands, and the others are as one. */
Test(marks, needle)
{
    for (uint32_t i = 0; i < MANY; i++)
        add(i, i, i == MANY - 2 ? 3 : 1);
    cr_assert_eq(marks_first(&tree, &space, 0), 0);
    cr_assert_eq(marks_first(&tree, &space, 1), MANY - 2);
    cr_assert_eq(marks_after(&tree, &space, 0, (struct order_key){5, 5}), 6);
    cr_assert_eq(marks_after(&tree, &space, 1, (struct order_key){MANY - 2, MANY - 2}), MARKS_NONE);
    marks_remove(&tree, &space, MANY - 2);
    cr_assert_eq(marks_first(&tree, &space, 1), MARKS_NONE);
    cr_assert(marks_check(&tree, &space));
}

/* Arrivals in order fill their blocks, and build no list of them: a walk to the root is short. */
Test(marks, stays_flat)
{
    uint32_t deepest = 0;

    for (uint32_t i = 0; i < MANY; i++)
        add(i, i, 1);
    cr_assert_eq(taken.count, MANY / MARKS_BLOCK);
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t depth = 0;

        for (uint32_t at = items[i].item.block; at != MARKS_NONE; at = blocks[at].parent)
            depth++;
        if (depth > deepest)
            deepest = depth;
    }
    cr_assert_lt(deepest, 48);
}

/* Few who are left of many stand together, in order, and leave nothing behind when they go. */
Test(marks, few_are_joined)
{
    uint32_t at = MARKS_NONE;

    for (uint32_t i = 0; i < MANY; i++)
        add(i, i, 1);
    for (uint32_t i = 0; i < MANY; i++)
        if (i % 100 != 0)
            marks_remove(&tree, &space, i);
    cr_assert(marks_check(&tree, &space));
    cr_assert_leq(taken.count, marks_blocks(1, MANY / 100));
    for (uint32_t i = 0; i < MANY; i += 100) {
        at = i == 0 ? marks_first(&tree, &space, 0)
                    : marks_after(&tree, &space, 0, items[at].item.key);
        cr_assert_eq(at, i);
    }
    for (uint32_t i = 0; i < MANY; i += 100)
        marks_remove(&tree, &space, i);
    cr_assert_eq(taken.count, 0);
    cr_assert_eq(marks_any(&tree, &space), MARKS_NONE);
}

/* A block that loses its only ones with a mark, and with that comes to be joined to the one behind
 * it, which brings no other: those above it learn of the loss all the same. */
Test(marks, joined_after_a_loss)
{
    enum { FOURS = 64 * MARKS_BLOCK, OTHERS = MARKS_FIT - MARKS_FEW };

    for (uint32_t i = 0; i < FOURS; i++)
        add(i, i, i / MARKS_BLOCK % 4 == 1 && i % MARKS_BLOCK == MARKS_FEW ? 3 : 1);
    for (uint32_t i = 0; i < FOURS; i++)
        if ((i / MARKS_BLOCK % 4 == 2 && i % MARKS_BLOCK >= OTHERS) ||
            (i / MARKS_BLOCK % 4 == 1 && i % MARKS_BLOCK > MARKS_FEW))
            marks_remove(&tree, &space, i);
    cr_assert_eq(taken.count, FOURS / MARKS_BLOCK);
    for (uint32_t i = MARKS_BLOCK + MARKS_FEW; i < FOURS; i += 4 * MARKS_BLOCK)
        marks_remove(&tree, &space, i);
    cr_assert_eq(taken.count, FOURS / MARKS_BLOCK * 3 / 4);
    cr_assert(marks_check(&tree, &space));
    cr_assert_eq(marks_first(&tree, &space, 1), MARKS_NONE);
}

/* The check notices marks that are not those below, an item that is not where it says, and an order
 * that is none. */
Test(marks, check_notices)
{
    for (uint32_t i = 0; i < 100; i++)
        add(i, i, (uint64_t)1 << i % 64);
    cr_assert(marks_check(&tree, &space));
    blocks[tree.root].below[0] ^= 2;
    cr_assert_not(marks_check(&tree, &space));
    blocks[tree.root].below[0] ^= 2;
    items[50].item.place ^= 1;
    cr_assert_not(marks_check(&tree, &space));
    items[50].item.place ^= 1;
    items[50].item.key.hi = UINT64_MAX;
    cr_assert_not(marks_check(&tree, &space));
}

/* What is in no tree, or in another, cannot be taken out. */
Test(marks, remove_absent, .signal = SIGABRT)
{
    add(1, 1, 1);
    items[2].item.block = MARKS_OUT;
    marks_remove(&tree, &space, 2);
}
