#include "bench/harness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t read_clock(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t bench_now_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t bench_cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

double bench_clock_cost_ns(void)
{
    enum { ROUNDS = 101, READS = 1000 };
    struct bench_series s = {.count = 0};

    for (int i = 0; i < ROUNDS; i++) {
        uint64_t start = bench_now_ns(), end = start;

        for (int n = 0; n < READS; n++)
            end = bench_now_ns();
        bench_add(&s, (double)(end - start) / READS);
    }
    return bench_median(&s);
}

void bench_give_up(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)fflush(stdout);
    (void)fputs("bench: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
    exit(1);
}

uint32_t bench_number(const char *text, uint32_t max)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || value == 0 || value > max)
        bench_give_up("%s: not a number from 1 to %u", text, (unsigned)max);
    return (uint32_t)value;
}

void *bench_take(size_t count, size_t size)
{
    void *memory = calloc(count == 0 ? 1 : count, size);

    if (memory == NULL)
        bench_give_up("out of memory for %zu times %zu bytes", count, size);
    return memory;
}

/* ---- figures -------------------------------------------------------------------------------- */

void bench_add(struct bench_series *s, double value)
{
    if (s->count == BENCH_SERIES_MAX)
        bench_give_up("more than %d rounds", (int)BENCH_SERIES_MAX);
    s->values[s->count++] = value;
}

static int compare_doubles(const void *a, const void *b)
{
    double x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static int compare_samples(const void *a, const void *b)
{
    uint32_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

double bench_quantile(const struct bench_series *s, double q)
{
    double sorted[BENCH_SERIES_MAX], place, above;
    size_t at;

    if (s->count == 0)
        return 0;
    memcpy(sorted, s->values, s->count * sizeof sorted[0]);
    qsort(sorted, s->count, sizeof sorted[0], compare_doubles);
    place = q * (double)(s->count - 1);
    at = (size_t)place;
    if (at + 1 >= s->count)
        return sorted[s->count - 1];
    above = place - (double)at;
    return sorted[at] * (1 - above) + sorted[at + 1] * above;
}

uint32_t bench_percentile(uint32_t *samples, size_t count, double q)
{
    if (count == 0)
        return 0;
    qsort(samples, count, sizeof samples[0], compare_samples);
    return samples[(size_t)(q * (double)(count - 1))];
}

/* ---- printing ------------------------------------------------------------------------------- */

void bench_print_head(const char *title, const char *unit)
{
    printf("%-44s %10s %10s %10s %10s %10s  %s\n", title, "median", "25 %", "75 %", "min", "max",
           unit);
}

void bench_print_series(const char *what, const struct bench_series *s)
{
    double median = bench_median(s);
    int digits = median < 10 ? 3 : median < 1000 ? 1 : 0;

    printf("%-44s %10.*f %10.*f %10.*f %10.*f %10.*f\n", what, digits, median, digits,
           bench_quantile(s, 0.25), digits, bench_quantile(s, 0.75), digits, bench_quantile(s, 0),
           digits, bench_quantile(s, 1));
}

enum { RESULTS_MAX = 64 };

static struct {
    const char *key;
    double value;
} results[RESULTS_MAX];
static size_t result_count;

void bench_result(const char *key, double value)
{
    if (result_count == RESULTS_MAX)
        bench_give_up("more than %d results", (int)RESULTS_MAX);
    results[result_count].key = key;
    results[result_count++].value = value;
}

void bench_must_not_exceed(const char *key, double value, double limit)
{
    printf("must show: %s <= %g: %.3f, %s\n", key, limit, value,
           value <= limit ? "met" : "NOT MET");
    bench_result(key, value);
}

void bench_must_reach(const char *key, double value, double limit)
{
    printf("must show: %s >= %g: %.3f, %s\n", key, limit, value,
           value >= limit ? "met" : "NOT MET");
    bench_result(key, value);
}

void bench_print_results(void)
{
    for (size_t i = 0; i < result_count; i++)
        printf("RESULT %s %.*f\n", results[i].key, results[i].value < 100 ? 3 : 0,
               results[i].value);
}
