#ifndef TESTS_E2E_KILL_ACTS_H
#define TESTS_E2E_KILL_ACTS_H

#include "tests/e2e/kill/ledger.h"
#include "tests/e2e/kill/roll.h"

/* What each command brings about (acts.def), held against the journal, and how often each was
 * asked. */

enum { ACTS_TRACE = 4096 }; /* events between two requests */

/* Of an event: its code and the things that it is about, those of generation 0 being none. */
struct act_event {
    uint16_t code;
    acd_call_id call;
    acd_assignment_id assignment;
    acd_agent_id agent;
    acd_queue_id queue;
    acd_client_id client;
};

/* The events since the last request was done. */
struct act_trace {
    struct act_event events[ACTS_TRACE];
    uint32_t count;
};

void acts_event(struct act_trace *t, const struct acd_event *event);

/* A request is done: what lies before it is as it was told. The roll is as it is behind it. */
void acts_judge(struct act_trace *t, const struct asked *a, const struct roll *now);

/* ---- how often ---------------------------------------------------------------------------- */

/* In the life of the program. */
void acts_answered(const struct asked *a);
void acts_in_flight(const struct asked *a); /* at a kill */
void acts_print(void);

/* Whether each was carried out at least once, and none is missing; says which, or not. */
bool acts_all(bool says);

#endif
