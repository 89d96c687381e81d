#ifndef ACD_MODEL_SUITES_H
#define ACD_MODEL_SUITES_H

#include "tests/model/cover.h"

/* The suites of test_model; each prints what it did and returns true when all was well. */

struct suite_options {
    uint64_t seed;  /* of the first run */
    unsigned runs;  /* each with the next seed */
    unsigned steps; /* of each run */
    unsigned depth; /* commands of each exhaustive sequence */
    bool trace;     /* print every step */
    enum twin_fault fault;
    struct cover *cover; /* may be NULL */
};

/* random.c: random streams. Returns false at the first difference, which it prints together with
 * the command that replays it, unless a fault is planted; *steps gets the steps made until then. */
bool suite_random(const struct suite_options *options, uint64_t *steps);

/* faults.c: every planted fault is noticed within its budget of runs, in which views are compared
 * after each eighth step only. */
bool suite_faults(const struct suite_options *options);

/* exhaustive.c: all orders of a few commands over two agents and two calls. */
bool suite_exhaustive(const struct suite_options *options);

/* twice.c: every message of a story sent twice, and every two neighbours swapped. */
bool suite_twice(const struct suite_options *options);

/* rare.c: stories that reach what random streams seldom do. */
bool suite_rare(const struct suite_options *options);

#endif
