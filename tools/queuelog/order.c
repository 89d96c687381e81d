#include "tools/queuelog/order.h"

#include <stdbool.h>
#include <stddef.h>

static bool is_before(struct order_key a, struct order_key b)
{
    return a.first != b.first ? a.first < b.first : a.second < b.second;
}

static uint32_t count_of(const struct order_node *n)
{
    return n == NULL ? 0 : n->count;
}

static void recount(struct order_node *n)
{
    n->count = 1 + count_of(n->left) + count_of(n->right);
}

/* Chance, but the same each time: the order of priorities is all that matters of it. */
static uint64_t priority_of(struct order_key key)
{
    uint64_t x = (uint64_t)key.first + 0x9e3779b97f4a7c15 * (key.second + 1);

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

/* What stands before the key, and the rest. */
static void split(struct order_node *n, struct order_key key, struct order_node **before,
                  struct order_node **rest)
{
    if (n == NULL) {
        *before = *rest = NULL;
    } else if (is_before(n->key, key)) {
        split(n->right, key, &n->right, rest);
        *before = n;
        recount(n);
    } else {
        split(n->left, key, before, &n->left);
        *rest = n;
        recount(n);
    }
}

static struct order_node *merge(struct order_node *a, struct order_node *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    if (a->priority > b->priority) {
        a->right = merge(a->right, b);
        recount(a);
        return a;
    }
    b->left = merge(a, b->left);
    recount(b);
    return b;
}

void order_add(struct order *o, struct order_node *n, struct order_key key)
{
    struct order_node *before, *rest;

    *n = (struct order_node){.key = key, .priority = priority_of(key), .count = 1};
    split(o->root, key, &before, &rest);
    o->root = merge(merge(before, n), rest);
}

void order_remove(struct order *o, struct order_node *n)
{
    struct order_node **at = &o->root;

    while (*at != n) {
        (*at)->count--;
        at = is_before(n->key, (*at)->key) ? &(*at)->left : &(*at)->right;
    }
    *at = merge(n->left, n->right);
    n->count = 0;
}

uint32_t order_before(const struct order *o, const struct order_node *n)
{
    uint32_t before = 0;

    for (const struct order_node *at = o->root; at != n;) {
        if (is_before(n->key, at->key)) {
            at = at->left;
        } else {
            before += 1 + count_of(at->left);
            at = at->right;
        }
    }
    return before + count_of(n->left);
}
