#include "daemon/work.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "engine/acd_assert.h"

/* ---- lists, under the lock ------------------------------------------------------------------ */

static void put(struct work_list *list, struct work *work)
{
    work->next = NULL;
    if (list->first == NULL)
        list->first = work;
    else
        list->last->next = work;
    list->last = work;
}

/* NULL: there is none. */
static struct work *take(struct work_list *list)
{
    struct work *work = list->first;

    if (work != NULL)
        list->first = work->next;
    return work;
}

/* ---- the other threads ---------------------------------------------------------------------- */

/* The loop is told once of all that it has not taken. */
static void finish(struct workers *w, struct work *work)
{
    const uint64_t one = 1;
    bool tells;

    uv_mutex_lock(&w->lock);
    tells = !work->can_wait && !w->has_told;
    w->has_told |= tells;
    put(&w->finished, work);
    uv_mutex_unlock(&w->lock);
    if (tells)
        ACD_ASSERT(write(w->told, &one, sizeof one) == (ssize_t)sizeof one);
}

/* The next piece, which is waited for. NULL: it is the end. */
static struct work *await(struct worker *me)
{
    struct workers *w = me->all;
    struct work *work;

    uv_mutex_lock(&w->lock);
    while (w->waiting.first == NULL && !w->ending) {
        me->below = w->idle;
        w->idle = me;
        uv_mutex_unlock(&w->lock);
        uv_sem_wait(&me->asked);
        uv_mutex_lock(&w->lock);
    }
    work = take(&w->waiting);
    uv_mutex_unlock(&w->lock);
    return work;
}

static void thread(void *arg)
{
    struct worker *me = arg;
    struct work *work;

    while ((work = await(me)) != NULL) {
        work->run(work);
        finish(me->all, work);
    }
}

/* ---- the loop ------------------------------------------------------------------------------- */

void work_collect(struct workers *w)
{
    struct work *work, *next;

    uv_mutex_lock(&w->lock);
    work = w->finished.first;
    w->finished.first = NULL;
    w->has_told = false;
    uv_mutex_unlock(&w->lock);
    for (; work != NULL; work = next) {
        next = work->next; /* it may be gone then */
        work->done(work);
    }
}

static void on_told(uv_poll_t *hears, int status, int events)
{
    struct workers *w = hears->data;
    uint64_t count;

    (void)events;
    ACD_ASSERT(status == 0 && read(w->told, &count, sizeof count) == (ssize_t)sizeof count);
    work_collect(w);
}

/* It runs until it is asked and finds nothing, at the end. */
static bool worker_start(struct workers *w, struct worker *worker)
{
    worker->all = w;
    return uv_sem_init(&worker->asked, 0) == 0 &&
           uv_thread_create(&worker->thread, thread, worker) == 0;
}

bool work_open(struct workers *w, uv_loop_t *loop)
{
    int started = 0;

    *w = (struct workers){.told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (w->told < 0 || uv_mutex_init(&w->lock) != 0 || uv_poll_init(loop, &w->hears, w->told) != 0)
        return false;
    w->hears.data = w;
    if (uv_poll_start(&w->hears, UV_READABLE, on_told) != 0)
        return false;
    while (started < WORK_THREADS && worker_start(w, &w->threads[started]))
        started++;
    return started == WORK_THREADS;
}

/* Wakes one that is idle, and unlocks. False: none was. */
static bool rouse(struct workers *w)
{
    struct worker *idle = w->idle;

    if (idle != NULL)
        w->idle = idle->below;
    uv_mutex_unlock(&w->lock); /* it needs it first */
    if (idle != NULL)
        uv_sem_post(&idle->asked);
    return idle != NULL;
}

void work_put(struct workers *w, struct work *work)
{
    uv_mutex_lock(&w->lock);
    put(&w->waiting, work);
    (void)rouse(w);
}

void work_handles_close(struct workers *w)
{
    uv_close((uv_handle_t *)&w->hears, NULL);
}

void work_close(struct workers *w)
{
    do {
        uv_mutex_lock(&w->lock);
        w->ending = true;
    } while (rouse(w));
    for (int i = 0; i < WORK_THREADS; i++) {
        uv_thread_join(&w->threads[i].thread);
        uv_sem_destroy(&w->threads[i].asked);
    }
    work_collect(w);
    uv_mutex_destroy(&w->lock);
    (void)close(w->told);
}
