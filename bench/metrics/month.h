#ifndef ACD_BENCH_METRICS_MONTH_H
#define ACD_BENCH_METRICS_MONTH_H

#include "persist/acd_persist.h"

/* A month of a contact centre, made by the engine in virtual time and kept in a directory, as acdd
 * would have left it:
 *
 *     queues    queue0 to queue49, each with 20 agents of its own
 *     calls     one after the other, evenly over the time; each rings up to a minute, one in ten
 *               callers then leaves, the others talk up to ten minutes
 *     the last  1,000 calls are alive at the end: some talk, some ring, the others wait
 */
enum { MONTH_CALLS = 1000000, MONTH_AGENTS = 1000, MONTH_QUEUES = 50, MONTH_ALIVE = 1000 };

/* Gives up if anything fails. */
void month_make(const char *directory, uint32_t calls, acd_time from, acd_time to);

#endif
