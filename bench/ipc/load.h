#ifndef ACD_BENCH_IPC_LOAD_H
#define ACD_BENCH_IPC_LOAD_H

#include "bench/harness.h"

/* One slice of a bench of requests: `depth` lanes, each with one request unanswered at any time,
 * until the time is over. Whatever the transport, its client calls load_sent() as a lane's first
 * request leaves its hands and load_answered() as an answer comes, and does no other measuring: one
 * read of the clock a request, which ends one and begins the next. */

enum {
    LOAD_LANES_MAX = 256,
    LOAD_FINE_BITS = 5, /* a latency is kept to one part in 32 */
    LOAD_BUCKETS = 64 << LOAD_FINE_BITS,
};

/* Latencies of any number of requests, in nanoseconds. */
struct load_latencies {
    uint64_t buckets[LOAD_BUCKETS];
    uint64_t count;
};

struct load {
    uint32_t depth;
    uint64_t from, until; /* what is answered in between counts; before it, all warms up */
    uint64_t counted;
    uint64_t answered; /* before, in between and after */
    uint64_t sent_at[LOAD_LANES_MAX];
    struct load_latencies *latencies;
};

/* Begins a slice of `ms` milliseconds now, and a tenth more before them. */
void load_begin(struct load *l, uint32_t depth, uint32_t ms, struct load_latencies *latencies);

/* Requests a second. */
double load_rate(const struct load *l);

/* The latency at q (0 to 1), in microseconds. */
double load_latency_us(const struct load_latencies *l, double q);

static inline uint32_t load_bucket(uint64_t ns)
{
    int above;

    if (ns < 1U << LOAD_FINE_BITS)
        return (uint32_t)ns;
    above = 63 - __builtin_clzll(ns) - LOAD_FINE_BITS; /* bits that are not kept */
    return ((uint32_t)above << LOAD_FINE_BITS) + (uint32_t)(ns >> above);
}

static inline void load_sent(struct load *l, uint32_t lane)
{
    l->sent_at[lane] = bench_now_ns();
}

/* Notes an answer. True: the lane's next request is to be sent, which counts as sent now. */
static inline bool load_answered(struct load *l, uint32_t lane)
{
    uint64_t now = bench_now_ns();

    l->answered++;
    if (now >= l->from && now < l->until) {
        l->counted++;
        l->latencies->count++;
        l->latencies->buckets[load_bucket(now - l->sent_at[lane])]++;
    }
    l->sent_at[lane] = now;
    return now < l->until;
}

#endif
