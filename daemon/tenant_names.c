#include <string.h>

#include "daemon/tenant.h"
#include "proto/acd_messages.h"

/* What is a name, and whose: by the schema, so that a new record needs nothing here as long as its
 * names are called like the others. */

bool tenant_init(struct tenant *t, const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > TENANT_NAME_MAX || strpbrk(name, "/ \t\r\n") != NULL)
        return false;
    *t = (struct tenant){.len = len + 1};
    memcpy(t->prefix, name, len);
    t->prefix[len] = '/';
    return true;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* Numbers are names where they lead to queues, as by number_set, and so is what was called; those
 * of customers are not. Calls outside have keys of their agents. */
enum tenant_scope tenant_scope_of(const struct acd_record *record, const struct acd_field *field)
{
    static const char *const names[] = {
        "name",        "agent_name",     "queue_name", "target_name", "gateway_name",
        "prefer_name", "consulted_name", "moved_to",   "called",      "kept_for",
        "next_queue",  "calendar",       NULL};
    static const char *const choices[] = {"team", "heir", "hours", "strategy_hours", NULL};
    static const char *const targets[] = {"on_closed",
                                          "on_full",
                                          "on_no_agents",
                                          "on_left_empty",
                                          "on_max_wait",
                                          "on_max_wait_no_agent",
                                          NULL};

    if (field->type != ACD_FIELD_str || record == &acd_record_view_timing)
        return TENANT_NOTHING;
    if (is_one_of(field->name, choices))
        return TENANT_CHOICE;
    if (is_one_of(field->name, targets))
        return TENANT_TARGET;
    if (strcmp(field->name, "exit_keys") == 0)
        return TENANT_KEYS;
    if (strcmp(field->name, "label") == 0 || strcmp(field->name, "config_label") == 0)
        return TENANT_LABEL;
    if (strcmp(field->name, "next_key") == 0 || strcmp(field->name, "first_key") == 0)
        return TENANT_KEY;
    if (strcmp(field->name, "key") == 0)
        return strncmp(record->name, "outside", 7) == 0 || record == &acd_record_view_assignment
                   ? TENANT_NOTHING
                   : TENANT_KEY;
    if (strcmp(field->name, "number") == 0)
        return strstr(record->name, "number") != NULL ? TENANT_NAME : TENANT_NOTHING;
    return is_one_of(field->name, names) ? TENANT_NAME : TENANT_NOTHING;
}

struct acd_str tenant_event_name(const struct acd_event *e)
{
    switch (e->code) {
    case ACD_EVENT_number_removed: return e->as.number_removed.number;
    case ACD_EVENT_calendar_set: return e->as.calendar_set.name;
    case ACD_EVENT_calendar_removed: return e->as.calendar_removed.name;
    case ACD_EVENT_calendar_time_set: return e->as.calendar_time_set.calendar;
    case ACD_EVENT_calendar_time_removed: return e->as.calendar_time_removed.calendar;
    default: return (struct acd_str){NULL, 0};
    }
}

bool tenant_has_name(const struct tenant *t, struct acd_str name)
{
    return name.len > t->len && memcmp(name.data, t->prefix, t->len) == 0;
}

bool tenant_has_label(const struct tenant *t, struct acd_str label)
{
    return label.len >= t->len && memcmp(label.data, t->prefix, t->len) == 0;
}

struct acd_str tenant_calls(const struct tenant *t, struct acd_str name)
{
    return tenant_has_name(t, name)
               ? (struct acd_str){name.data + t->len, (uint16_t)(name.len - t->len)}
               : name;
}

uint16_t tenant_target_name(struct acd_str target)
{
    static const char queue[] = "queue:";
    size_t head = strlen(queue);

    return target.len > head && memcmp(target.data, queue, head) == 0 ? (uint16_t)head : 0;
}

/* ---- ids ---------------------------------------------------------------------------------- */

static bool has_agent(const struct tenant *t, const struct acd_engine *e, acd_agent_id id)
{
    struct acd_view_agent v;

    return acd_agent_view(e, id, &v) == ACD_OK && tenant_has_name(t, v.name);
}

static bool has_queue(const struct tenant *t, const struct acd_engine *e, acd_queue_id id)
{
    struct acd_view_queue v;

    return acd_queue_view(e, id, &v) == ACD_OK && tenant_has_name(t, v.name);
}

static bool has_call(const struct tenant *t, const struct acd_engine *e, acd_call_id id)
{
    struct acd_view_call v;

    return acd_call_view(e, id, &v) == ACD_OK && tenant_has_name(t, v.queue_name);
}

static bool has_assignment(const struct tenant *t, const struct acd_engine *e, acd_assignment_id id)
{
    struct acd_view_assignment v;

    return acd_assignment_view(e, id, &v) == ACD_OK && has_agent(t, e, v.agent);
}

static bool has_client(const struct tenant *t, const struct acd_engine *e, acd_client_id id)
{
    struct acd_view_client v;

    return acd_client_view(e, id, &v) == ACD_OK && tenant_has_name(t, v.name);
}

bool tenant_has_id(const struct tenant *t, const struct acd_engine *e,
                   const struct acd_field *field, const void *record)
{
    struct {
        uint32_t slot, gen;
    } id;

    memcpy(&id, (const char *)record + field->offset, sizeof id);
    switch (field->type) {
    case ACD_FIELD_agent_id: return has_agent(t, e, (acd_agent_id){id.slot, id.gen});
    case ACD_FIELD_queue_id: return has_queue(t, e, (acd_queue_id){id.slot, id.gen});
    case ACD_FIELD_call_id: return has_call(t, e, (acd_call_id){id.slot, id.gen});
    case ACD_FIELD_assignment_id: return has_assignment(t, e, (acd_assignment_id){id.slot, id.gen});
    default: return has_client(t, e, (acd_client_id){id.slot, id.gen});
    }
}
