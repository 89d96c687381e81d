#ifndef ACD_RECOVERING_H
#define ACD_RECOVERING_H

#include <stdbool.h>
#include <uv.h>

/* How far a start is, for who reads the log: a line a second for as long as it takes.
 *
 * Happy path: who is about it notes what it does and how far it is; a thread of its own says so,
 * also while one step takes long, or hangs. Failure modes: there is no thread to be had: nothing is
 * said, and the start goes on. */

struct recovering {
    uv_thread_t thread;
    bool running;

    uv_mutex_t lock;
    uv_cond_t over;
    bool ended;       /* this and what follows: under lock */
    const char *what; /* a literal */
    uint64_t done, of;
};

void recovering_begin(struct recovering *r);

/* Notes how far it is: `done` of `of`, which is 0 when nobody knows. ctx: a struct recovering. */
void recovering_note(void *ctx, const char *what, uint64_t done, uint64_t of);

void recovering_end(struct recovering *r);

#endif
