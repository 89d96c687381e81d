#include <string.h>

#include "daemon/sp_conn.h"

/* What a connection sends.
 *
 * Happy path: a read brings some whole requests into the listener's scratch buffer, each is handed
 * up where it stands, the replies leave in a write or a few, and nothing is left to remember.
 *
 * A request that is not whole yet is kept in the connection's own buffer, which the next reads go
 * on to fill. It grows with what has come, not with what was announced. It is given back by the
 * sweep once it is empty.
 *
 * A peer that does not take its replies, or is owed many, and everybody while the listener is
 * paused: no more requests are handed up, those that are here stay in the buffer, those that are
 * not stay in the socket, until half of it has left, or the listener goes on.
 *
 * Failure modes: what is no hello, no frame, too long or has no tag ends the connection, and
 * counts. A subscriber never sends. */

/* One read a turn, whatever is there: libuv would go on up to 32 times. It takes an empty buffer as
 * "not now" and asks again when it polls. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct sp_conn *c = handle->data;
    struct listener *l = c->listener;

    (void)suggested;
    if (c->read_turn == l->turn)
        *buf = uv_buf_init(NULL, 0);
    else if (c->in.cap > c->in.len)
        *buf = uv_buf_init((char *)c->in.data + c->in.len, (unsigned)(c->in.cap - c->in.len));
    else
        *buf = uv_buf_init((char *)l->scratch, sizeof l->scratch);
}

static size_t take_hello(struct sp_conn *c, const uint8_t *data, size_t len)
{
    bool is_rep = c->listener->protocol == LISTENER_REP;

    switch (sp_hello_read(data, len, is_rep ? SP_REQ : SP_SUB)) {
    case SP_WHOLE: c->state = SP_CONN_OPEN; return SP_HELLO_BYTES;
    case SP_PARTIAL: return 0;
    case SP_MALFORMED: sp_conn_close(c, LISTENER_END_HELLO); return 0;
    }
    ACD_UNREACHABLE();
}

/* False: it has no tag. */
static bool hand_up(struct sp_conn *c, const struct sp_frame *frame)
{
    struct listener *l = c->listener;
    struct listener_origin origin = {.conn = c->id};
    size_t tag_bytes = sp_tag_bytes(frame->payload, frame->payload_len);

    if (tag_bytes == 0)
        return false;
    origin.tag_bytes = (uint32_t)tag_bytes;
    for (size_t i = 0; i < tag_bytes; i += 4)
        memcpy(origin.tag + i, frame->payload + i, 4);
    l->counters.messages_in++;
    if (l->handlers.on_request != NULL)
        l->handlers.on_request(l->ctx, &origin, frame->payload + tag_bytes,
                               frame->payload_len - tag_bytes);
    return true;
}

static bool takes_replies(struct sp_conn *c)
{
    size_t soft = c->listener->out_bytes_soft;

    if (sp_write_unsent(c) + c->owed <= soft)
        return true;
    sp_write_flush(c);
    return sp_write_unsent(c) + c->owed <= soft;
}

static void pause_reading(struct sp_conn *c)
{
    ACD_ASSERT(!c->is_paused);
    ACD_ASSERT(c->flying_bytes > 0 || c->owed > 0 || c->loan != NULL ||
               c->listener->is_paused); /* it has an end */
    uv_read_stop(&c->handle.stream);
    c->is_paused = true;
    c->queued_before = 0; /* the next sweep begins to watch whether it takes anything */
    if (!c->listener->is_paused)
        c->listener->counters.pauses++;
}

/* Returns the bytes taken. *frame_len: length of the frame of which only a part is here, or 0. */
static size_t take_requests(struct sp_conn *c, const uint8_t *data, size_t len, size_t *frame_len)
{
    struct listener *l = c->listener;
    struct sp_frame frame;
    size_t at = 0;

    while (at < len && c->state == SP_CONN_OPEN) {
        if (l->is_paused || !takes_replies(c)) {
            if (c->state == SP_CONN_OPEN)
                pause_reading(c);
            break;
        }
        enum sp_seen seen =
            sp_frame_read(data + at, len - at, l->address.transport, l->message_bytes_max, &frame);
        if (seen == SP_PARTIAL) {
            *frame_len = frame.frame_len;
            break;
        }
        if (seen == SP_MALFORMED || !hand_up(c, &frame)) {
            sp_conn_close(c, LISTENER_END_MALFORMED);
            break;
        }
        at += frame.frame_len;
    }
    return at;
}

static size_t take_messages(struct sp_conn *c, const uint8_t *data, size_t len, size_t *frame_len)
{
    struct listener *l = c->listener;
    uint64_t before = l->counters.messages_in;
    size_t taken;

    if (l->protocol == LISTENER_PUB) {
        if (len > 0)
            sp_conn_close(c, LISTENER_END_MALFORMED);
        return 0;
    }
    taken = take_requests(c, data, len, frame_len);
    if (l->counters.messages_in != before && l->handlers.on_batch_end != NULL)
        l->handlers.on_batch_end(l->ctx);
    return taken;
}

/* Capacity for `rest` bytes and the next read. */
static size_t capacity_for(size_t rest, size_t frame_len)
{
    size_t cap = SP_READ_BYTES;

    if (frame_len > cap)
        cap = frame_len < 2 * rest ? frame_len : 2 * rest;
    return cap > rest ? cap : 2 * rest;
}

/* Moves what was not taken to the front of the connection's own buffer, with room behind it. */
static void keep_rest(struct sp_conn *c, const uint8_t *rest, size_t len, size_t frame_len)
{
    bool is_in = c->in.len > 0;

    c->in.len = 0;
    if (len == 0)
        return;
    if (is_in)
        memmove(c->in.data, rest, len);
    sp_listener_sweep_later(c->listener);
    if (sp_buf_grow(&c->in, capacity_for(len, frame_len)) != 0) {
        sp_conn_close(c, LISTENER_END_NO_MEMORY);
        return;
    }
    if (!is_in)
        memcpy(c->in.data, rest, len);
    c->in.len = len;
}

/* Takes what can be taken of the bytes at hand: all of c->in, or of a read into scratch. DRAINING:
 * throws them away. */
static void work(struct sp_conn *c, const uint8_t *data, size_t len)
{
    size_t taken = 0, frame_len = 0;

    if (c->state == SP_CONN_HELLO)
        taken = take_hello(c, data, len);
    if (c->state == SP_CONN_OPEN)
        taken += take_messages(c, data + taken, len - taken, &frame_len);
    if (c->state == SP_CONN_OPEN || c->state == SP_CONN_HELLO)
        keep_rest(c, data + taken, len - taken, frame_len);
    sp_write_flush(c);
}

static void on_hangup(struct sp_conn *c)
{
    enum listener_end why = LISTENER_END_PEER;

    if (c->state == SP_CONN_DRAINING)
        why = LISTENER_END_LOCAL;
    else if (c->state == SP_CONN_HELLO)
        why = LISTENER_END_HELLO;
    else if (c->in.len > 0)
        why = LISTENER_END_TRUNCATED;
    sp_conn_close(c, why);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct sp_conn *c = stream->data;
    struct listener *l = c->listener;

    if (count == 0 || count == UV_ENOBUFS) /* nothing there; on_alloc said not now */
        return;
    if (count < 0) {
        on_hangup(c);
        return;
    }
    c->read_turn = l->turn;
    l->counters.bytes_in += (uint64_t)count;
    if (buf->base == (const char *)l->scratch) {
        work(c, l->scratch, (size_t)count);
    } else {
        c->in.len += (size_t)count;
        work(c, c->in.data, c->in.len);
    }
}

void sp_read_start(struct sp_conn *c)
{
    if (uv_read_start(&c->handle.stream, on_alloc, on_read) != 0)
        sp_conn_close(c, LISTENER_END_PEER);
}

void sp_read_resume(struct sp_conn *c)
{
    struct listener *l = c->listener;

    if (!c->is_paused || l->is_paused || c->state != SP_CONN_OPEN ||
        sp_write_unsent(c) + c->owed > l->out_bytes_soft / 2)
        return;
    c->is_paused = false;
    work(c, c->in.data, c->in.len);
    if (c->state == SP_CONN_OPEN && !c->is_paused)
        sp_read_start(c);
}
