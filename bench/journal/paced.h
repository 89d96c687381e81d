#ifndef ACD_BENCH_JOURNAL_PACED_H
#define ACD_BENCH_JOURNAL_PACED_H

#include "bench/ipc/mix.h"

/* An open loop: every PACED_TICK_US so many requests fall due that they make the rate, whatever the
 * answers do, each the next step of the lane that has been idle longest. A latency counts from when
 * the request was due, so a server that stands still for a moment is charged for all who would have
 * asked in it.
 *
 * It asks in real time, as the daemon answers (acdd --realtime): it stands for gateways elsewhere,
 * whose processors the daemon's workers do not take. Gives up where that is not allowed. */
enum { PACED_TICK_US = 100 };

void paced_run(struct acd_client *c, struct mix *m, struct load *l, double requests_per_s);

#endif
