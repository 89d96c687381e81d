#ifndef ACD_BENCH_JOURNAL_PLAIN_H
#define ACD_BENCH_JOURNAL_PLAIN_H

#include <stddef.h>
#include <stdint.h>

/* Plain LMDB as the floor: the batches that a daemon's journal got are written again into an empty
 * file beside it, byte for byte, each in a transaction of its own that is on the disk when it
 * ends. */

struct plain;

/* Both in this directory: journal.mdb, and the file that is written. */
struct plain *plain_open(const char *directory);
void plain_close(struct plain *p);

/* Takes what the journal has got since the last time; returns how many batches, of *bytes. */
size_t plain_gather(struct plain *p, size_t *bytes);

/* Writes what was taken; returns the nanoseconds that took. */
uint64_t plain_write(struct plain *p);

#endif
