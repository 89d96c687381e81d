#ifndef ACD_FETCH_H
#define ACD_FETCH_H

/* Arrays begin at multiples of it: see acd_open(). */
enum { CACHE_LINE = 64 };

/* Begins to fetch what is about to be needed. Answers and ends come in no order, so what they are
 * about is mostly in no cache, and each thing leads to the next; the sooner the first is on its way
 * the less is waited for. Changes nothing, and may be told of any address.
 *
 * (A compiler drops the call of a function that does nothing but this, for it has no effect; the
 * empty statement is one that it must not drop.) */
static inline void fetch(const void *at)
{
    __builtin_prefetch(at, 1);
    __asm__ volatile("" : : "r"(at));
}

#endif
