#include "daemon/recovering.h"

#include <inttypes.h>

#include "daemon/log.h"

static const uint64_t EVERY_NS = 1000000000;

static void say(const char *what, uint64_t done, uint64_t of)
{
    if (of > 0)
        log_line(LOG_INFO, "recovering", "from=%s done=%" PRIu64 " of=%" PRIu64, what, done, of);
    else
        log_line(LOG_INFO, "recovering", "from=%s done=%" PRIu64, what, done);
}

/* Waits for the end, a second at most; whether that has come. */
static bool ends_soon(struct recovering *r)
{
    const uint64_t until = uv_hrtime() + EVERY_NS;

    for (uint64_t now = uv_hrtime(); !r->ended && now < until; now = uv_hrtime())
        (void)uv_cond_timedwait(&r->over, &r->lock, until - now);
    return r->ended;
}

static void run(void *arg)
{
    struct recovering *r = arg;

    uv_mutex_lock(&r->lock);
    while (!ends_soon(r)) {
        const char *what = r->what;
        uint64_t done = r->done, of = r->of;

        uv_mutex_unlock(&r->lock); /* who is about it never waits for the log */
        say(what, done, of);
        uv_mutex_lock(&r->lock);
    }
    uv_mutex_unlock(&r->lock);
}

void recovering_begin(struct recovering *r)
{
    *r = (struct recovering){.what = "files"};
    uv_mutex_init(&r->lock);
    uv_cond_init(&r->over);
    r->running = uv_thread_create(&r->thread, run, r) == 0;
}

void recovering_note(void *ctx, const char *what, uint64_t done, uint64_t of)
{
    struct recovering *r = ctx;

    uv_mutex_lock(&r->lock);
    r->what = what;
    r->done = done;
    r->of = of;
    uv_mutex_unlock(&r->lock);
}

void recovering_end(struct recovering *r)
{
    uv_mutex_lock(&r->lock);
    r->ended = true;
    uv_cond_signal(&r->over);
    uv_mutex_unlock(&r->lock);
    if (r->running)
        uv_thread_join(&r->thread);
    uv_cond_destroy(&r->over);
    uv_mutex_destroy(&r->lock);
}
