#include "engine/marks.h"

#include "engine/acd_assert.h"
#include "engine/blocks.h"
#include "engine/fetch.h"
#include "engine/hot.h"

/* Items in their blocks. Places are given in order, and one that was left stays a hole until its
 * block is packed, for another who comes or is joined to it.
 *
 * Invariant: a block has somebody; no block has few of whom a neighbour would have room. So two
 * neighbours have more than MARKS_FEW + 1 together. */

void marks_init(struct marks *m)
{
    m->root = m->last = MARKS_NONE;
}

/* ---- a block's items ------------------------------------------------------------------------ */

static void block_sum(struct marks_block *b)
{
    for (uint32_t part = 0; part < MARKS_BLOCK / MARKS_PART; part++)
        b->parts[part] = part_marks(b, part);
}

/* Moves all to the first places. */
static void block_pack(const struct marks_space *space, uint32_t block)
{
    struct marks_block *b = block_of(space, block);
    uint32_t to = 0;

    for (uint32_t i = 0; i < b->used; i++)
        if (b->own[i] != 0)
            item_put(space, block, to++, b->items[i]);
    for (uint32_t i = to; i < b->used; i++)
        b->own[i] = 0;
    b->used = (uint8_t)to;
    block_sum(b);
}

/* Takes those from a place on out of a block; tells how many they were. */
static uint32_t block_cut(const struct marks_space *space, uint32_t block, uint32_t from,
                          uint32_t out[MARKS_BLOCK])
{
    struct marks_block *b = block_of(space, block);
    uint32_t count = 0;

    for (uint32_t i = from; i < b->used; i++) {
        if (b->own[i] == 0)
            continue;
        if (space->counts != NULL)
            blocks_count(space, block, b->own[i], false);
        out[count++] = b->items[i];
        b->own[i] = 0;
    }
    b->used = (uint8_t)from;
    b->live = (uint8_t)(b->live - count);
    block_sum(b);
    blocks_rise(space, block);
    return count;
}

/* Moves all of a block to the one before it, which has room. */
static void blocks_unite(struct marks *m, const struct marks_space *space, uint32_t first,
                         uint32_t second)
{
    uint32_t items[MARKS_BLOCK], count = block_cut(space, second, 0, items);

    blocks_remove(m, space, second);
    if (block_of(space, first)->used + count > MARKS_BLOCK)
        block_pack(space, first);
    for (uint32_t i = 0; i < count; i++)
        block_put(space, first, block_of(space, first)->used, items[i]);
}

/* ---- who comes ------------------------------------------------------------------------------ */

/* A block for who comes last: the last one, packed, if that has room by that, else a new one. */
static APART uint32_t marks_extend(struct marks *m, const struct marks_space *space,
                                   struct order_key key)
{
    if (m->last == MARKS_NONE || block_of(space, m->last)->live > MARKS_BLOCK / 2)
        return blocks_append(m, space, key);
    block_pack(space, m->last);
    return m->last;
}

/* Parts a full block in two: the key's is told. */
static uint32_t block_part(struct marks *m, const struct marks_space *space, uint32_t block,
                           struct order_key key)
{
    uint32_t items[MARKS_BLOCK], count = block_cut(space, block, MARKS_BLOCK / 2, items);
    struct order_key low = item_of(space, items[0])->key;
    uint32_t second = blocks_insert(m, space, low);

    for (uint32_t i = 0; i < count; i++)
        block_put(space, second, i, items[i]);
    return order_key_before(key, low) ? block : second;
}

/* Adds an item that stands before some other, or did before that left. */
static COLD void marks_insert(struct marks *m, const struct marks_space *space, uint32_t item)
{
    struct order_key key = item_of(space, item)->key;
    uint32_t block = blocks_find(m, space, key), place;
    struct marks_block *b = block_of(space, block);

    if (b->live == MARKS_BLOCK)
        block = block_part(m, space, block, key);
    b = block_of(space, block);
    block_pack(space, block);
    for (place = b->used; place > 0; place--) {
        if (order_key_before(item_of(space, b->items[place - 1])->key, key))
            break;
        item_put(space, block, place, b->items[place - 1]);
    }
    if (order_key_before(key, b->low))
        b->low = key;
    block_put(space, block, place, item);
    block_sum(block_of(space, block)); /* who was behind it has moved */
}

APART void marks_add_beside(struct marks *m, const struct marks_space *space, uint32_t item)
{
    struct order_key key = item_of(space, item)->key;
    uint32_t block = m->last;

    if (block != MARKS_NONE && !order_key_before(m->high, key)) {
        marks_insert(m, space, item);
        return;
    }
    m->high = key;
    block = marks_extend(m, space, key);
    block_put(space, block, block_of(space, block)->used, item);
}

/* ---- who goes ------------------------------------------------------------------------------- */

static bool blocks_fit(const struct marks_space *space, uint32_t a, uint32_t b)
{
    return a != MARKS_NONE && b != MARKS_NONE &&
           block_of(space, a)->live + block_of(space, b)->live <= MARKS_FIT;
}

APART void marks_shrink(struct marks *m, const struct marks_space *space, uint32_t block)
{
    const struct marks_block *b = block_of(space, block);

    if (b->live == 0)
        blocks_remove(m, space, block);
    else if (blocks_fit(space, b->beside[0], block))
        blocks_unite(m, space, b->beside[0], block);
    else if (blocks_fit(space, block, b->beside[1]))
        blocks_unite(m, space, block, b->beside[1]);
}

/* ---- fetching ------------------------------------------------------------------------------- */

void marks_remove_fetch(const struct marks_space *space, const struct marks_item *item)
{
    const struct marks_block *b = block_of(space, item->block);

    fetch(&b->own[item->place]);
    fetch(&b->parts);
}

/* ---- finding ------------------------------------------------------------------------------ */

uint32_t marks_any(const struct marks *m, const struct marks_space *space)
{
    const struct marks_block *b;
    uint32_t place = 0;

    if (m->last == MARKS_NONE)
        return MARKS_NONE;
    b = block_of(space, m->last);
    while (b->own[place] == 0)
        place++;
    return b->items[place];
}

/* The first of a block's items with a mark. */
static inline uint32_t block_first(const struct marks_block *b, uint32_t mark)
{
    uint32_t place = 0;

    while ((b->parts[place / MARKS_PART] >> mark & 1) == 0)
        place += MARKS_PART;
    while ((b->own[place] >> mark & 1) == 0)
        place++;
    return b->items[place];
}

/* The first with a mark of a subtree that has one. */
static inline uint32_t blocks_first(const struct marks_space *space, uint32_t at, uint32_t mark)
{
    for (;;) {
        const struct marks_block *b = block_of(space, at);

        if ((b->below[0] >> mark & 1) != 0)
            at = b->child[0];
        else if ((block_all(b) >> mark & 1) != 0)
            return block_first(b, mark);
        else
            at = b->child[1];
    }
}

APART uint32_t marks_first(const struct marks *m, const struct marks_space *space, uint32_t mark)
{
    return (blocks_all(space, m->root) >> mark & 1) != 0 ? blocks_first(space, m->root, mark)
                                                         : MARKS_NONE;
}

/* The next block behind one that has a mark, or MARKS_NONE; *inside tells of which subtree. */
static uint32_t block_next(const struct marks_space *space, uint32_t at, uint32_t mark)
{
    const struct marks_block *b = block_of(space, at);
    uint32_t from;

    if ((b->below[1] >> mark & 1) != 0)
        return item_of(space, blocks_first(space, b->child[1], mark))->block;
    do { /* up to the next in order with the mark, or which has it behind itself */
        from = at;
        at = b->parent;
        if (at == MARKS_NONE)
            return MARKS_NONE;
        b = block_of(space, at);
    } while (b->child[1] == from || ((block_all(b) | b->below[1]) >> mark & 1) == 0);
    return (block_all(b) >> mark & 1) != 0
               ? at
               : item_of(space, blocks_first(space, b->child[1], mark))->block;
}

uint32_t marks_after(const struct marks *m, const struct marks_space *space, uint32_t mark,
                     struct order_key key)
{
    uint32_t at = blocks_find(m, space, key);

    for (; at != MARKS_NONE; at = block_next(space, at, mark)) {
        const struct marks_block *b = block_of(space, at);

        for (uint32_t i = 0; i < b->used; i++)
            if ((b->own[i] >> mark & 1) != 0 &&
                order_key_before(key, item_of(space, b->items[i])->key))
                return b->items[i];
    }
    return MARKS_NONE;
}

uint32_t marks_count(const struct marks *m, const struct marks_space *space, uint32_t mark)
{
    return counts_of(space, m->root, mark);
}

/* How many of a block with a mark stand before a key, or have it. */
static uint32_t block_before(const struct marks_space *space, const struct marks_block *b,
                             uint32_t mark, struct order_key key)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < b->used; i++)
        count += (b->own[i] >> mark & 1) != 0 &&
                 !order_key_before(key, item_of(space, b->items[i])->key);
    return count;
}

uint32_t marks_before(const struct marks *m, const struct marks_space *space, uint32_t mark,
                      struct order_key key)
{
    uint32_t at = m->root, count = 0;

    while (at != MARKS_NONE) {
        const struct marks_block *b = block_of(space, at);

        if (order_key_before(key, b->low)) {
            at = b->child[0];
        } else {
            count += counts_of(space, b->child[0], mark) + block_before(space, b, mark, key);
            at = b->child[1];
        }
    }
    return count;
}

/* How many of a block have a mark; or the one at a rank of them, which there is. */
static uint32_t block_count(const struct marks_block *b, uint32_t mark)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < b->used; i++)
        count += (uint32_t)(b->own[i] >> mark & 1);
    return count;
}

static uint32_t block_at(const struct marks_block *b, uint32_t mark, uint32_t rank)
{
    uint32_t place = 0;

    while ((b->own[place] >> mark & 1) == 0 || rank-- > 0)
        place++;
    return b->items[place];
}

uint32_t marks_at(const struct marks *m, const struct marks_space *space, uint32_t mark,
                  uint32_t rank)
{
    uint32_t at = m->root;

    for (;;) {
        const struct marks_block *b = block_of(space, at);
        uint32_t before = counts_of(space, b->child[0], mark), own = block_count(b, mark);

        if (rank < before) {
            at = b->child[0];
        } else if (rank < before + own) {
            return block_at(b, mark, rank - before);
        } else {
            rank -= before + own;
            at = b->child[1];
        }
        ACD_ASSERT(at != MARKS_NONE); /* else there are no more than `rank` */
    }
}
