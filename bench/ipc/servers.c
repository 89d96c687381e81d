#include "bench/ipc/servers.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/harness.h"

enum { SERVERS_MAX = 4, FILES_MAX = 8, ARGUMENTS_MAX = 24 };

static cpu_set_t places[3]; /* by enum place */

/* What is to be undone. */
static struct {
    char directory[SERVER_PATH / 2];
    pid_t pids[SERVERS_MAX];
    char files[FILES_MAX][SERVER_PATH];
    int pid_count, file_count;
} made;

/* It may be stopped. */
static void end(pid_t pid)
{
    kill(pid, SIGTERM);
    kill(pid, SIGCONT);
    waitpid(pid, NULL, 0);
}

static void clean_up(void)
{
    for (int i = 0; i < made.pid_count; i++)
        end(made.pids[i]);
    for (int i = 0; i < made.file_count; i++)
        unlink(made.files[i]);
    rmdir(made.directory);
}

/* ---- places --------------------------------------------------------------------------------- */

static void find_places(void)
{
    int found = PLACE_FIRST;

    if (sched_getaffinity(0, sizeof places[PLACE_ANY], &places[PLACE_ANY]) != 0 ||
        CPU_COUNT(&places[PLACE_ANY]) < 2)
        bench_give_up("two processors are needed");
    for (size_t cpu = 0; cpu < CPU_SETSIZE && found <= PLACE_SECOND; cpu++)
        if (CPU_ISSET(cpu, &places[PLACE_ANY]))
            CPU_SET(cpu, &places[found++]);
}

void place(pid_t pid, enum place where)
{
    if (sched_setaffinity(pid, sizeof places[where], &places[where]) != 0)
        bench_give_up("process %d has no place: %s", (int)pid, strerror(errno));
}

void place_all(pid_t pid, enum place where)
{
    char path[32];
    DIR *threads;

    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    threads = opendir(path);
    if (threads == NULL)
        bench_give_up("%s: %s", path, strerror(errno));
    for (struct dirent *thread; (thread = readdir(threads)) != NULL;)
        if (thread->d_name[0] != '.')
            place((pid_t)strtol(thread->d_name, NULL, 10), where);
    (void)closedir(threads);
}

/* ---- starting and ending -------------------------------------------------------------------- */

void servers_open(void)
{
    const char *tmp = getenv("TMPDIR");
    size_t room = sizeof made.directory;

    if (tmp == NULL || strlen(tmp) + sizeof "/acd-bench-XXXXXX" > room)
        tmp = "/tmp";
    (void)snprintf(made.directory, room, "%s/acd-bench-XXXXXX", tmp);
    if (mkdtemp(made.directory) == NULL)
        bench_give_up("%s: %s", made.directory, strerror(errno));
    bench_at_end(clean_up);
    find_places();
    (void)signal(SIGPIPE, SIG_IGN);
}

static void name_file(char *path, const char *name)
{
    if (made.file_count == FILES_MAX)
        bench_give_up("more than %d files", (int)FILES_MAX);
    (void)snprintf(path, SERVER_PATH, "%s/%s", made.directory, name);
    memcpy(made.files[made.file_count++], path, SERVER_PATH);
}

/* In the child returns 0. */
static pid_t start(struct server *s)
{
    if (made.pid_count == SERVERS_MAX)
        bench_give_up("more than %d servers", (int)SERVERS_MAX);
    (void)fflush(stdout);
    s->pid = fork();
    if (s->pid < 0)
        bench_give_up("fork: %s", strerror(errno));
    if (s->pid == 0) {
        (void)signal(SIGTERM, SIG_DFL);
        (void)signal(SIGINT, SIG_IGN); /* a terminal's: the bench ends us */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        return 0;
    }
    made.pids[made.pid_count++] = s->pid;
    if (clock_getcpuclockid(s->pid, &s->cpu) != 0)
        bench_give_up("no CPU clock of process %d", (int)s->pid);
    return s->pid;
}

void server_fork(struct server *s, const char *name, void (*serve)(const char *path, int ready))
{
    int ends[2];
    char byte;

    name_file(s->path, name);
    if (pipe(ends) != 0)
        bench_give_up("pipe: %s", strerror(errno));
    if (start(s) == 0) {
        close(ends[0]);
        serve(s->path, ends[1]);
        _exit(1);
    }
    close(ends[1]);
    if (read(ends[0], &byte, 1) != 1)
        bench_give_up("%s does not serve", name);
    close(ends[0]);
}

/* acdd stands beside this program in the build. */
static void find_acdd(char *path, size_t room)
{
    static const char beside[] = "/../daemon/acdd";
    ssize_t len = readlink("/proc/self/exe", path, room - sizeof beside);

    if (len <= 0)
        bench_give_up("cannot tell where this program stands");
    path[len] = '\0';
    memcpy(strrchr(path, '/'), beside, sizeof beside);
    if (access(path, X_OK) != 0)
        bench_give_up("%s: %s", path, strerror(errno));
}

/* The arguments that every acdd has, and then `flags`. */
static void arguments(const char **out, const char *const *flags, const struct server *s,
                      char urls[2][SERVER_PATH + 16])
{
    size_t n = 1, flag = 0;

    (void)snprintf(urls[0], sizeof urls[0], "ipc://%s", s->path);
    (void)snprintf(urls[1], sizeof urls[1], "ipc://%s.pub", s->path);
    out[n++] = "--listen";
    out[n++] = urls[0];
    out[n++] = "--publish";
    out[n++] = urls[1];
    out[n++] = "--log-level";
    out[n++] = "error";
    while (flags != NULL && flags[flag] != NULL) {
        if (n == ARGUMENTS_MAX - 1)
            bench_give_up("more than %d arguments", (int)ARGUMENTS_MAX);
        out[n++] = flags[flag++];
    }
    out[n] = NULL;
}

void server_start(struct server *s, const char *const *flags)
{
    char program[4096], urls[2][SERVER_PATH + 16];
    const char *argv[ARGUMENTS_MAX] = {program};

    find_acdd(program, sizeof program);
    arguments(argv, flags, s, urls);
    if (start(s) != 0)
        return;
    execv(program, (char *const *)(uintptr_t)argv); /* which does not write to them */
    perror(program);
    _exit(127);
}

void server_acdd(struct server *s, const char *name, const char *const *flags)
{
    char published[16];

    (void)snprintf(published, sizeof published, "%s.pub", name);
    name_file(s->path, published);
    name_file(s->path, name);
    server_start(s, flags);
}

void server_await(const struct server *s)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timespec rest = {0, 1000000};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", s->path);
    while (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        if (waitpid(s->pid, NULL, WNOHANG) != 0)
            bench_give_up("a server has ended");
        (void)nanosleep(&rest, NULL);
    }
    close(fd);
}

/* It is gone. */
static void forget(const struct server *s)
{
    for (int i = 0; i < made.pid_count; i++)
        if (made.pids[i] == s->pid)
            made.pids[i] = made.pids[--made.pid_count];
}

void server_stop(struct server *s)
{
    end(s->pid);
    forget(s);
}

void server_kill(struct server *s)
{
    (void)kill(s->pid, SIGKILL);
    (void)waitpid(s->pid, NULL, 0);
    forget(s);
}

void server_sleep(const struct server *s)
{
    if (kill(s->pid, SIGSTOP) != 0)
        bench_give_up("a server has ended");
}

void server_wake(const struct server *s)
{
    if (kill(s->pid, SIGCONT) != 0)
        bench_give_up("a server has ended");
}

double server_memory(const struct server *s)
{
    char path[64], line[128];
    double kilobytes = 0;
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)s->pid);
    file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "RssAnon:", 8) == 0)
            kilobytes = strtod(line + 8, NULL);
    if (kilobytes <= 0)
        bench_give_up("%s cannot be read", path);
    (void)fclose(file);
    return 1024 * kilobytes;
}

uint64_t server_cpu_ns(const struct server *s)
{
    struct timespec t;

    if (clock_gettime(s->cpu, &t) != 0)
        bench_give_up("a server has ended");
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* A figure of a file's first line, by its place among the words of it, from 0. */
static uint64_t figure_in(const char *path, int place)
{
    char line[512] = "", *rest = line, *word = NULL;
    FILE *file = fopen(path, "r");

    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        do
            word = strtok_r(rest, " ", &rest);
        while (word != NULL && place-- > 0);
    if (word == NULL)
        bench_give_up("%s cannot be read", path);
    (void)fclose(file);
    return strtoull(word, NULL, 10);
}

uint64_t waited_ns(pid_t pid)
{
    char path[64];

    (void)snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
    return figure_in(path, 1); /* behind how long it ran */
}

uint64_t stolen_ns(void)
{
    const uint64_t tick = 1000000000U / (uint64_t)sysconf(_SC_CLK_TCK);

    return figure_in("/proc/stat", 8) * tick; /* steal, behind the line's name and seven more */
}
