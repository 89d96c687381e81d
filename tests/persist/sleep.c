/* With nothing to do the threads sleep, and whatever is appended wakes them: also what is appended
 * at the moment in which they fall asleep. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "persist/persist.h"
#include "tests/persist/site.h"

enum { ROUNDS = 2000, LOOKS = 50000 };

static const acd_span INTERVAL = 100;

static void pass(acd_span span)
{
    struct timespec until = persist_moment(persist_clock() + span);

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
        ;
}

static bool is_asleep(const struct site *s)
{
    return atomic_load(&s->p->asleep);
}

static bool is_durable(const struct site *s)
{
    return acd_persist_durable(s->p) == acd_position(s->e).sequence;
}

/* Nobody hurries anybody. */
static void soon(const struct site *s, bool (*is_so)(const struct site *s))
{
    for (int i = 0; !is_so(s); i++) {
        CHECK(i < LOOKS);
        pass(INTERVAL);
    }
}

/* How often threads of this process have gone to sleep so far. */
static long sleeps(void)
{
    DIR *threads = opendir("/proc/self/task");
    const struct dirent *thread;
    long sum = 0;

    CHECK(threads != NULL);
    while ((thread = readdir(threads)) != NULL) {
        char path[300], line[128];
        FILE *status;

        if (thread->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "/proc/self/task/%s/status", thread->d_name);
        status = fopen(path, "r");
        while (status != NULL && fgets(line, sizeof line, status) != NULL)
            if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0)
                sum += strtol(line + 24, NULL, 10);
        if (status != NULL)
            (void)fclose(status);
    }
    (void)closedir(threads);
    return sum;
}

int main(void)
{
    struct site site = site_make(100), *s = &site;
    long before;

    s->options.commit_interval = INTERVAL;
    s->step_every = 0;
    site_open(s);
    CHECK(acd_persist_start(s->p, NULL, NULL) == ACD_OK);
    CHECK(s->p->may_sleep);
    for (int i = 0; i < ROUNDS; i++) {
        site_run(s, 1);
        soon(s, is_durable);
        if (i % 100 == 0)
            soon(s, is_asleep);
        else
            pass(i % 37 * INTERVAL / 16);
    }
    soon(s, is_asleep);
    pass(ACD_SECOND / 2); /* what is due behind it is done */
    before = sleeps();
    pass(ACD_SECOND / 2);
    CHECK(sleeps() - before < 30); /* the follower looks ten times a second for what is due */
    site_close(s);
    CHECK(site_faults(s) == 0);
    site_remove(s);
    return 0;
}
