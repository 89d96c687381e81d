#ifndef ACD_PERSIST_H
#define ACD_PERSIST_H

#include "engine/acd.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Write-behind persistence for an engine. This header is its manual; FORMAT.md has every byte and
 * every crash.
 *
 *     struct acd_persist *p;
 *     struct acd_engine *e;
 *     acd_persist_open(&p, &e, &(struct acd_persist_options){.directory = "/var/lib/acd"});
 *     acd_persist_start(p, on_durable, ctx);      // its own thread; or call acd_persist_step()
 *     ...
 *     if (!acd_persist_has_room(p)) return busy;
 *     acd_execute(e, now, client, request, &command, &outcome);
 *     acd_persist_append(p, acd_last_frame(e));   // before the reply leaves
 *
 * Appending copies the frame into a ring in shared memory and returns: it never waits for the disk.
 * Behind it one worker drains the ring into LMDB in group commits, and another feeds a second
 * engine with what is committed and writes that one's changed rows down every few seconds, so that
 * a restart is quick.
 *
 * What is promised: after `kill -9` at any moment nothing appended is lost: the ring outlives the
 * process. After a power cut nothing is lost whose sequence acd_persist_durable() had reached. When
 * the tail of a history is lost, the next open begins a new epoch and says so.
 *
 * One thread at a time may use the functions below; the workers' are their own business. */

struct acd_persist;

/* A time zone, and when its days begin, in order and without a gap: from before the first interval
 * on and for as long as its days are to be kept. */
struct acd_fold_zone {
    const char *name;
    const acd_time *days;
    uint32_t count;
};

struct acd_persist_options {
    const char *directory; /* of journal.mdb, tables.mdb, history.mdb and lock; made if missing */
    const char *ring_directory; /* of the ring; default /dev/shm. To be shared memory (tmpfs) */
    size_t ring_bytes;          /* a power of two, default 128 MiB */
    struct acd_limits limits;   /* of the engine; may change from start to start; smaller than the
                                   state found: FULL */
    void *(*take)(size_t bytes, void *ctx); /* where the engines' memory comes from, and goes to, */
    void (*give)(void *memory, size_t bytes, void *ctx); /* as in acd_config; ctx is NULL */
    uint32_t epoch; /* the first of a new directory, default 1: one that no other had, so that who
                       knew another directory in this place sees that its state is gone */
    acd_span commit_interval; /* what async mode may wait before it commits; default 10 ms */
    acd_span
        checkpoint_interval;    /* changed rows are written down at least this often; default 5 s */
    acd_span image_interval;    /* a full image is kept every; default 6 h */
    acd_span history_retention; /* ended calls are forgotten after; default 400 days, -1: never */
    acd_span interval_retention; /* and intervals of queues and agents; default 800 days */
    acd_span fold_retention;     /* and their days; default 3,660 days */
    const struct acd_fold_zone *fold_zones; /* whose days are kept; valid until it is closed */
    size_t fold_zone_count;
    size_t map_bytes; /* the stores' first ceiling, raised when reached; default 16 GiB */
    bool accept_loss; /* open even though the ring that should be there is not */
    void (*on_progress)(void *ctx, const char *what, uint64_t done, uint64_t total); /* or NULL */
    void *ctx;
};

/* Opens the directory, recovers what stands in it, and gives the live engine, which the caller
 * closes before acd_persist_close(). Errors: SYSTEM (what the system says; errno), STATE (another
 * process has the directory; the ring that should be there is not, see accept_loss), VERSION
 * (written by a later version), INVALID (damaged), FULL, NO_MEMORY. acd_persist_error(NULL) has the
 * sentence that says what was wrong, where, and what to do. */
int acd_persist_open(struct acd_persist **out, struct acd_engine **engine,
                     const struct acd_persist_options *options);

/* Commits what is appended, writes everything down, marks a clean stop, and closes. Returns 0, or
 * the error that kept it from that; it is closed in any case. */
int acd_persist_close(struct acd_persist *p);

/* The last error in a sentence that says what to do. With p NULL: the last one that this thread met
 * in a function of this header or of acd_store.h, like a failed open. Never NULL; valid until the
 * next call. */
const char *acd_persist_error(const struct acd_persist *p);

/* What recovery found. */
struct acd_persist_recovery {
    uint64_t rows, journal_events, ring_events;
    bool clean;               /* the last stop was a clean one */
    bool truncated;           /* a tail was lost: the epoch is new, and ... */
    struct acd_position last; /* of the epoch before this one, what was kept of it; without a loss
                                 its number is 0 */
};
struct acd_persist_recovery acd_persist_recovery(const struct acd_persist *p);

/* Whether the ring has room for any one frame. When it has not the disk is behind: ask for nothing
 * more of the engine until it has. */
bool acd_persist_has_room(const struct acd_persist *p);

/* Bytes of the ring that are free, for a host that wants to be warned earlier. */
uint64_t acd_persist_room(const struct acd_persist *p);

/* Appends the frame of a command. There was room (has_room); an empty frame is no frame. */
void acd_persist_append(struct acd_persist *p, struct acd_frame frame);

/* The last sequence that no power cut can take away any more. Any thread. */
uint64_t acd_persist_durable(const struct acd_persist *p);

/* Asks for a commit at once, instead of after commit_interval: somebody waits. Any thread.
 */
void acd_persist_hurry(struct acd_persist *p);

/* Waits until a sequence is durable, for as long as ACD_FOREVER if need be. Without the workers'
 * threads it does rounds instead, as long as they commit something. Errors: TIMEOUT (without
 * threads: no such sequence was appended); instead of it the workers', if they have one. */
int acd_persist_wait(struct acd_persist *p, uint64_t sequence, acd_span timeout);

/* ---- the workers ---------------------------------------------------------------------------- */

/* Called after each commit: from a worker's thread, or, without threads, from within
 * acd_persist_step(), acd_persist_wait() or acd_persist_close(). */
typedef void (*acd_persist_durable_cb)(void *ctx, uint64_t sequence);

/* Starts the two workers' threads, and one that watches over them. The workers take what others
 * leave of scarce processors: the committer as long as nobody hurries it and what is appended is
 * durable in time, the other one until half of the ring is full or it is 5 s behind.
 * That needs the right to become less nice again (RLIMIT_NICE of 20); without it the committer is
 * as its host, the other one nicer by 10. Errors: SYSTEM. */
int acd_persist_start(struct acd_persist *p, acd_persist_durable_cb on_durable, void *ctx);

/* Without threads: who is told of commits; NULL: nobody. */
void acd_persist_on_durable(struct acd_persist *p, acd_persist_durable_cb on_durable, void *ctx);

/* Without threads: one round of both, blocking: commits what there is, and writes down or
 * trims what is due. Returns how many events it committed, or an error: SYSTEM (disk full, I/O),
 * after which the frames wait in the ring and the next round tries again. A round takes a few
 * milliseconds, longer when much has changed since the last checkpoint. */
int acd_persist_step(struct acd_persist *p);

/* Figures for operators. Any thread. */
struct acd_persist_figures {
    uint64_t durable;        /* sequence */
    uint64_t waiting_events; /* appended, not yet durable ... */
    uint64_t waiting_bytes;  /* in the ring, until the second engine has had them */
    acd_span waiting_since;  /* ... the oldest of them at most this long */
    uint64_t ring_bytes;
    bool ring_on_disk; /* its directory is no shared memory: appending may wait for a disk */
    uint64_t commits, commit_events;
    acd_span commit_last, commit_max;
    uint64_t checkpoints, checkpoint_rows;
    acd_span checkpoint_last, checkpoint_max;
    uint64_t images;         /* written since the start */
    uint64_t maps_raised;    /* since the start */
    uint64_t history_rows;   /* visits kept */
    uint64_t journal_oldest; /* the first sequence that acd_journal_read() still has */
    int error;               /* what failed and has not been done since; 0: all is well */
};
struct acd_persist_figures acd_persist_figures(const struct acd_persist *p);

#ifdef __cplusplus
}
#endif

#endif
