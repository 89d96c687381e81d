#include "daemon/tenant_past.h"

#include <string.h>

#include "engine/acd_assert.h"

struct thing {
    uint8_t type; /* enum acd_field_type of its id */
    uint32_t slot, gen;
};

void tenant_past_init(struct tenant_past *p, const struct tenant *t, struct acd_reader *reader,
                      uint64_t oldest)
{
    *p = (struct tenant_past){.tenant = t, .reader = reader, .oldest = oldest};
}

/* ---- what is known ------------------------------------------------------------------------ */

static uint32_t place_of(struct thing thing)
{
    return (thing.slot * 4 + thing.type) % PAST_KNOWN;
}

static int known(const struct tenant_past *p, struct thing thing)
{
    uint32_t at = place_of(thing);

    return p->known[at].gen == thing.gen && p->known[at].slot == thing.slot &&
                   p->known[at].type == thing.type
               ? p->known[at].owner
               : PAST_UNKNOWN;
}

static void learn(struct tenant_past *p, struct thing thing, int owner)
{
    uint32_t at = place_of(thing);

    if (owner == PAST_UNKNOWN)
        return;
    p->known[at].slot = thing.slot;
    p->known[at].gen = thing.gen;
    p->known[at].type = thing.type;
    p->known[at].owner = (uint8_t)owner;
}

static int owner_named(const struct tenant_past *p, struct acd_str name)
{
    return tenant_has_name(p->tenant, name) ? PAST_OWN : PAST_OTHER;
}

/* ---- what made it ------------------------------------------------------------------------- */

static int owner_of(struct tenant_past *p, uint64_t sequence, struct thing thing);

/* Whose the thing is that an event makes, if it makes the one meant. */
static int owner_made(struct tenant_past *p, uint64_t sequence, const struct acd_event *e,
                      uint8_t type)
{
    switch (e->code) {
    case ACD_EVENT_agent_set:
        return type == ACD_FIELD_agent_id ? owner_named(p, e->as.agent_set.name) : PAST_UNKNOWN;
    case ACD_EVENT_queue_set:
        return type == ACD_FIELD_queue_id ? owner_named(p, e->as.queue_set.name) : PAST_UNKNOWN;
    case ACD_EVENT_client_opened:
        return type == ACD_FIELD_client_id ? owner_named(p, e->as.client_opened.name)
                                           : PAST_UNKNOWN;
    case ACD_EVENT_call_queued:
        return type == ACD_FIELD_call_id
                   ? owner_of(p, sequence,
                              (struct thing){ACD_FIELD_queue_id, e->as.call_queued.queue.slot,
                                             e->as.call_queued.queue.gen})
                   : PAST_UNKNOWN;
    default: return PAST_UNKNOWN;
    }
}

struct making {
    uint64_t sequence;
    struct acd_event event; /* its texts point into `bytes` */
    uint8_t bytes[ACD_RECORD_MAX];
    bool found;
};

static bool on_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    struct making *m = ctx;
    size_t at = 0;

    (void)epoch;
    for (uint32_t i = 0; i < frame->count; i++) {
        uint16_t code;
        int size = acd_record_peek(frame->bytes + at, frame->len - at, &code);

        if (size < 0)
            return false;
        if (frame->first_sequence + i == m->sequence) {
            memcpy(m->bytes, frame->bytes + at, (size_t)size);
            m->found = acd_event_decode(m->bytes, (size_t)size, &m->event) > 0;
            return false;
        }
        at += (size_t)size;
    }
    return frame->first_sequence + frame->count <= m->sequence;
}

/* The generation is the low half of its sequence, which is not behind that of the event at hand. */
static int look_up(struct tenant_past *p, uint64_t sequence, struct thing thing)
{
    struct making m = {.sequence = (sequence & ~(uint64_t)UINT32_MAX) | thing.gen};
    uint64_t after;
    int frames;

    if (m.sequence > sequence)
        m.sequence -= (uint64_t)1 << 32;
    if (m.sequence < p->oldest || m.sequence > sequence)
        return PAST_UNKNOWN;
    p->lookups++;
    after = m.sequence - 1;
    frames = acd_journal_read(p->reader, &after, 1, on_frame, &m);
    if (frames == ACD_STALE)
        return PAST_UNKNOWN;
    if (frames < 0)
        return frames;
    return m.found ? owner_made(p, m.sequence, &m.event, thing.type) : PAST_UNKNOWN;
}

static int owner_of(struct tenant_past *p, uint64_t sequence, struct thing thing)
{
    int owner = known(p, thing);

    if (owner == PAST_UNKNOWN)
        owner = look_up(p, sequence, thing);
    if (owner >= 0)
        learn(p, thing, owner);
    return owner;
}

/* ---- events ------------------------------------------------------------------------------- */

static bool is_of_a_tenant(uint8_t type)
{
    return type == ACD_FIELD_agent_id || type == ACD_FIELD_queue_id || type == ACD_FIELD_call_id ||
           type == ACD_FIELD_client_id;
}

/* As events are published: by the first thing that it is about. */
int tenant_past_event(struct tenant_past *p, uint64_t sequence, const uint8_t *bytes, size_t len)
{
    struct acd_event event;
    const struct acd_field *fields;
    size_t count;

    ACD_ASSERT(acd_event_decode(bytes, len, &event) > 0);
    if (tenant_event_name(&event).len > 0)
        return owner_named(p, tenant_event_name(&event));
    if (event.code == ACD_EVENT_config_committed)
        return tenant_has_label(p->tenant, event.as.config_committed.label) ? PAST_OWN : PAST_OTHER;
    fields = acd_record_of(event.code)->fields(&count);
    for (size_t i = 0; i < count; i++) {
        struct thing thing = {.type = (uint8_t)fields[i].type};
        int made;

        if (!is_of_a_tenant(thing.type))
            continue;
        memcpy(&thing.slot, (const char *)&event.as + fields[i].offset, sizeof thing.slot);
        memcpy(&thing.gen, (const char *)&event.as + fields[i].offset + sizeof thing.slot,
               sizeof thing.gen);
        if (thing.gen == 0)
            continue;
        made = owner_made(p, sequence, &event, thing.type);
        if (made >= 0 && made != PAST_UNKNOWN)
            learn(p, thing, made);
        return made != PAST_UNKNOWN ? made : owner_of(p, sequence, thing);
    }
    return PAST_OTHER;
}
