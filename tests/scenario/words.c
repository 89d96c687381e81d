#include "tests/scenario/words.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- moments and spans -------------------------------------------------------------------- */

acd_span words_span(const char *word)
{
    bool negative = word[0] == '-';
    char *end;
    int64_t seconds, micros = 0, scale = ACD_SECOND;

    if (strcmp(word, "forever") == 0)
        return ACD_FOREVER;
    if (strcmp(word, "none") == 0)
        return -1;
    seconds = strtoll(word + negative, &end, 10);
    if (*end == '.')
        for (end++; *end >= '0' && *end <= '9' && scale > 1; end++) {
            scale /= 10;
            micros += (*end - '0') * scale;
        }
    cr_assert(end != word && *end == '\0', "no time: '%s'", word);
    return (negative ? -1 : 1) * (seconds * ACD_SECOND + micros);
}

acd_time words_time(const char *word)
{
    acd_span since;

    if (strcmp(word, "never") == 0)
        return 0;
    since = words_span(word);
    return since == ACD_FOREVER ? ACD_FOREVER : STORY_BEGINS + since;
}

void words_print_span(FILE *out, acd_span span)
{
    uint64_t micros = span < 0 ? 0 - (uint64_t)span : (uint64_t)span;

    if (span == ACD_FOREVER) {
        fprintf(out, "forever");
        return;
    }
    fprintf(out, "%s%" PRIu64, span < 0 ? "-" : "", micros / 1000000);
    if (micros % 1000 == 0)
        fprintf(out, ".%03" PRIu64, micros % 1000000 / 1000);
    else
        fprintf(out, ".%06" PRIu64, micros % 1000000);
}

void words_print_time(FILE *out, acd_time time)
{
    if (time == 0)
        fprintf(out, "never");
    else
        words_print_span(out, time == ACD_FOREVER ? ACD_FOREVER : time - STORY_BEGINS);
}

/* ---- numbers of any width ----------------------------------------------------------------- */

static size_t width_of(enum acd_field_type type)
{
    switch (type) {
    case ACD_FIELD_u8:
    case ACD_FIELD_flag:
    case ACD_FIELD_enum: return 1;
    case ACD_FIELD_u16:
    case ACD_FIELD_i16: return 2;
    case ACD_FIELD_u32:
    case ACD_FIELD_i32: return 4;
    default: return 8;
    }
}

/* The bytes of the field as they stand; the machine is little-endian. */
static int64_t number_of(const struct acd_field *f, const void *record)
{
    uint64_t bits = 0;
    size_t width = width_of(f->type);

    memcpy(&bits, (const char *)record + f->offset, width);
    if (f->type == ACD_FIELD_i16)
        return (int16_t)bits;
    if (f->type == ACD_FIELD_i32)
        return (int32_t)bits;
    return (int64_t)bits;
}

static struct acd_str text_of(const struct acd_field *f, const void *record)
{
    struct acd_str text;

    memcpy(&text, (const char *)record + f->offset, sizeof text);
    return text;
}

/* ---- fields ------------------------------------------------------------------------------- */

const struct acd_field *words_field(const struct acd_record *record, const char *name)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

bool words_field_is_zero(const struct acd_field *f, const void *record)
{
    return f->type == ACD_FIELD_str ? text_of(f, record).len == 0 : number_of(f, record) == 0;
}

void words_print_field(FILE *out, const struct cast *cast, const struct acd_field *f,
                       const void *record)
{
    int64_t number = number_of(f, record);

    switch (f->type) {
    case ACD_FIELD_time: words_print_time(out, number); break;
    case ACD_FIELD_span: words_print_span(out, number); break;
    case ACD_FIELD_enum: fprintf(out, "%s", acd_enum_text(f->enumeration, (uint8_t)number)); break;
    case ACD_FIELD_str:
        fprintf(out, "%.*s", (int)text_of(f, record).len, text_of(f, record).data);
        break;
    case ACD_FIELD_agent_id:
    case ACD_FIELD_queue_id:
    case ACD_FIELD_call_id:
    case ACD_FIELD_assignment_id:
    case ACD_FIELD_client_id:
        fprintf(out, "%s",
                cast_name(cast, f->type, (uint32_t)number, (uint32_t)((uint64_t)number >> 32)));
        break;
    default: fprintf(out, "%" PRId64, number); break;
    }
}

static int64_t read_id(const struct cast *cast, enum acd_field_type kind, const char *word)
{
    uint32_t slot = 777, gen = 777;

    if (strcmp(word, "0") == 0)
        return 0;
    if (strcmp(word, "stranger") != 0)
        cr_assert(cast_find(cast, kind, word, &slot, &gen), "nobody is called '%s'", word);
    return (int64_t)((uint64_t)gen << 32 | slot);
}

static int64_t read_number(const struct cast *cast, const struct acd_field *f, const char *word)
{
    struct acd_str text = acd_str(word);
    char *end;
    int64_t number;

    switch (f->type) {
    case ACD_FIELD_time: return words_time(word);
    case ACD_FIELD_span: return words_span(word);
    case ACD_FIELD_agent_id:
    case ACD_FIELD_queue_id:
    case ACD_FIELD_call_id:
    case ACD_FIELD_assignment_id:
    case ACD_FIELD_client_id: return read_id(cast, f->type, word);
    default: break;
    }
    if (f->type == ACD_FIELD_enum && acd_enum_value(f->enumeration, text) != 0)
        return acd_enum_value(f->enumeration, text);
    number = strtoll(word, &end, 10);
    cr_assert(end != word && *end == '\0', "no %s: '%s'", f->name, word);
    return number;
}

/* "x*97" is 97 times x. */
static struct acd_str read_text(const char *word, char *room)
{
    long times = word[0] != '\0' && word[1] == '*' ? strtol(word + 2, NULL, 10) : 0;

    if (times <= 0)
        return acd_str(word);
    cr_assert(times <= WORDS_ROOM);
    memset(room, word[0], (size_t)times);
    return (struct acd_str){room, (uint16_t)times};
}

void words_read_field(const struct cast *cast, const struct acd_field *f, const char *word,
                      void *record, char *room)
{
    char *at = (char *)record + f->offset;

    if (f->type == ACD_FIELD_str) {
        struct acd_str text = read_text(word, room);

        memcpy(at, &text, sizeof text);
    } else {
        int64_t number = read_number(cast, f, word);

        memcpy(at, &number, width_of(f->type));
    }
}
