#include "bench/metrics/floor.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench/harness.h"

enum { MESSAGE = 64 };

/* ---- the server: one connection ------------------------------------------------------------- */

static struct {
    int epoll, socket;
    int to_thread; /* -1: by the loop alone */
    char message[MESSAGE];
} echo = {.to_thread = -1};

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};

    memcpy(a.sun_path, path, strnlen(path, sizeof a.sun_path - 1));
    return a;
}

static void watch(int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    if (epoll_ctl(echo.epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        bench_give_up("epoll: %s", strerror(errno));
}

static bool tell(int fd)
{
    const uint64_t one = 1;

    return write(fd, &one, sizeof one) == (ssize_t)sizeof one;
}

static bool hear(int fd)
{
    uint64_t count;

    return read(fd, &count, sizeof count) == (ssize_t)sizeof count;
}

static bool answer(void)
{
    return send(echo.socket, echo.message, MESSAGE, MSG_NOSIGNAL) == MESSAGE;
}

static void *other_thread(void *nothing)
{
    while (hear(echo.to_thread) && answer())
        ;
    return nothing;
}

static bool turn(void)
{
    if (recv(echo.socket, echo.message, MESSAGE, MSG_WAITALL) != MESSAGE)
        return false;
    return echo.to_thread >= 0 ? tell(echo.to_thread) : answer();
}

static void serve(const char *path, int ready)
{
    struct sockaddr_un a = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct epoll_event event;

    if (bind(fd, (const struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 1) != 0 ||
        write(ready, "r", 1) != 1)
        bench_give_up("%s: %s", path, strerror(errno));
    echo.socket = accept(fd, NULL, NULL);
    echo.epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(echo.socket);
    while (epoll_wait(echo.epoll, &event, 1, -1) == 1 || errno == EINTR)
        if (!turn())
            break;
}

static void serve_handed_over(const char *path, int ready)
{
    pthread_t thread;

    echo.to_thread = eventfd(0, EFD_CLOEXEC);
    if (echo.to_thread < 0 || pthread_create(&thread, NULL, other_thread, NULL) != 0)
        bench_give_up("echo: %s", strerror(errno));
    serve(path, ready);
}

/* ---- asking --------------------------------------------------------------------------------- */

void floor_start(struct floor *f, const char *name, bool handed_over)
{
    struct sockaddr_un a;

    server_fork(&f->server, name, handed_over ? serve_handed_over : serve);
    a = address_of(f->server.path);
    f->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (f->fd < 0 || connect(f->fd, (const struct sockaddr *)&a, sizeof a) != 0)
        bench_give_up("%s: %s", f->server.path, strerror(errno));
}

/* Waits as the clients of both do. */
void floor_ask(const struct floor *f)
{
    struct pollfd wait = {.fd = f->fd, .events = POLLIN};
    char message[MESSAGE] = "";

    if (send(f->fd, message, MESSAGE, MSG_NOSIGNAL) != MESSAGE || poll(&wait, 1, -1) != 1 ||
        recv(f->fd, message, MESSAGE, MSG_WAITALL) != MESSAGE)
        bench_give_up("the echo has ended");
}

void floor_stop(struct floor *f)
{
    (void)close(f->fd);
    server_stop(&f->server);
}
