#include "tests/e2e/daemon/process.h"

#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/check.h"

enum { WORDS_MAX = 24 };

static char acdd_path[4096];

void process_init(const char *acdd)
{
    if (realpath(acdd, acdd_path) == NULL)
        check_give_up(acdd, "is not there");
}

/* ---- starting ----------------------------------------------------------------------------- */

static void split(char *text, char **words)
{
    size_t count = 0;

    words[count++] = acdd_path;
    while (text != NULL && CHECK(count < WORDS_MAX - 1)) {
        char *word = strsep(&text, " ");

        if (word[0] != '\0')
            words[count++] = word;
    }
    words[count] = NULL;
}

pid_t process_spawn(const char *log, const char *arguments)
{
    char text[1024], *words[WORDS_MAX];
    int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    pid_t pid;

    snprintf(text, sizeof text, "%s", arguments);
    split(text, words);
    pid = fork();
    if (fd < 0 || pid < 0)
        check_give_up(log, strerror(errno));
    if (pid == 0) {
        dup2(fd, STDERR_FILENO);
        execv(words[0], words);
        _exit(127);
    }
    close(fd);
    return pid;
}

pid_t process_start(const char *arguments)
{
    char text[1024];
    pid_t pid;

    snprintf(text, sizeof text, "%s%s %s",
             strstr(arguments, "--listen") == NULL ? "--listen " ACDD_URL : "",
             strstr(arguments, "--publish") == NULL ? " --publish " ACDD_PUB_URL : "", arguments);
    check_no_quarter_ends();
    pid = process_spawn(ACDD_LOG, text);
    CHECK_SOON(process_said(ACDD_LOG, "level=info event=started"));
    return pid;
}

/* ---- ending ------------------------------------------------------------------------------- */

int process_wait(pid_t pid)
{
    uint64_t by = check_now_ms() + 20000;
    int status = 0;

    while (waitpid(pid, &status, WNOHANG) != pid) {
        if (check_now_ms() > by) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return -1;
        }
        check_sleep_ms(1);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int process_end(pid_t pid, int number)
{
    kill(pid, number);
    return process_wait(pid);
}

/* ---- the log ------------------------------------------------------------------------------ */

static bool has_parts(const char *line, const char *pattern)
{
    while (*pattern != '\0') {
        size_t len = strcspn(pattern, "*");
        const char *found = memmem(line, strlen(line), pattern, len);

        if (found == NULL)
            return false;
        line = found + len;
        pattern += len + (pattern[len] == '*');
    }
    return true;
}

/* Calls `is` for each whole line: all of them must be so, or any. */
static bool lines_are(const char *log, bool all, bool (*is)(const char *line, const void *arg),
                      const void *arg)
{
    FILE *file = fopen(log, "r");
    char line[2048];
    bool result = all;

    while (file != NULL && result == all && fgets(line, sizeof line, file) != NULL)
        if (is(line, arg) != all)
            result = !all;
    if (file != NULL)
        (void)fclose(file);
    return result && file != NULL;
}

static bool says(const char *line, const void *pattern)
{
    return has_parts(line, pattern);
}

bool process_said(const char *log, const char *pattern)
{
    return lines_are(log, false, says, pattern);
}

static bool is_structured(const char *line, const void *form)
{
    bool is = regexec(form, line, 0, NULL, 0) == 0;

    if (!is)
        fprintf(stderr, "not a line of a log: %s", line);
    return is;
}

bool process_log_is_structured(const char *log)
{
    regex_t form;
    bool is;

    if (regcomp(&form,
                "^ts=[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z"
                " level=(error|warn|info|debug) event=[a-z_]+( [a-z_]+=(\"[^\"]*\"|[^ \"]*))*\n$",
                REG_EXTENDED | REG_NOSUB) != 0)
        check_give_up("regcomp", "refused");
    is = lines_are(log, true, is_structured, &form);
    regfree(&form);
    return is;
}
