#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/harness.h"

/* What a bench leaves behind: nothing, however it ends. */

enum { UNDO_MAX = 8, TMPFS = 0x01021994 };

static struct {
    pid_t owner; /* children that are forked end without undoing */
    void (*undo[UNDO_MAX])(void);
    int count;
    char directory[512];
} made;

static void undo_all(void)
{
    if (getpid() != made.owner)
        return;
    while (made.count > 0)
        made.undo[--made.count]();
}

static void on_signal(int number)
{
    undo_all();
    _exit(128 + number);
}

void bench_at_end(void (*undo)(void))
{
    if (made.owner == 0) {
        made.owner = getpid();
        (void)atexit(undo_all);
        (void)signal(SIGINT, on_signal);
        (void)signal(SIGTERM, on_signal);
    }
    if (made.count == UNDO_MAX)
        bench_give_up("more than %d things to undo", (int)UNDO_MAX);
    made.undo[made.count++] = undo;
}

/* ---- a directory ---------------------------------------------------------------------------- */

static void directory_remove(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        execlp("rm", "rm", "-rf", made.directory, (char *)NULL);
        _exit(127);
    }
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
}

/* Where this program stands. */
static void find_own_directory(char *path, size_t room)
{
    ssize_t len = readlink("/proc/self/exe", path, room - 1);

    if (len <= 0)
        bench_give_up("cannot tell where this program stands");
    path[len] = '\0';
    *strrchr(path, '/') = '\0';
}

const char *bench_directory(void)
{
    const char *tmp = getenv("TMPDIR");
    char own[400];
    struct statfs fs;

    find_own_directory(own, sizeof own);
    (void)snprintf(made.directory, sizeof made.directory, "%.400s/acd-bench-XXXXXX",
                   tmp == NULL ? own : tmp);
    if (mkdtemp(made.directory) == NULL)
        bench_give_up("%s: %s", made.directory, strerror(errno));
    bench_at_end(directory_remove);
    if (statfs(made.directory, &fs) != 0 || fs.f_type == TMPFS)
        bench_give_up("%s is not on a disk; set TMPDIR to a directory that is", made.directory);
    return made.directory;
}

void bench_directory_clear(void)
{
    directory_remove();
    if (mkdir(made.directory, 0700) != 0)
        bench_give_up("%s: %s", made.directory, strerror(errno));
}
