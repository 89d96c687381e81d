#include "tests/e2e/acdctl/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/check.h"

enum { WORDS_MAX = 32, LINE_MAX_BYTES = 2048 };

static char acdd_path[4096], acdctl_path[4096];

void run_init(const char *acdd)
{
    char folder[4000];
    char *slash;

    if (realpath(acdd, acdd_path) == NULL)
        check_give_up(acdd, "is not there");
    snprintf(folder, sizeof folder, "%.3999s", acdd_path);
    for (int up = 0; up < 2; up++) {
        slash = strrchr(folder, '/');
        if (slash == NULL)
            check_give_up(acdd, "has no folder");
        *slash = '\0';
    }
    snprintf(acdctl_path, sizeof acdctl_path, "%s/tools/acdctl", folder);
    if (access(acdctl_path, X_OK) != 0)
        check_give_up(acdctl_path, "is not there");
    if (setenv("ACD_URL", "ipc://acd.sock", 1) != 0 || setenv("TZ", "UTC", 1) != 0)
        check_give_up("setenv", strerror(errno));
}

/* ---- processes ---------------------------------------------------------------------------- */

static pid_t start(char **words, int out_fd, int err_fd)
{
    pid_t pid = fork();

    if (pid < 0)
        check_give_up("fork", strerror(errno));
    if (pid > 0)
        return pid;
    if ((out_fd >= 0 && dup2(out_fd, STDOUT_FILENO) < 0) ||
        (err_fd >= 0 && dup2(err_fd, STDERR_FILENO) < 0))
        _exit(127);
    execv(words[0], words);
    _exit(127);
}

pid_t run_acdd(void)
{
    static char listen[] = "--listen=ipc://acd.sock", publish[] = "--publish=ipc://acd.pub",
                level[] = "--log-level=error", config[] = "--config=acdd.conf";
    char *words[] = {acdd_path, listen, publish, level, config, NULL};

    return start(words, -1, -1);
}

/* Words with blanks in them stand in single quotes. */
static void split(char *line, char **words)
{
    char *rest = line;
    size_t count = 0;

    words[count++] = acdctl_path;
    while (rest != NULL && count < WORDS_MAX - 1) {
        bool quoted = *rest == '\'';
        char *word;

        rest += quoted;
        word = strsep(&rest, quoted ? "'" : " ");

        if (quoted || word[0] != '\0')
            words[count++] = word;
    }
    words[count] = NULL;
}

pid_t run_acdctl_to(const char *line, int out_fd)
{
    char copy[LINE_MAX_BYTES];
    char *words[WORDS_MAX];

    snprintf(copy, sizeof copy, "%s", line);
    split(copy, words);
    return start(words, out_fd, -1);
}

int run_wait(pid_t pid)
{
    const uint64_t by = check_now_ms() + 20000;
    int status;
    pid_t ended;

    while ((ended = waitpid(pid, &status, WNOHANG)) == 0 && check_now_ms() < by)
        check_sleep_ms(1);
    if (ended == 0) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
    return ended == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void run_read_all(int fd, char *out, size_t len)
{
    size_t used = 0;
    ssize_t got;

    do {
        got = read(fd, out + used, len - 1 - used);
        used += got > 0 ? (size_t)got : 0;
    } while ((got > 0 && used < len - 1) || (got < 0 && errno == EINTR));
    out[used] = '\0';
}

/* Files, not pipes: nothing can wait for room in them. */
static int scratch(const char *name)
{
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0 || unlink(name) != 0)
        check_give_up(name, strerror(errno));
    return fd;
}

static void read_back(int fd, char *out, size_t len)
{
    if (lseek(fd, 0, SEEK_SET) != 0)
        check_give_up("lseek", strerror(errno));
    run_read_all(fd, out, len);
    close(fd);
}

void run_acdctl(struct run *r, const char *line)
{
    int out = scratch("out"), err = scratch("err");
    char copy[LINE_MAX_BYTES];
    char *words[WORDS_MAX];

    snprintf(copy, sizeof copy, "%s", line);
    split(copy, words);
    r->status = run_wait(start(words, out, err));
    read_back(out, r->out, sizeof r->out);
    read_back(err, r->err, sizeof r->err);
}

/* ---- comparing ---------------------------------------------------------------------------- */

/* Many spaces count as one, none at a line's end. */
static const char *skip_spaces(const char *text)
{
    size_t spaces = strspn(text, " ");

    if (spaces == 0)
        return text;
    return text[spaces] == '\n' || text[spaces] == '\0' ? text + spaces : text + spaces - 1;
}

bool run_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *retry = NULL;
    bool lines = false;

    for (;;) {
        text = skip_spaces(text);
        if (*pattern == '*') {
            lines = pattern[1] == '*';
            pattern += lines ? 2 : 1;
            star = pattern;
            retry = text;
        } else if (*pattern == *text) {
            if (*text == '\0')
                return true;
            pattern++;
            text++;
        } else if (star != NULL && *retry != '\0' && (lines || *retry != '\n')) {
            pattern = star;
            text = ++retry;
        } else {
            return false;
        }
    }
}

static void run_step(const struct step *step)
{
    static struct run r;
    const char *said;

    run_acdctl(&r, step->line);
    said = step->status == 0 || strstr(step->line, "--json") != NULL ? r.out : r.err;
    if (check_that(r.status == step->status && run_matches(step->said, said), step->line, "acdctl",
                   step->status))
        return;
    fprintf(stderr, "status %d, stdout:\n%sstderr:\n%sexpected status %d:\n%s", r.status, r.out,
            r.err, step->status, step->said);
}

void run_steps(const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run_step(&steps[i]);
}
