#ifndef ACD_BENCH_CASES_H
#define ACD_BENCH_CASES_H

#include <stddef.h>
#include <stdint.h>

/* A case is played, its figures are estimated with their intervals, and each is held against what
 * theory says. */

/* Of what the centre is made: of one queue, all agents serving it; of two with half of the load
 * each, which all serve; of one where half of the calls ask for a skill and half for another, each
 * agent having one of these, so that it is two centres of half the agents; the same, each having
 * both. */
enum theory_parts { ONE_QUEUE = 1, TWO_QUEUES, SKILLS_APART, SKILLS_POOLED };

struct theory_case {
    unsigned agents;
    double share; /* load offered / agents */
    double loss;  /* of Erlang A: mean talk / mean patience; 0: Erlang C */
    double calls; /* millions, for the half-width that is wanted */
    enum theory_parts parts;
};

enum figure_kind { FIGURE_DELAYED, FIGURE_WAIT, FIGURE_IN_TIME, FIGURE_ABANDONED, FIGURE_BUSY };
enum { FIGURES_MAX = 5, CASE_WINDOWS = 240 };

struct theory_figure {
    enum figure_kind kind;
    double theory, mean, half;
    double limit; /* of the half-width */
    double plain; /* the half-width without controls */
};

struct theory_result {
    struct theory_figure figures[FIGURES_MAX];
    size_t count;
};

/* Plays `part` (of 1) of the case's calls, under a seed. */
void theory_play(const struct theory_case *c, uint64_t seed, double part, double confidence,
                 struct theory_result *out);

/* The figures of a case: so many intervals. */
size_t theory_figures(const struct theory_case *c);

#endif
