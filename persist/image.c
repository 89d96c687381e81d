#include "persist/image.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "persist/crc32c.h"
#include "persist/persist.h"

/* Writing images, and knowing which there are.
 *
 * Happy path: a file of another name grows by a slice a round, each on the disk before the next;
 * when it is whole it gets its name, and the oldest goes.
 *
 * Failure modes: a kill leaves the unfinished file, which nobody takes for an image and the next
 * one overwrites. The disk is full, or the map of the tables must be raised meanwhile: the image is
 * given up, and its file goes. */

enum { SLICE_BYTES = 1 << 20 };

static const char MAGIC[8] = "acdimage";
static const char UNFINISHED[] = "image.unfinished";
static const uint32_t END_OF_ROWS = UINT32_MAX;

void image_path(char out[IMAGE_PATH_MAX], const char *directory, uint64_t sequence)
{
    snprintf(out, IMAGE_PATH_MAX, "%.256s/image-%020" PRIu64, directory, sequence);
}

static void unfinished_path(char out[IMAGE_PATH_MAX], const char *directory)
{
    snprintf(out, IMAGE_PATH_MAX, "%.256s/%s", directory, UNFINISHED);
}

int directory_sync(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = fd < 0 || fsync(fd) < 0, error = errno;

    if (fd >= 0)
        close(fd);
    errno = error;
    return failed ? -1 : 0;
}

/* ---- writing ------------------------------------------------------------------------------ */

static int write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

static void writer_end(struct image_writer *w)
{
    store_abort(w->rows);
    if (w->fd >= 0)
        close(w->fd);
    free(w->slice);
    w->rows = NULL;
}

void image_abandon(struct image_writer *w)
{
    char path[IMAGE_PATH_MAX];

    if (w->rows == NULL)
        return;
    writer_end(w);
    unfinished_path(path, w->directory);
    (void)unlink(path);
}

/* Gives up; returns the error, with its sentence. */
static int image_failed(struct image_writer *w, struct acd_persist *p)
{
    char path[IMAGE_PATH_MAX];
    int error;

    unfinished_path(path, w->directory);
    error = persist_file_error(p, path, "the image cannot be written");
    image_abandon(w);
    return error;
}

int image_begin(struct image_writer *w, struct acd_persist *p, const char *directory,
                struct store_txn *rows, const struct format_image *head)
{
    char path[IMAGE_PATH_MAX];

    snprintf(w->directory, sizeof w->directory, "%s", directory);
    unfinished_path(path, directory);
    w->rows = rows;
    w->written = 0;
    w->head = *head;
    memcpy(w->head.magic, MAGIC, sizeof MAGIC);
    w->head.format = FORMAT_VERSION;
    w->head.rows = store_count(rows, TABLES_ROWS);
    w->head.crc = crc32c(0, &w->head, offsetof(struct format_image, crc));
    w->crc = crc32c(0, &w->head, sizeof w->head);
    w->slice = malloc(SLICE_BYTES + ROW_VALUE_MAX + 64);
    w->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (w->slice == NULL || w->fd < 0 ||
        write_all(w->fd, (const uint8_t *)&w->head, sizeof w->head) < 0)
        return image_failed(w, p);
    return ACD_OK;
}

/* The first row, or the one behind the last one written. */
static int row_next(struct image_writer *w, struct store_bytes *key, struct store_bytes *value)
{
    if (w->written > 0)
        return store_next(w->rows, TABLES_ROWS, key, value);
    return store_at_or_after(w->rows, TABLES_ROWS, (struct store_bytes){NULL, 0}, key, value);
}

/* Fills the slice with rows. Returns its bytes; *end when there are no more rows. */
static size_t slice_fill(struct image_writer *w, bool *end)
{
    struct store_bytes key, value;
    size_t used = 0;

    *end = false;
    while (used < SLICE_BYTES && !*end) {
        uint32_t len = END_OF_ROWS;

        *end =
            row_next(w, &key, &value) != 0 || key.len != ROW_KEY_BYTES || value.len > ROW_VALUE_MAX;
        if (*end)
            break;
        len = (uint32_t)value.len;
        memcpy(w->slice + used, &len, sizeof len);
        memcpy(w->slice + used + 4, key.data, ROW_KEY_BYTES);
        memcpy(w->slice + used + 4 + ROW_KEY_BYTES, value.data, value.len);
        used += 4 + ROW_KEY_BYTES + value.len;
        w->written++;
    }
    w->crc = crc32c(w->crc, w->slice, used);
    if (!*end)
        return used;
    memcpy(w->slice + used, &END_OF_ROWS, 4);
    w->crc = crc32c(w->crc, w->slice + used, 4);
    memcpy(w->slice + used + 4, &w->crc, 4);
    return used + 8;
}

static int image_name(struct image_writer *w, struct acd_persist *p)
{
    char from[IMAGE_PATH_MAX], to[IMAGE_PATH_MAX];

    unfinished_path(from, w->directory);
    image_path(to, w->directory, w->head.sequence);
    if (w->written != w->head.rows) {
        image_abandon(w);
        return persist_fault(p, ACD_INVALID, "%s/tables.mdb: a row is damaged; restore a backup",
                             w->directory);
    }
    if (rename(from, to) < 0 || directory_sync(w->directory) < 0)
        return image_failed(w, p);
    writer_end(w);
    return 1;
}

int image_slice(struct image_writer *w, struct acd_persist *p)
{
    bool end;
    size_t len = slice_fill(w, &end);

    if (write_all(w->fd, w->slice, len) < 0 || fdatasync(w->fd) < 0)
        return image_failed(w, p);
    return end ? image_name(w, p) : 0;
}

/* ---- those that there are ---------------------------------------------------------------------
 */

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static bool sequence_of(const char *name, uint64_t *sequence)
{
    char *end;

    if (strncmp(name, "image-", 6) != 0 || strlen(name) != 26)
        return false;
    errno = 0;
    *sequence = strtoull(name + 6, &end, 10);
    return *end == '\0' && errno == 0;
}

int image_list(struct image_list *l, struct acd_persist *p, const char *directory)
{
    DIR *d = opendir(directory);
    struct dirent *entry;

    l->count = 0;
    if (d == NULL)
        return persist_file_error(p, directory, "cannot be listed");
    while (l->count < IMAGES_MAX && (entry = readdir(d)) != NULL)
        l->count += sequence_of(entry->d_name, &l->sequences[l->count]);
    closedir(d);
    qsort(l->sequences, l->count, sizeof l->sequences[0], ascending);
    return ACD_OK;
}

void image_prune(struct image_list *l, const char *directory, size_t keep)
{
    char path[IMAGE_PATH_MAX];
    size_t drop = l->count > keep ? l->count - keep : 0;

    for (size_t i = 0; i < drop; i++) {
        image_path(path, directory, l->sequences[i]);
        (void)unlink(path);
    }
    l->count -= drop;
    memmove(l->sequences, l->sequences + drop, l->count * sizeof l->sequences[0]);
}
