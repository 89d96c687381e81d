#include "engine/gateways.h"
#include "engine/names.h"
#include "engine/outbox.h"

/* Clients that may be lost: their leases and graces, and how far a sweep over their calls has come.
 * Deadlines follow from events only. */

/* Heard before this, a client is let through without a look: it has no lease, or has been heard not
 * long ago. */
static acd_time heard_at(const struct client *c)
{
    if (c->lost)
        return 0;
    return c->lease_until == 0 ? ACD_FOREVER : c->lease_until - c->lease;
}

static void absence_arm(struct acd_engine *e, uint32_t item, acd_time until)
{
    order_add(&e->absences, ABSENCES(e), item);
    deadline_noted(e, until);
}

void client_lease_set(struct acd_engine *e, uint32_t client, acd_time until, uint64_t sequence)
{
    struct client *c = &e->clients[client];

    if (c->lease_until != 0)
        order_remove(&e->absences, ABSENCES(e), client);
    c->lease_until = until;
    c->lease_sequence = until == 0 ? 0 : sequence;
    c->heard_at = heard_at(c);
    if (until != 0)
        absence_arm(e, client, until);
}

/* Its place goes by c->since, so that must be set while it is out. */
static void grace_disarm(struct acd_engine *e, uint32_t client)
{
    if (e->clients[client].grace_until != 0)
        order_remove(&e->absences, ABSENCES(e), e->config.limits.clients + client);
    e->clients[client].grace_until = 0;
}

void client_grace_set(struct acd_engine *e, uint32_t client, acd_time until)
{
    ACD_ASSERT(until == 0 || e->clients[client].grace_until == 0);
    grace_disarm(e, client);
    e->clients[client].grace_until = until;
    if (until != 0)
        absence_arm(e, e->config.limits.clients + client, until);
}

void sweep_set(struct acd_engine *e, uint32_t client, uint8_t sweep)
{
    struct client *c = &e->clients[client];

    if (c->sweep != 0)
        slots_give(&e->sweeping, client);
    c->sweep = sweep;
    c->sweep_slot = 0;
    c->sweep_heir = ACD_NOBODY;
    if (sweep != 0)
        slots_take(&e->sweeping, client);
}

void gateway_lose(struct acd_engine *e, uint32_t client, acd_time until)
{
    struct client *c = &e->clients[client];

    mark(e, ACD_TABLE_CLIENTS, client);
    c->lost = true;
    outbox_clear(c);
    client_lease_set(e, client, 0, 0);
    grace_disarm(e, client);
    c->since = e->sequence;
    c->reconciling = false;
    client_grace_set(e, client, until);
    sweep_set(e, client, ACD_SWEEP_STRAND);
}

void apply_gateway_lost(struct acd_engine *e, const struct acd_event_gateway_lost *v)
{
    gateway_lose(e, client_of(e, v->client), v->until);
}

/* One that does not say until when is of a journal of before graces: the outbox is emptied, no
 * more.
 */
void apply_outbox_lost(struct acd_engine *e, const struct acd_event_outbox_lost *v)
{
    struct client *c = &e->clients[client_of(e, v->client)];

    if (v->until != 0) {
        gateway_lose(e, v->client.slot, v->until);
        return;
    }
    mark(e, ACD_TABLE_CLIENTS, v->client.slot);
    c->lost = true;
    c->heard_at = heard_at(c);
    outbox_clear(c);
}

/* The host is away, and nobody can be heard until then. Each keeps its sequence. */
static void absences_renew(struct acd_engine *e, acd_time from)
{
    for (uint32_t slot = slots_next(&e->client_slots, 0); slot != SLOT_NONE;
         slot = slots_next(&e->client_slots, slot + 1)) {
        const struct client *c = &e->clients[slot];
        bool graced = c->grace_until != 0;

        mark(e, ACD_TABLE_CLIENTS, slot);
        if (c->lease_until != 0)
            client_lease_set(e, slot, lease_end(from, c->lease), c->lease_sequence);
        grace_disarm(e, slot);
        if (graced)
            client_grace_set(e, slot, time_after(from, grace_of(c)));
    }
}

void apply_client_renewed(struct acd_engine *e, const struct acd_event_client_renewed *v)
{
    if (v->client.gen == 0) {
        absences_renew(e, v->until);
        return;
    }
    mark(e, ACD_TABLE_CLIENTS, v->client.slot);
    client_lease_set(e, client_of(e, v->client), v->until, e->sequence);
}

void client_absence_set(struct acd_engine *e, uint32_t client, struct absence to, acd_time until)
{
    struct client *c = &e->clients[client];

    mark(e, ACD_TABLE_CLIENTS, client);
    c->lease = to.lease;
    c->grace = to.grace;
    c->orphans = to.orphans;
    TEXT_SET(c->heir, to.heir);
    client_lease_set(e, client, until, e->sequence);
}

void apply_client_set(struct acd_engine *e, const struct acd_event_client_set *v)
{
    client_absence_set(e, client_of(e, v->client), ABSENCE_OF(v), v->until);
}

void apply_reconcile_begun(struct acd_engine *e, const struct acd_event_reconcile_begun *v)
{
    uint32_t slot = client_of(e, v->client);
    struct client *c = &e->clients[slot];

    mark(e, ACD_TABLE_CLIENTS, slot);
    sweep_set(e, slot, 0);
    grace_disarm(e, slot);
    c->since = e->sequence;
    c->reconciling = true;
    client_grace_set(e, slot, v->until);
}

/* A sweep that resolves what is missing begins where the reconciling, or the grace, ends. */
void apply_gateway_swept(struct acd_engine *e, const struct acd_event_gateway_swept *v)
{
    uint32_t slot = client_of(e, v->client);
    struct client *c = &e->clients[slot];

    mark(e, ACD_TABLE_CLIENTS, slot);
    if (v->sweep != 0 && v->slot == 0)
        grace_disarm(e, slot);
    if (v->sweep == ACD_SWEEP_KEEP)
        return;
    if (v->sweep != 0 && v->slot == 0)
        c->reconciling = false;
    sweep_set(e, slot, v->sweep);
    c->sweep_slot = v->slot;
    c->sweep_heir = v->heir;
}
