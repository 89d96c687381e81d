#ifndef ACD_QUEUELOG_SINK_H
#define ACD_QUEUELOG_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The log, as a file that grows. It is told all lines from a certain length on, also those that
 * stand there already: these are compared, byte by byte, and what comes behind them is written. So
 * a line is there once however often it is told, and half a line is completed.
 *
 * Happy path: lines gather and are written by sink_flush. A log that was renamed is left, and a new
 * one begun, by sink_turn, but not before all that stood in it has been told again.
 *
 * Failure modes: the log has other bytes than it is told, is shorter than it was, or cannot be
 * written: the program ends and says so. */

struct sink {
    const char *path;
    int fd;
    uint64_t inode;
    uint64_t length; /* of what was told, and stands in the file */
    char *tail;      /* what stands behind that, until it has been told */
    size_t tail_len, tail_at;
    char *out; /* lines not written yet */
    size_t out_len, out_room;
};

/* Opens the log at its end, whatever is in it; half a line there is ended. */
void sink_open(struct sink *s, const char *path);

/* Opens the log of this inode, under its name or the one that it was given since, to be told all
 * from `length` on. `whole`: it was that long when it was left, so when it is gone a new one is
 * begun. */
void sink_reopen(struct sink *s, const char *path, uint64_t inode, uint64_t length, bool whole);

/* What stands in the log already is told no more: what comes now is written behind it. */
void sink_skip(struct sink *s);

void sink_put(struct sink *s, const char *line, size_t len);
void sink_flush(struct sink *s);

/* Makes what was told safe on the disk. */
void sink_sync(struct sink *s);

/* Begins a new log when the present one has another name by now; says whether it did. */
bool sink_turn(struct sink *s);

void sink_close(struct sink *s);

#endif
