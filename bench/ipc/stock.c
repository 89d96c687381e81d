#include "bench/ipc/stock.h"

#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/acd_wire.h"

enum {
    REQUEST_HEAD = ACD_WIRE_REQUEST_HEADER + 8, /* and the number */
    REPLY_HEAD = ACD_WIRE_REPLY_HEADER + ACD_WIRE_REPLY_HEAD,
};

static void must(int error, const char *what)
{
    if (error != 0)
        bench_give_up("nng: %s: %s", what, nng_strerror(error));
}

static void url_of(char *url, size_t room, const char *path)
{
    (void)snprintf(url, room, "ipc://%s", path);
}

/* ---- the echo ------------------------------------------------------------------------------- */

struct worker {
    nng_ctx context;
    nng_aio *aio;
    bool is_replying;
};

/* Gives the message the length that its first four bytes ask for. */
static void reply(struct worker *w)
{
    nng_msg *message = nng_aio_get_msg(w->aio);
    uint32_t bytes;

    memcpy(&bytes, nng_msg_body(message), sizeof bytes);
    must(nng_msg_realloc(message, bytes), "message");
    nng_aio_set_msg(w->aio, message);
    nng_ctx_send(w->context, w->aio);
}

static void on_worker(void *ctx)
{
    struct worker *w = ctx;

    if (nng_aio_result(w->aio) != 0)
        return;
    w->is_replying = !w->is_replying;
    if (w->is_replying)
        reply(w);
    else
        nng_ctx_recv(w->context, w->aio);
}

void stock_serve(const char *path, int ready)
{
    static struct worker workers[LOAD_LANES_MAX];
    char url[256];
    nng_socket s;

    url_of(url, sizeof url, path);
    must(nng_rep0_open(&s), "rep");
    for (int i = 0; i < LOAD_LANES_MAX; i++) {
        must(nng_ctx_open(&workers[i].context, s), "context");
        must(nng_aio_alloc(&workers[i].aio, on_worker, &workers[i]), "aio");
        nng_ctx_recv(workers[i].context, workers[i].aio);
    }
    must(nng_listen(s, url, NULL, 0), url);
    if (write(ready, "r", 1) != 1)
        return;
    for (;;)
        pause();
}

/* ---- the client ----------------------------------------------------------------------------- */

struct lane {
    struct stock *stock;
    uint32_t number;
    int step; /* of an echo */
    nng_ctx context;
    nng_aio *aio;
    bool is_receiving;
};

struct stock {
    nng_socket socket;
    const struct mix_sizes *sizes;
    struct mix *mix;
    acd_client_id gateway;
    struct lane lanes[LOAD_LANES_MAX];

    /* Nng calls back from several threads. This is of all below and of the mix, and held while a
     * request is given to nng: a thread that lost the processor in between would come too late with
     * its number, once the other lanes have used 1,024 more. */
    pthread_mutex_t mutex;
    pthread_cond_t idle;
    struct load *load;
    uint64_t request;
    uint32_t unanswered;
};

/* Makes the lane's next request in `out`; returns its bytes. */
static size_t make_echo(struct lane *lane, uint8_t *out)
{
    const struct mix_sizes *sizes = lane->stock->sizes;
    uint32_t reply_bytes = (uint32_t)(REPLY_HEAD + sizes->reply[lane->step]);
    size_t bytes = REQUEST_HEAD + sizes->request[lane->step];

    memset(out, 0, bytes);
    memcpy(out, &reply_bytes, sizeof reply_bytes);
    lane->step = (lane->step + 1) % MIX_STEPS;
    return bytes;
}

static size_t make_request(struct lane *lane, uint8_t *out, size_t room)
{
    struct stock *s = lane->stock;
    struct acd_command command;
    struct acd_request_writer w;

    mix_command(s->mix, lane->number, &command);
    acd_request_begin(&w, out, room, s->gateway);
    if (acd_request_put(&w, ++s->request, acd_message_record(command.code), &command.as) != ACD_OK)
        bench_give_up("a request has no room");
    return acd_request_end(&w);
}

/* With the mutex. */
static void ask(struct lane *lane, nng_msg *message)
{
    uint8_t out[2 * ACD_RECORD_MAX];
    size_t bytes =
        lane->stock->mix == NULL ? make_echo(lane, out) : make_request(lane, out, sizeof out);

    nng_msg_clear(message);
    must(nng_msg_append(message, out, bytes), "message");
    lane->is_receiving = false;
    nng_aio_set_msg(lane->aio, message);
    nng_ctx_send(lane->context, lane->aio);
}

static int outcome_of(nng_msg *message, struct acd_view_outcome *o)
{
    struct acd_reply_reader reader;
    struct acd_reply reply;

    if (acd_reply_read(&reader, nng_msg_body(message), nng_msg_len(message)) != ACD_OK ||
        acd_reply_next(&reader, &reply) != 1 ||
        acd_record_view_outcome.decode(reply.records, reply.size, o) < 0)
        bench_give_up("acdd's reply cannot be read");
    return o->error;
}

static void answered(struct lane *lane, nng_msg *message)
{
    struct stock *s = lane->stock;
    struct acd_view_outcome o;
    int error = s->mix == NULL ? 0 : outcome_of(message, &o);

    pthread_mutex_lock(&s->mutex);
    if (s->mix != NULL)
        mix_answered(s->mix, lane->number, error, &o);
    if (load_answered(s->load, lane->number)) {
        ask(lane, message);
    } else {
        nng_msg_free(message);
        if (--s->unanswered == 0)
            pthread_cond_signal(&s->idle);
    }
    pthread_mutex_unlock(&s->mutex);
}

static void on_lane(void *ctx)
{
    struct lane *lane = ctx;

    if (nng_aio_result(lane->aio) == NNG_ECLOSED)
        return;
    must(nng_aio_result(lane->aio), "request");
    if (lane->is_receiving) {
        answered(lane, nng_aio_get_msg(lane->aio));
        return;
    }
    lane->is_receiving = true;
    nng_ctx_recv(lane->context, lane->aio);
}

struct stock *stock_connect(const char *path, const struct mix_sizes *sizes, struct mix *m,
                            acd_client_id gateway)
{
    struct stock *s = bench_take(1, sizeof *s);
    char url[256];

    s->sizes = sizes;
    s->mix = m;
    s->gateway = gateway;
    s->request = UINT64_C(1) << 32; /* beyond those that the client library used */
    (void)pthread_mutex_init(&s->mutex, NULL);
    (void)pthread_cond_init(&s->idle, NULL);
    url_of(url, sizeof url, path);
    must(nng_req0_open(&s->socket), "req");
    must(nng_dial(s->socket, url, NULL, 0), url);
    for (uint32_t i = 0; i < LOAD_LANES_MAX; i++) {
        struct lane *lane = &s->lanes[i];

        lane->stock = s;
        lane->number = i;
        must(nng_ctx_open(&lane->context, s->socket), "context");
        must(nng_aio_alloc(&lane->aio, on_lane, lane), "aio");
    }
    return s;
}

void stock_run(struct stock *s, struct load *l)
{
    pthread_mutex_lock(&s->mutex);
    s->load = l;
    s->unanswered = l->depth;
    for (uint32_t i = 0; i < l->depth; i++) {
        nng_msg *message;

        must(nng_msg_alloc(&message, 0), "message");
        load_sent(l, i);
        ask(&s->lanes[i], message);
    }
    while (s->unanswered > 0)
        pthread_cond_wait(&s->idle, &s->mutex);
    pthread_mutex_unlock(&s->mutex);
}

void stock_close(struct stock *s)
{
    nng_close(s->socket);
    for (int i = 0; i < LOAD_LANES_MAX; i++)
        nng_aio_free(s->lanes[i].aio);
    pthread_cond_destroy(&s->idle);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}
