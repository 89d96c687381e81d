#ifndef TESTS_E2E_KILL_JUDGE_H
#define TESTS_E2E_KILL_JUDGE_H

#include "tests/e2e/kill/journal.h"
#include "tests/e2e/kill/site.h"

/* Sits in judgement after each restart: what acdd tells of its state, its sums and its past is what
 * the ledger says, and numbers used before are remembered. */

/* Everything is answered and nothing is under way. */
void judge(struct ledger *l, struct journal *j);

/* again.c: requests of before are sent once more under their numbers, by hand. */
void judge_numbers(struct ledger *l);

/* disk.c: what is left behind by a kill, opened as it is, in a copy: it recovers, every invariant
 * holds, nothing told is missing, and it verifies. */
void judge_copy(struct ledger *l, const char *ring);

/* The same of a directory that was stopped in order; and its history has each visit once. */
void judge_stopped(struct ledger *l, const struct journal *j, const char *ring);

#endif
