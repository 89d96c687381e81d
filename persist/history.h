#ifndef ACD_HISTORY_H
#define ACD_HISTORY_H

#include "engine/acd.h"
#include "persist/format.h"
#include "persist/heads.h"
#include "persist/intervals.h"
#include "persist/store.h"

/* Queue visits that are over: collected by the follower as it passes them, written down in
 * history.mdb a little later, in the order of their events; and what is noted of them afterwards,
 * which changes them where they stand.
 *
 * Four chains lead through the visits, by call key, caller, agent and queue: each visit says which
 * one of the same name was before it, and a head which is the newest. Indexes would be as large as
 * the visits, and written all over. Keys and callers are without number, so theirs are chains of
 * buckets, by a hash of 16 bits, in which others stand too. */

enum { HISTORY_PENDING_BYTES = 32 << 20, HISTORY_FRAME_BYTES = 1 << 20 };

struct history {
    struct format_mark mark; /* its sequence: visits up to it stand in the store */
    uint64_t seen;           /* visits up to it stand there or wait in `pending` */
    uint8_t *pending;        /* records of acd_view_visit, HISTORY_PENDING_BYTES */
    size_t used;
    uint64_t rows; /* in the store */
    struct heads heads;
    struct intervals intervals;
    bool flushed; /* what was written last is in the store, so `heads` are as they are there */
};

/* Takes the memory; false without. Zeroed is closed. */
bool history_open(struct history *h);
void history_close(struct history *h);

/* Whether all that one frame may bring finds room. */
static inline bool history_has_room(const struct history *h)
{
    return HISTORY_PENDING_BYTES - h->used >= HISTORY_FRAME_BYTES &&
           intervals_have_room(&h->intervals);
}

static inline bool history_waits(const struct history *h)
{
    return h->used > 0 || h->intervals.used > 0;
}

/* Whether there is enough for a transaction, though it has not been long since the last one. */
static inline bool history_is_large(const struct history *h)
{
    return h->used >= HISTORY_PENDING_BYTES / 2;
}

/* Whether an event ends a visit, or is a note of one that is over, or ends a row of intervals. Most
 * do not. */
static inline bool history_tells(uint16_t code)
{
    return code == ACD_EVENT_call_ended || code == ACD_EVENT_call_moved ||
           code == ACD_EVENT_call_transferred || code == ACD_EVENT_wrap_up_coded ||
           code == ACD_EVENT_callback_set || code == ACD_EVENT_callback_put_off ||
           code == ACD_EVENT_callback_failed || intervals_tell(code);
}

/* Takes note of such an event, which is about to be applied to `before`. There is room. */
void history_note(struct history *h, const struct acd_engine *before, acd_time at,
                  uint64_t sequence, const uint8_t *bytes, size_t len);

/* Writes down what waits, and the mark. `upto` is the follower's sequence. What is pending is given
 * up by history_flushed(), once the transaction is committed. */
int history_flush(struct history *h, struct store_txn *t, uint64_t upto);
void history_flushed(struct history *h, uint64_t upto);

/* Forgets some of the visits that ended before a time; *more: there are more. */
int history_trim(struct history *h, struct store_txn *t, acd_time before, bool *more);

/* Changes a visit by what was noted of it when it was over: a record of `pending` like a visit's,
 * under its sequence, with `noted` and without most of the rest. */
void visit_apply_note(struct acd_view_visit *v, const struct acd_view_visit *note);

/* Reads a visit's row. False when it is damaged. */
bool visit_read(struct store_bytes value, struct format_visit *links, struct acd_view_visit *out);

#endif
