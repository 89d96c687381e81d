#include "engine/decide.h"
#include "engine/gateways.h"

/* What the handlers share. */

COLD int fault(struct acd_engine *e, const struct acd_record *record, size_t offset, int error)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    for (size_t i = 0; i < count; i++)
        if (fields[i].offset == offset)
            e->asking.outcome->field = (uint16_t)(i + 1);
    e->asking.outcome->error = (int16_t)error;
    return error;
}

static uint32_t referred(struct acd_engine *e, bool by_id, bool by_name, uint32_t found,
                         const struct acd_record *record, size_t id_at, size_t name_at)
{
    if (found != NONE)
        return found;
    if (by_id)
        fault(e, record, id_at, ACD_NOT_FOUND);
    else
        fault(e, record, name_at, by_name ? ACD_NOT_FOUND : ACD_MISSING);
    return NONE;
}

uint32_t agent_referred(struct acd_engine *e, acd_agent_id id, struct acd_str name,
                        const struct acd_record *record, size_t id_at, size_t name_at)
{
    bool by_id = id.gen != 0 || id.slot != 0;

    return referred(e, by_id, name.len > 0, by_id ? agent_at(e, id) : agent_find(e, name), record,
                    id_at, name_at);
}

uint32_t queue_referred(struct acd_engine *e, acd_queue_id id, struct acd_str name,
                        const struct acd_record *record, size_t id_at, size_t name_at)
{
    bool by_id = id.gen != 0 || id.slot != 0;

    return referred(e, by_id, name.len > 0, by_id ? queue_at(e, id) : queue_find(e, name), record,
                    id_at, name_at);
}

uint32_t call_referred(struct acd_engine *e, acd_call_id id, struct acd_str key,
                       const struct acd_record *record, size_t id_at, size_t key_at)
{
    acd_client_id gateway = asker_gateway(e);
    struct key_found found = {NONE, NONE};

    if (id.gen != 0 || id.slot != 0) {
        found.call = call_at(e, id);
        if (found.call == NONE)
            fault(e, record, id_at, ACD_GONE);
    } else if (key.len == 0) {
        fault(e, record, key_at, ACD_MISSING);
    } else {
        found = call_key_find(e, gateway, key, call_key_hash(e, gateway, key));
        if (found.call == NONE)
            fault(e, record, key_at, found.ended != NONE ? ACD_GONE : ACD_NOT_FOUND);
    }
    return found.call;
}

bool enum_knows(const struct acd_enum *e, uint8_t value, bool optional)
{
    if (value == 0)
        return optional;
    for (size_t i = 0; i < e->count; i++)
        if (e->values[i].value == value)
            return true;
    return false;
}

acd_time clamp_time(const struct acd_engine *e, acd_time at, acd_time from)
{
    if (at == 0 || at > e->now)
        return e->now;
    return at < from ? from : at;
}

struct acd_str merge_text(struct acd_str given, struct acd_str old)
{
    if (given.len == 0)
        return old;
    return given.len == 1 && given.data[0] == '-' ? (struct acd_str){NULL, 0} : given;
}

COLD void outbox_of_make_room(struct acd_engine *e, uint32_t gateway)
{
    const struct client *c = &e->clients[gateway];

    if (!c->lost && e->config.limits.outbox_bytes - c->box_used < NOTICE_ROOM)
        EMIT(e, outbox_lost, .client = client_id(e, gateway),
             .until = time_after(e->now, grace_of(c)));
}

COLD void outbox_make_room(struct acd_engine *e, uint32_t call)
{
    if (e->calls[call].gateway != NONE)
        outbox_of_make_room(e, e->calls[call].gateway);
}

acd_time wait_until(const struct acd_engine *e, uint32_t queue)
{
    acd_span max_wait = e->queues[queue].set.max_wait;

    return max_wait == 0 ? 0 : e->now + max_wait;
}

APART void outcome_offer(struct acd_engine *e, uint32_t assignment)
{
    const struct assignment *s = &e->assignments[assignment];
    struct acd_view_outcome *o = e->asking.outcome;

    o->assignment = assignment_id(e, assignment);
    o->agent = agent_id(e, s->agent);
    if (s->role == ACD_ROLE_OFFERED)
        o->until = s->until;
    o->agent_name = agent_name(e, s->agent);
    o->contact = agent_contact(e, s->agent);
}
