#ifndef ACD_INTERVALS_STORED_H
#define ACD_INTERVALS_STORED_H

#include "engine/acd.h"
#include "persist/store.h"

/* What was counted of queues and agents, by quarters of an hour, in history.mdb: a row of each when
 * its interval is over, or when it is removed.
 *
 * Rows stand in the order of time, so they are only ever appended and only ever trimmed at the
 * beginning. The first interval of a day (UTC) that has any row has one of everybody: of each agent
 * who is not logged out, and of each queue in which somebody waits. So what was when a row is
 * missing, since nothing happened, is found at most a day of rows back. */

enum interval_of { INTERVAL_QUEUE = 1, INTERVAL_AGENT };

/* The key of a row, in this order, big-endian; 17 bytes. */
struct interval_key {
    uint32_t number;   /* of the interval: its start / 15 minutes */
    uint64_t sequence; /* of the event by which it was over */
    uint8_t of;
    uint32_t slot; /* of the queue or agent */
};

enum {
    INTERVAL_KEY = 17,
    INTERVALS_A_DAY = 96,
    INTERVAL_VALUE_MAX = 16384 /* of a queue with counts in all its buckets */
};

#define INTERVAL_SPAN ((acd_span)15 * 60 * ACD_SECOND)

struct store_bytes interval_key_put(uint8_t out[INTERVAL_KEY], const struct interval_key *k);

/* False of what is no such key. */
bool interval_key_get(struct store_bytes key, struct interval_key *out);

/* A row: a checksum, whether it is of one that was removed, then the record of view queue_interval
 * or agent_interval, and of a queue the rows `waits` that its histograms fill. */
struct interval_row {
    struct interval_key key;
    bool removed;
    const uint8_t *record; /* the view's ... */
    size_t len;
    const uint8_t *waits; /* ... and those behind it */
    size_t waits_len;
};

/* False when it is damaged. */
bool interval_row_get(struct store_bytes key, struct store_bytes value, struct interval_row *out);

/* Adds the counts of a row's histograms. False when they are damaged. */
bool interval_waits_add(const struct interval_row *row, struct acd_waits *w);

/* The rows of histograms that have any counts; returns their bytes. */
size_t interval_waits_put(const struct acd_waits *w, uint8_t *out);

/* The row of a queue or agent as the engine has it, of the interval that is over; or when `removed`
 * is not 0, that it is removed then. Returns the bytes of the value. The number is the view's. */
size_t interval_value(const struct acd_engine *e, struct interval_key *key, acd_time removed,
                      uint8_t out[INTERVAL_VALUE_MAX]);

/* ---- written -------------------------------------------------------------------------------- */

enum { INTERVALS_PENDING = 256 << 10, INTERVALS_OF_FRAME = 4 * INTERVAL_VALUE_MAX };

/* What is to be written with the visits. */
struct intervals {
    uint8_t *pending; /* of who was removed: key, u32 bytes of the value, value */
    size_t used;
    const struct acd_engine *turning; /* all of this one's rows, or NULL: none */
    uint64_t turned_by;               /* the event for which they are, or were last */
};

bool intervals_open(struct intervals *v);
void intervals_close(struct intervals *v);

static inline bool intervals_have_room(const struct intervals *v)
{
    return INTERVALS_PENDING - v->used >= INTERVALS_OF_FRAME;
}

/* Whether an event ends the row of a queue or an agent. */
static inline bool intervals_tell(uint16_t code)
{
    return code == ACD_EVENT_queue_removed || code == ACD_EVENT_agent_removed;
}

/* Whether a frame has to wait until all rows are written: it begins with interval_turned, and is
 * about to be applied to `before`. */
bool intervals_turn(struct intervals *v, const struct acd_engine *before,
                    const struct acd_frame *frame);

/* Takes note of such an event, which is about to be applied to `before`. There is room. */
void intervals_note(struct intervals *v, const struct acd_engine *before, acd_time at,
                    uint64_t sequence, const struct acd_event *event);

/* Walks what is pending: false at the end. */
bool intervals_next(const struct intervals *v, size_t *at, struct store_bytes *key,
                    struct store_bytes *value);

/* Writes down what waits; it is given up by intervals_flushed(), once that is committed. */
int intervals_flush(const struct intervals *v, struct store_txn *t);
void intervals_flushed(struct intervals *v);

/* The last row before a key (empty: the last of all) of one that was not removed: it stands for a
 * turn. NOT_FOUND: there is none. */
int intervals_turn_before(struct store_txn *t, struct store_bytes key, struct interval_key *found);

/* Forgets some rows of the days before that of a time; *more: there are more. */
int intervals_trim(struct store_txn *t, acd_time before, bool *more);

#endif
