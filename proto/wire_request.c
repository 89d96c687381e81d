/* Request messages: written by clients, read by the daemon. */

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"
#include "proto/wire_bytes.h"

enum { NUMBER_SIZE = 8 };

/* ---- writing ------------------------------------------------------------------------------ */

void acd_request_begin(struct acd_request_writer *w, void *out, size_t len, acd_client_id client)
{
    ACD_ASSERT(len >= ACD_WIRE_REQUEST_HEADER);
    if (len > ACD_WIRE_MESSAGE_MAX)
        len = ACD_WIRE_MESSAGE_MAX;
    w->begin = out;
    w->at = w->begin + ACD_WIRE_REQUEST_HEADER;
    w->end = w->begin + len;
    w->count = 0;
    put_u32(w->begin, ACD_WIRE_REQUEST_MAGIC);
    put_u16(w->begin + 4, ACD_WIRE_VERSION);
    put_u32(w->begin + 8, client.slot);
    put_u32(w->begin + 12, client.gen);
}

int acd_request_put_bytes(struct acd_request_writer *w, uint64_t number, const uint8_t *bytes,
                          size_t size)
{
    ACD_ASSERT(number > 0 && size >= ACD_RECORD_HEADER);
    if (w->count == ACD_WIRE_BATCH_MAX || (size_t)(w->end - w->at) < NUMBER_SIZE + size)
        return ACD_FULL;
    put_u64(w->at, number);
    memcpy(w->at + NUMBER_SIZE, bytes, size);
    w->at += NUMBER_SIZE + size;
    w->count++;
    return ACD_OK;
}

int acd_request_put(struct acd_request_writer *w, uint64_t number, const struct acd_record *record,
                    const void *value)
{
    uint8_t room[ACD_RECORD_MAX];

    ACD_ASSERT(number > 0);
    if (record->too_long(value) != 0)
        return ACD_TOO_LONG;
    if ((size_t)(w->end - w->at) < NUMBER_SIZE + ACD_RECORD_MAX)
        return acd_request_put_bytes(w, number, room, record->encode(value, room));
    if (w->count == ACD_WIRE_BATCH_MAX)
        return ACD_FULL;
    put_u64(w->at, number);
    w->at += NUMBER_SIZE + record->encode(value, w->at + NUMBER_SIZE);
    w->count++;
    return ACD_OK;
}

size_t acd_request_end(struct acd_request_writer *w)
{
    ACD_ASSERT(w->count > 0);
    put_u16(w->begin + 6, w->count);
    return (size_t)(w->at - w->begin);
}

/* ---- reading ------------------------------------------------------------------------------ */

/* Checks that `count` requests stand between `at` and `end`, and nothing else. */
static int check_framing(const uint8_t *at, const uint8_t *end, uint16_t count)
{
    for (uint16_t i = 0; i < count; i++) {
        uint16_t code;
        int size;

        if (end - at < NUMBER_SIZE)
            return ACD_TRUNCATED;
        if (get_u64(at) == 0)
            return ACD_INVALID;
        at += NUMBER_SIZE;
        size = acd_record_peek(at, (size_t)(end - at), &code);
        if (size < 0)
            return size;
        at += size;
    }
    return at == end ? ACD_OK : ACD_INVALID;
}

int acd_request_open(struct acd_request_reader *r, const void *message, size_t len)
{
    const uint8_t *at = message;

    if (len > ACD_WIRE_MESSAGE_MAX)
        return ACD_TOO_LONG;
    if (len >= 4 && get_u32(at) != ACD_WIRE_REQUEST_MAGIC)
        return ACD_INVALID;
    if (len >= 6 && get_u16(at + 4) != ACD_WIRE_VERSION)
        return ACD_VERSION;
    if (len < ACD_WIRE_REQUEST_HEADER)
        return ACD_TRUNCATED;
    r->count = get_u16(at + 6);
    if (r->count > ACD_WIRE_BATCH_MAX)
        return ACD_TOO_LONG;
    if (r->count == 0)
        return ACD_INVALID;
    r->left = r->count;
    r->client = (acd_client_id){get_u32(at + 8), get_u32(at + 12)};
    r->at = at + ACD_WIRE_REQUEST_HEADER;
    return check_framing(r->at, at + len, r->count);
}

bool acd_request_next(struct acd_request_reader *r, struct acd_request *out)
{
    if (r->left == 0)
        return false;
    r->left--;
    out->number = get_u64(r->at);
    out->bytes = r->at + NUMBER_SIZE;
    out->size = get_u32(out->bytes);
    out->code = get_u16(out->bytes + 4);
    r->at = out->bytes + out->size;
    return true;
}
