#ifndef ACD_DAEMON_FOLDS_H
#define ACD_DAEMON_FOLDS_H

#include "daemon/folds_kept.h"
#include "proto/acd_wire.h"

/* Queries for intervals added up: list_queue_folds and list_agent_folds. */

struct server;

struct folds {
    struct acd_fold_query wanted;
    acd_time *bounds; /* or NULL; freed by who has it */
    uint64_t cursor;
    struct acd_reader *reader; /* that ended where this page begins, and then where it ends if there
                                  are more; or NULL */
};

static inline bool folds_answer(uint16_t code)
{
    return code == ACD_QUERY_list_queue_folds || code == ACD_QUERY_list_agent_folds;
}

/* On the loop's thread: what a query asks for, of those whose names begin so. Its name stands in
 * the query. Errors: those of pieces_make(), with the field at fault. */
int folds_prepare(struct server *s, const struct acd_query *query, struct acd_str under,
                  struct folds *f);

/* On the reader's: the answer, a page. */
int folds_read(struct folds *f, struct acd_reader *reader, uint64_t number,
               struct acd_reply_writer *w);

/* On the loop's thread, after it: frees what it has, and keeps its reader. */
void folds_done(struct server *s, struct folds *f);

/* Closes readers that were kept for FOLDS_KEPT_MS; all of them, at the end. */
void folds_forget(struct server *s);
void folds_close(struct server *s);

#endif
