#include "engine/apply.h"

void apply(struct acd_engine *e, uint16_t code, const void *event)
{
    switch (code) {
#define ACD_EVENT(name, code_, topic, doc, fields)                                                 \
    case (code_):                                                                                  \
        apply_##name(e, event);                                                                    \
        break;
#include "engine/events.def"
#undef ACD_EVENT
    default: ACD_UNREACHABLE();
    }
}

void emit(struct acd_engine *e, const struct acd_record *record, const void *event)
{
    ACD_ASSERT(e->frame_count < ACD_FRAME_EVENTS_MAX);
    ACD_ASSERT(e->frame_len + ACD_RECORD_MAX <= ACD_FRAME_BYTES_MAX);
    if (e->frame_count++ == 0)
        e->frame_first = e->sequence + 1;
    e->sequence++;
    e->frame_len += record->encode(event, e->frame + e->frame_len);
    apply(e, record->code, event);
}

struct sums *sums_today(const struct acd_engine *e, struct sums *sums)
{
    if (sums->day != e->day) {
        memset(sums, 0, sizeof *sums);
        sums->day = e->day;
    }
    return sums;
}

void apply_day_turned(struct acd_engine *e, const struct acd_event_day_turned *v)
{
    e->day = v->day;
}
