#ifndef ACD_TESTS_CAST_H
#define ACD_TESTS_CAST_H

#include "engine/acd.h"

/* Who plays in a story: the names of things by id, and the ids by name, learnt from the events.
 * What is gone stays known, so that a story can tell of a late message.
 *
 * A call is called by its key, "k1", or by "gw1/k1" when the gateway gw1 owns it; an assignment by
 * call and agent, "gw1/k1@ann". Where a name was used again, it means the newest thing. */

enum { CAST_MAX = 8192, CAST_NAME_MAX = 256 };

struct cast_member {
    enum acd_field_type kind; /* ACD_FIELD_agent_id and so on */
    uint32_t slot, gen;
    char name[CAST_NAME_MAX];
};

struct cast {
    struct cast_member *members;
    uint32_t count;
};

void cast_init(struct cast *c);
void cast_fini(struct cast *c);

/* Learns the names that an event brings. */
void cast_learn(struct cast *c, const struct acd_event *event);

/* The name of an id; "nobody" of none, "?" of an unknown one. Valid as long as the cast. */
const char *cast_name(const struct cast *c, enum acd_field_type kind, uint32_t slot, uint32_t gen);

/* The id of a name into *slot and *gen; false when nothing was ever called so. For an assignment, a
 * name without "@" means the call's newest one. */
bool cast_find(const struct cast *c, enum acd_field_type kind, const char *name, uint32_t *slot,
               uint32_t *gen);

#endif
