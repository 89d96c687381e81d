#ifndef ACD_RING_H
#define ACD_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/acd.h"

/* The staging ring: frames on their way from the engine to the disk, in a file of shared memory, so
 * that they outlive the process though not the machine. One writer (the loop), one reader that
 * commits them, and one behind it that follows and gives them back; none waits for another.
 *
 * The file is one header page and a power of two of data. The data is mapped twice, one mapping
 * behind the other, so that no frame is ever split. head and tail count bytes for ever; a frame
 * stands whole below head, because head is stored, with release, after it. What a kill leaves above
 * head is nothing. */

enum { RING_HEADER_BYTES = 4096, RING_ID_BYTES = 16, RING_VERSION = 1 };

/* What the workers are doing, each a bit: read by tests that kill them. */
enum ring_phase {
    RING_COMMIT,
    RING_CHECKPOINT,
    RING_MAP_RAISE,
    RING_TRIM,
    RING_HISTORY,
    RING_IMAGE,
    RING_PHASES
};

struct ring_header {
    char magic[8]; /* "acdring" */
    uint32_t version;
    uint32_t epoch;
    uint8_t store[RING_ID_BYTES]; /* of the store that it belongs to */
    uint8_t boot[RING_ID_BYTES];  /* of the machine's boot */
    uint64_t size;                /* bytes of data */
    _Atomic uint64_t head;        /* bytes ever written */
    _Atomic uint64_t tail;        /* bytes that the reader needs no more */
    _Atomic uint32_t phases;      /* bits of enum ring_phase */
    uint64_t written; /* the writer's own: beyond head while joined frames wait for the last */
};

/* Before each frame's events; the whole is padded to 8 bytes. */
struct ring_frame_head {
    uint32_t len; /* of the events */
    uint32_t crc; /* CRC-32C of what follows it, the events included */
    uint64_t first_sequence;
    int64_t at;
    uint32_t count;
    uint32_t joined; /* 1: it is committed together with the next frame, never without it */
};

struct ring {
    int fd;       /* of the file, locked: nobody else opens it meanwhile */
    bool on_disk; /* the file is in no shared memory: what is written to it may wait for a disk */
    struct ring_header *header;
    uint8_t *data;
    uint64_t size;
    uint64_t read; /* the committer's own place, at or after tail */
    uint64_t end;  /* nothing from here on is believed; UINT64_MAX but in recovery */
};

/* Makes a new, empty ring in place of any old one. Returns 0 or -1 with errno. */
int ring_make(struct ring *r, const char *path, size_t bytes, uint32_t epoch,
              const uint8_t store[RING_ID_BYTES], const uint8_t boot[RING_ID_BYTES]);

/* Opens the one that is there, whatever store it is of. Returns 0, or -1 with errno: ENOENT; EINVAL
 * (it is no ring, or of another version or size); EWOULDBLOCK (another process has it open). */
int ring_open(struct ring *r, const char *path);

void ring_close(struct ring *r);

/* Whether a frame of `len` bytes of events fits now. */
bool ring_fits(const struct ring *r, size_t len);

/* Appends a frame that fits. A joined one is not there for the reader, nor after a kill, before the
 * one that ends them. */
void ring_append(struct ring *r, const struct acd_frame *frame);

/* The next frame behind r->read, its bytes in the ring; *size its bytes there, head and padding
 * included. False when there is none, or what stands there is broken (then `*broken`). Does not
 * move r->read. */
bool ring_peek(const struct ring *r, struct acd_frame *frame, size_t *size, bool *broken);

/* The whole frame at `at`, of what stands before `end`; 0 when it is broken. */
size_t ring_frame(const struct ring *r, uint64_t at, uint64_t end, struct acd_frame *frame);

/* The same, of what ring_frame() has found whole before. */
size_t ring_frame_again(const struct ring *r, uint64_t at, uint64_t end, struct acd_frame *frame);

/* Gives everything before `upto` back to the writer. */
void ring_release(struct ring *r, uint64_t upto);

/* Bytes that the committer has not read. */
static inline uint64_t ring_unread(const struct ring *r)
{
    return atomic_load_explicit(&r->header->head, memory_order_acquire) - r->read;
}

static inline uint64_t ring_waiting(const struct ring *r)
{
    return atomic_load_explicit(&r->header->head, memory_order_acquire) -
           atomic_load_explicit(&r->header->tail, memory_order_relaxed);
}

static inline void ring_phase_begin(struct ring *r, enum ring_phase phase)
{
    atomic_fetch_or_explicit(&r->header->phases, 1U << phase, memory_order_relaxed);
}

static inline void ring_phase_end(struct ring *r, enum ring_phase phase)
{
    atomic_fetch_and_explicit(&r->header->phases, ~(1U << phase), memory_order_relaxed);
}

/* A frame as it stands in the ring and in the journal: head, events, padding. Returns its bytes;
 * `out` may be NULL. */
size_t frame_write(const struct acd_frame *frame, uint8_t *out);

/* Reads one. Returns its bytes, or 0 when it is cut short or its checksum is wrong. */
size_t frame_read(const uint8_t *in, size_t len, struct acd_frame *frame);

#endif
