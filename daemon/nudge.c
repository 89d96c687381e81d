#include "daemon/nudge.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "engine/acd_assert.h"

static void on_readable(uv_poll_t *hears, int status, int events)
{
    struct nudge *n = hears->data;
    uint64_t count;

    (void)events;
    ACD_ASSERT(status == 0 && read(n->fd, &count, sizeof count) == (ssize_t)sizeof count);
    n->heard(n->ctx);
}

bool nudge_open(struct nudge *n, uv_loop_t *loop, void (*heard)(void *ctx), void *ctx)
{
    int error;

    *n = (struct nudge){.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), .heard = heard, .ctx = ctx};
    if (n->fd < 0)
        return false;
    n->hears.data = n;
    error = uv_poll_init(loop, &n->hears, n->fd);
    if (error == 0)
        error = uv_poll_start(&n->hears, UV_READABLE, on_readable);
    errno = -error;
    return error == 0;
}

void nudge_give(struct nudge *n)
{
    static const uint64_t one = 1;

    ACD_ASSERT(write(n->fd, &one, sizeof one) == (ssize_t)sizeof one);
}

void nudge_handle_close(struct nudge *n)
{
    uv_close((uv_handle_t *)&n->hears, NULL);
}

void nudge_close(struct nudge *n)
{
    if (n->fd >= 0)
        (void)close(n->fd);
    n->fd = -1;
}
