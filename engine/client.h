#ifndef ACD_CLIENT_STATE_H
#define ACD_CLIENT_STATE_H

#include "engine/acd.h"
#include "engine/fetch.h"
#include "engine/index.h"
#include "engine/text.h"

/* What the engine knows of a client, and of its requests. */

/* What came of a request. Row request % ACD_REQUESTS_KEPT. */
struct done {
    uint64_t request; /* 0: none */
    int16_t error;
    uint16_t field;
    uint8_t verdict, refusal;
    uint32_t position;
    acd_call_id call;
    acd_assignment_id assignment;
    acd_agent_id agent;
    acd_queue_id queue;
    uint8_t overflow; /* where to stands in e->done_texts */
    char unused[7];
};
_Static_assert(sizeof(struct done) == CACHE_LINE, "what came of a request is one cache line");

struct done_text {
    TEXT(80) overflow_to;
};

struct client {
    uint32_t gen; /* 0: free */
    uint8_t kind;
    bool lost; /* silent for its lease, or its outbox overflowed; it must open again */
    bool reconciling;
    uint8_t orphans; /* 0: it was opened before there were leases, and said nothing of them */
    struct index_key name_key;
    acd_time heard_at; /* heard then or later, it is not just let through: client_hear() */
    uint64_t last_request;
    uint64_t told, acked;         /* notices (acked, told] stand in its outbox */
    uint32_t box_start, box_used; /* bytes of its outbox ring */
    uint32_t calls;               /* live ones it owns */
    uint8_t sweep;                /* enum acd_sweep; in e->sweeping while not 0 */
    char unused[3];

    acd_span lease, grace;   /* lease 0: none; grace: grace_of() */
    acd_time lease_until;    /* in e->absences while not 0 */
    uint64_t lease_sequence; /* of the event that set it */
    acd_time grace_until;    /* in e->absences while not 0: it was lost, and has to reconcile */
    uint64_t since;          /* of the event by which it was lost, or began to reconcile: its calls
                                of before are to be listed; 0: none are */
    uint32_t sweep_slot;     /* of a call: where the sweep goes on */
    acd_client_id sweep_heir;
    TEXT(64) heir;
    TEXT(64) name;
};
_Static_assert(sizeof(struct client) == 4 * CACHE_LINE, "a client is four cache lines");

#endif
