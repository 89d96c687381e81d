#ifndef ACD_DURABLE_H
#define ACD_DURABLE_H

#include <stdatomic.h>
#include <uv.h>

#include "daemon/nudge.h"
#include "daemon/reporting.h"
#include "persist/acd_persist.h"
#include "proto/acd_messages.h"

/* The daemon's side of persist/: when the state is kept in a directory, every frame is appended
 * before its reply leaves, and what must be durable first is held (hold.h) until persistence says
 * so.
 *
 * Happy path: a worker's thread commits and wakes the loop, if anybody waits; the loop lets go
 * what is durable. While a commit runs, the next batch fills.
 *
 * Failure modes: the disk falls behind: at a quarter of room in the ring, or in the line of what is
 * held, no more requests are read, until there is a little more; when that takes two seconds those
 * that are asked are told BUSY till then. Deadlines of the engine wait when there is no room at
 * all. The loop never waits for the disk that the directory is on, nor for who reads the log; what
 * it reads itself are the tables of time zones, and its configuration when it is told to. */

struct server;

enum pressure { PRESSURE_NONE, PRESSURE_PAUSED, PRESSURE_REFUSING };

struct durable {
    struct reporting reporting;
    struct acd_persist *persist; /* NULL: in memory only, nothing is ever durable or held */
    struct nudge committed;      /* given if ... */
    _Atomic bool wanted;         /* ... the loop wants to hear of the next commit */
    uint64_t ring_bytes;
    uint64_t turned; /* sequence of the last interval_turned since the start, or 0 */
    int error;       /* of the workers' last rounds, as logged */

    uv_timer_t timer; /* while the disk is behind */
    enum pressure pressure;
    bool pressure_said; /* in the log */
    uint64_t pressed_at_ms;
    uint64_t pauses;  /* times that requests were not read, and */
    uint64_t refused; /* commands answered BUSY, since the start */
};

/* Opens the directory, if there is one, and recovers the engine that stands in it. Logs how far it
 * is once a second, and what it found. Returns 0; or -1 with the reason logged. */
int durable_open(struct server *s);

/* Starts the workers and resolves what fell due while the daemon was down. Returns 0, or -1 with
 * the reason logged. */
int durable_start(struct server *s);

/* The loop is about to close: its handles. */
void durable_handles_close(struct server *s);

/* Commits all, marks a clean stop, closes. The loop is still open, since a worker may wake it until
 * then. Returns 0, or -1 with the reason logged. */
int durable_close(struct server *s);

/* Logs it when the disk begins to fail, and when it is well again. */
void durable_note_error(struct server *s);

/* The last sequence that is safe on the disk; 0 in memory. */
uint64_t durable_sequence(const struct server *s);

/* Whether the last start found a tail lost, and where it was cut. */
bool durable_was_truncated(const struct server *s, struct acd_view_truncated *out);

/* What get_server tells of all this. */
void durable_view(const struct server *s, struct acd_view_server *v);

/* Whether nothing may leave before it is durable. */
bool durable_is_sync(const struct server *s);

/* Whether a command's outcome is held in any mode. */
bool durable_holds_command(uint16_t code);

/* Whether the engine may be asked for one more frame. */
bool durable_has_room(const struct server *s);

/* Whether joined frames of so many bytes may be appended at once. */
bool durable_has_room_for(const struct server *s, size_t bytes);

/* Appends the engine's last frame, joined with the next one or not. There was room. */
void durable_append(struct server *s, bool joined);

/* Before a message of requests, and before deadlines are fired: looks whether the disk keeps up,
 * and pauses reading when not. */
void durable_look(struct server *s);

/* What a turn of the loop ends with: lets go what is durable; if something is left, sees to it that
 * it soon will be. */
void durable_settle(struct server *s);

#endif
