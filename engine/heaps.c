#include "engine/heaps.h"

enum { HEAP_MIN = 4 };

/* Packed, heaps take at most twice their seats, one growing heap twice that again. */
uint32_t heaps_entries(uint32_t seats, uint32_t queues)
{
    return 4 * seats + 2 * HEAP_MIN * queues;
}

static uint32_t heaps_size_for(uint32_t seats)
{
    uint32_t size = HEAP_MIN;

    while (size < seats)
        size *= 2;
    return size;
}

static void heaps_place(struct acd_engine *e, uint32_t line, uint32_t size)
{
    struct heaps *h = &e->heaps;

    ACD_ASSERT(h->used + size <= h->size);
    order_move(&e->lines[line].ready.order, h->half[h->active] + h->used, size);
    h->used += size;
}

/* Moves every heap to the other half, each with just the room it needs. */
static void heaps_pack(struct acd_engine *e, uint32_t growing)
{
    e->heaps.active ^= 1;
    e->heaps.used = 0;
    for (uint32_t l = slots_next(&e->queue_slots, 0); l != SLOT_NONE;
         l = slots_next(&e->queue_slots, l + 1))
        heaps_place(e, l, heaps_size_for(e->lines[l].seats.count + (l == growing)));
}

void heaps_reserve(struct acd_engine *e, uint32_t line)
{
    const struct line *l = &e->lines[line];
    uint32_t size = heaps_size_for(l->seats.count + 1);

    if (size <= l->ready.order.heap_max)
        return;
    if (e->heaps.used + size <= e->heaps.size)
        heaps_place(e, line, size);
    else
        heaps_pack(e, line);
}
