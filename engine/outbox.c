#include "engine/outbox.h"
#include "engine/lines.h"

#include "engine/apply.h"
#include "engine/estimate.h"

static uint8_t *box_of(const struct acd_engine *e, uint32_t client)
{
    return e->outboxes + (size_t)client * e->config.limits.outbox_bytes;
}

static void box_write(struct acd_engine *e, uint32_t client, const uint8_t *bytes, uint32_t len)
{
    struct client *c = &e->clients[client];
    uint32_t size = e->config.limits.outbox_bytes;
    uint32_t at = (c->box_start + c->box_used) % size;
    uint32_t head = len < size - at ? len : size - at;

    ACD_ASSERT(c->box_used + len <= size);
    memcpy(box_of(e, client) + at, bytes, head);
    memcpy(box_of(e, client), bytes + head, len - head);
    c->box_used += len;
}

static void box_read(const struct acd_engine *e, uint32_t client, uint32_t offset, void *out,
                     uint32_t len)
{
    uint32_t size = e->config.limits.outbox_bytes;
    uint32_t at = (uint32_t)(((uint64_t)e->clients[client].box_start + offset) % size);
    uint32_t head = len < size - at ? len : size - at;

    memcpy(out, box_of(e, client) + at, head);
    memcpy((uint8_t *)out + head, box_of(e, client), len - head);
}

/* Bytes of the record that begins `offset` bytes into the outbox. */
static uint32_t box_record_size(const struct acd_engine *e, uint32_t client, uint32_t offset)
{
    uint32_t size;

    box_read(e, client, offset, &size, sizeof size);
    return size;
}

COLD void outbox_tell(struct acd_engine *e, uint32_t call, struct acd_view_notice notice)
{
    const struct call *c = &e->calls[call];
    uint8_t bytes[ACD_RECORD_MAX];
    uint32_t agent;

    if (c->gateway == NONE || e->clients[c->gateway].lost)
        return;
    agent = agent_at(e, notice.agent);
    mark(e, ACD_TABLE_CLIENTS, c->gateway);
    notice.number = ++e->clients[c->gateway].told;
    notice.at = e->now;
    notice.call = call_id(e, call);
    notice.key = call_key(&e->call_cards[call]);
    notice.queue = queue_id(e, c->queue);
    if (agent != NONE) {
        notice.agent_name = agent_name(e, agent);
        notice.contact = agent_contact(e, agent);
    }
    if (c->callback)
        notice.callback = TEXT_STR(e->callbacks[call].number);
    box_write(e, c->gateway, bytes, (uint32_t)acd_record_view_notice.encode(&notice, bytes));
}

size_t outbox_notice(const struct acd_engine *e, uint32_t client, uint64_t number, uint8_t *out)
{
    const struct client *c = &e->clients[client];
    uint32_t offset = 0, size;

    number &= ((uint64_t)1 << NOTICE_KEY_BITS) - 1;
    ACD_ASSERT(number > c->acked && number <= c->told);
    for (uint64_t n = c->acked + 1; n < number; n++)
        offset += box_record_size(e, client, offset);
    size = box_record_size(e, client, offset);
    box_read(e, client, offset, out, size);
    return size;
}

bool outbox_append(struct acd_engine *e, uint32_t client, const uint8_t *bytes, size_t len)
{
    if (len > e->config.limits.outbox_bytes - e->clients[client].box_used)
        return false;
    box_write(e, client, bytes, (uint32_t)len);
    return true;
}

/* An announcement's figures are those of the moment when it is read. */
static void figures_fill(const struct acd_engine *e, uint8_t *bytes, uint32_t size)
{
    struct acd_view_notice notice;
    uint32_t call;

    if (acd_record_view_notice.decode(bytes, size, &notice) < 0 ||
        notice.kind != ACD_NOTICE_ANNOUNCEMENT)
        return;
    call = call_at(e, notice.call);
    if (call == NONE || e->calls[call].state != ACD_QUEUED)
        return;
    notice.position = queue_rank(e, call) + 1;
    notice.estimated_wait = estimate_call(e, call);
    acd_record_view_notice.encode(&notice, bytes);
}

int acd_outbox_read(const struct acd_engine *e, acd_client_id gateway, uint64_t after, uint8_t *out,
                    size_t len)
{
    uint32_t client = client_at(e, gateway), offset = 0;
    const struct client *c = &e->clients[client == NONE ? 0 : client];
    size_t written = 0;

    if (client == NONE || c->kind != ACD_GATEWAY)
        return ACD_NOT_FOUND;
    for (uint64_t number = c->acked + 1; number <= c->told; number++) {
        uint32_t size = box_record_size(e, client, offset);

        if (number > after) {
            if (written + size > len)
                break;
            box_read(e, client, offset, out + written, size);
            figures_fill(e, out + written, size);
            written += size;
        }
        offset += size;
    }
    return (int)written;
}

void outbox_clear(struct client *c)
{
    c->box_start = c->box_used = 0;
    c->acked = c->told;
}

void apply_outbox_acked(struct acd_engine *e, const struct acd_event_outbox_acked *v)
{
    uint32_t slot = client_of(e, v->client);
    struct client *c = &e->clients[slot];

    ACD_ASSERT(v->upto <= c->told);
    mark(e, ACD_TABLE_CLIENTS, slot);
    while (c->acked < v->upto) {
        uint32_t size = box_record_size(e, slot, 0);

        c->box_start = (c->box_start + size) % e->config.limits.outbox_bytes;
        c->box_used -= size;
        c->acked++;
    }
}
