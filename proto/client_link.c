/* One SP connection that comes back by itself.
 *
 * Happy path: connect, say hello, hear hello; then frames both ways, one read and one write a turn.
 *
 * Failure modes: no connection, no hello in time, a peer that is none of ours, a frame too long, a
 * broken line, no memory: the reason goes to l->error, the socket is closed, what was to be written
 * is forgotten, and after l->backoff the next attempt is made. */

#include "proto/client_link.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"

#define BACKOFF_MIN (50 * ACD_MS)
#define BACKOFF_MAX (2 * ACD_SECOND)
#define GIVE_UP     (5 * ACD_SECOND) /* connecting and saying hello may take so long */

enum {
    READ_SIZE = 128 * 1024, /* room for one read; its pages are touched only as data comes */
    PAYLOAD_MAX = ACD_WIRE_MESSAGE_MAX + 4, /* a reply stands behind its request's id */
    TAG_SOCKET = 0,
    TAG_TIMER = 1,
};

static acd_time clock_us(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (acd_time)t.tv_sec * ACD_SECOND + t.tv_nsec / 1000;
}

acd_time link_now(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

acd_time link_now_coarse(void)
{
    return clock_us(CLOCK_MONOTONIC_COARSE);
}

/* ---- life cycle --------------------------------------------------------------------------- */

static int watch(struct link *l, int op, int fd, uint32_t events, uint32_t tag)
{
    struct epoll_event event = {.events = events, .data.u32 = tag};

    return epoll_ctl(l->epoll_fd, op, fd, &event);
}

int link_open(struct link *l, const char *url, enum acd_sp_protocol self,
              const struct link_handlers *handlers, void *ctx)
{
    int error;

    memset(l, 0, sizeof *l);
    l->fd = l->epoll_fd = l->timer_fd = -1;
    error = address_parse(&l->address, url);
    if (error != ACD_OK)
        return error;
    l->self = self;
    l->peer = self == ACD_SP_REQ ? ACD_SP_REP : ACD_SP_PUB;
    l->handlers = handlers;
    l->ctx = ctx;
    l->timer_at = ACD_FOREVER;
    l->backoff = BACKOFF_MIN;
    l->backoff_max = BACKOFF_MAX;
    snprintf(l->error, sizeof l->error, "%s: not yet tried", l->address.url);
    l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    l->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (l->epoll_fd >= 0 && l->timer_fd >= 0 &&
        watch(l, EPOLL_CTL_ADD, l->timer_fd, EPOLLIN, TAG_TIMER) == 0)
        return ACD_OK;
    link_close(l);
    return ACD_SYSTEM;
}

void link_close(struct link *l)
{
    if (l->fd >= 0)
        close(l->fd);
    if (l->timer_fd >= 0)
        close(l->timer_fd);
    if (l->epoll_fd >= 0)
        close(l->epoll_fd);
    l->fd = l->timer_fd = l->epoll_fd = -1;
    l->state = LINK_DOWN;
    buffer_fini(&l->in);
    buffer_fini(&l->out);
}

void link_fail(struct link *l, const char *format, ...)
{
    int len = snprintf(l->error, sizeof l->error, "%s: ", l->address.url);
    va_list args;

    va_start(args, format);
    vsnprintf(l->error + len, sizeof l->error - (size_t)len, format, args);
    va_end(args);
    l->failed = true;
}

void link_hurry(struct link *l, acd_span within)
{
    if (within < l->backoff_max)
        l->backoff_max = within < BACKOFF_MIN ? BACKOFF_MIN : within;
}

void link_settle(struct link *l)
{
    l->backoff = BACKOFF_MIN;
}

/* Closes the connection of a failed link, or ends an attempt to have one. */
static void link_drop(struct link *l)
{
    const bool was_up = l->state == LINK_UP;

    if (l->fd >= 0)
        close(l->fd); /* epoll forgets it */
    l->fd = -1;
    l->state = LINK_DOWN;
    l->failed = l->writing = false;
    buffer_clear(&l->in);
    buffer_clear(&l->out);
    l->retry_at = link_now() + l->backoff;
    l->backoff = l->backoff * 2 > l->backoff_max ? l->backoff_max : l->backoff * 2;
    if (was_up)
        l->handlers->on_down(l->ctx);
}

/* ---- connecting --------------------------------------------------------------------------- */

/* The socket is connected: our hello goes out. Its first bytes always find room. */
static void greet(struct link *l)
{
    uint8_t hello[ACD_SP_HELLO];

    acd_sp_hello(hello, l->self);
    if (send(l->fd, hello, sizeof hello, MSG_NOSIGNAL) != sizeof hello) {
        link_fail(l, "%s", strerror(errno));
        return;
    }
    l->state = LINK_GREETING;
    if (watch(l, EPOLL_CTL_MOD, l->fd, EPOLLIN, TAG_SOCKET) != 0)
        link_fail(l, "%s", strerror(errno));
}

static void tune_tcp(int fd)
{
    const int yes = 1, unacknowledged_ms = 10000;

    /* Each is a wish: without it all works, later. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms,
                     sizeof unacknowledged_ms);
}

static void start_connecting(struct link *l)
{
    struct sockaddr_storage to;
    socklen_t len;
    const char *wrong = address_resolve(&l->address, &to, &len);

    l->give_up_at = link_now() + GIVE_UP;
    if (wrong != NULL) {
        link_fail(l, "%s", wrong);
        return;
    }
    l->fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (l->fd < 0 || watch(l, EPOLL_CTL_ADD, l->fd, EPOLLOUT, TAG_SOCKET) != 0) {
        link_fail(l, "%s", strerror(errno));
        return;
    }
    if (l->address.tcp)
        tune_tcp(l->fd);
    l->state = LINK_CONNECTING;
    if (connect(l->fd, (struct sockaddr *)&to, len) == 0)
        greet(l);
    else if (errno != EINPROGRESS)
        link_fail(l, "%s", strerror(errno));
}

static void finish_connecting(struct link *l)
{
    int error = 0;
    socklen_t len = sizeof error;

    if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        error = errno;
    if (error != 0)
        link_fail(l, "%s", strerror(error));
    else
        greet(l);
}

static void finish_greeting(struct link *l)
{
    if (buffer_len(&l->in) < ACD_SP_HELLO)
        return;
    if (!acd_sp_hello_is(l->in.data + l->in.begin, l->peer)) {
        link_fail(l, "does not speak the right protocol");
        return;
    }
    buffer_take(&l->in, ACD_SP_HELLO);
    l->state = LINK_UP;
    l->handlers->on_up(l->ctx);
}

/* ---- reading ------------------------------------------------------------------------------ */

/* Hands up the frames that are there. What a handler makes of them may fail the link. */
static void deliver(struct link *l)
{
    while (l->state == LINK_UP && !l->failed) {
        const uint8_t *at = l->in.data + l->in.begin;
        uint64_t payload;
        size_t len = buffer_len(&l->in);
        int head = acd_sp_frame_get(at, len, l->address.tcp, PAYLOAD_MAX, &payload);

        if (head < 0)
            link_fail(l, "not a frame: %s", acd_error_text(head));
        if (head <= 0)
            return;
        if (len - (size_t)head < payload) {
            if (!buffer_reserve(&l->in, (size_t)head + (size_t)payload - len))
                link_fail(l, "out of memory");
            return;
        }
        l->handlers->on_message(l->ctx, at + head, (size_t)payload);
        buffer_take(&l->in, (size_t)head + (size_t)payload);
    }
}

static void read_once(struct link *l)
{
    ssize_t got;

    if (!buffer_reserve(&l->in, READ_SIZE)) {
        link_fail(l, "out of memory");
        return;
    }
    got = recv(l->fd, l->in.data + l->in.end, l->in.room - l->in.end, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        link_fail(l, "%s", got == 0 ? "closed by the daemon" : strerror(errno));
        return;
    }
    l->in.end += (size_t)got;
    l->heard_at = link_now_coarse();
    if (l->state == LINK_GREETING)
        finish_greeting(l);
    deliver(l);
}

/* ---- writing ------------------------------------------------------------------------------ */

uint8_t *link_frame(struct link *l, size_t len)
{
    ACD_ASSERT(l->state == LINK_UP);
    if (!buffer_reserve(&l->out, ACD_SP_FRAME_IPC + len))
        return NULL;
    return l->out.data + l->out.end + (l->address.tcp ? ACD_SP_FRAME_TCP : ACD_SP_FRAME_IPC);
}

void link_commit(struct link *l, size_t len)
{
    l->out.end += acd_sp_frame_put(l->out.data + l->out.end, l->address.tcp, len) + len;
}

/* A line that broke is not dropped here, in the middle of anything: epoll says so again. */
void link_flush(struct link *l)
{
    ssize_t sent;
    bool more;

    if (l->state != LINK_UP || l->failed || buffer_len(&l->out) == 0)
        return;
    sent = send(l->fd, l->out.data + l->out.begin, buffer_len(&l->out), MSG_NOSIGNAL);
    if (sent > 0)
        buffer_take(&l->out, (size_t)sent);
    more = buffer_len(&l->out) > 0;
    if (more == l->writing)
        return;
    l->writing = more;
    if (watch(l, EPOLL_CTL_MOD, l->fd, more ? EPOLLIN | EPOLLOUT : EPOLLIN, TAG_SOCKET) != 0)
        link_fail(l, "%s", strerror(errno));
}

/* ---- running ------------------------------------------------------------------------------ */

/* When the link itself wants to go on. */
static acd_time link_deadline(const struct link *l)
{
    switch (l->state) {
    case LINK_DOWN: return l->retry_at;
    case LINK_CONNECTING:
    case LINK_GREETING: return l->give_up_at;
    default: return ACD_FOREVER;
    }
}

static int timeout_ms(acd_span wait, acd_time until)
{
    acd_span left;

    if (wait <= 0)
        return 0;
    if (until != ACD_FOREVER) {
        left = until - link_now();
        wait = left < 0 ? 0 : left < wait ? left : wait;
    }
    if (wait > 3600 * ACD_SECOND)
        return wait == ACD_FOREVER ? -1 : 3600 * 1000;
    return (int)((wait + ACD_MS - 1) / ACD_MS);
}

static void on_events(struct link *l, uint32_t tag, uint32_t events)
{
    uint64_t expirations;

    if (tag == TAG_TIMER) {
        l->timer_at = ACD_FOREVER;
        if (read(l->timer_fd, &expirations, sizeof expirations) < 0)
            return; /* somebody else was woken for it */
    } else if (l->state == LINK_CONNECTING) {
        finish_connecting(l);
    } else if (l->fd >= 0) {
        if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            read_once(l);
    }
}

static void tend(struct link *l)
{
    if (l->state == LINK_DOWN && !l->failed && l->retry_at <= link_now())
        start_connecting(l);
    if ((l->state == LINK_CONNECTING || l->state == LINK_GREETING) && !l->failed &&
        l->give_up_at <= link_now())
        link_fail(l, "no answer to connecting");
    if (l->failed)
        link_drop(l);
}

void link_run(struct link *l, acd_span wait, acd_time wake_at)
{
    struct epoll_event events[2];
    acd_time own;
    int count;

    tend(l);
    own = link_deadline(l);
    count = epoll_wait(l->epoll_fd, events, 2, timeout_ms(wait, own < wake_at ? own : wake_at));
    for (int i = 0; i < count; i++)
        if (!l->failed)
            on_events(l, events[i].data.u32, events[i].events);
    tend(l);
}

void link_wake(struct link *l, acd_time at)
{
    const acd_time own = link_deadline(l);
    struct itimerspec when = {{0, 0}, {0, 0}};

    if (own < at)
        at = own;
    if (!l->timer_used || at >= l->timer_at)
        return;
    if (at < 1)
        at = 1; /* 0 would disarm it */
    when.it_value.tv_sec = at / ACD_SECOND;
    when.it_value.tv_nsec = at % ACD_SECOND * 1000;
    if (timerfd_settime(l->timer_fd, TFD_TIMER_ABSTIME, &when, NULL) == 0)
        l->timer_at = at;
}
