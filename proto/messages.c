/* The records of the wire: their encoders, decoders and descriptions. */

#include "proto/acd_messages.h"

#include "proto/wire_bytes.h"

#define ACD_CODEC_DEFS "proto/messages_defs.h"
#include "engine/acd_codec.h"

#define ACD_WIRE_VIEW(name, code, doc, fields)
const struct acd_record *const acd_records_query[] = {
#define ACD_QUERY(name, code, doc, fields) &acd_record_query_##name,
#include "proto/messages.def"
#undef ACD_QUERY
};
#undef ACD_WIRE_VIEW

#define ACD_QUERY(name, code, doc, fields)
const struct acd_record *const acd_records_wire[] = {
#define ACD_WIRE_VIEW(name, code, doc, fields) &acd_record_view_##name,
#include "proto/messages.def"
#undef ACD_WIRE_VIEW
};
#undef ACD_QUERY

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
const size_t acd_records_query_count = COUNT(acd_records_query);
const size_t acd_records_wire_count = COUNT(acd_records_wire);

/* ---- lookups ------------------------------------------------------------------------------ */

const char *acd_kind_text(uint8_t kind)
{
    switch (kind) {
    case ACD_KIND_COMMAND: return "command";
    case ACD_KIND_EVENT: return "event";
    case ACD_KIND_VIEW: return "view";
    case ACD_KIND_QUERY: return "query";
    default: return "?";
    }
}

/* One switch over all codes, so that two records of one code do not compile. */
const struct acd_record *acd_message_record(uint16_t code)
{
    switch (code) {
#define ACD_COMMAND(name, code, doc, fields)                                                       \
    case (code):                                                                                   \
        return &acd_record_command_##name;
#include "engine/commands.def"
#define ACD_EVENT(name, code, topic, doc, fields)                                                  \
    case (code):                                                                                   \
        return &acd_record_event_##name;
#include "engine/events.def"
#define ACD_VIEW(name, code, doc, fields)                                                          \
    case (code):                                                                                   \
        return &acd_record_view_##name;
#include "engine/views.def"
#define ACD_QUERY(name, code, doc, fields)                                                         \
    case (code):                                                                                   \
        return &acd_record_query_##name;
#define ACD_WIRE_VIEW(name, code, doc, fields) ACD_VIEW(name, code, doc, fields)
#include "proto/messages.def"
#undef ACD_COMMAND
#undef ACD_EVENT
#undef ACD_VIEW
#undef ACD_QUERY
#undef ACD_WIRE_VIEW
    default: return NULL;
    }
}

const struct acd_record *acd_message_at(size_t index)
{
    const struct {
        const struct acd_record *const *records;
        size_t count;
    } lists[] = {
        {acd_records_command, acd_records_command_count},
        {acd_records_event, acd_records_event_count},
        {acd_records_view, acd_records_view_count},
        {acd_records_wire, acd_records_wire_count},
        {acd_records_query, acd_records_query_count},
    };

    for (size_t i = 0; i < COUNT(lists); i++) {
        if (index < lists[i].count)
            return lists[i].records[index];
        index -= lists[i].count;
    }
    return NULL;
}

const struct acd_record *acd_message_named(uint8_t kind, struct acd_str name)
{
    const struct acd_record *record;

    for (size_t i = 0; (record = acd_message_at(i)) != NULL; i++)
        if (acd_kind_of(record->code) == kind && strlen(record->name) == name.len &&
            memcmp(record->name, name.data, name.len) == 0)
            return record;
    return NULL;
}

const char *acd_field_name(const struct acd_record *record, uint16_t place)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    return place >= 1 && place <= count ? fields[place - 1].name : "";
}

const struct acd_field *acd_field_named(const struct acd_record *record, const char *name)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

bool acd_field_is_id(const struct acd_field *field)
{
    return field->type >= ACD_FIELD_agent_id && field->type <= ACD_FIELD_client_id;
}

unsigned acd_field_bytes(const struct acd_field *field)
{
    switch (field->type) {
    case ACD_FIELD_u8:
    case ACD_FIELD_flag:
    case ACD_FIELD_enum: return 1;
    case ACD_FIELD_u16:
    case ACD_FIELD_i16:
    case ACD_FIELD_str: return 2;
    case ACD_FIELD_u32:
    case ACD_FIELD_i32: return 4;
    default: return 8;
    }
}

uint16_t acd_field_too_long(const struct acd_record *record, const uint8_t *in)
{
    size_t count, at = ACD_RECORD_HEADER, end = at + get_u16(in + ACD_RECORD_HEADER - 2);
    const struct acd_field *fields = record->fields(&count);

    for (size_t i = 0; i < count && at + acd_field_bytes(&fields[i]) <= end; i++) {
        if (fields[i].type == ACD_FIELD_str && get_u16(in + at) > fields[i].max)
            return (uint16_t)(i + 1);
        at += acd_field_bytes(&fields[i]);
    }
    return 0;
}

/* ---- decoding ----------------------------------------------------------------------------- */

int acd_query_decode(const uint8_t *in, size_t len, struct acd_query *query)
{
    int size = acd_record_peek(in, len, &query->code);

    if (size < 0)
        return size;
    switch (query->code) {
#define ACD_WIRE_VIEW(name, code, doc, fields)
#define ACD_QUERY(name, code, doc, fields)                                                         \
    case (code):                                                                                   \
        return decode_query_##name(in, len, &query->as.name);
#include "proto/messages.def"
#undef ACD_QUERY
#undef ACD_WIRE_VIEW
    default: return ACD_UNKNOWN;
    }
}

int acd_view_decode(const uint8_t *in, size_t len, struct acd_view *view)
{
    int size = acd_record_peek(in, len, &view->code);

    if (size < 0)
        return size;
    if (acd_kind_of(view->code) != ACD_KIND_VIEW)
        return ACD_UNKNOWN;
    const struct acd_record *record = acd_message_record(view->code);

    return record == NULL ? ACD_UNKNOWN : record->decode(in, len, &view->as);
}
