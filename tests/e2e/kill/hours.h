#ifndef TESTS_E2E_KILL_HOURS_H
#define TESTS_E2E_KILL_HOURS_H

#include "tests/e2e/kill/roll.h"

/* Two calendars, within every even minute the one, every odd one the other, and a queue that has
 * now this and now that: it is open or closed as the clock says, whatever was turned, killed and
 * started in between. Which one it has, and what is said by that, are there together or not at all.
 */

/* Makes the calendars; acdd runs. */
void calendar_make(void);

/* The queue has the other one from now on, if it is made already. */
void calendar_turn(void);

/* Waits until acdd has said what the clock says; at its start it may be just about to. */
void calendar_wait(struct acd_client *eye);

/* As it is told, and as the roll has its queue. */
void calendar_judge(const struct acd_view_calendar *v, const struct roll *now);

#endif
