#ifndef ACD_BENCH_JOURNAL_PLAIN_H
#define ACD_BENCH_JOURNAL_PLAIN_H

#include <stddef.h>
#include <stdint.h>

/* Plain LMDB as the floor: the batches that a daemon's journal got are written again into an empty
 * file beside it, byte for byte, in as many transactions as they came in, each on the disk when it
 * ends. */

struct plain;

/* Both in this directory: journal.mdb, and the file that is written. */
struct plain *plain_open(const char *directory);
void plain_close(struct plain *p);

/* Takes the batches, of *bytes, that the journal has got since the last time. */
void plain_gather(struct plain *p, size_t *bytes);

/* Writes what was taken in so many transactions, evenly; returns the nanoseconds that took. */
uint64_t plain_write(struct plain *p, size_t transactions);

#endif
