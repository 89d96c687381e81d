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

/* Room for what any of them becomes. */
union any_row {
#define ACD_ROW(name, code, doc, fields) struct acd_row_##name name;
#include "engine/rows.def"
#undef ACD_ROW
    struct acd_view_notice notice;
    struct acd_view_visit visit;
};

/* A record as this version writes it. Returns its bytes, 0 when it is none. */
static size_t renew(const uint8_t *record, size_t len, uint8_t out[ACD_RECORD_MAX])
{
    union any_row value;
    uint16_t code;
    const struct acd_record *r =
        acd_record_peek(record, len, &code) < 0 ? NULL : acd_record_of(code);

    if (r == NULL || r->struct_size > sizeof value || r->decode(record, len, &value) < 0)
        return 0;
    return r->encode(&value, out);
}

bool record_same(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    uint8_t of_a[ACD_RECORD_MAX], of_b[ACD_RECORD_MAX];
    size_t len = renew(a, a_len, of_a);

    return len > 0 && renew(b, b_len, of_b) == len && memcmp(of_a, of_b, len) == 0;
}
