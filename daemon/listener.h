#ifndef ACD_LISTENER_H
#define ACD_LISTENER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A listener takes requests from, or publishes to, whoever speaks nng's Scalability Protocols:
 * stock nng, mangos or pynng sockets connect to it unchanged. It knows nothing of what a message
 * means.
 *
 *     static void answer(void *ctx, const struct listener_origin *origin, const uint8_t *body,
 *                        size_t body_len)
 *     {
 *         struct daemon *d = ctx;
 *         listener_reply(d->requests, origin, body, body_len); // now, or keep *origin for later
 *     }
 *     listener_open(&d->requests, loop, &(struct listener_config){.url = "ipc:///run/acd.sock"},
 *                   &(struct listener_handlers){.on_request = answer}, d);
 *
 * All on the loop's thread, but for a reply that is lent (listener_lend). Nothing here blocks it
 * but listener_open and listener_close, which look at the file system (and resolve a host name, if
 * one was given), and the moment in which another thread writes to a lent connection that the loop
 * wants back. SIGPIPE is to be ignored by the process.
 *
 * One read a connection and turn of the loop: the requests it brought are handed up in order, and
 * the replies made meanwhile leave in one write, or one every 3 KiB, so that the peer wakes up
 * while the rest is being made. What is sent at other times leaves in one write a connection before
 * the loop sleeps.
 *
 * When a peer does not read: its output is kept, its requests stay in its socket while more than a
 * quarter of out_bytes_max is unsent. At out_bytes_max (deferred replies, publications), or when it
 * has taken nothing for stall_ms, the connection is closed. So a connection holds at most
 * out_bytes_max, one message out and one in, and what no connection uses is given back within a
 * second or two. */

struct listener;
struct uv_loop_s;

enum listener_protocol { LISTENER_REP, LISTENER_PUB };

/* A zero means the default. */
struct listener_config {
    /* ipc://path (relative to the working directory, unless it begins with a slash), or
     * tcp://host:port, where host is a name, 127.0.0.1, [::1] or * (all of IPv4; [::] is all of
     * both), and port 0 lets the system choose. Copied. */
    const char *url;
    enum listener_protocol protocol;
    size_t out_bytes_max;     /* unsent output of a connection; 1 MiB */
    size_t message_bytes_max; /* a message of a peer, with its tag; 1 MiB */
    uint32_t connections_max; /* more are closed at once; 1024 */
    uint32_t handshake_ms;    /* time to say hello (to the second); 10 s */
    uint32_t stall_ms;        /* not read from and taking nothing for so long, it is closed; 60 s */
};

/* Names a connection. One that is closed is found no more, whoever got its slot. */
typedef struct {
    uint32_t slot;       /* < connections_max: an index for tables of the listener's owner */
    uint32_t generation; /* 0 names nobody */
} listener_conn_id;

enum { LISTENER_TAG_BYTES_MAX = 32 };

/* Where a request came from: all that its reply needs. A value, to be kept as long as one likes. */
struct listener_origin {
    listener_conn_id conn;
    uint32_t tag_bytes;                  /* 4 to 32, whole words */
    uint8_t tag[LISTENER_TAG_BYTES_MAX]; /* as it came: the reply begins with it */
};

/* Why a connection ended. */
#define LISTENER_ENDS(XX)                                                                          \
    XX(PEER, "closed by the peer")                                                                 \
    XX(HELLO, "not a peer that we can serve")                                                      \
    XX(TIMEOUT, "no hello in time")                                                                \
    XX(MALFORMED, "sent what is no message, or one that is too long")                              \
    XX(TRUNCATED, "closed by the peer within a message")                                           \
    XX(SLOW, "did not read what was sent to it")                                                   \
    XX(NO_MEMORY, "no memory for its messages")                                                    \
    XX(LOCAL, "closed by us")

enum listener_end {
#define XX(name, text) LISTENER_END_##name,
    LISTENER_ENDS(XX)
#undef XX
        LISTENER_END_COUNT
};

/* Any may be NULL. They may call every function here, for any listener. */
struct listener_handlers {
    /* LISTENER_REP: a request. The body is valid during the call, at no particular alignment, and
     * may be empty. */
    void (*on_request)(void *ctx, const struct listener_origin *origin, const uint8_t *body,
                       size_t body_len);
    /* After the requests of one read, before the last replies made meanwhile leave. */
    void (*on_batch_end)(void *ctx);
    /* A connection that had said hello is gone; never from within a call to the listener. */
    void (*on_conn_closed)(void *ctx, listener_conn_id conn, enum listener_end why);
    /* What listener_close began is over; the listener is no more. */
    void (*on_closed)(void *ctx);
};

/* Since listener_open; only ever growing, but for `active`. */
struct listener_counters {
    uint64_t accepted;
    uint64_t refused;                   /* beyond connections_max, or out of file descriptors */
    uint64_t active;                    /* connections now, with those that have yet to say hello */
    uint64_t ended[LISTENER_END_COUNT]; /* accepted == active + the sum of these */
    uint64_t messages_in, messages_out; /* out: taken for sending; a publication counts per peer */
    uint64_t bytes_in, bytes_out;       /* read and written, with framing */
    uint64_t replies_dropped;           /* their connections were gone */
    uint64_t pauses;                    /* times that a peer who does not read was not read from */
};

/* Opens the address and starts to accept. The socket of an ipc address is its owner's only; the
 * file of one that nobody listens at any more is replaced.
 *
 * Errors (nothing is open then): -EINVAL the url is none of ours; -ENAMETOOLONG a path beyond what
 * the system takes for a socket (107 bytes); -EADDRINUSE somebody listens there; -ENOTSOCK a file
 * that is no socket stands there; -EADDRNOTAVAIL no such host or address; -ENOMEM; what the system
 * says of the path or port (-EACCES, -ENOENT, ...). */
int listener_open(struct listener **out, struct uv_loop_s *loop,
                  const struct listener_config *config, const struct listener_handlers *handlers,
                  void *ctx);

/* Stops accepting, hands up nothing more, and closes each connection as soon as its peer has taken
 * what was sent before and hung up, all at the latest after flush_ms; then on_closed. A second call
 * sets the time anew. The listener is not to be used after on_closed. */
void listener_close(struct listener *l, uint32_t flush_ms);

/* Room for a reply of up to body_max bytes, to be written in place; then listener_reply_commit.
 * NULL (and counted): its connection is gone, or is closed now for not reading. Valid until the
 * next call to this listener or the return to the loop; a reply that is not committed never was. */
uint8_t *listener_reply_begin(struct listener *l, const struct listener_origin *origin,
                              size_t body_max);

/* Sends the reply begun last; body_len <= body_max. */
void listener_reply_commit(struct listener *l, size_t body_len);

/* Both at once, with a copy. False: dropped and counted. */
bool listener_reply(struct listener *l, const struct listener_origin *origin, const uint8_t *body,
                    size_t body_len);

/* A reply that another thread makes, it may also send, so that the loop need not wake up for it:
 * it is lent the connection for that one reply.
 *
 *     the loop            listener_lend(l, &loan, &origin)
 *     the other thread    listener_loan_send(&loan, body, body_len);
 *     the loop            if (!listener_loan_end(l, &loan))
 *                             listener_reply(l, &origin, body, body_len);
 *
 * Failure modes: the connection has something unsent, so it cannot be lent; or it is taken back
 * before the reply is made, for the loop has something for it, or it is closed: nothing was sent,
 * and it is the loop's to do. The peer takes only a part: the loop goes on with the rest. */
enum { LISTENER_HEAD_BYTES_MAX = 9 + LISTENER_TAG_BYTES_MAX };

struct listener_loan {
    struct listener_origin origin;
    bool over_tcp;
    pthread_mutex_t lock; /* of what follows */
    int fd;               /* -1: it is taken back */
    size_t sent;          /* of its message, head included */
    const uint8_t *rest;  /* of one that was begun to be sent */
    size_t rest_bytes;
};

/* False: it cannot be lent now. What is lent has to be ended, but when the listener is no more. */
bool listener_lend(struct listener *l, struct listener_loan *loan,
                   const struct listener_origin *origin);

/* By the other thread: sends the reply, if it is lent yet. Before `body` are
 * LISTENER_HEAD_BYTES_MAX bytes of room for its head; all of it is to stay as it is until the loan
 * is ended. True: the loop has nothing to do but to end the loan some time. */
bool listener_loan_send(struct listener_loan *loan, uint8_t *body, size_t body_len);

/* By the loop, when the other thread is through. False: nothing of the reply was sent. */
bool listener_loan_end(struct listener *l, struct listener_loan *loan);

/* LISTENER_PUB: to every subscriber (they filter by prefix themselves). One that has out_bytes_max
 * unsent is closed instead. */
void listener_publish(struct listener *l, const uint8_t *body, size_t body_len);

/* Replies that their owner keeps back for a while count as unsent output of their connection, so
 * that whoever waits for many of them is not read from: owes says that so many bytes more are kept,
 * settles that they are no longer. A connection that is gone is none of either. */
void listener_owes(struct listener *l, listener_conn_id conn, size_t bytes);
void listener_settles(struct listener *l, listener_conn_id conn, size_t bytes);

/* Hands up no more requests, from within on_request too, and reads no more of them, until it goes
 * on: from whoever was paused it then does so before the loop sleeps. */
void listener_pause(struct listener *l);
void listener_go_on(struct listener *l);

const struct listener_counters *listener_counters(const struct listener *l);

/* The port listened at; 0 for ipc. */
uint16_t listener_port(const struct listener *l);

/* The text of an error of listener_open, never NULL. */
const char *listener_error_text(int error);

const char *listener_end_text(enum listener_end why);

#endif
