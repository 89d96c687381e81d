#include <string.h>

#include "engine/blocks.h"

/* Whether a tree of marks is what its heads say. */

static bool items_check(const struct marks_space *space, uint32_t block, struct order_key *last)
{
    const struct marks_block *b = block_of(space, block);
    uint64_t parts[MARKS_BLOCK / MARKS_PART] = {0};
    uint32_t live = 0;

    for (uint32_t i = 0; i < MARKS_BLOCK; i++) {
        const struct marks_item *it = item_of(space, b->items[i]);

        if (b->own[i] == 0)
            continue;
        if (i >= b->used || it->own != b->own[i] || it->block != block || it->place != i ||
            order_key_before(it->key, b->low) || order_key_before(it->key, *last))
            return false;
        *last = it->key;
        parts[i / MARKS_PART] |= b->own[i];
        live++;
    }
    return live > 0 && b->live == live && memcmp(b->parts, parts, sizeof parts) == 0 &&
           slots_has(space->taken, block);
}

static bool counts_check(const struct marks_space *space, uint32_t block)
{
    const struct marks_block *b = block_of(space, block);

    for (uint32_t mark = 0; space->counts != NULL && mark < MARKS_MAX; mark++) {
        uint32_t count = counts_of(space, b->child[0], mark) + counts_of(space, b->child[1], mark);

        for (uint32_t i = 0; i < b->used; i++)
            count += (uint32_t)(b->own[i] >> mark & 1);
        if (counts_of(space, block, mark) != count)
            return false;
    }
    return true;
}

static bool children_check(const struct marks_space *space, uint32_t block)
{
    const struct marks_block *b = block_of(space, block);

    for (int side = 0; side < 2; side++) {
        uint32_t child = b->child[side];

        if (b->below[side] != blocks_all(space, child))
            return false;
        if (child != MARKS_NONE &&
            (block_of(space, child)->parent != block || !block_outranks(block, child)))
            return false;
    }
    return true;
}

/* Neighbours, of which the first may be none: in order, linked, and not joined for want of room. */
static bool beside_check(const struct marks_space *space, uint32_t before, uint32_t block)
{
    const struct marks_block *a, *b = block_of(space, block);

    if (b->beside[0] != before)
        return false;
    if (before == MARKS_NONE)
        return true;
    a = block_of(space, before);
    return a->beside[1] == block && order_key_before(a->low, b->low) &&
           a->live + b->live > MARKS_FEW + 1;
}

static uint32_t leftmost(const struct marks_space *space, uint32_t at)
{
    while (at != MARKS_NONE && block_of(space, at)->child[0] != MARKS_NONE)
        at = block_of(space, at)->child[0];
    return at;
}

/* The next in order, by the parents. */
static uint32_t successor(const struct marks_space *space, uint32_t at)
{
    uint32_t from = at;

    if (block_of(space, at)->child[1] != MARKS_NONE)
        return leftmost(space, block_of(space, at)->child[1]);
    do {
        from = at;
        at = block_of(space, at)->parent;
    } while (at != MARKS_NONE && block_of(space, at)->child[0] != from);
    return at;
}

/* It ends even in a tree that is none, since keys rise along the walk and priorities fall on the
 * way down. */
bool marks_check(const struct marks *m, const struct marks_space *space)
{
    struct order_key last = {0, 0};
    uint32_t at = m->root, before = MARKS_NONE;

    if (at != MARKS_NONE && block_of(space, at)->parent != MARKS_NONE)
        return false;
    for (at = leftmost(space, at); at != MARKS_NONE; at = successor(space, at)) {
        if (!items_check(space, at, &last) || !counts_check(space, at) ||
            !children_check(space, at) || !beside_check(space, before, at))
            return false;
        before = at;
    }
    return before == m->last && (before == MARKS_NONE || !order_key_before(m->high, last));
}
