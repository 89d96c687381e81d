#ifndef ACD_QUEUELOG_H
#define ACD_QUEUELOG_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/acd_client.h"
#include "tools/queuelog/centre.h"
#include "tools/queuelog/sink.h"

/* acd-queuelog: what happens in acdd as lines of Asterisk's queue_log, for the tools that read it.
 *
 * Happy path: events are read out of the daemon's journal, each once and in order, and folded into
 * a small picture of the centre (centre.h), which is what a line needs besides its event. What is
 * published only wakes us up, so nothing is ever written that a power cut could undo. Lines depend
 * on nothing but the journal, so they can be made again: now and then the picture, the position in
 * the journal and the length of the log are kept in a file beside it; whoever starts makes the
 * lines since then again, finds those that stand in the log already, one by one, and goes on behind
 * them.
 *
 * Failure modes: killed: as told; a line that is half written is completed. The log renamed: a new
 * one is begun; one that was renamed while nobody was there is finished first. No daemon: we wait.
 * The journal goes no longer back so far, or the daemon has another history: said, and a log that
 * begins anew, by QUEUESTART. The log is not what we wrote: we stop, for nothing could be promised.
 */

struct queuelog {
    const char *url, *pub_url;
    struct acd_client *client;
    struct acd_observer *observer;
    struct centre centre;
    struct sink sink;

    /* The last event folded, all 0 before the first: by its epoch and time it is recognized. `next`
     * is where to go on; codes that this version does not know lie between the two, at most. */
    struct acd_position position;
    acd_time position_at;
    uint64_t next;

    acd_time opening; /* QUEUESTART and who is there are still to be written, as of then; or 0 */
    bool silent;      /* folds without writing: what the picture shows already */
    bool known;       /* there is a picture */
    bool sure;        /* since we connected the journal was seen to have our last event */
    bool behind;      /* the journal has more already */
    uint64_t head;    /* sequence of the last event that was published, durable or not */
    int error;        /* the last one that was told, so that each is told once */

    uint64_t kept_next;   /* what the file beside the log says */
    uint64_t kept_length; /* of the log, then */
    acd_time kept_at;
};

/* Writes to stderr, a line "acd-queuelog: ..."; the second one ends the program with status 1. */
void queuelog_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void queuelog_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Microseconds that only grow, of this process. */
acd_time queuelog_clock(void);

/* ---- fold.c: events into lines -------------------------------------------------------------- */

/* Takes the event into the picture and writes what Asterisk would have written. */
void fold_event(struct queuelog *q, acd_time at, uint64_t sequence, const struct acd_event *event);

/* QUEUESTART, and ADDMEMBER of everybody who is at work. */
void fold_opening(struct queuelog *q);

/* ---- follow.c: the journal ------------------------------------------------------------------ */

/* Takes in a page of what the journal has behind `next`, and says by `behind` whether there was
 * any. Errors: those of acd_client_replay and acd_client_list. */
int follow(struct queuelog *q);

/* ---- picture.c: a centre that is there already ---------------------------------------------- */

/* Where in the journal a picture was taken: it is true once that has been folded. */
struct picture_span {
    uint64_t durable; /* the last event that was in the journal before */
    uint64_t upto;    /* and the last one that may be in the picture */
};

/* Asks for everything there is, and sets `next` and `opening`. Errors: those of acd_client_list. */
int picture_take(struct queuelog *q, struct picture_span *span);

/* ---- keep.c: the file beside the log -------------------------------------------------------- */

/* Reads it, if there is one; false: there is none. Dies when it cannot be read. */
bool keep_load(struct queuelog *q);

/* Makes the log safe on the disk and then says so in the file. `last`: nothing more is written. */
void keep_save(struct queuelog *q, bool last);

#endif
