#ifndef ACD_DAEMON_FOLDS_KEPT_H
#define ACD_DAEMON_FOLDS_KEPT_H

#include "persist/acd_folds.h"

/* Readers of pages that have more behind them, for a while: who asks for a page asks for the next
 * one, and with the same reader nothing is added up twice.
 *
 * Happy path: a reader is put, and taken out for the page that goes on where it is. Failure modes:
 * nobody asks on, too many do, or they hold too much: what has been kept longest is given up, and
 * the page that would have gone on there adds up again. */

enum { FOLDS_KEPT = 4, FOLDS_KEPT_MS = 10000 };

struct kept_fold {
    struct acd_reader *reader; /* or NULL */
    size_t bytes;              /* that it holds */
    uint64_t since_ms;
};

struct folds_kept {
    struct kept_fold at[FOLDS_KEPT];
    size_t bytes; /* together */
};

/* How much they may hold together: several folds of a usual centre, and in any case one of all
 * agents or of all queues that there may be. */
size_t folds_kept_most(const struct acd_limits *limits);

/* Whether one more may be kept, that holds so much. */
bool folds_kept_has_room(const struct folds_kept *k, size_t bytes, size_t most);

/* Keeps a reader; there is room. */
void folds_kept_put(struct folds_kept *k, struct acd_reader *reader, size_t bytes, uint64_t now_ms);

/* Takes out the one that a page goes on with. NULL: there is none. */
struct acd_reader *folds_kept_take(struct folds_kept *k, const struct acd_fold_query *query,
                                   const struct acd_fold_cursor *at);

/* Takes out the one that has been kept longest, if it was put at that time or before. NULL: none
 * was. */
struct acd_reader *folds_kept_oldest(struct folds_kept *k, uint64_t before_ms);

#endif
