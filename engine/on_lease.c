#include "engine/decide.h"
#include "engine/gateways.h"

/* Clients that are there, and gateways that are lost.
 *
 * Happy path: whatever a client with a lease asks shows that it is there. That is stated once a
 * quarter of the lease at most, so a request writes no event of its own; and the lease runs out a
 * quarter late, so that it is never shorter than what was asked for.
 *
 * Failure modes: it is silent: it is lost, its outbox is emptied, a sweep takes back what rings and
 * strands what waits. An outbox that overflows comes to the same. All that it asks then is LOST
 * until it opens again; what becomes of its calls, it says by reconciling, or its grace runs out
 * and the rule it is set to says it. The host itself was away: nobody could be heard, and all
 * leases begin anew. */

static const acd_span LEASE_MAX = 3600 * ACD_SECOND;
static const acd_span GRACE_MAX = (acd_span)24 * 3600 * ACD_SECOND;
static const acd_span AWAY_MAX = (acd_span)100 * 366 * 24 * 3600 * ACD_SECOND;

/* ---- what a client is set to ----------------------------------------------------------------- */

/* Not given: as it is, or the default of a new one; -1: none. */
static acd_span span_merge(acd_span given, acd_span present)
{
    return given == 0 ? present : given < 0 ? 0 : given;
}

struct absence absence_merge(const struct acd_engine *e, struct absence given, uint32_t client)
{
    const struct client *c = &e->clients[client];
    struct absence old = {.grace = GRACE_DEFAULT, .orphans = ACD_ORPHANS_END};

    if (client != NONE)
        old = (struct absence){c->lease, grace_of(c), c->orphans, TEXT_STR(c->heir)};
    if (old.orphans == 0)
        old.orphans = ACD_ORPHANS_END;
    return (struct absence){.lease = span_merge(given.lease, old.lease),
                            .grace = span_merge(given.grace, old.grace),
                            .orphans = given.orphans == 0 ? old.orphans : given.orphans,
                            .heir = merge_text(given.heir, old.heir)};
}

/* The field at fault, as its offset in struct absence, and the error; 0: there is none. */
static int absence_fault(struct absence given, struct absence merged, struct acd_str name,
                         uint8_t kind, size_t *field)
{
    *field = offsetof(struct absence, lease);
    if (given.lease < -1 || (given.lease > 0 && given.lease < ACD_SECOND) ||
        given.lease > LEASE_MAX || (given.lease > 0 && kind != ACD_GATEWAY))
        return ACD_INVALID;
    *field = offsetof(struct absence, grace);
    if (given.grace < -1 || given.grace > GRACE_MAX)
        return ACD_INVALID;
    *field = offsetof(struct absence, orphans);
    if (!enum_knows(&acd_enum_orphans, given.orphans, true))
        return ACD_INVALID;
    *field = offsetof(struct absence, heir);
    if (str_is(merged.heir, name))
        return ACD_INVALID;
    return merged.orphans == ACD_ORPHANS_HAND_OVER && merged.heir.len == 0 ? ACD_MISSING : ACD_OK;
}

bool absence_check(struct acd_engine *e, struct absence given, struct absence merged,
                   struct acd_str name, uint8_t kind, const struct acd_record *record, size_t at)
{
    size_t field;
    int error = absence_fault(given, merged, name, kind, &field);

    if (error != ACD_OK)
        fault(e, record, at + field, error);
    return error == ACD_OK;
}

int on_client_set(struct acd_engine *e, const struct acd_command_client_set *c)
{
    uint32_t slot = client_find(e, c->name);
    const struct client *client = &e->clients[slot];
    struct absence to;

    if (slot == NONE)
        return FAULT(e, client_set, name, c->name.len == 0 ? ACD_MISSING : ACD_NOT_FOUND);
    to = absence_merge(e, ABSENCE_OF(c), slot);
    if (!absence_check(e, ABSENCE_OF(c), to, c->name, client->kind, &acd_record_command_client_set,
                       offsetof(struct acd_command_client_set, lease)))
        return e->asking.outcome->error;

    e->asking.outcome->client = client_id(e, slot);
    EMIT(e, client_set, .client = client_id(e, slot), .lease = to.lease, .grace = to.grace,
         .orphans = to.orphans, .heir = to.heir,
         .until = client->lost ? 0 : lease_end(e->now, to.lease));
    return ACD_OK;
}

/* ---- being there -------------------------------------------------------------------------- */

int acd_client_is_due(const struct acd_engine *e, acd_client_id id, acd_time now)
{
    uint32_t slot = client_at(e, id);

    return slot != NONE && !e->clients[slot].lost && now >= e->clients[slot].heard_at;
}

bool client_hear_absent(struct acd_engine *e, uint32_t client, uint16_t command)
{
    const struct client *c = &e->clients[client];

    if (c->lost && command == ACD_COMMAND_client_open)
        return true;
    if (c->lost) {
        e->asking.outcome->error = ACD_LOST;
        return false;
    }
    EMIT(e, client_renewed, .client = client_id(e, client), .until = lease_end(e->now, c->lease));
    return true;
}

int on_heartbeat(struct acd_engine *e, const struct acd_command_heartbeat *c)
{
    bool by_nobody = e->asking.slot == NONE;

    if (c->away < 0 || c->away > AWAY_MAX || (c->away > 0 && !by_nobody))
        return FAULT(e, heartbeat, away, ACD_INVALID);
    if (c->away == 0 && by_nobody)
        return FAULT(e, heartbeat, away, ACD_MISSING);
    if (by_nobody)
        EMIT(e, client_renewed, .until = e->now + c->away);
    return ACD_OK;
}

/* ---- being lost --------------------------------------------------------------------------- */

void lease_fire(struct acd_engine *e, uint32_t client)
{
    EMIT(e, gateway_lost, .client = client_id(e, client),
         .until = time_after(e->now, grace_of(&e->clients[client])));
}

void grace_fire(struct acd_engine *e, uint32_t client)
{
    const struct client *c = &e->clients[client];
    uint32_t heir = client_find(e, TEXT_STR(c->heir));
    uint8_t sweep = ACD_SWEEP_END;

    if (c->orphans == ACD_ORPHANS_KEEP)
        sweep = ACD_SWEEP_KEEP;
    else if (c->orphans == ACD_ORPHANS_HAND_OVER && heir_is_there(e, heir))
        sweep = ACD_SWEEP_HAND_OVER;
    EMIT(e, gateway_swept, .client = client_id(e, client), .sweep = sweep,
         .heir = sweep == ACD_SWEEP_HAND_OVER ? client_id(e, heir) : ACD_NOBODY);
}
