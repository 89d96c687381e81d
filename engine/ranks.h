#ifndef ACD_RANKS_H
#define ACD_RANKS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/acd_assert.h"

/* An order-statistic tree: items in a total order, lowest (key, seq) first, each knowing its rank.
 * Waiting calls stand in one, so a position is O(log n) and announcing it renumbers nobody.
 *
 * A treap whose priorities are a fixed mix of seq, so its shape is a function of the set alone. An
 * item is a number; its node stands in the caller's array at number, so one item is in at most one
 * tree of those sharing the array. Nodes need no initialisation before ranks_add. Depth is bounded
 * in expectation; no operation recurses, and none that changes the tree goes deeper than
 * RANKS_DEPTH_MAX, which is asserted. */

enum { RANKS_DEPTH_MAX = 128 };

#define RANKS_NONE UINT32_MAX /* no enumerator: ISO C wants those to fit an int */

struct ranks_node {
    int64_t key;
    uint64_t seq;
    uint32_t left, right; /* RANKS_NONE where there is none */
    uint32_t size;        /* of the subtree, itself included */
    uint32_t weight;      /* the treap's priority: greater is nearer the root */
};

struct ranks {
    uint32_t root;
    uint32_t first; /* the lowest item, kept so that a decision reads it in O(1) */
    uint32_t last;  /* the highest, kept so that an arrival in order compares one key */
};

void ranks_init(struct ranks *r);

static inline uint32_t ranks_count(const struct ranks *r, const struct ranks_node *nodes)
{
    return r->root == RANKS_NONE ? 0 : nodes[r->root].size;
}

/* MurmurHash3's 64-bit finaliser: neighbouring seqs get unlike weights, so that arrivals in order
 * do not build a list. Whoever could choose seqs at will could; they are the engine's own count. */
static inline uint32_t ranks_weight(uint64_t seq)
{
    seq = (seq ^ seq >> 33) * 0xff51afd7ed558ccdULL;
    seq = (seq ^ seq >> 33) * 0xc4ceb9fe1a85ec53ULL;
    return (uint32_t)(seq >> 32);
}

/* What those below leave to the tree, when there are others. */
void ranks_add_beside(struct ranks *r, struct ranks_node *nodes, uint32_t item, int64_t key,
                      uint64_t seq);
void ranks_remove_beside(struct ranks *r, struct ranks_node *nodes, uint32_t item);

/* Adds an item that is in no tree of `nodes`. (key, seq) must be unlike all others in it. */
static inline void ranks_add(struct ranks *r, struct ranks_node *nodes, uint32_t item, int64_t key,
                             uint64_t seq)
{
    ACD_ASSERT(item != RANKS_NONE);
    ACD_ASSERT((r->root == RANKS_NONE) == (r->last == RANKS_NONE));
    if (r->root != RANKS_NONE) {
        ranks_add_beside(r, nodes, item, key, seq);
        return;
    }
    nodes[item] = (struct ranks_node){key, seq, RANKS_NONE, RANKS_NONE, 1, ranks_weight(seq)};
    r->root = r->first = r->last = item;
}

/* Removes an item that is in this tree. */
static inline void ranks_remove(struct ranks *r, struct ranks_node *nodes, uint32_t item)
{
    ACD_ASSERT(item != RANKS_NONE && r->root != RANKS_NONE);
    if (r->root == item && r->first == item && r->last == item)
        r->root = r->first = r->last = RANKS_NONE;
    else
        ranks_remove_beside(r, nodes, item);
}

/* How many items stand before this one: 0 for the first. */
uint32_t ranks_of(const struct ranks *r, const struct ranks_node *nodes, uint32_t item);

/* How many items stand before this key, whether or not there is one that has it. */
uint32_t ranks_below(const struct ranks *r, const struct ranks_node *nodes, int64_t key,
                     uint64_t seq);

/* The item at a rank, or RANKS_NONE beyond the last. */
uint32_t ranks_at(const struct ranks *r, const struct ranks_node *nodes, uint32_t rank);

/* O(n), for tests: order, sizes, heap property, first. False at the first fault. */
bool ranks_check(const struct ranks *r, const struct ranks_node *nodes);

#endif
