/* Bytes that no honest peer sends: seeded mutations of good messages, each in memory of exactly its
 * size, so that a sanitizer sees any step outside. Nothing is expected but an answer. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "proto/acd_json.h"
#include "proto/acd_sp.h"
#include "proto/acd_wire.h"
#include "tests/vectors/samples.h"

enum { ROUNDS = 20000 };

static uint64_t seed = 20240501;

/* splitmix64 */
static uint64_t random_below(uint64_t limit)
{
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return limit == 0 ? 0 : (z ^ (z >> 31)) % limit;
}

static const struct acd_record *random_record(uint8_t kind)
{
    size_t count = 0;

    while (acd_message_at(count) != NULL)
        count++;
    for (;;) {
        const struct acd_record *record = acd_message_at(random_below(count));

        if (kind == 0 || acd_kind_of(record->code) == kind)
            return record;
    }
}

static size_t random_bytes_of(const struct acd_record *record, uint8_t *out)
{
    union sample_room value;

    sample_fill(record, (enum sample)random_below(SAMPLES), &value);
    return record->encode(&value, out);
}

/* A copy with some bytes changed, at times cut or lengthened, in memory of its own. */
static uint8_t *mutate(const uint8_t *bytes, size_t *len)
{
    static const uint8_t favourites[] = {0, 1, 2, 0x7f, 0x80, 0xff};
    size_t kept = random_below(4) == 0 ? random_below(*len + 1) : *len;
    size_t more = random_below(8) == 0 ? random_below(16) : 0;
    uint8_t *copy = malloc(kept + more + 1);

    memcpy(copy, bytes, kept);
    for (size_t i = 0; i < more; i++)
        copy[kept + i] = (uint8_t)random_below(256);
    *len = kept + more;
    for (uint64_t changes = random_below(4); *len > 0 && changes > 0; changes--)
        copy[random_below(random_below(2) == 0 && *len > 40 ? 40 : *len)] =
            random_below(2) == 0 ? favourites[random_below(sizeof favourites)]
                                 : (uint8_t)random_below(256);
    copy = realloc(copy, *len + (*len == 0));
    return copy;
}

/* Reads every text, so that one outside the bytes is seen. */
static uint64_t touch(const struct acd_record *record, const void *value)
{
    static char text[ACD_JSON_MAX];
    int len = acd_json_write(record, value, "record", text, sizeof text);

    cr_assert_gt(len, 0, "%s", record->name);
    return (uint64_t)text[len / 2];
}

static void decode(const uint8_t *bytes, size_t len)
{
    const struct acd_record *record;
    union sample_room value;
    uint16_t code;

    if (acd_record_peek(bytes, len, &code) < 0 || (record = acd_message_record(code)) == NULL)
        return;
    if (record->decode(bytes, len, &value) > 0)
        touch(record, &value);
}

static void decode_all(const uint8_t *at, size_t left)
{
    const uint8_t *record;
    uint16_t code;

    while (acd_records_next(&at, &left, &code, &record) == 1)
        decode(record, (size_t)(at - record));
}

Test(fuzz, records)
{
    for (int round = 0; round < ROUNDS; round++) {
        uint8_t good[ACD_RECORD_MAX], *bad;
        size_t len = random_bytes_of(random_record(0), good);

        bad = mutate(good, &len);
        decode(bad, len);
        free(bad);
    }
}

static size_t random_request(uint8_t *out, size_t room)
{
    struct acd_request_writer w;

    acd_request_begin(&w, out, room, (acd_client_id){1, 2});
    for (uint64_t count = 1 + random_below(4); count > 0; count--) {
        uint8_t record[ACD_RECORD_MAX];
        size_t size = random_bytes_of(random_record(0), record);

        cr_assert_eq(acd_request_put_bytes(&w, count, record, size), ACD_OK);
    }
    return acd_request_end(&w);
}

Test(fuzz, request_messages)
{
    static uint8_t good[8 * ACD_RECORD_MAX];

    for (int round = 0; round < ROUNDS; round++) {
        size_t len = random_request(good, sizeof good);
        uint8_t *bad = mutate(good, &len);
        struct acd_request_reader r;
        struct acd_request request;

        if (acd_request_open(&r, bad, len) == ACD_OK)
            while (acd_request_next(&r, &request))
                decode(request.bytes, request.size);
        free(bad);
    }
}

static size_t random_reply(uint8_t *out, size_t room)
{
    const struct acd_wire_position position = {1, 2, 3};
    uint16_t count = (uint16_t)(1 + random_below(4));
    struct acd_reply_writer w;

    acd_reply_begin(&w, out, room, count);
    for (uint16_t i = 0; i < count; i++) {
        uint8_t record[ACD_RECORD_MAX];

        acd_reply_open_page(&w, i + 1);
        for (uint64_t views = random_below(3); views > 0; views--) {
            size_t size = random_bytes_of(random_record(ACD_KIND_VIEW), record);

            cr_assert_eq(acd_reply_put_bytes(&w, record, size), ACD_OK);
        }
        acd_reply_close_page(&w, 0);
    }
    return acd_reply_end(&w, &position);
}

Test(fuzz, reply_messages)
{
    static uint8_t good[32 * ACD_RECORD_MAX];

    for (int round = 0; round < ROUNDS; round++) {
        size_t len = random_reply(good, sizeof good);
        uint8_t *bad = mutate(good, &len);
        struct acd_reply_reader r;
        struct acd_reply reply;

        if (acd_reply_read(&r, bad, len) == ACD_OK)
            while (acd_reply_next(&r, &reply) == 1)
                decode_all(reply.records, reply.size);
        free(bad);
    }
}

Test(fuzz, published_messages)
{
    static uint8_t good[ACD_WIRE_PUBLISHED_MAX];

    for (int round = 0; round < ROUNDS; round++) {
        uint8_t event[ACD_RECORD_MAX], *bad;
        struct acd_published p = {.topic = (uint8_t)(1 + random_below(4)), .event = event};
        size_t len;

        p.event_size = random_bytes_of(random_record(ACD_KIND_EVENT), event);
        len = acd_published_write(good, &p);
        bad = mutate(good, &len);
        if (acd_published_read(&p, bad, len) == ACD_OK && p.event != NULL)
            decode(p.event, p.event_size);
        free(bad);
    }
}

Test(fuzz, frames)
{
    for (int round = 0; round < ROUNDS; round++) {
        uint8_t good[16], *bad;
        const bool tcp = random_below(2) == 0;
        size_t len = acd_sp_frame_put(good, tcp, random_below(2000));
        uint64_t payload = 0;
        int head;

        bad = mutate(good, &len);
        head = acd_sp_frame_get(bad, len, tcp, 1000, &payload);
        cr_assert(head <= 0 || ((size_t)head <= len && payload <= 1000));
        free(bad);
    }
}

Test(fuzz, json)
{
    static char good[ACD_JSON_MAX];
    static struct acd_json json;

    for (int round = 0; round < ROUNDS; round++) {
        const struct acd_record *record = random_record(0);
        union sample_room value;
        uint8_t *bad;
        size_t len;

        sample_fill(record, (enum sample)random_below(SAMPLES), &value);
        len = (size_t)acd_json_write(record, &value, NULL, good, sizeof good);
        bad = mutate((const uint8_t *)good, &len);
        if (acd_json_read(&json, record, (const char *)bad, len, &value) == ACD_OK)
            touch(record, &value);
        else
            cr_assert_neq(json.error[0], '\0');
        free(bad);
    }
}
