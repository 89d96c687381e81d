#ifndef ACD_MARKS_H
#define ACD_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/order.h"
#include "engine/slots.h"

/* Items in a total order, lowest key first, each with some of 64 marks, one at least: finds the
 * first that has a mark, from the beginning or behind a key, in O(log n), however few have it. So
 * one tree is 64 orders at once, and an item comes and goes once for all of them.
 *
 * Items stand in blocks of up to 16 that follow each other, and the blocks in a treap (blocks.h),
 * each knowing all marks of its items and all below its children, so that no search looks at a
 * block that it does not go through. An item that comes last, as nearly all do, is a write at the
 * end of the last block; one that goes leaves a hole; and what is above learns of either only as
 * far as marks came or went, which with many in a block is seldom far. A block that few are left in
 * is joined with a neighbour, so there are never many more than its items need. Depth is bounded in
 * expectation; nothing recurses.
 *
 * Where `counts` are given it also tells how many have a mark, and finds the one at a rank. Counts
 * are kept for all marks at once, a binary digit of each in a word, and every change then goes up
 * to the root.
 *
 * An item is a number. What is known of it stands in the caller's own record of it, and one item is
 * in at most one tree of those over the same items. */

enum {
    MARKS_MAX = 64,
    MARKS_DIGITS = 24, /* fewer than 2 to this many items in a tree that is counted */
    MARKS_BLOCK = 16,  /* items */
    MARKS_FEW = 2,     /* in a block: it is joined with a neighbour, ... */
    MARKS_FULL = 12,   /* ... unless they were more than this together */
};

#define MARKS_NONE UINT32_MAX /* no enumerators: ISO C wants those to fit an int */
#define MARKS_OUT  (UINT32_MAX - 1)

struct marks_item {
    struct order_key key;
    uint64_t own;   /* its marks: its owner sets them while it is in no tree */
    uint32_t block; /* where it is; MARKS_OUT of one that is in no tree */
    uint32_t place; /* in there */
};

struct marks_block {
    uint64_t own[MARKS_BLOCK];   /* of its items, in order; 0: nobody is there ... */
    uint32_t items[MARKS_BLOCK]; /* ... and this means nothing */
    struct order_key low;        /* none of its items, and of those behind, is before it */
    uint64_t all;                /* marks of its items; */
    uint64_t below[2];           /* of all below its children, those before it and those behind */
    uint32_t child[2];           /* MARKS_NONE where there is none; */
    uint32_t parent;             /* so of the root */
    uint32_t beside[2];          /* the block before it, and the one behind */
    uint8_t used, live;          /* places that were given, and of those that somebody has */
};
_Static_assert(sizeof(struct marks_block) == 256, "a block is four cache lines");

/* How many in a subtree have each mark: digit i of the count of mark b is bit b of digits[i]. */
struct marks_counts {
    uint64_t digits[MARKS_DIGITS];
};

/* Where item 0 is, and how far apart they are; the blocks, and which are taken; what counts stand
 * in, a block each, or NULL. */
struct marks_space {
    char *base;
    size_t stride;
    struct marks_block *blocks;
    struct slots *taken;
    struct marks_counts *counts;
};

struct marks {
    uint32_t root, last;   /* blocks; MARKS_NONE when it is empty */
    struct order_key high; /* none is behind it; meaningless when it is empty */
};

/* How many blocks so many trees of so many items have at the most: two neighbours have four. */
static inline size_t marks_blocks(size_t trees, size_t items)
{
    return trees + items / 2;
}

void marks_init(struct marks *m);

/* Whether an item is in a tree. Its owner sets `block` to MARKS_OUT in the beginning. */
static inline bool marks_has(const struct marks_item *item)
{
    return item->block != MARKS_OUT;
}

/* Adds an item that is in no tree of this space. The key must be unlike all others in it. */
void marks_add(struct marks *m, const struct marks_space *space, uint32_t item,
               struct order_key key);

/* Removes an item that is in this tree. */
void marks_remove(struct marks *m, const struct marks_space *space, uint32_t item);

/* Begins to fetch what that will touch. */
void marks_remove_fetch(const struct marks_space *space, const struct marks_item *item);

/* Any item, or MARKS_NONE. */
uint32_t marks_any(const struct marks *m, const struct marks_space *space);

/* The first item that has a mark, or MARKS_NONE. */
uint32_t marks_first(const struct marks *m, const struct marks_space *space, uint32_t mark);

/* The first with a mark that stands behind this key, whether or not there is one that has it. */
uint32_t marks_after(const struct marks *m, const struct marks_space *space, uint32_t mark,
                     struct order_key key);

/* With counts: how many with a mark stand before this key, or have it. */
uint32_t marks_before(const struct marks *m, const struct marks_space *space, uint32_t mark,
                      struct order_key key);

/* With counts: how many have a mark, and the one at a rank below that. */
uint32_t marks_count(const struct marks *m, const struct marks_space *space, uint32_t mark);
uint32_t marks_at(const struct marks *m, const struct marks_space *space, uint32_t mark,
                  uint32_t rank);

/* O(n), for tests: order, links, heap property, marks, counts. False at the first fault. */
bool marks_check(const struct marks *m, const struct marks_space *space);

#endif
