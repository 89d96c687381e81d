#include <sched.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include "persist/persist.h"

/* A follower that takes what others leave of scarce processors. (Not the committer: how much a
 * power cut may take is promised in time.)
 *
 * Happy path: its thread is of the idle class: whoever wakes up has its processor at once, not
 * after the milliseconds of a time slice. While half of the ring is full it is as urgent as its
 * host, so that other programs cannot starve it. The committer says so, since who is starved cannot
 * help itself.
 *
 * Failure modes: from the idle class only privileged threads return (CAP_SYS_NICE, or RLIMIT_NICE
 * of 20 or more). That is found out by trying, in a thread that ends; without the right the
 * follower is nice instead. */

enum { NICENESS = 10 };

/* Of a thread, on Linux; 0: this one. */
static bool class_set(pid_t thread, int policy)
{
    const struct sched_param none = {.sched_priority = 0};

    return sched_setscheduler(thread, policy, &none) == 0;
}

static void *try_to_return(void *may)
{
    *(bool *)may = class_set(0, SCHED_IDLE) && class_set(0, SCHED_OTHER);
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

void background_begin(struct acd_persist *p)
{
    if (may_return())
        atomic_store(&p->in_background, gettid());
    else
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), getpriority(PRIO_PROCESS, 0) + NICENESS);
}

void background_turn(const struct acd_persist *p, bool *idle)
{
    uint64_t waiting = ring_waiting(&p->ring), size = p->ring.size;
    pid_t follower = atomic_load(&p->in_background);

    if (follower == 0 || (*idle ? waiting < size / 2 : waiting > size / 4))
        return;
    *idle = !*idle;
    (void)class_set(follower, *idle ? SCHED_IDLE : SCHED_OTHER);
}
