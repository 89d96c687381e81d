#ifndef TESTS_E2E_KILL_RULES_H
#define TESTS_E2E_KILL_RULES_H

#include "tests/e2e/kill/roll.h"

/* What the floor's settings bring about, judged by the roll where the journal has it, and counted:
 * channels that keep agents from calls, levels that open with time, doors that are shut for want of
 * agents, callers who leave for it, a queue that opens and closes by the clock. */

struct rules {
    uint32_t held; /* ready agents with a place left, kept by channels from who waits, at a kill */
    uint32_t late; /* codes given when work was over */
    uint32_t stepped, no_agents, left_empty, opened, closed;
    uint8_t hours; /* the state of the calendar's queue */
};

/* The roll is as it is behind the event. */
void rules_event(struct rules *r, const struct roll *now, const struct acd_event *event);

/* All that was recovered has been folded. */
void rules_killed(struct rules *r, const struct roll *now);

void rules_add(struct rules *sum, const struct rules *more);
void rules_print(const struct rules *r);

/* Whether each was seen. */
bool rules_all(const struct rules *r);

#endif
