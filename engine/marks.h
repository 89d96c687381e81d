#ifndef ACD_MARKS_H
#define ACD_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/acd_assert.h"
#include "engine/order.h"
#include "engine/slots.h"

/* Items in a total order, lowest key first, each with some of 64 marks, one at least: finds the
 * first that has a mark, from the beginning or behind a key, in O(log n), however few have it. So
 * one tree is 64 orders at once, and an item comes and goes once for all of them.
 *
 * Items stand in blocks of up to 32 that follow each other, and the blocks in a treap (blocks.h),
 * each knowing all marks of its items and all below its children, so that no search looks at a
 * block that it does not go through. An item that comes last, as nearly all do, is a write at the
 * end of the last block; one that goes leaves a hole; and what is above learns of either only as
 * far as marks came or went, which with many in a block is seldom far. The marks of a block are
 * known by parts of eight, so that who goes has a cache line of them summed up anew. A block that
 * few are left in is joined with a neighbour that is nearly as small, so there are never many more
 * than its items need. Depth is bounded in expectation; nothing recurses.
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
    MARKS_BLOCK = 32,  /* items */
    MARKS_PART = 8,    /* of those */
    MARKS_FEW = 7,     /* in a block: it is joined with a neighbour, ... */
    MARKS_FIT = 16,    /* ... unless they were more than this together */
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

    uint64_t parts[MARKS_BLOCK / MARKS_PART]; /* marks of its items; */
    uint64_t below[2];  /* of all below its children, those before it and those behind */
    uint32_t child[2];  /* MARKS_NONE where there is none; */
    uint32_t parent;    /* so of the root */
    uint8_t used, live; /* places that were given, and of those that somebody has */

    struct order_key low; /* none of its items, and of those behind, is before it */
    uint32_t beside[2];   /* the block before it, and the one behind */
    char unused[40];
};
_Static_assert(offsetof(struct marks_block, parts) == 384, "what all go through is ...");
_Static_assert(offsetof(struct marks_block, low) == 448, "... a cache line");
_Static_assert(sizeof(struct marks_block) == 512, "blocks begin at one");

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

/* How many blocks so many trees of so many items have at the most: two neighbours have nine, and
 * each tree may have one without. */
static inline size_t marks_blocks(size_t trees, size_t items)
{
    return trees + items * 2 / (MARKS_FEW + 2);
}

void marks_init(struct marks *m);

/* Whether an item is in a tree. Its owner sets `block` to MARKS_OUT in the beginning. */
static inline bool marks_has(const struct marks_item *item)
{
    return item->block != MARKS_OUT;
}

static inline struct marks_block *block_of(const struct marks_space *space, uint32_t block)
{
    return &space->blocks[block];
}

static inline struct marks_item *item_of(const struct marks_space *space, uint32_t item)
{
    return (struct marks_item *)(void *)(space->base + space->stride * item);
}

/* What those below leave to the tree: an item that stands before some other, or for which there is
 * no place in the last block; a block in which few are left; what those above a block learn when
 * its marks have changed; and with counts, that items with these marks have come or gone. */
void marks_add_beside(struct marks *m, const struct marks_space *space, uint32_t item);
void marks_shrink(struct marks *m, const struct marks_space *space, uint32_t block);
void blocks_rise(const struct marks_space *space, uint32_t block);
void blocks_count(const struct marks_space *space, uint32_t block, uint64_t marks, bool came);

/* The marks of a block's items. */
static inline uint64_t block_all(const struct marks_block *b)
{
    return b->parts[0] | b->parts[1] | b->parts[2] | b->parts[3];
}

/* The marks of a part's items, summed up anew. */
static inline uint64_t part_marks(const struct marks_block *b, uint32_t part)
{
    const uint64_t *own = &b->own[part * MARKS_PART];
    uint64_t all = 0;

    for (uint32_t i = 0; i < MARKS_PART; i++)
        all |= own[i];
    return all;
}

/* Gives an item a place that is behind all that are given, or that another has left for it. */
static inline void item_put(const struct marks_space *space, uint32_t block, uint32_t place,
                            uint32_t item)
{
    struct marks_block *b = block_of(space, block);
    struct marks_item *it = item_of(space, item);

    b->own[place] = it->own;
    b->items[place] = item;
    it->block = block;
    it->place = place;
}

/* One more, at a place. */
static inline void block_put(const struct marks_space *space, uint32_t block, uint32_t place,
                             uint32_t item)
{
    struct marks_block *b = block_of(space, block);
    uint64_t own = item_of(space, item)->own, before = block_all(b);

    item_put(space, block, place, item);
    b->used++;
    b->live++;
    b->parts[place / MARKS_PART] |= own;
    if ((own & ~before) != 0)
        blocks_rise(space, block);
    if (space->counts != NULL)
        blocks_count(space, block, own, true);
}

/* Adds an item that is in no tree of this space. The key must be unlike all others in it. */
static inline void marks_add(struct marks *m, const struct marks_space *space, uint32_t item,
                             struct order_key key)
{
    struct marks_item *it = item_of(space, item);
    uint32_t block = m->last;

    ACD_ASSERT(it->own != 0);
    it->key = key;
    if (block == MARKS_NONE || !order_key_before(m->high, key) ||
        block_of(space, block)->used == MARKS_BLOCK) {
        marks_add_beside(m, space, item);
        return;
    }
    m->high = key;
    block_put(space, block, block_of(space, block)->used, item);
}

/* Removes an item that is in this tree. */
static inline void marks_remove(struct marks *m, const struct marks_space *space, uint32_t item)
{
    struct marks_item *it = item_of(space, item);
    uint32_t block = it->block, part = it->place / MARKS_PART;
    struct marks_block *b = block_of(space, block);
    uint64_t left;

    ACD_ASSERT(marks_has(it)); /* it cannot be told here whether it is in this tree */
    b->own[it->place] = 0;
    b->live--;
    it->block = MARKS_OUT;
    if (space->counts != NULL)
        blocks_count(space, block, it->own, false);
    left = part_marks(b, part);
    if (left != b->parts[part]) {
        b->parts[part] = left;
        blocks_rise(space, block);
    }
    if (b->live <= MARKS_FEW)
        marks_shrink(m, space, block);
}

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
