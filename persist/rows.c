#include "persist/rows.h"

#include <string.h>

#include "persist/crc32c.h"

/* Rows and their checksums. LMDB has none: what the disk changes by itself is seen here. */

static uint32_t row_crc(struct store_bytes key, const uint8_t *record, size_t len)
{
    return crc32c(crc32c(0, key.data, key.len), record, len);
}

size_t row_value(const struct acd_engine *e, enum acd_table table, uint64_t key,
                 uint8_t out[ROW_VALUE_MAX])
{
    size_t len = acd_row_write(e, table, key, out + 4);
    struct row_key k;
    uint32_t crc;

    if (len == 0)
        return 0;
    crc = row_crc(row_key(&k, table, key), out + 4, len);
    memcpy(out, &crc, sizeof crc);
    return 4 + len;
}

bool row_read(struct store_bytes key, struct store_bytes value, struct row *out)
{
    const uint8_t *k = key.data, *v = value.data;
    uint32_t crc;

    if (key.len != ROW_KEY_BYTES || k[0] >= ACD_TABLE_COUNT || value.len < sizeof crc)
        return false;
    memcpy(&crc, v, sizeof crc);
    *out = (struct row){k[0], store_from_be64(k + 1), v + 4, value.len - 4};
    return crc == row_crc(key, out->record, out->len);
}

bool record_same(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    struct acd_record_head of_a, of_b;

    if (a_len < sizeof of_a || b_len < sizeof of_b)
        return false;
    memcpy(&of_a, a, sizeof of_a);
    memcpy(&of_b, b, sizeof of_b);
    if (of_a.fixed > of_b.fixed)
        return record_same(b, b_len, a, a_len);
    if (of_a.fixed == of_b.fixed || of_a.code != of_b.code)
        return a_len == b_len && memcmp(a, b, a_len) == 0;
    a += sizeof of_a, a_len -= sizeof of_a;
    b += sizeof of_b, b_len -= sizeof of_b;
    return a_len >= of_a.fixed && b_len >= of_b.fixed && a_len - of_a.fixed <= b_len - of_b.fixed &&
           memcmp(a, b, of_a.fixed) == 0 &&
           memcmp(a + of_a.fixed, b + of_b.fixed, a_len - of_a.fixed) == 0;
}
