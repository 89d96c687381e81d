#include "daemon/work.h"

#include <stddef.h>

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
    bool tells;

    uv_mutex_lock(&w->lock);
    tells = !work->can_wait && !w->has_told;
    w->has_told |= tells;
    put(&w->finished, work);
    uv_mutex_unlock(&w->lock);
    if (tells)
        nudge_give(&w->nudge);
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

static void on_finished(void *ctx)
{
    work_collect(ctx);
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

    *w = (struct workers){.ending = false};
    if (uv_mutex_init(&w->lock) != 0 || !nudge_open(&w->nudge, loop, on_finished, w))
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
    nudge_handle_close(&w->nudge);
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
    nudge_close(&w->nudge);
}
