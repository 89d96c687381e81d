#ifndef ACD_QUEUELOG_ORDER_H
#define ACD_QUEUELOG_ORDER_H

#include <stdint.h>

/* Waiting calls in their order, with places in it: a treap that knows its sizes, so an entry, a
 * departure and a place take O(log n), however many wait. */

struct order_key {
    int64_t first;
    uint64_t second;
};

struct order_node {
    struct order_node *left, *right;
    struct order_key key;
    uint64_t priority;
    uint32_t count; /* of this node and those below; 0: it stands in no order */
};

struct order {
    struct order_node *root;
};

/* Keys are unique within an order. */
void order_add(struct order *o, struct order_node *n, struct order_key key);
void order_remove(struct order *o, struct order_node *n);

/* How many stand before it. */
uint32_t order_before(const struct order *o, const struct order_node *n);

#endif
