#ifndef ACD_BENCH_METRICS_LIVE_H
#define ACD_BENCH_METRICS_LIVE_H

/* How much longer it takes to tell the totals and 50 queues of an engine with 1,000,000 live calls
 * than of one with 1,000, in process: the median of the ratios of interleaved pairs. */
double live_growth(void);

#endif
