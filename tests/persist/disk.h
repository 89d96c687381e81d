#ifndef ACD_TESTS_DISK_H
#define ACD_TESTS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A disk that is watched. The executable that this is linked into has open, write, fdatasync,
 * rename and the like of its own, which do what libc's do, and write down what is done to the files
 * of one directory: LMDB, being a shared library, uses them too. From what was written down the
 * directory is made anew as a power cut would have left it; and a call can be made to fail.
 *
 * One directory is watched at a time. Time, random bytes and the boot's id are the test's too. */

enum disk_kind {
    DISK_WRITE,
    DISK_SIZE, /* cut to `offset` bytes, or made as long with zeros */
    DISK_NAME, /* `name` is the file's, or the directory's, from now on */
    DISK_RENAME,
    DISK_UNLINK,
    DISK_SYNC,   /* of a file or a directory */
    DISK_THROUGH /* a write through O_DSYNC, which was the operation before, is on the disk */
};

enum { DISK_NAME_MAX = 64 };

/* What the test wants to know of the moment before each operation. */
struct disk_mark {
    uint64_t durable, appended;
    uint64_t in_time; /* of `appended`, when the last commit that has ended began */
    uint32_t epoch;
    bool opening;
};

struct disk_op {
    enum disk_kind kind;
    uint32_t file; /* of names: the directory that they stand in */
    uint32_t named;
    size_t offset, len;
    uint8_t *bytes;
    char name[DISK_NAME_MAX], from[DISK_NAME_MAX]; /* below the directory watched */
    size_t settled; /* the operation that put it on the disk for good, or SIZE_MAX */
    bool stale;     /* a sync that should have settled it failed: no later one will */
    struct disk_mark mark;
};

struct disk_log {
    struct disk_op *ops;
    size_t count, room;
    size_t begin; /* the operations before it make what was there when the watch began */
    uint32_t files;
};

/* Watches a directory, which and whose files stand on the disk by now; `mark` is asked before each
 * operation. Then what was done to it. */
void disk_watch(const char *directory, struct disk_mark (*mark)(void *ctx), void *ctx);
struct disk_log disk_unwatch(void);

/* Operations so far. */
size_t disk_operations(void);
void disk_log_free(struct disk_log *log);

/* ---- power cuts --------------------------------------------------------------------------- */

/* What became of what was not on the disk for good. It needs no order: two writes to one place
 * never change places, so all that counts is which of them arrived. */
enum disk_cut {
    DISK_CUT_NONE, /* nothing arrived */
    DISK_CUT_ALL,
    DISK_CUT_SOME, /* of each file and name some, some of that in part */
    DISK_CUT_TORN, /* all but a part of one write */
    DISK_CUTS
};

/* Makes `directory` what the watched one was after a power cut before operation `at`. Whatever was
 * there is gone. */
void disk_cut(const struct disk_log *log, size_t at, enum disk_cut how, uint64_t seed,
              const char *directory);

/* Removes all there is in a directory. */
void disk_wipe(const char *directory);

/* ---- faults ------------------------------------------------------------------------------- */

enum disk_fault {
    DISK_FAILS, /* nothing is done */
    DISK_SHORT, /* of a write only a part is done, and then nothing */
    DISK_LIES,  /* all is done, and yet it is said to have failed */
    DISK_READS, /* no writes, but reads fail */
};

/* From operation `at` on, counted from 0 now, `count` of those that can fail do so, with `error`.
 */
void disk_fail(size_t at, size_t count, int error, enum disk_fault how);

/* Ends it. How many operations that can fail there have been since. */
size_t disk_fail_end(void);

/* What a file is mapped by at most: more is no memory. 0: no bound. */
extern size_t disk_map_max;

/* ---- the rest of the machine ------------------------------------------------------------------
 */

extern int64_t disk_clock_us;     /* the monotonic clock */
extern unsigned disk_boot;        /* which boot it is */
extern uint64_t disk_random_seed; /* of the bytes that getrandom() gives */

/* The next of a row of random numbers. */
uint32_t disk_draw(uint64_t *seed, uint32_t below);

#endif
