#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "persist/background.h"
#include "persist/persist.h"

/* Workers that take what others leave of scarce processors.
 *
 * Happy path: their threads are as nice as can be, and ask for slices longer than anybody's, so
 * that who wakes up preempts them (Linux 6.12). Linux is fair to the nicest too: what a thread was
 * not given adds up, and then it keeps a processor until the next tick, for up to 4 ms. So they
 * give way at short intervals: a yield forfeits what has added up. (In the idle class they would be
 * left where they are, behind a busy loop, while the next processor is idle.) Who is starved cannot
 * help itself, so a third thread watches: it makes the committer as urgent as its host for a while
 * when what was appended is durable later than it should be, and the follower when half of the
 * ring is full, until a quarter is, or when it has not come to what was committed 5 s ago.
 * Whoever hurries the committer does so at once. The urgent give no way: among those who never
 * sleep, to forfeit a slice at each step would leave next to nothing.
 *
 * Failure modes: only privileged threads become less nice (CAP_SYS_NICE, or RLIMIT_NICE of 20 less
 * the host's niceness). That is found out by trying, in a thread that ends; without the right the
 * committer is as its host, since how much a power cut may take is promised in time, and the
 * follower is somewhat nicer. */

enum { NICEST = 19, NICER = 10, SLICE_NS = 4 * 1000 * 1000 };

static const acd_span LATE = 50 * ACD_MS;      /* after the commit interval */
static const acd_span URGENT = 1 * ACD_SECOND; /* since it was late, or hurried */
static const acd_span WATCH = 10 * ACD_MS;
static const acd_span STALE = 5 * ACD_SECOND; /* so far behind what is committed */

static _Thread_local const struct background *mine; /* NULL: this thread is no worker */

/* struct sched_attr of sched_setattr(2), which glibc 2.36 has not. */
struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

/* Of a thread; 0: this one. Kernels without slices of one's own pass over `runtime`. */
static bool niceness_set(pid_t thread, int niceness)
{
    const struct scheduling attr = {
        .size = sizeof attr, .policy = SCHED_OTHER, .nice = niceness, .runtime = SLICE_NS};

    return syscall(SYS_sched_setattr, thread, &attr, 0) == 0;
}

static int host_niceness(void)
{
    return getpriority(PRIO_PROCESS, (id_t)getpid());
}

static void *try_to_return(void *may)
{
    *(bool *)may = niceness_set(0, NICEST) && niceness_set(0, host_niceness());
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
    mine = worker;
    pthread_mutex_unlock(&p->lock);
    if (!may && worker == &p->follower_place)
        (void)niceness_set(0, host_niceness() + NICER);
}

void background_give_way(void)
{
    if (mine != NULL && atomic_load_explicit(&mine->nice, memory_order_relaxed))
        (void)sched_yield();
}

static void turn(struct background *worker, bool nice)
{
    if (worker->thread == 0 || worker->nice == nice)
        return;
    worker->nice = nice;
    (void)niceness_set(worker->thread, nice ? NICEST : host_niceness());
}

void background_hurried(struct acd_persist *p)
{
    p->urgent_until = persist_clock() + URGENT;
    turn(&p->committer_place, false);
}

/* Whether the follower has come to where the committer was, the last time that it had. */
static bool follower_is_stale(struct acd_persist *p, acd_time now)
{
    if (atomic_load(&p->ring.header->tail) >= p->to_follow) {
        p->to_follow = atomic_load(&p->followable);
        p->to_follow_since = now;
    }
    return now - p->to_follow_since > STALE;
}

void background_turn(struct acd_persist *p)
{
    uint64_t waiting = ring_waiting(&p->ring), size = p->ring.size;
    bool behind = atomic_load(&p->appended) > atomic_load(&p->durable);
    acd_time now = persist_clock();

    if (behind && now - p->gathered_at > p->options.commit_interval + LATE)
        p->urgent_until = now + URGENT;
    turn(&p->committer_place, now >= p->urgent_until);
    turn(&p->follower_place,
         waiting < (p->follower_place.nice ? size / 2 : size / 4) && !follower_is_stale(p, now));
}

/* Under lock: nothing is to be committed or followed, and who makes this untrue wakes us. */
static bool all_rest(const struct acd_persist *p)
{
    return atomic_load(&p->asleep) && ring_waiting(&p->ring) == 0 &&
           persist_clock() >= p->urgent_until;
}

void *background_watch(void *arg)
{
    struct acd_persist *p = arg;

    pthread_mutex_lock(&p->lock);
    while (!p->stopping) {
        struct timespec until = persist_moment(persist_clock() + WATCH);

        background_turn(p);
        if (all_rest(p))
            (void)pthread_cond_wait(&p->watch, &p->lock);
        else
            (void)pthread_cond_timedwait(&p->watch, &p->lock, &until);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}
