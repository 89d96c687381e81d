#ifndef ACD_BENCH_BASELINE_HEAP_H
#define ACD_BENCH_BASELINE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The floor that the engine is measured against: a bare indexed 4-ary heap a queue and nothing else
 * - no names, calls, events, checks of arguments or assertions. It shares no source with engine/.
 *
 * The keys (last_status_change, unlike in this bench) stand in the entries beside their items, 16
 * bytes each, so that sifting compares within the array; the place of each item stands in an array
 * of its own, so that one is removed from the middle without a search. The lowest of four children
 * is found without a branch on the keys. */

enum { HEAP_SEATS = 3 }; /* queues an agent is a member of */

/* An agent enters or leaves its queues' heaps: what one cycle of the engine comes to. */
struct heap_move {
    uint64_t freed_key;    /* under which the freed agent enters its queues' heaps */
    uint32_t taken, freed; /* agents */
    uint32_t queue;        /* in whose heap the taken agent was the first */
};

struct heaps;

/* Heaps for `queues` queues and `agents` agents, agent i being a member of the HEAP_SEATS queues
 * from seats[i * HEAP_SEATS] on. All are empty. */
struct heaps *heaps_make(uint32_t queues, uint32_t agents, const uint16_t *seats);
void heaps_free(struct heaps *h);

/* Puts an agent into its queues' heaps. */
void heaps_enter(struct heaps *h, uint32_t agent, uint64_t key);

/* Takes it out of them again. */
void heaps_leave(struct heaps *h, uint32_t agent);

/* For each move: takes the first of the queue's heap out of its three heaps and puts `freed` into
 * its own three. Returns how often that first was not `taken`: 0, if the engine chose as the heap
 * does. */
size_t heaps_replay(struct heaps *h, const struct heap_move *moves, size_t count);

/* O(n): whether every heap is one and every place is right. */
bool heaps_check(const struct heaps *h);

#endif
