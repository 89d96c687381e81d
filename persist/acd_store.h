#ifndef ACD_STORE_PUBLIC_H
#define ACD_STORE_PUBLIC_H

#include "persist/acd_persist.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A store read: its history and its journal, by queries beside the running workers or from another
 * process; and looked after: verified, copied, compacted. FORMAT.md has what stands in it.
 *
 * All errors have their sentence in acd_persist_error(NULL), of the same thread. */

struct acd_reader;

/* Reads beside the workers of `p`, from any thread, one thread at a time. It is closed before p is.
 * While a call runs no worker can raise a map, so calls are bounded, but for those that say
 * otherwise. Errors: NO_MEMORY. */
int acd_reader_open(struct acd_reader **out, struct acd_persist *p);

/* Reads a directory that no acd_persist of this process has open, whether or not a daemon runs on
 * it; changes nothing. Errors: SYSTEM, INVALID (damaged, or no store), VERSION, NO_MEMORY. */
int acd_reader_open_directory(struct acd_reader **out, const char *directory);

void acd_reader_close(struct acd_reader *r);

/* ---- history ----------------------------------------------------------------------------------
 */

/* Which queue visits; empty or 0 means any. A key finds in the time of a lookup, as do a caller, an
 * agent and a queue; with several of them the first of these is walked. */
struct acd_history_query {
    struct acd_str key, caller, agent, queue;
    struct acd_str gateway;
    acd_time from, to; /* of acd_view_visit.at; `to` is not included */
    uint8_t disposition, direction;
    acd_span min_wait;
    uint32_t limit; /* visits a call returns at most; default 50 */
};

/* Visits, newest first, as records of acd_view_visit one after the other, as many as `limit` says
 * and fit into `out`, which has at least ACD_RECORD_MAX bytes. *cursor is 0 for the first page, and
 * set to where the next one begins: 0 when there is none. A call looks at a bounded number of rows
 * and may return few or no visits with a cursor to go on at. Returns the bytes written. Errors:
 * INVALID (damaged; `len` too small), SYSTEM, NO_MEMORY. */
int acd_history_read(struct acd_reader *r, const struct acd_history_query *query, uint64_t *cursor,
                     uint8_t *out, size_t len);

/* ---- journal ----------------------------------------------------------------------------------
 */

/* A frame of the journal; its bytes are valid until the callback returns. false stops. */
typedef bool (*acd_journal_cb)(void *ctx, uint32_t epoch, const struct acd_frame *frame);

/* What stands in the journal: all events from *oldest to *last, which is one less when there are
 * none. Errors: SYSTEM, INVALID, NO_MEMORY. */
int acd_journal_range(struct acd_reader *r, uint64_t *oldest, uint64_t *last);

/* Hands over the frames that reach behind the event *after, whole and in order, durable ones only,
 * until about `bytes` of them are handed over; *after is moved on. Returns how many frames, 0 at
 * the end. Errors: STALE (what follows *after is not kept any more: see acd_journal_range), INVALID
 * (damaged), SYSTEM, NO_MEMORY. */
int acd_journal_read(struct acd_reader *r, uint64_t *after, size_t bytes, acd_journal_cb each,
                     void *ctx);

/* Makes an engine as it was right before the frame that states an event, and hands both over, once:
 * the newest image before it is taken and the journal folded from there, which may take seconds.
 * The engine is the callback's until it returns, and then closed. Errors: NOT_FOUND (no such event
 * yet), STALE (images or journal do not reach back so far), INVALID (damaged), SYSTEM, NO_MEMORY,
 * or what the callback returns. */
typedef int (*acd_rewind_cb)(void *ctx, struct acd_engine *e, const struct acd_frame *frame);
int acd_journal_rewind(struct acd_reader *r, uint64_t sequence, acd_rewind_cb at, void *ctx);

/* ---- looking after a store
 * -----------------------------------------------------------------------
 */

struct acd_verified {
    uint64_t image;   /* the sequence that the fold began at */
    uint64_t applied; /* the sequence of the rows compared */
    uint64_t events, rows, visits, intervals, folds;
    uint64_t faults; /* found; 0: all is as it should be */
};

/* Folds the journal from the oldest image kept, and compares: with the images passed, with the rows
 * in tables.mdb, and with the visits and intervals in history.mdb, whose chains it walks too. Each
 * fault is told as a sentence, `report` may be NULL; after 20 they are only counted. Takes as long
 * as it takes, and the memory of an engine: for a store in use, from another process. Errors:
 * INVALID (faults were found), SYSTEM, VERSION, NO_MEMORY. */
int acd_store_verify(struct acd_reader *r, void (*report)(void *ctx, const char *fault), void *ctx,
                     struct acd_verified *out);

/* Copies a store, running or not, to a directory that is empty or not there, as of some moment
 * during the call, all that is durable when it begins included. The copy is a store of its own, in
 * an epoch that no other copy has: a backup, and from a backup the same call restores. A copy that
 * was not finished is refused when it is opened. Takes as long as it takes: for a store in use,
 * from another process. Errors: EXISTS (the directory is not empty), STALE (it took so long that
 * what was copied does not belong together any more: copy again), SYSTEM, INVALID, NO_MEMORY. */
int acd_store_copy(struct acd_reader *r, const char *to);

/* Makes the files of a store that nobody has open as small as they can be. *before and *after,
 * which may be NULL, are their bytes. A kill in between harms
 * nothing, nor is anybody harmed who reads them meanwhile. What stands in them is not looked at: a
 * later version's are made small too. Errors: STATE (it is in use), SYSTEM, INVALID, VERSION (of
 * LMDB), NO_MEMORY. */
int acd_store_compact(const char *directory, uint64_t *before, uint64_t *after);

#ifdef __cplusplus
}
#endif

#endif
