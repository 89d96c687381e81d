#ifndef ACD_PERSIST_PRIVATE_H
#define ACD_PERSIST_PRIVATE_H

#include <pthread.h>

#include "persist/acd_persist.h"
#include "persist/background.h"
#include "persist/format.h"
#include "persist/history.h"
#include "persist/image.h"
#include "persist/journal.h"
#include "persist/ring.h"
#include "persist/store.h"

enum { PERSIST_PATH_MAX = 256, PERSIST_ERROR_MAX = 1024 };

/* What a persist is. The loop touches the ring's head. Behind it work two: the committer, from the
 * ring into the journal, and the follower, from there into rows, history and images; each file is
 * written by one of them. They share the atomics and what stands under `lock`. */
struct acd_persist {
    struct acd_persist_options options;
    char directory[PERSIST_PATH_MAX], ring_path[PERSIST_PATH_MAX + 64];
    int lock_fd; /* holds the directory's lock */
    struct format_meta meta;
    struct acd_persist_recovery recovery;

    struct ring ring; /* frames before `read` are committed, those before tail followed too */
    bool recovered;   /* all that was found is loaded and in the journal */

    /* The committer's. */
    struct store *journal;
    struct journal_batch batch; /* being committed */
    uint64_t committed;         /* last sequence in the journal */
    uint64_t trimmed;           /* batches up to this sequence are gone ... */
    uint64_t trimmed_behind;    /* ... all that this image needs no more */
    acd_time commit_at;         /* monotonic: when the next commit is due */

    /* The follower's. */
    struct store *tables, *history_store;
    struct acd_engine *follower; /* fed with what is committed */
    struct history history;
    struct image_writer image;
    struct image_list images;                      /* kept */
    bool trim_history, trim_intervals, trim_folds; /* there is more to drop */
    bool keep_days;                                /* there may be one to be kept */
    acd_time checkpoint_at, image_at, flush_at;    /* monotonic: when the next is due */
    bool failed;                                   /* something, since the last checkpoint */
    int image_error; /* of the last image, until one is whole; 0: none */

    _Atomic uint64_t durable;    /* last sequence committed */
    _Atomic uint64_t followable; /* bytes of the ring before it are committed */
    _Atomic uint64_t kept;       /* sequence of the oldest image: the journal behind it may go */
    _Atomic uint64_t appended;   /* last sequence appended */

    pthread_mutex_t lock;
    pthread_cond_t wake, done; /* of the committer; of those who wait for it */
    pthread_cond_t watch;      /* of who watches over both */
    bool running, stopping;
    bool hurried; /* the committer is not to rest */
    pthread_t committer, following, watching;
    struct background committer_place, follower_place; /* under lock */
    atomic_bool asleep; /* written under lock: the committer is, until something is appended */
    uint64_t to_follow; /* under lock: so far the follower has to come in the ring ... */
    acd_time to_follow_since; /* ... since then, monotonic */
    acd_time urgent_until;    /* under lock; monotonic: so long the committer is as its host */
    acd_persist_durable_cb on_durable;
    void *on_durable_ctx;

    struct acd_persist_figures figures; /* under lock */
    int commit_error, follow_error;     /* under lock; of the last rounds */
    acd_time gathered_at; /* under lock; monotonic: all appended before is durable, but for what
                             woke the committer then */
    char error[PERSIST_ERROR_MAX]; /* under lock */
    char told[PERSIST_ERROR_MAX];  /* what acd_persist_error() gave last */
};

/* Monotonic microseconds, and as the system's calls have such a moment. */
acd_time persist_clock(void);
struct timespec persist_moment(acd_time at);

/* ---- error.c: sentences -----------------------------------------------------------------------
 */

/* Says what is wrong, for acd_persist_error(); returns `error`. With p NULL: for
 * acd_persist_error(NULL), of this thread. */
int persist_fault(struct acd_persist *p, int error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The ACD error of a store's, which this thread has just met, and its sentence with advice. */
int persist_store_error(struct acd_persist *p, int error);

/* The same of a file's: errno tells. */
int persist_file_error(struct acd_persist *p, const char *path, const char *what);

/* ---- transact.c: writing, whatever it takes ----------------------------------------------------
 */

/* One transaction: `fill` puts, and may be called again, since a full map is raised and a broken
 * store is opened again. Returns an ACD error, with its sentence. */
int persist_transact(struct acd_persist *p, struct store *s,
                     int (*fill)(struct acd_persist *p, struct store_txn *t, void *ctx), void *ctx);

/* ---- identity.c: whose files they are ----------------------------------------------------------
 */

/* Reads the meta rows; a new directory gets them, the images' directory included. */
int persist_identify(struct acd_persist *p);

/* Read the meta row of tables.mdb, or of another store; *there: it has one. p may be NULL. */
int persist_meta_read(struct acd_persist *p, const char *directory, struct store *s,
                      struct format_meta *out, bool *there);
int persist_mark_read(struct acd_persist *p, const char *directory, struct store *s,
                      const char *file, struct format_mark *out, bool *there);
int persist_meta_write(struct acd_persist *p);
int persist_meta_put(struct acd_persist *p, struct store_txn *t, void *none);
void persist_boot_id(uint8_t out[RING_ID_BYTES]);
void persist_ring_path(struct acd_persist *p);

/* ---- copy.c: INVALID when the directory is a copy that was not finished ------------------------
 */
int persist_copy_is_whole(struct acd_persist *p, const char *directory);

/* ---- recover.c --------------------------------------------------------------------------------
 */

/* Tells the host how far a start is; nothing once it is over. */
void persist_progress(struct acd_persist *p, const char *what, uint64_t done, uint64_t total);

/* Loads rows and journal into the follower and the live engine, which have the limits `now`, and
 * the ring into the live one. */
int persist_recover(struct acd_persist *p, struct acd_engine *live, const struct acd_limits *now);

/* ---- ring_find.c ------------------------------------------------------------------------------
 */

/* Finds the ring of the last run and looks through it. With none of use, p->ring.header is NULL.
 * *lost: a part of the history is gone. Errors: STATE, unless accept_loss. */
int persist_ring_find(struct acd_persist *p, const uint8_t boot[RING_ID_BYTES], bool *lost);

/* A ring to go on with, empty, and a meta row that says the store is in use. What the old one held
 * is in the journal. */
int persist_ring_ready(struct acd_persist *p, const uint8_t boot[RING_ID_BYTES]);

/* ---- checkpoint.c ------------------------------------------------------------------------------
 */

/* Writes the follower's changed rows down, and the meta row; all rows with `whole`. */
int persist_checkpoint(struct acd_persist *p, bool whole);

/* ---- follow.c ----------------------------------------------------------------------------------
 */

/* Feeds an engine with a frame, noting what visits it ends. Errors: BUSY (what waits of history is
 * to be written first; nothing was done), those of acd_apply_frame(). */
int follow_frame(struct acd_engine *e, struct history *h, const struct acd_frame *frame);

/* Feeds the follower with what the ring holds of committed frames, and gives that back. */
int persist_follow(struct acd_persist *p);

/* Writes down what waits of history, which is whole up to a sequence then. */
int persist_history_flush(struct acd_persist *p, uint64_t upto);

/* ---- worker.c ----------------------------------------------------------------------------------
 */

/* If the committer is asleep, it no longer is. */
void persist_wake(struct acd_persist *p);

/* Waits for the end of both rounds, if there are threads. */
void persist_workers_stop(struct acd_persist *p);

/* ---- commit.c ----------------------------------------------------------------------------------
 */

/* Commits what the ring holds; returns the events, or an error. */
int persist_commit(struct acd_persist *p);

/* One slice of dropping what is not needed any more. */
int persist_journal_trim(struct acd_persist *p);
int persist_history_trim(struct acd_persist *p);

/* ---- pictures of the whole state: snapshot.c
 * ----------------------------------------------------- */

/* One slice of writing an image, when one is due. */
int persist_image(struct acd_persist *p);

/* Whether the images there are are of engines with the limits of now. */
bool persist_images_fit(struct acd_persist *p);

/* Drops the images there are for one of the state as it stands in tables.mdb. */
int persist_image_anew(struct acd_persist *p);

static inline void persist_phase_begin(struct acd_persist *p, enum ring_phase phase)
{
    if (p->ring.header != NULL)
        ring_phase_begin(&p->ring, phase);
}

static inline void persist_phase_end(struct acd_persist *p, enum ring_phase phase)
{
    if (p->ring.header != NULL)
        ring_phase_end(&p->ring, phase);
}

#endif
