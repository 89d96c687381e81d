#include <errno.h>
#include <string.h>

#include "persist/crc32c.h"
#include "persist/image.h"
#include "persist/persist.h"

/* Reading images.
 *
 * Happy path: the head, the rows in order, the checksum of it all. Failure modes: the file is cut
 * short, a bit has changed, it is of a later version: told, with what to do. */

static int damaged(const struct image_reader *r)
{
    return persist_fault(NULL, ACD_INVALID, "%s: is damaged; restore a backup", r->path);
}

int image_open(struct image_reader *r, const char *directory, uint64_t sequence)
{
    image_path(r->path, directory, sequence);
    r->read = 0;
    r->file = fopen(r->path, "re");
    if (r->file == NULL)
        return persist_file_error(NULL, r->path, "cannot be read");
    if (fread(&r->head, sizeof r->head, 1, r->file) == 1 &&
        memcmp(r->head.magic, "acdimage", sizeof r->head.magic) == 0 &&
        r->head.format > FORMAT_VERSION) {
        image_close(r);
        return persist_fault(NULL, ACD_VERSION, "%s: is of format %u; use a later version", r->path,
                             r->head.format);
    }
    if (ferror(r->file) || feof(r->file) || r->head.sequence != sequence ||
        r->head.crc != crc32c(0, &r->head, offsetof(struct format_image, crc)) ||
        memcmp(r->head.magic, "acdimage", sizeof r->head.magic) != 0) {
        image_close(r);
        return damaged(r);
    }
    r->crc = crc32c(0, &r->head, sizeof r->head);
    return ACD_OK;
}

void image_close(struct image_reader *r)
{
    (void)fclose(r->file);
}

static int image_end(struct image_reader *r)
{
    uint32_t crc;

    if (fread(&crc, sizeof crc, 1, r->file) != 1 || crc != r->crc || r->read != r->head.rows)
        return damaged(r);
    return 0;
}

int image_next(struct image_reader *r, struct row *row)
{
    uint32_t len;

    if (fread(&len, sizeof len, 1, r->file) != 1)
        return damaged(r);
    r->crc = crc32c(r->crc, &len, sizeof len);
    if (len == UINT32_MAX)
        return image_end(r);
    if (len > ROW_VALUE_MAX || fread(r->key, sizeof r->key, 1, r->file) != 1 ||
        fread(r->value, 1, len, r->file) != len)
        return damaged(r);
    r->crc = crc32c(crc32c(r->crc, r->key, sizeof r->key), r->value, len);
    if (!row_read((struct store_bytes){r->key, sizeof r->key}, (struct store_bytes){r->value, len},
                  row))
        return damaged(r);
    r->read++;
    return 1;
}

static int load(struct acd_engine *e, struct image_reader *r)
{
    struct row row = {.len = 0};
    int next;

    while ((next = image_next(r, &row)) > 0) {
        int error = row_load(e, &row);

        if (error != ACD_OK)
            return persist_fault(NULL, error, "%s: a row cannot be taken: %s", r->path,
                                 acd_error_text(error));
    }
    if (next == 0)
        acd_load_end(e);
    return next;
}

int image_engine(struct acd_engine **out, const char *directory, uint64_t sequence, uint32_t epoch)
{
    struct acd_config config = {.epoch = epoch};
    struct image_reader r;
    int error;

    *out = NULL;
    error = image_open(&r, directory, sequence);
    if (error != ACD_OK)
        return error;
    memcpy(&config.limits, r.head.limits, sizeof config.limits);
    error = acd_open(out, &config);
    error = error == ACD_OK ? load(*out, &r)
                            : persist_fault(NULL, error, "the engine: %s", acd_error_text(error));
    image_close(&r);
    if (error != ACD_OK) {
        acd_close(*out);
        *out = NULL;
    }
    return error;
}
