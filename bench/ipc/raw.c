#include "bench/ipc/raw.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    BUFFER = 256 * 1024, /* more than all lanes' messages together */
    REQUEST_HEAD = 8,    /* a request's number, before its record */
    REPLY_HEAD = 12,     /* a reply's number and length */
};

struct head {
    uint16_t bytes, reply_bytes; /* of this message, of the reply to it */
    uint32_t lane;
};

/* One end of a connection: what was read and not dealt with, what is to be written. */
struct end {
    int fd, epoll;
    size_t in_len, out_len;
    uint8_t in[BUFFER], out[BUFFER];
};

/* ---- what both ends do ---------------------------------------------------------------------- */

static void end_open(struct end *e, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};

    e->fd = fd;
    e->in_len = e->out_len = 0;
    e->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (e->epoll < 0 || epoll_ctl(e->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        bench_give_up("epoll: %s", strerror(errno));
}

/* Waits and reads; false at the end. */
static bool end_read(struct end *e)
{
    struct epoll_event event;
    ssize_t got;

    if (epoll_wait(e->epoll, &event, 1, -1) != 1)
        return errno == EINTR;
    got = recv(e->fd, e->in + e->in_len, BUFFER - e->in_len, 0);
    if (got > 0)
        e->in_len += (size_t)got;
    return got > 0;
}

/* The socket holds all that is ever under way, so a short write is a fault. */
static void end_write(struct end *e)
{
    if (e->out_len > 0 && send(e->fd, e->out, e->out_len, MSG_NOSIGNAL) != (ssize_t)e->out_len)
        bench_give_up("raw echo: write: %s", strerror(errno));
    e->out_len = 0;
}

/* The whole message at `at`, or NULL. */
static const struct head *whole(const struct end *e, size_t at, struct head *head)
{
    if (e->in_len - at < sizeof *head)
        return NULL;
    memcpy(head, e->in + at, sizeof *head);
    return e->in_len - at < head->bytes ? NULL : head;
}

static void end_keep_rest(struct end *e, size_t at)
{
    e->in_len -= at;
    if (e->in_len > 0)
        memmove(e->in, e->in + at, e->in_len);
}

/* ---- the server ----------------------------------------------------------------------------- */

static void reply(struct end *e, const uint8_t *request, const struct head *head)
{
    size_t copied = head->bytes < head->reply_bytes ? head->bytes : head->reply_bytes;
    struct head back = {.bytes = head->reply_bytes, .lane = head->lane};

    memcpy(e->out + e->out_len, request, copied);
    memcpy(e->out + e->out_len, &back, sizeof back);
    e->out_len += head->reply_bytes;
}

static void serve_connection(struct end *e)
{
    while (end_read(e)) {
        struct head head;
        size_t at = 0;

        for (; whole(e, at, &head) != NULL; at += head.bytes)
            reply(e, e->in + at, &head);
        end_keep_rest(e, at);
        end_write(e);
    }
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};

    memcpy(a.sun_path, path, strnlen(path, sizeof a.sun_path - 1));
    return a;
}

void raw_serve(const char *path, int ready)
{
    static struct end end;
    struct sockaddr_un a = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (bind(fd, (const struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 1) != 0 ||
        write(ready, "r", 1) != 1)
        bench_give_up("%s: %s", path, strerror(errno));
    end_open(&end, accept(fd, NULL, NULL));
    serve_connection(&end);
}

/* ---- the client ----------------------------------------------------------------------------- */

int raw_connect(const char *path)
{
    struct sockaddr_un a = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof a) != 0)
        bench_give_up("%s: %s", path, strerror(errno));
    return fd;
}

struct run {
    struct end end;
    uint8_t steps[LOAD_LANES_MAX];
    uint8_t record[ACD_RECORD_MAX]; /* what a request is filled with */
    uint32_t unanswered;
};

static void ask(struct run *r, const struct mix_sizes *sizes, uint32_t lane)
{
    int step = r->steps[lane];
    uint8_t *at = r->end.out + r->end.out_len;
    struct head head = {.bytes = (uint16_t)(REQUEST_HEAD + sizes->request[step]),
                        .reply_bytes = (uint16_t)(REPLY_HEAD + sizes->reply[step]),
                        .lane = lane};

    memcpy(at, &head, sizeof head);
    memcpy(at + sizeof head, r->record, head.bytes - sizeof head);
    r->end.out_len += head.bytes;
    r->steps[lane] = (uint8_t)((step + 1) % MIX_STEPS);
    r->unanswered++;
}

static void take_replies(struct run *r, const struct mix_sizes *sizes, struct load *l)
{
    struct head head;
    size_t at = 0;

    for (; whole(&r->end, at, &head) != NULL; at += head.bytes) {
        r->unanswered--;
        if (load_answered(l, head.lane))
            ask(r, sizes, head.lane);
    }
    end_keep_rest(&r->end, at);
}

void raw_run(int fd, const struct mix_sizes *sizes, struct load *l)
{
    static struct run r;

    r.unanswered = 0;
    end_open(&r.end, fd);
    for (uint32_t i = 0; i < l->depth; i++) {
        load_sent(l, i);
        ask(&r, sizes, i);
    }
    end_write(&r.end);
    while (r.unanswered > 0) {
        if (!end_read(&r.end))
            bench_give_up("the raw echo has ended");
        take_replies(&r, sizes, l);
        end_write(&r.end);
    }
    close(r.end.epoll);
}
