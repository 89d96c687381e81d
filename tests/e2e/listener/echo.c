#include "tests/e2e/listener/echo.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "tests/e2e/check.h"

enum { KEPT_MAX = 4096, KEPT_BYTES_MAX = 1024 };

struct kept {
    struct listener_origin origin;
    size_t len;
    uint8_t body[KEPT_BYTES_MAX];
};

/* A reply that another thread sends. */
struct lent {
    bool is_asked, is_lent;
    struct listener_loan loan;
    struct listener_origin origin;
    uint8_t *room; /* for its head, then its body */
    size_t len;
};

/* What another thread wants done on the loop's, one at a time. */
struct errand {
    void (*run)(struct echo *s, void *arg);
    void *arg;
};

struct echo {
    pthread_t thread;
    uv_loop_t loop;
    uv_async_t wake;
    pthread_mutex_t lock;
    pthread_cond_t done;
    struct errand *errand; /* under the lock */
    bool is_closing;       /* of the test's thread */

    /* Of the loop's thread only. */
    struct listener *listener;
    struct listener_counters last;
    bool is_closed;
    struct lent lent; /* once it is asked for, of the test's thread too */
    size_t kept_count, hung_up, batches;
    struct kept *kept; /* KEPT_MAX */
};

/* ---- the service -------------------------------------------------------------------------- */

static void keep(struct echo *s, const struct listener_origin *origin, const uint8_t *body,
                 size_t len)
{
    struct kept *k = &s->kept[s->kept_count];

    if (!CHECK(s->kept_count < KEPT_MAX) || !CHECK(len <= KEPT_BYTES_MAX))
        return;
    k->origin = *origin;
    k->len = len;
    memcpy(k->body, body, len);
    s->kept_count++;
}

static void fill(uint8_t *to, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to[i] = (uint8_t)i;
}

static void reply_big(struct echo *s, const struct listener_origin *origin, const uint8_t *body)
{
    uint32_t len;
    uint8_t *to;

    memcpy(&len, body + 1, sizeof len);
    to = listener_reply_begin(s->listener, origin, len + 100); /* less than announced is fine */
    if (to == NULL)
        return;
    fill(to, len);
    listener_reply_commit(s->listener, len);
}

static void lend(struct echo *s, const struct listener_origin *origin, const uint8_t *body)
{
    struct lent *lent = &s->lent;
    uint32_t len;

    memcpy(&len, body + 1, sizeof len);
    CHECK(!lent->is_asked);
    *lent = (struct lent){.is_asked = true, .origin = *origin, .len = len};
    lent->room = malloc(LISTENER_HEAD_BYTES_MAX + lent->len);
    if (lent->room == NULL)
        check_give_up("a lent reply", "no memory");
    fill(lent->room + LISTENER_HEAD_BYTES_MAX, lent->len);
    lent->is_lent = listener_lend(s->listener, &lent->loan, origin);
}

static void reply_count(struct echo *s, const struct listener_origin *origin)
{
    uint64_t count = listener_counters(s->listener)->messages_in;
    uint8_t body[sizeof count];

    memcpy(body, &count, sizeof count);
    CHECK(listener_reply(s->listener, origin, body, sizeof body));
}

static void on_request(void *ctx, const struct listener_origin *origin, const uint8_t *body,
                       size_t len)
{
    struct echo *s = ctx;

    if (len > 0 && body[0] == 'k')
        keep(s, origin, body, len);
    else if (len == 5 && body[0] == 'b')
        reply_big(s, origin, body);
    else if (len == 5 && body[0] == 'l')
        lend(s, origin, body);
    else if (len == 1 && body[0] == 'n')
        reply_count(s, origin);
    else
        listener_reply(s->listener, origin, body, len);
}

static void on_batch_end(void *ctx)
{
    ((struct echo *)ctx)->batches++;
}

static void on_conn_closed(void *ctx, listener_conn_id conn, enum listener_end why)
{
    struct echo *s = ctx;

    CHECK(conn.generation != 0);
    CHECK(why < LISTENER_END_COUNT);
    s->last = *listener_counters(s->listener);
    s->hung_up++;
}

static void on_closed(void *ctx)
{
    struct echo *s = ctx;

    s->listener = NULL;
    s->is_closed = true;
    uv_close((uv_handle_t *)&s->wake, NULL);
}

/* ---- the loop's thread -------------------------------------------------------------------- */

static void on_wake(uv_async_t *wake)
{
    struct echo *s = wake->data;
    struct errand *e;

    pthread_mutex_lock(&s->lock);
    e = s->errand;
    if (e != NULL) {
        e->run(s, e->arg);
        s->errand = NULL;
        pthread_cond_broadcast(&s->done);
    }
    pthread_mutex_unlock(&s->lock);
}

static void *run(void *arg)
{
    struct echo *s = arg;

    CHECK(uv_run(&s->loop, UV_RUN_DEFAULT) == 0);
    CHECK(uv_loop_close(&s->loop) == 0); /* no handle was forgotten */
    return NULL;
}

static void call(struct echo *s, void (*what)(struct echo *s, void *arg), void *arg)
{
    struct errand e = {what, arg};

    pthread_mutex_lock(&s->lock);
    s->errand = &e;
    uv_async_send(&s->wake);
    while (s->errand != NULL)
        pthread_cond_wait(&s->done, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

static void release_loop(struct echo *s)
{
    uv_close((uv_handle_t *)&s->wake, NULL);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&s->loop) == 0);
    free(s->kept);
    free(s);
}

int echo_try(struct echo **out, const struct listener_config *config)
{
    const struct listener_handlers handlers = {.on_request = on_request,
                                               .on_batch_end = on_batch_end,
                                               .on_conn_closed = on_conn_closed,
                                               .on_closed = on_closed};
    struct echo *s = calloc(1, sizeof *s);
    int error;

    if (s == NULL || (s->kept = calloc(KEPT_MAX, sizeof *s->kept)) == NULL)
        check_give_up(config->url, "no memory");
    uv_loop_init(&s->loop);
    uv_async_init(&s->loop, &s->wake, on_wake);
    s->wake.data = s;
    CHECK(pthread_mutex_init(&s->lock, NULL) == 0);
    CHECK(pthread_cond_init(&s->done, NULL) == 0);
    error = listener_open(&s->listener, &s->loop, config, &handlers, s);
    if (error != 0) {
        release_loop(s);
        return error;
    }
    if (pthread_create(&s->thread, NULL, run, s) != 0)
        check_give_up(config->url, "no thread");
    *out = s;
    return 0;
}

struct echo *echo_start(const struct listener_config *config)
{
    struct echo *s;
    int error = echo_try(&s, config);

    if (error != 0)
        check_give_up(config->url, listener_error_text(error));
    return s;
}

/* ---- errands ------------------------------------------------------------------------------ */

static void do_close(struct echo *s, void *arg)
{
    s->last = *listener_counters(s->listener);
    listener_close(s->listener, *(uint32_t *)arg);
}

void echo_close_begin(struct echo *s, uint32_t flush_ms)
{
    s->is_closing = true;
    call(s, do_close, &flush_ms);
}

struct listener_counters echo_stop(struct echo *s, uint32_t flush_ms)
{
    struct listener_counters last;

    if (!s->is_closing)
        echo_close_begin(s, flush_ms);
    CHECK(pthread_join(s->thread, NULL) == 0);
    CHECK(s->is_closed);
    last = s->last;
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->done);
    free(s->kept);
    free(s);
    return last;
}

struct hold {
    void (*what)(void *arg);
    void *arg;
};

static void do_hold(struct echo *s, void *arg)
{
    const struct hold *h = arg;

    (void)s;
    h->what(h->arg);
}

void echo_hold(struct echo *s, void (*what)(void *arg), void *arg)
{
    call(s, do_hold, &(struct hold){what, arg});
}

static void do_count(struct echo *s, void *arg)
{
    *(struct listener_counters *)arg = *listener_counters(s->listener);
}

struct listener_counters echo_counters(struct echo *s)
{
    struct listener_counters now;
    uint64_t ended = 0;

    call(s, do_count, &now);
    for (int why = 0; why < LISTENER_END_COUNT; why++)
        ended += now.ended[why];
    CHECK(now.accepted == now.active + ended);
    return now;
}

static void do_port(struct echo *s, void *arg)
{
    *(uint16_t *)arg = listener_port(s->listener);
}

uint16_t echo_port(struct echo *s)
{
    uint16_t port;

    call(s, do_port, &port);
    return port;
}

struct body {
    const void *bytes;
    size_t len;
};

static void do_publish(struct echo *s, void *arg)
{
    const struct body *b = arg;

    listener_publish(s->listener, b->bytes, b->len);
}

void echo_publish(struct echo *s, const void *body, size_t len)
{
    call(s, do_publish, &(struct body){body, len});
}

static void do_kept(struct echo *s, void *arg)
{
    *(size_t *)arg = s->kept_count;
}

static void do_hung_up(struct echo *s, void *arg)
{
    *(size_t *)arg = s->hung_up;
}

static void do_batches(struct echo *s, void *arg)
{
    *(size_t *)arg = s->batches;
}

static size_t ask(struct echo *s, void (*what)(struct echo *s, void *arg))
{
    size_t count;

    call(s, what, &count);
    return count;
}

size_t echo_kept(struct echo *s)
{
    return ask(s, do_kept);
}

size_t echo_hung_up(struct echo *s)
{
    return ask(s, do_hung_up);
}

size_t echo_batches(struct echo *s)
{
    return ask(s, do_batches);
}

static void do_release(struct echo *s, void *arg)
{
    unsigned times = *(unsigned *)arg;

    while (s->kept_count > 0) {
        const struct kept *k = &s->kept[--s->kept_count];

        for (unsigned i = 0; i < times; i++)
            listener_reply(s->listener, &k->origin, k->body, k->len);
    }
}

void echo_release(struct echo *s, unsigned times)
{
    call(s, do_release, &times);
}

static void do_lent(struct echo *s, void *arg)
{
    *(size_t *)arg = s->lent.is_asked;
}

size_t echo_lent(struct echo *s)
{
    return ask(s, do_lent);
}

bool echo_lent_send(struct echo *s)
{
    struct lent *lent = &s->lent;

    return lent->is_lent &&
           listener_loan_send(&lent->loan, lent->room + LISTENER_HEAD_BYTES_MAX, lent->len);
}

static void do_end_lent(struct echo *s, void *arg)
{
    struct lent *lent = &s->lent;

    (void)arg;
    if (s->listener != NULL && !(lent->is_lent && listener_loan_end(s->listener, &lent->loan)))
        listener_reply(s->listener, &lent->origin, lent->room + LISTENER_HEAD_BYTES_MAX, lent->len);
    free(lent->room);
    lent->is_asked = false;
}

void echo_lent_end(struct echo *s)
{
    call(s, do_end_lent, NULL);
}

bool echo_serves(struct peer *p)
{
    char body[16] = "";
    uint32_t tag = 0;
    size_t len = 0;

    return peer_ask(p, PEER_TAG(4711), "hello", 5) &&
           peer_reply(p, &tag, body, sizeof body, &len) && tag == PEER_TAG(4711) && len == 5 &&
           memcmp(body, "hello", 5) == 0;
}
