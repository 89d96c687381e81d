#include "engine/blocks.h"

#include <string.h>

#include "engine/acd_assert.h"
#include "engine/hot.h"

/* `below` is what makes it fast and what must be right: after links have changed it is summed up
 * anew from the lowest changed block on; above what was touched, until nothing is new. */

/* MurmurHash3's 32-bit finaliser, which is one to one: no two weigh the same. */
static uint32_t block_weight(uint32_t block)
{
    uint32_t mix = block + 1;

    mix = (mix ^ mix >> 16) * 0x85ebca6bU;
    mix = (mix ^ mix >> 13) * 0xc2b2ae35U;
    return mix ^ mix >> 16;
}

bool block_outranks(uint32_t a, uint32_t b)
{
    return block_weight(a) > block_weight(b);
}

uint32_t blocks_find(const struct marks *m, const struct marks_space *space, struct order_key key)
{
    uint32_t at = m->root, found = MARKS_NONE, first = MARKS_NONE;

    while (at != MARKS_NONE) {
        const struct marks_block *b = block_of(space, at);
        bool before = order_key_before(key, b->low);

        if (before)
            first = at;
        else
            found = at;
        at = b->child[!before];
    }
    return found != MARKS_NONE ? found : first;
}

/* ---- counts --------------------------------------------------------------------------------- */

/* One more of each of these marks, or one less: the carry of all at once. */
static void counts_up(struct marks_counts *c, uint64_t marks)
{
    for (uint32_t i = 0; marks != 0; i++) {
        uint64_t carry = c->digits[i] & marks;

        c->digits[i] ^= marks;
        marks = carry;
    }
}

static void counts_down(struct marks_counts *c, uint64_t marks)
{
    for (uint32_t i = 0; marks != 0; i++) {
        uint64_t borrow = ~c->digits[i] & marks;

        c->digits[i] ^= marks;
        marks = borrow;
    }
}

static void counts_add(struct marks_counts *to, const struct marks_counts *from)
{
    uint64_t carry = 0;

    for (uint32_t i = 0; i < MARKS_DIGITS; i++) {
        uint64_t a = to->digits[i], b = from->digits[i];

        to->digits[i] = a ^ b ^ carry;
        carry = (a & b) | (carry & (a ^ b));
    }
}

uint32_t counts_of(const struct marks_space *space, uint32_t block, uint32_t mark)
{
    uint32_t count = 0;

    if (block == MARKS_NONE)
        return 0;
    for (uint32_t i = 0; i < MARKS_DIGITS; i++)
        count |= (uint32_t)(space->counts[block].digits[i] >> mark & 1) << i;
    return count;
}

void blocks_count(const struct marks_space *space, uint32_t block, uint64_t marks, bool came)
{
    for (uint32_t at = block; at != MARKS_NONE; at = block_of(space, at)->parent)
        if (came)
            counts_up(&space->counts[at], marks);
        else
            counts_down(&space->counts[at], marks);
}

static void counts_sum(const struct marks_space *space, uint32_t block)
{
    const struct marks_block *b = block_of(space, block);
    struct marks_counts *c = &space->counts[block];

    memset(c, 0, sizeof *c);
    for (uint32_t i = 0; i < b->used; i++)
        counts_up(c, b->own[i]);
    for (int side = 0; side < 2; side++)
        if (b->child[side] != MARKS_NONE)
            counts_add(c, &space->counts[b->child[side]]);
}

/* ---- sums --------------------------------------------------------------------------------- */

/* Sums up a block, and those above it up to one that is not any more, but for what is below it. */
static void blocks_sum(const struct marks_space *space, uint32_t lowest, uint32_t end)
{
    for (uint32_t at = lowest, above; at != end; at = above) {
        above = block_of(space, at)->parent;
        if (space->counts != NULL)
            counts_sum(space, at);
        if (above != MARKS_NONE)
            block_of(space, above)->below[block_side(space, at)] = blocks_all(space, at);
    }
}

APART void blocks_rise(const struct marks_space *space, uint32_t block)
{
    const struct marks_block *b = block_of(space, block);

    while (b->parent != MARKS_NONE) {
        struct marks_block *above = block_of(space, b->parent);
        uint64_t *below = &above->below[above->child[1] == block];
        uint64_t all = block_all(b) | b->below[0] | b->below[1];

        if (*below == all)
            break;
        *below = all;
        block = b->parent;
        b = above;
    }
}

/* ---- changes ------------------------------------------------------------------------------ */

/* Hangs a subtree, or nothing, on a side of the block above it, or where the tree begins. */
static void block_hang(struct marks *m, const struct marks_space *space, uint32_t above, int side,
                       uint32_t hung)
{
    if (hung != MARKS_NONE)
        block_of(space, hung)->parent = above;
    if (above == MARKS_NONE) {
        m->root = hung;
        return;
    }
    block_of(space, above)->child[side] = hung;
    block_of(space, above)->below[side] = blocks_all(space, hung);
}

/* Says that two blocks, of which one may be none, stand beside each other. */
static void blocks_meet(struct marks *m, const struct marks_space *space, uint32_t a, uint32_t b)
{
    if (a != MARKS_NONE)
        block_of(space, a)->beside[1] = b;
    if (b != MARKS_NONE)
        block_of(space, b)->beside[0] = a;
    else
        m->last = a;
}

static uint32_t block_take(const struct marks_space *space, struct order_key low)
{
    uint32_t block = slots_lowest(space->taken);
    struct marks_block *b;

    ACD_ASSERT(block != SLOT_NONE); /* there are marks_blocks() of them */
    slots_take(space->taken, block);
    b = block_of(space, block);
    b->low = low;
    memset(b->parts, 0, sizeof b->parts);
    b->below[0] = b->below[1] = 0;
    b->child[0] = b->child[1] = MARKS_NONE;
    b->used = b->live = 0;
    if (space->counts != NULL)
        memset(&space->counts[block], 0, sizeof space->counts[block]);
    return block;
}

/* What it outranks at the end of the right spine is all before it, and becomes its left child as it
 * is. */
uint32_t blocks_append(struct marks *m, const struct marks_space *space, struct order_key low)
{
    uint32_t block = block_take(space, low), at = m->last, below = MARKS_NONE;

    blocks_meet(m, space, m->last, block);
    blocks_meet(m, space, block, MARKS_NONE);
    while (at != MARKS_NONE && !block_outranks(at, block)) {
        below = at;
        at = block_of(space, at)->parent;
    }
    block_hang(m, space, block, 0, below);
    block_hang(m, space, at, 1, block);
    blocks_sum(space, block, at);
    return block;
}

/* Parts the subtree `at` into what stands before a block and what stands after, as its children. */
static void blocks_split(struct marks *m, const struct marks_space *space, uint32_t at,
                         uint32_t block)
{
    uint32_t last[2] = {block, block};
    int side[2] = {0, 1};

    while (at != MARKS_NONE) {
        const struct marks_block *other = block_of(space, at);
        int part = !order_key_before(other->low, block_of(space, block)->low);

        block_hang(m, space, last[part], side[part], at);
        last[part] = at;
        side[part] = !part;
        at = other->child[!part];
    }
    for (int part = 0; part < 2; part++) {
        block_hang(m, space, last[part], side[part], MARKS_NONE);
        blocks_sum(space, last[part], block);
    }
}

uint32_t blocks_insert(struct marks *m, const struct marks_space *space, struct order_key low)
{
    uint32_t before = blocks_find(m, space, low), block = block_take(space, low);
    uint32_t at = m->root, above = MARKS_NONE;
    int side = 0;

    blocks_meet(m, space, block, block_of(space, before)->beside[1]);
    blocks_meet(m, space, before, block);
    while (at != MARKS_NONE && block_outranks(at, block)) {
        above = at;
        side = !order_key_before(low, block_of(space, at)->low);
        at = block_of(space, at)->child[side];
    }
    blocks_split(m, space, at, block);
    block_hang(m, space, above, side, block);
    blocks_sum(space, block, above);
    return block;
}

/* Joins two subtrees, all of `a` before all of `b`, and hangs them on a side of a block. */
static void blocks_join(struct marks *m, const struct marks_space *space, uint32_t a, uint32_t b,
                        uint32_t above, int side)
{
    uint32_t end = above;

    while (a != MARKS_NONE && b != MARKS_NONE) {
        bool first = block_outranks(a, b);
        uint32_t *upper = first ? &a : &b;

        block_hang(m, space, above, side, *upper);
        above = *upper;
        side = first;
        *upper = block_of(space, above)->child[side];
    }
    block_hang(m, space, above, side, a != MARKS_NONE ? a : b);
    blocks_sum(space, above, end);
}

void blocks_remove(struct marks *m, const struct marks_space *space, uint32_t block)
{
    const struct marks_block *b = block_of(space, block);
    uint32_t above = b->parent;
    int side = above != MARKS_NONE && block_side(space, block);

    ACD_ASSERT(b->live == 0 && (above != MARKS_NONE || m->root == block));
    blocks_meet(m, space, b->beside[0], b->beside[1]);
    blocks_join(m, space, b->child[0], b->child[1], above, side);
    if (above != MARKS_NONE)
        blocks_rise(space, above);
    slots_give(space->taken, block);
}
