#ifndef ACD_MARKS_H
#define ACD_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/order.h"

/* Items in a total order, lowest key first, each with some of 64 marks: finds the first that has a
 * mark, from the beginning or behind a key, in O(log n), however few have it. So one tree is 64
 * orders at once, and an item comes and goes once for all of them.
 *
 * A treap whose priorities are a fixed mix of the keys, each node knowing all marks below
 * its children, so that no search looks at a node that it does not go through. Nodes know their
 * parents, so that a change stops where nothing is new to the node above: an item that comes last,
 * as nearly all do, or that leaves, seldom goes far. Depth is bounded in expectation;
 * nothing recurses.
 *
 * Where `counts` are given it also tells how many have a mark, and finds the one at a rank. Counts
 * are kept for all marks at once, a binary digit of each in a word, and every change then goes up
 * to the root.
 *
 * An item is a number. Its node stands in the caller's own record of it, and one item is in at most
 * one tree of those over the same nodes. */

enum {
    MARKS_MAX = 64,
    MARKS_DIGITS = 24, /* fewer than 2 to this many items in a tree that is counted */
};

#define MARKS_NONE UINT32_MAX /* no enumerators: ISO C wants those to fit an int */
#define MARKS_OUT  (UINT32_MAX - 1)

struct marks_node {
    struct order_key key;
    uint64_t own;      /* the item's marks: its owner sets them while it is in no tree */
    uint64_t below[2]; /* all marks below its children, those before it and those behind */
    uint32_t child[2]; /* MARKS_NONE where there is none; */
    uint32_t parent;   /* so of the root; MARKS_OUT of one that is in no tree */
    uint32_t weight;   /* the treap's priority: greater is nearer the root */
};

/* How many in a subtree have each mark: digit i of the count of mark b is bit b of digits[i]. */
struct marks_counts {
    uint64_t digits[MARKS_DIGITS];
};

/* Where the node of item 0 is, and how far apart they are; what counts stand in, an item each, or
 * NULL. */
struct marks_nodes {
    char *base;
    size_t stride;
    struct marks_counts *counts;
};

struct marks {
    uint32_t root, last; /* MARKS_NONE when it is empty */
};

void marks_init(struct marks *m);

/* Whether an item is in a tree. Its owner sets `parent` to MARKS_OUT in the beginning. */
static inline bool marks_has(const struct marks_node *node)
{
    return node->parent != MARKS_OUT;
}

/* Adds an item that is in no tree of these nodes. The key must be unlike all others in it. */
void marks_add(struct marks *m, struct marks_nodes nodes, uint32_t item, struct order_key key);

/* Removes an item that is in this tree. */
void marks_remove(struct marks *m, struct marks_nodes nodes, uint32_t item);

/* Begins to fetch what those will touch. */
void marks_add_fetch(const struct marks *m, struct marks_nodes nodes);
void marks_remove_fetch(struct marks_nodes nodes, uint32_t item);

/* The first item that has a mark, or MARKS_NONE. */
uint32_t marks_first(const struct marks *m, struct marks_nodes nodes, uint32_t mark);

/* The first with a mark that stands behind this key, whether or not there is one that has it. */
uint32_t marks_after(const struct marks *m, struct marks_nodes nodes, uint32_t mark,
                     struct order_key key);

/* With counts: how many with a mark stand before this key, or have it. */
uint32_t marks_before(const struct marks *m, struct marks_nodes nodes, uint32_t mark,
                      struct order_key key);

/* With counts: how many have a mark, and the one at a rank below that. */
uint32_t marks_count(const struct marks *m, struct marks_nodes nodes, uint32_t mark);
uint32_t marks_at(const struct marks *m, struct marks_nodes nodes, uint32_t mark, uint32_t rank);

/* O(n), for tests: order, links, heap property, marks, counts. False at the first fault. */
bool marks_check(const struct marks *m, struct marks_nodes nodes);

#endif
