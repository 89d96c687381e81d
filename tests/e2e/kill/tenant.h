#ifndef TESTS_E2E_KILL_TENANT_H
#define TESTS_E2E_KILL_TENANT_H

#include "tests/e2e/kill/roll.h"

/* The tenant's part of the floor, as it is told at the tenant's own socket: nothing but what is
 * its own, by its own names, and totals that are those of its queues and agents. */

struct tenant_look {
    struct acd_client *eye;
    struct acd_view_totals totals;
    uint32_t agents, queues, calls;
};

void tenant_look_open(struct tenant_look *look);
void tenant_look_close(struct tenant_look *look);

/* Asks for all of it. */
void tenant_look_take(struct tenant_look *look);

/* Whether it is what the roll says, at the same position; and the sums those of its queue. */
void tenant_look_judge(const struct tenant_look *look, const struct roll *now,
                       const struct acd_view_queue *queue);

/* Whether a name is the tenant's to others. */
bool tenant_has(struct acd_str name);

#endif
