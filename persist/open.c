#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "persist/persist.h"

/* A directory opened, and closed.
 *
 * Happy path: the lock is ours; the stores open; the ring that belongs to them is found, or there
 * need be none; the state is recovered; what the ring held goes into the journal, and a new ring
 * stands ready.
 *
 * Failure modes: each a sentence that says what to do: another process has the directory; it cannot
 * be written; a store is damaged or of a later version; the ring is missing though this boot had
 * one. An open that fails takes nothing away: the next one finds the same state. */

static const size_t MAP_BYTES = (size_t)16 << 30;
static const size_t RING_BYTES = (size_t)128 << 20;
static const acd_span HOUR = 3600 * ACD_SECOND;

acd_time persist_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (acd_time)t.tv_sec * ACD_SECOND + t.tv_nsec / 1000;
}

struct timespec persist_moment(acd_time at)
{
    return (struct timespec){at / ACD_SECOND, at % ACD_SECOND * 1000};
}

/* ---- pieces of opening ------------------------------------------------------------------------
 */

static int directory_open(struct acd_persist *p)
{
    char path[PERSIST_PATH_MAX + 8];

    if (mkdir(p->directory, 0700) < 0 && errno != EEXIST)
        return persist_file_error(p, p->directory, "cannot be made");
    snprintf(path, sizeof path, "%s/lock", p->directory);
    p->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (p->lock_fd < 0)
        return persist_file_error(p, path, "cannot be opened");
    if (flock(p->lock_fd, LOCK_EX | LOCK_NB) < 0)
        return persist_fault(p, ACD_STATE,
                             "%s: another process has this directory open; stop it first",
                             p->directory);
    return ACD_OK;
}

static void pages_looked_at(void *ctx, uint64_t pages, uint64_t of)
{
    persist_progress(ctx, "pages", pages, of);
}

static int open_store(struct acd_persist *p, struct store **out, const char *file,
                      const char *const *tables, size_t count)
{
    char path[PERSIST_PATH_MAX + 16];
    struct store_options options = {.path = path,
                                    .tables = tables,
                                    .table_count = count,
                                    .map_bytes = p->options.map_bytes,
                                    .large = tables == history_names,
                                    .on_progress = pages_looked_at,
                                    .ctx = p};
    int error;

    snprintf(path, sizeof path, "%s/%s", p->directory, file);
    error = store_open(out, &options);
    return error == 0 ? ACD_OK : persist_store_error(p, error);
}

static int stores_open(struct acd_persist *p)
{
    int error = directory_open(p);

    if (error == ACD_OK)
        error = persist_copy_is_whole(p, p->directory);
    if (error == ACD_OK)
        error = open_store(p, &p->tables, "tables.mdb", tables_names, TABLES_COUNT);
    if (error == ACD_OK)
        error = open_store(p, &p->journal, "journal.mdb", journal_names, JOURNAL_COUNT);
    if (error == ACD_OK)
        error = open_store(p, &p->history_store, "history.mdb", history_names, HISTORY_COUNT);
    if (error == ACD_OK)
        error = persist_identify(p);
    if (error == ACD_OK)
        error = image_list(&p->images, p, p->directory);
    /* What a kill left half done in the directory is for good now: the journal may be trimmed. */
    if (error == ACD_OK && directory_sync(p->directory) < 0)
        error = persist_file_error(p, p->directory, "cannot be made durable");
    return error;
}

static void defaults(struct acd_persist_options *o)
{
    if (o->ring_directory == NULL)
        o->ring_directory = "/dev/shm";
    if (o->ring_bytes == 0)
        o->ring_bytes = RING_BYTES;
    if (o->map_bytes == 0)
        o->map_bytes = MAP_BYTES;
    if (o->epoch == 0)
        o->epoch = 1;
    if (o->commit_interval == 0)
        o->commit_interval = 10 * ACD_MS;
    if (o->checkpoint_interval == 0)
        o->checkpoint_interval = 5 * ACD_SECOND;
    if (o->image_interval == 0)
        o->image_interval = 6 * HOUR;
    if (o->history_retention == 0)
        o->history_retention = 400 * 24 * HOUR;
    if (o->interval_retention == 0)
        o->interval_retention = 800 * 24 * HOUR;
    if (o->fold_retention == 0)
        o->fold_retention = 3660 * 24 * HOUR;
}

static int options_check(struct acd_persist *p, const struct acd_persist_options *o)
{
    const struct acd_limit *wrong = acd_limits_wrong(&o->limits);

    if (wrong != NULL) /* before a new directory takes note of it */
        return persist_fault(p, ACD_INVALID, "limits: %s must be between %" PRIu32 " and %" PRIu32,
                             wrong->name, wrong->least, wrong->greatest);
    if (o->directory == NULL || o->directory[0] == '\0' ||
        strlen(o->directory) >= sizeof p->directory)
        return persist_fault(p, ACD_INVALID, "a directory is needed, of at most %zu bytes",
                             sizeof p->directory - 1);
    if ((o->ring_bytes & (o->ring_bytes - 1)) != 0 || o->ring_bytes < 2 * ACD_FRAME_BYTES_MAX)
        return persist_fault(p, ACD_INVALID, "the ring is a power of two of bytes, from %d on",
                             2 * ACD_FRAME_BYTES_MAX);
    return ACD_OK;
}

/* The live engine, and the follower, in the epoch to come. */
static int engines_open(struct acd_persist *p, struct acd_engine **live,
                        const struct acd_limits *limits, uint32_t epoch)
{
    struct acd_config config = {
        .limits = *limits, .epoch = epoch, .take = p->options.take, .give = p->options.give};
    int error;

    if (getrandom(config.secret, sizeof config.secret, 0) != sizeof config.secret)
        return persist_fault(p, ACD_SYSTEM, "no random bytes: %s", strerror(errno));
    error = acd_open(live, &config);
    config.track = true;
    if (error == ACD_OK)
        error = acd_open(&p->follower, &config);
    return error == ACD_OK ? ACD_OK
                           : persist_fault(p, error, "the engine: %s", acd_error_text(error));
}

static void engines_close(struct acd_persist *p, struct acd_engine **live)
{
    acd_close(*live);
    acd_close(p->follower);
    *live = p->follower = NULL;
}

/* What the ring holds goes where it would have gone. */
static int ring_drain(struct acd_persist *p)
{
    uint64_t from = p->ring.read, total;
    int events, error;

    if (p->ring.header == NULL)
        return ACD_OK;
    total = ring_waiting(&p->ring);
    do {
        persist_progress(p, "ring", p->ring.read - from, total);
        events = persist_commit(p);
        error = events < 0 ? events : persist_follow(p);
    } while (error == ACD_OK && events > 0);
    return error;
}

/* ---- opening ------------------------------------------------------------------------------ */

/* With other limits than the rows were made with: events behind the rows may need the old ones, so
 * they are folded first, and only rows are carried over. */
static int limits_change(struct acd_persist *p, struct acd_engine **live, uint32_t epoch)
{
    struct acd_limits old;
    int error;

    memcpy(&old, p->meta.limits, sizeof old);
    error = engines_open(p, live, &old, epoch);
    if (error == ACD_OK)
        error = persist_recover(p, *live, &old);
    if (error == ACD_OK)
        error = ring_drain(p);
    if (error == ACD_OK)
        error = persist_checkpoint(p, false);
    engines_close(p, live);
    return error;
}

static int limits_changed(struct acd_persist *p)
{
    memcpy(p->meta.limits, &p->options.limits, sizeof p->options.limits);
    return persist_checkpoint(p, true);
}

static int state_load(struct acd_persist *p, struct acd_engine **live, uint32_t epoch)
{
    bool change = memcmp(p->meta.limits, &p->options.limits, sizeof p->options.limits) != 0;
    int error = change ? limits_change(p, live, epoch) : ACD_OK;

    if (error == ACD_OK)
        error = engines_open(p, live, &p->options.limits, epoch);
    if (error == ACD_OK)
        error = persist_recover(p, *live, &p->options.limits);
    if (error == ACD_OK)
        error = ring_drain(p);
    if (error == ACD_OK && change)
        error = limits_changed(p);
    return error == ACD_OK && !persist_images_fit(p) ? persist_image_anew(p) : error;
}

static void figures_begin(struct acd_persist *p, uint64_t sequence)
{
    atomic_store(&p->durable, sequence);
    atomic_store(&p->appended, sequence);
    p->figures.history_rows = p->history.rows;
    p->figures.journal_oldest = p->trimmed + 1;
    p->keep_days = true;
    p->gathered_at = persist_clock();
    p->checkpoint_at = p->gathered_at + p->options.checkpoint_interval;
    p->image_at = p->gathered_at + p->options.image_interval;
    atomic_store(&p->kept, p->images.count > 0 ? p->images.sequences[0] : 0);
}

/* A new epoch begins. Until a checkpoint of a start that succeeded every start says why. */
static void loss_note(struct acd_persist *p, uint64_t last)
{
    p->meta.truncated_sequence = last;
    p->meta.untold = 1;
    p->meta.epoch++;
}

static int state_open(struct acd_persist *p, struct acd_engine **live)
{
    uint8_t boot[RING_ID_BYTES];
    bool lost;
    int error;

    persist_boot_id(boot);
    persist_ring_path(p);
    error = persist_ring_find(p, boot, &lost);
    if (error != ACD_OK)
        return error;
    p->recovery.clean = p->meta.clean != 0;
    p->recovery.truncated = lost || p->meta.untold != 0;
    p->recovery.last.epoch = p->recovery.truncated ? p->meta.epoch - !lost : 0;
    error = state_load(p, live, p->meta.epoch + lost);
    if (error != ACD_OK)
        return error;
    if (lost)
        loss_note(p, acd_position(*live).sequence);
    p->recovery.last.sequence = p->meta.truncated_sequence;
    figures_begin(p, acd_position(*live).sequence);
    return persist_ring_ready(p, boot);
}

static void persist_free(struct acd_persist *p)
{
    image_abandon(&p->image);
    ring_close(&p->ring);
    store_close(p->journal);
    store_close(p->tables);
    store_close(p->history_store);
    acd_close(p->follower);
    history_close(&p->history);
    free(p->batch.bytes);
    if (p->lock_fd >= 0)
        close(p->lock_fd);
    pthread_cond_destroy(&p->wake);
    pthread_cond_destroy(&p->done);
    pthread_cond_destroy(&p->watch);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static struct acd_persist *persist_new(const struct acd_persist_options *options)
{
    struct acd_persist *p = calloc(1, sizeof *p);
    pthread_condattr_t monotonic;
    pthread_mutexattr_t inherits; /* its holder, however nice, is as urgent as who waits for it */

    if (p == NULL)
        return NULL;
    p->options = *options;
    p->lock_fd = -1;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutexattr_init(&inherits);
    (void)pthread_mutexattr_setprotocol(&inherits, PTHREAD_PRIO_INHERIT);
    (void)pthread_mutex_init(&p->lock, &inherits);
    pthread_mutexattr_destroy(&inherits);
    (void)pthread_cond_init(&p->wake, &monotonic);
    (void)pthread_cond_init(&p->done, &monotonic);
    (void)pthread_cond_init(&p->watch, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return p;
}

int acd_persist_open(struct acd_persist **out, struct acd_engine **engine,
                     const struct acd_persist_options *options)
{
    struct acd_persist *p = persist_new(options);
    int error;

    *out = NULL;
    *engine = NULL;
    if (p == NULL)
        return persist_fault(NULL, ACD_NO_MEMORY, "out of memory");
    defaults(&p->options);
    error = history_open(&p->history) ? options_check(p, &p->options)
                                      : persist_fault(p, ACD_NO_MEMORY, "out of memory");
    if (error == ACD_OK) {
        snprintf(p->directory, sizeof p->directory, "%s", options->directory);
        error = stores_open(p);
    }
    if (error == ACD_OK)
        error = state_open(p, engine);
    if (error == ACD_OK) {
        p->recovered = true;
        *out = p;
        return ACD_OK;
    }
    acd_close(*engine);
    *engine = NULL;
    persist_free(p);
    return error;
}

/* ---- closing ------------------------------------------------------------------------------ */

static int finish(struct acd_persist *p)
{
    int error = ring_drain(p);

    if (error == ACD_OK)
        error = persist_checkpoint(p, false);
    if (error != ACD_OK)
        return error;
    p->meta.clean = 1;
    error = persist_meta_write(p);
    if (error == ACD_OK)
        unlink(p->ring_path);
    return error;
}

int acd_persist_close(struct acd_persist *p)
{
    int error;

    persist_workers_stop(p);
    error = finish(p);
    persist_free(p);
    return error;
}
