/* wallboard: bench_wallboard [--quick]: what happens in a large contact centre, on a page in a
 * browser
 *
 * acdd in memory with 48,000 agents and 50 queues, of which 400 calls a second are the load;
 * acd-web beside it; and its wallboard in a headless Chromium, with 500 agents shown. All of them
 * share the machine. Measured in the page (bench/wallboard/page): how long after the daemon's event
 * the agent's node is painted as it says, and how long after a call of one of the queues was asked
 * for that queue's row is painted with it, by the wall clock that all have; the worse of the two
 * p95 is the result. The longest task, but for those that make the page at first, is of the
 * browser's trace, which is read every so often; while it is begun or read nothing is measured.
 * The page's time is by the wall clock, so what the machine gives to others is in it; what
 * the longest tasks were made of, and how long they were on a processor, is told beside it. And how
 * much the heap has grown, collected before and after. At the end the page must be as a snapshot
 * tells. 10 minutes behind a warm-up of three, in which the browser compiles what is run
 * often;
 * --quick: 8 seconds behind 15, which says little of the heap. */

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/ipc/servers.h"
#include "bench/wallboard/calls.h"

struct lengths {
    uint32_t calls_ms; /* of calls before there is a page */
    const char *warm_up_s, *measured_s;
};

static const struct lengths whole = {60000, "180", "600"}, quick = {3000, "15", "8"};

struct figures {
    uint32_t rows; /* calls of the watched queue that its row was painted with */
    uint32_t row_ms[CALLS_WATCHED_MAX];
    double changes, p50, p95, p99, latest, longest_task, heap_before, heap_after;
    char tasks[4096]; /* of what the longest were made, in lines */
};

static struct calls calls;
static pid_t children[2]; /* acd-web, the page */

/* ---- children ------------------------------------------------------------------------------ */

static void end_children(void)
{
    for (int i = 1; i >= 0; i--)
        if (children[i] > 0) {
            kill(children[i], SIGTERM);
            waitpid(children[i], NULL, 0);
        }
}

/* Starts a program and returns what it writes to `fd`, its stdout or stderr. */
static FILE *child(pid_t *pid, char *const *words, int fd)
{
    int ends[2];

    if (pipe(ends) != 0)
        bench_give_up("pipe: %s", strerror(errno));
    (void)fflush(stdout);
    *pid = fork();
    if (*pid < 0)
        bench_give_up("fork: %s", strerror(errno));
    if (*pid == 0) {
        (void)signal(SIGINT, SIG_IGN);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(ends[1], fd);
        close(ends[0]);
        execv(words[0], words);
        _exit(127);
    }
    close(ends[1]);
    return fdopen(ends[0], "r");
}

/* What stands beside this program in the build, or in the source. */
static void beside(char *path, size_t room, const char *what)
{
    const ssize_t len = readlink("/proc/self/exe", path, room - 1);

    if (len <= 0 || (size_t)len + strlen(what) >= room)
        bench_give_up("cannot tell where this program stands");
    path[len] = '\0';
    (void)snprintf(strrchr(path, '/'), room - (size_t)(strrchr(path, '/') - path), "%s", what);
}

/* Starts acd-web, and reads its address. */
static void start_web(const char *url, char address[64])
{
    static char listen[] = "--listen=127.0.0.1:0";
    char program[4096], socket[SERVER_PATH + 32], line[512] = "", *at;
    char *words[] = {program, listen, socket, NULL};
    FILE *said;

    beside(program, sizeof program, "/../tools/acd-web");
    (void)snprintf(socket, sizeof socket, "--socket=%s", url);
    said = child(&children[0], words, STDERR_FILENO);
    if (said == NULL || fgets(line, sizeof line, said) == NULL ||
        (at = strstr(line, "http://")) == NULL)
        bench_give_up("acd-web does not serve: %s", line);
    (void)snprintf(address, 64, "%.*s", (int)strcspn(at, ","), at);
}

/* A line of pairs: the calls that the row of the watched queue was painted with, and when. 0: what
 * was painted before is not counted. */
static void read_rows(const char *line, struct figures *f)
{
    uint32_t before = 0;
    bool is_counted = false;
    char *at;

    f->rows = 0;
    for (const char *pair = line; *pair != '\0' && *pair != '\n'; pair = at) {
        const uint32_t now = (uint32_t)strtoul(pair, &at, 10);
        const double at_ms = *at == ':' ? strtod(at + 1, &at) : 0;

        if (at == pair)
            bench_give_up("no row: %s", pair);
        if (now > calls.watched)
            bench_give_up("a row tells of %" PRIu32 " calls, of %" PRIu32, now, calls.watched);
        for (uint32_t i = before; is_counted && i < now && f->rows < CALLS_WATCHED_MAX; i++) {
            const double late = at_ms - calls.watched_ms[i];

            f->row_ms[f->rows++] = late > 0 ? (uint32_t)ceil(late) : 0;
        }
        is_counted = now > 0;
        before = now;
    }
}

/* What the page prints at its end: a line of figures, one of rows, and lines for people. */
static bool read_figures(FILE *said, struct figures *f)
{
    double *const into[] = {&f->changes, &f->p50,          &f->p95,         &f->p99,
                            &f->latest,  &f->longest_task, &f->heap_before, &f->heap_after};
    char line[512], *at = line, *end, *rows = NULL;
    size_t room = 0;

    if (fgets(line, sizeof line, said) == NULL || getline(&rows, &room, said) < 0)
        return false;
    for (size_t i = 0; i < sizeof into / sizeof into[0]; i++, at = end) {
        *into[i] = strtod(at, &end);
        if (end == at)
            return false;
    }
    read_rows(rows, f);
    free(rows);
    f->tasks[fread(f->tasks, 1, sizeof f->tasks - 1, said)] = '\0';
    return true;
}

/* Lets the page be measured while calls go on. */
static void measure(char *address, const struct lengths *lengths, struct figures *f)
{
    char program[4096], warm_up[16], measured[16], watched[16];
    char *words[] = {program, address, warm_up, measured, watched, NULL};
    struct pollfd ready = {.events = POLLIN};
    FILE *said;

    beside(program, sizeof program, "/../../../bench/wallboard/page");
    (void)snprintf(warm_up, sizeof warm_up, "%s", lengths->warm_up_s);
    (void)snprintf(measured, sizeof measured, "%s", lengths->measured_s);
    (void)calls_queue_name(watched, CALLS_WATCHED);
    said = child(&children[1], words, STDOUT_FILENO);
    if (said == NULL)
        bench_give_up("the page cannot be started");
    ready.fd = fileno(said);
    while (poll(&ready, 1, 0) == 0)
        calls_go_on(&calls);
    if (!read_figures(said, f))
        bench_give_up("the page was not measured");
    waitpid(children[1], NULL, 0);
    children[1] = 0;
}

/* ---- figures ------------------------------------------------------------------------------- */

static void print(struct figures *f)
{
    const double growth = 100 * (f->heap_after - f->heap_before) / f->heap_before;
    const double rows_p50 = bench_percentile(f->row_ms, f->rows, 0.5);
    const double rows_p95 = bench_percentile(f->row_ms, f->rows, 0.95);
    const double rows_p99 = bench_percentile(f->row_ms, f->rows, 0.99);

    printf("%d agents, %d queues, %" PRIu32 " calls: %" PRIu64 " answered, %" PRIu64
           " left, %" PRIu64 " refused, %" PRIu64 " answered too late\n",
           (int)CALLS_AGENTS, (int)CALLS_QUEUES, calls.arrived, calls.answered, calls.abandoned,
           calls.refused, calls.late);
    printf("%.0f changes of 500 agents shown: p50 %.0f ms, p95 %.0f, p99 %.0f, latest %.0f\n",
           f->changes, f->p50, f->p95, f->p99, f->latest);
    printf("%" PRIu32 " calls of a queue: p50 %.0f ms, p95 %.0f, p99 %.0f\n", f->rows, rows_p50,
           rows_p95, rows_p99);
    printf("longest task %.1f ms; heap %.0f KiB, then %.0f KiB\n", f->longest_task,
           f->heap_before / 1024, f->heap_after / 1024);
    (void)fputs(f->tasks, stdout);
    bench_must_not_exceed("wallboard_p95_ms", f->p95 > rows_p95 ? f->p95 : rows_p95, 250);
    bench_must_not_exceed("wallboard_longtask_ms", f->longest_task, 50);
    bench_must_not_exceed("wallboard_heap_growth", growth, 5);
}

int main(int argc, char **argv)
{
    static const char *const flags[] = {"--limit=agents=48000", "--limit=queues=64",
                                        "--limit=calls=65536", NULL};
    const struct lengths *lengths = argc > 1 && strcmp(argv[1], "--quick") == 0 ? &quick : &whole;
    struct server acdd;
    static struct figures figures;
    char url[SERVER_PATH + 16], address[64];

    servers_open();
    bench_at_end(end_children);
    server_acdd(&acdd, "acd", flags);
    server_await(&acdd);
    (void)snprintf(url, sizeof url, "ipc://%s", acdd.path);
    calls_open(&calls, url);
    calls_go_on_for(&calls, lengths->calls_ms);
    start_web(url, address);
    measure(address, lengths, &figures);
    if (calls_behind_s(&calls) > 1)
        bench_give_up("the calls came %.0f s late", calls_behind_s(&calls));
    if (calls.failed > 0)
        bench_give_up("%" PRIu64 " commands failed, the last: %s", calls.failed,
                      acd_error_text(calls.error));
    if (figures.changes < 100 || figures.rows < 20)
        bench_give_up("%.0f changes and %" PRIu32 " calls were seen", figures.changes,
                      figures.rows);
    print(&figures);
    bench_print_results();
    calls_close(&calls);
    return 0;
}
