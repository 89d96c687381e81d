/* Places in the order of waiting calls, beside a plain array. */

#include "tools/queuelog/order.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { NODES = 300, STEPS = 20000 };

static struct order_node nodes[NODES];
static struct order order;

static uint32_t before_naively(const struct order_node *n)
{
    uint32_t before = 0;

    for (size_t i = 0; i < NODES; i++)
        before += nodes[i].count > 0 &&
                  (nodes[i].key.first < n->key.first ||
                   (nodes[i].key.first == n->key.first && nodes[i].key.second < n->key.second));
    return before;
}

static uint32_t state = 1;

static uint32_t draw(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
}

Test(queuelog_order, places_are_those_of_a_scan)
{
    uint32_t standing = 0;

    for (uint64_t step = 0; step < STEPS; step++) {
        struct order_node *n = &nodes[draw(NODES)];

        if (n->count == 0) {
            order_add(&order, n, (struct order_key){(int64_t)draw(20) - 10, step});
            standing++;
        } else {
            order_remove(&order, n);
            standing--;
            cr_assert(n->count == 0);
        }
        cr_assert(standing == (order.root == NULL ? 0 : order.root->count));
        n = &nodes[draw(NODES)];
        if (n->count > 0)
            cr_assert(order_before(&order, n) == before_naively(n));
    }
}

/* A thousand deep would be a list. */
static uint32_t depth(const struct order_node *n)
{
    const uint32_t left = n == NULL ? 0 : depth(n->left), right = n == NULL ? 0 : depth(n->right);

    return n == NULL ? 0 : 1 + (left > right ? left : right);
}

Test(queuelog_order, who_comes_in_order_makes_no_list)
{
    static struct order_node many[20000];
    struct order o = {0};

    for (uint64_t i = 0; i < 20000; i++) {
        order_add(&o, &many[i], (struct order_key){(int64_t)i * 1000000, i});
        cr_assert(order_before(&o, &many[i]) == i);
    }
    cr_expect(depth(o.root) < 60);
}
