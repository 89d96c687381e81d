#ifndef ACD_BENCH_IPC_RAW_H
#define ACD_BENCH_IPC_RAW_H

#include "bench/ipc/mix.h"

/* The floor: an echo over a bare unix stream socket, one process at each end, each an epoll loop
 * that reads what there is, deals with all whole messages, and writes once. A request is as long as
 * the request of that step in a batch of ours, its number and record, and its reply as ours, head
 * and record; it says both lengths at its head, and the rest is copied. So it is spared our frames,
 * and all meaning. */

void raw_serve(const char *path, int ready);
int raw_connect(const char *path);
void raw_run(int fd, const struct mix_sizes *sizes, struct load *l);

#endif
