#ifndef ACD_BENCH_METRICS_FLOOR_H
#define ACD_BENCH_METRICS_FLOOR_H

#include <stdbool.h>

#include "bench/ipc/servers.h"

/* What being asked costs a server that does nothing: an echo of a few bytes over a bare unix
 * socket, by its one thread, an epoll loop; or by another thread that this one tells of it, as
 * acdd answers of history. */

struct floor {
    struct server server;
    int fd;
};

/* To be called before this process has threads. */
void floor_start(struct floor *f, const char *name, bool handed_over);

void floor_ask(const struct floor *f);

void floor_stop(struct floor *f);

#endif
