#ifndef ACD_BENCH_IPC_STOCK_H
#define ACD_BENCH_IPC_STOCK_H

#include "bench/ipc/mix.h"

/* Stock nng 1.5 at one end or at both: REQ contexts, one a lane, each answered and asking again in
 * its callback; REP contexts, as many as there can be lanes, replying in their callbacks. A message
 * carries one request, as acdd's wire has it, and the echo's replies are as long as acdd's. The
 * client asks acdd by the same program as the echo; of an echo's reply it reads its lane only. */

void stock_serve(const char *path, int ready);

/* A client of nng's; `m` and `gateway` when it asks acdd, NULL for the echo. */
struct stock;
struct stock *stock_connect(const char *path, const struct mix_sizes *sizes, struct mix *m,
                            acd_client_id gateway);
void stock_run(struct stock *s, struct load *l);
void stock_close(struct stock *s);

#endif
