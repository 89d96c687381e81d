#ifndef ACD_ORDER_H
#define ACD_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* A priority queue of items in a total order: lowest (hi, lo) first, no two keys alike.
 *
 * Ready agents are keyed by time, and time only grows, so nearly every arrival belongs at the end.
 * Such arrivals stand in a run, a doubly linked list; only what comes out of order goes to an
 * indexed 4-ary heap. The first item is the lower of two heads. Adding at the end, finding the
 * first and removing from the run are O(1), all else is O(log n); the order is the heap's alone.
 *
 * An item is a number, its link stands in the caller's array `links` at that number, so one item
 * is in at most one order of those sharing the array. A zeroed link is on no order. */

enum { ORDER_LAST = (1 << 30) - 1 }; /* ends the run's links; items are below it */

#define ORDER_NONE UINT32_MAX /* no enumerator: ISO C wants those to fit an int */

enum order_where { ORDER_OUT = 0, ORDER_IN_RUN = 1, ORDER_IN_HEAP = 2 };

struct order_link {
    uint64_t hi, lo;    /* the key, valid while the item is in */
    uint32_t prev;      /* in the run: the item before; in the heap: the entry's index */
    uint32_t next : 30; /* in the run: the item after (ORDER_LAST at the tail) */
    uint32_t where : 2;
};

/* Keys stand beside the items, so that sifting compares within the array. */
struct order_entry {
    uint64_t hi, lo;
    uint32_t item;
};

struct order {
    struct order_entry *heap; /* room for heap_max entries, the caller's */
    uint32_t heap_count, heap_max;
    uint32_t head, tail; /* the run, ascending; both ORDER_NONE when it is empty */
    uint32_t count;      /* items in the run and the heap */
};

/* An empty order over `heap`, room for heap_max entries: as many as items may ever be in. */
void order_init(struct order *o, struct order_entry *heap, uint32_t heap_max);

/* Moves the heap to other memory (or the same, grown), with room for at least the items in. */
void order_move(struct order *o, struct order_entry *heap, uint32_t heap_max);

/* Adds an item below ORDER_LAST that is in no order, while fewer than heap_max are in this one. */
void order_add(struct order *o, struct order_link *links, uint32_t item, uint64_t hi, uint64_t lo);

/* Removes an item that is in this order. */
void order_remove(struct order *o, struct order_link *links, uint32_t item);

/* The lowest item, or ORDER_NONE. */
uint32_t order_first(const struct order *o, const struct order_link *links);

static inline bool order_has(const struct order_link *links, uint32_t item)
{
    return links[item].where != ORDER_OUT;
}

/* O(n), for tests: links, heap property, run ascending, counts. False at the first fault. */
bool order_check(const struct order *o, const struct order_link *links);

#endif
