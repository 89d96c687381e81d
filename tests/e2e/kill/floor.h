#ifndef TESTS_E2E_KILL_FLOOR_H
#define TESTS_E2E_KILL_FLOOR_H

#include "proto/acd_client.h"

/* The floor: a second centre in the same acdd, where everything is done that can be asked. A
 * gateway with a lease has its calls answered, held, passed on, consulted about, called back and so
 * on; a supervisor moves, assigns, drains, frees, and sets what there is to be set; an heir gets
 * the gateway's calls when that is away for too long.
 *
 * What is believed of a call here only serves to ask what makes sense mostly; replies and notices
 * travel apart, so it may be out of date, and what then is refused is hung up. What was told is
 * judged against the journal (acts.c), the journal against queries (roll.h). */

enum {
    FLOOR_QUEUES = 11,
    FLOOR_AGENTS = 12,  /* and one more, who comes and goes */
    FLOOR_TENANTS = 10, /* from here on they are the tenant's */
    FLOOR_CALLS_MAX = 1 << 18,
    FLOOR_LIVE_MAX = 26,
    FLOOR_ADOPTED_MAX = 256,
    FLOOR_GUESTS = 2,   /* clients that come and go */
    FLOOR_NUMBER = 255, /* as whom to pass a call to: out of the centre */
};

/* Each with rules of its own; calls that leave it go to one that stands before it. */
enum floor_queue {
    FLOOR_ALL,
    FLOOR_SKILLED,
    FLOOR_FRONT,
    FLOOR_DRAINED,
    FLOOR_KEPT,
    FLOOR_TIERED,  /* opens level by level */
    FLOOR_CHAT,    /* of which an agent may have two at once, one beside a telephone call */
    FLOOR_TENANT,  /* a tenant's */
    FLOOR_HOURS,   /* opened and closed by a calendar alone */
    FLOOR_PASSING, /* comes and goes */
    FLOOR_STAFFED, /* has one member, and callers only while that one is ready */
};

enum floor_stage {
    FLOOR_QUEUED,
    FLOOR_RINGING,
    FLOOR_TALKING,
    FLOOR_HELD,
    FLOOR_ASKING,    /* it rings at another agent */
    FLOOR_CONSULTED, /* who has answered */
    FLOOR_CALLING,   /* a number is dialled for its agent, */
    FLOOR_REACHED,   /* which has answered */
    FLOOR_SCHEDULED, /* to be called back */
    FLOOR_DIALING,
    FLOOR_UNKNOWN, /* something was refused */
    FLOOR_OVER,
};

struct floor_call {
    acd_call_id id;
    uint8_t stage;
    bool pending, entered;
    acd_assignment_id leg, asked; /* of the agent; of whom it asks */
};

struct party;
struct asked;
struct say;
struct ledger;

struct floor {
    struct floor_call *calls;
    uint32_t call_count;
    uint32_t live[FLOOR_LIVE_MAX], live_count;
    uint32_t adopted[FLOOR_ADOPTED_MAX], adopted_count; /* by the heir, who ends them */
    uint32_t revision;  /* counts up: what is set is different each time */
    bool made;          /* it is driven, now that all of it is there */
    bool lost;          /* the gateway has to reconcile */
    bool settings_held; /* a document is under way */
};

void floor_open(struct floor *f);
void floor_close(struct floor *f);

/* What makes it: queues, agents, memberships. */
void floor_make(struct ledger *l);

/* The next request of its gateway, its supervisor or the heir, perhaps none. */
void floor_step(struct party *p);

/* floor_say.c. The channels are those of most agents. */
#define FLOOR_CHANNELS  "voice:60,chat:30/2"
#define FLOOR_NO_AGENTS "staffed"
void floor_say(const struct asked *a, struct say *out);

/* floor_hear.c */
void floor_hear(struct ledger *l, const struct asked *a, const struct acd_view_outcome *o);
void floor_notice(struct party *p, const struct acd_view_notice *n);

#endif
