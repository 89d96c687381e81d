#include "engine/alerts.h"
#include "engine/callbacks.h"
#include "engine/decide.h"
#include "engine/expect.h"

/* A call is over.
 *
 * Happy path: the caller or the agent of a connected call hung up; the call ends as answered, and
 * its agent goes into wrap-up or is free. An agent who has asked another, and was answered, leaves
 * the caller to that one by hanging up.
 *
 * Failure modes: it was never answered: it ends as abandoned, or withdrawn if it was not the caller
 * who left, and what rings is cancelled in the same commit. It is over already: GONE. The hang-up
 * overtook its call: a gateway's key is closed, so that the call, when it comes, is refused as GONE
 * instead of waiting for ever. Its caller waits to be called back: the line is free, as is meant,
 * and nothing changes; only the system takes a callback back. */

static uint32_t hangup_unknown(struct acd_engine *e, const struct acd_command_hangup *c,
                               const struct key_found *found)
{
    acd_client_id gateway = asker_gateway(e);

    if (found->ended != NONE)
        FAULT(e, hangup, key, ACD_GONE);
    else if (gateway.gen == 0)
        FAULT(e, hangup, key, ACD_NOT_FOUND);
    else
        EMIT(e, call_forestalled, .gateway = gateway, .key = c->key);
    return NONE;
}

/* The live call, or NONE with the fault told, or with the hang-up dealt with. */
static uint32_t hangup_call(struct acd_engine *e, const struct acd_command_hangup *c)
{
    acd_client_id gateway;
    struct key_found found;
    const struct expected *expected;

    if (c->call.gen != 0 || c->call.slot != 0) {
        found.call = call_at(e, c->call);
        if (found.call == NONE)
            FAULT(e, hangup, call, ACD_GONE);
        return found.call;
    }
    if (c->key.len == 0) {
        FAULT(e, hangup, key, ACD_MISSING);
        return NONE;
    }
    gateway = asker_gateway(e);
    found = call_key_find(e, gateway, c->key, key_hash_soon(e, gateway, c->key, &expected));
    if (found.call == NONE)
        return hangup_unknown(e, c, &found);
    call_end_fetch(e, found.call);
    return found.call;
}

HOT void call_end(struct acd_engine *e, uint32_t call, uint8_t disposition, uint8_t side,
                  acd_time ended_at, bool told)
{
    const struct call *c = &e->calls[call];
    acd_time until = c->state == ACD_CONNECTED ? wrap_up_until(e, call) : 0;
    const uint32_t queue = c->queue;

    if (c->several || c->asks_out)
        consult_over(e, call, side == ACD_SIDE_CALLER ? ACD_OFFER_CALLER_GONE : ACD_OFFER_RESCINDED,
                     told);
    if (!told)
        outbox_make_room(e, call);
    EMIT(e, call_ended, .call = call_id(e, call), .queue = queue_id(e, c->queue),
         .disposition = disposition, .side = side, .ended_at = ended_at, .wrap_up_until = until,
         .told = told);
    if (disposition == ACD_ABANDONED)
        alerts_counted(e, queue);
}

APART int on_hangup(struct acd_engine *e, const struct acd_command_hangup *c)
{
    uint8_t side = c->side == 0 ? ACD_SIDE_CALLER : c->side;
    bool by_caller = side == ACD_SIDE_CALLER, told;
    uint32_t slot;
    const struct call *call;

    if (!enum_knows(&acd_enum_side, side, false))
        return FAULT(e, hangup, side, ACD_INVALID);
    slot = hangup_call(e, c);
    if (slot == NONE)
        return e->asking.outcome->error;

    call = &e->calls[slot];
    told = asker_owns(e, slot);
    e->asking.outcome->call = call_id(e, slot);
    e->asking.outcome->queue = queue_id(e, call->queue);
    if ((call->several || call->asks_out) && side == ACD_SIDE_AGENT &&
        consult_is_answered(e, slot)) {
        consult_hand_over(e, slot);
        return ACD_OK;
    }
    if (call->state == ACD_CONNECTED) {
        call_end(e, slot, ACD_ANSWERED, side, clamp_time(e, c->happened_at, call->answered_at),
                 told);
        return ACD_OK;
    }
    if (call->callback) {
        if (side == ACD_SIDE_SYSTEM)
            callback_withdraw(e, slot, 0, told);
        e->asking.outcome->repeated = side != ACD_SIDE_SYSTEM;
        return ACD_OK;
    }
    while (call->assignment != NONE)
        offer_end(e, call->assignment, by_caller ? ACD_OFFER_CALLER_GONE : ACD_OFFER_RESCINDED,
                  told);
    call_end(e, slot, by_caller ? ACD_ABANDONED : ACD_WITHDRAWN, side,
             clamp_time(e, c->happened_at, call->arrived_at), told);
    return ACD_OK;
}
