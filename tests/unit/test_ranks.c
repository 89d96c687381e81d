#include "engine/ranks.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 150, TREES = 2, MANY = 100000 };

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Two trees that share their nodes, and beside each the naive model: its items in an array that is
 * kept sorted by moving what stands behind. */
struct world {
    struct ranks trees[TREES];
    struct ranks_node nodes[ITEMS];
    uint64_t random, seq;
    uint32_t in[ITEMS]; /* 0: in none, else the tree's number + 1 */
    int64_t key[ITEMS];
    uint64_t seqs[ITEMS];
    uint32_t sorted[TREES][ITEMS];
    uint32_t count[TREES];
};

static void world_open(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    memset(w->nodes, 0xa5, sizeof w->nodes); /* nodes need no initialisation */
    w->random = seed;
    for (uint32_t k = 0; k < TREES; k++)
        ranks_init(&w->trees[k]);
}

static uint32_t draw(struct world *w, uint32_t below)
{
    return (uint32_t)(next_random(&w->random) % below);
}

static bool model_before(const struct world *w, uint32_t a, uint32_t b)
{
    return w->key[a] < w->key[b] || (w->key[a] == w->key[b] && w->seqs[a] < w->seqs[b]);
}

static void model_add(struct world *w, uint32_t k, uint32_t item)
{
    uint32_t i = w->count[k]++;

    for (; i > 0 && model_before(w, item, w->sorted[k][i - 1]); i--)
        w->sorted[k][i] = w->sorted[k][i - 1];
    w->sorted[k][i] = item;
    w->in[item] = k + 1;
}

static uint32_t model_rank(const struct world *w, uint32_t k, uint32_t item)
{
    uint32_t i = 0;

    while (w->sorted[k][i] != item)
        i++;
    return i;
}

static void model_remove(struct world *w, uint32_t k, uint32_t item)
{
    w->count[k]--;
    for (uint32_t i = model_rank(w, k, item); i < w->count[k]; i++)
        w->sorted[k][i] = w->sorted[k][i + 1];
    w->in[item] = 0;
}

/* Keys in the order of time, with a head start, few and shared, or extreme. */
static void world_add(struct world *w, uint32_t k, uint32_t item)
{
    int64_t now = (int64_t)++w->seq * 10;

    switch (draw(w, 4)) {
    case 0: w->key[item] = now; break;
    case 1: w->key[item] = now - (int64_t)draw(w, 500); break;
    case 2: w->key[item] = draw(w, 3); break;
    case 3: w->key[item] = draw(w, 2) == 0 ? INT64_MIN : INT64_MAX; break;
    }
    w->seqs[item] = draw(w, 2) == 0 ? w->seq : UINT64_MAX - w->seq;
    model_add(w, k, item);
    ranks_add(&w->trees[k], w->nodes, item, w->key[item], w->seqs[item]);
}

static void world_remove(struct world *w, uint32_t item)
{
    uint32_t k = w->in[item] - 1;

    model_remove(w, k, item);
    ranks_remove(&w->trees[k], w->nodes, item);
}

static void world_step(struct world *w, bool filling)
{
    uint32_t item = draw(w, ITEMS), k = draw(w, TREES), count = w->count[k];
    bool in_phase = draw(w, 4) != 0;

    if (w->in[item] == 0 && filling == in_phase)
        world_add(w, k, item);
    else if (w->in[item] != 0 && filling != in_phase)
        world_remove(w, item);
    else if (!filling && count > 0)
        world_remove(w, w->sorted[k][draw(w, 2) == 0 ? 0 : count - 1]);
}

static bool tree_agrees(struct world *w, uint32_t k)
{
    const struct ranks *r = &w->trees[k];
    uint32_t count = w->count[k], rank;

    if (!ranks_check(r, w->nodes) || ranks_count(r, w->nodes) != count)
        return false;
    if (ranks_at(r, w->nodes, count) != RANKS_NONE)
        return false;
    if (count == 0)
        return r->first == RANKS_NONE;
    rank = draw(w, count);
    return r->first == w->sorted[k][0] && ranks_at(r, w->nodes, rank) == w->sorted[k][rank] &&
           ranks_of(r, w->nodes, w->sorted[k][rank]) == rank;
}

/* Runs random steps against the model. How many passed before the first disagreement. */
static uint32_t steps_agreed(uint64_t seed, uint32_t steps)
{
    static struct world w;
    uint32_t step;

    world_open(&w, seed);
    for (step = 0; step < steps; step++) {
        world_step(&w, step / 400 % 2 == 0);
        if (!tree_agrees(&w, 0) || !tree_agrees(&w, 1))
            break;
    }
    return step;
}

/* Two trees over one array of nodes agree with the model on every step. */
Test(ranks, matches_the_model)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        cr_assert_eq(steps_agreed(seed, 6000), 6000, "seed %u", (unsigned)seed);
}

static struct ranks_node nodes[MANY], twins[MANY];
static struct ranks tree, twin;

static void open_trees(void)
{
    ranks_init(&tree);
    ranks_init(&twin);
}

TestSuite(ranks, .init = open_trees);

static void add(uint32_t item, int64_t key, uint64_t seq)
{
    ranks_add(&tree, nodes, item, key, seq);
}

/* An empty tree has no first, no item at any rank, and nobody in it. */
Test(ranks, empty)
{
    cr_assert_eq(ranks_count(&tree, nodes), 0);
    cr_assert_eq(tree.first, RANKS_NONE);
    cr_assert_eq(ranks_at(&tree, nodes, 0), RANKS_NONE);
    cr_assert(ranks_check(&tree, nodes));
}

/* The only item comes and goes, and the tree is as new. */
Test(ranks, one_item)
{
    add(7, 100, 1);
    cr_assert_eq(tree.first, 7);
    cr_assert_eq(ranks_of(&tree, nodes, 7), 0);
    cr_assert_eq(ranks_at(&tree, nodes, 0), 7);
    cr_assert_eq(ranks_at(&tree, nodes, 1), RANKS_NONE);
    ranks_remove(&tree, nodes, 7);
    cr_assert_eq(tree.first, RANKS_NONE);
    cr_assert_eq(ranks_count(&tree, nodes), 0);
    cr_assert(ranks_check(&tree, nodes));
}

/* Keys are signed, and of equal keys the lower seq stands first. */
Test(ranks, order_of_keys)
{
    add(0, 5, 9);
    add(1, -5, 1);
    add(2, 5, 8);
    add(3, INT64_MIN, UINT64_MAX);
    add(4, 0, 2);
    cr_assert_eq(tree.first, 3);
    cr_assert_eq(ranks_of(&tree, nodes, 1), 1);
    cr_assert_eq(ranks_of(&tree, nodes, 4), 2);
    cr_assert_eq(ranks_of(&tree, nodes, 2), 3);
    cr_assert_eq(ranks_of(&tree, nodes, 0), 4);
}

/* A large queue in the order of time: ranks are right at both ends and the tree stays shallow. */
Test(ranks, many_in_the_order_of_time)
{
    for (uint32_t i = 0; i < MANY; i++)
        add(i, i / 3, i);
    cr_assert(ranks_check(&tree, nodes)); /* which fails beyond RANKS_DEPTH_MAX */
    for (uint32_t i = 0; i < MANY; i += 997) {
        cr_assert_eq(ranks_of(&tree, nodes, i), i);
        cr_assert_eq(ranks_at(&tree, nodes, i), i);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        cr_assert_eq(tree.first, i);
        ranks_remove(&tree, nodes, i);
    }
    cr_assert_eq(ranks_count(&tree, nodes), 0);
}

static uint32_t depth_of(uint32_t item)
{
    uint32_t depth = 1;

    for (uint32_t at = tree.root; at != item; depth++) {
        const struct ranks_node *a = &nodes[item], *b = &nodes[at];
        bool before = a->key < b->key || (a->key == b->key && a->seq < b->seq);

        at = before ? b->left : b->right;
    }
    return depth;
}

/* The weights of consecutive seqs are unlike enough: 100,000 calls in order stand no deeper than a
 * random tree would, about 4.3 ln n at most and 2 ln n on average. */
Test(ranks, stays_shallow)
{
    uint64_t sum = 0;
    uint32_t deepest = 0;

    for (uint32_t i = 0; i < MANY; i++)
        add(i, i, i);
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t depth = depth_of(i);

        sum += depth;
        deepest = depth > deepest ? depth : deepest;
    }
    cr_assert_leq(deepest, 50);
    cr_assert_leq(sum / MANY, 24);
}

static bool trees_alike(uint32_t a, uint32_t b)
{
    if (a != b || a == RANKS_NONE)
        return a == b;
    return nodes[a].size == twins[a].size && trees_alike(nodes[a].left, twins[a].left) &&
           trees_alike(nodes[a].right, twins[a].right);
}

/* The shape is a function of the set: backwards, and with others come and gone, it is the same. */
Test(ranks, the_shape_is_a_function_of_the_set)
{
    for (uint32_t i = 0; i < 1000; i++)
        add(i, i % 100, i);
    for (uint32_t i = 2000; i-- > 0;)
        ranks_add(&twin, twins, i, i % 100, i);
    for (uint32_t i = 1000; i < 2000; i++)
        ranks_remove(&twin, twins, i);
    cr_assert(trees_alike(tree.root, twin.root));
    cr_assert_eq(tree.first, twin.first);
    cr_assert_eq(tree.last, twin.last);
}

/* Even where two seqs have one weight: then the item that stands first is nearer the root. */
Test(ranks, the_shape_is_decided_when_weights_collide)
{
    enum { SEQ_A = 18832, SEQ_B = 95261 }; /* found by trying seqs one after the other */

    add(0, 1, SEQ_A);
    add(1, 2, SEQ_B);
    ranks_add(&twin, twins, 1, 2, SEQ_B);
    ranks_add(&twin, twins, 0, 1, SEQ_A);
    cr_assert_eq(nodes[0].weight, nodes[1].weight, "the mix changed: find other seqs");
    cr_assert_eq(tree.root, 0);
    cr_assert(trees_alike(tree.root, twin.root));
    cr_assert(ranks_check(&tree, nodes) && ranks_check(&twin, twins));

    ranks_add(&tree, nodes, 2, 3, 1);
    ranks_remove(&tree, nodes, 2);
    cr_assert(trees_alike(tree.root, twin.root));
}

static int heavier_first(const void *a, const void *b)
{
    uint32_t x = twins[*(const uint32_t *)a].weight, y = twins[*(const uint32_t *)b].weight;

    return (x < y) - (x > y);
}

/* Makes what chance does not: a list, by giving the keys in the order of the weights. `step` is 1
 * or -1, and the last seq but none, which is heavier than all, is left over. */
static uint32_t grow_a_list(uint32_t items, int64_t step)
{
    static uint32_t seqs[1000];

    for (uint32_t i = 0; i < 1000; i++) {
        seqs[i] = i;
        ranks_add(&twin, twins, i, i, i); /* for its weight */
    }
    qsort(seqs, 1000, sizeof seqs[0], heavier_first);
    for (uint32_t i = 1; i <= items; i++)
        add(i, step * (int64_t)i, seqs[i]);
    return seqs[0];
}

/* A list of the greatest depth allowed still works, at its far end too. */
Test(ranks, the_greatest_depth_works)
{
    uint32_t heaviest = grow_a_list(RANKS_DEPTH_MAX, -1);

    cr_assert(ranks_check(&tree, nodes));
    cr_assert_eq(tree.first, RANKS_DEPTH_MAX);
    add(0, -RANKS_DEPTH_MAX - 1, heaviest); /* parts the whole list */
    cr_assert_eq(tree.root, 0);
    cr_assert_eq(nodes[0].size, RANKS_DEPTH_MAX + 1);
    ranks_remove(&tree, nodes, 0);
    ranks_remove(&tree, nodes, RANKS_DEPTH_MAX);
    cr_assert(ranks_check(&tree, nodes));
}

/* Beyond it the process ends before an array is overrun: on the way down on either side, ... */
Test(ranks, too_deep_to_the_left_aborts, .signal = SIGABRT)
{
    grow_a_list(RANKS_DEPTH_MAX + 2, -1);
}

Test(ranks, too_deep_to_the_right_aborts, .signal = SIGABRT)
{
    grow_a_list(RANKS_DEPTH_MAX + 2, 1);
}

/* ... and where a path of nodes is kept. */
Test(ranks, too_deep_to_part_aborts, .signal = SIGABRT)
{
    uint32_t heaviest = grow_a_list(RANKS_DEPTH_MAX + 1, -1);

    add(0, -RANKS_DEPTH_MAX - 2, heaviest);
}

/* The walker calls a tree that deep a fault. */
Test(ranks, check_sees_a_tree_too_deep)
{
    grow_a_list(RANKS_DEPTH_MAX + 1, -1);
    cr_assert_not(ranks_check(&tree, nodes));
}

/* The walker sees what it should: each of these faults alone fails it. */
Test(ranks, check_sees_faults)
{
    uint32_t root, leaf;

    for (uint32_t i = 0; i < 50; i++)
        add(i, i, i);
    root = tree.root;
    leaf = tree.first;
    cr_assert(ranks_check(&tree, nodes));

    nodes[root].size++;
    cr_assert_not(ranks_check(&tree, nodes), "a size that is not the children's");
    nodes[root].size--;
    nodes[leaf].key = 100;
    cr_assert_not(ranks_check(&tree, nodes), "keys that do not ascend");
    nodes[leaf].key = leaf;
    nodes[root].weight--;
    cr_assert_not(ranks_check(&tree, nodes), "a weight that is not the seq's");
    nodes[root].weight++;
    tree.first = 1;
    cr_assert_not(ranks_check(&tree, nodes), "a first that is not the lowest");
    tree.first = leaf;
    tree.last--;
    cr_assert_not(ranks_check(&tree, nodes), "a last that is not the highest");
    tree.last++;
    nodes[leaf].left = root;
    cr_assert_not(ranks_check(&tree, nodes), "a circle");
    nodes[leaf].left = RANKS_NONE;
    cr_assert(ranks_check(&tree, nodes));
    tree.root = RANKS_NONE;
    cr_assert_not(ranks_check(&tree, nodes), "a first in an empty tree");
}

/* Two items with one key and seq have no order, at the end of the tree or in it. */
Test(ranks, equal_keys_abort, .signal = SIGABRT)
{
    add(0, 5, 5);
    add(1, 5, 5);
}

Test(ranks, equal_keys_amid_others_abort, .signal = SIGABRT)
{
    for (uint32_t i = 0; i < 50; i++)
        add(i, i, i);
    add(50, 20, 20);
}

/* What is not in cannot be removed, be the tree empty or not. */
Test(ranks, remove_from_an_empty_tree_aborts, .signal = SIGABRT)
{
    ranks_remove(&tree, nodes, 3);
}

Test(ranks, remove_of_an_absent_item_aborts, .signal = SIGABRT)
{
    add(1, 1, 1);
    add(2, 2, 2);
    ranks_add(&twin, nodes, 3, 3, 3);
    ranks_remove(&tree, nodes, 3);
}

Test(ranks, double_remove_aborts, .signal = SIGABRT)
{
    add(1, 1, 1);
    add(2, 2, 2);
    ranks_remove(&tree, nodes, 1);
    ranks_remove(&tree, nodes, 1);
}

/* Nor has it a rank. */
Test(ranks, rank_of_an_absent_item_aborts, .signal = SIGABRT)
{
    add(1, 1, 1);
    ranks_add(&twin, nodes, 3, 3, 3);
    ranks_of(&tree, nodes, 3);
}

/* RANKS_NONE is no item. */
Test(ranks, add_of_none_aborts, .signal = SIGABRT)
{
    add(RANKS_NONE, 1, 1);
}
