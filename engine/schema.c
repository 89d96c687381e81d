/* The records of the engine: their encoders, decoders and descriptions. */

#define ACD_CODEC_DEFS "engine/schema_defs.h"
#include "engine/acd_codec.h"

#include "engine/acd_assert.h"

struct acd_str acd_str(const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);

    ACD_ASSERT(len <= UINT16_MAX);
    return (struct acd_str){text, (uint16_t)len};
}

/* ---- enumerations ------------------------------------------------------------------------- */

#define V(constant, value, text, doc) {value, text, doc},
#define ACD_ENUM(name, doc, values)                                                                \
    static const struct acd_enum_value values_##name[] = {values};                                 \
    const struct acd_enum acd_enum_##name = {#name, doc, values_##name,                            \
                                             sizeof values_##name / sizeof values_##name[0]};
#include "engine/enums.def"
#undef ACD_ENUM
#undef V

const char *acd_enum_text(const struct acd_enum *e, uint8_t value)
{
    if (value == 0)
        return "";
    for (size_t i = 0; i < e->count; i++)
        if (e->values[i].value == value)
            return e->values[i].text;
    return "?";
}

const struct acd_alias acd_aliases[] = {
#define ACD_ALIAS(enumeration, constant, text) {&acd_enum_##enumeration, (constant), (text)},
#include "engine/aliases.def"
#undef ACD_ALIAS
};
const size_t acd_aliases_count = sizeof acd_aliases / sizeof acd_aliases[0];

static bool text_is(const char *known, struct acd_str text)
{
    return strlen(known) == text.len && memcmp(known, text.data, text.len) == 0;
}

uint8_t acd_enum_value(const struct acd_enum *e, struct acd_str text)
{
    for (size_t i = 0; i < e->count; i++)
        if (text_is(e->values[i].text, text))
            return e->values[i].value;
    for (size_t i = 0; i < acd_aliases_count; i++)
        if (acd_aliases[i].enumeration == e && text_is(acd_aliases[i].text, text))
            return acd_aliases[i].value;
    return 0;
}

/* ---- errors ------------------------------------------------------------------------------- */

const char *acd_error_text(int error)
{
    switch (error) {
#define XX(name, value, text)                                                                      \
    case value: return text;
        ACD_ERRORS(XX)
#undef XX
    default: return "unknown error";
    }
}

const char *acd_error_name(int error)
{
    switch (error) {
#define XX(name, value, text)                                                                      \
    case value: return #name;
        ACD_ERRORS(XX)
#undef XX
    default: return "UNKNOWN_ERROR";
    }
}

/* ---- records ------------------------------------------------------------------------------ */

const struct acd_record *const acd_records_command[] = {
#define ACD_COMMAND(name, code, doc, fields) &acd_record_command_##name,
#include "engine/commands.def"
#undef ACD_COMMAND
};
const struct acd_record *const acd_records_event[] = {
#define ACD_EVENT(name, code, topic, doc, fields) &acd_record_event_##name,
#include "engine/events.def"
#undef ACD_EVENT
};
const struct acd_record *const acd_records_view[] = {
#define ACD_VIEW(name, code, doc, fields) &acd_record_view_##name,
#include "engine/views.def"
#undef ACD_VIEW
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
const size_t acd_records_command_count = COUNT(acd_records_command);
const size_t acd_records_event_count = COUNT(acd_records_event);
const size_t acd_records_view_count = COUNT(acd_records_view);

const struct acd_record *acd_record_of(uint16_t code)
{
    switch (code) {
#define RECORD(kind, name, code, topic, doc, ...)                                                  \
    case (code):                                                                                   \
        return &acd_record_##kind##_##name;
#include "engine/schema_defs.h"
#undef RECORD
    default: return NULL;
    }
}

int acd_record_peek(const uint8_t *in, size_t len, uint16_t *code)
{
    struct acd_record_head head;

    if (len < sizeof head)
        return ACD_TRUNCATED;
    memcpy(&head, in, sizeof head);
    if (head.size > ACD_RECORD_MAX)
        return ACD_TOO_LONG;
    if (head.size < sizeof head + head.fixed)
        return ACD_INVALID;
    if (head.size > len)
        return ACD_TRUNCATED;
    *code = head.code;
    return (int)head.size;
}

int acd_record_open(const uint8_t *in, size_t len, const struct acd_record *record, uint8_t *room,
                    struct acd_record_head *head, const uint8_t **fixed)
{
    uint16_t code;
    int size = acd_record_peek(in, len, &code);

    if (size < 0)
        return size;
    memcpy(head, in, sizeof *head);
    if (code != record->code)
        return ACD_INVALID;
    *fixed = in + ACD_RECORD_HEADER;
    if (head->fixed < record->fixed) {
        memset(room, 0, ACD_RECORD_FIXED_MAX);
        memcpy(room, *fixed, head->fixed);
        *fixed = room;
    }
    return ACD_OK;
}

int acd_command_decode(const uint8_t *in, size_t len, struct acd_command *command)
{
    int size = acd_record_peek(in, len, &command->code);

    if (size < 0)
        return size;
    switch (command->code) {
#define ACD_COMMAND(name, code, doc, fields)                                                       \
    case (code):                                                                                   \
        return decode_command_##name(in, len, &command->as.name);
#include "engine/commands.def"
#undef ACD_COMMAND
    default: return ACD_UNKNOWN;
    }
}

int acd_event_decode(const uint8_t *in, size_t len, struct acd_event *event)
{
    int size = acd_record_peek(in, len, &event->code);

    if (size < 0)
        return size;
    switch (event->code) {
#define ACD_EVENT(name, code, topic, doc, fields)                                                  \
    case (code):                                                                                   \
        return decode_event_##name(in, len, &event->as.name);
#include "engine/events.def"
#undef ACD_EVENT
    default: return ACD_UNKNOWN;
    }
}
