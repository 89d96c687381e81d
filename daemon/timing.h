#ifndef ACD_TIMING_H
#define ACD_TIMING_H

#include <uv.h>

#include "proto/acd_messages.h"

/* How busy the loop is, and how fast it answers: counters and histograms, on the loop's thread.
 *
 * Happy path: the loop wakes up for messages; when the reply to one is written, the clock is read
 * once and all its requests count as answered after so long. Before the loop sleeps again its turn
 * is counted. libuv itself notes how long it slept, so when it woke up is known without a call of
 * our own.
 *
 * Failure modes: a code of no record is not counted. Times of more than half a second stand in no
 * bucket, only in count and sum. */

enum { TIMING_BUCKETS = 20, TIMING_CODES = 512, TIMING_MESSAGE_MAX = 256 };

/* Bucket i is of what took at most 2^i us, and more than that of the one before. */
struct timing_histogram {
    uint64_t count, sum_ns, buckets[TIMING_BUCKETS];
};

struct timing_request {
    uint64_t asked, failed;
    struct timing_histogram answered;
};

struct timing {
    uv_prepare_t prepare;
    uint64_t slept_at_ns, idle_ns; /* when the loop last went to sleep; how long it had slept */
    uint64_t woke_ns;              /* this turn; 0: nobody has asked yet */
    uint64_t heartbeat_due_ns, lag_ns, lag_max_ns, longest_ns;
    struct timing_histogram turns;
    struct timing_request requests[TIMING_CODES]; /* commands, then queries, by low byte */
    uint16_t message[TIMING_MESSAGE_MAX];         /* those of the message at hand */
    uint32_t message_count;
};

void timing_open(struct timing *t, uv_loop_t *loop);
void timing_close(struct timing *t);

/* A message came, has this request, which fails; and its reply is written. */
void timing_message(struct timing *t);
void timing_asked(struct timing *t, uint16_t code);
void timing_failed(struct timing *t, uint16_t code);
void timing_answered(struct timing *t);

/* The heartbeat that comes each `period_ms` is there. */
void timing_heartbeat(struct timing *t, uint64_t period_ms);

void timing_loop_view(const struct timing *t, struct acd_view_loop *v);

/* The first command or query at or behind *at that was asked, its place in *at; false: none. */
bool timing_from(const struct timing *t, uint32_t *at, struct acd_view_timing *v);

#endif
