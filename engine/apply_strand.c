#include "engine/gateways.h"
#include "engine/names.h"
#include "engine/outbox.h"

/* Calls whose gateway is lost: stranded, listed again, resumed, or another's. */

void apply_call_listed(struct acd_engine *e, const struct acd_event_call_listed *v)
{
    uint32_t slot = call_of(e, v->call);

    mark(e, ACD_TABLE_CALLS, slot);
    e->call_listed[slot] = e->clients[e->calls[slot].gateway].since;
}

void apply_call_stranded(struct acd_engine *e, const struct acd_event_call_stranded *v)
{
    call_strand(e, call_of(e, v->call));
}

void apply_call_resumed(struct acd_engine *e, const struct acd_event_call_resumed *v)
{
    uint32_t slot = call_of(e, v->call);

    call_unstrand(e, slot);
    call_wait(e, slot);
}

/* The call's key is its new gateway's; of the old one it is a key that is over. */
static void call_rekey(struct acd_engine *e, uint32_t slot, acd_client_id heir)
{
    struct call *c = &e->calls[slot];
    struct acd_str key = call_key(&e->call_cards[slot]);

    ended_remember(e, client_id(e, c->gateway), key, c->name_key, slot, e->now);
    c->name_key = (struct index_key){call_key_hash(e, heir, key), 0};
    e->call_leads[slot].hash = c->name_key.hash;
    index_add(&e->call_keys, &c->name_key, slot);
}

void apply_call_adopted(struct acd_engine *e, const struct acd_event_call_adopted *v)
{
    uint32_t slot = call_of(e, v->call), heir = client_of(e, v->gateway);
    struct call *c = &e->calls[slot];

    mark(e, ACD_TABLE_CALLS, slot);
    call_rekey(e, slot, v->gateway);
    e->clients[c->gateway].calls--;
    c->gateway = heir;
    e->clients[heir].calls++;
    e->call_listed[slot] = e->clients[heir].since;
    if (c->state == ACD_STRANDED) {
        call_unstrand(e, slot);
        call_wait(e, slot);
    }
    outbox_tell(e, slot,
                (struct acd_view_notice){.kind = ACD_NOTICE_CALL_ADOPTED,
                                         .assignment = assignment_id(e, c->assignment),
                                         .agent = agent_id(e, c->agent)});
}
