#include <errno.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "persist/kept.h"
#include "persist/persist.h"

/* The two workers: from the ring to the disk.
 *
 * Happy path: the committer writes what the ring holds into the journal, and `durable` moves on; it
 * waits for the disk most of the time, and sleeps while nothing is appended. Meanwhile the follower
 * feeds its engine with what was committed before, gives the ring its bytes back, and does what is
 * due: history, a checkpoint, a slice of an image, a slice of trimming. Neither waits for the
 * other. Without threads a step is a round of both.
 *
 * Failure modes: whatever fails, the frames stay in the ring until they are committed and followed,
 * and each round tries again; when the ring is full, has_room says so and the host refuses work. */

enum { THREADS = 3 }; /* the workers', and one that watches over them */

static const acd_span FOLLOWER_RESTS = 100 * ACD_MS; /* at most: something may be due */

/* Whatever of the follower has failed, a checkpoint follows so much later at most. */
static const acd_span AGAIN = ACD_SECOND;

/* ---- rounds ------------------------------------------------------------------------------- */

static void round_ended(struct acd_persist *p, int *which, int error)
{
    pthread_mutex_lock(&p->lock);
    *which = error;
    p->figures.error = p->commit_error != ACD_OK ? p->commit_error : p->follow_error;
    pthread_mutex_unlock(&p->lock);
}

/* Returns the events committed, or an error. */
static int commit_round(struct acd_persist *p)
{
    int events = persist_commit(p), error = events < 0 ? events : persist_journal_trim(p);

    round_ended(p, &p->commit_error, error);
    return error < 0 ? error : events;
}

static int checkpoint_if_due(struct acd_persist *p)
{
    bool written = p->meta.applied == acd_position(p->follower).sequence;
    int error;

    p->failed = p->failed && !written;
    if (written || persist_clock() < p->checkpoint_at)
        return ACD_OK;
    p->checkpoint_at = persist_clock() + p->options.checkpoint_interval;
    p->trim_history = p->options.history_retention > 0;
    p->trim_intervals = p->options.interval_retention > 0;
    p->trim_folds = p->options.fold_retention > 0;
    error = persist_checkpoint(p, false);
    p->failed = p->failed && error != ACD_OK;
    return error;
}

/* An error stands until a checkpoint, which brings history with it, has been written since; that of
 * an image until one is whole. What else may fail is tried again in each round. */
static int follow_ended(struct acd_persist *p, int error)
{
    acd_time soon = persist_clock() + AGAIN;

    if (error != ACD_OK && p->checkpoint_at > soon)
        p->checkpoint_at = soon;
    if (error != ACD_OK)
        p->failed = true;
    if (error != ACD_OK || !p->failed)
        round_ended(p, &p->follow_error, error != ACD_OK ? error : p->image_error);
    return error;
}

static int follow_round(struct acd_persist *p)
{
    int error = persist_follow(p);

    if (error == ACD_OK)
        error = checkpoint_if_due(p);
    if (error == ACD_OK)
        error = persist_image(p);
    if (error == ACD_OK)
        error = persist_history_trim(p);
    if (error == ACD_OK)
        error = persist_keep_day(p);
    return follow_ended(p, error);
}

void acd_persist_on_durable(struct acd_persist *p, acd_persist_durable_cb on_durable, void *ctx)
{
    p->on_durable = on_durable;
    p->on_durable_ctx = ctx;
}

int acd_persist_step(struct acd_persist *p)
{
    int events = commit_round(p), error = events < 0 ? events : follow_round(p);

    return error < 0 ? error : events;
}

/* ---- threads ------------------------------------------------------------------------------ */

/* membarrier(2): a barrier in all threads of this process. */
static bool barrier_in_all(int command)
{
    return syscall(SYS_membarrier, command, 0, 0) == 0;
}

/* Under lock: whether there is nothing to do until something is appended. Who appends looks at
 * `asleep` behind what it has appended, without a barrier, which each frame would pay for: this one
 * is for both. So either it sees that the committer sleeps, or here is seen what is appended. */
static bool committer_falls_asleep(struct acd_persist *p)
{
    atomic_store(&p->asleep, true);
    if (barrier_in_all(MEMBARRIER_CMD_PRIVATE_EXPEDITED) && ring_unread(&p->ring) == 0 &&
        p->trimmed_behind == atomic_load(&p->kept))
        return true;
    atomic_store(&p->asleep, false);
    return false;
}

void persist_wake(struct acd_persist *p)
{
    pthread_mutex_lock(&p->lock);
    if (atomic_load(&p->asleep)) {
        p->gathered_at = persist_clock();
        atomic_store(&p->asleep, false);
        pthread_cond_signal(&p->wake);
        pthread_cond_signal(&p->watch);
    }
    pthread_mutex_unlock(&p->lock);
}

/* Sleeps until the next commit is due; wakes at once when somebody hurries or stops it. Who had
 * nothing to do sleeps until something is appended, and then lets more of it come together. */
static void committer_rest(struct acd_persist *p, bool was_idle)
{
    acd_time at = p->commit_at;
    struct timespec until;

    pthread_mutex_lock(&p->lock);
    if (was_idle && committer_falls_asleep(p)) {
        while (!p->stopping && !p->hurried && atomic_load(&p->asleep))
            (void)pthread_cond_wait(&p->wake, &p->lock);
        atomic_store(&p->asleep, false);
        at = p->gathered_at + p->options.commit_interval;
    }
    until = persist_moment(at);
    while (!p->stopping && !p->hurried &&
           pthread_cond_timedwait(&p->wake, &p->lock, &until) != ETIMEDOUT)
        ;
    p->hurried = false;
    pthread_mutex_unlock(&p->lock);
}

/* Sleeps until there is something to follow; after an error for as long as between two commits. */
static void follower_rest(struct acd_persist *p, bool failed)
{
    struct timespec until =
        persist_moment(persist_clock() + (failed ? p->options.commit_interval : FOLLOWER_RESTS));
    uint64_t tail = atomic_load(&p->ring.header->tail);

    pthread_mutex_lock(&p->lock);
    while (!p->stopping && (failed || atomic_load(&p->followable) == tail) &&
           pthread_cond_timedwait(&p->done, &p->lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&p->lock);
}

static bool worker_stops(struct acd_persist *p)
{
    bool stops;

    pthread_mutex_lock(&p->lock);
    stops = p->stopping;
    pthread_mutex_unlock(&p->lock);
    return stops;
}

static void *committer_run(void *arg)
{
    struct acd_persist *p = arg;

    background_begin(p, &p->committer_place);
    while (!worker_stops(p)) {
        int events = commit_round(p);

        if (events < 0 || ring_unread(&p->ring) < p->ring.size / 4)
            committer_rest(p, events == 0);
    }
    return NULL;
}

static void *follower_run(void *arg)
{
    struct acd_persist *p = arg;

    background_begin(p, &p->follower_place);
    while (!worker_stops(p))
        follower_rest(p, follow_round(p) < 0);
    return NULL;
}

/* Of so many of the threads: those that have begun. */
static void workers_join(struct acd_persist *p, int threads)
{
    const pthread_t begun[THREADS] = {p->committer, p->following, p->watching};

    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_signal(&p->wake);
    pthread_cond_broadcast(&p->done);
    pthread_cond_signal(&p->watch);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < threads; i++)
        (void)pthread_join(begun[i], NULL);
}

void persist_workers_stop(struct acd_persist *p)
{
    if (p->running)
        workers_join(p, THREADS);
}

int acd_persist_start(struct acd_persist *p, acd_persist_durable_cb on_durable, void *ctx)
{
    static void *(*const run[THREADS])(void *) = {committer_run, follower_run, background_watch};
    pthread_t *threads[THREADS] = {&p->committer, &p->following, &p->watching};
    int error = 0, begun = 0;

    acd_persist_on_durable(p, on_durable, ctx);
    p->running = true;
    (void)barrier_in_all(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED); /* else nobody sleeps */
    while (begun < THREADS && error == 0) {
        error = pthread_create(threads[begun], NULL, run[begun], p);
        begun += error == 0;
    }
    if (error == 0)
        return ACD_OK;
    workers_join(p, begun);
    p->running = p->stopping = false;
    errno = error;
    return persist_fault(p, ACD_SYSTEM, "a worker's thread cannot start: %s", strerror(error));
}

void acd_persist_hurry(struct acd_persist *p)
{
    pthread_mutex_lock(&p->lock);
    if (!p->hurried) {
        p->hurried = true;
        background_hurried(p);
        pthread_cond_signal(&p->wake);
        pthread_cond_signal(&p->watch);
    }
    pthread_mutex_unlock(&p->lock);
}

/* Without a thread the waiting is work. What the first rounds do not bring nobody else will. */
static int wait_by_steps(struct acd_persist *p, uint64_t sequence)
{
    int events = 1;

    while (acd_persist_durable(p) < sequence && events > 0)
        events = acd_persist_step(p);
    if (acd_persist_durable(p) >= sequence)
        return ACD_OK;
    return events < 0 ? events : ACD_TIMEOUT;
}

/* The moment after a span, also after one that nobody lives to see. */
static struct timespec moment_in(acd_span span)
{
    static const acd_span LONG = 365 * 24 * 3600 * ACD_SECOND;

    return persist_moment(persist_clock() + (span < 0 ? 0 : span > LONG ? LONG : span));
}

int acd_persist_wait(struct acd_persist *p, uint64_t sequence, acd_span timeout)
{
    struct timespec until = moment_in(timeout);
    int waited = 0, error;

    if (!p->running)
        return wait_by_steps(p, sequence);
    acd_persist_hurry(p);
    pthread_mutex_lock(&p->lock);
    while (acd_persist_durable(p) < sequence && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&p->done, &p->lock, &until);
    error = p->figures.error;
    pthread_mutex_unlock(&p->lock);
    if (acd_persist_durable(p) >= sequence)
        return ACD_OK;
    return error < 0 ? error : ACD_TIMEOUT;
}
