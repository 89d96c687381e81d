#ifndef ACD_BENCH_JOURNAL_PACED_H
#define ACD_BENCH_JOURNAL_PACED_H

#include "bench/ipc/mix.h"

/* An open loop: requests fall due at a fixed rate, whatever the answers do, each the next step of
 * the lane that has been idle longest. A latency counts from when the request was due, so a server
 * that stands still for a moment is charged for all who would have asked in it. The asker never
 * sleeps. */
void paced_run(struct acd_client *c, struct mix *m, struct load *l, double requests_per_s);

#endif
