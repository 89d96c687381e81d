#include "engine/order.h"

#include <stddef.h>
#include <string.h>

#include "engine/acd_assert.h"

/* Invariant: an item is in the run or in the heap, and neither knows of the other. An arrival goes
 * to one of them once and for all; the first item is the lower of the two heads, so which of them
 * it is in never shows in the order.
 *
 * While an item with a late key stands at the tail, what comes before it goes to the heap: slower,
 * never wrong. */

enum { ARITY = 4 }; /* heap_lowest() knows it too */

void order_init(struct order *o, struct order_entry *heap, uint32_t heap_max)
{
    ACD_ASSERT(heap != NULL || heap_max == 0);
    ACD_ASSERT(heap_max <= ORDER_LAST);
    *o = (struct order){.heap = heap, .heap_max = heap_max, .head = ORDER_NONE, .tail = ORDER_NONE};
}

void order_move(struct order *o, struct order_entry *heap, uint32_t heap_max)
{
    ACD_ASSERT(heap_max >= o->count);
    ACD_ASSERT(heap_max <= ORDER_LAST);
    if (o->heap_count > 0)
        memmove(heap, o->heap, o->heap_count * sizeof heap[0]);
    o->heap = heap;
    o->heap_max = heap_max;
}

/* Heap: 4-ary, so half as deep as a binary one and the children of an entry lie together. */

static inline void heap_place(struct order *o, struct order_links links, uint32_t index,
                              const struct order_entry *entry)
{
    o->heap[index] = *entry;
    order_link(links, entry->item)->prev = index;
}

/* Puts an entry at `index`, a hole, or above it where its key belongs. */
static void heap_sift_up(struct order *o, struct order_links links, uint32_t index,
                         const struct order_entry *entry)
{
    while (index > 0) {
        uint32_t parent = (index - 1) / ARITY;

        if (!order_key_before(entry->key, o->heap[parent].key))
            break;
        heap_place(o, links, index, &o->heap[parent]);
        index = parent;
    }
    heap_place(o, links, index, entry);
}

/* The lowest of the entries from `child` on, at most ARITY of them. A full set of children is
 * decided in two rounds, the winners told by adding the outcome: no branch to guess wrong. */
static inline size_t heap_lowest(const struct order *o, size_t child)
{
    const struct order_entry *heap = o->heap;
    size_t lowest = child, other = child + 2;

    if (child + ARITY <= o->heap_count) {
        lowest += order_key_before(heap[child + 1].key, heap[child].key);
        other += order_key_before(heap[child + 3].key, heap[child + 2].key);
        return lowest + (other - lowest) * order_key_before(heap[other].key, heap[lowest].key);
    }
    while (++child < o->heap_count)
        lowest = order_key_before(heap[child].key, heap[lowest].key) ? child : lowest;
    return lowest;
}

/* Puts an entry at `index`, a hole, or below it where its key belongs. */
static void heap_sift_down(struct order *o, struct order_links links, size_t index,
                           const struct order_entry *entry)
{
    for (;;) {
        size_t child = index * ARITY + 1;

        if (child >= o->heap_count)
            break;
        child = heap_lowest(o, child);
        if (!order_key_before(o->heap[child].key, entry->key))
            break;
        heap_place(o, links, (uint32_t)index, &o->heap[child]);
        index = child;
    }
    heap_place(o, links, (uint32_t)index, entry);
}

void order_heap_add(struct order *o, struct order_links links, uint32_t item, struct order_key key)
{
    struct order_entry entry = {.key = key, .item = item};

    ACD_ASSERT(o->heap_count < o->heap_max);
    order_link(links, item)->where = ORDER_IN_HEAP;
    heap_sift_up(o, links, o->heap_count++, &entry);
}

void order_heap_remove(struct order *o, struct order_links links, uint32_t item)
{
    uint32_t index = order_link(links, item)->prev;
    struct order_entry last;

    ACD_ASSERT(index < o->heap_count);
    ACD_ASSERT(o->heap[index].item == item);
    last = o->heap[--o->heap_count];
    if (index == o->heap_count)
        return;
    if (order_key_before(last.key, o->heap[index].key))
        heap_sift_up(o, links, index, &last);
    else
        heap_sift_down(o, links, index, &last);
}

static uint32_t run_next(struct order_items items, uint32_t item)
{
    uint32_t next = order_link(items.links, item)->next;

    return next == ORDER_LAST ? ORDER_NONE : next;
}

uint32_t order_rank(const struct order *o, struct order_items items, uint32_t item)
{
    struct order_key key = items.key_of(items.owner, item);
    uint32_t rank = 0, at = o->head;

    for (uint32_t i = 0; i < o->heap_count; i++)
        rank += order_key_before(o->heap[i].key, key);
    for (; at != ORDER_NONE && order_key_before(items.key_of(items.owner, at), key);
         at = run_next(items, at))
        rank++;
    return rank;
}

uint32_t order_after(const struct order *o, struct order_items items, uint32_t item)
{
    struct order_key key = items.key_of(items.owner, item);
    uint32_t after = o->head;

    while (after != ORDER_NONE && !order_key_before(key, items.key_of(items.owner, after)))
        after = run_next(items, after);
    for (uint32_t i = 0; i < o->heap_count; i++)
        if (order_key_before(key, o->heap[i].key) &&
            (after == ORDER_NONE ||
             order_key_before(o->heap[i].key, items.key_of(items.owner, after))))
            after = o->heap[i].item;
    return after;
}

static bool heap_check(const struct order *o, struct order_items items)
{
    for (uint32_t i = 0; i < o->heap_count; i++) {
        const struct order_entry *entry = &o->heap[i];
        const struct order_link *link = order_link(items.links, entry->item);
        struct order_key key = items.key_of(items.owner, entry->item);

        if (link->where != ORDER_IN_HEAP || link->prev != i)
            return false;
        if (key.hi != entry->key.hi || key.lo != entry->key.lo)
            return false;
        if (i > 0 && !order_key_before(o->heap[(i - 1) / ARITY].key, entry->key))
            return false;
    }
    return true;
}

/* Ascending keys also mean that the walk ends: no item is met twice. */
static bool run_check(const struct order *o, struct order_items items, uint32_t expected)
{
    uint32_t item = o->head, prev = ORDER_NONE, seen = 0;
    struct order_key before = {0, 0};

    while (item != ORDER_NONE) {
        const struct order_link *link = order_link(items.links, item);
        struct order_key key = items.key_of(items.owner, item);

        if (link->where != ORDER_IN_RUN || link->prev != prev || ++seen > expected)
            return false;
        if (prev != ORDER_NONE && !order_key_before(before, key))
            return false;
        prev = item;
        before = key;
        item = link->next == ORDER_LAST ? ORDER_NONE : link->next;
    }
    if (prev != ORDER_NONE && (before.hi != o->tail_key.hi || before.lo != o->tail_key.lo))
        return false;
    return o->tail == prev && seen == expected;
}

bool order_check(const struct order *o, struct order_items items)
{
    if (o->heap_count > o->count || o->count > o->heap_max)
        return false;
    return heap_check(o, items) && run_check(o, items, o->count - o->heap_count);
}
