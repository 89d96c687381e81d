#include "engine/marks.h"

#include <string.h>

#include "engine/acd_assert.h"

/* The tree is a search tree by key and a heap by (weight, then key order): given a set, there is
 * one such tree, whatever the order of arrivals.
 *
 * `all` is what makes it fast and what must be right: after the links have changed, it is summed up
 * anew from the lowest changed node on; above what was touched, until a node is as it was. */

static inline struct marks_node *mark_node(struct marks_nodes nodes, uint32_t item)
{
    return (struct marks_node *)(void *)(nodes.base + nodes.stride * item);
}

static inline uint64_t marks_all(struct marks_nodes nodes, uint32_t item)
{
    return item == MARKS_NONE ? 0 : mark_node(nodes, item)->all;
}

static inline bool mark_outranks(const struct marks_node *a, const struct marks_node *b)
{
    if (a->weight != b->weight)
        return a->weight > b->weight;
    return order_key_before(a->key, b->key);
}

/* MurmurHash3's 64-bit finaliser: keys that are neighbours get unlike weights. They are made of the
 * engine's own sequences, which nobody can choose. */
static uint32_t mark_weight(struct order_key key)
{
    uint64_t mix = key.lo;

    mix = (mix ^ mix >> 33) * 0xff51afd7ed558ccdULL;
    mix = (mix ^ mix >> 33) * 0xc4ceb9fe1a85ec53ULL;
    return (uint32_t)(mix >> 32);
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

static uint32_t counts_of(struct marks_nodes nodes, uint32_t item, uint32_t mark)
{
    uint32_t count = 0;

    if (item == MARKS_NONE)
        return 0;
    for (uint32_t i = 0; i < MARKS_DIGITS; i++)
        count |= (uint32_t)(nodes.counts[item].digits[i] >> mark & 1) << i;
    return count;
}

/* ---- sums --------------------------------------------------------------------------------- */

static void counts_sum(struct marks_nodes nodes, uint32_t item)
{
    const struct marks_node *node = mark_node(nodes, item);
    struct marks_counts *c = &nodes.counts[item];

    memset(c, 0, sizeof *c);
    counts_up(c, node->own);
    if (node->left != MARKS_NONE)
        counts_add(c, &nodes.counts[node->left]);
    if (node->right != MARKS_NONE)
        counts_add(c, &nodes.counts[node->right]);
}

/* Sums up a node, and those above it up to one that is not any more. */
static void marks_sum(struct marks_nodes nodes, uint32_t lowest, uint32_t end)
{
    for (uint32_t at = lowest; at != end; at = mark_node(nodes, at)->parent) {
        struct marks_node *node = mark_node(nodes, at);

        node->all = node->own | marks_all(nodes, node->left) | marks_all(nodes, node->right);
        if (nodes.counts != NULL)
            counts_sum(nodes, at);
    }
}

/* An item with these marks has come below a node. */
static void marks_gain(struct marks_nodes nodes, uint32_t item, uint64_t marks)
{
    for (uint32_t at = item; at != MARKS_NONE; at = mark_node(nodes, at)->parent) {
        struct marks_node *node = mark_node(nodes, at);

        if (nodes.counts != NULL)
            counts_up(&nodes.counts[at], marks);
        else if ((node->all | marks) == node->all)
            break;
        node->all |= marks;
    }
}

/* One has gone from there. */
static void marks_lose(struct marks_nodes nodes, uint32_t item, uint64_t marks)
{
    for (uint32_t at = item; at != MARKS_NONE; at = mark_node(nodes, at)->parent) {
        struct marks_node *node = mark_node(nodes, at);
        uint64_t before = node->all;

        node->all = node->own | marks_all(nodes, node->left) | marks_all(nodes, node->right);
        if (nodes.counts != NULL)
            counts_down(&nodes.counts[at], marks);
        else if (node->all == before)
            break;
    }
}

/* ---- changes ------------------------------------------------------------------------------ */

void marks_init(struct marks *m)
{
    *m = (struct marks){MARKS_NONE, MARKS_NONE};
}

/* Hangs a subtree, or nothing, where the node above it leads to. */
static inline void mark_hang(struct marks_nodes nodes, uint32_t *slot, uint32_t above,
                             uint32_t hung)
{
    *slot = hung;
    if (hung != MARKS_NONE)
        mark_node(nodes, hung)->parent = above;
}

/* Parts the subtree `at` into what stands before `item` and what stands after, as its children. */
static void marks_split(struct marks_nodes nodes, uint32_t at, uint32_t item)
{
    struct marks_node *node = mark_node(nodes, item);
    uint32_t *before = &node->left, *after = &node->right;
    uint32_t last_before = item, last_after = item;

    while (at != MARKS_NONE) {
        struct marks_node *other = mark_node(nodes, at);

        if (order_key_before(other->key, node->key)) {
            mark_hang(nodes, before, last_before, at);
            before = &other->right;
            last_before = at;
            at = *before;
        } else {
            mark_hang(nodes, after, last_after, at);
            after = &other->left;
            last_after = at;
            at = *after;
        }
    }
    *before = *after = MARKS_NONE;
    marks_sum(nodes, last_before, item);
    marks_sum(nodes, last_after, item);
}

/* Adds an item that stands after all others: what it outranks at the end of the right spine is all
 * before it, and becomes its left child as it is. */
static void marks_append(struct marks *m, struct marks_nodes nodes, uint32_t item)
{
    struct marks_node *node = mark_node(nodes, item);
    uint32_t at = m->last, below = MARKS_NONE;

    while (at != MARKS_NONE && !mark_outranks(mark_node(nodes, at), node)) {
        below = at;
        at = mark_node(nodes, at)->parent;
    }
    mark_hang(nodes, at == MARKS_NONE ? &m->root : &mark_node(nodes, at)->right, at, item);
    mark_hang(nodes, &node->left, item, below);
    m->last = item;
}

/* Adds an item that stands before some other. */
static void marks_insert(struct marks *m, struct marks_nodes nodes, uint32_t item)
{
    struct marks_node *node = mark_node(nodes, item);
    uint32_t *slot = &m->root, parent = MARKS_NONE;

    while (*slot != MARKS_NONE && mark_outranks(mark_node(nodes, *slot), node)) {
        struct marks_node *above = mark_node(nodes, *slot);

        parent = *slot;
        slot = order_key_before(node->key, above->key) ? &above->left : &above->right;
    }
    marks_split(nodes, *slot, item);
    mark_hang(nodes, slot, parent, item);
}

void marks_add(struct marks *m, struct marks_nodes nodes, uint32_t item, struct order_key key)
{
    struct marks_node *node = mark_node(nodes, item);

    ACD_ASSERT(item != MARKS_NONE);
    node->key = key;
    node->left = node->right = MARKS_NONE;
    node->weight = mark_weight(key);
    if (m->last == MARKS_NONE || order_key_before(mark_node(nodes, m->last)->key, key))
        marks_append(m, nodes, item);
    else
        marks_insert(m, nodes, item);
    marks_sum(nodes, item, node->parent);
    marks_gain(nodes, node->parent, node->own);
}

/* Joins two subtrees, all of `a` before all of `b`, and hangs them where a parent leads to. */
static void marks_join(struct marks_nodes nodes, uint32_t a, uint32_t b, uint32_t *slot,
                       uint32_t parent)
{
    uint32_t end = parent;

    while (a != MARKS_NONE && b != MARKS_NONE) {
        if (mark_outranks(mark_node(nodes, a), mark_node(nodes, b))) {
            mark_hang(nodes, slot, parent, a);
            parent = a;
            slot = &mark_node(nodes, a)->right;
            a = *slot;
        } else {
            mark_hang(nodes, slot, parent, b);
            parent = b;
            slot = &mark_node(nodes, b)->left;
            b = *slot;
        }
    }
    mark_hang(nodes, slot, parent, a != MARKS_NONE ? a : b);
    marks_sum(nodes, parent, end);
}

/* The one before the last. */
static uint32_t marks_last_but_one(const struct marks *m, struct marks_nodes nodes)
{
    const struct marks_node *last = mark_node(nodes, m->last);
    uint32_t at = last->left;

    if (at == MARKS_NONE)
        return last->parent;
    while (mark_node(nodes, at)->right != MARKS_NONE)
        at = mark_node(nodes, at)->right;
    return at;
}

void marks_remove(struct marks *m, struct marks_nodes nodes, uint32_t item)
{
    struct marks_node *node = mark_node(nodes, item);
    struct marks_node *above = node->parent == MARKS_NONE ? NULL : mark_node(nodes, node->parent);
    uint32_t *slot = above == NULL ? &m->root : above->left == item ? &above->left : &above->right;

    ACD_ASSERT(*slot == item); /* else it is not in this tree */
    if (m->last == item)
        m->last = marks_last_but_one(m, nodes);
    marks_join(nodes, node->left, node->right, slot, node->parent);
    marks_lose(nodes, node->parent, node->own);
}

/* ---- finding ------------------------------------------------------------------------------ */

/* The first with a mark of a subtree that has one. */
static uint32_t marks_first_below(struct marks_nodes nodes, uint32_t at, uint32_t mark)
{
    for (;;) {
        const struct marks_node *node = mark_node(nodes, at);

        if ((marks_all(nodes, node->left) >> mark & 1) != 0)
            at = node->left;
        else if ((node->own >> mark & 1) != 0)
            return at;
        else
            at = node->right;
    }
}

uint32_t marks_first(const struct marks *m, struct marks_nodes nodes, uint32_t mark)
{
    return (marks_all(nodes, m->root) >> mark & 1) != 0 ? marks_first_below(nodes, m->root, mark)
                                                        : MARKS_NONE;
}

/* The first of all behind a key. */
static uint32_t marks_next(const struct marks *m, struct marks_nodes nodes, struct order_key key)
{
    uint32_t at = m->root, next = MARKS_NONE;

    while (at != MARKS_NONE) {
        const struct marks_node *node = mark_node(nodes, at);

        if (order_key_before(key, node->key)) {
            next = at;
            at = node->left;
        } else {
            at = node->right;
        }
    }
    return next;
}

uint32_t marks_after(const struct marks *m, struct marks_nodes nodes, uint32_t mark,
                     struct order_key key)
{
    uint32_t at = marks_next(m, nodes, key);

    while (at != MARKS_NONE) {
        const struct marks_node *node = mark_node(nodes, at);
        uint32_t from;

        if ((node->own >> mark & 1) != 0)
            return at;
        if ((marks_all(nodes, node->right) >> mark & 1) != 0)
            return marks_first_below(nodes, node->right, mark);
        do { /* up to the next in order: the first above that has this on its left */
            from = at;
            at = mark_node(nodes, at)->parent;
        } while (at != MARKS_NONE && mark_node(nodes, at)->right == from);
    }
    return MARKS_NONE;
}

uint32_t marks_count(const struct marks *m, struct marks_nodes nodes, uint32_t mark)
{
    return counts_of(nodes, m->root, mark);
}

uint32_t marks_before(const struct marks *m, struct marks_nodes nodes, uint32_t mark,
                      struct order_key key)
{
    uint32_t at = m->root, count = 0;

    while (at != MARKS_NONE) {
        const struct marks_node *node = mark_node(nodes, at);

        if (order_key_before(key, node->key)) {
            at = node->left;
        } else {
            count += counts_of(nodes, node->left, mark) + (uint32_t)(node->own >> mark & 1);
            at = node->right;
        }
    }
    return count;
}

uint32_t marks_at(const struct marks *m, struct marks_nodes nodes, uint32_t mark, uint32_t rank)
{
    uint32_t at = m->root;

    for (;;) {
        const struct marks_node *node = mark_node(nodes, at);
        uint32_t before = counts_of(nodes, node->left, mark);
        uint32_t own = (uint32_t)(node->own >> mark & 1);

        if (rank < before) {
            at = node->left;
        } else if (rank < before + own) {
            return at;
        } else {
            rank -= before + own;
            at = node->right;
        }
        ACD_ASSERT(at != MARKS_NONE); /* else there are no more than `rank` */
    }
}

/* ---- checking ----------------------------------------------------------------------------- */

static bool mark_child_check(struct marks_nodes nodes, uint32_t parent, uint32_t child)
{
    return child == MARKS_NONE ||
           (mark_node(nodes, child)->parent == parent &&
            mark_outranks(mark_node(nodes, parent), mark_node(nodes, child)));
}

static bool mark_check(struct marks_nodes nodes, uint32_t item)
{
    const struct marks_node *node = mark_node(nodes, item);

    if (!mark_child_check(nodes, item, node->left) || !mark_child_check(nodes, item, node->right))
        return false;
    if (node->weight != mark_weight(node->key))
        return false;
    for (uint32_t b = 0; nodes.counts != NULL && b < MARKS_MAX; b++)
        if (counts_of(nodes, item, b) != counts_of(nodes, node->left, b) +
                                             counts_of(nodes, node->right, b) +
                                             (uint32_t)(node->own >> b & 1))
            return false;
    return node->all == (node->own | marks_all(nodes, node->left) | marks_all(nodes, node->right));
}

static uint32_t marks_leftmost(struct marks_nodes nodes, uint32_t at)
{
    while (at != MARKS_NONE && mark_node(nodes, at)->left != MARKS_NONE)
        at = mark_node(nodes, at)->left;
    return at;
}

/* In order, by the parents. It ends even in a tree that is none, since keys rise along the walk and
 * weights fall on the way down. */
bool marks_check(const struct marks *m, struct marks_nodes nodes)
{
    uint32_t at = m->root, prev = MARKS_NONE;

    if (at != MARKS_NONE && mark_node(nodes, at)->parent != MARKS_NONE)
        return false;
    for (at = marks_leftmost(nodes, at); at != MARKS_NONE;) {
        if (!mark_check(nodes, at))
            return false;
        if (prev != MARKS_NONE &&
            !order_key_before(mark_node(nodes, prev)->key, mark_node(nodes, at)->key))
            return false;
        prev = at;
        if (mark_node(nodes, at)->right != MARKS_NONE) {
            at = marks_leftmost(nodes, mark_node(nodes, at)->right);
            continue;
        }
        for (uint32_t from = at;; from = at) {
            at = mark_node(nodes, at)->parent;
            if (at == MARKS_NONE || mark_node(nodes, at)->left == from)
                break;
        }
    }
    return prev == m->last;
}
