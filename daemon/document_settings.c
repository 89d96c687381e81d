#include "daemon/document.h"

#include <string.h>

#include "engine/acd_assert.h"
#include "proto/acd_json.h"
#include "proto/acd_messages.h"

/* Settings by their descriptions: a new one is in the document by itself. */

const struct document_kind document_queue = {"queue", &acd_record_command_queue_set,
                                             &acd_record_view_queue};
const struct document_kind document_agent = {"agent", &acd_record_command_agent_set,
                                             &acd_record_view_agent};
const struct document_kind document_member = {"member", &acd_record_command_member_set,
                                              &acd_record_view_member};
const struct document_kind document_skill = {"skill", &acd_record_command_skill_set,
                                             &acd_record_view_skill};
const struct document_kind document_calendar = {"calendar", &acd_record_command_calendar_set,
                                                &acd_record_view_calendar_settings};

const struct acd_field *document_shown(const struct document_kind *kind,
                                       const struct acd_field *field)
{
    return acd_field_named(kind->view, field->name);
}

bool document_is_setting(const struct document_kind *kind, const struct acd_field *field)
{
    static const char *const names[] = {"name", "agent_name", "queue_name", "skill", "state"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(field->name, names[i]) == 0)
            return false;
    return !acd_field_is_id(field) && document_shown(kind, field) != NULL;
}

bool document_is_kept(const struct document_kind *kind, const struct acd_field *field,
                      const void *view)
{
    return kind == &document_queue && strcmp(field->name, "strategy") == 0 &&
           ((const struct acd_view_queue *)view)->strategy_hours.len > 0;
}

static const void *at(const struct acd_field *field, const void *record)
{
    return (const char *)record + field->offset;
}

static bool is_zero(const struct acd_field *field, const void *view)
{
    static const char zero[8] = {0};

    if (field->type == ACD_FIELD_str)
        return ((const struct acd_str *)at(field, view))->len == 0;
    return memcmp(at(field, view), zero, acd_field_bytes(field)) == 0;
}

/* Whether a command can say "none". */
static bool can_be_unset(const struct acd_field *field)
{
    return field->type == ACD_FIELD_str || field->type == ACD_FIELD_span ||
           field->type == ACD_FIELD_i32;
}

bool document_agrees(const struct acd_field *field, const struct acd_field *shown, const void *is,
                     const void *wanted)
{
    if (is_zero(shown, wanted) && (is_zero(shown, is) || !can_be_unset(field)))
        return true;
    if (shown->type == ACD_FIELD_str) {
        const struct acd_str *a = at(shown, is), *b = at(shown, wanted);

        return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
    }
    return memcmp(at(shown, is), at(shown, wanted), acd_field_bytes(shown)) == 0;
}

/* What sets a setting to nothing. */
static void unset(const struct acd_field *field, void *to)
{
    static const struct acd_str dash = {"-", 1};
    static const int64_t none = -1;

    if (field->type == ACD_FIELD_str)
        memcpy(to, &dash, sizeof dash);
    else if (field->type == ACD_FIELD_span || field->type == ACD_FIELD_i32)
        memcpy(to, &none, acd_field_bytes(field)); /* little-endian, as all of it */
}

void document_take(const struct acd_field *field, void *command, const struct acd_field *shown,
                   const void *view)
{
    void *to = (char *)command + field->offset;

    ACD_ASSERT(acd_field_bytes(field) == acd_field_bytes(shown));
    if (is_zero(shown, view))
        unset(field, to);
    else if (field->type == ACD_FIELD_str)
        memcpy(to, at(shown, view), sizeof(struct acd_str));
    else
        memcpy(to, at(shown, view), acd_field_bytes(shown));
}

bool document_is_told(const struct tenant *tenant, const struct acd_record *record,
                      const struct acd_field *field, const void *value)
{
    return tenant == NULL || field->type != ACD_FIELD_str ||
           tenant_is_told(tenant, tenant_scope_of(record, field),
                          *(const struct acd_str *)at(field, value));
}

int document_say(const struct tenant *tenant, const struct acd_record *record,
                 const struct acd_field *field, const void *value, char *out, size_t len)
{
    struct tenant_texts room = {.used = 0};
    struct acd_str text = {NULL, 0};

    if (tenant == NULL || field->type != ACD_FIELD_str)
        return acd_json_field(field, value, out, len);
    if (document_is_told(tenant, record, field, value))
        text = tenant_cut(tenant, tenant_scope_of(record, field),
                          *(const struct acd_str *)at(field, value), &room);
    if (text.len >= len)
        return ACD_TOO_LONG;
    if (text.len > 0)
        memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return text.len;
}

int document_defaults_open(struct document_defaults *d)
{
    const struct acd_limits small = {.agents = 1, .queues = 1, .calls = 1, .clients = 1};
    struct acd_command queue = {.code = ACD_COMMAND_queue_set, .as.queue_set.name = acd_str("q")};
    struct acd_command agent = {.code = ACD_COMMAND_agent_set, .as.agent_set.name = acd_str("a")};
    struct acd_view_outcome o;
    int error = acd_open(&d->bare, &(struct acd_config){.limits = small});

    if (error != ACD_OK)
        return error;
    acd_execute(d->bare, 0, ACD_NOBODY, 0, &queue, &o);
    acd_execute(d->bare, 0, ACD_NOBODY, 0, &agent, &o);
    (void)acd_queue_view(d->bare, acd_queue_from(d->bare, 0), &d->queue);
    (void)acd_agent_view(d->bare, acd_agent_from(d->bare, 0), &d->agent);
    d->member = (struct acd_view_member){.level = 0};
    d->calendar = (struct acd_view_calendar_settings){.zone = acd_str("UTC")};
    return ACD_OK;
}

void document_defaults_close(struct document_defaults *d)
{
    acd_close(d->bare);
}
