#ifndef ACD_WORK_H
#define ACD_WORK_H

#include <stdbool.h>
#include <uv.h>

#include "daemon/nudge.h"

/* Work for other threads: what the loop may not wait for, be it a disk or a long document.
 *
 * Happy path: a piece is put, a thread that waits for one runs it, and the loop, woken by it,
 * finishes it; or, when all that others wait for is done already, finishes it once it comes by.
 * libuv has the like; but it wakes its threads while it holds the lock that they need first, and
 * the loop by a uv_async_t (nudge.h), which together took a quarter of what a query from the disk
 * takes beside its reading.
 *
 * Failure modes: no threads: told when they are opened. More pieces than threads: they wait in
 * their order; whoever puts them sees to it that there are not too many. */

enum { WORK_THREADS = 4 };

/* A piece: its owner's memory, until it is done. */
struct work {
    struct work *next;
    void (*run)(struct work *work);  /* by another thread */
    void (*done)(struct work *work); /* by the loop's */
    bool can_wait;                   /* set by run: the loop need not wake up to finish it */
};

struct work_list {
    struct work *first, *last;
};

/* A thread. */
struct worker {
    struct workers *all;
    uv_thread_t thread;
    uv_sem_t asked;       /* once it is idle no more */
    struct worker *below; /* idle before it was */
};

struct workers {
    struct worker threads[WORK_THREADS];
    uv_mutex_t lock;     /* of what follows */
    struct worker *idle; /* who was so last, first: what it works with is at hand yet */
    struct work_list waiting, finished;
    bool ending, has_told; /* it is told, and has not come yet */
    struct nudge nudge;    /* something is finished */
};

/* Starts the threads. False: it cannot be. */
bool work_open(struct workers *w, uv_loop_t *loop);

/* Puts a piece whose callbacks are set. */
void work_put(struct workers *w, struct work *work);

/* Finishes what is there to be finished. */
void work_collect(struct workers *w);

/* Finishes nothing any more by itself, so that the loop can end. */
void work_handles_close(struct workers *w);

/* Waits until all that was put has run, finishes it, and ends the threads. */
void work_close(struct workers *w);

#endif
