/* Values to text, and whole numbers back. Times and spans read back are in json_time.c. */

#include "proto/json_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "proto/acd_json.h"
#include "proto/json_time.h"

/* ---- numbers ------------------------------------------------------------------------------ */

struct range {
    int64_t min, max;
    uint8_t bytes;
};

/* What fits into a numeric field. A u64 beyond INT64_MAX is handled apart. */
static struct range range_of(const struct acd_field *field)
{
    switch (field->type) {
    case ACD_FIELD_u8:
    case ACD_FIELD_enum: return (struct range){0, UINT8_MAX, 1};
    case ACD_FIELD_flag: return (struct range){0, 1, 1};
    case ACD_FIELD_u16: return (struct range){0, UINT16_MAX, 2};
    case ACD_FIELD_i16: return (struct range){INT16_MIN, INT16_MAX, 2};
    case ACD_FIELD_u32: return (struct range){0, UINT32_MAX, 4};
    case ACD_FIELD_i32: return (struct range){INT32_MIN, INT32_MAX, 4};
    case ACD_FIELD_u64: return (struct range){0, INT64_MAX, 8};
    default: return (struct range){INT64_MIN, INT64_MAX, 8};
    }
}

static int64_t load(const struct acd_field *field, const void *value)
{
    const struct range range = range_of(field);
    const char *at = (const char *)value + field->offset;
    uint64_t bits = 0;

    memcpy(&bits, at, range.bytes); /* little-endian */
    if (field->type == ACD_FIELD_i16)
        return (int16_t)bits;
    if (field->type == ACD_FIELD_i32)
        return (int32_t)bits;
    return (int64_t)bits;
}

const char *value_store(const struct acd_field *field, int64_t number, void *value)
{
    const struct range range = range_of(field);

    if (number < range.min || number > range.max)
        return "is out of range";
    memcpy((char *)value + field->offset, &number, range.bytes);
    return NULL;
}

/* ---- to text ------------------------------------------------------------------------------ */

static int id_text(const struct acd_field *field, const void *value, char *out)
{
    acd_agent_id id; /* all ids are alike */

    memcpy(&id, (const char *)value + field->offset, sizeof id);
    if (id.slot == 0 && id.gen == 0) {
        out[0] = '\0';
        return 0;
    }
    return snprintf(out, VALUE_TEXT_MAX, "%" PRIu32 ".%" PRIu32, id.slot, id.gen);
}

static int enum_text(const struct acd_field *field, int64_t number, char *out, bool *bare)
{
    const char *text = acd_enum_text(field->enumeration, (uint8_t)number);

    *bare = strcmp(text, "?") == 0;
    if (*bare)
        return snprintf(out, VALUE_TEXT_MAX, "%" PRId64, number);
    return snprintf(out, VALUE_TEXT_MAX, "%s", text);
}

static int number_text(const struct acd_field *field, int64_t number, char *out, bool *bare)
{
    *bare = true;
    if (field->type == ACD_FIELD_flag)
        return snprintf(out, VALUE_TEXT_MAX, "%s", number != 0 ? "true" : "false");
    if (field->type == ACD_FIELD_u64) {
        *bare = number >= 0; /* JSON readers take no integer beyond 2^63 - 1 */
        return snprintf(out, VALUE_TEXT_MAX, "%" PRIu64, (uint64_t)number);
    }
    return snprintf(out, VALUE_TEXT_MAX, "%" PRId64, number);
}

int value_text(const struct acd_field *field, const void *value, char out[VALUE_TEXT_MAX],
               bool *bare)
{
    ACD_ASSERT(field->type != ACD_FIELD_str);
    *bare = false;
    switch (field->type) {
    case ACD_FIELD_agent_id:
    case ACD_FIELD_queue_id:
    case ACD_FIELD_call_id:
    case ACD_FIELD_assignment_id:
    case ACD_FIELD_client_id: return id_text(field, value, out);
    case ACD_FIELD_time: return acd_time_text(load(field, value), out);
    case ACD_FIELD_span: return span_text(load(field, value), out, bare);
    case ACD_FIELD_enum: return enum_text(field, load(field, value), out, bare);
    default: return number_text(field, load(field, value), out, bare);
    }
}

/* ---- from text ---------------------------------------------------------------------------- */

bool digits_parse(const char **at, const char *end, uint64_t *out)
{
    uint64_t sum = 0;
    const char *begin = *at;

    for (; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
        uint64_t digit = (uint64_t)(**at - '0');

        if (sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *out = sum;
    return *at > begin;
}

static const char *id_parse(const struct acd_field *field, struct acd_str text, void *value)
{
    const char *at = text.data, *end = text.data + text.len;
    uint64_t slot = 0, gen = 0;
    acd_agent_id id;

    if (text.len > 0) {
        if (!digits_parse(&at, end, &slot) || at == end || *at++ != '.' ||
            !digits_parse(&at, end, &gen) || at != end || slot > UINT32_MAX || gen > UINT32_MAX)
            return "is not an id like 12.345";
    }
    id = (acd_agent_id){(uint32_t)slot, (uint32_t)gen};
    memcpy((char *)value + field->offset, &id, sizeof id);
    return NULL;
}

static bool text_is(struct acd_str text, const char *word)
{
    return strlen(word) == text.len && memcmp(text.data, word, text.len) == 0;
}

bool integer_parse(struct acd_str text, bool *negative, uint64_t *magnitude)
{
    const char *at = text.data, *end = text.data + text.len;

    *negative = at < end && *at == '-';
    if (*negative)
        at++;
    return digits_parse(&at, end, magnitude) && at == end;
}

static const char *number_parse(const struct acd_field *field, struct acd_str text, void *value)
{
    bool negative;
    uint64_t magnitude;

    if (!integer_parse(text, &negative, &magnitude))
        return "is not an integer";
    if (field->type == ACD_FIELD_u64 && !negative) {
        memcpy((char *)value + field->offset, &magnitude, sizeof magnitude);
        return NULL;
    }
    if (magnitude > INT64_MAX)
        return "is out of range";
    return value_store(field, negative ? -(int64_t)magnitude : (int64_t)magnitude, value);
}

static const char *flag_parse(const struct acd_field *field, struct acd_str text, void *value)
{
    if (text_is(text, "true") || text_is(text, "yes"))
        return value_store(field, 1, value);
    if (text_is(text, "false") || text_is(text, "no"))
        return value_store(field, 0, value);
    return number_parse(field, text, value);
}

static const char *enum_parse(const struct acd_field *field, struct acd_str text, void *value)
{
    uint8_t known = acd_enum_value(field->enumeration, text);

    if (known == 0 && text.len > 0 && number_parse(field, text, value) != NULL)
        return "is none of the words it may be";
    return known != 0 || text.len == 0 ? value_store(field, known, value) : NULL;
}

static const char *moment_parse(const struct acd_field *field, struct acd_str text, void *value)
{
    int64_t us;
    const char *wrong =
        field->type == ACD_FIELD_time ? time_parse(text, &us) : span_parse(text, &us);

    return wrong != NULL ? wrong : value_store(field, us, value);
}

const char *value_parse(const struct acd_field *field, struct acd_str text, void *value)
{
    if (text.data == NULL)
        text.data = "";
    switch (field->type) {
    case ACD_FIELD_str: memcpy((char *)value + field->offset, &text, sizeof text); return NULL;
    case ACD_FIELD_agent_id:
    case ACD_FIELD_queue_id:
    case ACD_FIELD_call_id:
    case ACD_FIELD_assignment_id:
    case ACD_FIELD_client_id: return id_parse(field, text, value);
    case ACD_FIELD_time:
    case ACD_FIELD_span: return moment_parse(field, text, value);
    case ACD_FIELD_flag: return flag_parse(field, text, value);
    case ACD_FIELD_enum: return enum_parse(field, text, value);
    default: return number_parse(field, text, value);
    }
}
