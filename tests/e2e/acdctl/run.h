#ifndef TESTS_E2E_ACDCTL_RUN_H
#define TESTS_E2E_ACDCTL_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Runs acdctl and looks at what it says. What is expected is written with one space where there are
 * many, '*' for anything on the same line, and '**' for anything on any lines. */

/* What a run said; both are cut at their size. */
struct run {
    int status;
    char out[65536], err[4096];
};

/* One line and what it must do: what it says to stdout, or, when its status is not 0 and it speaks
 * no JSON, to stderr. */
struct step {
    const char *line;
    int status;
    const char *said;
};

/* Starts the programs: acdctl stands beside acdd's folder in the build. They meet in the working
 * directory, at acd.sock and acd.pub; acdd reads acdd.conf there. */
void run_init(const char *acdd);
pid_t run_acdd(void);

/* Runs "agent set ann", words parted by spaces, and waits for its end. */
void run_acdctl(struct run *r, const char *line);

/* The same in the background, its stdout to `out_fd`. */
pid_t run_acdctl_to(const char *line, int out_fd);

/* Waits for the end of a process for at most 20 s, then kills it. Its exit status, or -1. */
int run_wait(pid_t pid);

bool run_matches(const char *pattern, const char *text);

/* Runs steps one after the other; says what was not as expected. */
void run_steps(const struct step *steps, size_t count);

/* Reads until the other end is closed or there is no more room; terminated. */
void run_read_all(int fd, char *out, size_t len);

#endif
