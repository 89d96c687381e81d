#ifndef ACD_TESTS_DISK_RECORD_H
#define ACD_TESTS_DISK_RECORD_H

#include <sys/stat.h>

#include "tests/persist/disk.h"

/* Between the calls and what is written down of them. */

/* The path below the directory watched, or NULL. */
const char *record_below(const char *path);

/* The file of a descriptor, or of an inode; false when it is none of those watched. */
bool record_file(int fd, uint32_t *file);
bool record_inode(ino_t inode, uint32_t *file);

/* The directory that a path below stands in. */
uint32_t record_directory(const char *name);

struct disk_op *record_op(enum disk_kind kind, uint32_t file);
void record_name(const char *name, const struct stat *st);
void record_write(uint32_t file, size_t offset, const void *bytes, size_t len, bool through);

/* All that was done to a file or directory is on the disk for good; or will never surely be. */
void record_sync(uint32_t file, bool failed);

#endif
