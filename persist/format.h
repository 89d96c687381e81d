#ifndef ACD_FORMAT_H
#define ACD_FORMAT_H

#include <stdint.h>

#include "persist/ring.h"

/* What stands in the stores besides records. FORMAT.md is the page to read. */

enum { FORMAT_VERSION = 1 };

/* tables.mdb. Rows: key = table u8, key u64 big-endian; value = the row's record. */
enum { TABLES_META, TABLES_ROWS, TABLES_COUNT };
extern const char *const tables_names[TABLES_COUNT];

/* Under the key "meta". */
struct format_meta {
    uint32_t format;
    uint32_t epoch;
    uint8_t store[RING_ID_BYTES]; /* random, made once */
    uint8_t boot[RING_ID_BYTES];  /* of the machine when the store was last opened */
    uint64_t applied;             /* the rows are the state after this event */
    uint32_t clean;               /* 1: the last stop was clean, and nothing is in any ring */
    uint32_t zero;
    uint64_t truncated_sequence; /* the last event kept of the epoch before this one; 0: none */
};

/* journal.mdb. Batches: key = first sequence u64 big-endian; value = this, then frames as in the
 * ring. */
enum { JOURNAL_BATCHES, JOURNAL_COUNT };
extern const char *const journal_names[JOURNAL_COUNT];

struct format_batch {
    uint32_t format;
    uint32_t epoch;
    uint64_t last_sequence;
};

#endif
