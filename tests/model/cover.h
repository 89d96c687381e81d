#ifndef ACD_MODEL_COVER_H
#define ACD_MODEL_COVER_H

#include <stdio.h>

#include "tests/model/pair.h"

/* What a test reached: how often each event came, each error of each command, and each event by
 * what its agent was doing, where its call stood, what its queue and its assignment were. */

enum { COVER_EVENTS = 96, COVER_COMMANDS = 96, COVER_ERRORS = 20, COVER_STATES = 16 };
enum { COVER_FITS = 24 };

/* What an event is about: of each of these the first that it names. */
enum cover_of { COVER_activity, COVER_call_state, COVER_queue_state, COVER_role, COVER_KINDS };

struct cover {
    uint64_t steps;
    uint64_t events[COVER_EVENTS];                 /* as in acd_records_event */
    uint64_t errors[COVER_COMMANDS][COVER_ERRORS]; /* as in acd_records_command; by -error */
    uint64_t states[COVER_KINDS][COVER_EVENTS][COVER_STATES]; /* 0: it is not there */
    uint64_t fits[COVER_FITS]; /* told in explanations, by enum acd_fit */
    uint64_t longest_frame;    /* in events */
};

/* Lets a cover watch a twin's events. */
void cover_watch(struct cover *c, struct twin *t);

/* Counts a step that was done. */
void cover_step(struct cover *c, const struct pair *p, const struct step *step);

void cover_print(const struct cover *c, FILE *out);

/* Prints the events that never came, or not in a state where legal.def says that they are, or in
 * another; true when there are none. */
bool cover_is_complete(const struct cover *c, FILE *out);

/* Prints the events that never came in a state that legal.def calls rare; true when there are none.
 */
bool cover_has_rare(const struct cover *c, FILE *out);

#endif
