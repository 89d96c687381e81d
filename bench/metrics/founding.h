#ifndef ACD_BENCH_METRICS_FOUNDING_H
#define ACD_BENCH_METRICS_FOUNDING_H

#include <stdint.h>
#include <sys/types.h>

/* PostgreSQL 15, a cluster of its own that ends with the bench, with the tables of the founding
 * package for calls, agents and queues, all of its indexes, and the queries that its reports and
 * pages come down to. Asked by libpq over a unix socket, by queries in text, as that package asks.
 * bench/metrics/postgres starts and stops it. Each gives up if anything fails. */
void founding_start(uint32_t calls, uint32_t agents, uint32_t queues);

/* Waits until it has the calls, which it takes in while others do something else, and indexes them.
 */
void founding_await(void);

/* A directory in memory, for it and for who is compared with it, since what is measured stands in
 * the page cache anyway; removed at the end. To be called first. */
const char *founding_place(void);

/* The backend that answers, and its CPU time. */
pid_t founding_pid(void);
uint64_t founding_cpu_ns(void);

void founding_agents(uint32_t n); /* reports of 30 days ... */
void founding_queues(uint32_t n);
void founding_agents_daily(uint32_t n); /* ... by day */
void founding_queues_daily(uint32_t n);
void founding_live(uint32_t n);
void founding_newest(uint32_t n);
void founding_page(uint32_t n);

#endif
