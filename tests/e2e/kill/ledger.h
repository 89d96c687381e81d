#ifndef TESTS_E2E_KILL_LEDGER_H
#define TESTS_E2E_KILL_LEDGER_H

#include "proto/acd_client.h"
#include "tests/e2e/kill/config.h"
#include "tests/e2e/kill/floor.h"

/* The outside ledger: what two gateways and a desk asked, and what they were told, in plain arrays;
 * and the floor beside them, where it is the journal that tells what is there (floor.h).
 * It knows nothing of acdd but replies and notices, and what they say is folded so that it matters
 * little in which order they come: a reply and a notice about the same call travel apart. */

enum {
    GATEWAYS = 2,
    DESK = GATEWAYS, /* an operator: agents and queues */
    FLOOR_GATE,
    FLOOR_DESK,
    FLOOR_HEIR, /* has the calls that the floor's gateway was too long away for */
    CLIENTS,
    QUEUES = 5,
    AGENTS_FIRST = 40, /* there from the beginning */
    AGENTS = 64,
    REQUESTS_MAX = 1 << 21, /* of each client, in the life of a directory */
    CALLS_MAX = 1 << 20,
    OFFERS_MAX = 8,
    CALLS_LIVE_MAX = 120, /* of each gateway */
};

/* The queues, each with a rule of its own, so that time does something in some of them: agents
 * write up what was said; who waits gives up; what rings runs out; only a few may wait. */
enum { LEDGER_SALES, LEDGER_SUPPORT, LEDGER_SHORT, LEDGER_RING, LEDGER_PICKY };

/* What a request of the floor is about; 0: the ledger's, or the client itself. */
enum { ABOUT_CALL = 1, ABOUT_AGENT, ABOUT_SETTING, ABOUT_HOUSE };

/* A request: what it says, and what was answered. Its number is its place, from 1. */
struct asked {
    struct party *by;
    uint16_t code;
    uint8_t value; /* a side, a result, a state, a queue */
    uint8_t about; /* of the floor: ABOUT_... */
    bool answered;
    bool again;        /* it may have been so already */
    uint8_t journaled; /* how often the journal has it */
    uint32_t subject;  /* a call, an agent or a queue */
    uint32_t revision; /* of what is set; of a route: 0 the first time */
    acd_assignment_id assignment;
    struct acd_event_request_done done; /* as it was told; without the client */
};

/* An offer that was made and not yet ended, or heard to have ended before it was heard of. */
struct told_offer {
    acd_assignment_id id;
    uint8_t agent;
    bool ended;
};

struct told_call {
    acd_call_id id;
    uint8_t gateway, queue;
    bool pending; /* a request about it is unanswered */
    bool entered, connected, ended;
    uint8_t disposition;
    acd_assignment_id assignment; /* when connected ... */
    uint8_t agent;                /* ... with it */
    uint8_t offer_count;
    struct told_offer offers[OFFERS_MAX];
};

/* The last thing heard of something, by the number of its request. */
struct told_last {
    uint32_t value, number;
};

struct told_agent {
    uint32_t asked; /* revisions */
    struct told_last revision, state;
    struct told_last member[QUEUES];
};

struct sums {
    uint32_t entered, answered, abandoned, timed_out, withdrawn, refused, offers, no_answers;
};

struct told_queue {
    uint32_t asked;
    struct told_last revision;
    struct sums sums; /* since the directory was made, whatever the day */
};

struct party {
    struct ledger *ledger;
    struct acd_client *client;
    const char *name;
    uint8_t index;
    acd_client_id id;
    struct asked *asked;
    uint32_t asked_count, judged; /* requests; of them, compared with the journal */
    uint64_t notices;             /* the number of the last one */
    uint32_t live[CALLS_LIVE_MAX], live_count;
};

struct ledger {
    struct party parties[CLIENTS];
    struct told_call *calls;
    uint32_t call_count;
    struct told_agent agents[AGENTS];
    uint32_t agent_count;
    struct told_queue queues[QUEUES];
    struct floor floor;
    struct document document;
    struct acd_position heard; /* the greatest that any reply told */
    uint64_t dice;
    bool driving; /* an answer is followed by the next request */
    uint64_t answers, repeated;
};

void ledger_open(struct ledger *l, uint64_t seed);
void ledger_close(struct ledger *l);

/* From 0 to sides - 1. */
uint32_t dice(struct ledger *l, uint32_t sides);

/* ---- words -------------------------------------------------------------------------------- */

/* A request as a command, which points into it. */
struct say {
    struct acd_command command;
    char subject[32], other[32], third[32];
};

void ledger_say(const struct asked *a, struct say *out);

/* The index that a key or a name tells; CALLS_MAX: none that was given out. */
uint32_t ledger_call_keyed(const struct ledger *l, struct acd_str key);
uint32_t ledger_agent_named(struct acd_str name);
uint32_t ledger_queue_named(struct acd_str name);

/* Whether it is a client that the floor's desk opens and removes. */
bool ledger_is_guest(struct acd_str name);

/* The same of a call of the floor; FLOOR_CALLS_MAX: it is none. */
uint32_t ledger_line(const struct floor *f, struct acd_str key);

/* ---- what is told ------------------------------------------------------------------------- */

void ledger_hear(struct ledger *l, struct asked *a, const struct acd_view_outcome *o);
void ledger_notice(struct party *p, const struct acd_view_notice *n);

/* The state of a call that entered, an enum acd_call_state; and whom it is with. */
uint8_t ledger_state(const struct told_call *c, acd_assignment_id *assignment, uint8_t *agent);

/* Whether a client is of the floor. */
static inline bool ledger_is_floor(const struct party *p)
{
    return p->index >= FLOOR_GATE;
}

static inline bool ledger_is(acd_assignment_id a, acd_assignment_id b)
{
    return a.slot == b.slot && a.gen == b.gen;
}

#endif
