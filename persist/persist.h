#ifndef ACD_PERSIST_PRIVATE_H
#define ACD_PERSIST_PRIVATE_H

#include <pthread.h>

#include "persist/acd_persist.h"
#include "persist/format.h"
#include "persist/ring.h"
#include "persist/store.h"

/* What a persist is. The loop touches the ring's head; all else is the worker's, but for the
 * atomics and what stands under `lock`. */
struct acd_persist {
    struct acd_persist_options options;
    char directory[256], ring_path[320];
    int lock_fd; /* holds the directory's lock */
    struct format_meta meta;
    struct acd_persist_recovery recovery;

    struct ring ring;
    struct store *journal, *tables;
    struct acd_engine *follower;      /* the state after `committed`; fed by the worker */
    uint64_t committed;               /* last sequence in the journal */
    uint64_t trimmed;                 /* batches up to this sequence are gone */
    acd_time checkpoint_at, image_at; /* monotonic: when the next is due */
    uint64_t image_sequence; /* of the oldest image kept; the journal is trimmed behind it */

    _Atomic uint64_t durable;
    _Atomic uint64_t appended; /* last sequence appended */

    pthread_mutex_t lock;
    pthread_cond_t wake, done; /* of the worker; of those who wait for it */
    bool running, stopping, hurried;
    pthread_t thread;
    acd_persist_durable_cb on_durable;
    void *on_durable_ctx;

    struct acd_persist_figures figures; /* under lock */
    acd_time oldest_at;                 /* monotonic: when what waits now was first seen, or 0 */
    char error[768];
};

/* Monotonic microseconds. */
acd_time persist_clock(void);

/* Says what is wrong, for acd_persist_error(); returns `error`. */
int persist_fault(struct acd_persist *p, int error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The ACD error of a store's. */
int persist_store_error(struct acd_persist *p, struct store *s, int error);

/* recover.c: loads rows and journal into an engine; with the ring too into the live one. */
int persist_recover(struct acd_persist *p, struct acd_engine *live);

/* checkpoint.c: writes the follower's changed rows down, and the meta row. */
int persist_checkpoint(struct acd_persist *p);
int persist_meta_write(struct acd_persist *p);

/* worker.c: commits what the ring holds; returns the events, or an error. */
int persist_commit(struct acd_persist *p);

#endif
