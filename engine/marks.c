#include "engine/marks.h"

#include <string.h>

#include "engine/acd_assert.h"
#include "engine/fetch.h"

/* The tree is a search tree by key and a heap by (weight, then key order): given a set, there is
 * one such tree, whatever the order of arrivals.
 *
 * `below` is what makes it fast and what must be right: after links have changed it is summed up
 * anew from the lowest changed node on; above what was touched, until nothing is new. */

static inline struct marks_node *mark_node(struct marks_nodes nodes, uint32_t item)
{
    return (struct marks_node *)(void *)(nodes.base + nodes.stride * item);
}

/* The marks of all of a subtree. */
static inline uint64_t marks_all(struct marks_nodes nodes, uint32_t item)
{
    const struct marks_node *node;

    if (item == MARKS_NONE)
        return 0;
    node = mark_node(nodes, item);
    return node->own | node->below[0] | node->below[1];
}

/* On which side of the node above it an item is. */
static inline int mark_side(struct marks_nodes nodes, uint32_t item)
{
    return mark_node(nodes, mark_node(nodes, item)->parent)->child[1] == item;
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
    for (int side = 0; side < 2; side++)
        if (node->child[side] != MARKS_NONE)
            counts_add(c, &nodes.counts[node->child[side]]);
}

/* Sums up a node, and those above it up to one that is not any more, but for what is below it. */
static void marks_sum(struct marks_nodes nodes, uint32_t lowest, uint32_t end)
{
    for (uint32_t at = lowest, above; at != end; at = above) {
        above = mark_node(nodes, at)->parent;
        if (nodes.counts != NULL)
            counts_sum(nodes, at);
        if (above != MARKS_NONE)
            mark_node(nodes, above)->below[mark_side(nodes, at)] = marks_all(nodes, at);
    }
}

/* What is below a node may have changed: those above it learn of that, until nothing is new. */
static void marks_rise(struct marks_nodes nodes, uint32_t at)
{
    while (at != MARKS_NONE && mark_node(nodes, at)->parent != MARKS_NONE) {
        uint32_t above = mark_node(nodes, at)->parent;
        uint64_t *below = &mark_node(nodes, above)->below[mark_side(nodes, at)];
        uint64_t all = marks_all(nodes, at);

        if (*below == all)
            break;
        *below = all;
        at = above;
    }
}

/* ---- changes ------------------------------------------------------------------------------ */

void marks_init(struct marks *m)
{
    *m = (struct marks){MARKS_NONE, MARKS_NONE};
}

/* Hangs a subtree, or nothing, on a side of the node above it, or where the tree begins. */
static inline void mark_hang(struct marks *m, struct marks_nodes nodes, uint32_t above, int side,
                             uint32_t hung)
{
    if (hung != MARKS_NONE)
        mark_node(nodes, hung)->parent = above;
    if (above == MARKS_NONE) {
        m->root = hung;
        return;
    }
    mark_node(nodes, above)->child[side] = hung;
    mark_node(nodes, above)->below[side] = marks_all(nodes, hung);
}

/* Parts the subtree `at` into what stands before `item` and what stands after, as its children. */
static void marks_split(struct marks *m, struct marks_nodes nodes, uint32_t at, uint32_t item)
{
    const struct marks_node *node = mark_node(nodes, item);
    uint32_t last[2] = {item, item};
    int side[2] = {0, 1};

    while (at != MARKS_NONE) {
        const struct marks_node *other = mark_node(nodes, at);
        int part = !order_key_before(other->key, node->key);

        mark_hang(m, nodes, last[part], side[part], at);
        last[part] = at;
        side[part] = !part;
        at = other->child[!part];
    }
    for (int part = 0; part < 2; part++) {
        mark_hang(m, nodes, last[part], side[part], MARKS_NONE);
        marks_sum(nodes, last[part], item);
    }
}

/* Adds an item that stands after all others: what it outranks at the end of the right spine is all
 * before it, and becomes its left child as it is. */
static void marks_append(struct marks *m, struct marks_nodes nodes, uint32_t item)
{
    const struct marks_node *node = mark_node(nodes, item);
    uint32_t at = m->last, below = MARKS_NONE;

    while (at != MARKS_NONE && !mark_outranks(mark_node(nodes, at), node)) {
        below = at;
        at = mark_node(nodes, at)->parent;
    }
    mark_hang(m, nodes, item, 0, below);
    mark_hang(m, nodes, at, 1, item);
    m->last = item;
}

/* Adds an item that stands before some other. */
static void marks_insert(struct marks *m, struct marks_nodes nodes, uint32_t item)
{
    const struct marks_node *node = mark_node(nodes, item);
    uint32_t at = m->root, above = MARKS_NONE;
    int side = 0;

    while (at != MARKS_NONE && mark_outranks(mark_node(nodes, at), node)) {
        above = at;
        side = !order_key_before(node->key, mark_node(nodes, at)->key);
        at = mark_node(nodes, at)->child[side];
    }
    marks_split(m, nodes, at, item);
    mark_hang(m, nodes, above, side, item);
}

void marks_add(struct marks *m, struct marks_nodes nodes, uint32_t item, struct order_key key)
{
    struct marks_node *node = mark_node(nodes, item);

    ACD_ASSERT(item < MARKS_OUT);
    node->key = key;
    node->child[0] = node->child[1] = MARKS_NONE;
    node->below[0] = node->below[1] = 0;
    node->weight = mark_weight(key);
    if (m->last == MARKS_NONE || order_key_before(mark_node(nodes, m->last)->key, key))
        marks_append(m, nodes, item);
    else
        marks_insert(m, nodes, item);
    marks_rise(nodes, node->parent);
    if (nodes.counts == NULL)
        return;
    counts_sum(nodes, item);
    for (uint32_t at = node->parent; at != MARKS_NONE; at = mark_node(nodes, at)->parent)
        counts_up(&nodes.counts[at], node->own);
}

/* Joins two subtrees, all of `a` before all of `b`, and hangs them on a side of a node. */
static void marks_join(struct marks *m, struct marks_nodes nodes, uint32_t a, uint32_t b,
                       uint32_t above, int side)
{
    uint32_t end = above;

    while (a != MARKS_NONE && b != MARKS_NONE) {
        bool first = mark_outranks(mark_node(nodes, a), mark_node(nodes, b));
        uint32_t *upper = first ? &a : &b;

        mark_hang(m, nodes, above, side, *upper);
        above = *upper;
        side = first;
        *upper = mark_node(nodes, above)->child[side];
    }
    mark_hang(m, nodes, above, side, a != MARKS_NONE ? a : b);
    marks_sum(nodes, above, end);
}

/* The one before the last. */
static uint32_t marks_last_but_one(const struct marks *m, struct marks_nodes nodes)
{
    const struct marks_node *last = mark_node(nodes, m->last);
    uint32_t at = last->child[0];

    if (at == MARKS_NONE)
        return last->parent;
    while (mark_node(nodes, at)->child[1] != MARKS_NONE)
        at = mark_node(nodes, at)->child[1];
    return at;
}

void marks_remove(struct marks *m, struct marks_nodes nodes, uint32_t item)
{
    struct marks_node *node = mark_node(nodes, item);
    uint32_t above = node->parent;
    int side = 0;

    ACD_ASSERT(marks_has(node)); /* it cannot be told here whether it is in this tree */
    if (above != MARKS_NONE)
        side = mark_side(nodes, item);
    else
        ACD_ASSERT(m->root == item);
    if (m->last == item)
        m->last = marks_last_but_one(m, nodes);
    marks_join(m, nodes, node->child[0], node->child[1], above, side);
    marks_rise(nodes, above);
    node->parent = MARKS_OUT;
    for (uint32_t at = above; nodes.counts != NULL && at != MARKS_NONE;
         at = mark_node(nodes, at)->parent)
        counts_down(&nodes.counts[at], node->own);
}

void marks_add_fetch(const struct marks *m, struct marks_nodes nodes)
{
    if (m->last != MARKS_NONE)
        fetch(mark_node(nodes, m->last));
}

void marks_remove_fetch(struct marks_nodes nodes, uint32_t item)
{
    const struct marks_node *node = mark_node(nodes, item);

    if (node->parent != MARKS_NONE)
        fetch(mark_node(nodes, node->parent));
    for (int side = 0; side < 2; side++)
        if (node->child[side] != MARKS_NONE)
            fetch(mark_node(nodes, node->child[side]));
}

/* ---- finding ------------------------------------------------------------------------------ */

/* The first with a mark of a subtree that has one. */
static uint32_t marks_first_below(struct marks_nodes nodes, uint32_t at, uint32_t mark)
{
    for (;;) {
        const struct marks_node *node = mark_node(nodes, at);

        if ((node->below[0] >> mark & 1) != 0)
            at = node->child[0];
        else if ((node->own >> mark & 1) != 0)
            return at;
        else
            at = node->child[1];
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
            at = node->child[0];
        } else {
            at = node->child[1];
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
        if ((node->below[1] >> mark & 1) != 0)
            return marks_first_below(nodes, node->child[1], mark);
        do { /* up to the next in order: the first above that has this on its left */
            from = at;
            at = mark_node(nodes, at)->parent;
        } while (at != MARKS_NONE && mark_node(nodes, at)->child[1] == from);
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
            at = node->child[0];
        } else {
            count += counts_of(nodes, node->child[0], mark) + (uint32_t)(node->own >> mark & 1);
            at = node->child[1];
        }
    }
    return count;
}

uint32_t marks_at(const struct marks *m, struct marks_nodes nodes, uint32_t mark, uint32_t rank)
{
    uint32_t at = m->root;

    for (;;) {
        const struct marks_node *node = mark_node(nodes, at);
        uint32_t before = counts_of(nodes, node->child[0], mark);
        uint32_t own = (uint32_t)(node->own >> mark & 1);

        if (rank < before) {
            at = node->child[0];
        } else if (rank < before + own) {
            return at;
        } else {
            rank -= before + own;
            at = node->child[1];
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

    if (!mark_child_check(nodes, item, node->child[0]) ||
        !mark_child_check(nodes, item, node->child[1]))
        return false;
    if (node->weight != mark_weight(node->key))
        return false;
    for (uint32_t b = 0; nodes.counts != NULL && b < MARKS_MAX; b++)
        if (counts_of(nodes, item, b) != counts_of(nodes, node->child[0], b) +
                                             counts_of(nodes, node->child[1], b) +
                                             (uint32_t)(node->own >> b & 1))
            return false;
    return node->below[0] == marks_all(nodes, node->child[0]) &&
           node->below[1] == marks_all(nodes, node->child[1]);
}

static uint32_t marks_leftmost(struct marks_nodes nodes, uint32_t at)
{
    while (at != MARKS_NONE && mark_node(nodes, at)->child[0] != MARKS_NONE)
        at = mark_node(nodes, at)->child[0];
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
        if (mark_node(nodes, at)->child[1] != MARKS_NONE) {
            at = marks_leftmost(nodes, mark_node(nodes, at)->child[1]);
            continue;
        }
        for (uint32_t from = at;; from = at) {
            at = mark_node(nodes, at)->parent;
            if (at == MARKS_NONE || mark_node(nodes, at)->child[0] == from)
                break;
        }
    }
    return prev == m->last;
}
