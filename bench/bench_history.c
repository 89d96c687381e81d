/* The history of visits, beside plain LMDB with indexes: bench_history [--quick]
 *
 * Measured: 10,000,000 queue visits (1,000,000 with --quick) of 1,000 agents in 50 queues, from
 * 100,000 callers, each with a key of its own, written in transactions of 16,384 that are on the
 * disk when they end; then the newest 50 visits of an agent, 10,000 times.
 *
 *     ours         history.mdb as the worker writes it, chains through the visits; read by
 *                  acd_history_read(), filters, checks and encoding included
 *     plain LMDB   the same records in the same transactions with an index each for key, caller,
 *                  agent and queue (bench/history/indexed.h); read by its index, and decoded
 *
 * Indexes of names without number are written all over the file, which becomes slow as it grows:
 * plain LMDB writes for a minute at most, and what it then has is what is told of it.
 *
 * Both files lie in TMPDIR, or else in the build, and are in the page cache when they are read.
 * They come one after the other: both at once would not leave room for each other. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness.h"
#include "bench/history/indexed.h"
#include "persist/acd_store.h"
#include "persist/history.h"

enum { AGENTS = 1000, QUEUES = 50, CALLERS = 100000, GROUP = 16384, NEWEST = 50, QUERIES = 10000 };

static const uint64_t MINUTE_NS = 60000000000u;

static const char *directory;

/* ---- visits ------------------------------------------------------------------------------- */

struct made {
    struct acd_view_visit v;
    char key[40], agent[16], queue[16], caller[16];
};

/* The n-th visit, the same for both. */
static void visit_make(struct made *m, uint64_t n)
{
    struct bench_random r = {n * 0x9e3779b97f4a7c15u + 1};
    uint64_t high = bench_random(&r), low = bench_random(&r);

    snprintf(m->key, sizeof m->key, "%016llx%016llx", (unsigned long long)high,
             (unsigned long long)low);
    snprintf(m->agent, sizeof m->agent, "agent%u", bench_below(&r, AGENTS));
    snprintf(m->queue, sizeof m->queue, "queue%u", bench_below(&r, QUEUES));
    snprintf(m->caller, sizeof m->caller, "+4930%05u", bench_below(&r, CALLERS));
    m->v = (struct acd_view_visit){
        .sequence = 5 * n,
        .at = (acd_time)n * ACD_SECOND,
        .key = acd_str(m->key),
        .queue_name = acd_str(m->queue),
        .agent_name = acd_str(m->agent),
        .gateway_name = acd_str("gateway"),
        .called = acd_str("+4930100"),
        .caller = acd_str(m->caller),
        .direction = ACD_INBOUND,
        .disposition = ACD_ANSWERED,
        .side = ACD_SIDE_CALLER,
        .offers = 1,
        .wait = 10 * ACD_SECOND,
        .talk = 100 * ACD_SECOND,
    };
}

/* ---- ours --------------------------------------------------------------------------------- */

static void store_make(void)
{
    struct acd_persist_options options = {
        .directory = directory, .ring_bytes = 1 << 20, .limits = {.agents = 1, .calls = 1}};
    struct acd_persist *p;
    struct acd_engine *e;

    if (acd_persist_open(&p, &e, &options) != ACD_OK)
        bench_give_up("%s", acd_persist_error(NULL));
    acd_close(e);
    if (acd_persist_close(p) != ACD_OK)
        bench_give_up("%s", acd_persist_error(NULL));
}

static void check(int error)
{
    if (error != 0)
        bench_give_up("%s", store_error());
}

static void ours_group(struct store *s, struct history *h, uint64_t first, uint64_t last)
{
    struct store_txn *t;
    struct made m;

    for (uint64_t n = first; n <= last; n++) {
        visit_make(&m, n);
        h->used += acd_record_view_visit.encode(&m.v, h->pending + h->used);
    }
    check(store_begin(s, true, &t));
    check(history_flush(h, t, 5 * last));
    check(store_commit(t));
    history_flushed(h, 5 * last);
}

/* Returns visits a second; *bytes a visit. */
static double ours_write(uint64_t visits, double *bytes)
{
    char path[640];
    struct store_options options = {.path = path,
                                    .tables = history_names,
                                    .table_count = HISTORY_COUNT,
                                    .map_bytes = (size_t)1 << 36};
    struct history h = {.used = 0};
    struct store_txn *t;
    struct store *s;
    uint32_t format;
    uint64_t began;
    double rate;

    snprintf(path, sizeof path, "%s/history.mdb", directory);
    if (!history_open(&h))
        bench_give_up("out of memory");
    check(store_open(&s, &options));
    check(store_begin(s, false, &t));
    check(format_mark_get(t, &h.mark, &format));
    store_abort(t);
    began = bench_now_ns();
    for (uint64_t n = 1; n <= visits; n += GROUP)
        ours_group(s, &h, n, n + GROUP - 1 < visits ? n + GROUP - 1 : visits);
    rate = (double)visits * 1e9 / (double)(bench_now_ns() - began);
    *bytes = (double)store_bytes_used(s) / (double)visits;
    store_close(s);
    history_close(&h);
    return rate;
}

static void ours_read(struct bench_series *us)
{
    static uint8_t page[(NEWEST + 1) * ACD_RECORD_MAX];
    struct bench_random r = {7};
    struct acd_reader *reader;

    if (acd_reader_open_directory(&reader, directory) != ACD_OK)
        bench_give_up("%s", acd_persist_error(NULL));
    for (int i = 0; i < QUERIES; i++) {
        char name[16];
        struct acd_history_query q = {.limit = NEWEST};
        uint64_t cursor = 0, began;
        int bytes;

        snprintf(name, sizeof name, "agent%u", bench_below(&r, AGENTS));
        q.agent = acd_str(name);
        began = bench_now_ns();
        bytes = acd_history_read(reader, &q, &cursor, page, sizeof page);
        if (bytes < NEWEST * 150)
            bench_give_up("%s has not %d visits", name, NEWEST);
        if (i % (QUERIES / 500) == 0)
            bench_add(us, (double)(bench_now_ns() - began) / 1000);
    }
    acd_reader_close(reader);
}

/* ---- plain LMDB --------------------------------------------------------------------------- */

/* *visits: how many at most, and then how many. */
static double theirs_write(struct indexed *x, uint64_t *visits)
{
    uint64_t began = bench_now_ns(), n;
    struct made m;

    for (n = 1; n <= *visits; n++) {
        if (n % GROUP == 1 && bench_now_ns() - began > MINUTE_NS)
            break;
        if (n % GROUP == 1)
            indexed_begin(x);
        visit_make(&m, n);
        indexed_add(x, &m.v);
        if (n % GROUP == 0 || n == *visits)
            indexed_commit(x);
    }
    *visits = n - 1;
    return (double)*visits * 1e9 / (double)(bench_now_ns() - began);
}

static void theirs_read(struct indexed *x, struct bench_series *us)
{
    struct bench_random r = {7};

    for (int i = 0; i < QUERIES; i++) {
        char name[16];
        uint64_t began;

        snprintf(name, sizeof name, "agent%u", bench_below(&r, AGENTS));
        began = bench_now_ns();
        if (indexed_newest(x, acd_str(name), NEWEST) != NEWEST)
            bench_give_up("%s has not %d visits in the index", name, NEWEST);
        if (i % (QUERIES / 500) == 0)
            bench_add(us, (double)(bench_now_ns() - began) / 1000);
    }
}

int main(int argc, char **argv)
{
    uint64_t visits = argc > 1 && strcmp(argv[1], "--quick") == 0 ? 1000000 : 10000000;
    struct bench_series us[2] = {{.count = 0}, {.count = 0}};
    uint64_t indexed_visits = visits;
    double rate[2], bytes[2];
    struct indexed *x;

    directory = bench_directory();
    store_make();
    rate[0] = ours_write(visits, &bytes[0]);
    ours_read(&us[0]);
    bench_directory_clear();
    x = indexed_open(directory);
    rate[1] = theirs_write(x, &indexed_visits);
    theirs_read(x, &us[1]);
    bytes[1] = indexed_close(x) / (double)indexed_visits;

    printf("%-12s %14s %14s %14s\n", "", "visits", "visits/s", "bytes/visit");
    printf("%-12s %14" PRIu64 " %14.0f %14.0f\n", "ours", visits, rate[0], bytes[0]);
    printf("%-12s %14" PRIu64 " %14.0f %14.0f\n", "plain LMDB", indexed_visits, rate[1], bytes[1]);
    bench_print_head("newest 50 visits of an agent", "us");
    bench_print_series("ours", &us[0]);
    bench_print_series("plain LMDB", &us[1]);
    bench_result("history_visits", (double)visits);
    bench_result("history_indexed_visits", (double)indexed_visits);
    bench_result("history_insert_rate", rate[0]);
    bench_result("history_insert_vs_indexed", rate[0] / rate[1]);
    bench_result("history_bytes_a_visit", bytes[0]);
    bench_must_not_exceed("history_newest50_us", bench_median(&us[0]), 100);
    bench_result("history_newest50_indexed_us", bench_median(&us[1]));
    bench_print_results();
    return 0;
}
