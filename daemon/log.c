#include "daemon/log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const names[] = {"error", "warn", "info", "debug"};
static enum log_level limit = LOG_INFO;

void log_level_set(enum log_level level)
{
    limit = level;
}

int log_level_named(const char *name)
{
    for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

/* ---- writing ------------------------------------------------------------------------------ */

enum { LINE_MAX_BYTES = 1200 };

static _Atomic unsigned long dropped; /* lines, since the last one that was written */

/* Puts the beginning of a line; returns its bytes. */
static size_t head(char *line, size_t size, enum log_level level, const char *event)
{
    struct timespec now;
    struct tm utc;
    char at[32];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%S", &utc);
    return (size_t)snprintf(line, size, "ts=%s.%03ldZ level=%s event=%s", at, now.tv_nsec / 1000000,
                            names[level], event);
}

/* Whether who reads standard error has room. A pipe that has takes a line whole. */
static bool has_room(void)
{
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};

    return poll(&out, 1, 0) != 0;
}

static void put(const char *line, size_t len)
{
    ssize_t n;

    do
        n = write(STDERR_FILENO, line, len);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        atomic_fetch_add(&dropped, 1);
}

static void say_dropped(void)
{
    unsigned long count = atomic_exchange(&dropped, 0);
    char line[LINE_MAX_BYTES];
    size_t used;

    if (count == 0)
        return;
    used = head(line, sizeof line, LOG_WARN, "lines_dropped");
    used += (size_t)snprintf(line + used, sizeof line - used, " count=%lu\n", count);
    put(line, used);
}

void log_line(enum log_level level, const char *event, const char *pairs, ...)
{
    char line[LINE_MAX_BYTES];
    size_t used, start;
    va_list args;

    if (level > limit)
        return;
    if (!has_room()) {
        atomic_fetch_add(&dropped, 1);
        return;
    }
    say_dropped();
    used = start = head(line, sizeof line, level, event);
    line[used++] = ' ';
    va_start(args, pairs);
    used += (size_t)vsnprintf(line + used, sizeof line - used, pairs, args);
    va_end(args);
    if (used == start + 1)
        used = start;
    if (used > sizeof line - 1)
        used = sizeof line - 1;
    line[used++] = '\n';
    put(line, used);
}
