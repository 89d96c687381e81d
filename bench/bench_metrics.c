/* Figures, beside PostgreSQL: bench_metrics [--quick]
 *
 * 1,000,000 calls of 30 days, 1,000 agents, 50 queues, 1,000 calls alive. acdd has them in its
 * directory (bench/metrics/month.h); PostgreSQL 15 has as many in the founding package's tables
 * under its indexes (bench/metrics/founding.h). Both are asked over a unix socket by one client
 * that waits for each answer, in turn, with all their files in memory.
 *
 *     report        each agent's calls, times and rates over the 30 days; the same of each queue
 *     daily report  the same by agent, or queue, and day
 *     live          agents and calls by state, and each queue's waiting calls and longest wait
 *     newest        the newest 50 calls of an agent
 *     page          the newest 25 answered calls of a queue
 *
 * The CPU is what the server took for an answer: all threads of acdd; of PostgreSQL the backend,
 * without its parallel workers. Of live, newest and page it is counted twice. On one processor for
 * all who ask and answer: so none is woken from idle, which takes more than most answers do in a
 * virtual machine, and is charged to who wakes it. And anywhere, idle processors and all, as the
 * times are. Beside the first stands what nobody can do without (bench/metrics/floor.h): the
 * wake-up of a server that echoes, and of one whose loop has another thread do so; acdd answers
 * live figures by its loop, the others by a reader's thread.
 *
 * The CPU of a query that is published is of the live figures, the newest 50 and the page asked
 * equally often, on one processor (metrics_cpu_vs_pg); anywhere (metrics_cpu_woken_vs_pg) and that
 * of each stand beside it. The newest 50 alone take more than a tenth: they stand in 50 places of
 * the store, and an index that had them together would double what history writes.
 *
 * In process: live figures of an engine with 1,000 and with 1,000,000 live calls. What keeping
 * figures costs is counted by callgrind, in bench/run.
 *
 * --quick asks for reports in fewer rounds only, since PostgreSQL takes seconds for them: their
 * ratios are of RARE pairs. */

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/harness.h"
#include "bench/ipc/ours.h"
#include "bench/ipc/servers.h"
#include "bench/metrics/floor.h"
#include "bench/metrics/founding.h"
#include "bench/metrics/live.h"
#include "bench/metrics/month.h"

enum { ROUNDS = 25, ROUNDS_QUICK = BENCH_PAIRS_MIN, RARE = 5, SMALL = 40 };

static const acd_span DAY = (acd_span)86400 * ACD_SECOND;

static struct {
    struct server server;
    struct acd_client *client;
    char directory[640];
    acd_time from, to;
    unsigned views;
} acdd;

/* ---- asking acdd ---------------------------------------------------------------------------- */

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    (void)ctx;
    if (error != ACD_OK)
        bench_give_up("acdd: %s", acd_error_text(error));
    acdd.views += view->code != ACD_VIEW_page && view->code != ACD_VIEW_folded;
}

static void ask(const struct acd_query *q, unsigned expected)
{
    int error;

    acdd.views = 0;
    error = acd_client_list(acdd.client, q, on_view, NULL);
    if (error != ACD_OK)
        bench_give_up("acdd: %s", acd_client_error_text(acdd.client));
    if (acdd.views < expected)
        bench_give_up("acdd told %u of %u", acdd.views, expected);
}

static void ask_folds(bool agents, uint8_t fold, unsigned expected)
{
    struct acd_query q = {.code = ACD_QUERY_list_queue_folds};

    q.as.list_queue_folds.from = acdd.from;
    q.as.list_queue_folds.to = acdd.to;
    q.as.list_queue_folds.fold = fold;
    q.as.list_queue_folds.limit = 1000;
    if (agents) {
        q.code = ACD_QUERY_list_agent_folds;
        q.as.list_agent_folds = (struct acd_query_list_agent_folds){
            .from = acdd.from, .to = acdd.to, .fold = fold, .limit = 1000};
    }
    ask(&q, expected);
}

static void ours_agents(uint32_t n)
{
    (void)n;
    ask_folds(true, ACD_FOLD_WHOLE, MONTH_AGENTS);
}

static void ours_queues(uint32_t n)
{
    (void)n;
    ask_folds(false, ACD_FOLD_WHOLE, MONTH_QUEUES);
}

static void ours_agents_daily(uint32_t n)
{
    (void)n;
    ask_folds(true, ACD_FOLD_DAY, 29 * MONTH_AGENTS);
}

static void ours_queues_daily(uint32_t n)
{
    (void)n;
    ask_folds(false, ACD_FOLD_DAY, 29 * MONTH_QUEUES);
}

static void one(const struct acd_query *q)
{
    if (acd_client_query(acdd.client, q, on_view, NULL) != ACD_OK)
        bench_give_up("acdd: %s", acd_client_error_text(acdd.client));
}

static void on_live(void *ctx, int error, const struct acd_view *view)
{
    if (view != NULL)
        on_view(NULL, error, view);
    else
        --*(int *)ctx;
}

/* Both in one message, as a wallboard asks. */
static void ours_live(uint32_t n)
{
    const struct acd_query totals = {.code = ACD_QUERY_get_totals},
                           queues = {.code = ACD_QUERY_list_queues};
    int left = 2;

    (void)n;
    acdd.views = 0;
    if (acd_client_ask(acdd.client, &totals, on_live, &left) != ACD_OK ||
        acd_client_ask(acdd.client, &queues, on_live, &left) != ACD_OK)
        bench_give_up("acdd: %s", acd_client_error_text(acdd.client));
    while (left > 0)
        if (acd_client_wait(acdd.client, ACD_SECOND) < 0)
            bench_give_up("acdd: %s", acd_client_error_text(acdd.client));
    if (acdd.views != 1 + MONTH_QUEUES)
        bench_give_up("acdd told %u of %d", acdd.views, 1 + MONTH_QUEUES);
}

static void ours_newest(uint32_t n)
{
    char name[16];
    struct acd_query q = {.code = ACD_QUERY_list_visits, .as.list_visits.limit = 50};

    (void)snprintf(name, sizeof name, "agent%u", n % MONTH_AGENTS);
    q.as.list_visits.agent_name = acd_str(name);
    acdd.views = 0;
    one(&q);
    if (acdd.views != 50)
        bench_give_up("agent%u has %u visits", n % MONTH_AGENTS, acdd.views);
}

static void ours_page(uint32_t n)
{
    char name[16];
    struct acd_query q = {.code = ACD_QUERY_list_visits,
                          .as.list_visits = {.disposition = ACD_ANSWERED, .limit = 25}};

    (void)snprintf(name, sizeof name, "queue%u", n % MONTH_QUEUES);
    q.as.list_visits.queue_name = acd_str(name);
    one(&q);
}

/* ---- pairs ---------------------------------------------------------------------------------- */

struct pairs {
    struct bench_series ours_us, theirs_us, ratio, ours_cpu_us, theirs_cpu_us, cpu;
};

struct figure {
    const char *name;
    void (*ours)(uint32_t n), (*theirs)(uint32_t n);
    int times;             /* a round */
    struct pairs anywhere; /* processors are idle */
    struct pairs together; /* on one that is not; of those that take as long as a wake-up */
};

static void measure(const struct figure *f, struct pairs *p, uint32_t *n)
{
    uint64_t at[3], ours = server_cpu_ns(&acdd.server), theirs = founding_cpu_ns();

    at[0] = bench_now_ns();
    for (int i = 0; i < f->times; i++)
        f->ours(*n + (uint32_t)i);
    at[1] = bench_now_ns();
    for (int i = 0; i < f->times; i++)
        f->theirs(*n + (uint32_t)i);
    at[2] = bench_now_ns();
    ours = server_cpu_ns(&acdd.server) - ours;
    theirs = founding_cpu_ns() - theirs;
    *n += (uint32_t)f->times;
    bench_add(&p->ours_us, (double)(at[1] - at[0]) / f->times / 1000);
    bench_add(&p->theirs_us, (double)(at[2] - at[1]) / f->times / 1000);
    bench_add(&p->ratio, (double)(at[2] - at[1]) / (double)(at[1] - at[0]));
    bench_add(&p->ours_cpu_us, (double)ours / f->times / 1000);
    bench_add(&p->theirs_cpu_us, (double)theirs / f->times / 1000);
    bench_add(&p->cpu, (double)ours / (double)theirs);
}

static void print(const char *name, const struct bench_series *ours,
                  const struct bench_series *theirs)
{
    char text[64];

    (void)snprintf(text, sizeof text, "%s, acdd", name);
    bench_print_series(text, ours);
    (void)snprintf(text, sizeof text, "%s, PostgreSQL", name);
    bench_print_series(text, theirs);
}

static double least(const struct figure *a, const struct figure *b)
{
    double x = bench_median(&a->anywhere.ratio), y = bench_median(&b->anywhere.ratio);

    return x < y ? x : y;
}

enum { LIVE, NEWEST, PAGE, AGENTS, QUEUES, AGENTS_DAILY, QUEUES_DAILY, FIGURES };

static struct figure figures[FIGURES] = {
    [LIVE] = {.name = "live", .ours = ours_live, .theirs = founding_live, .times = SMALL},
    [NEWEST] = {.name = "newest 50",
                .ours = ours_newest,
                .theirs = founding_newest,
                .times = SMALL},
    [PAGE] = {.name = "page", .ours = ours_page, .theirs = founding_page, .times = SMALL},
    [AGENTS] = {.name = "report, agents",
                .ours = ours_agents,
                .theirs = founding_agents,
                .times = 1},
    [QUEUES] = {.name = "report, queues",
                .ours = ours_queues,
                .theirs = founding_queues,
                .times = 1},
    [AGENTS_DAILY] = {.name = "daily, agents",
                      .ours = ours_agents_daily,
                      .theirs = founding_agents_daily,
                      .times = 1},
    [QUEUES_DAILY] = {.name = "daily, queues",
                      .ours = ours_queues_daily,
                      .theirs = founding_queues_daily,
                      .times = 1},
};

/* ---- the floor ------------------------------------------------------------------------------ */

enum { BARE, HANDED_OVER, FLOORS };

static struct {
    const char *name;
    struct floor floor;
    struct bench_series cpu_us;
} floors[FLOORS] = {{.name = "bare echo"}, {.name = "bare echo by another thread"}};

static void floors_place(enum place where)
{
    for (int i = 0; i < FLOORS; i++)
        place_all(floors[i].floor.server.pid, where);
}

static void measure_floors(void)
{
    for (int i = 0; i < FLOORS; i++) {
        uint64_t began = server_cpu_ns(&floors[i].floor.server);

        for (int n = 0; n < SMALL; n++)
            floor_ask(&floors[i].floor);
        bench_add(&floors[i].cpu_us,
                  (double)(server_cpu_ns(&floors[i].floor.server) - began) / SMALL / 1000);
    }
}

/* ---- places --------------------------------------------------------------------------------- */

/* All who ask and answer. */
static void place_everybody(enum place where)
{
    place(getpid(), where);
    place(founding_pid(), where);
    place_all(acdd.server.pid, where);
    floors_place(where);
}

/* ---- telling -------------------------------------------------------------------------------- */

static const struct pairs *pairs_of(int figure, bool together)
{
    return together ? &figures[figure].together : &figures[figure].anywhere;
}

/* Of a query of the three whose answers take as long as a wake-up does, asked equally often. */
static struct bench_series cpu_of_a_query(bool together)
{
    struct bench_series s = {.count = 0};

    for (size_t i = 0; i < figures[LIVE].together.cpu.count; i++) {
        double ours = 0, theirs = 0;

        for (int k = LIVE; k <= PAGE; k++) {
            ours += pairs_of(k, together)->ours_cpu_us.values[i];
            theirs += pairs_of(k, together)->theirs_cpu_us.values[i];
        }
        bench_add(&s, ours / theirs);
    }
    return s;
}

static void print_cpu(bool together)
{
    const struct bench_series query = cpu_of_a_query(together);

    if (together)
        for (int i = 0; i < FLOORS; i++)
            bench_print_series(floors[i].name, &floors[i].cpu_us);
    for (int i = LIVE; i <= PAGE; i++)
        print(figures[i].name, &pairs_of(i, together)->ours_cpu_us,
              &pairs_of(i, together)->theirs_cpu_us);
    bench_print_head("  acdd / PostgreSQL", "");
    for (int i = LIVE; i <= PAGE; i++)
        bench_print_series(figures[i].name, &pairs_of(i, together)->cpu);
    bench_print_series("a query of the three", &query);
}

static void print_all(void)
{
    bench_print_head("an answer", "us");
    for (int i = 0; i < FIGURES; i++)
        print(figures[i].name, &figures[i].anywhere.ours_us, &figures[i].anywhere.theirs_us);
    bench_print_head("the server's CPU for it, on one processor", "us");
    print_cpu(true);
    bench_print_head("the same, where idle processors are woken", "us");
    print_cpu(false);
    bench_print_head("CPU of a report, acdd / PostgreSQL", "");
    for (int i = AGENTS; i < FIGURES; i++)
        bench_print_series(figures[i].name, &figures[i].anywhere.cpu);
}

static void results_cpu(void)
{
    static const char *const keys[] = {[LIVE] = "metrics_cpu_live_vs_pg",
                                       [NEWEST] = "metrics_cpu_newest_vs_pg",
                                       [PAGE] = "metrics_cpu_page_vs_pg"};
    const struct bench_series query = cpu_of_a_query(true), woken = cpu_of_a_query(false);

    for (int i = LIVE; i <= PAGE; i++)
        bench_result(keys[i], bench_median(&figures[i].together.cpu));
    bench_result("metrics_cpu_woken_vs_pg", bench_median(&woken));
    bench_must_not_exceed("metrics_cpu_vs_pg", bench_median(&query), 0.1);
}

static void results(double growth)
{
    double live = least(&figures[LIVE], &figures[NEWEST]);

    bench_must_reach("metrics_report_vs_pg", least(&figures[AGENTS], &figures[QUEUES]), 50);
    bench_result("metrics_daily_report_vs_pg",
                 least(&figures[AGENTS_DAILY], &figures[QUEUES_DAILY]));
    bench_must_reach("metrics_live_vs_pg", live, 1.5);
    bench_must_reach("metrics_page_vs_pg", bench_median(&figures[PAGE].anywhere.ratio), 1.5);
    results_cpu();
    bench_must_not_exceed("metrics_live_growth", growth, 1.2);
}

/* ---- both ----------------------------------------------------------------------------------- */

static void servers_start(void)
{
    static const char *flags[] = {"--directory",
                                  acdd.directory,
                                  "--limit=agents=1000",
                                  "--limit=queues=50",
                                  "--limit=calls=2000",
                                  "--limit=memberships=1000",
                                  "--limit=ended_calls=4096",
                                  NULL};
    acd_time now = (acd_time)time(NULL) * ACD_SECOND;

    acdd.to = now - now % DAY;
    acdd.from = acdd.to - 30 * DAY;
    (void)snprintf(acdd.directory, sizeof acdd.directory, "%s/acd", founding_place());
    floor_start(&floors[BARE].floor, "echo", false);
    floor_start(&floors[HANDED_OVER].floor, "echo-2", true);
    founding_start(MONTH_CALLS, MONTH_AGENTS, MONTH_QUEUES);
    month_make(acdd.directory, MONTH_CALLS, acdd.from, now);
    founding_await();
    server_acdd(&acdd.server, "metrics", flags);
    server_await(&acdd.server);
    acdd.client = ours_connect(acdd.server.path, "bench");
}

static void measure_together(uint32_t *n)
{
    place_everybody(PLACE_FIRST);
    measure_floors();
    for (int i = LIVE; i <= PAGE; i++)
        measure(&figures[i], &figures[i].together, n);
    place_everybody(PLACE_ANY);
}

static void rounds(bool quick)
{
    const int count = quick ? ROUNDS_QUICK : ROUNDS;
    uint32_t n = 0;

    for (int i = 0; i < FIGURES; i++) /* into the page cache */
        measure(&figures[i], &(struct pairs){.ratio = {.count = 0}}, &n);
    for (int round = 0; round < count; round++) {
        measure_together(&n);
        for (int i = 0; i < FIGURES; i++)
            if (i <= PAGE || !quick || round % (ROUNDS_QUICK / RARE) == 0)
                measure(&figures[i], &figures[i].anywhere, &n);
    }
}

int main(int argc, char **argv)
{
    double growth;

    servers_open();
    growth = live_growth();
    servers_start();
    rounds(argc == 2 && strcmp(argv[1], "--quick") == 0);
    print_all();
    acd_client_close(acdd.client);
    server_stop(&acdd.server);
    for (int i = 0; i < FLOORS; i++)
        floor_stop(&floors[i].floor);
    results(growth);
    bench_print_results();
    return 0;
}
