#include "bench/baseline_heap.h"

#include <stdlib.h>

#include "bench/harness.h"

enum { ARITY = 4 };

struct entry {
    uint64_t key;
    uint32_t item; /* agent * HEAP_SEATS + which of its queues */
};

struct heap {
    struct entry *entries;
    uint32_t count;
};

/* An item's queue, and its place in that queue's heap. */
struct seat {
    uint32_t queue, place;
};

struct heaps {
    struct heap *heaps;
    struct seat *seats;
    uint32_t queues, agents;
};

/* ---- one heap ------------------------------------------------------------------------------- */

static inline void put(struct heap *heap, struct seat *seats, uint32_t place, struct entry entry)
{
    heap->entries[place] = entry;
    seats[entry.item].place = place;
}

static inline void sift_up(struct heap *heap, struct seat *seats, uint32_t place,
                           struct entry entry)
{
    while (place > 0) {
        uint32_t parent = (place - 1) / ARITY;

        if (heap->entries[parent].key <= entry.key)
            break;
        put(heap, seats, place, heap->entries[parent]);
        place = parent;
    }
    put(heap, seats, place, entry);
}

static inline uint32_t lowest_child(const struct heap *heap, uint32_t child)
{
    const struct entry *e = heap->entries;
    uint32_t end = heap->count, lowest = child;

    if (child + ARITY <= end) {
        uint32_t a = child + (e[child + 1].key < e[child].key);
        uint32_t b = child + 2 + (e[child + 3].key < e[child + 2].key);

        return e[b].key < e[a].key ? b : a;
    }
    for (uint32_t other = child + 1; other < end; other++)
        lowest = e[other].key < e[lowest].key ? other : lowest;
    return lowest;
}

static inline void sift_down(struct heap *heap, struct seat *seats, uint32_t place,
                             struct entry entry)
{
    for (;;) {
        uint32_t child = place * ARITY + 1;

        if (child >= heap->count)
            break;
        child = lowest_child(heap, child);
        if (heap->entries[child].key >= entry.key)
            break;
        put(heap, seats, place, heap->entries[child]);
        place = child;
    }
    put(heap, seats, place, entry);
}

static inline void enter(struct heaps *h, uint32_t item, uint64_t key)
{
    struct heap *heap = &h->heaps[h->seats[item].queue];

    sift_up(heap, h->seats, heap->count++, (struct entry){key, item});
}

static inline void leave(struct heaps *h, uint32_t item)
{
    struct heap *heap = &h->heaps[h->seats[item].queue];
    uint32_t place = h->seats[item].place;
    struct entry last = heap->entries[--heap->count];

    if (place == heap->count)
        return;
    if (place > 0 && heap->entries[(place - 1) / ARITY].key > last.key)
        sift_up(heap, h->seats, place, last);
    else
        sift_down(heap, h->seats, place, last);
}

/* ---- all of them ---------------------------------------------------------------------------- */

struct heaps *heaps_make(uint32_t queues, uint32_t agents, const uint16_t *seats)
{
    struct heaps *h = bench_take(1, sizeof *h);

    h->queues = queues;
    h->agents = agents;
    h->heaps = bench_take(queues, sizeof h->heaps[0]);
    h->seats = bench_take((size_t)agents * HEAP_SEATS, sizeof h->seats[0]);
    for (uint32_t i = 0; i < agents * HEAP_SEATS; i++) {
        h->seats[i].queue = seats[i];
        h->heaps[seats[i]].count++;
    }
    for (uint32_t q = 0; q < queues; q++) {
        h->heaps[q].entries = bench_take(h->heaps[q].count, sizeof h->heaps[q].entries[0]);
        h->heaps[q].count = 0;
    }
    return h;
}

void heaps_free(struct heaps *h)
{
    for (uint32_t q = 0; q < h->queues; q++)
        free(h->heaps[q].entries);
    free(h->heaps);
    free(h->seats);
    free(h);
}

void heaps_enter(struct heaps *h, uint32_t agent, uint64_t key)
{
    for (uint32_t i = 0; i < HEAP_SEATS; i++)
        enter(h, agent * HEAP_SEATS + i, key);
}

void heaps_leave(struct heaps *h, uint32_t agent)
{
    for (uint32_t i = 0; i < HEAP_SEATS; i++)
        leave(h, agent * HEAP_SEATS + i);
}

size_t heaps_replay(struct heaps *h, const struct heap_move *moves, size_t count)
{
    size_t unlike = 0;

    for (size_t i = 0; i < count; i++) {
        const struct heap_move *move = &moves[i];

        uint32_t first = h->heaps[move->queue].entries[0].item / HEAP_SEATS;

        unlike += first != move->taken;
        heaps_leave(h, first);
        heaps_enter(h, move->freed, move->freed_key);
    }
    return unlike;
}

bool heaps_check(const struct heaps *h)
{
    for (uint32_t q = 0; q < h->queues; q++) {
        const struct heap *heap = &h->heaps[q];

        for (uint32_t i = 0; i < heap->count; i++) {
            const struct entry *entry = &heap->entries[i];

            if (h->seats[entry->item].place != i || h->seats[entry->item].queue != q)
                return false;
            if (i > 0 && heap->entries[(i - 1) / ARITY].key >= entry->key)
                return false;
        }
    }
    return true;
}
