#include <sched.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include "persist/persist.h"

/* Workers that take what others leave of scarce processors.
 *
 * Happy path: their threads are of the idle class: whoever wakes up has its processor at once, not
 * after the milliseconds of a time slice. Who is starved cannot help itself, so a third thread
 * watches: it takes the committer out for a while when what was appended is durable later than it
 * should be, and the follower while half of the ring is full. Whoever hurries the committer takes
 * it out at once.
 *
 * Failure modes: from the idle class only privileged threads return (CAP_SYS_NICE, or RLIMIT_NICE
 * of 20 or more). That is found out by trying, in a thread that ends; without the right the
 * committer is as its host, since how much a power cut may take is promised in time, and the
 * follower is nice. */

enum { NICENESS = 10 };

static const acd_span LATE = 50 * ACD_MS;      /* after the commit interval */
static const acd_span URGENT = 1 * ACD_SECOND; /* since it was late, or hurried */
static const acd_span WATCH = 10 * ACD_MS;

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

void background_begin(struct acd_persist *p, struct background *worker)
{
    bool may = may_return();

    pthread_mutex_lock(&p->lock);
    worker->thread = may ? gettid() : 0;
    pthread_mutex_unlock(&p->lock);
    if (!may && worker == &p->follower_class)
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), getpriority(PRIO_PROCESS, 0) + NICENESS);
}

static void turn(struct background *worker, bool idle)
{
    if (worker->thread == 0 || worker->idle == idle)
        return;
    worker->idle = idle;
    (void)class_set(worker->thread, idle ? SCHED_IDLE : SCHED_OTHER);
}

void background_hurried(struct acd_persist *p)
{
    p->urgent_until = persist_clock() + URGENT;
    turn(&p->committer_class, false);
}

void background_turn(struct acd_persist *p)
{
    uint64_t waiting = ring_waiting(&p->ring), size = p->ring.size;
    bool behind = atomic_load(&p->appended) > atomic_load(&p->durable);
    acd_time now = persist_clock();

    if (behind && now - p->gathered_at > p->options.commit_interval + LATE)
        p->urgent_until = now + URGENT;
    turn(&p->committer_class, now >= p->urgent_until);
    turn(&p->follower_class, waiting < (p->follower_class.idle ? size / 2 : size / 4));
}

void *background_watch(void *arg)
{
    struct acd_persist *p = arg;

    pthread_mutex_lock(&p->lock);
    while (!p->stopping) {
        struct timespec until = persist_moment(persist_clock() + WATCH);

        background_turn(p);
        (void)pthread_cond_timedwait(&p->stop, &p->lock, &until);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}
