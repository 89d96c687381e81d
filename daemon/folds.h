#ifndef ACD_DAEMON_FOLDS_H
#define ACD_DAEMON_FOLDS_H

#include "persist/acd_folds.h"
#include "proto/acd_wire.h"

/* Queries for intervals added up: list_queue_folds and list_agent_folds. */

struct server;

struct folds {
    struct acd_fold_query wanted;
    acd_time *bounds; /* or NULL; freed by who has it */
};

static inline bool folds_answer(uint16_t code)
{
    return code == ACD_QUERY_list_queue_folds || code == ACD_QUERY_list_agent_folds;
}

/* On the loop's thread: what a query asks for. Its name stands in the query. Errors: those of
 * pieces_make(), with the field at fault. */
int folds_prepare(struct server *s, const struct acd_query *query, struct folds *f);

/* On the reader's: the answer, a page. */
int folds_read(struct folds *f, uint64_t cursor, struct acd_reader *reader, uint64_t number,
               struct acd_reply_writer *w);

#endif
