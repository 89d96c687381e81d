#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "persist/journal.h"
#include "persist/persist.h"

/* The ring of the last run.
 *
 * Happy path: after a clean stop there is none, and need be none; after a kill it stands where it
 * was, whole. After a restart of the machine it is gone, and with it what was not committed: a new
 * epoch.
 *
 * Failure modes: it is missing though the machine was not restarted, belongs to another store, or
 * does not follow the journal: an error that says what to do. A frame is broken: what is before it
 * is kept, and a new epoch says that the rest is lost. */

static const char ACCEPT[] = "it holds what was not on the disk yet. To go on without it: "
                             "--accept-loss";

static void ring_forget(struct acd_persist *p)
{
    ring_close(&p->ring);
}

/* Whether a ring of the right store and boot is open now. */
static int ring_take(struct acd_persist *p, const uint8_t boot[RING_ID_BYTES])
{
    const struct ring_header *h;

    if (ring_open(&p->ring, p->ring_path) < 0) {
        if (errno == EWOULDBLOCK)
            return persist_fault(p, ACD_STATE,
                                 "%s: is in use: another process has a directory open of which "
                                 "%s is a bare copy. Make copies with acdctl backup",
                                 p->ring_path, p->directory);
        if (errno == ENOENT || p->meta.clean || p->options.accept_loss)
            return ACD_OK;
        return persist_fault(p, ACD_STATE, "%s: cannot be read: %s; %s", p->ring_path,
                             errno == EINVAL ? "it is cut short, damaged, or of another version"
                                             : strerror(errno),
                             ACCEPT);
    }
    h = p->ring.header;
    if (memcmp(h->store, p->meta.store, RING_ID_BYTES) != 0) {
        ring_forget(p);
        return persist_fault(p, ACD_STATE, "%s: belongs to another store; move it away",
                             p->ring_path);
    }
    if (memcmp(h->boot, boot, RING_ID_BYTES) != 0 || h->epoch != p->meta.epoch)
        ring_forget(p); /* left over */
    return ACD_OK;
}

static int journal_end(struct acd_persist *p, uint64_t *last)
{
    struct store_txn *t;
    uint64_t trimmed;
    int error = store_begin(p->journal, false, &t);

    if (error == 0) {
        error = journal_ends(t, &trimmed, last);
        store_abort(t);
    }
    return error == 0 ? ACD_OK : persist_store_error(p, error);
}

/* Looks through the frames: what is behind a broken one is not believed. */
static int ring_survey(struct acd_persist *p, bool *lost)
{
    struct ring scan = p->ring;
    struct acd_frame frame = {.count = 0};
    uint64_t last = 0, whole = scan.read; /* up to there no joined frame misses its next */
    size_t size;
    bool broken;
    int error = journal_end(p, &last);

    if (error != ACD_OK)
        return error;
    while (ring_peek(&scan, &frame, &size, &broken) && frame.first_sequence <= last + 1) {
        uint64_t end = frame.first_sequence + frame.count - 1;

        last = end > last ? end : last;
        scan.read += size;
        whole = frame.joined ? whole : scan.read;
    }
    if (scan.read == atomic_load(&p->ring.header->head))
        return ACD_OK;
    if (!broken && !p->options.accept_loss)
        return persist_fault(p, ACD_STATE,
                             "%s: goes on at event %" PRIu64 ", but %s ends at %" PRIu64
                             ": the directory is an older one; put back the right one. To go on "
                             "without what is between and behind: --accept-loss",
                             p->ring_path, frame.first_sequence, p->directory, last);
    *lost = true;
    p->ring.end = whole; /* not cut off: when this start fails the next one sees the same */
    return ACD_OK;
}

int persist_ring_find(struct acd_persist *p, const uint8_t boot[RING_ID_BYTES], bool *lost)
{
    bool same_boot = memcmp(p->meta.boot, boot, RING_ID_BYTES) == 0;
    int error = ring_take(p, boot);

    *lost = false;
    if (error != ACD_OK)
        return error;
    if (p->ring.header != NULL)
        return ring_survey(p, lost);
    if (p->meta.clean)
        return ACD_OK;
    if (same_boot && !p->options.accept_loss)
        return persist_fault(p, ACD_STATE,
                             "%s: is missing, though the machine has not been restarted; %s",
                             p->ring_path, ACCEPT);
    *lost = true;
    return ACD_OK;
}

/* In this order a kill between two of the steps is a clean stop: the row says that no ring holds
 * anything, until there is one. */
int persist_ring_ready(struct acd_persist *p, const uint8_t boot[RING_ID_BYTES])
{
    int error;

    memcpy(p->meta.boot, boot, RING_ID_BYTES);
    p->meta.clean = 1;
    error = persist_meta_write(p);
    if (error != ACD_OK)
        return error;
    ring_close(&p->ring);
    if (ring_make(&p->ring, p->ring_path, p->options.ring_bytes, p->meta.epoch, p->meta.store,
                  boot) < 0)
        return persist_file_error(p, p->ring_path, "cannot be made");
    atomic_store(&p->followable, 0);
    p->meta.clean = 0;
    return persist_meta_write(p);
}
