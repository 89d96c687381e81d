#include "engine/ready.h"

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

void mark_row(struct acd_engine *e, enum acd_table table, uint32_t key)
{
    if (!slots_has(&e->changed[table], key))
        slots_take(&e->changed[table], key);
}

void apply_config_committed(struct acd_engine *e, const struct acd_event_config_committed *v)
{
    e->config_version = v->version;
    TEXT_SET(e->config_label, v->label);
    e->config_at = e->now;
}

void apply_day_turned(struct acd_engine *e, const struct acd_event_day_turned *v)
{
    e->day = v->day;
    ready_day_turned(e);
}

void apply_random_drawn(struct acd_engine *e, const struct acd_event_random_drawn *v)
{
    e->random = v->state;
}
