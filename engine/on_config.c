#include "engine/decide.h"

/* The configuration as a whole: which document it follows.
 *
 * Happy path: who has made agents, queues and memberships as a document says (acdd does that in one
 * commit) states it; the configuration has a new version, which goes with every event from then on.
 * No failure modes: there is nothing to refuse. */

int on_config_commit(struct acd_engine *e, const struct acd_command_config_commit *c)
{
    EMIT(e, config_committed, .version = e->config_version + 1, .label = c->label,
         .changes = c->changes);
    return ACD_OK;
}
