#ifndef ACD_CREW_H
#define ACD_CREW_H

#include "engine/lines.h"

/* A sample of the ready agents of a line, for estimates: whom else they serve. It looks at 32
 * agents at the most, of 256 members, however many there are. */

enum {
    LOOK_AGENTS = 32, /* ready members that are looked at, */
    LOOK_ABLE = 16,   /* fewer when skills have to be compared, */
    LOOK_SEATS = 256, /* among so many, oldest first, */
    LOOK_QUEUES =
        32,    /* and of each so many memberships; queues found beyond as many are left out */
    ONE = 1024 /* of shares */
};

/* Another queue that they serve: how many of them would take its calls before ours, in the common
 * order, or after. */
struct neighbour {
    uint32_t queue, before, alike, after;
};

struct crew {
    uint32_t line;
    acd_span ready;          /* agents of the line, seen or not */
    uint32_t seen, capacity; /* those looked at, and what they can take together */
    uint32_t seats[LOOK_AGENTS];
    uint32_t count;
    struct neighbour neighbours[LOOK_QUEUES];
};

COLD void crew_look(const struct acd_engine *e, uint32_t line, struct crew *out);

/* Which part of the ready agents of another line of the queue are of this crew, x ONE. */
COLD acd_span crew_share(const struct acd_engine *e, const struct crew *crew, uint32_t line);

#endif
