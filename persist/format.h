#ifndef ACD_FORMAT_H
#define ACD_FORMAT_H

#include <stdint.h>

#include "engine/acd.h"
#include "persist/ring.h"
#include "persist/store.h"

/* What stands in the stores besides records. FORMAT.md is the page to read. Integers are
 * little-endian, and big-endian in keys, so that keys sort as numbers. */

enum { FORMAT_VERSION = 2, FORMAT_LIMITS = 16 };

/* Each store has a table "meta" with one row under the key "store". */

/* tables.mdb. Rows: key = table u8, key u64 big-endian; value = CRC-32C u32 of key and record, and
 * the record. */
enum { TABLES_META, TABLES_ROWS, TABLES_COUNT };
extern const char *const tables_names[TABLES_COUNT];

struct format_meta {
    uint32_t format;
    uint32_t epoch;
    uint8_t store[RING_ID_BYTES]; /* random, made once */
    uint8_t boot[RING_ID_BYTES];  /* of the machine when the store was last opened */
    uint64_t applied;             /* the rows are the state after this event */
    uint16_t clean;               /* 1: nothing is in any ring */
    uint16_t untold;              /* 1: that a tail was lost before this epoch may be unsaid yet */
    uint32_t crc;                 /* CRC-32C of the row, this taken as 0 */
    uint64_t truncated_sequence;  /* the last event kept of the epoch before this one; 0: none */
    uint32_t limits[FORMAT_LIMITS]; /* struct acd_limits of the engine that made the rows, then 0 */
};

/* journal.mdb. Batches: key = first sequence; value = this, then frames as in the ring, packed. */
enum { JOURNAL_META, JOURNAL_BATCHES, JOURNAL_COUNT };
extern const char *const journal_names[JOURNAL_COUNT];

struct format_batch {
    uint32_t format; /* 1: the frames are not packed */
    uint32_t epoch;
    uint64_t last_sequence;
    uint32_t crc;   /* CRC-32C of the others; the frames have their own */
    uint32_t bytes; /* of the frames, unpacked */
};

/* history.mdb. Visits: key = sequence of the event that ended it; value = this, then the record of
 * acd_view_visit. Heads: key = kind u8 and a name or a bucket; value = the sequence of the newest
 * visit, u64. Intervals: intervals.h; a store from before they were kept has no such table.
 * Folds: kept.h. */
enum {
    HISTORY_META,
    HISTORY_VISITS,
    HISTORY_HEADS,
    HISTORY_INTERVALS,
    HISTORY_FOLDS,
    HISTORY_COUNT
};
extern const char *const history_names[HISTORY_COUNT];

enum history_chain { CHAIN_KEY, CHAIN_CALLER, CHAIN_AGENT, CHAIN_QUEUE, CHAIN_COUNT };

struct format_visit {
    uint64_t previous[CHAIN_COUNT]; /* the visit before it in each chain, or 0 */
    uint32_t crc;                   /* CRC-32C of `previous` and the record */
    uint32_t zero;
};

struct format_interval {
    uint32_t crc;     /* CRC-32C of the key, `removed` and the records */
    uint32_t removed; /* 1: the queue or agent was removed then */
};

/* A part of a day of a reporting zone: this, then rows: u32 bytes, the view's record, and of a
 * queue the rows `waits`. */
struct format_fold {
    uint32_t crc; /* CRC-32C of the key and what follows */
    uint32_t end; /* number of the first interval behind the day */
};

/* The meta row of journal and history. */
struct format_mark {
    uint32_t format;
    uint32_t crc; /* CRC-32C of the row, this taken as 0 */
    uint8_t store[RING_ID_BYTES];
    uint64_t sequence; /* journal: batches up to it were trimmed; history: visits up to it stand */
};

/* An image: this, then its rows, each u32 bytes of the value, key and value as in tables.mdb; then
 * u32 0xffffffff and CRC-32C u32 of all that is before it. */
struct format_image {
    char magic[8]; /* "acdimage" */
    uint32_t format;
    uint32_t epoch;
    uint8_t store[RING_ID_BYTES];
    uint64_t sequence; /* the rows are the state after this event */
    uint64_t rows;
    uint32_t limits[FORMAT_LIMITS];
    uint32_t crc; /* CRC-32C of what is before it */
    uint32_t zero;
};

/* The meta rows, checksums made and checked. What is put is of the format of now. Errors of a get:
 * NOT_FOUND, DAMAGED, VERSION (then *format is whose), those of the store. */
int format_meta_put(struct store_txn *t, struct format_meta meta);
int format_mark_put(struct store_txn *t, struct format_mark mark);
int format_meta_get(struct store_txn *t, struct format_meta *out, uint32_t *format);
int format_mark_get(struct store_txn *t, struct format_mark *out, uint32_t *format);

struct format_batch format_batch_head(uint32_t epoch, uint64_t last_sequence, size_t bytes);

/* The head of a batch; false when it is damaged. */
bool format_batch_read(struct store_bytes value, struct format_batch *out);

_Static_assert(sizeof(struct acd_limits) <= 4 * FORMAT_LIMITS, "limits stand in the format");
_Static_assert(sizeof(struct format_meta) == 128, "no padding");
_Static_assert(sizeof(struct format_batch) == 24, "no padding");
_Static_assert(sizeof(struct format_visit) == 40, "no padding");
_Static_assert(sizeof(struct format_interval) == 8, "no padding");
_Static_assert(sizeof(struct format_fold) == 8, "no padding");
_Static_assert(sizeof(struct format_mark) == 32, "no padding");
_Static_assert(sizeof(struct format_image) == 120, "no padding");

#endif
