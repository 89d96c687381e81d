#ifndef ACD_TESTS_RUNS_H
#define ACD_TESTS_RUNS_H

#include "tests/persist/tape.h"

/* A directory that was not there; checkpoints, images, trimming, maps raised; a clean stop. */
void run_new(struct tape *t);

/* The directory as that run left it. */
void run_stopped(const struct tape *made);

/* What may follow it. */
enum { RUNS = 8 };
extern void (*const runs[RUNS])(struct tape *t, const struct tape *made);

#endif
