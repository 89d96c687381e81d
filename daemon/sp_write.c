#include <string.h>

#include "daemon/sp_conn.h"

/* What is sent to a connection.
 *
 * Happy path: messages are written once, straight into `filling`; one uv_try_write a turn, or a few
 * when there is much, takes it all, and the buffer is empty again.
 *
 * When the system takes less: the buffers change roles. What is left of the one flies with
 * uv_write, the other one fills meanwhile; so there is never more than one offer to the system, and
 * no byte is moved. Unsent is what is in both.
 *
 * Failure modes: out_bytes_max unsent and still more to send: the peer does not read, and is
 * closed. No memory, or an error of the socket: closed. */

static int grow(struct sp_conn *c, size_t more)
{
    struct sp_buf *b = &c->filling;
    size_t cap = b->cap > 0 ? b->cap : SP_OUT_BYTES_MIN;

    while (cap - b->len < more)
        cap *= 2;
    if (cap > SP_OUT_BYTES_MIN)
        sp_listener_sweep_later(c->listener);
    return sp_buf_grow(b, cap);
}

static inline int reserve(struct sp_conn *c, size_t more)
{
    return c->filling.cap - c->filling.len >= more ? 0 : grow(c, more);
}

/* Whether another message may be queued. A burst within one turn is not the reader's fault. */
static bool has_room(struct sp_conn *c)
{
    size_t max = c->listener->out_bytes_max;

    if (sp_write_unsent(c) < max)
        return true;
    sp_write_flush(c);
    return c->state != SP_CONN_CLOSING && sp_write_unsent(c) < max;
}

uint8_t *sp_write_begin(struct sp_conn *c, const uint8_t *tag, size_t tag_bytes, size_t body_max)
{
    size_t header = sp_header_bytes(c->listener->address.transport);
    uint8_t *at;

    ACD_ASSERT(c->state == SP_CONN_OPEN);
    ACD_ASSERT(body_max < SIZE_MAX / 4);
    if (!has_room(c)) {
        if (c->state == SP_CONN_OPEN)
            sp_conn_close(c, LISTENER_END_SLOW);
        return NULL;
    }
    if (c->loan != NULL)
        (void)sp_loan_take_back(c); /* else its reply, made later, might pass this one */
    if (reserve(c, header + tag_bytes + body_max) != 0) {
        sp_conn_close(c, LISTENER_END_NO_MEMORY);
        return NULL;
    }
    at = c->filling.data + c->filling.len + header;
    for (size_t i = 0; i < tag_bytes; i += 4) /* whole words, mostly one */
        memcpy(at + i, tag + i, 4);
    return at + tag_bytes;
}

void sp_write_commit(struct sp_conn *c, size_t payload_bytes)
{
    struct listener *l = c->listener;
    enum sp_transport transport = l->address.transport;

    sp_header_write(c->filling.data + c->filling.len, transport, payload_bytes);
    c->filling.len += sp_header_bytes(transport) + payload_bytes;
    ACD_ASSERT(c->filling.len <= c->filling.cap);
    l->counters.messages_out++;
    sp_listener_mark_dirty(c);
    if (c->filling.len >= l->flush_bytes)
        sp_write_flush(c);
}

int sp_write_raw(struct sp_conn *c, const uint8_t *bytes, size_t len)
{
    int error = reserve(c, len);

    if (error != 0)
        return error;
    memcpy(c->filling.data + c->filling.len, bytes, len);
    c->filling.len += len;
    sp_listener_mark_dirty(c);
    return 0;
}

static void on_written(uv_write_t *request, int status)
{
    struct sp_conn *c = request->data;

    if (status == 0)
        c->listener->counters.bytes_out += c->flying_bytes;
    c->flying_bytes = 0;
    c->flying.len = 0;
    if (c->state == SP_CONN_CLOSING)
        return;
    if (status != 0)
        sp_conn_close(c, LISTENER_END_PEER);
    else if (c->state == SP_CONN_DRAINING)
        sp_conn_drain(c);
    else {
        sp_write_flush(c);
        sp_read_resume(c);
    }
}

/* `flying` goes on its way, but the bytes that were taken. */
static void set_off(struct sp_conn *c, size_t taken)
{
    uv_buf_t rest;

    c->flying_bytes = c->flying.len - taken;
    rest = uv_buf_init((char *)c->flying.data + taken, (unsigned)c->flying_bytes);
    c->write.data = c;
    if (uv_write(&c->write, &c->handle.stream, &rest, 1, on_written) != 0)
        sp_conn_close(c, LISTENER_END_PEER);
}

/* All of `filling` but the bytes that were taken goes on its way. */
static void fly(struct sp_conn *c, size_t taken)
{
    struct sp_buf landed = c->flying;

    ACD_ASSERT(c->flying_bytes == 0 && landed.len == 0);
    c->flying = c->filling;
    c->filling = landed;
    set_off(c, taken);
}

void sp_write_rest(struct sp_conn *c, const uint8_t *rest, size_t len)
{
    ACD_ASSERT(c->flying_bytes == 0 && c->flying.len == 0);
    sp_listener_sweep_later(c->listener);
    if (sp_buf_grow(&c->flying, len) != 0) {
        sp_conn_close(c, LISTENER_END_NO_MEMORY);
        return;
    }
    memcpy(c->flying.data, rest, len);
    c->flying.len = len;
    set_off(c, 0);
}

void sp_write_flush(struct sp_conn *c)
{
    uv_buf_t all = uv_buf_init((char *)c->filling.data, (unsigned)c->filling.len);
    int taken;

    if (c->filling.len == 0 || c->flying_bytes > 0 || c->state == SP_CONN_CLOSING)
        return;
    if (c->loan != NULL && !sp_loan_take_back(c))
        return;
    taken = uv_try_write(&c->handle.stream, &all, 1);
    if (taken < 0 && taken != UV_EAGAIN) {
        sp_conn_close(c, LISTENER_END_PEER);
        return;
    }
    if (taken < 0)
        taken = 0;
    c->listener->counters.bytes_out += (uint64_t)taken;
    if ((size_t)taken < c->filling.len)
        fly(c, (size_t)taken);
    else
        c->filling.len = 0;
}
