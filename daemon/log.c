#include "daemon/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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

void log_line(enum log_level level, const char *event, const char *pairs, ...)
{
    char line[1024], at[32];
    struct timespec now;
    struct tm utc;
    va_list args;

    if (level > limit)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%S", &utc);
    va_start(args, pairs);
    vsnprintf(line, sizeof line, pairs, args);
    va_end(args);
    fprintf(stderr, "ts=%s.%03ldZ level=%s event=%s%s%s\n", at, now.tv_nsec / 1000000, names[level],
            event, line[0] == '\0' ? "" : " ", line);
}
