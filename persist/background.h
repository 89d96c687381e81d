#ifndef ACD_BACKGROUND_H
#define ACD_BACKGROUND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

struct acd_persist;

/* Workers that take what others leave of scarce processors; see background.c. */
struct background {
    pid_t thread;     /* 0: its niceness is not ours to change */
    atomic_bool nice; /* written under lock */
};

/* A worker's thread begins. */
void background_begin(struct acd_persist *p, struct background *worker);

/* This thread has been at it for some 50 us: if it is a worker and not urgent, whoever waits for
 * its processor has it. */
void background_give_way(void);

/* Under lock: somebody waits for the committer. */
void background_hurried(struct acd_persist *p);

/* Under lock: how urgent the workers are now. */
void background_turn(struct acd_persist *p);

/* Does that until the end; a thread, of a persist. */
void *background_watch(void *arg);

#endif
