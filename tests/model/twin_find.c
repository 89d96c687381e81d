/* The twin looks things up: each function walks one table from its first place to its last. */

#include <string.h>

#include "tests/model/twin_parts.h"

bool twin_text_is(const struct twin_text *text, struct acd_str str)
{
    return text->len == str.len && (str.len == 0 || memcmp(text->data, str.data, str.len) == 0);
}

void twin_text_copy(struct twin_text *text, struct acd_str str)
{
    text->len = str.len;
    if (str.len > 0 && str.data != text->data)
        memcpy(text->data, str.data, str.len);
}

struct acd_str twin_text_str(const struct twin_text *text)
{
    return (struct acd_str){text->data, text->len};
}

/* Tables are searched by index only; what is found may be written by whoever may write the twin. */
#define LOOK(table, limit, found)                                                                  \
    for (uint32_t i = 0; i < t->limits.limit; i++)                                                 \
        if (found)                                                                                 \
            return &t->table[i];                                                                   \
    return NULL

#define IS(wanted, place)                                                                          \
    ((place).id.gen != 0 && (place).id.slot == (wanted).slot && (place).id.gen == (wanted).gen)

struct twin_agent *twin_agent(const struct twin *t, acd_agent_id id)
{
    LOOK(agents, agents, IS(id, t->agents[i]));
}

struct twin_queue *twin_queue(const struct twin *t, acd_queue_id id)
{
    LOOK(queues, queues, IS(id, t->queues[i]));
}

struct twin_call *twin_call(const struct twin *t, acd_call_id id)
{
    LOOK(calls, calls, IS(id, t->calls[i]));
}

struct twin_assignment *twin_assignment(const struct twin *t, acd_assignment_id id)
{
    LOOK(assignments, assignments, IS(id, t->assignments[i]));
}

struct twin_client *twin_client(const struct twin *t, acd_client_id id)
{
    LOOK(clients, clients, IS(id, t->clients[i]));
}

struct twin_member *twin_member(const struct twin *t, acd_agent_id agent, acd_queue_id queue)
{
    LOOK(members, memberships,
         t->members[i].live && twin_same_agent(t->members[i].agent, agent) &&
             twin_same_queue(t->members[i].queue, queue));
}

struct twin_agent *twin_agent_named(const struct twin *t, struct acd_str name)
{
    LOOK(agents, agents, t->agents[i].id.gen != 0 && twin_text_is(&t->agents[i].name, name));
}

struct twin_queue *twin_queue_named(const struct twin *t, struct acd_str name)
{
    LOOK(queues, queues, t->queues[i].id.gen != 0 && twin_text_is(&t->queues[i].name, name));
}

struct twin_client *twin_client_named(const struct twin *t, struct acd_str name)
{
    LOOK(clients, clients, t->clients[i].id.gen != 0 && twin_text_is(&t->clients[i].name, name));
}

struct twin_call *twin_call_keyed(const struct twin *t, acd_client_id gateway, struct acd_str key)
{
    LOOK(calls, calls,
         t->calls[i].id.gen != 0 && twin_same_client(t->calls[i].gateway, gateway) &&
             twin_text_is(&t->calls[i].key, key));
}

struct twin_number *twin_number(const struct twin *t, struct acd_str number)
{
    LOOK(numbers, numbers, t->numbers[i].live && twin_text_is(&t->numbers[i].number, number));
}

struct twin_abandoned *twin_abandoned(const struct twin *t, acd_queue_id queue,
                                      struct acd_str caller)
{
    for (uint32_t i = 0; i < t->limits.ended_calls; i++) {
        struct twin_abandoned *a = &t->abandoned[i];

        if (a->live && (queue.gen == 0 || twin_same_queue(a->queue, queue)) &&
            twin_text_is(&a->caller, caller))
            return a;
    }
    return NULL;
}

struct twin_ended *twin_ended(const struct twin *t, acd_client_id gateway, struct acd_str key)
{
    LOOK(ended, ended_calls,
         t->ended[i].taken && twin_text_is(&t->ended[i].key, key) &&
             (twin_same_client(t->ended[i].gateway, gateway) ||
              twin_wrong(t, TWIN_FAULT_GONE_BY_ANYONE)));
}

#define FREE(limit, is_free)                                                                       \
    for (uint32_t i = 0; i < t->limits.limit; i++)                                                 \
        if (is_free)                                                                               \
            return i;                                                                              \
    return t->limits.limit

uint32_t twin_free_agent(const struct twin *t)
{
    FREE(agents, t->agents[i].id.gen == 0);
}

uint32_t twin_free_queue(const struct twin *t)
{
    FREE(queues, t->queues[i].id.gen == 0);
}

uint32_t twin_free_call(const struct twin *t)
{
    if (twin_wrong(t, TWIN_FAULT_SLOT_HIGHEST))
        for (uint32_t i = t->limits.calls; i-- > 0;)
            if (t->calls[i].id.gen == 0)
                return i;
    FREE(calls, t->calls[i].id.gen == 0);
}

uint32_t twin_free_assignment(const struct twin *t)
{
    FREE(assignments, t->assignments[i].id.gen == 0);
}

uint32_t twin_free_client(const struct twin *t)
{
    FREE(clients, t->clients[i].id.gen == 0);
}

uint32_t twin_free_member(const struct twin *t)
{
    FREE(memberships, !t->members[i].live);
}

uint32_t twin_free_number(const struct twin *t)
{
    FREE(numbers, !t->numbers[i].live);
}

acd_client_id twin_gateway(const struct twin *t)
{
    const struct twin_client *c = twin_client(t, t->client);

    if (c == NULL || c->kind != ACD_GATEWAY)
        return ACD_NOBODY;
    return c->id;
}

bool twin_is_asker(const struct twin *t, const struct twin_call *c)
{
    return c->gateway.gen != 0 && twin_same_client(c->gateway, t->client);
}
