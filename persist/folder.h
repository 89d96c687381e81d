#ifndef ACD_FOLDER_H
#define ACD_FOLDER_H

#include "persist/folding.h"

/* Intervals added up, from the disk on. folds_read.c reads rows, folds_page.c tells what they come
 * to, page by page. */

struct folder {
    struct acd_reader *r;
    const struct acd_fold_query *query;
    struct folding *folding;
    struct interval_key at; /* the next row is there or behind it */
    acd_time since, until;  /* what is written down */
};

/* What everybody was at a time, from which on is counted. Errors: those of acd_folds_read(). */
int folder_begin(struct folder *f, acd_time start);

/* Adds what was until then, by whole days where they are kept. */
int folder_add(struct folder *f, acd_time until);

/* What a reader keeps of its last fold, until it is closed or reads another. */
struct fold_pages;
void fold_pages_close(struct fold_pages *g);

#endif
