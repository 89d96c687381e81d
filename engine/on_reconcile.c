#include "engine/decide.h"
#include "engine/gateways.h"

/* A gateway says which calls it still has.
 *
 * Happy path: it begins, names them one by one and learns where each stands, and ends: what it did
 * not name of the calls of before the beginning ends as lost, what was stranded waits again at its
 * place. New calls may come meanwhile; they need not be named.
 *
 * Failure modes: it names what is not live: GONE or NOT_FOUND, and it knows what to do. It is lost
 * again, or begins again: what it named counts no more. It never ends: when its grace runs out what
 * it did not name is resolved by its rule. */

static int reconcile_begin(struct acd_engine *e, uint32_t slot)
{
    const struct client *c = &e->clients[slot];

    EMIT(e, reconcile_begun, .client = e->asking.client,
         .until = c->grace_until == 0 ? 0 : time_after(e->now, grace_of(c)));
    return ACD_OK;
}

int on_reconcile(struct acd_engine *e, const struct acd_command_reconcile *c)
{
    uint32_t slot = e->asking.slot;

    if (!enum_knows(&acd_enum_reconcile_step, c->step, false))
        return FAULT(e, reconcile, step, c->step == 0 ? ACD_MISSING : ACD_INVALID);
    if (asker_gateway(e).gen == 0)
        return FAULT(e, reconcile, step, ACD_STATE);
    if (c->step == ACD_RECONCILE_BEGIN)
        return reconcile_begin(e, slot);
    if (!e->clients[slot].reconciling)
        return FAULT(e, reconcile, step, ACD_STATE);
    EMIT(e, gateway_swept, .client = e->asking.client, .sweep = ACD_SWEEP_END);
    return ACD_OK;
}

int on_reconcile_call(struct acd_engine *e, const struct acd_command_reconcile_call *c)
{
    acd_client_id gateway = asker_gateway(e);
    struct key_found found;

    if (c->key.len == 0)
        return FAULT(e, reconcile_call, key, ACD_MISSING);
    if (gateway.gen == 0 || !e->clients[gateway.slot].reconciling)
        return FAULT(e, reconcile_call, key, ACD_STATE);
    found = call_key_find(e, gateway, c->key, call_key_hash(e, gateway, c->key));
    if (found.call == NONE)
        return FAULT(e, reconcile_call, key, found.ended == NONE ? ACD_NOT_FOUND : ACD_GONE);

    if (call_is_old(e, found.call) && !call_is_listed(e, found.call))
        EMIT(e, call_listed, .call = call_id(e, found.call));
    outcome_call(e, found.call);
    return ACD_OK;
}
