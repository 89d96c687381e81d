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
static struct work *take(struct workers *w)
{
    struct work *work;

    uv_mutex_lock(&w->lock);
    work = w->waiting.first;
    if (work != NULL)
        w->waiting.first = work->next;
    uv_mutex_unlock(&w->lock);
    return work;
}

/* ---- the other threads ---------------------------------------------------------------------- */

/* The loop is told once of all that it has not taken. */
static void finish(struct workers *w, struct work *work)
{
    const uint64_t one = 1;
    bool is_first;

    uv_mutex_lock(&w->lock);
    is_first = w->finished.first == NULL;
    put(&w->finished, work);
    uv_mutex_unlock(&w->lock);
    if (is_first)
        ACD_ASSERT(write(w->told, &one, sizeof one) == (ssize_t)sizeof one);
}

/* Asked for a piece where there is none: it is the end. */
static void thread(void *arg)
{
    struct workers *w = arg;
    struct work *work;

    for (;;) {
        uv_sem_wait(&w->asked);
        work = take(w);
        if (work == NULL)
            return;
        work->run(work);
        finish(w, work);
    }
}

/* ---- the loop ------------------------------------------------------------------------------- */

static void finish_all(struct workers *w)
{
    struct work *work, *next;

    uv_mutex_lock(&w->lock);
    work = w->finished.first;
    w->finished.first = NULL;
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
    finish_all(w);
}

bool work_open(struct workers *w, uv_loop_t *loop)
{
    int started = 0;

    *w = (struct workers){.told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (w->told < 0 || uv_sem_init(&w->asked, 0) != 0 || uv_mutex_init(&w->lock) != 0 ||
        uv_poll_init(loop, &w->hears, w->told) != 0)
        return false;
    w->hears.data = w;
    if (uv_poll_start(&w->hears, UV_READABLE, on_told) != 0)
        return false;
    while (started < WORK_THREADS && uv_thread_create(&w->threads[started], thread, w) == 0)
        started++;
    return started == WORK_THREADS;
}

void work_put(struct workers *w, struct work *work)
{
    uv_mutex_lock(&w->lock);
    put(&w->waiting, work);
    uv_mutex_unlock(&w->lock);
    uv_sem_post(&w->asked);
}

void work_handles_close(struct workers *w)
{
    uv_close((uv_handle_t *)&w->hears, NULL);
}

void work_close(struct workers *w)
{
    for (int i = 0; i < WORK_THREADS; i++)
        uv_sem_post(&w->asked);
    for (int i = 0; i < WORK_THREADS; i++)
        uv_thread_join(&w->threads[i]);
    finish_all(w);
    uv_mutex_destroy(&w->lock);
    uv_sem_destroy(&w->asked);
    (void)close(w->told);
}
