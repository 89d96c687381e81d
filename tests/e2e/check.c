#include "tests/e2e/check.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_uint failures;

bool check_that(bool ok, const char *what, const char *file, int line)
{
    if (!ok) {
        fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
        atomic_fetch_add(&failures, 1);
    }
    return ok;
}

unsigned check_failures(void)
{
    return atomic_load(&failures);
}

uint64_t check_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void check_sleep_ms(uint32_t ms)
{
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&t, NULL);
}

void check_no_quarter_ends(void)
{
    enum { QUARTER_S = 900, NEAR_S = 15 };
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    if (t.tv_sec % QUARTER_S >= QUARTER_S - NEAR_S)
        check_sleep_ms((uint32_t)(QUARTER_S - t.tv_sec % QUARTER_S) * 1000);
}

static bool is_named(const char *name, char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return count == 0;
}

void check_cases(const struct check_case *cases, size_t count, char *const *names, int name_count,
                 void (*before)(void))
{
    for (size_t i = 0; i < count; i++) {
        unsigned failed = check_failures();

        if (!is_named(cases[i].name, names, name_count))
            continue;
        if (before != NULL)
            before();
        cases[i].run();
        if (check_failures() != failed)
            fprintf(stderr, "case %s failed\n", cases[i].name);
    }
}

void check_enter(char *directory)
{
    if (mkdtemp(directory) == NULL || chdir(directory) != 0)
        check_give_up(directory, "cannot be made");
}

void check_give_up(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}
