#ifndef ACD_PACE_H
#define ACD_PACE_H

#include "engine/acd.h"
#include "engine/hot.h"

/* How fast things go in a queue lately: sums that are all halved when many calls have come, so that
 * what is long past counts less and less. Written as events are applied, read by estimates. */

struct pace {
#define F(type, name, doc) ACD_CTYPE_##type name;
    ACD_PACE_FIELDS
#undef F
};

enum { PACE_MANY = 64 };

/* In one place, out of the way of what every call goes through. */
COLD void pace_halve(struct pace *p, acd_time now);

static inline void pace_came(struct pace *p, acd_time now, acd_span head_start)
{
    if (p->came == 0)
        p->came_since = now;
    if (head_start > 0) {
        p->early++;
        p->head_starts += head_start;
    }
    if (++p->came == PACE_MANY)
        pace_halve(p, now);
}

/* Events of before there was a pace begin none, so that they mean what they meant. */
static inline bool pace_has_begun(const struct pace *p)
{
    return p->came != 0;
}

#endif
