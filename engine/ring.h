#ifndef ACD_RING_H
#define ACD_RING_H

#include "engine/apply.h"
#include "engine/hot.h"

/* Calls that ring at many: the state of ring-all and ring-progressively. Such a call is offered, to
 * up to RING_MAX agents at a time; while it asks for more it stands in its line's `rung`, beside
 * the queued ones in `waiting`. The agents it rings at are kept from all other offers.
 *
 * Unlike an offered call of another strategy it may wait too long while it rings, for its last
 * offer may never end; so its deadline is armed all the while. That is max_wait, or before it the
 * next time to ask one more. */

/* Whether a call rings at many, and then: as long as it asks for more it stands in its line's
 * `rung`; while it grows, `until` is when it asks one more, and e->call_turns has max_wait's. */
enum ring_state { RING_NOT, RING_QUIET, RING_ASKS, RING_GROWS };

#define RING_PROGRESSIVELY_DELAY (10 * ACD_SECOND) /* unless a queue has another */

enum { RING_MAX = 40 }; /* so that what one end frees is offered again within a step */

/* A ringing call was offered to one more, and may have all it can. */
COLD void ring_offered(struct acd_engine *e, uint32_t call, uint32_t agent);

/* An offer of a ringing call is over, and taken out of its chain; the agent is to be derived. */
COLD void ring_offer_over(struct acd_engine *e, uint32_t call, uint32_t agent);

/* The call is connected to the agent, and rings no more. */
COLD void ring_won(struct acd_engine *e, uint32_t call, uint32_t agent);

/* Offers of a call, counted. */
COLD uint32_t ring_count(const struct acd_engine *e, uint32_t call);

/* Whether an agent has an offer of a ringing call. */
COLD bool agent_is_rung(const struct acd_engine *e, uint32_t agent);

/* Puts a call that asks for more among those of its line, and takes it out. */
COLD void ring_stand(struct acd_engine *e, uint32_t call);
COLD void ring_unstand(struct acd_engine *e, uint32_t call);

/* For loading: puts a call that rang back to where it stood. */
COLD void ring_tie(struct acd_engine *e, uint32_t call);

static inline bool strategy_rings(uint8_t strategy)
{
    return strategy == ACD_RING_ALL || strategy == ACD_RING_PROGRESSIVELY;
}

#endif
