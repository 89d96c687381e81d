/* Requests over ipc with persistence: bench_journal [--quick]
 *
 * Measured: the gateway's cycle route, accept, hangup (bench/ipc/mix.h) at a centre of 10,000
 * agents in 100 queues, asked by the client library from one thread,
 *
 *     in memory    acdd without a directory
 *     async        acdd with one: a reply leaves at once
 *     sync         a reply leaves when it is durable
 *
 * and beside sync plain LMDB (bench/journal/plain.h), which writes the batches that the daemon's
 * journal got in that very slice once more, in as many transactions with full sync: what the disk
 * itself allows in that grouping.
 *
 * Rates are of 64 requests under way, for sync 256; latencies of 64 under way, and of an open loop
 * at half the rate that 64 under way reach in memory (bench/journal/paced.h).
 *
 * All daemons run their loop in real time, as who counts microseconds has it (acdd --realtime), and
 * the open loop's client does too.
 *
 * Included: all that either process does; with persistence the worker's thread, so commits,
 * follower, history and checkpoints. A slice is as long as a checkpoint's interval, so that each
 * has one; with --quick it is 450 ms, and most have none. What the worker has not done when a slice
 * ends it does in the next one of the same daemon: the others are stopped meanwhile.
 *
 * Not included: making the centre; the first tenth of each slice.
 *
 * Slices are interleaved, in the opposite order every other round; a ratio is of two slices of one
 * round, their median is what is shown. Client and daemon's loop have a processor each, as in
 * bench ipc; the worker has none of its own. The directories are in TMPDIR, or else in the build.
 *
 * bench_journal --only WHO DEPTH SECONDS [PACE] runs one of them alone, for profilers; with a pace,
 * in requests a second, in the open loop. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench/ipc/ours.h"
#include "bench/ipc/servers.h"
#include "bench/journal/paced.h"
#include "bench/journal/plain.h"

enum { MEMORY, ASYNC, SYNC, SIDES };
enum { DEPTH = 64, SYNC_DEPTH = 256, TRIES = 5 };

struct plan {
    int rounds;
    uint32_t slice_ms, sync_ms;
};

static const struct plan FULL = {BENCH_PAIRS_MIN, 5000, 2000};
static const struct plan QUICK = {BENCH_PAIRS_MIN, 450, 300};

/* A daemon and its client. */
static struct side {
    const char *name, *file;
    struct server server;
    char directory[640];
    struct acd_client *client;
    struct mix mix;
} sides[SIDES] = {
    [MEMORY] = {.name = "in memory", .file = "memory"},
    [ASYNC] = {.name = "async", .file = "async"},
    [SYNC] = {.name = "sync", .file = "sync"},
};

/* What was measured of a side in each slice. */
struct cell {
    struct bench_series rate, cpu_us, p50, p99, waited, stolen;
};

static struct {
    struct cell loop[SIDES]; /* closed: 64 under way, sync 256 */
    struct cell paced[2];
    struct bench_series plain_rate, group, group_bytes;
    double pace;
    uint64_t disk_pauses;
} seen;

/* ---- opening -------------------------------------------------------------------------------- */

static void side_start(struct side *s, const char *directory)
{
    static const char *const memory[] = {"--realtime", NULL};
    const char *kept[] = {"--realtime", "--directory", s->directory, "--durability", s->file, NULL};

    (void)snprintf(s->directory, sizeof s->directory, "%s/%s", directory, s->file);
    server_acdd(&s->server, s->file, s == &sides[MEMORY] ? memory : kept);
}

static void side_open(struct side *s)
{
    s->client = ours_connect(s->server.path, "bench");
    mix_centre(s->client);
    mix_open(&s->mix, s->client, 'a');
    place(getpid(), PLACE_FIRST);
    place(s->server.pid, PLACE_SECOND);
    server_sleep(&s->server);
}

/* From one side to another. */
static void open_sides(int first, int last)
{
    const char *directory = bench_directory();

    servers_open();
    for (int i = first; i <= last; i++)
        side_start(&sides[i], directory);
    for (int i = first; i <= last; i++)
        side_open(&sides[i]);
}

static void close_sides(int first, int last)
{
    for (int i = first; i <= last; i++)
        acd_client_close(sides[i].client);
}

static void on_server(void *ctx, int error, const struct acd_view *view)
{
    struct acd_view_server *server = ctx;

    if (error == ACD_OK && view->code == ACD_VIEW_server)
        *server = view->as.server;
}

static struct acd_view_server server_of(struct side *s)
{
    struct acd_query query = {.code = ACD_QUERY_get_server};
    struct acd_view_server view = {.epoch = 0};

    if (acd_client_query(s->client, &query, on_server, &view) != ACD_OK)
        bench_give_up("%s", acd_client_error_text(s->client));
    return view;
}

/* ---- measuring ------------------------------------------------------------------------------ */

/* In a closed loop or, with a pace, in an open one. A slice in which the machine did something else
 * altogether is measured anew. */
static void load_run(struct side *s, struct load *load, struct load_latencies *latencies,
                     uint32_t depth, double pace, uint32_t ms)
{
    for (int tries = 0; tries < TRIES; tries++) {
        *latencies = (struct load_latencies){.count = 0};
        load_begin(load, depth, ms, latencies);
        if (pace > 0)
            paced_run(s->client, &s->mix, load, pace);
        else
            ours_run(s->client, &s->mix, load);
        if (load->counted > 0)
            return;
    }
    bench_give_up("%s: no answer in %d slices", s->name, (int)TRIES);
}

static uint64_t waited_by_both(const struct side *s)
{
    return waited_ns(getpid()) + waited_ns(s->server.pid);
}

static void slice(struct side *s, struct cell *cell, uint32_t depth, double pace, uint32_t ms)
{
    static struct load_latencies latencies;
    struct load load;
    uint64_t cpu, waited, stolen, began;
    double took;

    server_wake(&s->server);
    cpu = server_cpu_ns(&s->server);
    waited = waited_by_both(s);
    stolen = stolen_ns();
    began = bench_now_ns();
    load_run(s, &load, &latencies, depth, pace, ms);
    took = (double)(bench_now_ns() - began);
    stolen = stolen_ns() - stolen;
    waited = waited_by_both(s) - waited;
    cpu = server_cpu_ns(&s->server) - cpu;
    bench_add(&cell->rate, load_rate(&load));
    bench_add(&cell->cpu_us, (double)cpu / 1000 / (double)load.answered);
    bench_add(&cell->p50, load_latency_us(&latencies, 0.5));
    bench_add(&cell->p99, load_latency_us(&latencies, 0.99));
    bench_add(&cell->waited, 100.0 * (double)waited / took);
    bench_add(&cell->stolen, 100.0 * (double)stolen / took);
}

static void pair(int round, struct cell *cells, double pace, uint32_t ms)
{
    for (int i = 0; i < 2; i++) {
        int which = (round + i) % 2 == 0 ? MEMORY : ASYNC;

        slice(&sides[which], &cells[which], DEPTH, pace, ms);
        server_sleep(&sides[which].server);
    }
}

/* Sync, and the same batches by plain LMDB. */
static void sync_pair(struct plain *plain, uint32_t ms)
{
    struct side *s = &sides[SYNC];
    struct acd_view_server before, after;
    size_t bytes, commits;
    double requests, ns;

    server_wake(&s->server);
    plain_gather(plain, &bytes);
    before = server_of(s);
    slice(s, &seen.loop[SYNC], SYNC_DEPTH, 0, ms);
    after = server_of(s);
    plain_gather(plain, &bytes);
    server_sleep(&s->server);
    requests = (double)(after.requests - before.requests - 1); /* the last one asked for this */
    commits = after.commits - before.commits;
    ns = (double)plain_write(plain, commits);
    bench_add(&seen.plain_rate, requests * 1e9 / ns);
    bench_add(&seen.group, requests / (double)commits);
    bench_add(&seen.group_bytes, (double)bytes / (double)commits);
}

static void measure_all(const struct plan *plan)
{
    struct plain *plain = plain_open(sides[SYNC].directory);

    for (int round = 0; round < plan->rounds; round++)
        pair(round, seen.loop, 0, plan->slice_ms);
    seen.pace = bench_median(&seen.loop[MEMORY].rate) / 2;
    for (int round = 0; round < plan->rounds; round++)
        pair(round, seen.paced, seen.pace, plan->slice_ms);
    for (int round = 0; round < plan->rounds; round++)
        sync_pair(plain, plan->sync_ms);
    plain_close(plain);
    server_wake(&sides[ASYNC].server);
    seen.disk_pauses = server_of(&sides[ASYNC]).disk_pauses;
}

/* ---- telling -------------------------------------------------------------------------------- */

static struct bench_series ratio(const struct bench_series *a, const struct bench_series *b)
{
    struct bench_series s = {.count = 0};

    for (size_t i = 0; i < a->count; i++)
        bench_add(&s, a->values[i] / b->values[i]);
    return s;
}

static double print_ratio(const char *what, const struct bench_series *a,
                          const struct bench_series *b)
{
    struct bench_series s = ratio(a, b);

    bench_print_series(what, &s);
    return bench_median(&s);
}

/* What of the time the machine was not the bench's. */
static void tell_lost(const struct cell *c)
{
    bench_print_head("\nwaiting for a processor that others had", "% of the time");
    bench_print_series("in memory", &c[MEMORY].waited);
    bench_print_series("async", &c[ASYNC].waited);
    bench_print_head("\nprocessors that the hypervisor gave to others", "% of one");
    bench_print_series("in memory", &c[MEMORY].stolen);
    bench_print_series("async", &c[ASYNC].stolen);
}

static double tell_async(void)
{
    const struct cell *c = seen.loop;
    double keep;

    bench_print_head("64 under way", "requests/s");
    bench_print_series("in memory", &c[MEMORY].rate);
    bench_print_series("async", &c[ASYNC].rate);
    keep = print_ratio("async / in memory", &c[ASYNC].rate, &c[MEMORY].rate);
    bench_print_head("\nCPU time of the daemon a request", "us");
    bench_print_series("in memory", &c[MEMORY].cpu_us);
    bench_print_series("async", &c[ASYNC].cpu_us);
    printf("times that async's disk was behind, so that requests were not read: %" PRIu64 "\n",
           seen.disk_pauses);
    tell_lost(c);
    return keep;
}

static double tell_sync(void)
{
    const struct cell *c = &seen.loop[SYNC];

    bench_print_head("\n256 under way", "requests/s");
    bench_print_series("sync", &c->rate);
    bench_print_series("plain LMDB, the same groups", &seen.plain_rate);
    bench_print_series("requests a commit", &seen.group);
    bench_print_series("bytes a commit", &seen.group_bytes);
    bench_print_series("sync: p50 us", &c->p50);
    bench_print_series("sync: p99 us", &c->p99);
    return print_ratio("sync / plain LMDB", &c->rate, &seen.plain_rate);
}

static double tell_paced(void)
{
    const struct cell *c = seen.paced;
    char title[64];
    double times;

    (void)snprintf(title, sizeof title, "\nopen loop, %.0f requests/s", seen.pace);
    bench_print_head(title, "us");
    bench_print_series("in memory: p50", &c[MEMORY].p50);
    bench_print_series("async: p50", &c[ASYNC].p50);
    bench_print_series("in memory: p99", &c[MEMORY].p99);
    bench_print_series("async: p99", &c[ASYNC].p99);
    times = print_ratio("async / in memory, p99", &c[ASYNC].p99, &c[MEMORY].p99);
    tell_lost(c);
    return times;
}

static void tell(void)
{
    double keep = tell_async(), sync = tell_sync(), p99 = tell_paced();

    printf("\n");
    bench_must_reach("journal_async_keep", keep, 0.7);
    bench_must_reach("journal_sync_vs_lmdb", sync, 0.5);
    bench_must_not_exceed("journal_p99_vs_none", p99, 2);
    bench_result("journal_none_requests_per_s_d64", bench_median(&seen.loop[MEMORY].rate));
    bench_result("journal_async_requests_per_s_d64", bench_median(&seen.loop[ASYNC].rate));
    bench_result("journal_sync_requests_per_s_d256", bench_median(&seen.loop[SYNC].rate));
    bench_result("journal_sync_group", bench_median(&seen.group));
    bench_result("journal_async_cpu_us", bench_median(&seen.loop[ASYNC].cpu_us));
    bench_result("journal_p99_us", bench_median(&seen.paced[ASYNC].p99));
    bench_print_results();
}

static int compare(const struct plan *plan)
{
    open_sides(MEMORY, SYNC);
    measure_all(plan);
    close_sides(MEMORY, SYNC);
    tell();
    return 0;
}

static int run_only(const char *who, const char *depth, const char *seconds, const char *pace)
{
    const double requests_per_s = pace == NULL ? 0 : bench_number(pace, 100000000);

    for (int i = 0; i < SIDES; i++) {
        uint32_t lanes = bench_number(depth, LOAD_LANES_MAX);
        struct cell *cell = &seen.loop[i];

        if (strcmp(who, sides[i].file) != 0)
            continue;
        open_sides(i, i);
        slice(&sides[i], cell, lanes, requests_per_s, 1000 * bench_number(seconds, 3600));
        printf("%s: %.0f requests/s, p50 %.1f us, p99 %.1f us, daemon's CPU %.2f us a request\n",
               who, bench_median(&cell->rate), bench_median(&cell->p50), bench_median(&cell->p99),
               bench_median(&cell->cpu_us));
        close_sides(i, i);
        return 0;
    }
    bench_give_up("%s: not memory, async or sync", who);
}

int main(int argc, char **argv)
{
    (void)prctl(PR_SET_TIMERSLACK, 1); /* ticks are to be in time */
    if (argc == 1)
        return compare(&FULL);
    if (argc == 2 && strcmp(argv[1], "--quick") == 0)
        return compare(&QUICK);
    if ((argc == 5 || argc == 6) && strcmp(argv[1], "--only") == 0)
        return run_only(argv[2], argv[3], argv[4], argv[5]);
    (void)fputs("usage: bench_journal [--quick | --only WHO DEPTH SECONDS [PACE]]\n", stderr);
    return 2;
}
