#ifndef ACD_TESTS_FOLDS_H
#define ACD_TESTS_FOLDS_H

#include "persist/acd_folds.h"
#include "tests/persist/site.h"

/* Folds of a site, read page by page. */

enum { PIECES = 400, VIEW_BYTES = 4 << 20 };

/* Random traffic with nights between, in which nothing happens for a day and more; all of it is
 * durable. */
void folds_run(struct site *s);

struct folds {
    uint8_t bytes[VIEW_BYTES];
    size_t used;
    acd_time until;
    uint64_t rows; /* read for it, and by whatever other threads there are */
};

void folds_reader(const struct site *s, struct acd_reader **r);

/* Adds a page to `out`. */
void folds_page(struct acd_reader *r, struct acd_fold_query *q, struct acd_fold_cursor *at,
                struct folds *out);

/* All pages, by one reader. */
void folds_all(const struct site *s, struct acd_fold_query *q, struct folds *out);

void folds_same(const struct folds *a, const struct folds *b);

/* Pieces of so many quarters, from 0 on. */
struct acd_fold_query folds_cut(acd_time bounds[PIECES + 1], acd_span quarters, acd_time to);

#endif
