#ifndef ACD_FOLDS_H
#define ACD_FOLDS_H

#include "persist/acd_store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Intervals added up: what was counted of queues or of agents in pieces of time; docs/METRICS.md.
 *
 * All errors have their sentence in acd_persist_error(NULL), of the same thread. */

struct acd_fold_query {
    bool agents;          /* of agents; else of queues */
    bool together;        /* all added up, under no name */
    bool by_team;         /* of agents: by the team that each is of, whose name is told; else "-" */
    struct acd_str name;  /* this one only, by_team this team; empty: each */
    struct acd_str under; /* those only whose names begin so; empty: all */
    struct acd_str zone;  /* whose days, if they are kept, make it quick; may be empty */
    acd_span threshold;   /* of the service level of queues ... */
    acd_span short_after; /* ... and up to which abandoned calls count as short */
    const acd_time *bounds;
    uint32_t pieces;      /* the n-th is from bounds[n] to bounds[n + 1]; at most 65,535 */
    uint64_t last_turned; /* the last interval_turned that anybody knows of, or 0 ... */
    acd_time now;         /* ... and the time at which nobody knew of another */
    uint32_t limit;       /* views a call returns at most; default 1,000 */
};

/* Where a page begins. Zero: at the start. */
struct acd_fold_cursor {
    uint32_t piece, row; /* of the next view; piece = pieces: this was the end */
};

/* Views of a page, records of acd_view_queue_fold or acd_view_agent_fold one after the other: by
 * pieces, in a piece by name; as many as `limit` says and fit into `out`, which has at least
 * ACD_RECORD_MAX bytes, and no further than the end of a piece when that took long. A piece has
 * those of whom there is anything to tell; all together, or the one named unless it is a team,
 * always, but for pieces from before the first interval that is kept. *until is the time up to
 * which all is written down; pieces behind it have no views, and one that it cuts ends there.
 * Returns the bytes written; *cursor is moved on. The time it takes is that of the days that are
 * kept, and of the quarters of an hour in the pieces of a page; and of a day before, and its piece
 * from the beginning, unless the reader's last fold was the page before this one: what was added
 * up for that is kept, some 400 bytes an agent, by team 700, and of a queue up to 6 KB, until
 * another fold is read or the reader closed. By team the names are those that are durable when the
 * first page is read. Errors: INVALID (damaged; `len` too small), SYSTEM, NO_MEMORY. */
int acd_folds_read(struct acd_reader *r, const struct acd_fold_query *query,
                   struct acd_fold_cursor *cursor, acd_time *until, uint8_t *out, size_t len);

/* Bytes that a reader keeps of its last fold. Not while that is read. */
size_t acd_folds_bytes(const struct acd_reader *r);

/* Whether a page goes on where the reader's last fold ended. Not while that is read. */
bool acd_folds_go_on(const struct acd_reader *r, const struct acd_fold_query *query,
                     const struct acd_fold_cursor *cursor);

#ifdef __cplusplus
}
#endif

#endif
