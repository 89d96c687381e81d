/* Restart and size: bench_restart [--quick]
 *
 * Measured: acdd keeping a centre of 1,000,000 agents in 10,000 queues, three each, with 1,000,000
 * live calls, half of them talking, half waiting (bench/restart/fill.h); a tenth of all that with
 * --quick.
 *
 *     seconds to serve again    from the start of the process to the first answer, after a clean
 *                               stop, and after kill -9 in the midst of the last calls
 *     bytes in memory           an agent with its three memberships, a call with its share of
 *                               assignments: of the daemon's own memory after a restart, so of both
 *                               its engines, live one and follower. It is what is more than without
 *                               agents, and with agents more than without calls; room is limited to
 *                               what is there
 *     bytes on the disk         the same of tables.mdb; the journal grows with time and not with
 *                               these, so it is told of the whole, with the image in the directory
 *
 * Not included: memory that it shares, like the ring's 128 MiB; files mapped. The files are in the
 * page cache when acdd starts again, as they are unless the machine went down too.
 *
 * The directory is in TMPDIR, or else in the build. */

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/ipc/ours.h"
#include "bench/ipc/servers.h"
#include "bench/restart/fill.h"

static const double MIB = 1 << 20;

enum { FLAGS = 12, FLAG = 64 };

struct plan {
    uint32_t agents, queues, calls;
    int restarts;
};

static const struct plan FULL = {1000000, 10000, 1000000, 3};
static const struct plan QUICK = {100000, 1000, 100000, 3};

static struct {
    struct server server;
    char directory[640];
    char texts[FLAGS][FLAG];
    const char *flags[FLAGS];
} acdd;

/* What stands in the daemon's memory and on the disk. */
struct size {
    double memory, tables, directory;
};

/* ---- acdd ----------------------------------------------------------------------------------- */

static void flag(int *n, const char *name, uint32_t value)
{
    (void)snprintf(acdd.texts[*n], FLAG, "--limit=%s=%" PRIu32, name, value);
    acdd.flags[*n] = acdd.texts[*n];
    ++*n;
}

static void flags_set(uint32_t agents, uint32_t queues, uint32_t calls)
{
    int n = 2;

    acdd.flags[0] = "--directory";
    acdd.flags[1] = acdd.directory;
    flag(&n, "agents", agents);
    flag(&n, "queues", queues);
    flag(&n, "memberships", 3 * agents);
    flag(&n, "calls", calls);
    flag(&n, "ended_calls", calls);
    flag(&n, "assignments", agents);
    acdd.flags[n] = NULL;
}

/* Starts it again and connects; returns the seconds until it has answered. */
static double start(struct acd_client **c)
{
    uint64_t began = bench_now_ns();

    server_start(&acdd.server, acdd.flags);
    server_await(&acdd.server);
    *c = ours_connect(acdd.server.path, "bench");
    return (double)(bench_now_ns() - began) / 1e9;
}

static void stop(struct acd_client *c)
{
    acd_client_close(c);
    server_stop(&acdd.server);
}

static double file_bytes(const char *name)
{
    char path[1024];
    struct stat st;

    (void)snprintf(path, sizeof path, "%s/%s", acdd.directory, name);
    if (stat(path, &st) != 0)
        bench_give_up("%s: %s", path, strerror(errno));
    return (double)st.st_blocks * 512;
}

static double directory_bytes(void)
{
    DIR *directory = opendir(acdd.directory);
    double bytes = 0;

    if (directory == NULL)
        bench_give_up("%s: %s", acdd.directory, strerror(errno));
    for (const struct dirent *d; (d = readdir(directory)) != NULL;)
        if (d->d_name[0] != '.')
            bytes += file_bytes(d->d_name);
    (void)closedir(directory);
    return bytes;
}

static struct size size_now(void)
{
    return (struct size){server_memory(&acdd.server), file_bytes("tables.mdb"), directory_bytes()};
}

static void on_totals(void *ctx, int error, const struct acd_view *view)
{
    struct acd_view_totals *totals = ctx;

    if (error == ACD_OK && view->code == ACD_VIEW_totals)
        *totals = view->as.totals;
}

/* A restart that forgot something would be quick. */
static void check(struct acd_client *c, const struct plan *plan, uint32_t talking, uint32_t calls)
{
    struct acd_query query = {.code = ACD_QUERY_get_totals};
    struct acd_view_totals t = {.day = 0};

    if (acd_client_query(c, &query, on_totals, &t) != ACD_OK)
        bench_give_up("%s", acd_client_error_text(c));
    if (t.agents != plan->agents || t.queues != plan->queues || t.connected != talking ||
        t.queued != calls - talking)
        bench_give_up("after the restart it is not the centre that it was");
}

/* ---- measuring ------------------------------------------------------------------------------ */

/* What is there without agents and calls. */
static struct size measure_empty(void)
{
    struct acd_client *c;
    struct size size;

    flags_set(1, 1, 1);
    server_acdd(&acdd.server, "acd", acdd.flags);
    server_await(&acdd.server);
    c = ours_connect(acdd.server.path, "bench");
    stop(c);
    (void)start(&c);
    size = size_now();
    stop(c);
    return size;
}

static struct size measure_agents(const struct plan *plan, double *seconds)
{
    struct acd_client *c;
    struct size size;

    flags_set(plan->agents, plan->queues, 1);
    (void)start(&c);
    fill_agents(c, plan->agents, plan->queues);
    stop(c);
    *seconds = start(&c);
    check(c, plan, 0, 0);
    size = size_now();
    stop(c);
    return size;
}

static struct size measure_calls(const struct plan *plan, double *killed,
                                 struct bench_series *clean, uint32_t *talking)
{
    struct acd_client *c;
    struct size size;

    flags_set(plan->agents, plan->queues, plan->calls);
    (void)start(&c);
    *talking = fill_calls(c, plan->calls, plan->queues);
    server_kill(&acdd.server);
    acd_client_close(c);
    *killed = start(&c);
    check(c, plan, *talking, plan->calls);
    for (int i = 0; i < plan->restarts; i++) {
        stop(c);
        bench_add(clean, start(&c));
        check(c, plan, *talking, plan->calls);
    }
    size = size_now();
    stop(c);
    return size;
}

/* ---- telling -------------------------------------------------------------------------------- */

static void tell_size(const char *what, const struct size *with, const struct size *without,
                      uint32_t count)
{
    printf("%-44s %12.0f %12.0f\n", what, (with->memory - without->memory) / count,
           (with->tables - without->tables) / count);
}

static void compare(const struct plan *plan)
{
    struct bench_series clean = {.count = 0};
    double killed, agents_seconds;
    uint32_t talking;
    struct size empty, agents, calls;

    (void)snprintf(acdd.directory, sizeof acdd.directory, "%s/data", bench_directory());
    servers_open();
    empty = measure_empty();
    agents = measure_agents(plan, &agents_seconds);
    calls = measure_calls(plan, &killed, &clean, &talking);
    printf("%" PRIu32 " agents, %" PRIu32 " queues, %" PRIu32 " calls, %" PRIu32 " of them talk\n",
           plan->agents, plan->queues, plan->calls, talking);
    printf(
        "to serve again after a clean stop: agents alone %.2f s, with calls %.2f s; after kill -9 "
        "%.2f s\n",
        agents_seconds, bench_median(&clean), killed);
    printf("%-44s %12s %12s\n", "bytes", "memory", "tables");
    tell_size("an agent in three queues", &agents, &empty, plan->agents);
    tell_size("a call", &calls, &agents, plan->calls);
    printf("the whole: %.0f MiB in memory, %.0f MiB in the directory with journal and image\n",
           calls.memory / MIB, calls.directory / MIB);
    bench_result("restart_clean_s", bench_median(&clean));
    bench_result("restart_killed_s", killed);
    bench_result("memory_bytes_an_agent", (agents.memory - empty.memory) / plan->agents);
    bench_result("memory_bytes_a_call", (calls.memory - agents.memory) / plan->calls);
    bench_result("disk_bytes_an_agent", (agents.tables - empty.tables) / plan->agents);
    bench_result("disk_bytes_a_call", (calls.tables - agents.tables) / plan->calls);
    bench_print_results();
}

int main(int argc, char **argv)
{
    bool quick = argc == 2 && strcmp(argv[1], "--quick") == 0;

    if (argc > 1 && !quick) {
        (void)fputs("usage: bench_restart [--quick]\n", stderr);
        return 2;
    }
    compare(quick ? &QUICK : &FULL);
    return 0;
}
