#ifndef ACD_GATEWAYS_H
#define ACD_GATEWAYS_H

#include "engine/apply.h"

/* Clients that may be lost, and what becomes of their calls. */

/* A deadline far away is the end of time. */
static inline acd_time time_after(acd_time from, acd_span span)
{
    return span > ACD_FOREVER - from ? ACD_FOREVER : from + span;
}

/* ---- what a client is set to ----------------------------------------------------------------- */

#define F(type, name, doc)        ACD_CTYPE_##type name;
#define E(enumeration, name, doc) uint8_t name;
#define S(max, name, doc)         struct acd_str name;
struct absence {
    ACD_ABSENCE_FIELDS
};
#undef F
#undef E
#undef S

#define ABSENCE_OF(c) ((struct absence){(c)->lease, (c)->grace, (c)->orphans, (c)->heir})

/* What it is after a command; NONE: of one that is new. */
struct absence absence_merge(const struct acd_engine *e, struct absence given, uint32_t client);

/* Whether that is good for a client of this name and kind; if not, the fault is told, of the
 * command's record, in which it stands at this offset. */
bool absence_check(struct acd_engine *e, struct absence given, struct absence merged,
                   struct acd_str name, uint8_t kind, const struct acd_record *record, size_t at);

/* When a lease that begins then runs out: a quarter late, for that is how late it may be renewed.
 */
static inline acd_time lease_end(acd_time from, acd_span lease)
{
    return lease == 0 ? 0 : time_after(from, lease + lease / 4);
}

/* ---- changes, for apply_*.c ------------------------------------------------------------------ */

/* A queued call is stranded; a stranded one leaves that, to wait again or to go. */
void call_strand(struct acd_engine *e, uint32_t call);
void call_unstrand(struct acd_engine *e, uint32_t call);

/* What a client is set to, and when its lease runs out by that; 0: never. */
void client_absence_set(struct acd_engine *e, uint32_t client, struct absence to, acd_time until);

/* Sets when a client's lease or grace runs out; 0: never. `sequence` is of the event that says so;
 * of a grace it is the client's `since`. */
void client_lease_set(struct acd_engine *e, uint32_t client, acd_time until, uint64_t sequence);
void client_grace_set(struct acd_engine *e, uint32_t client, acd_time until);

/* What is being done to a gateway's calls from now on; 0: nothing. */
void sweep_set(struct acd_engine *e, uint32_t client, uint8_t sweep);

/* It is lost: silent, or its outbox is full. */
void gateway_lose(struct acd_engine *e, uint32_t client, acd_time until);

/* ---- decisions ------------------------------------------------------------------------------- */

#define GRACE_DEFAULT (30 * ACD_SECOND)

static inline acd_span grace_of(const struct client *c)
{
    return c->orphans == 0 ? GRACE_DEFAULT : c->grace;
}

/* What a client's deadline means. */
void lease_fire(struct acd_engine *e, uint32_t client);
void grace_fire(struct acd_engine *e, uint32_t client);

/* Whether a client can take a lost gateway's calls: a gateway with nothing to reconcile itself. */
bool heir_is_there(const struct acd_engine *e, uint32_t heir);

/* Whether a call is of before its gateway was lost, or began to reconcile, and whether it has been
 * listed since. */
static inline bool call_is_old(const struct acd_engine *e, uint32_t call)
{
    return e->calls[call].sequence < e->clients[e->calls[call].gateway].since;
}
static inline bool call_is_listed(const struct acd_engine *e, uint32_t call)
{
    return call_listed_at(e, call) == e->clients[e->calls[call].gateway].since;
}

/* Takes one slice of a sweep over a gateway's calls, if there is one under way. */
void sweep_slice(struct acd_engine *e);

/* The slow part of client_hear(). */
bool client_hear_absent(struct acd_engine *e, uint32_t client, uint16_t command);

/* The asker says something. False, with LOST told, when it is lost and does not open again. */
static inline bool client_hear(struct acd_engine *e, uint16_t command)
{
    uint32_t slot = e->asking.slot;

    return slot == NONE || e->now < e->clients[slot].heard_at ||
           client_hear_absent(e, slot, command);
}

#endif
