#ifndef ACD_LOG_H
#define ACD_LOG_H

/* Structured logs: one line an event on standard error, in logfmt:
 *
 *     ts=2026-03-01T09:30:00.123Z level=info event=listening url=ipc:///run/acd/acd.sock
 *
 * The event is a fixed word, what varies stands in key=value pairs.
 *
 * Failure modes: nobody reads what is written, and the pipe is full: lines are dropped, for nobody
 * waits for the log, and the next that is written says how many. */

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* What is written from now on; more important levels always are. */
void log_level_set(enum log_level level);

/* The level of a name ("error", "warn", "info", "debug"), or -1. */
int log_level_named(const char *name);

/* Writes a line. `pairs` is the format of the key=value pairs, possibly empty; a text that may hold
 * spaces is to be quoted by the format: url=\"%s\". */
void log_line(enum log_level level, const char *event, const char *pairs, ...)
    __attribute__((format(printf, 3, 4)));

#endif
