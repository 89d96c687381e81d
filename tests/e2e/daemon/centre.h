#ifndef TESTS_E2E_DAEMON_CENTRE_H
#define TESTS_E2E_DAEMON_CENTRE_H

#include "tests/e2e/daemon/asker.h"

/* A small contact centre, made by an operator. */

void centre_queue(struct asker *a, const char *queue);

/* An agent, logged out, and its membership. */
void centre_agent(struct asker *a, const char *agent, const char *queue);

void centre_state(struct asker *a, const char *agent, enum acd_agent_state state);

/* What is wrong with the books, NULL if nothing: every call that entered waits, talks or has ended
 * in one way; the calls listed are those counted; ringing and talking calls have one agent each,
 * who has an assignment for it; nobody has more of them than its capacity. For centres whose lists
 * fit a page. */
const char *centre_check(struct asker *a);

#endif
