#ifndef ACD_TENANT_EVENTS_H
#define ACD_TENANT_EVENTS_H

#include "daemon/tenant.h"

/* Whose an event is. What it is about may be gone with it, so whose each thing is is written down
 * as things come to be: a byte a slot, and only where there are tenants. */

struct tenant_events {
    const struct tenant *tenants;
    uint32_t count;                             /* 0: none, and nothing below */
    uint8_t *agents, *queues, *calls, *clients; /* by slot: a tenant's number from 1, or 0 */
};

/* Takes what is there already. False: no memory. */
bool tenant_events_open(struct tenant_events *x, const struct acd_engine *e,
                        const struct tenant *tenants, uint32_t count);
void tenant_events_close(struct tenant_events *x);

/* Notes an event, each in its turn. Returns whose it is: a tenant's number from 1; 0: the house's
 * alone. */
uint32_t tenant_event_of(struct tenant_events *x, const uint8_t *bytes, size_t len);

#endif
