#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

/* A log that nobody reads. */

static const char PIPE[] = "logpipe";

/* acdd's standard error becomes a pipe that has no room. */
static void fill_log(void)
{
    int fd = open(PIPE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    char block[4096];

    memset(block, 'x', sizeof block);
    while (write(fd, block, sizeof block) > 0)
        continue;
    if (fcntl(fd, F_SETFL, 0) < 0 || dup2(fd, STDERR_FILENO) < 0)
        _exit(127);
}

/* Reads what is there; whether a text is in the end of it. */
static bool read_has(int fd, const char *text)
{
    static char bytes[1 << 17];
    ssize_t got = read(fd, bytes, sizeof bytes - 1);

    bytes[got > 0 ? got : 0] = '\0';
    return strstr(bytes, text) != NULL;
}

/* acdd starts and works all the same; when somebody reads again it says how many lines are missing.
 */
void test_log_is_full(void)
{
    struct centre c = {.durability = "async", .before = fill_log};
    bool told = false;
    int fd;

    if (mkfifo(PIPE, 0600) != 0)
        check_give_up(PIPE, "cannot be made");
    centre_start(&c);
    centre_make(&c);
    fd = open(PIPE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    CHECK(fd >= 0 && !read_has(fd, "event="));
    kill(c.pid, SIGHUP);
    CHECK_SOON(told = told || read_has(fd, "event=lines_dropped count="));
    centre_stop(&c);
    centre_close(&c);
    close(fd);
    CHECK(unlink(PIPE) == 0);
}
