/* With nothing to do the threads sleep, and whatever is appended wakes them: also what is appended
 * at the moment in which they fall asleep. */

#include <sys/resource.h>

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
    struct rusage used;

    CHECK(getrusage(RUSAGE_SELF, &used) == 0);
    return used.ru_nvcsw;
}

int main(void)
{
    struct site site = site_make(100), *s = &site;
    long before;

    s->options.commit_interval = INTERVAL;
    s->step_every = 0;
    site_open(s);
    CHECK(acd_persist_start(s->p, NULL, NULL) == ACD_OK);
    soon(s, is_asleep); /* the kernel lets it */
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
