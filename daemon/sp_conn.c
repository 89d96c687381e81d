#include "daemon/sp_conn.h"

#include <string.h>

/* A connection's life: accepted (HELLO, ours is sent at once), OPEN when the peer's hello is in,
 * CLOSING from whatever ended it until libuv gives the handle back; then its owner is told and the
 * slot is free. The slots are the listener's; nothing is allocated here but buffers. */

static struct sp_conn *take_slot(struct listener *l)
{
    struct sp_link *freed = sp_list_first(&l->freed);
    struct sp_conn *c;
    listener_conn_id id;

    if (freed != NULL) {
        sp_link_remove(freed);
        c = SP_ENTRY(freed, struct sp_conn, in_list);
    } else {
        ACD_ASSERT(l->slots_used < l->connections_max);
        c = &l->slots[l->slots_used++];
    }
    id.slot = (uint32_t)(c - l->slots);
    id.generation = c->id.generation + 1;
    if (id.generation == 0)
        id.generation = 1;
    *c = (struct sp_conn){.listener = l, .id = id, .state = SP_CONN_HELLO};
    sp_list_push(&l->conns, &c->in_list);
    return c;
}

static void init_handle(struct sp_conn *c)
{
    struct listener *l = c->listener;
    int error;

    if (l->address.transport == SP_IPC)
        error = uv_pipe_init(l->loop, &c->handle.pipe, 0);
    else
        error = uv_tcp_init(l->loop, &c->handle.tcp);
    ACD_ASSERT(error == 0); /* neither makes a socket */
    c->handle.any.data = c;
    l->handles++;
}

static int say_hello(struct sp_conn *c)
{
    uint8_t hello[SP_HELLO_BYTES];

    sp_hello_write(hello, c->listener->protocol == LISTENER_REP ? SP_REP : SP_PUB);
    return sp_write_raw(c, hello, sizeof hello);
}

void sp_conn_accept(struct listener *l)
{
    struct sp_conn *c = take_slot(l);

    init_handle(c);
    l->counters.accepted++;
    l->counters.active++;
    if (uv_accept(&l->server.stream, &c->handle.stream) != 0) {
        sp_conn_close(c, LISTENER_END_PEER);
        return;
    }
    if (l->address.transport == SP_TCP)
        uv_tcp_nodelay(&c->handle.tcp, 1);
    c->hello_by_ms = uv_now(l->loop) + l->handshake_ms;
    sp_listener_sweep_later(l);
    if (say_hello(c) != 0) {
        sp_conn_close(c, LISTENER_END_NO_MEMORY);
        return;
    }
    sp_write_flush(c);
    if (c->state == SP_CONN_HELLO)
        sp_read_start(c);
}

static void on_closed(uv_handle_t *handle)
{
    struct sp_conn *c = handle->data;
    struct listener *l = c->listener;

    sp_buf_free(&c->in);
    sp_buf_free(&c->filling);
    sp_buf_free(&c->flying);
    c->state = SP_CONN_FREE;
    sp_list_push(&l->freed, &c->in_list);
    l->counters.active--;
    l->counters.ended[c->end]++;
    if (c->was_open && l->handlers.on_conn_closed != NULL)
        l->handlers.on_conn_closed(l->ctx, c->id, c->end);
    sp_listener_handle_closed(l);
}

void sp_conn_close(struct sp_conn *c, enum listener_end why)
{
    ACD_ASSERT(c->state != SP_CONN_FREE);
    ACD_ASSERT(c->state != SP_CONN_CLOSING);
    c->was_open = c->state != SP_CONN_HELLO;
    c->end = why;
    c->state = SP_CONN_CLOSING;
    sp_link_remove(&c->in_list);
    if (sp_link_is_on(&c->in_dirty))
        sp_link_remove(&c->in_dirty);
    if (c->listener->begun == c)
        c->listener->begun = NULL;
    if (c->loan != NULL)
        (void)sp_loan_take_back(c);
    c->loan = NULL; /* whatever is left of it */
    uv_close(&c->handle.any, on_closed);
}

/* The peer's hangup, not this, ends the connection. */
static void on_shut(uv_shutdown_t *request, int status)
{
    (void)request;
    (void)status;
}

void sp_conn_drain(struct sp_conn *c)
{
    if (c->state == SP_CONN_HELLO) {
        sp_conn_close(c, LISTENER_END_LOCAL);
        return;
    }
    c->state = SP_CONN_DRAINING;
    if (c->is_paused) { /* or its hangup would not be noticed */
        c->is_paused = false;
        sp_read_start(c);
    }
    if (c->state == SP_CONN_DRAINING)
        sp_write_flush(c);
    if (c->state != SP_CONN_DRAINING || c->is_shut || sp_write_unsent(c) > 0 ||
        (c->loan != NULL && !sp_loan_take_back(c)))
        return;
    c->is_shut = true;
    if (uv_shutdown(&c->shutdown, &c->handle.stream, on_shut) != 0)
        sp_conn_close(c, LISTENER_END_LOCAL);
}

/* Whether a peer that is not read from, for it does not read, has taken nothing for so long that it
 * counts as dead. */
static bool is_stalled(struct sp_conn *c)
{
    size_t queued = uv_stream_get_write_queue_size(&c->handle.stream);
    uint64_t now = uv_now(c->listener->loop);

    if (!c->is_paused || c->flying_bytes == 0 || queued != c->queued_before) {
        c->queued_before = queued;
        c->taken_at_ms = now;
    }
    return now - c->taken_at_ms >= c->listener->stall_ms;
}

bool sp_conn_sweep(struct sp_conn *c)
{
    if (c->state == SP_CONN_OPEN && is_stalled(c)) {
        sp_conn_close(c, LISTENER_END_SLOW);
        return false;
    }
    if (c->state == SP_CONN_HELLO && uv_now(c->listener->loop) >= c->hello_by_ms) {
        sp_conn_close(c, LISTENER_END_TIMEOUT);
        return false;
    }
    if (c->in.len == 0)
        sp_buf_free(&c->in);
    if (c->flying_bytes == 0)
        sp_buf_free(&c->flying);
    if (c->filling.len == 0 && c->filling.cap > SP_OUT_BYTES_MIN)
        sp_buf_free(&c->filling);
    return c->state == SP_CONN_HELLO || c->in.cap > 0 || c->flying.cap > 0 ||
           c->filling.cap > SP_OUT_BYTES_MIN;
}
