#include "engine/decide.h"
#include "engine/gateways.h"

/* What is done to the calls of a gateway that is lost, or has reconciled, in slices: nothing that
 * may touch thousands of calls is done in one turn. A sweep goes over the live calls by slot, and
 * how far it has come is an event. Calls that entered after the gateway was lost, or began to
 * reconcile, are none of its business; nor are callbacks, as long as nobody is on the line. */

bool heir_is_there(const struct acd_engine *e, uint32_t heir)
{
    const struct client *c = &e->clients[heir == NONE ? 0 : heir];

    return heir != NONE && c->kind == ACD_GATEWAY && !c->lost && c->grace_until == 0 &&
           c->sweep == 0;
}

/* Takes back what rings: then the call is queued, or its agent asks nobody any more. False when
 * nothing rings. */
static bool offers_take_back(struct acd_engine *e, uint32_t call)
{
    if (call_consultation_rings(e, call)) {
        consult_over(e, call, ACD_OFFER_RESCINDED, false);
        return true;
    }
    if (e->calls[call].state != ACD_OFFERED)
        return false;
    while (e->calls[call].state == ACD_OFFERED)
        offer_end(e, e->calls[call].assignment, ACD_OFFER_RESCINDED, false);
    return true;
}

static bool sweep_strand(struct acd_engine *e, uint32_t call)
{
    bool rang = offers_take_back(e, call);

    if (e->calls[call].state != ACD_QUEUED)
        return rang;
    EMIT(e, call_stranded, .call = call_id(e, call));
    return true;
}

/* Whether the heir can take a call: it is there, and has no call of this key. Says that its outbox
 * is full, in which case it is lost itself. */
static bool heir_takes(struct acd_engine *e, uint32_t heir, uint32_t call)
{
    acd_client_id id = client_id(e, heir);
    struct acd_str key = call_key(&e->call_cards[call]);
    struct key_found found;

    if (!heir_is_there(e, heir))
        return false;
    found = call_key_find(e, id, key, call_key_hash(e, id, key));
    if (found.call != NONE || found.ended != NONE)
        return false;
    outbox_of_make_room(e, heir);
    return heir_is_there(e, heir);
}

static void sweep_resolve(struct acd_engine *e, uint32_t call, uint32_t heir)
{
    offers_take_back(e, call);
    if (heir_takes(e, heir, call))
        EMIT(e, call_adopted, .call = call_id(e, call), .gateway = client_id(e, heir));
    else
        call_end(e, call, ACD_CALL_LOST, ACD_SIDE_SYSTEM, e->now, false);
}

/* Returns whether anything was done to the call. */
static bool sweep_act(struct acd_engine *e, const struct client *c, uint32_t call, uint32_t heir)
{
    if (!call_is_old(e, call) || call_is_called_back(e, call))
        return false;
    if (c->sweep == ACD_SWEEP_STRAND)
        return !call_is_listed(e, call) && sweep_strand(e, call);
    if (!call_is_listed(e, call)) {
        sweep_resolve(e, call, heir);
        return true;
    }
    if (e->calls[call].state != ACD_STRANDED)
        return false;
    EMIT(e, call_resumed, .call = call_id(e, call));
    return true;
}

static void sweep_over(struct acd_engine *e, uint32_t client)
{
    const struct client *c = &e->clients[client];
    uint32_t heir = client_at(e, c->sweep_heir), acts = 0, looks = 0;
    uint32_t call = slots_next(&e->call_slots, c->sweep_slot);
    uint64_t since = c->since;

    while (c->calls > 0 && call != SLOT_NONE && looks++ < SWEEP_LOOKS && acts < SWEEP_ACTS) {
        if (e->calls[call].gateway == client)
            acts += sweep_act(e, c, call, heir);
        if (c->since != since)
            return; /* its outbox overflowed: it is lost anew, and that sweep begins */
        call = slots_next(&e->call_slots, call + 1);
    }
    if (c->calls == 0 || call == SLOT_NONE)
        EMIT(e, gateway_swept, .client = client_id(e, client));
    else
        EMIT(e, gateway_swept, .client = client_id(e, client), .sweep = c->sweep,
             .heir = c->sweep_heir, .slot = call);
}

void sweep_slice(struct acd_engine *e)
{
    uint32_t client = slots_next(&e->sweeping, 0);

    if (client == SLOT_NONE)
        return;
    sweep_over(e, client);
    settle(e);
}
