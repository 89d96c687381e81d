#ifndef PLAY_TRACE_H
#define PLAY_TRACE_H

#include "tools/play_day.h"

/* Traces of real call centres: a line a call, tab separated, the first line naming the fields. Used
 * are vru+line and call_id (with date the call's key), priority, type, date, vru_entry, vru_exit,
 * q_start, q_time, outcome, ser_start, ser_exit, ser_time and server, in any order. Times are
 * h:mm:ss, durations whole seconds, dates yymmdd.
 *
 * A day of it is played like this: agents are the day's servers, each there from its first
 * ser_start to its last ser_exit; a queue for each type, IN with the agents who served IN that day,
 * the others sharing the rest. A call arrives at q_start (0:00:00: it went straight to an agent; at
 * vru_exit then) and talks for ser_time; a HANG call leaves after q_time unless an agent took it,
 * and then talks for its type's median. Priority 2 is a head start of 90 s. PHANTOM calls and HANG
 * calls that never reached the queue are left out. */

enum trace_outcome { TRACE_AGENT, TRACE_HANG };

struct trace_row {
    char key[32]; /* vru+line, call_id */
    char type[8], date[8], server[DAY_NAME_MAX];
    enum trace_outcome outcome;
    uint32_t priority;
    uint32_t arrives, ser_start, ser_exit; /* seconds since the midnight before */
    uint32_t q_time, ser_time;
};

struct trace {
    struct trace_row *rows; /* but those left out */
    size_t count, room;
    size_t left_out;
};

/* Reads a file; whatever is wrong with it ends the program, with file and line. */
void trace_read(struct trace *t, const char *path);
void trace_fini(struct trace *t);

/* The date behind `date` ("": the first one), in the order of the file's dates; NULL: no more. */
const char *trace_date_after(const struct trace *t, const char *date);

/* Makes the script of a date. */
void trace_day(const struct trace *t, const char *date, struct day *d);

/* Writes a made-up trace of some days in the same format. Exits when the file cannot be written. */
void trace_write(const char *path, uint64_t seed, uint32_t days, uint32_t calls);

#endif
