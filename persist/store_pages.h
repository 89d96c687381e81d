#ifndef ACD_STORE_PAGES_H
#define ACD_STORE_PAGES_H

#include <stdbool.h>

/* Looks at the pages of an LMDB file before LMDB, which trusts them, follows one out of the file.
 * Every page that the newest snapshot reaches is there, is what it is taken for, and is reached
 * once; with `leaves` false only those that lead to others are read, which is quick however large
 * the file. The caller holds a read transaction, or is alone. Returns NULL, or what is wrong; then
 * errno is 0, or why the file could not be read. */
const char *store_pages_check(int fd, bool leaves);

#endif
