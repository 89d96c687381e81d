#ifndef ACD_BLOCKS_H
#define ACD_BLOCKS_H

#include "engine/marks.h"

/* The blocks of a tree of marks: a treap by their lowest keys, whose priorities are a fixed mix of
 * the blocks' numbers. For marks.c alone. */

/* The marks of all of a subtree. */
static inline uint64_t blocks_all(const struct marks_space *space, uint32_t block)
{
    const struct marks_block *b;

    if (block == MARKS_NONE)
        return 0;
    b = block_of(space, block);
    return block_all(b) | b->below[0] | b->below[1];
}

/* On which side of the block above it one is. */
static inline int block_side(const struct marks_space *space, uint32_t block)
{
    return block_of(space, block_of(space, block)->parent)->child[1] == block;
}

/* Whether one is nearer the root than another. */
bool block_outranks(uint32_t a, uint32_t b);

/* The last block whose lowest key is not behind this one, else the first of all; that is MARKS_NONE
 * of an empty tree. */
uint32_t blocks_find(const struct marks *m, const struct marks_space *space, struct order_key key);

/* A new block without items, its lowest key unlike all others: behind all others; or anywhere but
 * there. */
uint32_t blocks_append(struct marks *m, const struct marks_space *space, struct order_key low);
uint32_t blocks_insert(struct marks *m, const struct marks_space *space, struct order_key low);

/* Removes a block that has no items any more. */
void blocks_remove(struct marks *m, const struct marks_space *space, uint32_t block);

/* How many of a subtree have a mark. */
uint32_t counts_of(const struct marks_space *space, uint32_t block, uint32_t mark);

#endif
