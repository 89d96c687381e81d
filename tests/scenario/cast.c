#include "tests/scenario/cast.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cast_init(struct cast *c)
{
    c->members = calloc(CAST_MAX, sizeof *c->members);
    cr_assert(c->members != NULL);
    c->count = 0;
}

void cast_fini(struct cast *c)
{
    free(c->members);
}

static char *cast_add(struct cast *c, enum acd_field_type kind, uint32_t slot, uint32_t gen)
{
    struct cast_member *m;

    cr_assert(c->count < CAST_MAX, "too many play in this story");
    m = &c->members[c->count++];
    m->kind = kind;
    m->slot = slot;
    m->gen = gen;
    return m->name;
}

static bool cast_knows(const struct cast *c, enum acd_field_type kind, uint32_t slot, uint32_t gen)
{
    return strcmp(cast_name(c, kind, slot, gen), "?") != 0;
}

/* Writes a name, cut to what a name may be. */
__attribute__((format(printf, 2, 3))) static void cast_print(char *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(out, CAST_NAME_MAX, format, args);
    va_end(args);
}

static void learn_text(struct cast *c, enum acd_field_type kind, uint32_t slot, uint32_t gen,
                       struct acd_str name)
{
    if (!cast_knows(c, kind, slot, gen))
        cast_print(cast_add(c, kind, slot, gen), "%.*s", (int)name.len, name.data);
}

static void learn_call(struct cast *c, const struct acd_event_call_queued *v)
{
    const char *gateway = v->gateway.gen == 0
                              ? ""
                              : cast_name(c, ACD_FIELD_client_id, v->gateway.slot, v->gateway.gen);

    cast_print(cast_add(c, ACD_FIELD_call_id, v->call.slot, v->call.gen), "%s%s%.*s", gateway,
               v->gateway.gen == 0 ? "" : "/", (int)v->key.len, v->key.data);
}

static void learn_offer(struct cast *c, acd_assignment_id assignment, acd_call_id call,
                        acd_agent_id agent)
{
    cast_print(cast_add(c, ACD_FIELD_assignment_id, assignment.slot, assignment.gen), "%s@%s",
               cast_name(c, ACD_FIELD_call_id, call.slot, call.gen),
               cast_name(c, ACD_FIELD_agent_id, agent.slot, agent.gen));
}

static void learn_outside(struct cast *c, const struct acd_event_outside_began *v)
{
    cast_print(cast_add(c, ACD_FIELD_assignment_id, v->assignment.slot, v->assignment.gen),
               "%.*s@%s", (int)v->key.len, v->key.data,
               cast_name(c, ACD_FIELD_agent_id, v->agent.slot, v->agent.gen));
}

void cast_learn(struct cast *c, const struct acd_event *event)
{
    switch (event->code) {
    case ACD_EVENT_agent_set:
        learn_text(c, ACD_FIELD_agent_id, event->as.agent_set.agent.slot,
                   event->as.agent_set.agent.gen, event->as.agent_set.name);
        break;
    case ACD_EVENT_queue_set:
        learn_text(c, ACD_FIELD_queue_id, event->as.queue_set.queue.slot,
                   event->as.queue_set.queue.gen, event->as.queue_set.name);
        break;
    case ACD_EVENT_client_opened:
        learn_text(c, ACD_FIELD_client_id, event->as.client_opened.client.slot,
                   event->as.client_opened.client.gen, event->as.client_opened.name);
        break;
    case ACD_EVENT_call_queued: learn_call(c, &event->as.call_queued); break;
    case ACD_EVENT_outside_began: learn_outside(c, &event->as.outside_began); break;
    case ACD_EVENT_call_offered:
        learn_offer(c, event->as.call_offered.assignment, event->as.call_offered.call,
                    event->as.call_offered.agent);
        break;
    case ACD_EVENT_consult_offered:
        learn_offer(c, event->as.consult_offered.assignment, event->as.consult_offered.call,
                    event->as.consult_offered.agent);
        break;
    default: break;
    }
}

const char *cast_name(const struct cast *c, enum acd_field_type kind, uint32_t slot, uint32_t gen)
{
    if (gen == 0 && slot == 0)
        return "nobody";
    for (uint32_t i = c->count; i-- > 0;) {
        const struct cast_member *m = &c->members[i];

        if (m->kind == kind && m->slot == slot && m->gen == gen)
            return m->name;
    }
    return "?";
}

static bool is_called(const struct cast_member *m, const char *name)
{
    size_t len = strlen(name);

    if (m->kind == ACD_FIELD_assignment_id && strchr(name, '@') == NULL)
        return strncmp(m->name, name, len) == 0 && m->name[len] == '@';
    return strcmp(m->name, name) == 0;
}

bool cast_find(const struct cast *c, enum acd_field_type kind, const char *name, uint32_t *slot,
               uint32_t *gen)
{
    for (uint32_t i = c->count; i-- > 0;) {
        const struct cast_member *m = &c->members[i];

        if (m->kind == kind && is_called(m, name)) {
            *slot = m->slot;
            *gen = m->gen;
            return true;
        }
    }
    return false;
}
