#ifndef ACD_SP_CONN_H
#define ACD_SP_CONN_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "daemon/listener.h"
#include "daemon/sp_buf.h"
#include "daemon/sp_list.h"
#include "daemon/sp_socket.h"
#include "daemon/sp_wire.h"

/* The inside of a listener: its whole state, and who does what to it.
 *
 *     sp_listener.c   opens, accepts, looks after all connections each turn and second, closes
 *     sp_conn.c       a connection from accept to its slot's return
 *     sp_read.c       bytes to requests; stops reading from who does not read
 *     sp_write.c      replies and publications to bytes, as few writes as can be
 *     sp_loan.c       one reply, sent by another thread
 */

enum {
    SP_READ_BYTES = 64 * 1024,      /* of one read, but for the rest of a longer message */
    SP_FLUSH_REP_BYTES = 3 * 1024,  /* replies that are worth a write before the turn is over: */
    SP_FLUSH_PUB_BYTES = 64 * 1024, /* who waits for them wakes up meanwhile; publications */
    SP_OUT_BYTES_MIN =
        16 * 1024, /* kept by an idle connection; what was not written to costs nothing */
    SP_SWEEP_MS = 1000,
};

enum sp_conn_state {
    SP_CONN_FREE,
    SP_CONN_HELLO,    /* until the peer has said hello, or the deadline passes */
    SP_CONN_OPEN,     /* the only state in which messages come or go */
    SP_CONN_DRAINING, /* the listener closes: what is queued leaves, what comes is thrown away */
    SP_CONN_CLOSING,  /* until libuv gives the handle back */
};

union sp_handle {
    uv_handle_t any;
    uv_stream_t stream;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
};

struct sp_conn {
    union sp_handle handle; /* its data is this connection */
    struct listener *listener;
    struct sp_link in_list; /* listener->conns, or ->freed when FREE */
    struct sp_link in_dirty;
    listener_conn_id id; /* the generation grows as the slot is taken */
    enum sp_conn_state state;
    enum listener_end end; /* CLOSING: why */
    bool was_open;         /* CLOSING: its owner has heard of it */
    bool is_paused;       /* not read from; then a write is in flight, or replies are owed, or it is
                           * lent, or the listener is paused; the end of each resumes it */
    bool is_shut;         /* DRAINING: the peer has been told that no more will come */
    uint64_t read_turn;   /* the turn of the last read: one each */
    uint64_t hello_by_ms; /* HELLO: deadline, in the loop's time */
    struct sp_buf in;     /* what was received and not handed up, and room for the next read;
                           * without one, reads go to listener->scratch and leave nothing */
    struct sp_buf filling; /* output that was not offered to the system yet */
    struct sp_buf flying;  /* output that `write` is about; untouchable until it ends */
    size_t flying_bytes;   /* of it, what was not taken when the write began; 0: none in flight */
    struct listener_loan *loan; /* whose holder may write to it; then none is in flight */
    size_t owed;                /* bytes of replies that the listener's owner keeps back */
    size_t queued_before;       /* what the last sweep saw in flight, and */
    uint64_t taken_at_ms;       /* when it last saw that to change */
    uv_write_t write;
    uv_shutdown_t shutdown;
};

struct listener {
    uv_loop_t *loop;
    struct listener_handlers handlers;
    void *ctx;
    struct listener_counters counters;

    enum listener_protocol protocol;
    struct sp_address address;
    struct sp_socket socket;
    size_t message_bytes_max, out_bytes_max;
    size_t flush_bytes;    /* output of a connection that is written before the turn is over */
    size_t out_bytes_soft; /* more than this unsent: not read from; half of it: read from again */
    uint32_t connections_max, handshake_ms, stall_ms;

    union sp_handle server;
    uv_prepare_t prepare; /* a turn ends, or begins, as the loop is about to sleep */
    uv_timer_t timer; /* once a second while there is something to sweep; then closing's limit */
    uint64_t turn;
    bool is_closing, is_paused;
    uint32_t handles; /* of libuv's; the memory goes when the last one is given back */

    struct sp_conn *slots; /* connections_max; the first slots_used were ever touched */
    uint32_t slots_used;
    struct sp_list freed; /* of those, the ones that are free */
    struct sp_list conns; /* HELLO, OPEN and DRAINING */
    struct sp_list dirty; /* may have something in `filling`; written before the loop sleeps */

    union sp_handle refused; /* the one connection too many that is being closed, and */
    bool is_refusing;        /* whether there is one, */
    bool has_to_refuse;      /* and whether another waits in the system for its turn */

    struct sp_conn *begun; /* listener_reply_begin's, until the commit; NULL: none */
    size_t begun_tag_bytes, begun_body_max;

    uint8_t scratch[SP_READ_BYTES]; /* one read of whoever has nothing left from the last one */
};

/* ---- sp_conn.c ---- */

/* Takes the connection that the server handle has ready. There is a slot. */
void sp_conn_accept(struct listener *l);

/* Whoever that id names, if messages may go to it, else NULL. */
static inline struct sp_conn *sp_conn_find(struct listener *l, listener_conn_id id)
{
    struct sp_conn *c;

    if (id.slot >= l->slots_used)
        return NULL;
    c = &l->slots[id.slot];
    if (c->id.generation != id.generation || c->state != SP_CONN_OPEN)
        return NULL;
    return c;
}

/* Ends a connection that has not ended yet; its owner hears of it later in the turn. */
void sp_conn_close(struct sp_conn *c, enum listener_end why);

/* The listener closes: sends what is queued, waits for the peer to hang up. */
void sp_conn_drain(struct sp_conn *c);

/* Gives back what is not in use; ends who is late with its hello, or has long stopped reading.
 * True: look again in a second. */
bool sp_conn_sweep(struct sp_conn *c);

/* ---- sp_read.c ---- */

void sp_read_start(struct sp_conn *c);

/* To be called when output has left, or is owed no more: goes on with who was paused. */
void sp_read_resume(struct sp_conn *c);

/* ---- sp_write.c ---- */

/* Room for a message of up to tag_bytes + body_max; returns where the body goes. NULL: the
 * connection has out_bytes_max unsent (or there is no memory), and is closed now. */
uint8_t *sp_write_begin(struct sp_conn *c, const uint8_t *tag, size_t tag_bytes, size_t body_max);

/* Queues the payload_bytes that now stand behind the header's place. */
void sp_write_commit(struct sp_conn *c, size_t payload_bytes);

/* Queues bytes that are no message. Errors: -ENOMEM. */
int sp_write_raw(struct sp_conn *c, const uint8_t *bytes, size_t len);

/* Offers what is queued to the system, unless an earlier offer is still in flight. May close. */
void sp_write_flush(struct sp_conn *c);

/* Bytes queued and not taken by the system. */
static inline size_t sp_write_unsent(const struct sp_conn *c)
{
    return c->filling.len + c->flying_bytes;
}

/* Sends the rest of a message before all that is queued. None is in flight. May close. */
void sp_write_rest(struct sp_conn *c, const uint8_t *rest, size_t len);

/* ---- sp_loan.c ---- */

/* Takes a connection that is lent back. False: a part of a message was sent, and what is left of it
 * comes first, when the loan is ended. */
bool sp_loan_take_back(struct sp_conn *c);

/* ---- sp_listener.c ---- */

/* Something was allocated or has a deadline: sweep a second from now. */
void sp_listener_sweep_later(struct listener *l);

/* Something is to be done with it before the loop sleeps: output leaves, a pause may be over. */
void sp_listener_mark_dirty(struct sp_conn *c);

/* A handle was given back by libuv. The listener may be gone afterwards. */
void sp_listener_handle_closed(struct listener *l);

#endif
