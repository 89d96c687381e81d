/* Records for people to read. */

#include <inttypes.h>
#include <string.h>

#include "tests/model/dump.h"

/* A number of a field by its size and kind. */
static int64_t number_at(const struct acd_field *f, const char *at)
{
    uint16_t two;
    uint32_t four;
    int64_t eight;

    switch (f->type) {
    case ACD_FIELD_u8:
    case ACD_FIELD_flag:
    case ACD_FIELD_enum: return (uint8_t)*at;
    case ACD_FIELD_u16: memcpy(&two, at, sizeof two); return two;
    case ACD_FIELD_i16: memcpy(&two, at, sizeof two); return (int16_t)two;
    case ACD_FIELD_u32: memcpy(&four, at, sizeof four); return four;
    case ACD_FIELD_i32: memcpy(&four, at, sizeof four); return (int32_t)four;
    default: memcpy(&eight, at, sizeof eight); return eight;
    }
}

static void print_text(FILE *out, const char *name, const char *at)
{
    struct acd_str text;

    memcpy(&text, at, sizeof text);
    if (text.len > 40)
        fprintf(out, " %s=\"%.20s...\" (%u bytes)", name, text.data, text.len);
    else if (text.len > 0)
        fprintf(out, " %s=\"%.*s\"", name, (int)text.len, text.data);
}

static void print_field(FILE *out, const struct acd_field *f, const char *at)
{
    static const char zero[8] = {0};
    uint32_t id[2];
    int64_t number;

    switch (f->type) {
    case ACD_FIELD_str: print_text(out, f->name, at); return;
    case ACD_FIELD_agent_id:
    case ACD_FIELD_queue_id:
    case ACD_FIELD_call_id:
    case ACD_FIELD_assignment_id:
    case ACD_FIELD_client_id:
        memcpy(id, at, sizeof id);
        if (memcmp(id, zero, sizeof id) != 0)
            fprintf(out, " %s=%" PRIu32 ".%" PRIu32, f->name, id[0], id[1]);
        return;
    default: break;
    }
    number = number_at(f, at);
    if (number == 0)
        return;
    if (f->type == ACD_FIELD_enum && acd_enum_text(f->enumeration, (uint8_t)number)[0] != '?')
        fprintf(out, " %s=%s", f->name, acd_enum_text(f->enumeration, (uint8_t)number));
    else if (number == ACD_FOREVER)
        fprintf(out, " %s=FOREVER", f->name);
    else
        fprintf(out, " %s=%" PRId64, f->name, number);
}

void print_record(FILE *out, const struct acd_record *record, const void *value)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    fprintf(out, "%s", record->name);
    for (size_t i = 0; i < count; i++)
        print_field(out, &fields[i], (const char *)value + fields[i].offset);
    fprintf(out, "\n");
}

void print_records(FILE *out, const uint8_t *bytes, size_t len)
{
    union {
        struct acd_event event;
        struct acd_view_queue view; /* the largest of the views */
        char room[1024];
    } value;
    uint16_t code;

    for (size_t at = 0; at < len;) {
        int size = acd_record_peek(bytes + at, len - at, &code);
        const struct acd_record *record = size > 0 ? acd_record_of(code) : NULL;

        if (record == NULL || record->struct_size > sizeof value ||
            record->decode(bytes + at, len - at, &value) != size) {
            fprintf(out, "  (no record)\n");
            return;
        }
        fprintf(out, "  ");
        print_record(out, record, &value);
        at += (size_t)size;
    }
}
