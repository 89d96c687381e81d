#include "persist/format.h"

#include <stddef.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "persist/crc32c.h"

/* The rows under "store", and the heads of batches, with their checksums. */

const char *const tables_names[TABLES_COUNT] = {"meta", "rows"};
const char *const journal_names[JOURNAL_COUNT] = {"meta", "batches"};
const char *const history_names[HISTORY_COUNT] = {"meta", "visits", "heads", "intervals", "folds"};

static const struct store_bytes META_KEY = {"store", 5};

/* The checksum of a row of which `at` is where it stands. */
static uint32_t seal_of(const void *row, size_t len, size_t at)
{
    uint8_t copy[sizeof(struct format_meta)];

    ACD_ASSERT(len <= sizeof copy);
    memcpy(copy, row, len);
    memset(copy + at, 0, sizeof(uint32_t));
    return crc32c(0, copy, len);
}

int format_meta_put(struct store_txn *t, struct format_meta meta)
{
    meta.format = FORMAT_VERSION;
    meta.crc = seal_of(&meta, sizeof meta, offsetof(struct format_meta, crc));
    return store_put(t, TABLES_META, META_KEY, (struct store_bytes){&meta, sizeof meta});
}

int format_mark_put(struct store_txn *t, struct format_mark mark)
{
    mark.format = FORMAT_VERSION;
    mark.crc = seal_of(&mark, sizeof mark, offsetof(struct format_mark, crc));
    return store_put(t, JOURNAL_META, META_KEY, (struct store_bytes){&mark, sizeof mark});
}

static int row_get(struct store_txn *t, void *out, size_t len, size_t at, uint32_t *format)
{
    struct store_bytes value;
    uint32_t crc;
    int error = store_get(t, TABLES_META, META_KEY, &value);

    *format = 0;
    if (error != 0)
        return error;
    if (value.len >= sizeof *format)
        memcpy(format, value.data, sizeof *format);
    if (*format > FORMAT_VERSION)
        return STORE_VERSION;
    if (*format == 0 || value.len < len)
        return store_damaged(t, "its meta row");
    memcpy(out, value.data, len);
    memcpy(&crc, (const uint8_t *)value.data + at, sizeof crc);
    return crc == seal_of(out, len, at) ? 0 : store_damaged(t, "its meta row");
}

int format_meta_get(struct store_txn *t, struct format_meta *out, uint32_t *format)
{
    return row_get(t, out, sizeof *out, offsetof(struct format_meta, crc), format);
}

int format_mark_get(struct store_txn *t, struct format_mark *out, uint32_t *format)
{
    return row_get(t, out, sizeof *out, offsetof(struct format_mark, crc), format);
}

/* Format 1 had a zero in the place of `bytes`, outside of the checksum. */
static uint32_t batch_crc(const struct format_batch *b)
{
    uint32_t crc = crc32c(0, b, offsetof(struct format_batch, crc));

    return b->format == 1 ? crc : crc32c(crc, &b->bytes, sizeof b->bytes);
}

struct format_batch format_batch_head(uint32_t epoch, uint64_t last_sequence, size_t bytes)
{
    struct format_batch b = {.format = FORMAT_VERSION,
                             .epoch = epoch,
                             .last_sequence = last_sequence,
                             .bytes = (uint32_t)bytes};

    b.crc = batch_crc(&b);
    return b;
}

bool format_batch_read(struct store_bytes value, struct format_batch *out)
{
    if (value.len < sizeof *out)
        return false;
    memcpy(out, value.data, sizeof *out);
    return out->format >= 1 && out->format <= FORMAT_VERSION && out->crc == batch_crc(out);
}
