#ifndef ACD_ORDER_H
#define ACD_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/acd_assert.h"
#include "engine/hot.h"

/* A priority queue of items in a total order: lowest (hi, lo) first, no two keys alike.
 *
 * Ready agents are keyed by time, and time only grows, so nearly every arrival belongs at the end.
 * Such arrivals stand in a run, a doubly linked list; only what comes out of order goes to an
 * indexed 4-ary heap. The first item is the lower of two heads. Adding at the end, finding the
 * first and removing from the run are O(1), all else is O(log n); the order is the heap's alone.
 *
 * An item is a number. Its link stands in the caller's own record of it, eight bytes, and its key
 * is asked for: it must not change while the item is in. So one item is in at most one order of
 * those over the same items. A zeroed link is in no order.
 *
 * What is done all the time is inline, so that key_of is known where it is called. */

enum { ORDER_LAST = (1 << 30) - 1 }; /* ends the run's links; items are below it */

#define ORDER_NONE UINT32_MAX /* no enumerator: ISO C wants those to fit an int */

/* ORDER_ELSEWHERE: in what else its owner keeps items in; no order knows it. */
enum order_where { ORDER_OUT = 0, ORDER_IN_RUN = 1, ORDER_IN_HEAP = 2, ORDER_ELSEWHERE = 3 };

struct order_link {
    uint32_t prev;      /* in the run: the item before; in the heap: the entry's index */
    uint32_t next : 30; /* in the run: the item after (ORDER_LAST at the tail) */
    uint32_t where : 2;
};

struct order_key {
    uint64_t hi, lo;
};

/* Where the link of item 0 is, and how far apart they are. */
struct order_links {
    char *base;
    size_t stride;
};

/* What may stand in orders: their links and their keys. */
struct order_items {
    struct order_links links;
    struct order_key (*key_of)(const void *owner, uint32_t item);
    const void *owner;
};

#define ORDER_ITEMS(array, link, key_of, owner)                                                    \
    ((struct order_items){{(char *)&(array)->link, sizeof *(array)}, (key_of), (owner)})

/* Keys stand beside the items, so that sifting compares within the array. */
struct order_entry {
    struct order_key key;
    uint32_t item;
};

struct order {
    struct order_entry *heap; /* room for heap_max entries, the caller's */
    uint32_t heap_count, heap_max;
    uint32_t head, tail;       /* the run, ascending; both ORDER_NONE when it is empty */
    uint32_t count;            /* items in the run and the heap */
    struct order_key tail_key; /* of the tail: to look there is to wait for memory */
};

/* An empty order over `heap`, room for heap_max entries: as many as items may ever be in. */
void order_init(struct order *o, struct order_entry *heap, uint32_t heap_max);

/* Moves the heap to other memory (or the same, grown), with room for at least the items in. */
void order_move(struct order *o, struct order_entry *heap, uint32_t heap_max);

static inline struct order_link *order_link(struct order_links links, uint32_t item)
{
    return (struct order_link *)(void *)(links.base + links.stride * item);
}

static inline bool order_has(struct order_items items, uint32_t item)
{
    return order_link(items.links, item)->where != ORDER_OUT;
}

/* As one number: compared without a branch, whose outcome in a heap of unlike keys is a coin's. */
__extension__ typedef unsigned __int128 order_number;

static inline order_number order_number_of(struct order_key key)
{
    return (order_number)key.hi << 64 | key.lo;
}

static inline bool order_key_before(struct order_key a, struct order_key b)
{
    return order_number_of(a) < order_number_of(b);
}

/* What the functions below leave to the heap. */
APART void order_heap_add(struct order *o, struct order_links links, uint32_t item,
                          struct order_key key);
APART void order_heap_remove(struct order *o, struct order_links links, uint32_t item);

/* Who stands in a run before another; all of the word is written, so none of it is read. */
static inline void order_run_lead(struct order_links links, uint32_t item, uint32_t next)
{
    struct order_link *link = order_link(links, item);

    link->next = next & ORDER_LAST;
    link->where = ORDER_IN_RUN;
}

static inline void order_run_add(struct order *o, struct order_items items, uint32_t item,
                                 struct order_key key)
{
    order_link(items.links, item)->prev = o->tail;
    order_run_lead(items.links, item, ORDER_LAST);
    if (o->tail == ORDER_NONE)
        o->head = item;
    else
        order_run_lead(items.links, o->tail, item);
    o->tail = item;
    o->tail_key = key;
}

/* Writes to the neighbours without looking at them, who are seldom at hand. */
static inline void order_run_remove(struct order *o, struct order_items items, uint32_t item)
{
    const struct order_link *link = order_link(items.links, item);

    if (link->prev == ORDER_NONE) {
        ACD_ASSERT(o->head == item);
        o->head = link->next == ORDER_LAST ? ORDER_NONE : link->next;
    } else {
        order_run_lead(items.links, link->prev, link->next);
    }
    if (link->next == ORDER_LAST) {
        ACD_ASSERT(o->tail == item);
        o->tail = link->prev;
        if (o->tail != ORDER_NONE)
            o->tail_key = items.key_of(items.owner, o->tail);
    } else {
        order_link(items.links, link->next)->prev = link->prev;
    }
}

/* Adds an item below ORDER_LAST that is in no order, while fewer than heap_max are in this one. */
static inline void order_add(struct order *o, struct order_items items, uint32_t item)
{
    struct order_key key;

    ACD_ASSERT(item < ORDER_LAST);
    ACD_ASSERT(!order_has(items, item));
    ACD_ASSERT(o->count < o->heap_max);
    key = items.key_of(items.owner, item);
    o->count++;
    if (o->tail == ORDER_NONE || order_key_before(o->tail_key, key)) {
        order_run_add(o, items, item, key);
        return;
    }
    ACD_ASSERT(o->tail_key.hi != key.hi || o->tail_key.lo != key.lo);
    order_heap_add(o, items.links, item, key);
}

/* Removes an item that is in this order. */
static inline void order_remove(struct order *o, struct order_items items, uint32_t item)
{
    struct order_link *link = order_link(items.links, item);

    ACD_ASSERT(link->where != ORDER_OUT);
    if (link->where == ORDER_IN_RUN)
        order_run_remove(o, items, item);
    else
        order_heap_remove(o, items.links, item);
    link->where = ORDER_OUT;
    o->count--;
}

/* The lowest item, or ORDER_NONE. */
static inline uint32_t order_first(const struct order *o, struct order_items items)
{
    if (o->heap_count == 0)
        return o->head;
    if (o->head == ORDER_NONE ||
        !order_key_before(items.key_of(items.owner, o->head), o->heap[0].key))
        return o->heap[0].item;
    return o->head;
}

/* How many items stand before one that is in, and which stands right behind it, or ORDER_NONE:
 * O(n), for what people ask. */
uint32_t order_rank(const struct order *o, struct order_items items, uint32_t item);
uint32_t order_after(const struct order *o, struct order_items items, uint32_t item);

/* O(n), for tests: links, heap property, run ascending, counts. False at the first fault. */
bool order_check(const struct order *o, struct order_items items);

#endif
