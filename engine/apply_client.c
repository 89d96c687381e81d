#include "engine/gateways.h"
#include "engine/names.h"

/* Clients and their numbered requests. */

void apply_client_opened(struct acd_engine *e, const struct acd_event_client_opened *v)
{
    uint32_t slot = v->client.slot;
    struct client *c = &e->clients[slot];

    if (client_at(e, v->client) == NONE) {
        slots_take(&e->client_slots, slot);
        memset(c, 0, sizeof *c);
        memset(&e->done[(size_t)slot * ACD_REQUESTS_KEPT], 0, ACD_REQUESTS_KEPT * sizeof *e->done);
        c->gen = v->client.gen;
        c->kind = v->kind;
        TEXT_SET(c->name, v->name);
        c->name_key.hash = name_hash(e, v->name);
        index_add(&e->client_names, &c->name_key, slot);
    }
    c->lost = false;
    client_absence_set(e, slot, ABSENCE_OF(v), v->until);
}

void apply_client_removed(struct acd_engine *e, const struct acd_event_client_removed *v)
{
    uint32_t slot = client_of(e, v->client);

    ACD_ASSERT(e->clients[slot].calls == 0);
    client_lease_set(e, slot, 0, 0);
    client_grace_set(e, slot, 0);
    sweep_set(e, slot, 0);
    index_remove(&e->client_names, e->clients[slot].name_key);
    slots_give(&e->client_slots, slot);
    mark(e, ACD_TABLE_CLIENTS, slot);
    for (uint32_t i = slot * ACD_REQUESTS_KEPT; i < (slot + 1) * ACD_REQUESTS_KEPT; i++)
        if (e->done[i].request != 0)
            mark(e, ACD_TABLE_DONE, i);
    e->clients[slot].gen = 0;
}

void apply_request_done(struct acd_engine *e, const struct acd_event_request_done *v)
{
    uint32_t slot = client_of(e, v->client);
    struct client *c = &e->clients[slot];
    struct done *done = &e->done[(size_t)slot * ACD_REQUESTS_KEPT + v->request % ACD_REQUESTS_KEPT];

    mark(e, ACD_TABLE_CLIENTS, slot);
    mark(e, ACD_TABLE_DONE, slot * ACD_REQUESTS_KEPT + (uint32_t)(v->request % ACD_REQUESTS_KEPT));
    if (v->request > c->last_request)
        c->last_request = v->request;
    *done = (struct done){.request = v->request,
                          .error = v->error,
                          .field = v->field,
                          .verdict = v->verdict,
                          .refusal = v->refusal,
                          .position = v->position,
                          .call = v->call,
                          .assignment = v->assignment,
                          .agent = v->agent,
                          .queue = v->queue};
}

void apply_request_overflow(struct acd_engine *e, const struct acd_event_request_overflow *v)
{
    uint32_t place =
        client_of(e, v->client) * ACD_REQUESTS_KEPT + (uint32_t)(v->request % ACD_REQUESTS_KEPT);

    mark(e, ACD_TABLE_DONE, place);
    e->done[place].overflow = v->overflow;
    TEXT_SET(e->done_texts[place].overflow_to, v->overflow_to);
}
