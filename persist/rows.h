#ifndef ACD_PERSIST_ROWS_H
#define ACD_PERSIST_ROWS_H

#include "engine/acd.h"
#include "persist/store.h"

/* A row of the engine as it stands in tables.mdb and in images: its key, and its value with a
 * checksum in front. */

enum { ROW_KEY_BYTES = 9, ROW_VALUE_MAX = 4 + ACD_RECORD_MAX };

struct row_key {
    uint8_t bytes[ROW_KEY_BYTES];
};

static inline struct store_bytes row_key(struct row_key *k, enum acd_table table, uint64_t key)
{
    k->bytes[0] = (uint8_t)table;
    store_be64(k->bytes + 1, key);
    return (struct store_bytes){k->bytes, sizeof k->bytes};
}

/* Writes an engine's row as a value. Returns its bytes, 0 when there is no such row. */
size_t row_value(const struct acd_engine *e, enum acd_table table, uint64_t key,
                 uint8_t out[ROW_VALUE_MAX]);

struct row {
    enum acd_table table;
    uint64_t key;
    const uint8_t *record;
    size_t len;
};

/* Reads one. False when it is damaged. */
bool row_read(struct store_bytes key, struct store_bytes value, struct row *out);

/* Whether two records say the same, as far as an older one of them goes: of fields added since, and
 * of their texts, which come last, it says nothing. */
bool record_same(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);

/* Puts a row into an engine; the errors are those of acd_load_row(). */
static inline int row_load(struct acd_engine *e, const struct row *r)
{
    return acd_load_row(e, r->table, r->key, r->record, r->len);
}

#endif
