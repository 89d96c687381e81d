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

/* Without a branch on `hi`: in a heap of unlike keys its outcome is a coin's. */
static inline bool key_before(uint64_t a_hi, uint64_t a_lo, uint64_t b_hi, uint64_t b_lo)
{
    return (a_hi < b_hi) | ((a_hi == b_hi) & (a_lo < b_lo));
}

static inline bool entry_before(const struct order_entry *a, const struct order_entry *b)
{
    return key_before(a->hi, a->lo, b->hi, b->lo);
}

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

static inline void heap_place(struct order *o, struct order_link *links, uint32_t index,
                              const struct order_entry *entry)
{
    o->heap[index] = *entry;
    links[entry->item].prev = index;
}

/* Puts an entry at `index`, a hole, or above it where its key belongs. */
static void heap_sift_up(struct order *o, struct order_link *links, uint32_t index,
                         const struct order_entry *entry)
{
    while (index > 0) {
        uint32_t parent = (index - 1) / ARITY;

        if (!entry_before(entry, &o->heap[parent]))
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
        lowest += entry_before(&heap[child + 1], &heap[child]);
        other += entry_before(&heap[child + 3], &heap[child + 2]);
        return lowest + (other - lowest) * entry_before(&heap[other], &heap[lowest]);
    }
    while (++child < o->heap_count)
        lowest = entry_before(&heap[child], &heap[lowest]) ? child : lowest;
    return lowest;
}

/* Puts an entry at `index`, a hole, or below it where its key belongs. */
static void heap_sift_down(struct order *o, struct order_link *links, size_t index,
                           const struct order_entry *entry)
{
    for (;;) {
        size_t child = index * ARITY + 1;

        if (child >= o->heap_count)
            break;
        child = heap_lowest(o, child);
        if (!entry_before(&o->heap[child], entry))
            break;
        heap_place(o, links, (uint32_t)index, &o->heap[child]);
        index = child;
    }
    heap_place(o, links, (uint32_t)index, entry);
}

static void heap_add(struct order *o, struct order_link *links, uint32_t item)
{
    struct order_link *link = &links[item];
    struct order_entry entry = {.hi = link->hi, .lo = link->lo, .item = item};

    ACD_ASSERT(o->heap_count < o->heap_max);
    link->where = ORDER_IN_HEAP;
    heap_sift_up(o, links, o->heap_count++, &entry);
}

static void heap_remove(struct order *o, struct order_link *links, uint32_t item)
{
    uint32_t index = links[item].prev;
    struct order_entry last;

    ACD_ASSERT(index < o->heap_count);
    ACD_ASSERT(o->heap[index].item == item);
    last = o->heap[--o->heap_count];
    if (index == o->heap_count)
        return;
    if (entry_before(&last, &o->heap[index]))
        heap_sift_up(o, links, index, &last);
    else
        heap_sift_down(o, links, index, &last);
}

/* Run: a doubly linked list, ascending. */

static bool run_takes(const struct order *o, const struct order_link *links, uint64_t hi,
                      uint64_t lo)
{
    const struct order_link *tail;

    if (o->tail == ORDER_NONE)
        return true;
    tail = &links[o->tail];
    ACD_ASSERT(tail->hi != hi || tail->lo != lo);
    return key_before(tail->hi, tail->lo, hi, lo);
}

static void run_append(struct order *o, struct order_link *links, uint32_t item)
{
    struct order_link *link = &links[item];

    link->where = ORDER_IN_RUN;
    link->prev = o->tail;
    link->next = ORDER_LAST;
    if (o->tail == ORDER_NONE)
        o->head = item;
    else
        links[o->tail].next = item & ORDER_LAST;
    o->tail = item;
}

/* The neighbours must agree that the item is between them: so is one of another order caught when
 * it stands at an end. */
static void run_remove(struct order *o, struct order_link *links, uint32_t item)
{
    const struct order_link *link = &links[item];

    if (link->prev == ORDER_NONE) {
        ACD_ASSERT(o->head == item);
        o->head = link->next == ORDER_LAST ? ORDER_NONE : link->next;
    } else {
        ACD_ASSERT(links[link->prev].next == item);
        links[link->prev].next = link->next;
    }
    if (link->next == ORDER_LAST) {
        ACD_ASSERT(o->tail == item);
        o->tail = link->prev;
    } else {
        ACD_ASSERT(links[link->next].prev == item);
        links[link->next].prev = link->prev;
    }
}

void order_add(struct order *o, struct order_link *links, uint32_t item, uint64_t hi, uint64_t lo)
{
    ACD_ASSERT(item < ORDER_LAST);
    ACD_ASSERT(links[item].where == ORDER_OUT);
    ACD_ASSERT(o->count < o->heap_max);
    links[item].hi = hi;
    links[item].lo = lo;
    if (run_takes(o, links, hi, lo))
        run_append(o, links, item);
    else
        heap_add(o, links, item);
    o->count++;
}

void order_remove(struct order *o, struct order_link *links, uint32_t item)
{
    ACD_ASSERT(o->count > 0);
    ACD_ASSERT(links[item].where != ORDER_OUT);
    if (links[item].where == ORDER_IN_RUN)
        run_remove(o, links, item);
    else
        heap_remove(o, links, item);
    links[item].where = ORDER_OUT;
    o->count--;
}

uint32_t order_first(const struct order *o, const struct order_link *links)
{
    const struct order_link *head;

    if (o->heap_count == 0)
        return o->head;
    if (o->head == ORDER_NONE)
        return o->heap[0].item;
    head = &links[o->head];
    return key_before(head->hi, head->lo, o->heap[0].hi, o->heap[0].lo) ? o->head : o->heap[0].item;
}

static bool heap_check(const struct order *o, const struct order_link *links)
{
    for (uint32_t i = 0; i < o->heap_count; i++) {
        const struct order_entry *entry = &o->heap[i];
        const struct order_link *link = &links[entry->item];

        if (link->where != ORDER_IN_HEAP || link->prev != i)
            return false;
        if (link->hi != entry->hi || link->lo != entry->lo)
            return false;
        if (i > 0 && !entry_before(&o->heap[(i - 1) / ARITY], entry))
            return false;
    }
    return true;
}

/* Ascending keys also mean that the walk ends: no item is met twice. */
static bool run_check(const struct order *o, const struct order_link *links, uint32_t expected)
{
    uint32_t item = o->head, prev = ORDER_NONE, seen = 0;

    while (item != ORDER_NONE) {
        const struct order_link *link = &links[item];

        if (link->where != ORDER_IN_RUN || link->prev != prev || ++seen > expected)
            return false;
        if (prev != ORDER_NONE && !key_before(links[prev].hi, links[prev].lo, link->hi, link->lo))
            return false;
        prev = item;
        item = link->next == ORDER_LAST ? ORDER_NONE : link->next;
    }
    return o->tail == prev && seen == expected;
}

bool order_check(const struct order *o, const struct order_link *links)
{
    if (o->heap_count > o->count || o->count > o->heap_max)
        return false;
    return heap_check(o, links) && run_check(o, links, o->count - o->heap_count);
}
