/* Makes an encoder, a decoder and a description of every record in the file that ACD_CODEC_DEFS
 * names, as straight-line code, about a nanosecond a field. That file says RECORD(kind, name, code,
 * topic, doc, fields ...) for each; it is included once for each pass below, with another meaning
 * of F, E and S. Included by engine/schema.c for the engine's records and by proto/ for the wire's.
 */

#include <string.h>

#include "engine/acd.h"
#include "engine/acd_copy.h"

#ifndef ACD_CODEC_DEFS
#error "define ACD_CODEC_DEFS as the file that lists the records"
#endif
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the bytes of the journal and the wire are little-endian; this machine is not"
#endif

/* Adds one text's bytes to the tail. */
static inline uint8_t *codec_put_text(uint8_t *at, struct acd_str text)
{
    acd_copy(at, text.data, text.len);
    return at + text.len;
}

/* Takes one text off the tail, its length being known. Returns 0, TOO_LONG or INVALID. */
static inline int codec_get_text(struct acd_str *text, uint16_t max, const uint8_t **tail,
                                 const uint8_t *end)
{
    if (text->len > max)
        return ACD_TOO_LONG;
    if (text->len > (size_t)(end - *tail))
        return ACD_INVALID;
    text->data = (const char *)*tail;
    *tail += text->len;
    return ACD_OK;
}

/* Pass 1: bytes of the fixed part. */
#define F(type, name, doc)                        +sizeof(ACD_CTYPE_##type)
#define E(enumeration, name, doc)                 +1
#define S(max, name, doc)                         +2
#define RECORD(kind, name, code, topic, doc, ...) enum { fixed_##kind##_##name = 0 __VA_ARGS__ };
#include ACD_CODEC_DEFS
#undef RECORD
#undef F
#undef E
#undef S

/* Pass 2: the fixed part written. */
#define F(type, name, doc)                                                                         \
    memcpy(at, &v->name, sizeof v->name);                                                          \
    at += sizeof v->name;
#define E(enumeration, name, doc) *at++ = v->name;
#define S(max, name, doc)                                                                          \
    memcpy(at, &v->name.len, 2);                                                                   \
    at += 2;
#define RECORD(kind, name, code, topic, doc, ...)                                                  \
    static inline uint8_t *put_##kind##_##name(const struct acd_##kind##_##name *v, uint8_t *at)   \
    {                                                                                              \
        (void)v;                                                                                   \
        __VA_ARGS__ return at;                                                                     \
    }
#include ACD_CODEC_DEFS
#undef RECORD
#undef F
#undef E
#undef S

/* Pass 3: the tail written, and the header before all. */
#define F(type, name, doc)
#define E(enumeration, name, doc)
#define S(max, name, doc) at = codec_put_text(at, v->name);
#define RECORD(kind, name, code_, topic, doc, ...)                                                 \
    static size_t encode_##kind##_##name(const void *value, uint8_t *out)                          \
    {                                                                                              \
        const struct acd_##kind##_##name *v = value;                                               \
        uint8_t *at = put_##kind##_##name(v, out + ACD_RECORD_HEADER);                             \
        struct acd_record_head head = {0, (code_), fixed_##kind##_##name};                         \
                                                                                                   \
        __VA_ARGS__ head.size = (uint32_t)(at - out);                                              \
        memcpy(out, &head, sizeof head);                                                           \
        return head.size;                                                                          \
    }
#include ACD_CODEC_DEFS
#undef RECORD
#undef F
#undef E
#undef S

/* Pass 4: the fixed part read. */
#define F(type, name, doc)                                                                         \
    memcpy(&v->name, at, sizeof v->name);                                                          \
    at += sizeof v->name;
#define E(enumeration, name, doc) v->name = *at++;
#define S(max, name, doc)                                                                          \
    memcpy(&v->name.len, at, 2);                                                                   \
    at += 2;
#define RECORD(kind, name, code, topic, doc, ...)                                                  \
    static inline void get_##kind##_##name(struct acd_##kind##_##name *v, const uint8_t *at)       \
    {                                                                                              \
        (void)v;                                                                                   \
        __VA_ARGS__(void) at;                                                                      \
    }
#include ACD_CODEC_DEFS
#undef RECORD
#undef F
#undef E
#undef S

/* Pass 5: the header checked, and the tail read. */
#define F(type, name, doc)
#define E(enumeration, name, doc)
#define S(max, name, doc)                                                                          \
    if (error == ACD_OK)                                                                           \
        error = codec_get_text(&v->name, (max), &tail, end);
#define RECORD(kind, name, code, topic, doc, ...)                                                  \
    static int decode_##kind##_##name(const uint8_t *in, size_t len, void *value)                  \
    {                                                                                              \
        struct acd_##kind##_##name *v = value;                                                     \
        uint8_t room[ACD_RECORD_FIXED_MAX];                                                        \
        struct acd_record_head head;                                                               \
        const uint8_t *fixed, *tail, *end;                                                         \
        int error = acd_record_open(in, len, &acd_record_##kind##_##name, room, &head, &fixed);    \
                                                                                                   \
        if (error != ACD_OK)                                                                       \
            return error;                                                                          \
        get_##kind##_##name(v, fixed);                                                             \
        tail = in + ACD_RECORD_HEADER + head.fixed;                                                \
        end = in + head.size;                                                                      \
        __VA_ARGS__(void) tail;                                                                    \
        (void)end;                                                                                 \
        return error == ACD_OK ? (int)head.size : error;                                           \
    }
#include ACD_CODEC_DEFS
#undef RECORD
#undef F
#undef E
#undef S

/* Pass 6: the texts measured. */
#define F(type, name, doc)        place++;
#define E(enumeration, name, doc) place++;
#define S(max, name, doc)                                                                          \
    place++;                                                                                       \
    if (v->name.len > (max))                                                                       \
        return place;
#define RECORD(kind, name, code, topic, doc, ...)                                                  \
    static uint16_t too_long_##kind##_##name(const void *value)                                    \
    {                                                                                              \
        const struct acd_##kind##_##name *v = value;                                               \
        uint16_t place = 0;                                                                        \
                                                                                                   \
        (void)v;                                                                                   \
        __VA_ARGS__(void) place;                                                                   \
        return 0;                                                                                  \
    }
#include ACD_CODEC_DEFS
#undef RECORD
#undef F
#undef E
#undef S

/* Pass 7: the fields described. A function each, so that offsetof knows its struct; the empty field
 * at the end lets a record have none. */
#define F(type, name, doc)                                                                         \
    {#name, doc, ACD_FIELD_##type, (uint16_t)offsetof(this_record, name), 0, NULL},
#define E(enumeration, name, doc)                                                                  \
    {#name, doc, ACD_FIELD_enum, (uint16_t)offsetof(this_record, name), 0, &acd_enum_##enumeration},
#define S(max, name, doc)                                                                          \
    {#name, doc, ACD_FIELD_str, (uint16_t)offsetof(this_record, name), (max), NULL},
#define RECORD(kind, name, code, topic, doc, ...)                                                  \
    static const struct acd_field *describe_##kind##_##name(size_t *count)                         \
    {                                                                                              \
        typedef struct acd_##kind##_##name this_record;                                            \
        static const struct acd_field fields[] = {__VA_ARGS__{NULL, NULL, 0, 0, 0, NULL}};         \
                                                                                                   \
        *count = sizeof fields / sizeof fields[0] - 1;                                             \
        return fields;                                                                             \
    }
#include ACD_CODEC_DEFS
#undef RECORD
#undef F
#undef E
#undef S

/* Pass 8: the record. */
#define RECORD(kind, name, code, topic, doc, ...)                                                  \
    const struct acd_record acd_record_##kind##_##name = {                                         \
        #name,                                                                                     \
        doc,                                                                                       \
        (code),                                                                                    \
        (topic),                                                                                   \
        fixed_##kind##_##name,                                                                     \
        sizeof(struct acd_##kind##_##name),                                                        \
        describe_##kind##_##name,                                                                  \
        encode_##kind##_##name,                                                                    \
        decode_##kind##_##name,                                                                    \
        too_long_##kind##_##name,                                                                  \
    };                                                                                             \
    _Static_assert((int)fixed_##kind##_##name <= (int)ACD_RECORD_FIXED_MAX,                        \
                   "a fixed part is copied to room");
#include ACD_CODEC_DEFS
#undef RECORD
