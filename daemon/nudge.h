#ifndef ACD_NUDGE_H
#define ACD_NUDGE_H

#include <stdbool.h>
#include <uv.h>

/* Another thread wakes the loop.
 *
 * Happy path: threads give nudges, and the loop hears once of all that were given since it last
 * heard. It is an eventfd and no uv_async_t: by that the loop spins until who woke it is scheduled
 * again, which costs time, and which a loop in real time prevents.
 *
 * Failure modes: no descriptor or no memory is left: told when it is opened. Each nudge is a system
 * call, so whoever has many to give asks first whether the loop knows already. */

struct nudge {
    int fd; /* an eventfd; -1: there is none */
    uv_poll_t hears;
    void (*heard)(void *ctx); /* by the loop's thread */
    void *ctx;
};

/* False: it cannot be, and errno says why. */
bool nudge_open(struct nudge *n, uv_loop_t *loop, void (*heard)(void *ctx), void *ctx);

/* By any thread, until it is closed. */
void nudge_give(struct nudge *n);

/* Hears nothing any more, so that the loop can end; nudges may still be given. */
void nudge_handle_close(struct nudge *n);

/* Nobody gives any from now on. */
void nudge_close(struct nudge *n);

#endif
