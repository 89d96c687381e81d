/* A command of a stream, spoiled: one of its fields is what it should not be. */

#include "tests/model/stream_parts.h"

#include <string.h>

/* A text as long as its field may be, or one byte longer, or none. */
static struct acd_str spoiled_text(struct stream *s, struct step *step, uint16_t max)
{
    char text[600];

    memset(text, 'z', sizeof text);
    switch (stream_below(s, 3)) {
    case 0: return (struct acd_str){NULL, 0};
    case 1: return step_text(step, text, max);
    default: return step_text(step, text, (size_t)max + 1);
    }
}

void stream_spoil(struct stream *s, struct step *step)
{
    static const int64_t values[] = {0, -1, -2, 1, INT64_MIN, INT64_MAX, 51, 4, 1000000};
    const struct acd_record *record = acd_record_of(step->command.code);
    const struct acd_field *f;
    struct acd_str text;
    int64_t value = values[stream_below(s, sizeof values / sizeof values[0])];
    size_t count;
    char *at;

    f = record->fields(&count);
    f += stream_below(s, (uint32_t)count);
    at = (char *)&step->command.as + f->offset;
    text = spoiled_text(s, step, f->max);
    switch (f->type) {
    case ACD_FIELD_str: memcpy(at, &text, sizeof text); return;
    case ACD_FIELD_u8:
    case ACD_FIELD_flag:
    case ACD_FIELD_enum: memcpy(at, &value, 1); return;
    case ACD_FIELD_u16:
    case ACD_FIELD_i16: memcpy(at, &value, 2); return;
    case ACD_FIELD_u32:
    case ACD_FIELD_i32: memcpy(at, &value, 4); return;
    default: memcpy(at, &value, 8); return;
    }
}
