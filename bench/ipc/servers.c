#include "bench/ipc/servers.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/harness.h"

enum { SERVERS_MAX = 4, FILES_MAX = 8 };

static cpu_set_t places[3]; /* by enum place */

/* What is to be undone. */
static struct {
    pid_t owner;
    char directory[SERVER_PATH / 2];
    pid_t pids[SERVERS_MAX];
    char files[FILES_MAX][SERVER_PATH];
    int pid_count, file_count;
} made;

/* Only system calls: it is called by signals too. */
static void clean_up(void)
{
    if (getpid() != made.owner)
        return;
    for (int i = 0; i < made.pid_count; i++) {
        kill(made.pids[i], SIGTERM);
        waitpid(made.pids[i], NULL, 0);
    }
    for (int i = 0; i < made.file_count; i++)
        unlink(made.files[i]);
    rmdir(made.directory);
}

static void on_signal(int number)
{
    clean_up();
    _exit(128 + number);
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
    made.owner = getpid();
    find_places();
    (void)atexit(clean_up);
    (void)signal(SIGINT, on_signal);
    (void)signal(SIGTERM, on_signal);
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

void server_acdd(struct server *s, const char *name)
{
    char program[4096], published[SERVER_PATH], listen[SERVER_PATH + 8], publish[SERVER_PATH + 8];

    find_acdd(program, sizeof program);
    name_file(s->path, name);
    name_file(published, "published");
    (void)snprintf(listen, sizeof listen, "ipc://%s", s->path);
    (void)snprintf(publish, sizeof publish, "ipc://%s", published);
    if (start(s) != 0)
        return;
    execl(program, program, "--listen", listen, "--publish", publish, "--log-level", "error",
          (char *)NULL);
    perror(program);
    _exit(127);
}

uint64_t server_cpu_ns(const struct server *s)
{
    struct timespec t;

    if (clock_gettime(s->cpu, &t) != 0)
        bench_give_up("a server has ended");
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t waited_ns(pid_t pid)
{
    char path[64], line[128], *second = NULL;
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
    file = fopen(path, "r");
    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        second = strchr(line, ' '); /* the first says how long it ran */
    if (second == NULL)
        bench_give_up("%s cannot be read", path);
    (void)fclose(file);
    return strtoull(second, NULL, 10);
}
