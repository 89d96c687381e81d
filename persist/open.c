#include "persist/persist.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A directory opened, and closed.
 *
 * Happy path: the lock is ours; the stores open; the ring that belongs to them is found, or there
 * need be none; the state is recovered; a ring stands ready.
 *
 * Failure modes: each a sentence that says what to do: another process has the directory; it cannot
 * be written; a store is damaged or of a later version; the ring is missing though this boot had
 * one. Nothing is changed by an open that fails. */

static const size_t MAP_BYTES = (size_t)1 << 30;
static const size_t RING_BYTES = (size_t)64 << 20;
static const acd_span HOUR = 3600 * ACD_SECOND;

const char *const tables_names[TABLES_COUNT] = {"meta", "rows"};
const char *const journal_names[JOURNAL_COUNT] = {"batches"};

static char open_error[768];

acd_time persist_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (acd_time)t.tv_sec * ACD_SECOND + t.tv_nsec / 1000;
}

int persist_fault(struct acd_persist *p, int error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(p->error, sizeof p->error, format, args);
    va_end(args);
    return error;
}

int persist_store_error(struct acd_persist *p, struct store *s, int error)
{
    static const struct {
        int error;
        const char *advice;
    } map[] = {
        [-STORE_FULL] = {ACD_SYSTEM, "raise the map"},
        [-STORE_DISK] = {ACD_SYSTEM, "see to the disk; nothing is lost, it is tried again"},
        [-STORE_DAMAGED] = {ACD_INVALID, "restore a backup"},
        [-STORE_VERSION] = {ACD_VERSION, "use the version that wrote it"},
        [-STORE_PANIC] = {ACD_SYSTEM, "it is opened again"},
        [-STORE_MEMORY] = {ACD_NO_MEMORY, "give it more memory"},
    };

    return persist_fault(p, map[-error].error, "%.600s; %s", store_error(s), map[-error].advice);
}

const char *acd_persist_error(const struct acd_persist *p)
{
    return p == NULL ? open_error : p->error;
}

/* ---- pieces of opening ------------------------------------------------------------------------
 */

static int directory_open(struct acd_persist *p)
{
    char path[300];

    if (mkdir(p->directory, 0700) < 0 && errno != EEXIST)
        return persist_fault(p, ACD_SYSTEM, "%s: cannot be made: %s", p->directory,
                             strerror(errno));
    snprintf(path, sizeof path, "%s/lock", p->directory);
    p->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (p->lock_fd < 0)
        return persist_fault(p, ACD_SYSTEM, "%s: %s; give its user the right to write there", path,
                             strerror(errno));
    if (flock(p->lock_fd, LOCK_EX | LOCK_NB) < 0)
        return persist_fault(p, ACD_STATE,
                             "%s: another process has this directory open; stop it first",
                             p->directory);
    return ACD_OK;
}

static int open_store(struct acd_persist *p, struct store **out, const char *file,
                      const char *const *tables, size_t count)
{
    char path[300];
    struct store_options options = {path, tables, count, MAP_BYTES, false};
    int error;

    snprintf(path, sizeof path, "%s/%s", p->directory, file);
    error = store_open(out, &options);
    return error == 0 ? ACD_OK : persist_store_error(p, NULL, error);
}

static void boot_id(uint8_t out[RING_ID_BYTES])
{
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "r");
    char text[64] = "";
    size_t n = 0;

    if (f != NULL) {
        if (fgets(text, sizeof text, f) == NULL)
            text[0] = '\0';
        (void)fclose(f);
    }
    memset(out, 0, RING_ID_BYTES);
    for (const char *c = text; *c != '\0' && n < 2 * RING_ID_BYTES; c++) {
        const char *digit = strchr("0123456789abcdef", *c);

        if (digit == NULL || *digit == '\0')
            continue;
        out[n / 2] = (uint8_t)(out[n / 2] << 4 | (digit - "0123456789abcdef"));
        n++;
    }
}

/* Reads the meta row; a new directory gets one. `fresh`: it was new. */
static int meta_open(struct acd_persist *p, bool *fresh)
{
    struct store_bytes value;
    struct store_txn *t;
    int error = store_begin(p->tables, false, &t);

    if (error != 0)
        return persist_store_error(p, p->tables, error);
    error = store_get(t, TABLES_META, (struct store_bytes){"meta", 4}, &value);
    *fresh = error == STORE_NOT_FOUND;
    if (error == 0 && value.len >= sizeof p->meta)
        memcpy(&p->meta, value.data, sizeof p->meta);
    store_abort(t);
    if (*fresh) {
        p->meta = (struct format_meta){.format = FORMAT_VERSION, .epoch = 1, .clean = 1};
        if (getrandom(p->meta.store, RING_ID_BYTES, 0) != RING_ID_BYTES)
            return persist_fault(p, ACD_SYSTEM, "no random bytes: %s", strerror(errno));
        return ACD_OK;
    }
    if (error != 0 || p->meta.format == 0)
        return persist_fault(p, ACD_INVALID, "%s/tables.mdb: no meta row; restore a backup",
                             p->directory);
    if (p->meta.format > FORMAT_VERSION)
        return persist_fault(
            p, ACD_VERSION,
            "%s: written in format %u, this version reads up to %d; use a later one", p->directory,
            p->meta.format, FORMAT_VERSION);
    return ACD_OK;
}

static void ring_path_make(struct acd_persist *p)
{
    char id[2 * RING_ID_BYTES + 1];

    for (int i = 0; i < RING_ID_BYTES; i++)
        snprintf(id + 2 * i, 3, "%02x", p->meta.store[i]);
    snprintf(p->ring_path, sizeof p->ring_path, "%.200s/acd-%s.ring", p->options.ring_directory,
             id);
}

/* Finds the ring of the last run. With none of use, p->ring.header is NULL and *lost tells whether
 * there should have been one. */
static int ring_find(struct acd_persist *p, const uint8_t boot[RING_ID_BYTES], bool *lost)
{
    bool same_boot = memcmp(p->meta.boot, boot, RING_ID_BYTES) == 0;

    *lost = false;
    if (ring_open(&p->ring, p->ring_path) == 0) {
        if (memcmp(p->ring.header->store, p->meta.store, RING_ID_BYTES) != 0) {
            ring_close(&p->ring);
            return persist_fault(p, ACD_STATE, "%s: belongs to another store; move it away",
                                 p->ring_path);
        }
        if (memcmp(p->ring.header->boot, boot, RING_ID_BYTES) == 0)
            return ACD_OK;
        ring_close(&p->ring);
    } else if (errno != ENOENT && same_boot && !p->meta.clean && !p->options.accept_loss) {
        return persist_fault(p, ACD_STATE,
                             "%s: cannot be read: %s; it holds what was not on the disk yet. "
                             "To go on without it: --accept-loss",
                             p->ring_path, strerror(errno));
    }
    if (p->meta.clean)
        return ACD_OK;
    if (same_boot && !p->options.accept_loss)
        return persist_fault(p, ACD_STATE,
                             "%s: is missing, though the machine has not been restarted; it holds "
                             "what was not on the disk yet. To go on without it: --accept-loss",
                             p->ring_path);
    *lost = true;
    return ACD_OK;
}

static void defaults(struct acd_persist_options *o)
{
    if (o->ring_directory == NULL)
        o->ring_directory = "/dev/shm";
    if (o->ring_bytes == 0)
        o->ring_bytes = RING_BYTES;
    if (o->commit_interval == 0)
        o->commit_interval = 10 * ACD_MS;
    if (o->checkpoint_interval == 0)
        o->checkpoint_interval = 5 * ACD_SECOND;
    if (o->image_interval == 0)
        o->image_interval = 6 * HOUR;
}

static int engines_open(struct acd_persist *p, struct acd_engine **live)
{
    struct acd_config config = {.limits = p->options.limits, .epoch = p->meta.epoch};
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

/* A ring to go on with, and a meta row that says the store is in use. */
static int ring_ready(struct acd_persist *p, const uint8_t boot[RING_ID_BYTES])
{
    if (p->ring.header == NULL && ring_make(&p->ring, p->ring_path, p->options.ring_bytes,
                                            p->meta.epoch, p->meta.store, boot) < 0)
        return persist_fault(p, ACD_SYSTEM, "%s: cannot be made: %s", p->ring_path,
                             strerror(errno));
    memcpy(p->meta.boot, boot, RING_ID_BYTES);
    p->meta.clean = 0;
    return persist_meta_write(p);
}

/* ---- opening and closing ----------------------------------------------------------------------
 */

static int stores_open(struct acd_persist *p)
{
    int error = directory_open(p);

    if (error == ACD_OK)
        error = open_store(p, &p->tables, "tables.mdb", tables_names, TABLES_COUNT);
    if (error == ACD_OK)
        error = open_store(p, &p->journal, "journal.mdb", journal_names, JOURNAL_COUNT);
    return error;
}

static int state_open(struct acd_persist *p, struct acd_engine **live)
{
    uint8_t boot[RING_ID_BYTES];
    bool fresh, lost;
    int error = meta_open(p, &fresh);

    boot_id(boot);
    if (error == ACD_OK) {
        ring_path_make(p);
        error = ring_find(p, boot, &lost);
    }
    if (error != ACD_OK)
        return error;
    p->recovery.clean = p->meta.clean != 0;
    p->recovery.truncated = lost;
    p->recovery.last.epoch = p->meta.epoch;
    if (lost)
        p->meta.epoch++;
    error = engines_open(p, live);
    if (error == ACD_OK)
        error = persist_recover(p, *live);
    if (error != ACD_OK)
        return error;
    p->recovery.last.sequence = p->committed;
    if (lost)
        p->meta.truncated_sequence = p->committed;
    atomic_store(&p->durable, p->committed);
    atomic_store(&p->appended, acd_position(*live).sequence);
    p->checkpoint_at = persist_clock() + p->options.checkpoint_interval;
    return ring_ready(p, boot);
}

static void persist_free(struct acd_persist *p)
{
    ring_close(&p->ring);
    store_close(p->journal);
    store_close(p->tables);
    acd_close(p->follower);
    if (p->lock_fd >= 0)
        close(p->lock_fd);
    pthread_cond_destroy(&p->wake);
    pthread_cond_destroy(&p->done);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

int acd_persist_open(struct acd_persist **out, struct acd_engine **engine,
                     const struct acd_persist_options *options)
{
    struct acd_persist *p = calloc(1, sizeof *p);
    pthread_condattr_t monotonic;
    int error;

    *out = NULL;
    *engine = NULL;
    if (p == NULL)
        return ACD_NO_MEMORY;
    p->options = *options;
    defaults(&p->options);
    p->lock_fd = -1;
    snprintf(p->directory, sizeof p->directory, "%s", options->directory);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->wake, &monotonic);
    (void)pthread_cond_init(&p->done, &monotonic);
    pthread_condattr_destroy(&monotonic);

    error = stores_open(p);
    if (error == ACD_OK)
        error = state_open(p, engine);
    if (error == ACD_OK) {
        *out = p;
        return ACD_OK;
    }
    memcpy(open_error, p->error, sizeof open_error);
    acd_close(*engine);
    *engine = NULL;
    persist_free(p);
    return error;
}

static int finish(struct acd_persist *p)
{
    int events, error;

    while ((events = persist_commit(p)) > 0)
        ;
    error = events < 0 ? events : persist_checkpoint(p);
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

    if (p->running) {
        pthread_mutex_lock(&p->lock);
        p->stopping = true;
        pthread_cond_signal(&p->wake);
        pthread_mutex_unlock(&p->lock);
        (void)pthread_join(p->thread, NULL);
    }
    error = finish(p);
    memcpy(open_error, p->error, sizeof open_error);
    persist_free(p);
    return error;
}

/* ---- the loop's side ------------------------------------------------------------------------ */

struct acd_persist_recovery acd_persist_recovery(const struct acd_persist *p)
{
    return p->recovery;
}

bool acd_persist_has_room(const struct acd_persist *p)
{
    return ring_fits(&p->ring, ACD_FRAME_BYTES_MAX);
}

uint64_t acd_persist_room(const struct acd_persist *p)
{
    return p->ring.size - ring_waiting(&p->ring);
}

void acd_persist_append(struct acd_persist *p, struct acd_frame frame)
{
    if (frame.count == 0)
        return;
    ring_append(&p->ring, &frame);
    atomic_store_explicit(&p->appended, frame.first_sequence + frame.count - 1,
                          memory_order_release);
}

uint64_t acd_persist_durable(const struct acd_persist *p)
{
    return atomic_load_explicit(&p->durable, memory_order_acquire);
}

struct acd_persist_figures acd_persist_figures(const struct acd_persist *p)
{
    struct acd_persist *writable;
    struct acd_persist_figures f;
    acd_time now = persist_clock();

    writable =
        (struct acd_persist *)(uintptr_t)p; /* the lock is not what a reader of figures sees */
    pthread_mutex_lock(&writable->lock);
    f = p->figures;
    f.durable = acd_persist_durable(p);
    f.waiting_events = atomic_load(&p->appended) - f.durable;
    f.waiting_bytes = ring_waiting(&p->ring);
    f.ring_bytes = p->ring.size;
    if (f.waiting_events == 0)
        writable->oldest_at = 0;
    else if (p->oldest_at == 0)
        writable->oldest_at = now;
    f.waiting_since = p->oldest_at == 0 ? 0 : now - p->oldest_at;
    pthread_mutex_unlock(&writable->lock);
    return f;
}
