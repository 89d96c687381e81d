#include "daemon/tenant_events.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"

static uint32_t tenant_named(const struct tenant_events *x, struct acd_str name)
{
    for (uint32_t i = 0; i < x->count; i++)
        if (tenant_has_name(&x->tenants[i], name))
            return i + 1;
    return 0;
}

/* Whose document it was. */
static uint32_t tenant_labelled(const struct tenant_events *x, struct acd_str label)
{
    for (uint32_t i = 0; i < x->count; i++)
        if (tenant_has_label(&x->tenants[i], label))
            return i + 1;
    return 0;
}

static void take_things(struct tenant_events *x, const struct acd_engine *e)
{
    struct acd_view_agent agent;
    struct acd_view_queue queue;
    struct acd_view_call call;
    struct acd_view_client client;

    for (acd_agent_id id = acd_agent_from(e, 0); id.gen != 0; id = acd_agent_from(e, id.slot + 1)) {
        (void)acd_agent_view(e, id, &agent);
        x->agents[id.slot] = (uint8_t)tenant_named(x, agent.name);
    }
    for (acd_queue_id id = acd_queue_from(e, 0); id.gen != 0; id = acd_queue_from(e, id.slot + 1)) {
        (void)acd_queue_view(e, id, &queue);
        x->queues[id.slot] = (uint8_t)tenant_named(x, queue.name);
    }
    for (acd_call_id id = acd_call_from(e, 0); id.gen != 0; id = acd_call_from(e, id.slot + 1)) {
        (void)acd_call_view(e, id, &call);
        x->calls[id.slot] = (uint8_t)tenant_named(x, call.queue_name);
    }
    for (acd_client_id id = acd_client_from(e, 0); id.gen != 0;
         id = acd_client_from(e, id.slot + 1)) {
        (void)acd_client_view(e, id, &client);
        x->clients[id.slot] = (uint8_t)tenant_named(x, client.name);
    }
}

bool tenant_events_open(struct tenant_events *x, const struct acd_engine *e,
                        const struct tenant *tenants, uint32_t count)
{
    const struct acd_limits *limits = acd_limits_of(e);

    *x = (struct tenant_events){.tenants = tenants, .count = count};
    if (count == 0)
        return true;
    x->agents = calloc(limits->agents, 1);
    x->queues = calloc(limits->queues, 1);
    x->calls = calloc(limits->calls, 1);
    x->clients = calloc(limits->clients, 1);
    if (x->agents == NULL || x->queues == NULL || x->calls == NULL || x->clients == NULL)
        return false;
    take_things(x, e);
    return true;
}

void tenant_events_close(struct tenant_events *x)
{
    free(x->agents);
    free(x->queues);
    free(x->calls);
    free(x->clients);
    *x = (struct tenant_events){.count = 0};
}

/* Where it stands whose the thing of an id is. */
static uint8_t *owner_of(const struct tenant_events *x, const struct acd_field *field,
                         const void *value)
{
    uint32_t id[2];

    memcpy(id, (const char *)value + field->offset, sizeof id);
    if (id[1] == 0)
        return NULL;
    switch (field->type) {
    case ACD_FIELD_agent_id: return &x->agents[id[0]];
    case ACD_FIELD_queue_id: return &x->queues[id[0]];
    case ACD_FIELD_call_id: return &x->calls[id[0]];
    case ACD_FIELD_client_id: return &x->clients[id[0]];
    default: return NULL;
    }
}

/* Things come to be by events that begin with their ids. */
static void note(struct tenant_events *x, const struct acd_event *event)
{
    switch (event->code) {
    case ACD_EVENT_agent_set:
        x->agents[event->as.agent_set.agent.slot] =
            (uint8_t)tenant_named(x, event->as.agent_set.name);
        break;
    case ACD_EVENT_queue_set:
        x->queues[event->as.queue_set.queue.slot] =
            (uint8_t)tenant_named(x, event->as.queue_set.name);
        break;
    case ACD_EVENT_client_opened:
        x->clients[event->as.client_opened.client.slot] =
            (uint8_t)tenant_named(x, event->as.client_opened.name);
        break;
    case ACD_EVENT_call_queued:
        x->calls[event->as.call_queued.call.slot] = x->queues[event->as.call_queued.queue.slot];
        break;
    case ACD_EVENT_call_moved:
        x->calls[event->as.call_moved.call.slot] = x->queues[event->as.call_moved.to.slot];
        break;
    default: break;
    }
}

/* By its first id; a number that is gone and a calendar have but their names, a document its label.
 */
uint32_t tenant_event_of(struct tenant_events *x, const uint8_t *bytes, size_t len)
{
    struct acd_event event;
    const struct acd_record *record;
    const struct acd_field *fields;
    size_t count;

    ACD_ASSERT(acd_event_decode(bytes, len, &event) > 0);
    note(x, &event);
    if (tenant_event_name(&event).len > 0)
        return tenant_named(x, tenant_event_name(&event));
    if (event.code == ACD_EVENT_config_committed)
        return tenant_labelled(x, event.as.config_committed.label);
    record = acd_record_of(event.code);
    fields = record->fields(&count);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *owner = owner_of(x, &fields[i], &event.as);

        if (owner != NULL)
            return *owner;
    }
    return 0;
}
