#ifndef ACD_STORE_PAGES_H
#define ACD_STORE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

/* Told every few thousand pages; NULL: nobody. */
struct store_pages_watch {
    void (*on_progress)(void *ctx, uint64_t pages, uint64_t of);
    void *ctx;
};

/* Looks at the pages of an LMDB file before LMDB, which trusts them, follows one out of the file.
 * Every page that the newest snapshot reaches is there, is what it is taken for, and is reached
 * once; with `leaves` false only those that lead to others are read, which is quick however large
 * the file. The caller holds a read transaction, or is alone. Returns NULL, or what is wrong; then
 * errno is 0, or why the file could not be read. */
const char *store_pages_check(int fd, bool leaves, struct store_pages_watch watch);

/* Writes both meta pages once more as they are read; to be synced. Returns 0 or an errno. */
int store_pages_settle(int fd, uint32_t page_bytes);

#endif
