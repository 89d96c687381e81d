#include "bench/ipc/load.h"

void load_begin(struct load *l, uint32_t depth, uint32_t ms, struct load_latencies *latencies)
{
    *l = (struct load){.depth = depth, .latencies = latencies};
    l->from = bench_now_ns() + (uint64_t)ms * 100000;
    l->until = l->from + (uint64_t)ms * 1000000;
}

double load_rate(const struct load *l)
{
    return (double)l->counted * 1e9 / (double)(l->until - l->from);
}

/* The middle of a bucket. */
static double bucket_ns(uint32_t bucket)
{
    uint32_t above = bucket < 2U << LOAD_FINE_BITS ? 0 : (bucket >> LOAD_FINE_BITS) - 1;
    uint64_t low = (uint64_t)(bucket - (above << LOAD_FINE_BITS)) << above;

    return (double)low + (double)(UINT64_C(1) << above) / 2;
}

double load_latency_us(const struct load_latencies *l, double q)
{
    uint64_t place = (uint64_t)(q * (double)l->count), passed = 0;

    for (uint32_t i = 0; i < LOAD_BUCKETS; i++) {
        passed += l->buckets[i];
        if (passed > place)
            return bucket_ns(i) / 1000;
    }
    return 0;
}
