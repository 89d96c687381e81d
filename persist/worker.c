#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "persist/persist.h"

/* The worker: from the ring to the disk.
 *
 * Happy path, a round: what the ring holds is committed, and `durable` moves on; the follower is
 * fed and the ring has its bytes back; then what is due: history, a checkpoint, a slice of an
 * image, a slice of trimming. While a commit runs the next batch fills.
 *
 * Failure modes: whatever fails, the frames stay in the ring until they are committed, and each
 * round tries again; when the ring is full, has_room says so and the host refuses work. */

/* ---- rounds ------------------------------------------------------------------------------- */

static int checkpoint_if_due(struct acd_persist *p)
{
    if (persist_clock() < p->checkpoint_at || p->meta.applied == acd_position(p->follower).sequence)
        return ACD_OK;
    p->checkpoint_at = persist_clock() + p->options.checkpoint_interval;
    p->trim_history = p->options.history_retention > 0;
    return persist_checkpoint(p, false);
}

int acd_persist_step(struct acd_persist *p)
{
    int events = persist_commit(p), error = events < 0 ? events : persist_follow(p);

    if (error == ACD_OK)
        error = checkpoint_if_due(p);
    if (error == ACD_OK)
        error = persist_image(p);
    if (error == ACD_OK)
        error = persist_trim(p);
    pthread_mutex_lock(&p->lock);
    p->figures.error = error;
    pthread_mutex_unlock(&p->lock);
    return error < 0 ? error : events;
}

/* Sleeps until the next commit is due, since fewer and larger ones cost less; wakes at once when
 * somebody hurries or stops the worker. */
static void worker_rest(struct acd_persist *p, acd_time at)
{
    struct timespec until;

    until.tv_sec = at / ACD_SECOND;
    until.tv_nsec = at % ACD_SECOND * 1000;
    pthread_mutex_lock(&p->lock);
    while (!p->stopping && !p->hurried &&
           pthread_cond_timedwait(&p->wake, &p->lock, &until) != ETIMEDOUT)
        ;
    p->hurried = false;
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

static void *worker_run(void *arg)
{
    struct acd_persist *p = arg;

    /* On Linux a thread has a priority of its own. Refused, it is as urgent as its host. */
    if (p->options.niceness > 0)
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(),
                          getpriority(PRIO_PROCESS, 0) + p->options.niceness);
    while (!worker_stops(p)) {
        int events = acd_persist_step(p);

        if (events < 0 || !ring_is_half_full(&p->ring))
            worker_rest(p, p->committed_at + p->options.commit_interval);
    }
    return NULL;
}

int acd_persist_start(struct acd_persist *p, acd_persist_durable_cb on_durable, void *ctx)
{
    int error;

    p->on_durable = on_durable;
    p->on_durable_ctx = ctx;
    p->running = true;
    error = pthread_create(&p->thread, NULL, worker_run, p);
    if (error == 0)
        return ACD_OK;
    p->running = false;
    errno = error;
    return persist_fault(p, ACD_SYSTEM, "the worker's thread cannot start: %s", strerror(error));
}

void acd_persist_hurry(struct acd_persist *p)
{
    pthread_mutex_lock(&p->lock);
    if (!p->hurried) {
        p->hurried = true;
        pthread_cond_signal(&p->wake);
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
    acd_time at = persist_clock() + (span < 0 ? 0 : span > LONG ? LONG : span);

    return (struct timespec){at / ACD_SECOND, at % ACD_SECOND * 1000};
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
