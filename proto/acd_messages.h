#ifndef ACD_MESSAGES_H
#define ACD_MESSAGES_H

#include "engine/acd.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The records of messages.def as C, and lookups over all records, the engine's and these: what
 * acd_schema.h is for the engine alone. Each is a struct here: acd_query_list_agents,
 * acd_view_page; its description and codec is acd_record_query_list_agents, acd_record_view_page.
 */

#define F(type, name, doc)        ACD_CTYPE_##type name;
#define E(enumeration, name, doc) uint8_t name; /* enum acd_<enumeration> */
#define S(max, name, doc)         struct acd_str name;
#define ACD_QUERY(name, code, doc, fields)                                                         \
    struct acd_query_##name {                                                                      \
        fields                                                                                     \
    };
#define ACD_WIRE_VIEW(name, code, doc, fields)                                                     \
    struct acd_view_##name {                                                                       \
        fields                                                                                     \
    };
#include "proto/messages.def"
#undef ACD_QUERY
#undef ACD_WIRE_VIEW
#undef F
#undef E
#undef S

/* Codes: ACD_QUERY_list_agents, ACD_VIEW_page; stable for ever. */
enum acd_message_code {
#define ACD_QUERY(name, code, doc, fields)     ACD_QUERY_##name = (code),
#define ACD_WIRE_VIEW(name, code, doc, fields) ACD_VIEW_##name = (code),
#include "proto/messages.def"
#undef ACD_QUERY
#undef ACD_WIRE_VIEW
};

struct acd_query {
    uint16_t code;
    union {
#define ACD_QUERY(name, code, doc, fields) struct acd_query_##name name;
#define ACD_WIRE_VIEW(name, code, doc, fields)
#include "proto/messages.def"
#undef ACD_QUERY
#undef ACD_WIRE_VIEW
    } as;
};

/* Any view, of the engine or of the wire. */
struct acd_view {
    uint16_t code;
    union {
#define ACD_VIEW(name, code, doc, fields) struct acd_view_##name name;
#include "engine/views.def"
#undef ACD_VIEW
#define ACD_QUERY(name, code, doc, fields)
#define ACD_WIRE_VIEW(name, code, doc, fields) struct acd_view_##name name;
#include "proto/messages.def"
#undef ACD_QUERY
#undef ACD_WIRE_VIEW
    } as;
};

#define ACD_QUERY(name, code, doc, fields) extern const struct acd_record acd_record_query_##name;
#define ACD_WIRE_VIEW(name, code, doc, fields)                                                     \
    extern const struct acd_record acd_record_view_##name;
#include "proto/messages.def"
#undef ACD_QUERY
#undef ACD_WIRE_VIEW

/* All queries, and the views of the wire, in the order of messages.def. */
extern const struct acd_record *const acd_records_query[];
extern const struct acd_record *const acd_records_wire[];
extern const size_t acd_records_query_count, acd_records_wire_count;

/* What a record is: the second byte of its code. */
enum acd_record_kind {
    ACD_KIND_COMMAND = 0x01,
    ACD_KIND_EVENT = 0x02,
    ACD_KIND_VIEW = 0x03,
    ACD_KIND_QUERY = 0x04,
};

static inline uint8_t acd_kind_of(uint16_t code)
{
    return (uint8_t)(code >> 8);
}

/* "command", "event", "view", "query", or "?". */
const char *acd_kind_text(uint8_t kind);

/* The record of any code, the engine's or the wire's, or NULL. O(1). */
const struct acd_record *acd_message_record(uint16_t code);

/* The record of a kind by its name, or NULL. O(records); for tools. */
const struct acd_record *acd_message_named(uint8_t kind, struct acd_str name);

/* All records in the order of their codes' kinds (commands, events, views, wire views, queries):
 * the one at `index` from 0, NULL behind the last. For tools and tests. */
const struct acd_record *acd_message_at(size_t index);

/* The name of a record's field at a place from 1, as acd_view_outcome.field has it, or "". */
const char *acd_field_name(const struct acd_record *record, uint16_t place);

/* The field of that name, or NULL. */
const struct acd_field *acd_field_named(const struct acd_record *record, const char *name);

bool acd_field_is_id(const struct acd_field *field);

/* Bytes of a field in the fixed part of its record. */
unsigned acd_field_bytes(const struct acd_field *field);

/* The place, from 1, of the first text that is longer than its field may be in a record's bytes
 * whose decoding says ACD_TOO_LONG; 0: there is none. */
uint16_t acd_field_too_long(const struct acd_record *record, const uint8_t *in);

/* Decodes any query or view; texts point into `in`. Returns the bytes read or a negative error:
 * those of acd_record.decode, ACD_UNKNOWN (no such code). */
int acd_query_decode(const uint8_t *in, size_t len, struct acd_query *query);
int acd_view_decode(const uint8_t *in, size_t len, struct acd_view *view);

#ifdef __cplusplus
}
#endif

#endif
