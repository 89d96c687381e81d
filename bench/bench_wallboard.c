/* wallboard: bench_wallboard [--quick]: what happens in a large contact centre, on a page in a
 * browser
 *
 * acdd in memory with 48,000 agents and 50 queues, of which 400 calls a second are the load;
 * acd-web beside it; and its wallboard in a headless Chromium, with 500 agents shown. All of them
 * share the machine. Measured in the page (bench/wallboard/page): how long after the daemon's event
 * the agent's node is painted as it says, by the wall clock that both have; the longest task, but
 * for those that make the page at first; and how much the heap has grown, collected before and
 * after. The page's time is by the wall clock, so what the machine gives to others is in it; what
 * the longest tasks were made of, and how long they were on a processor, is told beside it from the
 * browser's trace. 10 minutes behind a warm-up of two, in which the browser compiles what is run
 * often;
 * --quick: 8 seconds behind 15, which says little of the heap. */

#include <errno.h>
#include <inttypes.h>
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

static const struct lengths whole = {60000, "120", "600"}, quick = {3000, "15", "8"};

struct figures {
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

/* What the page prints at its end: a line of figures, and lines for people. */
static bool read_figures(FILE *said, struct figures *f)
{
    double *const into[] = {&f->changes, &f->p50,          &f->p95,         &f->p99,
                            &f->latest,  &f->longest_task, &f->heap_before, &f->heap_after};
    char line[512], *at = line, *end;

    if (fgets(line, sizeof line, said) == NULL)
        return false;
    for (size_t i = 0; i < sizeof into / sizeof into[0]; i++, at = end) {
        *into[i] = strtod(at, &end);
        if (end == at)
            return false;
    }
    f->tasks[fread(f->tasks, 1, sizeof f->tasks - 1, said)] = '\0';
    return true;
}

/* Lets the page be measured while calls go on. */
static struct figures measure(char *address, const struct lengths *lengths)
{
    char program[4096], warm_up[16], measured[16];
    char *words[] = {program, address, warm_up, measured, NULL};
    struct figures f;
    struct pollfd ready = {.events = POLLIN};
    FILE *said;

    beside(program, sizeof program, "/../../../bench/wallboard/page");
    (void)snprintf(warm_up, sizeof warm_up, "%s", lengths->warm_up_s);
    (void)snprintf(measured, sizeof measured, "%s", lengths->measured_s);
    said = child(&children[1], words, STDOUT_FILENO);
    if (said == NULL)
        bench_give_up("the page cannot be started");
    ready.fd = fileno(said);
    while (poll(&ready, 1, 0) == 0)
        calls_go_on(&calls);
    if (!read_figures(said, &f))
        bench_give_up("the page was not measured");
    waitpid(children[1], NULL, 0);
    children[1] = 0;
    return f;
}

/* ---- figures ------------------------------------------------------------------------------- */

static void print(const struct figures *f)
{
    const double growth = 100 * (f->heap_after - f->heap_before) / f->heap_before;

    printf("%d agents, %d queues, %" PRIu32 " calls: %" PRIu64 " answered, %" PRIu64
           " left, %" PRIu64 " refused, %" PRIu64 " answered too late\n",
           (int)CALLS_AGENTS, (int)CALLS_QUEUES, calls.arrived, calls.answered, calls.abandoned,
           calls.refused, calls.late);
    printf("%.0f changes of 500 agents shown: p50 %.0f ms, p95 %.0f, p99 %.0f, latest %.0f\n",
           f->changes, f->p50, f->p95, f->p99, f->latest);
    printf("longest task %.1f ms; heap %.0f KiB, then %.0f KiB\n", f->longest_task,
           f->heap_before / 1024, f->heap_after / 1024);
    (void)fputs(f->tasks, stdout);
    bench_must_not_exceed("wallboard_p95_ms", f->p95, 250);
    bench_must_not_exceed("wallboard_longtask_ms", f->longest_task, 50);
    bench_must_not_exceed("wallboard_heap_growth", growth, 5);
}

int main(int argc, char **argv)
{
    static const char *const flags[] = {"--limit=agents=48000", "--limit=queues=64",
                                        "--limit=calls=65536", NULL};
    const struct lengths *lengths = argc > 1 && strcmp(argv[1], "--quick") == 0 ? &quick : &whole;
    struct server acdd;
    struct figures figures;
    char url[SERVER_PATH + 16], address[64];

    servers_open();
    bench_at_end(end_children);
    server_acdd(&acdd, "acd", flags);
    server_await(&acdd);
    (void)snprintf(url, sizeof url, "ipc://%s", acdd.path);
    calls_open(&calls, url);
    calls_go_on_for(&calls, lengths->calls_ms);
    start_web(url, address);
    figures = measure(address, lengths);
    if (calls_behind_s(&calls) > 1)
        bench_give_up("the calls came %.0f s late", calls_behind_s(&calls));
    if (calls.failed > 0)
        bench_give_up("%" PRIu64 " commands failed, the last: %s", calls.failed,
                      acd_error_text(calls.error));
    if (figures.changes < 100)
        bench_give_up("%.0f changes were seen", figures.changes);
    print(&figures);
    bench_print_results();
    calls_close(&calls);
    return 0;
}
