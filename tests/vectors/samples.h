#ifndef ACD_TESTS_SAMPLES_H
#define ACD_TESTS_SAMPLES_H

#include <string.h>

#include "proto/acd_messages.h"

/* Values for every field of every record, made from its description, the same each time. */

enum sample {
    SAMPLE_TYPICAL, /* each field something of its own */
    SAMPLE_EXTREME, /* the greatest and least numbers, texts that need escaping, no ids */
    SAMPLE_ZERO,    /* nothing given */
    SAMPLES
};

static inline void sample_put(const struct acd_field *f, void *value, const void *from, size_t len)
{
    memcpy((char *)value + f->offset, from, len);
}

static inline void sample_number(const struct acd_field *f, uint64_t number, void *value)
{
    switch (f->type) {
    case ACD_FIELD_flag: number &= 1; /* fall through */
    case ACD_FIELD_u8:
    case ACD_FIELD_enum: sample_put(f, value, &number, 1); break;
    case ACD_FIELD_u16:
    case ACD_FIELD_i16: sample_put(f, value, &number, 2); break;
    case ACD_FIELD_u32:
    case ACD_FIELD_i32: sample_put(f, value, &number, 4); break;
    default: sample_put(f, value, &number, 8);
    }
}

static inline void sample_typical(const struct acd_field *f, size_t place, void *value)
{
    const acd_agent_id id = {(uint32_t)(10 + place), (uint32_t)(1000 + place)};
    const uint16_t len = (uint16_t)strlen(f->name);
    const struct acd_str text = {f->name, len > f->max ? f->max : len};

    switch (f->type) {
    case ACD_FIELD_str: sample_put(f, value, &text, sizeof text); break;
    case ACD_FIELD_agent_id:
    case ACD_FIELD_queue_id:
    case ACD_FIELD_call_id:
    case ACD_FIELD_assignment_id:
    case ACD_FIELD_client_id: sample_put(f, value, &id, sizeof id); break;
    case ACD_FIELD_enum:
        sample_number(f, f->enumeration->values[place % f->enumeration->count].value, value);
        break;
    case ACD_FIELD_flag: sample_number(f, 1, value); break;
    case ACD_FIELD_time: sample_number(f, 1714564800000000u + 1250000u * place, value); break;
    case ACD_FIELD_span: sample_number(f, 250000u * (place + 1), value); break;
    default: sample_number(f, place + 1, value);
    }
}

static inline void sample_extreme(const struct acd_field *f, size_t place, void *value)
{
    const struct acd_str all = acd_str("\"\\\n\x01 \xc3\xa9\xe2\x82\xac\xf0\x9f\x93\x9e/");
    const struct acd_str text = {all.data, all.len > f->max ? 1 : all.len};
    const acd_agent_id id = {UINT32_MAX, UINT32_MAX};
    uint64_t number = UINT64_MAX;

    switch (f->type) {
    case ACD_FIELD_str: sample_put(f, value, &text, sizeof text); return;
    case ACD_FIELD_agent_id:
    case ACD_FIELD_queue_id:
    case ACD_FIELD_call_id:
    case ACD_FIELD_assignment_id:
    case ACD_FIELD_client_id:
        if (place % 2 == 0)
            sample_put(f, value, &id, sizeof id);
        return;
    case ACD_FIELD_enum: number = f->enumeration->values[f->enumeration->count - 1].value; break;
    case ACD_FIELD_i16: number = (uint64_t)INT16_MIN; break;
    case ACD_FIELD_i32: number = (uint64_t)INT32_MIN; break;
    case ACD_FIELD_time: number = place % 2 == 0 ? (uint64_t)INT64_MAX : 1; break;
    case ACD_FIELD_span: number = place % 2 == 0 ? (uint64_t)INT64_MAX : UINT64_MAX; break;
    default: break;
    }
    sample_number(f, number, value);
}

/* Fills `value`, the record's struct. Its texts live as long as the program. */
static inline void sample_fill(const struct acd_record *record, enum sample sample, void *value)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    memset(value, 0, record->struct_size);
    for (size_t i = 0; i < count; i++) {
        if (sample == SAMPLE_TYPICAL)
            sample_typical(&fields[i], i, value);
        else if (sample == SAMPLE_EXTREME)
            sample_extreme(&fields[i], i, value);
    }
}

/* Room for any record's struct. */
union sample_room {
    struct acd_command command;
    struct acd_event event;
    struct acd_view view;
    struct acd_query query;
};

#endif
