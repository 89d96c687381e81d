#ifndef ACD_EXPLAIN_H
#define ACD_EXPLAIN_H

#include "engine/engine.h"

/* What keeps agents from calls: sets of enum acd_fit, a bit each; ACD_FIT_ABLE in none. */

/* Whatever the call is; and of a line: one who is no member of its queue lacks that only. */
uint32_t agent_unfit(const struct acd_engine *e, uint32_t agent);
uint32_t line_unfit(const struct acd_engine *e, uint32_t line, uint32_t agent);

/* Goes on from one of a set to the next; of an empty one from 0 to ACD_FIT_ABLE. 0: the end. */
uint8_t fit_after(uint32_t unfit, uint8_t last);

/* What more there is to say of what keeps an agent from calls, or from one of a channel. */
void fit_of_agent(const struct acd_engine *e, uint32_t agent, uint8_t channel,
                  struct acd_view_fit *out);

/* The best call that wants an agent in the lines where this one sits, as if it were available; and
 * the membership by which it sits in a line. NONE: no such. */
uint32_t call_for(const struct acd_engine *e, uint32_t agent);
uint32_t seat_in(const struct acd_engine *e, uint32_t line, uint32_t agent);

/* The name of the agent for whom a call is kept, if it is and that is still there. */
struct acd_str kept_for(const struct acd_engine *e, uint32_t call);

/* Cursors of walks through a chain: the place they stand at, plus 1, above what was told last. */
enum { CURSOR_BITS = 32 };

static inline uint32_t cursor_place(uint64_t cursor)
{
    return (uint32_t)(cursor >> CURSOR_BITS) - 1;
}
static inline uint64_t cursor_of(uint32_t place, uint32_t last)
{
    return (uint64_t)(place + 1) << CURSOR_BITS | last;
}

#endif
