#ifndef ACD_PROTO_CLIENT_LINK_H
#define ACD_PROTO_CLIENT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/acd.h"
#include "proto/acd_sp.h"
#include "proto/client_address.h"
#include "proto/client_buffer.h"

/* One SP connection that comes back by itself, and the epoll descriptor that watches it. Clients
 * and observers stand on it. Nothing here blocks but link_run, as long as it is told to, and the
 * lookup of a host's name. */

enum link_state {
    LINK_DOWN,       /* until retry_at */
    LINK_CONNECTING, /* until give_up_at */
    LINK_GREETING,   /* our hello is sent; until give_up_at */
    LINK_UP,
};

struct link_handlers {
    void (*on_up)(void *ctx);
    void (*on_down)(void *ctx); /* only after on_up */
    /* A message; its bytes are valid until the return. */
    void (*on_message)(void *ctx, const uint8_t *payload, size_t len);
};

struct link {
    enum link_state state;
    int fd; /* of the socket, -1 when down */
    int epoll_fd, timer_fd;
    bool timer_used; /* the host watches epoll_fd, so time-outs must make it readable */
    bool writing;    /* epoll tells when there is room to write */
    bool failed;     /* to be dropped; see link_fail */
    enum acd_sp_protocol self, peer;
    struct address address;
    acd_time retry_at, give_up_at, timer_at;
    acd_time heard_at; /* when bytes last came in */
    acd_span backoff, backoff_max;
    struct buffer in, out;
    const struct link_handlers *handlers;
    void *ctx;
    char error[512];
};

/* What a longer time-out counts as, so that no moment is beyond the last one. */
#define LINK_SPAN_MAX (365 * 24 * 3600 * ACD_SECOND)

/* CLOCK_MONOTONIC in microseconds; the coarse one is some milliseconds behind, and cheap. */
acd_time link_now(void);
acd_time link_now_coarse(void);

/* Opens a link that will connect as soon as it is run. Errors: those of address_parse, NO_MEMORY,
 * SYSTEM. After an error link_close is allowed and not needed. */
int link_open(struct link *l, const char *url, enum acd_sp_protocol self,
              const struct link_handlers *handlers, void *ctx);
void link_close(struct link *l);

/* Waits for at most `wait`, or until `wake_at`, for something to happen, and tends to it: connects,
 * reads once, calls handlers. Writing is for the caller: link_flush. */
void link_run(struct link *l, acd_span wait, acd_time wake_at);

/* Says that link_run is wanted by `at`, for those who watch epoll_fd. A system call only when it is
 * earlier than what was said before. */
void link_wake(struct link *l, acd_time at);

/* Room for a frame with a payload of up to `len` bytes: where the payload goes, or NULL without
 * memory. No link_flush before the frame is committed, or the connection is down. */
uint8_t *link_frame(struct link *l, size_t len);
void link_commit(struct link *l, size_t len);

/* Writes what is committed, as far as the socket takes it. */
void link_flush(struct link *l);

/* When the line breaks it is tried again at least so often. */
void link_hurry(struct link *l, acd_span within);

/* The peer makes sense: when the line breaks, it is tried again soon. Until then each attempt waits
 * longer than the one before. */
void link_settle(struct link *l);

/* Says why, and drops the connection when link_run goes on or is called next. */
void link_fail(struct link *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
