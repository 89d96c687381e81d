#ifndef ACD_SCHEMA_H
#define ACD_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Types, records and their bytes, made from enums.def, commands.def, events.def, views.def and
 * rows.def, the only places where any of them is written down. Part of acd.h; read those files as
 * reference.
 *
 * Each record of the .def files is a struct here: acd_command_route, acd_event_call_queued,
 * acd_view_agent. Zero is "not given" everywhere. */

/* Microseconds since the Unix epoch (acd_time), or between two moments (acd_span). */
typedef int64_t acd_time;
typedef int64_t acd_span;

#define ACD_MS      ((acd_span)1000)
#define ACD_SECOND  ((acd_span)1000000)
#define ACD_FOREVER INT64_MAX

/* Ids by value: a slot and the generation of what lives there; gen 0 is no id. A stale id finds
 * nothing. A call's assignment keeps its id from offer through talk to wrap-up. */
typedef struct {
    uint32_t slot, gen;
} acd_agent_id;
typedef struct {
    uint32_t slot, gen;
} acd_queue_id;
typedef struct {
    uint32_t slot, gen;
} acd_call_id;
typedef struct {
    uint32_t slot, gen;
} acd_assignment_id;
typedef struct {
    uint32_t slot, gen;
} acd_client_id;

/* Text: not terminated, not owned. In a command it is the caller's until the call returns; in a
 * view it is the engine's until the next command; in a decoded record it stands in its bytes. */
struct acd_str {
    const char *data;
    uint16_t len;
};

struct acd_str acd_str(const char *text); /* of a terminated string of at most 65,535 bytes */

/* ---- enumerations ------------------------------------------------------------------------- */

#define V(constant, value, text, doc) constant = (value),
#define ACD_ENUM(name, doc, values)   enum acd_##name{values};
#include "engine/enums.def"
#undef ACD_ENUM
#undef V

/* Describes one enumeration, for printing and parsing its values. */
struct acd_enum_value {
    uint8_t value;
    const char *text, *doc;
};
struct acd_enum {
    const char *name, *doc;
    const struct acd_enum_value *values;
    size_t count;
};

#define ACD_ENUM(name, doc, values) extern const struct acd_enum acd_enum_##name;
#include "engine/enums.def"
#undef ACD_ENUM

/* What others call a value: aliases.def. */
struct acd_alias {
    const struct acd_enum *enumeration;
    uint8_t value;
    const char *text;
};
extern const struct acd_alias acd_aliases[];
extern const size_t acd_aliases_count;

/* The text of a value, or "" of 0, or "?" of an unknown one. */
const char *acd_enum_text(const struct acd_enum *e, uint8_t value);

/* The value of a text, its own or what others call it; or 0 when there is none such. */
uint8_t acd_enum_value(const struct acd_enum *e, struct acd_str text);

/* ---- records ------------------------------------------------------------------------------ */

#define ACD_CTYPE_u8            uint8_t
#define ACD_CTYPE_u16           uint16_t
#define ACD_CTYPE_u32           uint32_t
#define ACD_CTYPE_u64           uint64_t
#define ACD_CTYPE_i16           int16_t
#define ACD_CTYPE_i32           int32_t
#define ACD_CTYPE_flag          uint8_t /* 0 or 1 */
#define ACD_CTYPE_time          acd_time
#define ACD_CTYPE_span          acd_span
#define ACD_CTYPE_agent_id      acd_agent_id
#define ACD_CTYPE_queue_id      acd_queue_id
#define ACD_CTYPE_call_id       acd_call_id
#define ACD_CTYPE_assignment_id acd_assignment_id
#define ACD_CTYPE_client_id     acd_client_id

#define F(type, name, doc)        ACD_CTYPE_##type name;
#define E(enumeration, name, doc) uint8_t name; /* enum acd_<enumeration> */
#define S(max, name, doc)         struct acd_str name;
#define ACD_EVENT(name, code, topic, doc, fields)                                                  \
    struct acd_event_##name {                                                                      \
        fields                                                                                     \
    };
#include "engine/events.def"
#undef ACD_EVENT
#define ACD_COMMAND(name, code, doc, fields)                                                       \
    struct acd_command_##name {                                                                    \
        fields                                                                                     \
    };
#include "engine/commands.def"
#undef ACD_COMMAND
#define ACD_VIEW(name, code, doc, fields)                                                          \
    struct acd_view_##name {                                                                       \
        fields                                                                                     \
    };
#include "engine/views.def"
#undef ACD_VIEW
#define ACD_ROW(name, code, doc, fields)                                                           \
    struct acd_row_##name {                                                                        \
        fields                                                                                     \
    };
#include "engine/rows.def"
#undef ACD_ROW
#undef F
#undef E
#undef S

/* Codes: ACD_COMMAND_route, ACD_EVENT_call_queued, ACD_VIEW_agent; stable for ever. */
enum acd_record_code {
#define ACD_COMMAND(name, code, doc, fields) ACD_COMMAND_##name = (code),
#include "engine/commands.def"
#undef ACD_COMMAND
#define ACD_EVENT(name, code, topic, doc, fields) ACD_EVENT_##name = (code),
#include "engine/events.def"
#undef ACD_EVENT
#define ACD_VIEW(name, code, doc, fields) ACD_VIEW_##name = (code),
#include "engine/views.def"
#undef ACD_VIEW
#define ACD_ROW(name, code, doc, fields) ACD_ROW_##name = (code),
#include "engine/rows.def"
#undef ACD_ROW
};

struct acd_command {
    uint16_t code;
    union {
#define ACD_COMMAND(name, code, doc, fields) struct acd_command_##name name;
#include "engine/commands.def"
#undef ACD_COMMAND
    } as;
};

struct acd_event {
    uint16_t code;
    union {
#define ACD_EVENT(name, code, topic, doc, fields) struct acd_event_##name name;
#include "engine/events.def"
#undef ACD_EVENT
    } as;
};

/* ---- bytes -------------------------------------------------------------------------------- */

/* A record's bytes, little-endian:
 *
 *   0  u32 size     of the whole record
 *   4  u16 code
 *   6  u16 fixed    bytes of the fixed part
 *   8  the fixed part: each field in order, unaligned; an id is slot u32, gen u32; a text is its
 *      length u16
 *   .. the tail: the bytes of each text in order
 *
 * A reader takes the fields it knows: those missing from a shorter fixed part are zero, a longer
 * one's surplus is skipped, surplus bytes of the tail too. */

enum { ACD_RECORD_HEADER = 8, ACD_RECORD_FIXED_MAX = 512, ACD_RECORD_MAX = 4096 };

enum acd_field_type {
    ACD_FIELD_u8,
    ACD_FIELD_u16,
    ACD_FIELD_u32,
    ACD_FIELD_u64,
    ACD_FIELD_i16,
    ACD_FIELD_i32,
    ACD_FIELD_flag,
    ACD_FIELD_time,
    ACD_FIELD_span,
    ACD_FIELD_agent_id,
    ACD_FIELD_queue_id,
    ACD_FIELD_call_id,
    ACD_FIELD_assignment_id,
    ACD_FIELD_client_id,
    ACD_FIELD_enum,
    ACD_FIELD_str,
};

/* Describes one field: where it stands in the struct and what it may hold. */
struct acd_field {
    const char *name, *doc;
    enum acd_field_type type;
    uint16_t offset;                    /* in the struct */
    uint16_t max;                       /* bytes of a text */
    const struct acd_enum *enumeration; /* of an ACD_FIELD_enum */
};

/* Describes one record and moves it to and from bytes. */
struct acd_record {
    const char *name, *doc;
    uint16_t code;
    uint8_t topic;      /* of an event */
    uint16_t fixed;     /* bytes of its fixed part in this version */
    size_t struct_size; /* of its C struct */

    /* Its fields in order, and how many. */
    const struct acd_field *(*fields)(size_t *count);

    /* Writes `value` (the struct) to `out`, which has room for ACD_RECORD_MAX bytes. Returns the
     * bytes written. No text may be longer than its field's max: see too_long. */
    size_t (*encode)(const void *value, uint8_t *out);

    /* Reads the record at `in` (its header included) into `value`; texts point into `in`. Returns
     * the bytes read, or a negative error: ACD_TRUNCATED, ACD_INVALID (wrong code, a size that does
     * not fit), ACD_TOO_LONG (a text beyond its max). `value` is then undefined. */
    int (*decode)(const uint8_t *in, size_t len, void *value);

    /* The first text of `value` that is longer than its field's max: its place from 1, or 0 when
     * all fit. */
    uint16_t (*too_long)(const void *value);
};

#define ACD_COMMAND(name, code, doc, fields)                                                       \
    extern const struct acd_record acd_record_command_##name;
#include "engine/commands.def"
#undef ACD_COMMAND
#define ACD_EVENT(name, code, topic, doc, fields)                                                  \
    extern const struct acd_record acd_record_event_##name;
#include "engine/events.def"
#undef ACD_EVENT
#define ACD_VIEW(name, code, doc, fields) extern const struct acd_record acd_record_view_##name;
#include "engine/views.def"
#undef ACD_VIEW
#define ACD_ROW(name, code, doc, fields) extern const struct acd_record acd_record_row_##name;
#include "engine/rows.def"
#undef ACD_ROW

/* All commands, events and views, in the order of their .def file. */
extern const struct acd_record *const acd_records_command[];
extern const struct acd_record *const acd_records_event[];
extern const struct acd_record *const acd_records_view[];
extern const size_t acd_records_command_count, acd_records_event_count, acd_records_view_count;

/* The record of a code, or NULL. O(1). */
const struct acd_record *acd_record_of(uint16_t code);

/* Reads a record's header: its code to *code, its whole size as the result, or a negative error:
 * ACD_TRUNCATED when fewer than `size` bytes are there, ACD_INVALID when size or fixed make no
 * sense. */
int acd_record_peek(const uint8_t *in, size_t len, uint16_t *code);

struct acd_record_head {
    uint32_t size;
    uint16_t code, fixed;
};

/* For decoders: checks the header at `in` and finds the fixed part, in place, or, when an older
 * peer's is shorter than ours, copied to `room` (ACD_RECORD_FIXED_MAX bytes) and filled up with
 * zeros. Errors: those of acd_record.decode. */
int acd_record_open(const uint8_t *in, size_t len, const struct acd_record *record, uint8_t *room,
                    struct acd_record_head *head, const uint8_t **fixed);

/* Decodes any command or event. Errors: those of acd_record.decode, ACD_UNKNOWN (no such code). */
int acd_command_decode(const uint8_t *in, size_t len, struct acd_command *command);
int acd_event_decode(const uint8_t *in, size_t len, struct acd_event *event);

#ifdef __cplusplus
}
#endif

#endif
