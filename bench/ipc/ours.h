#ifndef ACD_BENCH_IPC_OURS_H
#define ACD_BENCH_IPC_OURS_H

#include "bench/ipc/mix.h"

/* Ours: the client library asks acdd, as a gateway with an event loop does: each callback sends its
 * lane's next request. What is sent in one turn leaves in one write, packed into messages. */

/* Connects as the gateway of this name. */
struct acd_client *ours_connect(const char *path, const char *name);

void ours_run(struct acd_client *c, struct mix *m, struct load *l);

#endif
