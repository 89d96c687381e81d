#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "persist/persist.h"

/* A follower that takes what others leave of scarce processors. (Not the committer: how much a
 * power cut may take is promised in time.)
 *
 * Happy path: its thread is of the idle class: whoever wakes up has its processor at once, not
 * after the milliseconds of a time slice. While the ring is nearly full it is as urgent as its
 * host, so that other programs cannot starve it.
 *
 * Failure modes: from the idle class only privileged threads return (CAP_SYS_NICE, or RLIMIT_NICE
 * of 20 or more). That is found out by trying, in a thread that ends; without the right the
 * follower is nice instead. */

enum { NICENESS = 10 };

static bool class_is(int policy)
{
    const struct sched_param none = {.sched_priority = 0};

    return sched_setscheduler(0, policy, &none) == 0; /* of this thread, on Linux */
}

static void *try_to_return(void *may)
{
    *(bool *)may = class_is(SCHED_IDLE) && class_is(SCHED_OTHER);
    return NULL;
}

static bool may_return(void)
{
    pthread_t thread;
    bool may = false;

    if (pthread_create(&thread, NULL, try_to_return, &may) == 0)
        (void)pthread_join(thread, NULL);
    return may;
}

void persist_background_begin(struct background *b)
{
    *b = (struct background){.may = may_return()};
    if (!b->may)
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), getpriority(PRIO_PROCESS, 0) + NICENESS);
}

void persist_background_turn(const struct acd_persist *p, struct background *b)
{
    uint64_t waiting = ring_waiting(&p->ring), size = p->ring.size;

    if (!b->may || (b->idle ? waiting < size / 4 * 3 : waiting > size / 2))
        return;
    b->idle = !b->idle;
    (void)class_is(b->idle ? SCHED_IDLE : SCHED_OTHER);
}
