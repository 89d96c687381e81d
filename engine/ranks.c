#include "engine/ranks.h"

#include <stddef.h>

#include "engine/hot.h"

/* The tree is a search tree by (key, seq) and a heap by (weight, then key order): given a set,
 * there is one such tree, whatever the order of arrivals. All walks go from the root down and none
 * recurses; sizes on the way are settled in passing, since who joins or leaves is known beforehand.
 * Those that change the tree assert its depth: a circle ends the process, not only its answers.
 *
 * The common walks are short: an arrival in time order follows the right spine until it outranks a
 * node, and the first item leaves along the left spine, without comparing a key. */

static inline bool stands_before(const struct ranks_node *a, const struct ranks_node *b)
{
    return (a->key < b->key) | ((a->key == b->key) & (a->seq < b->seq));
}

static inline bool outranks(const struct ranks_node *a, const struct ranks_node *b)
{
    if (a->weight != b->weight)
        return a->weight > b->weight;
    return stands_before(a, b);
}

static inline uint32_t size_of(const struct ranks_node *nodes, uint32_t item)
{
    return item == RANKS_NONE ? 0 : nodes[item].size;
}

static void resize(struct ranks_node *nodes, uint32_t item)
{
    struct ranks_node *node = &nodes[item];

    node->size = size_of(nodes, node->left) + size_of(nodes, node->right) + 1;
}

void ranks_init(struct ranks *r)
{
    *r = (struct ranks){.root = RANKS_NONE, .first = RANKS_NONE, .last = RANKS_NONE};
}

/* Parts the subtree `at` into what stands before `item` and what stands after, as its children.
 * The nodes parted from a child are two at most on average, so the path is nearly always short. */
static void split(struct ranks_node *nodes, uint32_t at, uint32_t item)
{
    uint32_t path[RANKS_DEPTH_MAX], depth = 0;
    struct ranks_node *node = &nodes[item];
    uint32_t *before = &node->left, *after = &node->right;

    while (at != RANKS_NONE) {
        ACD_ASSERT(depth < RANKS_DEPTH_MAX);
        path[depth++] = at;
        if (stands_before(&nodes[at], node)) {
            *before = at;
            before = &nodes[at].right;
            at = *before;
        } else {
            *after = at;
            after = &nodes[at].left;
            at = *after;
        }
    }
    *before = RANKS_NONE;
    *after = RANKS_NONE;
    while (depth > 0)
        resize(nodes, path[--depth]);
    resize(nodes, item);
}

/* Adds an item that stands after all others: what it outranks on the right spine is all before it
 * and becomes its left child as it is. */
static void append(struct ranks *r, struct ranks_node *nodes, uint32_t item)
{
    struct ranks_node *node = &nodes[item];
    uint32_t *at = &r->root;

    for (uint32_t depth = 0; *at != RANKS_NONE && nodes[*at].weight >= node->weight; depth++) {
        ACD_ASSERT(depth < RANKS_DEPTH_MAX);
        nodes[*at].size++;
        at = &nodes[*at].right;
    }
    node->left = *at;
    node->size = size_of(nodes, *at) + 1;
    *at = item;
    r->last = item;
}

/* Adds an item that stands before some other. */
static void insert(struct ranks *r, struct ranks_node *nodes, uint32_t item)
{
    struct ranks_node *node = &nodes[item];
    uint32_t *at = &r->root;

    for (uint32_t depth = 0; *at != RANKS_NONE && outranks(&nodes[*at], node); depth++) {
        struct ranks_node *above = &nodes[*at];

        ACD_ASSERT(depth < RANKS_DEPTH_MAX);
        above->size++;
        at = stands_before(node, above) ? &above->left : &above->right;
    }
    if (*at != RANKS_NONE) { /* a node of the same key and seq, if any, would be this one */
        ACD_ASSERT(nodes[*at].key != node->key || nodes[*at].seq != node->seq);
        split(nodes, *at, item);
    }
    *at = item;
    if (stands_before(node, &nodes[r->first]))
        r->first = item;
}

APART void ranks_add_beside(struct ranks *r, struct ranks_node *nodes, uint32_t item, int64_t key,
                            uint64_t seq)
{
    nodes[item] = (struct ranks_node){key, seq, RANKS_NONE, RANKS_NONE, 1, ranks_weight(seq)};
    if (stands_before(&nodes[r->last], &nodes[item]))
        append(r, nodes, item);
    else
        insert(r, nodes, item);
}

/* Joins two subtrees, all of `a` before all of `b`, at *at. */
static void merge(struct ranks_node *nodes, uint32_t a, uint32_t b, uint32_t *at)
{
    for (uint32_t depth = 0; a != RANKS_NONE && b != RANKS_NONE; depth++) {
        ACD_ASSERT(depth < 2 * RANKS_DEPTH_MAX);
        if (outranks(&nodes[a], &nodes[b])) {
            nodes[a].size += nodes[b].size;
            *at = a;
            at = &nodes[a].right;
            a = *at;
        } else {
            nodes[b].size += nodes[a].size;
            *at = b;
            at = &nodes[b].left;
            b = *at;
        }
    }
    *at = a != RANKS_NONE ? a : b;
}

/* Removes r->first: the end of the left spine, so there is nothing before it to join. */
static void remove_first(struct ranks *r, struct ranks_node *nodes)
{
    uint32_t *at = &r->root, above = RANKS_NONE, next;

    for (uint32_t depth = 0; *at != r->first; depth++) {
        ACD_ASSERT(*at != RANKS_NONE);
        ACD_ASSERT(depth < RANKS_DEPTH_MAX);
        above = *at;
        nodes[above].size--;
        at = &nodes[above].left;
    }
    ACD_ASSERT(nodes[r->first].left == RANKS_NONE);
    *at = nodes[r->first].right;
    r->first = above;
    for (next = *at; next != RANKS_NONE; next = nodes[next].left)
        r->first = next;
}

/* Removes an item that has others before it. */
static void remove_inner(struct ranks *r, struct ranks_node *nodes, uint32_t item)
{
    const struct ranks_node *node = &nodes[item];
    uint32_t *at = &r->root;

    for (uint32_t depth = 0; *at != item; depth++) {
        struct ranks_node *above;

        ACD_ASSERT(*at != RANKS_NONE); /* else the item is not in this tree */
        ACD_ASSERT(depth < RANKS_DEPTH_MAX);
        above = &nodes[*at];
        above->size--;
        at = stands_before(node, above) ? &above->left : &above->right;
    }
    merge(nodes, node->left, node->right, at);
}

static uint32_t end_of_right_spine(const struct ranks *r, const struct ranks_node *nodes)
{
    uint32_t end = RANKS_NONE;

    for (uint32_t at = r->root; at != RANKS_NONE; at = nodes[at].right)
        end = at;
    return end;
}

APART void ranks_remove_beside(struct ranks *r, struct ranks_node *nodes, uint32_t item)
{
    if (item == r->first)
        remove_first(r, nodes);
    else
        remove_inner(r, nodes, item);
    if (item == r->last)
        r->last = end_of_right_spine(r, nodes);
}

uint32_t ranks_of(const struct ranks *r, const struct ranks_node *nodes, uint32_t item)
{
    uint32_t at = r->root, rank = 0;

    while (at != item) {
        ACD_ASSERT(at != RANKS_NONE); /* else the item is not in this tree */
        if (stands_before(&nodes[item], &nodes[at])) {
            at = nodes[at].left;
        } else {
            rank += size_of(nodes, nodes[at].left) + 1;
            at = nodes[at].right;
        }
    }
    rank += size_of(nodes, nodes[item].left);
    ACD_ASSERT(rank < nodes[r->root].size);
    return rank;
}

uint32_t ranks_below(const struct ranks *r, const struct ranks_node *nodes, int64_t key,
                     uint64_t seq)
{
    const struct ranks_node sought = {.key = key, .seq = seq};
    uint32_t at = r->root, rank = 0;

    while (at != RANKS_NONE) {
        if (stands_before(&nodes[at], &sought)) {
            rank += size_of(nodes, nodes[at].left) + 1;
            at = nodes[at].right;
        } else {
            at = nodes[at].left;
        }
    }
    return rank;
}

uint32_t ranks_at(const struct ranks *r, const struct ranks_node *nodes, uint32_t rank)
{
    uint32_t at = r->root;

    if (rank >= ranks_count(r, nodes))
        return RANKS_NONE;
    for (;;) {
        uint32_t before;

        ACD_ASSERT(at != RANKS_NONE);
        before = size_of(nodes, nodes[at].left);
        if (rank == before)
            return at;
        if (rank < before) {
            at = nodes[at].left;
        } else {
            rank -= before + 1;
            at = nodes[at].right;
        }
    }
}

/* Its children rank below it and its size is theirs and itself. */
static bool node_check(const struct ranks_node *nodes, uint32_t item)
{
    const struct ranks_node *node = &nodes[item];

    if (node->left != RANKS_NONE && !outranks(node, &nodes[node->left]))
        return false;
    if (node->right != RANKS_NONE && !outranks(node, &nodes[node->right]))
        return false;
    if (node->weight != ranks_weight(node->seq))
        return false;
    return node->size == size_of(nodes, node->left) + size_of(nodes, node->right) + 1;
}

/* In order, with the way back on a stack. It ends even in a tree that is none: weights fall on the
 * way down and keys rise along the walk, so no node is met twice. */
bool ranks_check(const struct ranks *r, const struct ranks_node *nodes)
{
    uint32_t stack[RANKS_DEPTH_MAX], depth = 0, at = r->root, prev = RANKS_NONE;

    while (at != RANKS_NONE || depth > 0) {
        for (; at != RANKS_NONE; at = nodes[at].left) {
            if (depth == RANKS_DEPTH_MAX || !node_check(nodes, at))
                return false;
            stack[depth++] = at;
        }
        at = stack[--depth];
        if (prev == RANKS_NONE ? at != r->first : !stands_before(&nodes[prev], &nodes[at]))
            return false;
        prev = at;
        at = nodes[at].right;
    }
    return prev == r->last && (prev != RANKS_NONE || r->first == RANKS_NONE);
}
