#ifndef ACD_EXPECT_H
#define ACD_EXPECT_H

#include "engine/leads.h"
#include "engine/names.h"

/* What a command will touch is on its way before it is looked at: for the command at hand, and for
 * one that is expected, acd_expect(). */

/* What a command names by id. */
static inline void command_fetch(const struct acd_engine *e, const struct acd_command *c)
{
    if (c->code == ACD_COMMAND_hangup) {
        uint32_t call = c->as.hangup.call.slot;

        if (call < e->config.limits.calls)
            call_end_fetch(e, call);
    } else if (c->code == ACD_COMMAND_accept) {
        uint32_t slot = c->as.accept.assignment.slot;

        if (slot < e->config.limits.assignments)
            fetch(&e->assignments[slot]);
    }
}

/* The hash of a call's key, the place of which is on its way. `expected`: what else is known of a
 * command that was expected under that key, or NULL. */
uint32_t key_hash_soon(const struct acd_engine *e, acd_client_id gateway, struct acd_str key,
                       const struct expected **expected);

#endif
