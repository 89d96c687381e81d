#ifndef TESTS_E2E_KILL_HOURS_H
#define TESTS_E2E_KILL_HOURS_H

#include "tests/e2e/kill/roll.h"

/* The site's calendar: its queue is open or closed as the clock says, whatever was turned, killed
 * and started in between. */

/* acdd was told to say what its calendar says; waits until it has. */
void calendar_wait(struct acd_client *eye, const struct site *site);

/* As it is told, and as the roll has its queue. */
void calendar_judge(const struct acd_view_calendar *v, const struct roll *now,
                    const struct site *site);

#endif
