#ifndef ACD_MODEL_COVER_H
#define ACD_MODEL_COVER_H

#include <stdio.h>

#include "tests/model/pair.h"

/* What a test reached: how often each event came, each error of each command, each event of an
 * agent by what the agent was doing, each event of a call by where it stood. */

enum {
    COVER_EVENTS = 96,
    COVER_COMMANDS = 96,
    COVER_ERRORS = 20,
    COVER_STATES = 16,
    COVER_FITS = 24
};

struct cover {
    uint64_t steps;
    uint64_t events[COVER_EVENTS];                    /* as in acd_records_event */
    uint64_t errors[COVER_COMMANDS][COVER_ERRORS];    /* as in acd_records_command; by -error */
    uint64_t activities[COVER_EVENTS][COVER_STATES];  /* by enum acd_agent_activity */
    uint64_t call_states[COVER_EVENTS][COVER_STATES]; /* by enum acd_call_state */
    uint64_t queue_states[COVER_EVENTS][COVER_STATES];
    uint64_t fits[COVER_FITS]; /* told in explanations, by enum acd_fit */
    uint64_t longest_frame;    /* in events */
};

/* Lets a cover watch a twin's events. */
void cover_watch(struct cover *c, struct twin *t);

/* Counts a step that was done. */
void cover_step(struct cover *c, const struct pair *p, const struct step *step);

void cover_print(const struct cover *c, FILE *out);

/* Prints the events that never came; true when there are none. */
bool cover_is_complete(const struct cover *c, FILE *out);

#endif
