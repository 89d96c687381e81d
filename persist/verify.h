#ifndef ACD_VERIFY_H
#define ACD_VERIFY_H

#include "persist/acd_store.h"
#include "persist/history.h"
#include "persist/image.h"
#include "persist/store.h"

/* A store being compared with itself: verify.c, and verify_intervals.c for that part of it. */
struct verify {
    struct acd_reader *r;
    struct store_txn *tables, *journal, *history;
    struct format_meta meta;
    struct format_mark history_mark;
    struct image_list images;
    size_t next_image; /* to be compared when the engine comes to it */
    struct acd_engine *engine;
    struct history visits; /* that the engine sees end, and intervals; given up frame by frame */
    uint64_t first_visit;  /* kept; 0: none */
    uint64_t
        ends[CHAIN_COUNT]; /* visits of each chain that no other visit or head has led to yet */
    struct interval_key first_interval; /* kept; of no kind: none */
    bool rows_done;
    void (*report)(void *ctx, const char *fault);
    void *ctx;
    struct acd_verified *out;
};

void verify_fault(struct verify *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* All rows of intervals are whole and in order. */
void verify_intervals(struct verify *v);

/* All kept days are whole, and what is added up out of the intervals, as far as those go back. */
void verify_folds(struct verify *v);

/* The rows of the turn that the engine is about to apply, which is given up. */
void verify_turn(struct verify *v);

/* Those of queues and agents that a frame has removed; given up too. */
void verify_removed(struct verify *v);

#endif
