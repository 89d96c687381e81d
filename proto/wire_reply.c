/* Reply messages: written by the daemon, read by clients. */

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"
#include "proto/wire_bytes.h"

enum { PAGE_SIZE = ACD_RECORD_HEADER + 12 };

/* ---- writing ------------------------------------------------------------------------------ */

void acd_reply_begin(struct acd_reply_writer *w, void *out, size_t len, uint16_t requests)
{
    ACD_ASSERT(requests >= 1 && requests <= ACD_WIRE_BATCH_MAX);
    ACD_ASSERT(len >= ACD_WIRE_REPLY_MIN(requests));
    if (len > ACD_WIRE_MESSAGE_MAX)
        len = ACD_WIRE_MESSAGE_MAX;
    w->begin = out;
    w->at = w->begin + ACD_WIRE_REPLY_HEADER;
    w->end = w->begin + len;
    w->open = NULL;
    w->count = 0;
    w->expected = requests;
    w->records = 0;
}

void acd_reply_open(struct acd_reply_writer *w, uint64_t number)
{
    ACD_ASSERT(w->open == NULL && w->count < w->expected);
    w->open = w->at;
    put_u64(w->at, number);
    w->at += ACD_WIRE_REPLY_HEAD;
    w->count++;
    w->records = 0;
}

void acd_reply_close(struct acd_reply_writer *w)
{
    ACD_ASSERT(w->open != NULL);
    put_u32(w->open + 8, (uint32_t)(w->at - w->open - ACD_WIRE_REPLY_HEAD));
    w->open = NULL;
}

void acd_reply_drop(struct acd_reply_writer *w)
{
    ACD_ASSERT(w->open != NULL);
    w->at = w->open;
    w->open = NULL;
    w->count--;
}

void acd_reply_open_page(struct acd_reply_writer *w, uint64_t number)
{
    struct acd_view_page page = {0, 0};

    acd_reply_open(w, number);
    w->at += acd_record_view_page.encode(&page, w->at);
    ACD_ASSERT(w->at - w->open == ACD_WIRE_REPLY_HEAD + PAGE_SIZE);
}

void acd_reply_close_page(struct acd_reply_writer *w, uint64_t cursor)
{
    struct acd_view_page page = {cursor, w->records};

    ACD_ASSERT(w->open != NULL);
    acd_record_view_page.encode(&page, w->open + ACD_WIRE_REPLY_HEAD);
    acd_reply_close(w);
}

size_t acd_reply_room(const struct acd_reply_writer *w)
{
    size_t kept = (size_t)(w->expected - w->count) * ACD_WIRE_OUTCOME_MAX;
    size_t left = (size_t)(w->end - w->at);

    return left > kept ? left - kept : 0;
}

int acd_reply_put_bytes(struct acd_reply_writer *w, const uint8_t *bytes, size_t size)
{
    ACD_ASSERT(w->open != NULL);
    if (acd_reply_room(w) < size)
        return ACD_FULL;
    memcpy(w->at, bytes, size);
    w->at += size;
    w->records++;
    return ACD_OK;
}

int acd_reply_put(struct acd_reply_writer *w, const struct acd_record *record, const void *value)
{
    uint8_t room[ACD_RECORD_MAX];

    ACD_ASSERT(w->open != NULL);
    if (acd_reply_room(w) < ACD_RECORD_MAX)
        return acd_reply_put_bytes(w, room, record->encode(value, room));
    w->at += record->encode(value, w->at);
    w->records++;
    return ACD_OK;
}

uint8_t *acd_reply_place(struct acd_reply_writer *w, size_t *room)
{
    ACD_ASSERT(w->open != NULL);
    *room = acd_reply_room(w);
    return w->at;
}

void acd_reply_placed(struct acd_reply_writer *w, size_t size)
{
    const uint8_t *at = w->at, *record;
    uint16_t code;

    ACD_ASSERT(acd_reply_room(w) >= size);
    while (acd_records_next(&at, &size, &code, &record) == 1)
        w->records++;
    ACD_ASSERT(size == 0);
    w->at += at - w->at;
}

void acd_reply_outcome(struct acd_reply_writer *w, uint64_t number,
                       const struct acd_view_outcome *outcome)
{
    acd_reply_open(w, number);
    w->at += acd_record_view_outcome.encode(outcome, w->at);
    ACD_ASSERT(w->at - w->open <= ACD_WIRE_OUTCOME_MAX);
    acd_reply_close(w);
}

void acd_reply_error(struct acd_reply_writer *w, uint64_t number, int error, uint16_t field)
{
    struct acd_view_outcome outcome = {.error = (int16_t)error, .field = field};

    ACD_ASSERT(error < 0);
    acd_reply_outcome(w, number, &outcome);
}

void acd_reply_stamp(void *message, const struct acd_wire_position *position)
{
    uint8_t *at = message;

    put_u32(at + 8, position->epoch);
    put_u64(at + 12, position->sequence);
    put_u64(at + 20, position->durable);
}

size_t acd_reply_end(struct acd_reply_writer *w, const struct acd_wire_position *position)
{
    ACD_ASSERT(w->open == NULL && w->count == w->expected);
    put_u32(w->begin, ACD_WIRE_REPLY_MAGIC);
    put_u16(w->begin + 4, ACD_WIRE_VERSION);
    put_u16(w->begin + 6, w->count);
    acd_reply_stamp(w->begin, position);
    return (size_t)(w->at - w->begin);
}

size_t acd_reply_unreadable(void *out, int error, const struct acd_wire_position *position)
{
    struct acd_reply_writer w;

    acd_reply_begin(&w, out, ACD_WIRE_REPLY_MIN(1), 1);
    acd_reply_error(&w, 0, error, 0);
    return acd_reply_end(&w, position);
}

/* ---- reading ------------------------------------------------------------------------------ */

int acd_reply_read(struct acd_reply_reader *r, const void *message, size_t len)
{
    const uint8_t *at = message;

    if (len > ACD_WIRE_MESSAGE_MAX)
        return ACD_TOO_LONG;
    if (len >= 4 && get_u32(at) != ACD_WIRE_REPLY_MAGIC)
        return ACD_INVALID;
    if (len >= 6 && get_u16(at + 4) != ACD_WIRE_VERSION)
        return ACD_VERSION;
    if (len < ACD_WIRE_REPLY_HEADER)
        return ACD_TRUNCATED;
    r->count = get_u16(at + 6);
    if (r->count > ACD_WIRE_BATCH_MAX)
        return ACD_TOO_LONG;
    r->left = r->count;
    r->position = (struct acd_wire_position){get_u32(at + 8), get_u64(at + 12), get_u64(at + 20)};
    r->at = at + ACD_WIRE_REPLY_HEADER;
    r->end = at + len;
    return ACD_OK;
}

int acd_reply_next(struct acd_reply_reader *r, struct acd_reply *out)
{
    size_t have = (size_t)(r->end - r->at);

    if (r->left == 0)
        return have == 0 ? 0 : ACD_INVALID;
    if (have < ACD_WIRE_REPLY_HEAD)
        return ACD_TRUNCATED;
    out->number = get_u64(r->at);
    out->size = get_u32(r->at + 8);
    out->records = r->at + ACD_WIRE_REPLY_HEAD;
    if (out->size > have - ACD_WIRE_REPLY_HEAD)
        return ACD_TRUNCATED;
    r->at += ACD_WIRE_REPLY_HEAD + out->size;
    r->left--;
    return 1;
}

int acd_records_next(const uint8_t **at, size_t *left, uint16_t *code, const uint8_t **record)
{
    int size;

    if (*left == 0)
        return 0;
    size = acd_record_peek(*at, *left, code);
    if (size < 0)
        return size;
    *record = *at;
    *at += size;
    *left -= (size_t)size;
    return 1;
}
