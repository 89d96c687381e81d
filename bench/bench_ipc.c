/* Requests over ipc: bench_ipc [--quick]
 *
 * Measured: requests a second, latency and CPU time of the server, at 1, 64 and 256 requests under
 * way, of the gateway's cycle route, accept, hangup (bench/ipc/mix.h) at a centre of 10,000 agents
 * in 100 queues, 5,000 of them talking. Each route is offered at once, every answer is checked.
 *
 *     ours         acdd, asked by the client library from one thread
 *     bare echo    the floor (bench/ipc/raw.h): a unix socket, nothing done, the bytes of our
 *                  requests and replies without their frames
 *     nng echo     stock nng at both ends (bench/ipc/stock.h), nothing done, messages as long as
 *                  acdd's
 *     nng to acdd  the same client asking acdd for the cycle
 *
 * Included: all that either process does. A latency is what the asker sees: from the request's
 * leaving its hands to the callback, with waiting in its own and the server's buffers. acdd runs
 * with its defaults, so in memory, and a publishing socket, to which nobody has connected.
 *
 * Not included: making the centre; the first tenth of each slice, in which caches and scheduler
 * find their places.
 *
 * Rounds are interleaved: all at each depth, in the opposite order every other round. A ratio is of
 * two slices of the same round, their median is what is shown.
 *
 * Client and server have a processor each, or share one: to wake the other costs much less then.
 * The scheduler does the one or the other for seconds, so unless it is told, what is compared is
 * its luck. What must be shown is that with a processor each. Nng has many threads and is not told.
 *
 * bench_ipc --only KIND DEPTH SECONDS runs one of them alone, for profilers. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/ipc/ours.h"
#include "bench/ipc/raw.h"
#include "bench/ipc/servers.h"
#include "bench/ipc/stock.h"

enum { DEPTHS = 3, KINDS = 6, TRIES = 5 };
enum { OURS, RAW, OURS_SHARED, RAW_SHARED, ECHO, STOCK };

struct plan {
    int rounds;
    uint32_t slice_ms;
};

static const struct plan FULL = {201, 20};
static const struct plan QUICK = {61, 15};

/* What was measured of one kind at one depth. */
struct cell {
    struct bench_series rate, cpu_us; /* requests a second; server's CPU time a request */
    struct bench_series waited;       /* % of a slice that the ends waited for their processors */
    struct load_latencies latencies;
};

struct depth {
    uint32_t depth;
    const char *keys[6];
    struct cell cells[KINDS];
};

static struct depth depths[DEPTHS] = {
    {.depth = 1,
     .keys = {"ipc_requests_per_s_d1", "raw_requests_per_s_d1", "nng_requests_per_s_d1",
              "nng_to_acdd_requests_per_s_d1", "ipc_p50_us_d1", "ipc_p99_us_d1"}},
    {.depth = 64,
     .keys = {"ipc_requests_per_s_d64", "raw_requests_per_s_d64", "nng_requests_per_s_d64",
              "nng_to_acdd_requests_per_s_d64", "ipc_p50_us_d64", "ipc_p99_us_d64"}},
    {.depth = 256,
     .keys = {"ipc_requests_per_s_d256", "raw_requests_per_s_d256", "nng_requests_per_s_d256",
              "nng_to_acdd_requests_per_s_d256", "ipc_p50_us_d256", "ipc_p99_us_d256"}},
};

/* Both ends of everything. */
static struct {
    struct server acdd, raw, echo;
    struct mix mix, stock_mix;
    struct mix_sizes sizes;
    struct acd_client *client;
    int raw_fd;
    struct stock *nng_echo, *nng_to_acdd;
} bench;

/* What is compared, and where it runs. */
static const struct kind {
    const char *name;
    struct server *server;
    enum place client_place, server_place;
} kinds[KINDS] = {
    [OURS] = {"ours", &bench.acdd, PLACE_FIRST, PLACE_SECOND},
    [RAW] = {"bare echo", &bench.raw, PLACE_FIRST, PLACE_SECOND},
    [OURS_SHARED] = {"ours, one processor", &bench.acdd, PLACE_FIRST, PLACE_FIRST},
    [RAW_SHARED] = {"bare echo, one processor", &bench.raw, PLACE_FIRST, PLACE_FIRST},
    [ECHO] = {"nng echo", &bench.echo, PLACE_ANY, PLACE_ANY},
    [STOCK] = {"nng to acdd", &bench.acdd, PLACE_ANY, PLACE_ANY},
};

/* ---- opening -------------------------------------------------------------------------------- */

static void open_servers(void)
{
    servers_open();
    server_fork(&bench.raw, "raw", raw_serve);
    server_fork(&bench.echo, "nng", stock_serve);
    server_acdd(&bench.acdd, "acd", NULL);
}

/* The stock client is a gateway of its own, whose calls are made by the library beforehand. */
static acd_client_id open_stock_gateway(void)
{
    struct acd_client *c = ours_connect(bench.acdd.path, "stock");
    acd_client_id id = acd_client_id_of(c);

    mix_open(&bench.stock_mix, c, 'b');
    acd_client_close(c);
    return id;
}

static void open_clients(void)
{
    acd_client_id stock;

    bench.client = ours_connect(bench.acdd.path, "bench");
    mix_centre(bench.client);
    mix_open(&bench.mix, bench.client, 'a');
    mix_measure(&bench.mix, bench.client, &bench.sizes);
    stock = open_stock_gateway();
    bench.raw_fd = raw_connect(bench.raw.path);
    bench.nng_echo = stock_connect(bench.echo.path, &bench.sizes, NULL, ACD_NOBODY);
    bench.nng_to_acdd = stock_connect(bench.acdd.path, &bench.sizes, &bench.stock_mix, stock);
}

static void close_clients(void)
{
    acd_client_close(bench.client);
    stock_close(bench.nng_echo);
    stock_close(bench.nng_to_acdd);
}

/* ---- measuring ------------------------------------------------------------------------------ */

static void run(int kind, struct load *l)
{
    switch (kind) {
    case OURS:
    case OURS_SHARED: ours_run(bench.client, &bench.mix, l); break;
    case RAW:
    case RAW_SHARED: raw_run(bench.raw_fd, &bench.sizes, l); break;
    case ECHO: stock_run(bench.nng_echo, l); break;
    default: stock_run(bench.nng_to_acdd, l); break;
    }
}

/* One slice; returns the server's CPU time in nanoseconds. */
static uint64_t slice(const struct depth *d, int kind, uint32_t ms, struct load *l,
                      struct load_latencies *latencies)
{
    const struct server *server = kinds[kind].server;
    uint64_t before = server_cpu_ns(server);

    load_begin(l, d->depth, ms, latencies);
    run(kind, l);
    return server_cpu_ns(server) - before;
}

static uint64_t waited_by_both(int kind)
{
    return waited_ns(getpid()) + waited_ns(kinds[kind].server->pid);
}

/* A slice in which the machine did something else altogether is measured anew. */
static void measure(struct depth *d, int kind, uint32_t ms)
{
    struct cell *cell = &d->cells[kind];
    struct load load;
    uint64_t cpu, waited, began;
    int tries = 0;

    place(getpid(), kinds[kind].client_place);
    place(kinds[kind].server->pid, kinds[kind].server_place);
    do {
        if (tries++ == TRIES)
            bench_give_up("%s: no answer in %d slices", kinds[kind].name, (int)TRIES);
        began = bench_now_ns();
        waited = waited_by_both(kind);
        cpu = slice(d, kind, ms, &load, &cell->latencies);
    } while (load.counted == 0);
    waited = waited_by_both(kind) - waited;
    bench_add(&cell->waited, 100.0 * (double)waited / (double)(bench_now_ns() - began));
    bench_add(&cell->rate, load_rate(&load));
    bench_add(&cell->cpu_us, (double)cpu / 1000 / (double)load.answered);
}

static void measure_all(const struct plan *plan)
{
    for (int round = 0; round < plan->rounds; round++)
        for (int i = 0; i < DEPTHS; i++)
            for (int kind = 0; kind < KINDS; kind++)
                measure(&depths[i], round % 2 == 0 ? kind : KINDS - 1 - kind, plan->slice_ms);
}

/* ---- telling -------------------------------------------------------------------------------- */

static struct bench_series ratio(const struct bench_series *a, const struct bench_series *b)
{
    struct bench_series s = {.count = 0};

    for (size_t i = 0; i < a->count; i++)
        bench_add(&s, a->values[i] / b->values[i]);
    return s;
}

static void print_ratio(const char *what, const struct depth *d, int a, int b)
{
    struct bench_series s = ratio(&d->cells[a].rate, &d->cells[b].rate);

    bench_print_series(what, &s);
}

static void print_rates(const struct depth *d)
{
    char title[64];

    (void)snprintf(title, sizeof title, "\n%u under way", (unsigned)d->depth);
    bench_print_head(title, "requests/s");
    for (int kind = 0; kind < KINDS; kind++)
        bench_print_series(kinds[kind].name, &d->cells[kind].rate);
    print_ratio("ours / bare echo", d, OURS, RAW);
    print_ratio("ours / bare echo, one processor", d, OURS_SHARED, RAW_SHARED);
    print_ratio("ours / nng echo", d, OURS, ECHO);
}

static void print_latencies(void)
{
    printf("\n%-30s %8s %8s %8s %8s   %s\n", "", "p50", "p99", "p99.9", "", "server's CPU");
    for (int i = 0; i < DEPTHS; i++)
        for (int kind = 0; kind < KINDS; kind++) {
            const struct cell *cell = &depths[i].cells[kind];
            const struct load_latencies *l = &cell->latencies;

            printf("%3u %-26s %8.1f %8.1f %8.1f %8s   %6.2f us a request\n",
                   (unsigned)depths[i].depth, kinds[kind].name, load_latency_us(l, 0.5),
                   load_latency_us(l, 0.99), load_latency_us(l, 0.999), "us",
                   bench_median(&cell->cpu_us));
        }
}

/* How far to trust the ratios: with a processor each nobody waits, unless others work here too. */
static void print_disturbance(const struct depth *d)
{
    bench_print_head("\nwaiting for a processor that others had", "% of the time");
    bench_print_series("ours", &d->cells[OURS].waited);
    bench_print_series("bare echo", &d->cells[RAW].waited);
}

static void print_cpu(const struct depth *d)
{
    struct bench_series s = ratio(&d->cells[STOCK].cpu_us, &d->cells[ECHO].cpu_us);

    bench_print_head("\nserver's CPU time a request, 64 under way", "us");
    bench_print_series("nng echo", &d->cells[ECHO].cpu_us);
    bench_print_series("nng to acdd", &d->cells[STOCK].cpu_us);
    bench_print_series("nng to acdd / nng echo of each round", &s);
    printf("\n");
    bench_must_not_exceed("ipc_server_cpu_vs_nng", bench_median(&s), 0.6);
}

static double ratio_median(const struct depth *d, int a, int b)
{
    struct bench_series s = ratio(&d->cells[a].rate, &d->cells[b].rate);

    return bench_median(&s);
}

static void tell(void)
{
    for (int i = 0; i < DEPTHS; i++)
        print_rates(&depths[i]);
    print_latencies();
    print_disturbance(&depths[1]);
    print_cpu(&depths[1]);
    bench_must_reach("ipc_vs_raw_d1", ratio_median(&depths[0], OURS, RAW), 0.9);
    bench_must_reach("ipc_vs_raw_d64", ratio_median(&depths[1], OURS, RAW), 0.6);
    bench_result("ipc_vs_raw_d256", ratio_median(&depths[2], OURS, RAW));
    bench_result("ipc_vs_raw_d1_one_processor", ratio_median(&depths[0], OURS_SHARED, RAW_SHARED));
    bench_result("ipc_vs_raw_d64_one_processor", ratio_median(&depths[1], OURS_SHARED, RAW_SHARED));
    for (int i = 0; i < DEPTHS; i++) {
        const struct cell *cells = depths[i].cells;
        const char *const *keys = depths[i].keys;

        bench_result(keys[0], bench_median(&cells[OURS].rate));
        bench_result(keys[1], bench_median(&cells[RAW].rate));
        bench_result(keys[2], bench_median(&cells[ECHO].rate));
        bench_result(keys[3], bench_median(&cells[STOCK].rate));
        bench_result(keys[4], load_latency_us(&cells[OURS].latencies, 0.5));
        bench_result(keys[5], load_latency_us(&cells[OURS].latencies, 0.99));
    }
    bench_print_results();
}

static int compare(const struct plan *plan)
{
    open_servers();
    open_clients();
    measure_all(plan);
    close_clients();
    tell();
    return 0;
}

static int kind_of(const char *name)
{
    for (int kind = 0; kind < KINDS; kind++)
        if (strcmp(name, kinds[kind].name) == 0)
            return kind;
    bench_give_up("%s: not one of those in the table", name);
}

static int run_only(const char *kind, const char *lanes, const char *seconds)
{
    static struct depth d;
    int k = kind_of(kind);

    d.depth = bench_number(lanes, LOAD_LANES_MAX);
    open_servers();
    open_clients();
    measure(&d, k, 1000 * bench_number(seconds, 3600));
    close_clients();
    printf("%s, %u under way: %.0f requests/s, p50 %.1f us, server's CPU %.2f us a request\n", kind,
           (unsigned)d.depth, bench_median(&d.cells[k].rate),
           load_latency_us(&d.cells[k].latencies, 0.5), bench_median(&d.cells[k].cpu_us));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return compare(&FULL);
    if (argc == 2 && strcmp(argv[1], "--quick") == 0)
        return compare(&QUICK);
    if (argc == 5 && strcmp(argv[1], "--only") == 0)
        return run_only(argv[2], argv[3], argv[4]);
    (void)fputs("usage: bench_ipc [--quick | --only KIND DEPTH SECONDS]\n", stderr);
    return 2;
}
