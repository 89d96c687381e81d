#include "tests/e2e/kill/site.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/check.h"

enum { WORDS_MAX = 24, WATCH_US = 1500000, STOP_MS = 60000 };

static void shell(const char *words, const char *one, const char *other)
{
    char line[256];

    snprintf(line, sizeof line, "%s '%s' '%s'", words, one, other);
    if (system(line) != 0)
        check_give_up(line, "failed");
}

/* ---- its file ----------------------------------------------------------------------------- */

static void write_file(void)
{
    FILE *out = fopen("acd.conf", "w");

    if (out == NULL || fputs("tenant acme {\n  listen = {\"" SITE_TENANT_URL "\"}\n}\n", out) < 0 ||
        fclose(out) != 0)
        check_give_up("acd.conf", strerror(errno));
}

void site_make(struct site *s, const char *acdd)
{
    *s = (struct site){
        .acdd = acdd, .directory = "/tmp/acd_kill_XXXXXX", .ring = "/dev/shm/acd_kill_XXXXXX"};
    if (mkdtemp(s->directory) == NULL || mkdtemp(s->ring) == NULL || chdir(s->directory) != 0)
        check_give_up(s->directory, strerror(errno));
    write_file();
}

void site_remove(struct site *s, bool keep)
{
    if (chdir("/") != 0)
        check_give_up("/", strerror(errno));
    if (keep)
        fprintf(stderr, "kept: %s and %s\n", s->directory, s->ring);
    else
        shell("rm -rf", s->directory, s->ring);
}

/* ---- the process -------------------------------------------------------------------------- */

static _Noreturn void run(const struct site *s, bool sync, const char *more)
{
    char text[1024], *rest = text, *words[WORDS_MAX] = {(char *)(uintptr_t)s->acdd};
    int log = open("log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

#define XX(limit, value) " --limit=" #limit "=" #value
    snprintf(
        text, sizeof text,
        "--config=acd.conf --listen=" SITE_URL
        " --publish=ipc://acd.pub --directory=data --ring-directory=%s"
        " --ring-bytes=%d --map-bytes=%d --checkpoint-interval=100ms --durability=%s" SITE_LIMITS(
            XX) " %s",
        s->ring, SITE_RING_BYTES, SITE_MAP_BYTES, sync ? "sync" : "async", more);
#undef XX
    for (int count = 1; rest != NULL && count < WORDS_MAX - 1;) {
        char *word = strsep(&rest, " ");

        if (word[0] != '\0')
            words[count++] = word;
    }
    /* It is not to outlive a test that is ended from outside. */
    if (log < 0 || dup2(log, STDERR_FILENO) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        _exit(127);
    execv(words[0], words);
    _exit(127);
}

void site_start(struct site *s, bool sync, const char *more)
{
    s->pid = fork();
    if (s->pid < 0)
        check_give_up("fork", strerror(errno));
    if (s->pid == 0)
        run(s, sync, more);
}

void site_kill(struct site *s)
{
    int status = 0;

    CHECK(kill(s->pid, SIGKILL) == 0);
    CHECK(waitpid(s->pid, &status, 0) == s->pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL); /* it had not ended by itself */
}

int site_stop(struct site *s)
{
    uint64_t by = check_now_ms() + STOP_MS;
    int status = 0;

    kill(s->pid, SIGTERM);
    while (waitpid(s->pid, &status, WNOHANG) == 0)
        if (check_now_ms() > by)
            check_give_up("acdd", "does not stop");
        else
            check_sleep_ms(1);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- the ring's header -------------------------------------------------------------------- */

/* The ring's header, read only; NULL when there is none, or none of its bytes yet. */
static struct ring_header *header_map(const struct site *s)
{
    DIR *directory = opendir(s->ring);
    struct dirent *entry;
    void *header = MAP_FAILED;
    struct stat file;
    int fd = -1;

    while (directory != NULL && fd < 0 && (entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.')
            fd = openat(dirfd(directory), entry->d_name, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (fstat(fd, &file) == 0 && file.st_size >= RING_HEADER_BYTES)
            header = mmap(NULL, RING_HEADER_BYTES, PROT_READ, MAP_SHARED, fd, 0);
        close(fd);
    }
    if (directory != NULL)
        closedir(directory);
    return header == MAP_FAILED ? NULL : header;
}

static void header_unmap(struct ring_header *header)
{
    if (header != NULL)
        (void)munmap(header, RING_HEADER_BYTES);
}

uint32_t site_phases(const struct site *s)
{
    struct ring_header *header = header_map(s);
    uint32_t phases = header == NULL ? 1U << SITE_NO_PHASE
                                     : atomic_load_explicit(&header->phases, memory_order_relaxed);

    header_unmap(header);
    CHECK(phases < 1U << SITE_PHASES);
    return phases == 0 ? 1U << SITE_IDLE : phases;
}

/* ---- the killer --------------------------------------------------------------------------- */

static uint64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void sleep_us(uint32_t us)
{
    const struct timespec t = {us / 1000000, (long)(us % 1000000) * 1000};

    nanosleep(&t, NULL);
}

/* Spins: the shortest phases are over in some ten microseconds. */
static void watch(const struct killer *k, const struct ring_header *header)
{
    uint64_t by = now_us() + WATCH_US;

    while ((atomic_load_explicit(&header->phases, memory_order_relaxed) & 1U << k->phase) == 0)
        if (now_us() > by)
            return;
}

static void *killer_run(void *arg)
{
    struct killer *k = arg;
    struct ring_header *header = header_map(k->site);

    sleep_us(k->after_us);
    if (k->phase != SITE_NO_PHASE && CHECK(header != NULL))
        watch(k, header);
    if (k->into_us > 0)
        sleep_us(k->into_us);
    site_kill(k->site);
    header_unmap(header);
    atomic_store(&k->done, true);
    return NULL;
}

void killer_start(struct killer *k)
{
    int error;

    atomic_store(&k->done, false);
    error = pthread_create(&k->thread, NULL, killer_run, k);
    if (error != 0)
        check_give_up("killer", strerror(error));
}

uint32_t killer_end(struct killer *k)
{
    (void)pthread_join(k->thread, NULL);
    return site_phases(k->site);
}
