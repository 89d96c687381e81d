/* Records to JSON and back, by their descriptions. Writing is by hand, so that decimals are exact
 * and nothing is allocated; reading is jansson's. */

#include "proto/acd_json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "proto/json_text.h"

/* ---- writing ------------------------------------------------------------------------------ */

/* A text that grows up to its end; what does not fit is only counted. */
struct out {
    char *begin;
    size_t len, room;
};

static void out_bytes(struct out *o, const char *bytes, size_t len)
{
    if (o->len + len < o->room)
        memcpy(o->begin + o->len, bytes, len);
    o->len += len;
}

static void out_text(struct out *o, const char *text)
{
    out_bytes(o, text, strlen(text));
}

/* Bytes of the UTF-8 character at `s`, 0 when there is none. */
static size_t utf8_len(const unsigned char *s, size_t left)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    unsigned point;

    if (len == 1)
        return 1;
    if (s[0] < 0xc2 || s[0] > 0xf4 || left < len)
        return 0;
    point = s[0] & (0x7fU >> len);
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (s[i] & 0x3f);
    }
    return point < least[len] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? 0 : len;
}

static void out_escaped(struct out *o, unsigned char c)
{
    char hex[8];

    switch (c) {
    case '"': out_text(o, "\\\""); break;
    case '\\': out_text(o, "\\\\"); break;
    case '\n': out_text(o, "\\n"); break;
    case '\r': out_text(o, "\\r"); break;
    case '\t': out_text(o, "\\t"); break;
    default: snprintf(hex, sizeof hex, "\\u%04x", c); out_text(o, hex);
    }
}

static void out_string(struct out *o, struct acd_str text)
{
    const unsigned char *s = (const unsigned char *)text.data;

    out_text(o, "\"");
    for (size_t i = 0, len; i < text.len; i += len) {
        len = utf8_len(s + i, text.len - i);
        if (len == 0) {
            out_text(o, "\xef\xbf\xbd");
            len = 1;
        } else if (s[i] < 0x20 || s[i] == '"' || s[i] == '\\') {
            out_escaped(o, s[i]);
        } else {
            out_bytes(o, text.data + i, len);
        }
    }
    out_text(o, "\"");
}

static struct acd_str text_of(const struct acd_field *field, const void *value)
{
    struct acd_str text;

    memcpy(&text, (const char *)value + field->offset, sizeof text);
    return text;
}

static void out_field(struct out *o, const struct acd_field *field, const void *value)
{
    char text[VALUE_TEXT_MAX];
    bool bare;

    if (field->type == ACD_FIELD_str) {
        out_string(o, text_of(field, value));
        return;
    }
    value_text(field, value, text, &bare);
    if (!bare)
        out_text(o, "\"");
    out_text(o, text);
    if (!bare)
        out_text(o, "\"");
}

static int out_end(struct out *o)
{
    if (o->len >= o->room)
        return ACD_TOO_LONG;
    o->begin[o->len] = '\0';
    return (int)o->len;
}

static void out_key(struct out *o, const char *key)
{
    out_text(o, o->len == 1 ? "\"" : ",\"");
    out_text(o, key);
    out_text(o, "\":");
}

int acd_json_write(const struct acd_record *record, const void *value, const char *tag, char *out,
                   size_t len)
{
    struct out o = {out, 0, len};
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    out_text(&o, "{");
    if (tag != NULL) {
        out_key(&o, tag);
        out_string(&o, acd_str(record->name));
    }
    for (size_t i = 0; i < count; i++) {
        out_key(&o, fields[i].name);
        out_field(&o, &fields[i], value);
    }
    out_text(&o, "}");
    return out_end(&o);
}

int acd_json_field(const struct acd_field *field, const void *value, char *out, size_t len)
{
    struct out o = {out, 0, len};
    char text[VALUE_TEXT_MAX];
    bool bare;

    if (field->type == ACD_FIELD_str) {
        struct acd_str s = text_of(field, value);

        out_bytes(&o, s.data == NULL ? "" : s.data, s.len);
    } else {
        value_text(field, value, text, &bare);
        out_text(&o, text);
    }
    return out_end(&o);
}

int acd_json_text(struct acd_str text, char *out, size_t len)
{
    struct out o = {out, 0, len};

    out_string(&o, text);
    return out_end(&o);
}

/* ---- reading ------------------------------------------------------------------------------ */

static int fail(struct acd_json *j, int error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(j->error, sizeof j->error, format, args);
    va_end(args);
    return error;
}

/* Copies a text into the room, whose size is that of all fields of any record. */
static int keep_text(struct acd_json *j, size_t *used, const struct acd_field *field,
                     const char *data, size_t len, void *value)
{
    struct acd_str text = {j->room + *used, (uint16_t)len};

    if (len > field->max || len > sizeof j->room - *used)
        return fail(j, ACD_TOO_LONG, "%s: %zu bytes, but at most %u", field->name, len,
                    (unsigned)field->max);
    memcpy(j->room + *used, data, len);
    *used += len;
    value_parse(field, text, value);
    return ACD_OK;
}

int acd_json_parse_field(struct acd_json *j, const struct acd_field *field, struct acd_str text,
                         void *value)
{
    const char *wrong;

    if (field->type == ACD_FIELD_str && text.len > field->max)
        return fail(j, ACD_TOO_LONG, "%s: %u bytes, but at most %u", field->name,
                    (unsigned)text.len, (unsigned)field->max);
    wrong = value_parse(field, text, value);
    if (wrong != NULL)
        return fail(j, ACD_INVALID, "%s: \"%.*s\" %s", field->name, text.len > 40 ? 40 : text.len,
                    text.data, wrong);
    return ACD_OK;
}

static int read_string(struct acd_json *j, size_t *used, const struct acd_field *field,
                       const json_t *json, void *value)
{
    const char *data = json_string_value(json);
    size_t len = json_string_length(json);

    if (field->type == ACD_FIELD_str)
        return keep_text(j, used, field, data, len, value);
    if (len > VALUE_TEXT_MAX)
        return fail(j, ACD_TOO_LONG, "%s: %zu bytes are too many", field->name, len);
    return acd_json_parse_field(j, field, (struct acd_str){data, (uint16_t)len}, value);
}

/* A number of seconds to the nearest microsecond; beyond what a double holds exactly it is
 * refused. */
static int read_seconds(struct acd_json *j, const struct acd_field *field, double seconds,
                        void *value)
{
    const double limit = 9e9, us = seconds * 1e6;
    int64_t whole;

    if (!(seconds <= limit && seconds >= -limit))
        return fail(j, ACD_INVALID, "%s: %g is out of range", field->name, seconds);
    whole = (int64_t)us;
    if (us - (double)whole >= 0.5)
        whole++;
    else if (us - (double)whole <= -0.5)
        whole--;
    value_store(field, whole, value);
    return ACD_OK;
}

static int read_number(struct acd_json *j, const struct acd_field *field, const json_t *json,
                       void *value)
{
    const char *wrong;

    if (field->type == ACD_FIELD_span)
        return read_seconds(j, field, json_number_value(json), value);
    if (json_is_real(json))
        return fail(j, ACD_INVALID, "%s: %g is not an integer", field->name, json_real_value(json));
    wrong = acd_field_is_id(field) ? "is not an id like \"12.345\""
                                   : value_store(field, json_integer_value(json), value);
    if (wrong != NULL)
        return fail(j, ACD_INVALID, "%s: %" JSON_INTEGER_FORMAT " %s", field->name,
                    json_integer_value(json), wrong);
    return ACD_OK;
}

static int read_nested(struct acd_json *j, size_t *used, const struct acd_field *field,
                       const json_t *json, void *value)
{
    char text[ACD_RECORD_MAX];
    size_t len = json_dumpb(json, text, sizeof text, JSON_COMPACT);

    if (len > sizeof text)
        len = sizeof text; /* more than any field's max */
    return keep_text(j, used, field, text, len, value);
}

static int read_field(struct acd_json *j, size_t *used, const struct acd_field *field,
                      const json_t *json, void *value)
{
    const bool is_text = field->type == ACD_FIELD_str;

    if (json_is_null(json))
        return ACD_OK;
    if (json_is_string(json))
        return read_string(j, used, field, json, value);
    if (json_is_number(json) && !is_text)
        return read_number(j, field, json, value);
    if (json_is_boolean(json) && field->type == ACD_FIELD_flag) {
        value_store(field, json_is_true(json), value);
        return ACD_OK;
    }
    if ((json_is_object(json) || json_is_array(json)) && is_text)
        return read_nested(j, used, field, json, value);
    return fail(j, ACD_INVALID, "%s: is not a %s", field->name,
                is_text                         ? "text"
                : field->type == ACD_FIELD_flag ? "true or false"
                                                : "value that it may have");
}

static int read_object(struct acd_json *j, const struct acd_record *record, json_t *object,
                       void *value)
{
    const char *key;
    json_t *member;
    size_t used = 0;

    json_object_foreach(object, key, member)
    {
        const struct acd_field *field = acd_field_named(record, key);
        int error;

        if (field == NULL && j->tag != NULL && strcmp(key, j->tag) == 0)
            continue;
        if (field == NULL)
            return fail(j, ACD_UNKNOWN, "%.64s: %s has no such field", key, record->name);
        error = read_field(j, &used, field, member, value);
        if (error != ACD_OK)
            return error;
    }
    return ACD_OK;
}

int acd_json_read(struct acd_json *j, const struct acd_record *record, const char *text, size_t len,
                  void *value)
{
    json_error_t where;
    json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
    int error;

    memset(value, 0, record->struct_size);
    j->error[0] = '\0';
    if (object == NULL)
        return fail(j, ACD_INVALID, "line %d, column %d: %.120s", where.line, where.column,
                    where.text);
    error = json_is_object(object) ? read_object(j, record, object, value)
                                   : fail(j, ACD_INVALID, "not a JSON object");
    json_decref(object);
    return error;
}
