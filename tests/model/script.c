/* Steps from lines. */

#include "tests/model/script.h"

#include <stdlib.h>
#include <string.h>

#include "tests/model/twin_parts.h"

static void give_up(const char *line)
{
    fprintf(stderr, "no such step: %s\n", line);
    abort();
}

/* A call by its key, whosever it is; NULL when it is not live. */
static const struct twin_call *any_call(const struct twin *t, struct acd_str key)
{
    for (uint32_t i = 0; i < t->limits.calls; i++)
        if (t->calls[i].id.gen != 0 && twin_text_is(&t->calls[i].key, key))
            return &t->calls[i];
    return NULL;
}

/* Writes the id of what is named; 0 when it is not there. */
static void put_id(const struct twin *t, enum acd_field_type type, struct acd_str name, char *at)
{
    const struct twin_agent *agent = twin_agent_named(t, name);
    const struct twin_queue *queue = twin_queue_named(t, name);
    const struct twin_call *call = any_call(t, name);
    const struct twin_assignment *s = call == NULL ? NULL : twin_of_call(t, call, 0);

    if (type == ACD_FIELD_assignment_id && name.len > 1 && name.data[name.len - 1] == '+') {
        name.len--;
        call = any_call(t, name);
        s = call == NULL ? NULL : twin_consultation(t, call);
    }

    if (type == ACD_FIELD_agent_id && agent != NULL)
        memcpy(at, &agent->id, sizeof agent->id);
    if (type == ACD_FIELD_queue_id && queue != NULL)
        memcpy(at, &queue->id, sizeof queue->id);
    if (type == ACD_FIELD_call_id && call != NULL)
        memcpy(at, &call->id, sizeof call->id);
    if (type == ACD_FIELD_assignment_id && s != NULL)
        memcpy(at, &s->id, sizeof s->id);
}

static void put_number(const struct acd_field *f, const char *text, char *at)
{
    char *end;
    int64_t value = strtoll(text, &end, 10);
    size_t size = 8;

    if (*end == 's')
        value *= ACD_SECOND;
    if (f->type == ACD_FIELD_u8 || f->type == ACD_FIELD_flag)
        size = 1;
    if (f->type == ACD_FIELD_u16 || f->type == ACD_FIELD_i16)
        size = 2;
    if (f->type == ACD_FIELD_u32 || f->type == ACD_FIELD_i32)
        size = 4;
    memcpy(at, &value, size); /* little-endian, as the records are */
}

static void put(struct step *step, const struct twin *t, const struct acd_field *f,
                const char *text)
{
    struct acd_str str = step_text(step, text, strcspn(text, " "));
    char *at = (char *)&step->command.as + f->offset;

    if (f->type == ACD_FIELD_str) {
        memcpy(at, &str, sizeof str);
    } else if (f->type == ACD_FIELD_enum) {
        *at = (char)acd_enum_value(f->enumeration, str);
    } else if (*text == '@') {
        str.data++;
        str.len--;
        put_id(t, f->type, str, at);
    } else {
        put_number(f, text, at);
    }
}

/* The field that a "name=value" is about, or NULL. */
static const struct acd_field *field_named(const struct acd_record *record, const char *text)
{
    size_t count, len = strcspn(text, "=");
    const struct acd_field *fields = record->fields(&count);

    for (size_t i = 0; i < count; i++)
        if (strlen(fields[i].name) == len && memcmp(fields[i].name, text, len) == 0)
            return &fields[i];
    return NULL;
}

static const struct acd_record *command_named(const char *line)
{
    size_t len = strcspn(line, " ");

    for (size_t i = 0; i < acd_records_command_count; i++)
        if (strlen(acd_records_command[i]->name) == len &&
            memcmp(acd_records_command[i]->name, line, len) == 0)
            return acd_records_command[i];
    return NULL;
}

void script_step(struct step *step, const struct twin *t, acd_time now, const char *line)
{
    const struct acd_record *record = command_named(line);
    const char *at = line + strcspn(line, " ");

    memset(&step->command, 0, sizeof step->command);
    step->text_len = 0;
    step->client = ACD_NOBODY;
    step->request = 0;
    step->now = now;
    if (record == NULL && strcmp(line, "advance") != 0)
        give_up(line);
    if (record == NULL)
        return;
    step->command.code = record->code;
    while (*at == ' ') {
        const struct acd_field *f = field_named(record, ++at);

        if (f == NULL)
            give_up(line);
        at += strcspn(at, "=") + 1;
        put(step, t, f, at);
        at += strcspn(at, " ");
    }
}
