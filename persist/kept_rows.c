#include <string.h>

#include "engine/acd_assert.h"
#include "persist/crc32c.h"
#include "persist/format.h"
#include "persist/kept.h"

/* Kept days as bytes and back. */

/* ---- keys ----------------------------------------------------------------------------------- */

struct store_bytes kept_key_put(uint8_t out[KEPT_KEY_MAX], const struct kept_key *k)
{
    uint8_t *at = out, wide[8];

    ACD_ASSERT(k->zone.len < 64);
    memcpy(at, k->zone.data, k->zone.len);
    at += k->zone.len;
    *at++ = 0;
    store_be64(wide, k->start);
    memcpy(at, wide + 4, 4);
    at[4] = k->of;
    store_be64(wide, k->part);
    memcpy(at + 5, wide + 4, 4);
    return (struct store_bytes){out, (size_t)(at + 9 - out)};
}

bool kept_key_get(struct store_bytes key, struct kept_key *out)
{
    const uint8_t *bytes = key.data;
    size_t zone = key.len < 10 ? 0 : key.len - 10;
    uint8_t wide[8] = {0};

    if (key.len < 10 || bytes[zone] != 0)
        return false;
    out->zone = (struct acd_str){key.data, (uint16_t)zone};
    memcpy(wide + 4, bytes + zone + 1, 4);
    out->start = (uint32_t)store_from_be64(wide);
    out->of = bytes[zone + 5];
    memcpy(wide + 4, bytes + zone + 6, 4);
    out->part = (uint32_t)store_from_be64(wide);
    return true;
}

/* ---- parts ---------------------------------------------------------------------------------- */

static uint32_t part_crc(struct store_bytes key, const uint8_t *value, size_t len)
{
    uint32_t crc = crc32c(0, key.data, key.len);

    return crc32c(crc, value + sizeof crc, len - sizeof crc);
}

void kept_seal(struct store_bytes key, uint8_t *value, size_t len)
{
    uint32_t crc = part_crc(key, value, len);

    memcpy(value, &crc, sizeof crc);
}

bool kept_part_read(struct store_bytes key, struct store_bytes value, struct format_fold *head)
{
    if (value.len < sizeof *head)
        return false;
    memcpy(head, value.data, sizeof *head);
    return head->crc == part_crc(key, value.data, value.len);
}

int kept_parts(struct folding *f, acd_time start, acd_time end,
               int (*put)(void *ctx, uint32_t part, struct store_bytes value), void *ctx)
{
    uint8_t value[KEPT_PART + INTERVAL_VALUE_MAX + sizeof(struct format_fold)];
    struct format_fold head = {.end = (uint32_t)(end / INTERVAL_SPAN)};
    uint32_t part = 0, size = 1;
    size_t used = sizeof head, n = 0;
    int error = 0;

    folding_sort(f);
    memcpy(value, &head, sizeof head);
    while (error == 0 && size > 0) {
        size = (uint32_t)folding_keep(f, &n, start, end, value + used + sizeof size);
        if (size > 0) {
            memcpy(value + used, &size, sizeof size);
            used += sizeof size + size;
        }
        if (size > 0 && used < KEPT_PART)
            continue;
        error = put(ctx, part++, (struct store_bytes){value, used});
        used = sizeof head;
    }
    return error;
}

/* ---- finding -------------------------------------------------------------------------------- */

/* Whether a key is of that zone and kind, and what its part says. */
static int found_read(struct store_txn *t, struct store_bytes key, struct store_bytes value,
                      struct acd_str zone, uint32_t *start, uint32_t *end)
{
    struct format_fold head;
    struct kept_key k;

    *end = 0;
    if (!kept_key_get(key, &k))
        return store_damaged(t, "the key of a fold");
    if (k.zone.len != zone.len || memcmp(k.zone.data, zone.data, zone.len) != 0)
        return 0;
    if (!kept_part_read(key, value, &head))
        return store_damaged(t, "a fold");
    *start = k.start;
    *end = head.end;
    return 0;
}

/* Queues come first in a day, and always have a part. */
int kept_find(struct store_txn *t, struct acd_str zone, uint32_t from, uint32_t *start,
              uint32_t *end)
{
    struct kept_key k = {.zone = zone, .start = from, .of = INTERVAL_QUEUE};
    struct store_bytes key, value;
    uint8_t bytes[KEPT_KEY_MAX];
    int error = store_at_or_after(t, HISTORY_FOLDS, kept_key_put(bytes, &k), &key, &value);

    *end = 0;
    if (error != 0)
        return error == STORE_NOT_FOUND ? 0 : error;
    return found_read(t, key, value, zone, start, end);
}

int kept_before(struct store_txn *t, struct acd_str zone, uint32_t before, uint32_t *start,
                uint32_t *end)
{
    struct kept_key k = {.zone = zone, .start = before};
    struct store_bytes key, value;
    uint8_t bytes[KEPT_KEY_MAX];
    int error = store_before(t, HISTORY_FOLDS, kept_key_put(bytes, &k), &key, &value);

    *end = 0;
    if (error != 0)
        return error == STORE_NOT_FOUND ? 0 : error;
    return found_read(t, key, value, zone, start, end);
}

/* ---- adding --------------------------------------------------------------------------------- */

/* The rows of a part. */
static bool part_add(struct store_bytes value, uint8_t of, struct folding *f, bool prime)
{
    const uint8_t *at = (const uint8_t *)value.data + sizeof(struct format_fold);
    size_t left = value.len - sizeof(struct format_fold);
    struct interval_row row = {.key.of = of};
    uint32_t len;

    for (; left > sizeof len; at += len, left -= len) {
        uint16_t code;
        int size;

        memcpy(&len, at, sizeof len);
        at += sizeof len;
        left -= sizeof len;
        size = len <= left ? acd_record_peek(at, len, &code) : -1;
        if (size < 0)
            return false;
        row.record = at;
        row.len = (size_t)size;
        row.waits = at + size;
        row.waits_len = len - (size_t)size;
        if (folding_wants(f, &row) && !folding_add(f, &row, prime))
            return false;
    }
    return left == 0;
}

int kept_add(struct store_txn *t, struct acd_str zone, uint8_t of, uint32_t start,
             struct folding *f, bool prime)
{
    struct kept_key k = {.zone = zone, .start = start, .of = of}, found;
    struct store_bytes key, value;
    struct format_fold head;
    uint8_t bytes[KEPT_KEY_MAX];
    int error = store_at_or_after(t, HISTORY_FOLDS, kept_key_put(bytes, &k), &key, &value);

    for (; error == 0 && kept_key_get(key, &found) && found.start == start && found.of == of &&
           found.zone.len == zone.len && memcmp(found.zone.data, zone.data, zone.len) == 0;
         error = store_next(t, HISTORY_FOLDS, &key, &value))
        if (!kept_part_read(key, value, &head) || !part_add(value, of, f, prime))
            return f->no_memory ? STORE_MEMORY : store_damaged(t, "a fold");
    return error == STORE_NOT_FOUND ? 0 : error;
}

/* ---- forgetting ----------------------------------------------------------------------------- */

enum { KEPT_TRIMS = 256 };

/* Zone by zone: behind the first fold of a zone that stays comes the next zone. */
int kept_trim(struct store_txn *t, acd_time before, bool *more)
{
    uint8_t bytes[KEPT_KEY_MAX + 1];
    struct store_bytes from = {NULL, 0}, key, value;
    struct kept_key k;
    int error = 0, trimmed = 0;

    *more = false;
    while (error == 0 && trimmed < KEPT_TRIMS) {
        error = store_at_or_after(t, HISTORY_FOLDS, from, &key, &value);
        if (error != 0 || !kept_key_get(key, &k) || key.len > KEPT_KEY_MAX)
            break;
        memcpy(bytes, key.data, key.len);
        if ((acd_time)k.start * INTERVAL_SPAN < before) {
            from = (struct store_bytes){bytes, key.len};
            error = store_delete(t, HISTORY_FOLDS, from);
            trimmed++;
        } else {
            bytes[k.zone.len] = 1; /* behind the 0 that ends its name */
            from = (struct store_bytes){bytes, k.zone.len + 1U};
        }
    }
    *more = trimmed == KEPT_TRIMS;
    return error == STORE_NOT_FOUND ? 0 : error;
}
