#include <string.h>

#include "engine/acd_assert.h"
#include "persist/crc32c.h"
#include "persist/format.h"
#include "persist/intervals.h"

/* The rows of intervals, as bytes and back. */

enum { WAITS_PER_ROW = 64, WAITS_ROWS = (ACD_WAITS + WAITS_PER_ROW - 1) / WAITS_PER_ROW };

_Static_assert(INTERVAL_VALUE_MAX >= sizeof(struct format_interval) + ACD_RECORD_FIXED_MAX + 256 +
                                         2 * WAITS_ROWS * (64 + 5 * WAITS_PER_ROW),
               "a row has room for all that is counted");

struct store_bytes interval_key_put(uint8_t out[INTERVAL_KEY], const struct interval_key *k)
{
    uint8_t wide[8];

    store_be64(wide, k->number);
    memcpy(out, wide + 4, 4);
    store_be64(out + 4, k->sequence);
    out[12] = k->of;
    store_be64(wide, k->slot);
    memcpy(out + 13, wide + 4, 4);
    return (struct store_bytes){out, INTERVAL_KEY};
}

bool interval_key_get(struct store_bytes key, struct interval_key *out)
{
    const uint8_t *at = key.data;
    uint8_t wide[8] = {0};

    if (key.len != INTERVAL_KEY)
        return false;
    memcpy(wide + 4, at, 4);
    out->number = (uint32_t)store_from_be64(wide);
    out->sequence = store_from_be64(at + 4);
    out->of = at[12];
    memcpy(wide + 4, at + 13, 4);
    out->slot = (uint32_t)store_from_be64(wide);
    return out->of == INTERVAL_QUEUE || out->of == INTERVAL_AGENT;
}

static uint32_t row_crc(const void *key, const struct format_interval *head, const uint8_t *records,
                        size_t len)
{
    uint32_t crc = crc32c(crc32c(0, key, INTERVAL_KEY), &head->removed, sizeof head->removed);

    return crc32c(crc, records, len);
}

bool interval_row_get(struct store_bytes key, struct store_bytes value, struct interval_row *out)
{
    const uint8_t *records = (const uint8_t *)value.data + sizeof(struct format_interval);
    struct format_interval head;
    size_t len = value.len - sizeof head;
    uint16_t code;
    int size;

    if (value.len < sizeof head || !interval_key_get(key, &out->key))
        return false;
    memcpy(&head, value.data, sizeof head);
    size = acd_record_peek(records, len, &code);
    if (size < 0 || head.crc != row_crc(key.data, &head, records, len) ||
        code != (out->key.of == INTERVAL_QUEUE ? ACD_VIEW_queue_interval : ACD_VIEW_agent_interval))
        return false;
    out->removed = head.removed != 0;
    out->record = records;
    out->len = (size_t)size;
    out->waits = records + size;
    out->waits_len = len - (size_t)size;
    return true;
}

/* ---- histograms ----------------------------------------------------------------------------- */

static bool counts_add(const struct acd_row_waits *row, struct acd_waits *w)
{
    uint32_t part = row->slot % (2 * WAITS_ROWS), first = part % WAITS_ROWS * WAITS_PER_ROW;
    uint32_t *to = part < WAITS_ROWS ? w->answered : w->abandoned;
    const uint8_t *at = (const uint8_t *)row->counts.data, *end = at + row->counts.len;

    for (uint32_t i = first; i < first + WAITS_PER_ROW && i < ACD_WAITS && at < end; i++) {
        uint32_t value = 0;
        int shift = 0;

        for (; at < end && (*at & 0x80) != 0 && shift < 28; at++, shift += 7)
            value |= ((uint8_t)*at & UINT32_C(0x7f)) << shift;
        if (at == end)
            return false;
        to[i] += value | ((uint8_t)*at++ & UINT32_C(0x7f)) << shift;
    }
    return at == end;
}

bool interval_waits_add(const struct interval_row *row, struct acd_waits *w)
{
    for (size_t at = 0; at < row->waits_len;) {
        struct acd_row_waits counts;
        int size = acd_record_row_waits.decode(row->waits + at, row->waits_len - at, &counts);

        if (size < 0 || !counts_add(&counts, w))
            return false;
        at += (size_t)size;
    }
    return true;
}

/* As the engine writes them: 64 counts, 7 bits a byte. */
static uint16_t counts_put(const uint32_t *counts, uint32_t first, char out[5 * WAITS_PER_ROW])
{
    uint16_t len = 0;

    for (uint32_t i = first; i < first + WAITS_PER_ROW && i < ACD_WAITS; i++) {
        uint32_t count = counts[i];

        for (; count >= 0x80; count >>= 7)
            out[len++] = (char)(count | 0x80);
        out[len++] = (char)count;
    }
    return len;
}

size_t interval_waits_put(const struct acd_waits *w, uint8_t *out)
{
    char text[5 * WAITS_PER_ROW];
    size_t len = 0;

    for (uint32_t part = 0; part < 2 * WAITS_ROWS; part++) {
        const uint32_t *counts = part < WAITS_ROWS ? w->answered : w->abandoned;
        uint32_t first = part % WAITS_ROWS * WAITS_PER_ROW, any = 0;
        struct acd_row_waits row = {.slot = part, .counts.data = text};

        for (uint32_t i = first; i < first + WAITS_PER_ROW && i < ACD_WAITS; i++)
            any |= counts[i];
        if (any == 0)
            continue;
        row.counts.len = counts_put(counts, first, text);
        len += acd_record_row_waits.encode(&row, out + len);
    }
    return len;
}

/* ---- out of an engine ----------------------------------------------------------------------- */

static size_t queue_records(const struct acd_engine *e, struct interval_key *key, acd_time removed,
                            uint8_t *out)
{
    acd_queue_id id = acd_queue_from(e, key->slot);
    struct acd_view_queue_interval v;
    size_t len;

    ACD_ASSERT(id.slot == key->slot &&
               acd_queue_interval_view(e, id, removed != 0 ? removed : ACD_FOREVER, &v) == ACD_OK);
    key->number = (uint32_t)(v.start / INTERVAL_SPAN);
    len = acd_record_view_queue_interval.encode(&v, out);
    for (uint64_t row = 0; acd_queue_waits(e, id) != NULL && row < 2 * WAITS_ROWS; row++)
        len += acd_row_write(e, ACD_TABLE_WAITS, key->slot * (2 * WAITS_ROWS) + row, out + len);
    return len;
}

/* Who is removed is nothing from then on, whatever it was. */
static size_t agent_records(const struct acd_engine *e, struct interval_key *key, acd_time removed,
                            uint8_t *out)
{
    acd_agent_id id = acd_agent_from(e, key->slot);
    struct acd_view_agent_interval v;

    ACD_ASSERT(id.slot == key->slot &&
               acd_agent_interval_view(e, id, removed != 0 ? removed : ACD_FOREVER, &v) == ACD_OK);
    if (removed != 0) {
        v.activity = ACD_ACTIVITY_LOGGED_OUT;
        v.reason = 0;
    }
    key->number = (uint32_t)(v.start / INTERVAL_SPAN);
    return acd_record_view_agent_interval.encode(&v, out);
}

size_t interval_value(const struct acd_engine *e, struct interval_key *key, acd_time removed,
                      uint8_t out[INTERVAL_VALUE_MAX])
{
    struct format_interval head = {.removed = removed != 0};
    uint8_t *records = out + sizeof head, bytes[INTERVAL_KEY];
    size_t len = key->of == INTERVAL_QUEUE ? queue_records(e, key, removed, records)
                                           : agent_records(e, key, removed, records);

    head.crc = row_crc(interval_key_put(bytes, key).data, &head, records, len);
    memcpy(out, &head, sizeof head);
    return sizeof head + len;
}
