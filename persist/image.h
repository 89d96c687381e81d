#ifndef ACD_IMAGE_H
#define ACD_IMAGE_H

#include <stdio.h>

#include "persist/format.h"
#include "persist/rows.h"
#include "persist/store.h"

/* Images: the whole state at one event, each a file of its own beside the stores,
 * image-<sequence>. A fold of the journal can begin at one, so the journal is kept from the oldest
 * of them on. They are what acd_verify() compares with. */

struct acd_persist;

enum { IMAGES_KEPT = 2, IMAGES_MAX = 64, IMAGE_PATH_MAX = 320 };

/* ---- writing ----------------------------------------------------------------------------------
 */

/* An image under way. It reads the rows as they were when it began, so the follower goes on with
 * everything else between two slices. */
struct image_writer {
    struct store_txn *rows; /* NULL: none is under way */
    int fd;
    uint32_t crc;
    uint64_t written; /* rows */
    struct format_image head;
    char directory[256];
    uint8_t *slice;
};

/* Begins one of what `rows` reads, which it takes over and ends, whatever comes. head: epoch,
 * store, sequence and limits are set. Errors: SYSTEM, NO_MEMORY. */
int image_begin(struct image_writer *w, struct acd_persist *p, const char *directory,
                struct store_txn *rows, const struct format_image *head);

/* Writes some more, onto the disk. Returns 1 when the image is whole and has its name, 0 when there
 * is more, or an error, after which none is under way. */
int image_slice(struct image_writer *w, struct acd_persist *p);

/* Gives up the one that is under way, if any: its file goes. */
void image_abandon(struct image_writer *w);

/* ---- those that there are ----------------------------------------------------------------------
 */

struct image_list {
    uint64_t sequences[IMAGES_MAX]; /* ascending */
    size_t count;
};

void image_path(char out[IMAGE_PATH_MAX], const char *directory, uint64_t sequence);

/* Errors: SYSTEM. */
int image_list(struct image_list *l, struct acd_persist *p, const char *directory);

/* Drops all but the newest `keep`. */
void image_prune(struct image_list *l, const char *directory, size_t keep);

/* Makes what was created, renamed or removed in a directory durable. Returns 0 or -1. */
int directory_sync(const char *directory);

/* ---- reading ----------------------------------------------------------------------------------
 */

struct image_reader {
    FILE *file;
    struct format_image head;
    uint32_t crc;
    uint64_t read; /* rows */
    char path[IMAGE_PATH_MAX];
    uint8_t key[ROW_KEY_BYTES], value[ROW_VALUE_MAX];
};

/* Errors, here and below: SYSTEM, INVALID (damaged), VERSION, with their sentence for
 * acd_persist_error(NULL). */
int image_open(struct image_reader *r, const char *directory, uint64_t sequence);

/* The next row to *row, valid until the next call. Returns 1, 0 behind the last row, or an error.
 */
int image_next(struct image_reader *r, struct row *row);

void image_close(struct image_reader *r);

/* Opens an engine of the image's limits, and puts the whole image into it. *out is NULL after an
 * error: those above, NO_MEMORY. */
int image_engine(struct acd_engine **out, const char *directory, uint64_t sequence, uint32_t epoch);

#endif
