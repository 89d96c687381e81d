#ifndef ACD_CHECK_H
#define ACD_CHECK_H

#include "engine/engine.h"

/* Invariants of the state, walked. Each function returns NULL, or what is broken. */

#define CHECK(x)                                                                                   \
    do {                                                                                           \
        if (!(x))                                                                                  \
            return #x;                                                                             \
    } while (0)
#define CHECK_ALL(x)                                                                               \
    do {                                                                                           \
        const char *broken_ = (x);                                                                 \
        if (broken_ != NULL)                                                                       \
            return broken_;                                                                        \
    } while (0)

/* check_interval.c: the books of the present interval. */
const char *check_intervals(const struct acd_engine *e);

#endif
