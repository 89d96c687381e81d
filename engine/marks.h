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
 * A treap whose priorities are a fixed mix of the keys, each node knowing all marks below it. Nodes
 * know their parents, so that a change stops where nothing is new to the node above: an item that
 * comes last, as nearly all do, or that leaves, seldom goes far. Depth is bounded in expectation;
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

#define MARKS_NONE UINT32_MAX /* no enumerator: ISO C wants those to fit an int */

struct marks_node {
    struct order_key key;
    uint64_t own;                 /* the item's marks: its owner sets them while it is in no tree */
    uint64_t all;                 /* of all its subtree */
    uint32_t left, right, parent; /* MARKS_NONE where there is none */
    uint32_t weight;              /* the treap's priority: greater is nearer the root */
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

/* Adds an item that is in no tree of these nodes. The key must be unlike all others in it. */
void marks_add(struct marks *m, struct marks_nodes nodes, uint32_t item, struct order_key key);

/* Removes an item that is in this tree. */
void marks_remove(struct marks *m, struct marks_nodes nodes, uint32_t item);

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
