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
