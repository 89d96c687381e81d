#ifndef ACD_BENCH_ERLANG_H
#define ACD_BENCH_ERLANG_H

/* What queueing theory has of n agents, Poisson callers and exponential talk and patience. Times
 * are in units of the mean talk. */

struct erlang {
    double delayed;   /* share of calls that are not answered at once */
    double wait;      /* mean over all calls, whatever became of them */
    double in_time;   /* share of calls answered within `threshold`; without patience only */
    double abandoned; /* share of calls */
    double occupancy;
};

/* M/M/n: Erlang C, of `load` offered, below n. */
struct erlang erlang_c(unsigned n, double load, double threshold);

/* M/M/n+M: Erlang A. `loss`: the rate at which a waiting caller leaves, in units of the rate at
 * which an agent is done. */
struct erlang erlang_a(unsigned n, double load, double loss);

/* Share of time that n or more of infinitely many agents are busy, and the mean number beyond n. */
double poisson_reaches(unsigned n, double load);
double poisson_beyond(unsigned n, double load);

#endif
