#include <string.h>

#include "daemon/tenant.h"
#include "engine/acd_assert.h"
#include "proto/acd_messages.h"

/* A tenant's request becomes one of the house. */

/* Of the queries a tenant has these, of the commands all but the others below: a new query is the
 * house's until somebody has seen to it that its answer says nothing of others. */
static bool is_allowed(uint16_t code)
{
    switch (code) {
    case ACD_QUERY_get_server:
    case ACD_QUERY_list_agents:
    case ACD_QUERY_list_queues:
    case ACD_QUERY_list_calls:
    case ACD_QUERY_list_members:
    case ACD_QUERY_list_assignments:
    case ACD_QUERY_list_numbers:
    case ACD_QUERY_list_clients:
    case ACD_QUERY_list_skills:
    case ACD_QUERY_list_teams:
    case ACD_QUERY_list_calendars:
    case ACD_QUERY_list_calendar_times:
    case ACD_QUERY_list_visits:
    case ACD_QUERY_get_totals:
    case ACD_QUERY_replay:
    case ACD_QUERY_list_queue_folds:
    case ACD_QUERY_list_agent_folds:
    case ACD_QUERY_list_queue_intervals:
    case ACD_QUERY_list_agent_intervals:
    case ACD_QUERY_explain_call:
    case ACD_QUERY_explain_agent:
    case ACD_QUERY_explain_decision:
    case ACD_QUERY_config_put:
    case ACD_QUERY_config_plan:
    case ACD_QUERY_config_apply:
    case ACD_QUERY_config_get:
    case ACD_QUERY_next: return true;
    case ACD_COMMAND_day_turn:
    case ACD_COMMAND_config_commit: return false;
    default: return acd_kind_of(code) == ACD_KIND_COMMAND;
    }
}

/* ---- keys --------------------------------------------------------------------------------- */

/* The live call of a key of one of the tenant's gateways, of this one if it is named; or none. */
static acd_call_id call_of_own(const struct tenant *t, const struct acd_engine *e,
                               struct acd_str gateway, struct acd_str key)
{
    struct acd_view_client v;
    acd_call_id call = {0, 0};

    for (acd_client_id c = acd_client_from(e, 0); c.gen != 0 && call.gen == 0;
         c = acd_client_from(e, c.slot + 1)) {
        (void)acd_client_view(e, c, &v);
        if (tenant_has_name(t, v.name) &&
            (gateway.len == 0 || (gateway.len == v.name.len - t->len &&
                                  memcmp(gateway.data, v.name.data + t->len, gateway.len) == 0)))
            call = acd_call_keyed(e, c, key);
    }
    return call;
}

/* The key of a call to be explained may be several tenants': the call is found here. */
static int find_explained(const struct tenant *t, const struct acd_engine *e,
                          struct tenant_room *room, struct acd_query_explain_call *q)
{
    acd_call_id call;

    if (q->call.gen != 0 || q->key.len == 0)
        return ACD_OK;
    call = call_of_own(t, e, q->gateway_name, q->key);
    if (call.gen == 0 && q->gateway_name.len == 0)
        call = acd_call_keyed(e, ACD_NOBODY, tenant_put_under(t, TENANT_KEY, q->key, &room->texts));
    if (call.gen == 0)
        return ACD_NOT_FOUND;
    q->call = call;
    q->key.len = q->gateway_name.len = 0;
    return ACD_OK;
}

/* Whether a key is meant as it is. Asked for by nobody: in what is over, as it was; of a live call,
 * if a gateway has one. */
static bool is_whole_key(const struct tenant *t, const struct acd_engine *e, acd_client_id client,
                         const struct acd_record *record, struct acd_str key)
{
    return client.gen != 0 || record->code == ACD_QUERY_list_visits ||
           (record->code == ACD_QUERY_list_calls &&
            call_of_own(t, e, (struct acd_str){NULL, 0}, key).gen != 0);
}

/* ---- fields ------------------------------------------------------------------------------- */

static bool is_zero_id(const struct acd_field *field, const void *value)
{
    static const char zero[8] = {0};

    return memcmp((const char *)value + field->offset, zero, sizeof zero) == 0;
}

/* Work that is over is nobody's: its code may be given late by its agent, who is looked at; and so
 * that nobody learns what others have at hand, that is over, too. */
static int scope_coded(const struct acd_engine *e, const struct acd_command_wrap_up_code *c)
{
    struct acd_view_assignment v;

    return acd_assignment_view(e, c->assignment, &v) == ACD_OK ? ACD_LOST : ACD_OK;
}

static int scope_id(const struct tenant *t, const struct acd_engine *e,
                    const struct acd_record *record, const struct acd_field *field,
                    const void *value)
{
    if (is_zero_id(field, value) || tenant_has_id(t, e, field, value))
        return ACD_OK;
    return record == &acd_record_command_wrap_up_code && field->type == ACD_FIELD_assignment_id
               ? scope_coded(e, value)
               : ACD_NOT_FOUND;
}

/* Puts one field under the tenant. */
static int scope_field(const struct tenant *t, const struct acd_engine *e, acd_client_id client,
                       const struct acd_record *record, const struct acd_field *field, void *value,
                       struct tenant_room *room)
{
    enum tenant_scope scope = tenant_scope_of(record, field);
    struct acd_str *text = (struct acd_str *)(void *)((char *)value + field->offset);

    if (acd_field_is_id(field))
        return scope_id(t, e, record, field, value);
    if (scope == TENANT_NOTHING ||
        (scope == TENANT_KEY && is_whole_key(t, e, client, record, *text)))
        return ACD_OK;
    *text = tenant_put_under(t, scope, *text, &room->texts);
    return text->len <= field->max ? ACD_OK : ACD_TOO_LONG;
}

static int scope_record(const struct tenant *t, const struct acd_engine *e, acd_client_id client,
                        const struct acd_record *record, void *value, struct tenant_room *room,
                        uint16_t *field)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    for (size_t i = 0; i < count; i++) {
        int error = scope_field(t, e, client, record, &fields[i], value, room);

        *field = (uint16_t)(error == ACD_OK ? 0 : i + 1);
        if (error != ACD_OK)
            return error;
    }
    return ACD_OK;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static bool is_own_client(const struct tenant *t, const struct acd_engine *e, acd_client_id client)
{
    struct acd_view_client v;

    return client.gen == 0 ||
           (acd_client_view(e, client, &v) == ACD_OK && tenant_has_name(t, v.name));
}

int tenant_request(const struct tenant *t, const struct acd_engine *e, acd_client_id client,
                   struct acd_request *request, struct tenant_room *room, uint16_t *field)
{
    const struct acd_record *record = acd_message_record(request->code);
    union {
        struct acd_command command;
        struct acd_query query;
    } value;
    bool is_query = acd_kind_of(request->code) == ACD_KIND_QUERY;
    void *fields = is_query ? (void *)&value.query.as : (void *)&value.command.as;
    int error;

    *field = 0;
    if (record == NULL || record->decode(request->bytes, request->size, fields) < 0)
        return ACD_OK;
    if (!is_allowed(request->code))
        return ACD_DENIED;
    if (!is_own_client(t, e, client))
        return ACD_NOT_FOUND;
    room->texts.used = 0;
    if (request->code == ACD_QUERY_explain_call) {
        *field = 2;
        error = find_explained(t, e, room, &value.query.as.explain_call);
        if (error != ACD_OK)
            return error;
    }
    error = scope_record(t, e, client, record, fields, room, field);
    if (error != ACD_OK)
        return error;
    request->size = (uint32_t)record->encode(fields, room->record);
    request->bytes = room->record;
    return ACD_OK;
}
