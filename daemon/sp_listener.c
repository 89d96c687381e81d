#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/sp_conn.h"

/* The listener as a whole: see listener.h for what it promises, sp_conn.h for its state. */

enum {
    OUT_BYTES_MAX = 1024 * 1024,
    MESSAGE_BYTES_MAX = 1024 * 1024,
    CONNECTIONS_MAX = 1024,
    HANDSHAKE_MS = 10 * 1000,
    STALL_MS = 60 * 1000,
    BACKLOG = 1024,
    LIMIT_MAX = 1 << 30, /* of bytes: libuv counts them in 32 bits */
};

_Static_assert((int)LISTENER_TAG_BYTES_MAX == (int)SP_TAG_BYTES_MAX, "an origin holds every tag");

/* ---- each turn, each second --------------------------------------------------------------- */

static void on_prepare(uv_prepare_t *prepare)
{
    struct listener *l = prepare->data;
    struct sp_link *n;

    l->turn++;
    l->begun = NULL;
    while ((n = sp_list_first(&l->dirty)) != NULL) {
        struct sp_conn *c = SP_ENTRY(n, struct sp_conn, in_dirty);

        sp_link_remove(n);
        sp_write_flush(c);
        sp_read_resume(c);
    }
}

void sp_listener_mark_dirty(struct sp_conn *c)
{
    if (!sp_link_is_on(&c->in_dirty))
        sp_list_push(&c->listener->dirty, &c->in_dirty);
}

static void on_sweep(uv_timer_t *timer)
{
    struct listener *l = timer->data;
    struct sp_link *n, *after;
    bool again = false;

    for (n = sp_list_first(&l->conns); n != NULL; n = after) {
        after = sp_list_after(&l->conns, n);
        if (sp_conn_sweep(SP_ENTRY(n, struct sp_conn, in_list)))
            again = true;
    }
    if (again)
        sp_listener_sweep_later(l);
}

void sp_listener_sweep_later(struct listener *l)
{
    if (!l->is_closing && !uv_is_active((uv_handle_t *)&l->timer))
        uv_timer_start(&l->timer, on_sweep, SP_SWEEP_MS, 0);
}

/* ---- accepting ---------------------------------------------------------------------------- */

static void refuse(struct listener *l);

static void on_refused(uv_handle_t *handle)
{
    struct listener *l = handle->data;

    l->is_refusing = false;
    if (l->has_to_refuse && !l->is_closing)
        refuse(l);
    sp_listener_handle_closed(l);
}

/* Takes a connection only to close it. There is one handle for that: a second one waits in libuv,
 * which accepts no more until then. */
static void refuse(struct listener *l)
{
    l->has_to_refuse = l->is_refusing;
    if (l->is_refusing)
        return;
    if (l->address.transport == SP_IPC)
        uv_pipe_init(l->loop, &l->refused.pipe, 0);
    else
        uv_tcp_init(l->loop, &l->refused.tcp);
    l->refused.any.data = l;
    l->is_refusing = true;
    l->handles++;
    l->counters.refused++;
    uv_accept(&l->server.stream, &l->refused.stream);
    uv_close(&l->refused.any, on_refused);
}

static void on_connection(uv_stream_t *server, int status)
{
    struct listener *l = server->data;

    if (status != 0) /* out of descriptors: libuv has accepted and closed it */
        l->counters.refused++;
    else if (l->counters.active == l->connections_max)
        refuse(l);
    else
        sp_conn_accept(l);
}

/* ---- opening ------------------------------------------------------------------------------ */

static void release(struct listener *l)
{
    free(l->slots);
    free(l);
}

static size_t limit(size_t asked, size_t otherwise)
{
    ACD_ASSERT(asked <= LIMIT_MAX);
    return asked > 0 ? asked : otherwise;
}

static struct listener *make(const struct listener_config *config)
{
    struct listener *l = calloc(1, sizeof *l);

    if (l == NULL)
        return NULL;
    l->protocol = config->protocol;
    l->out_bytes_max = limit(config->out_bytes_max, OUT_BYTES_MAX);
    l->out_bytes_soft = l->out_bytes_max / 4;
    l->flush_bytes = l->protocol == LISTENER_REP ? SP_FLUSH_REP_BYTES : SP_FLUSH_PUB_BYTES;
    l->message_bytes_max = limit(config->message_bytes_max, MESSAGE_BYTES_MAX);
    l->connections_max = (uint32_t)limit(config->connections_max, CONNECTIONS_MAX);
    l->handshake_ms = (uint32_t)limit(config->handshake_ms, HANDSHAKE_MS);
    l->stall_ms = (uint32_t)limit(config->stall_ms, STALL_MS);
    l->turn = 1;
    sp_list_init(&l->freed);
    sp_list_init(&l->conns);
    sp_list_init(&l->dirty);
    l->slots = calloc(l->connections_max, sizeof *l->slots);
    if (l->slots == NULL) {
        free(l);
        return NULL;
    }
    return l;
}

/* Gives the socket to libuv. */
static int serve(struct listener *l)
{
    bool is_ipc = l->address.transport == SP_IPC;
    int error = is_ipc ? uv_pipe_open(&l->server.pipe, l->socket.fd)
                       : uv_tcp_open(&l->server.tcp, l->socket.fd);

    if (error != 0)
        close(l->socket.fd);
    else
        error = uv_listen(&l->server.stream, BACKLOG, on_connection);
    return error;
}

static void init_handles(struct listener *l, uv_loop_t *loop)
{
    l->loop = loop;
    if (l->address.transport == SP_IPC)
        uv_pipe_init(loop, &l->server.pipe, 0);
    else
        uv_tcp_init(loop, &l->server.tcp);
    uv_prepare_init(loop, &l->prepare);
    uv_timer_init(loop, &l->timer);
    l->server.any.data = l->prepare.data = l->timer.data = l;
    l->handles = 3;
    uv_prepare_start(&l->prepare, on_prepare);
}

static bool ignores_sigpipe(void)
{
    struct sigaction action;

    return sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler != SIG_DFL;
}

int listener_open(struct listener **out, struct uv_loop_s *loop,
                  const struct listener_config *config, const struct listener_handlers *handlers,
                  void *ctx)
{
    struct listener *l = make(config);
    int error;

    ACD_ASSERT(ignores_sigpipe());
    if (l == NULL)
        return -ENOMEM;
    error = sp_address_parse(config->url, &l->address);
    if (error == 0)
        error = sp_socket_open(&l->address, &l->socket);
    if (error != 0) {
        release(l);
        return error;
    }
    init_handles(l, loop);
    error = serve(l);
    if (error != 0) { /* its handlers are not set: nobody hears of this end */
        listener_close(l, 0);
        return error;
    }
    l->handlers = *handlers;
    l->ctx = ctx;
    *out = l;
    return 0;
}

/* ---- closing ------------------------------------------------------------------------------ */

static void on_closed(uv_handle_t *handle)
{
    sp_listener_handle_closed(handle->data);
}

/* When the last connection is on its way out, so are we. */
static void finish(struct listener *l)
{
    if (sp_list_first(&l->conns) != NULL || uv_is_closing((uv_handle_t *)&l->timer))
        return;
    uv_close((uv_handle_t *)&l->timer, on_closed);
    uv_close((uv_handle_t *)&l->prepare, on_closed);
}

void sp_listener_handle_closed(struct listener *l)
{
    struct listener_handlers handlers = l->handlers;
    void *ctx = l->ctx;

    ACD_ASSERT(l->handles > 0);
    l->handles--;
    if (!l->is_closing)
        return;
    if (l->handles > 0) {
        finish(l);
        return;
    }
    release(l);
    if (handlers.on_closed != NULL)
        handlers.on_closed(ctx);
}

static void on_flush_limit(uv_timer_t *timer)
{
    struct listener *l = timer->data;
    struct sp_link *n;

    while ((n = sp_list_first(&l->conns)) != NULL)
        sp_conn_close(SP_ENTRY(n, struct sp_conn, in_list), LISTENER_END_LOCAL);
    finish(l);
}

void listener_close(struct listener *l, uint32_t flush_ms)
{
    struct sp_link *n, *after;

    if (!l->is_closing) {
        l->is_closing = true;
        l->begun = NULL;
        sp_socket_unlink(&l->address, &l->socket);
        uv_close(&l->server.any, on_closed);
        for (n = sp_list_first(&l->conns); n != NULL; n = after) {
            after = sp_list_after(&l->conns, n);
            sp_conn_drain(SP_ENTRY(n, struct sp_conn, in_list));
        }
    }
    if (flush_ms == 0)
        on_flush_limit(&l->timer);
    else if (!uv_is_closing((uv_handle_t *)&l->timer))
        uv_timer_start(&l->timer, on_flush_limit, flush_ms, 0);
    finish(l);
}

/* ---- sending ------------------------------------------------------------------------------ */

uint8_t *listener_reply_begin(struct listener *l, const struct listener_origin *origin,
                              size_t body_max)
{
    struct sp_conn *c = sp_conn_find(l, origin->conn);
    uint8_t *body = NULL;

    ACD_ASSERT(l->protocol == LISTENER_REP);
    ACD_ASSERT(origin->tag_bytes <= LISTENER_TAG_BYTES_MAX);
    if (c != NULL)
        body = sp_write_begin(c, origin->tag, origin->tag_bytes, body_max);
    if (body == NULL) {
        l->begun = NULL;
        l->counters.replies_dropped++;
        return NULL;
    }
    l->begun = c;
    l->begun_tag_bytes = origin->tag_bytes;
    l->begun_body_max = body_max;
    return body;
}

void listener_reply_commit(struct listener *l, size_t body_len)
{
    struct sp_conn *c = l->begun;

    ACD_ASSERT(c != NULL);
    ACD_ASSERT(body_len <= l->begun_body_max);
    l->begun = NULL;
    sp_write_commit(c, l->begun_tag_bytes + body_len);
}

bool listener_reply(struct listener *l, const struct listener_origin *origin, const uint8_t *body,
                    size_t body_len)
{
    uint8_t *to = listener_reply_begin(l, origin, body_len);

    if (to == NULL)
        return false;
    if (body_len > 0)
        memcpy(to, body, body_len);
    listener_reply_commit(l, body_len);
    return true;
}

void listener_publish(struct listener *l, const uint8_t *body, size_t body_len)
{
    struct sp_link *n, *after;

    ACD_ASSERT(l->protocol == LISTENER_PUB);
    for (n = sp_list_first(&l->conns); n != NULL; n = after) {
        struct sp_conn *c = SP_ENTRY(n, struct sp_conn, in_list);
        uint8_t *to;

        after = sp_list_after(&l->conns, n);
        if (c->state != SP_CONN_OPEN)
            continue;
        to = sp_write_begin(c, NULL, 0, body_len);
        if (to == NULL)
            continue;
        if (body_len > 0)
            memcpy(to, body, body_len);
        sp_write_commit(c, body_len);
    }
}

/* ---- holding back -------------------------------------------------------------------------- */

void listener_owes(struct listener *l, listener_conn_id conn, size_t bytes)
{
    struct sp_conn *c = sp_conn_find(l, conn);

    if (c != NULL)
        c->owed += bytes;
}

void listener_settles(struct listener *l, listener_conn_id conn, size_t bytes)
{
    struct sp_conn *c = sp_conn_find(l, conn);

    if (c == NULL)
        return;
    ACD_ASSERT(c->owed >= bytes);
    c->owed -= bytes;
    sp_listener_mark_dirty(c);
}

void listener_pause(struct listener *l)
{
    l->is_paused = true;
}

void listener_go_on(struct listener *l)
{
    l->is_paused = false;
    for (struct sp_link *n = sp_list_first(&l->conns); n != NULL; n = sp_list_after(&l->conns, n)) {
        struct sp_conn *c = SP_ENTRY(n, struct sp_conn, in_list);

        if (c->is_paused)
            sp_listener_mark_dirty(c);
    }
}

/* ---- telling ------------------------------------------------------------------------------ */

const struct listener_counters *listener_counters(const struct listener *l)
{
    return &l->counters;
}

uint16_t listener_port(const struct listener *l)
{
    return l->socket.port;
}

const char *listener_error_text(int error)
{
    switch (error) {
    case -EINVAL: return "not an address: ipc://path or tcp://host:port is expected";
    case -ENAMETOOLONG: return "the path is too long for a socket, which takes 107 bytes";
    case -EADDRINUSE: return "address in use: somebody listens there";
    case -ENOTSOCK: return "a file that is no socket stands at the path";
    case -EADDRNOTAVAIL: return "no such host or address on this machine";
    default: return uv_strerror(error);
    }
}

const char *listener_end_text(enum listener_end why)
{
    static const char *const texts[] = {
#define XX(name, text) text,
        LISTENER_ENDS(XX)
#undef XX
    };

    ACD_ASSERT(why < LISTENER_END_COUNT);
    return texts[why];
}
