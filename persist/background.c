#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "persist/background.h"
#include "persist/persist.h"

/* Workers that take what others leave of scarce processors.
 *
 * Happy path: their threads are of the idle class: whoever wakes up has its processor, not after
 * the milliseconds of a time slice. Linux is fair to that class too: from 6.6 on what a thread was
 * not given adds up, and one that has just woken up may keep a processor until the next tick, for
 * up to 4 ms. So they give way at short intervals: a yield forfeits what has added up, as much as a
 * slice, which therefore is a long one. Who is starved cannot help itself, so a third thread
 * watches: it takes the committer out for a while when what was appended is durable later than it
 * should be, and the follower when three quarters of the ring are full, until half of it is.
 * Whoever hurries the committer takes it out at once. Out of it they ask for short slices. (Slices
 * are of Linux 6.12 on.)
 *
 * Failure modes: from the idle class only privileged threads return (CAP_SYS_NICE, or RLIMIT_NICE
 * of 20 or more). That is found out by trying, in a thread that ends; without the right the
 * committer is as its host, since how much a power cut may take is promised in time, and the
 * follower is nice. */

enum { NICENESS = 10, SLICE_NS = 100 * 1000, IDLE_SLICE_NS = 4 * 1000 * 1000 };

static const acd_span LATE = 50 * ACD_MS;      /* after the commit interval */
static const acd_span URGENT = 1 * ACD_SECOND; /* since it was late, or hurried */
static const acd_span WATCH = 10 * ACD_MS;

static _Thread_local bool is_worker;

/* struct sched_attr of sched_setattr(2), which glibc 2.36 has not. */
struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

/* Of a thread; 0: this one. */
static bool class_give(pid_t thread, uint32_t policy, uint64_t slice)
{
    const struct scheduling attr = {
        .size = sizeof attr,
        .policy = policy,
        .nice = getpriority(PRIO_PROCESS, (id_t)thread),
        .runtime = slice,
    };

    return syscall(SYS_sched_setattr, thread, &attr, 0) == 0;
}

/* The idle class takes no slice along, but leaves one that is there. */
static bool class_set(pid_t thread, bool idle)
{
    return class_give(thread, SCHED_OTHER, idle ? IDLE_SLICE_NS : SLICE_NS) &&
           (!idle || class_give(thread, SCHED_IDLE, 0));
}

static void *try_to_return(void *may)
{
    *(bool *)may = class_set(0, true) && class_set(0, false);
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
    is_worker = true;
    pthread_mutex_unlock(&p->lock);
    if (!may && worker == &p->follower_class)
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), getpriority(PRIO_PROCESS, 0) + NICENESS);
}

void background_give_way(void)
{
    if (is_worker)
        (void)sched_yield();
}

static void turn(struct background *worker, bool idle)
{
    if (worker->thread == 0 || worker->idle == idle)
        return;
    worker->idle = idle;
    (void)class_set(worker->thread, idle);
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
    turn(&p->follower_class, waiting < (p->follower_class.idle ? size / 4 * 3 : size / 2));
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
