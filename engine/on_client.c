#include "engine/decide.h"
#include "engine/gateways.h"

/* Clients come, acknowledge and go; the day turns.
 *
 * Happy path: a gateway opens under its name and learns its id and the greatest request number it
 * has used.
 *
 * Failure modes: it comes back after it was lost: opening mends that, and its calls are for it to
 * reconcile. */

static const acd_span DAY = 86400 * ACD_SECOND;

int on_client_open(struct acd_engine *e, const struct acd_command_client_open *c)
{
    uint32_t slot = client_find(e, c->name);
    uint32_t gen = (uint32_t)(e->sequence + 1);
    struct acd_event_client_opened v = {.name = c->name};
    struct absence to;

    if (c->name.len == 0)
        return FAULT(e, client_open, name, ACD_MISSING);
    if (!enum_knows(&acd_enum_client_kind, c->kind, true))
        return FAULT(e, client_open, kind, ACD_INVALID);
    if (slot != NONE && c->kind != 0 && e->clients[slot].kind != c->kind)
        return FAULT(e, client_open, kind, ACD_EXISTS);
    v.kind = slot != NONE ? e->clients[slot].kind : c->kind == 0 ? ACD_GATEWAY : c->kind;
    to = absence_merge(e, ABSENCE_OF(c), slot);
    if (!absence_check(e, ABSENCE_OF(c), to, c->name, v.kind, &acd_record_command_client_open,
                       offsetof(struct acd_command_client_open, lease)))
        return e->asking.outcome->error;
    if (slot == NONE && slots_lowest(&e->client_slots) == SLOT_NONE)
        return FAULT(e, client_open, name, ACD_FULL);

    v.lease = to.lease;
    v.grace = to.grace;
    v.orphans = to.orphans;
    v.heir = to.heir;
    v.until = lease_end(e->now, to.lease);
    v.client = slot != NONE ? client_id(e, slot)
                            : (acd_client_id){slots_lowest(&e->client_slots), gen == 0 ? 1 : gen};
    emit_client_opened(e, &v);
    e->asking.outcome->client = v.client;
    e->asking.outcome->last_request = e->clients[v.client.slot].last_request;
    return ACD_OK;
}

int on_client_remove(struct acd_engine *e, const struct acd_command_client_remove *c)
{
    uint32_t slot = client_find(e, c->name);

    if (slot == NONE)
        return FAULT(e, client_remove, name, c->name.len == 0 ? ACD_MISSING : ACD_NOT_FOUND);
    if (e->clients[slot].calls > 0)
        return FAULT(e, client_remove, name, ACD_STATE);

    EMIT(e, client_removed, .client = client_id(e, slot));
    if (slot == e->asking.slot)
        e->asking.slot = NONE; /* no outcome is kept for it */
    return ACD_OK;
}

int on_outbox_ack(struct acd_engine *e, const struct acd_command_outbox_ack *c)
{
    uint32_t slot = e->asking.slot;
    const struct client *client = &e->clients[slot == NONE ? 0 : slot];

    if (slot == NONE || client->kind != ACD_GATEWAY)
        return FAULT(e, outbox_ack, upto, ACD_STATE);
    if (c->upto > client->told)
        return FAULT(e, outbox_ack, upto, ACD_INVALID);
    if (c->upto > client->acked)
        EMIT(e, outbox_acked, .client = e->asking.client, .upto = c->upto);
    return ACD_OK;
}

/* Days are those of whatever zone the asker goes by, which may be one ahead of UTC's. Farther ones
 * are a mistake that would keep the counters for as long. */
int on_day_turn(struct acd_engine *e, const struct acd_command_day_turn *c)
{
    if (c->day > e->now / DAY + 1)
        return FAULT(e, day_turn, day, ACD_INVALID);
    if (c->day <= e->day)
        return FAULT(e, day_turn, day, ACD_STATE);

    EMIT(e, day_turned, .day = c->day);
    return ACD_OK;
}
