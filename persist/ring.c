#include "persist/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "engine/acd_assert.h"
#include "persist/crc32c.h"

static const char MAGIC[8] = "acdring";

/* ---- frames ------------------------------------------------------------------------------- */

static size_t frame_bytes(size_t len)
{
    return (sizeof(struct ring_frame_head) + len + 7) / 8 * 8;
}

static uint32_t frame_crc(const struct ring_frame_head *head, const uint8_t *events)
{
    size_t skip = offsetof(struct ring_frame_head, first_sequence);
    uint32_t crc = crc32c(0, (const uint8_t *)head + skip, sizeof *head - skip);

    return crc32c(crc, events, head->len);
}

size_t frame_write(const struct acd_frame *frame, uint8_t *out)
{
    struct ring_frame_head head = {.len = (uint32_t)frame->len,
                                   .first_sequence = frame->first_sequence,
                                   .at = frame->at,
                                   .count = frame->count,
                                   .joined = frame->joined};
    size_t size = frame_bytes(frame->len);

    if (out == NULL)
        return size;
    head.crc = frame_crc(&head, frame->bytes);
    memcpy(out, &head, sizeof head);
    memcpy(out + sizeof head, frame->bytes, frame->len);
    memset(out + sizeof head + frame->len, 0, size - sizeof head - frame->len);
    return size;
}

static size_t frame_take(const uint8_t *in, size_t len, bool checked, struct acd_frame *frame)
{
    struct ring_frame_head head;

    if (len < sizeof head)
        return 0;
    memcpy(&head, in, sizeof head);
    if (head.len > len || frame_bytes(head.len) > len || head.count == 0)
        return 0;
    if (!checked && head.crc != frame_crc(&head, in + sizeof head))
        return 0;
    *frame = (struct acd_frame){head.at,  head.first_sequence, head.count, in + sizeof head,
                                head.len, head.joined != 0};
    return frame_bytes(head.len);
}

size_t frame_read(const uint8_t *in, size_t len, struct acd_frame *frame)
{
    return frame_take(in, len, false, frame);
}

/* ---- memory ------------------------------------------------------------------------------- */

static int ring_map(struct ring *r, int fd, uint64_t size)
{
    uint8_t *at;
    size_t twice = RING_HEADER_BYTES + 2 * (size_t)size;

    /* Reserve the whole stretch, then lay the file over it: header and data, and the data again. */
    at = mmap(NULL, twice, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        return -1;
    if (mmap(at, RING_HEADER_BYTES + size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
            MAP_FAILED ||
        mmap(at + RING_HEADER_BYTES + size, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
             fd, RING_HEADER_BYTES) == MAP_FAILED) {
        (void)munmap(at, twice);
        return -1;
    }
    r->fd = fd;
    r->header = (struct ring_header *)(void *)at;
    r->data = at + RING_HEADER_BYTES;
    r->size = size;
    r->end = UINT64_MAX;
    return 0;
}

static bool is_on_disk(int fd)
{
    struct statfs fs;

    return fstatfs(fd, &fs) == 0 && fs.f_type != TMPFS_MAGIC && fs.f_type != RAMFS_MAGIC;
}

int ring_make(struct ring *r, const char *path, size_t bytes, uint32_t epoch,
              const uint8_t store[RING_ID_BYTES], const uint8_t boot[RING_ID_BYTES])
{
    int fd, error;

    unlink(path);
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    /* All pages are taken now: a full tmpfs is an error here and never a SIGBUS later. */
    error = posix_fallocate(fd, 0, (off_t)(RING_HEADER_BYTES + bytes));
    if (error != 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || ring_map(r, fd, bytes) < 0) {
        error = error != 0 ? error : errno;
        close(fd);
        unlink(path);
        errno = error;
        return -1;
    }
    memcpy(r->header->magic, MAGIC, sizeof MAGIC);
    r->header->version = RING_VERSION;
    r->header->epoch = epoch;
    memcpy(r->header->store, store, RING_ID_BYTES);
    memcpy(r->header->boot, boot, RING_ID_BYTES);
    r->header->size = bytes;
    r->on_disk = is_on_disk(fd);
    r->read = 0;
    r->header->written = 0;
    return 0;
}

/* Whether a header of a file of `bytes` makes sense. */
static bool header_ok(const struct ring_header *h, off_t bytes)
{
    return memcmp(h->magic, MAGIC, sizeof MAGIC) == 0 && h->version == RING_VERSION &&
           h->size > 0 && (h->size & (h->size - 1)) == 0 &&
           bytes == (off_t)(RING_HEADER_BYTES + h->size) && h->head >= h->tail &&
           h->head - h->tail <= h->size && h->tail % 8 == 0;
}

int ring_open(struct ring *r, const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC), error = EINVAL;
    struct ring_header header;
    struct stat st;

    if (fd < 0)
        return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        error = errno;
    else if (fstat(fd, &st) == 0 &&
             pread(fd, &header, sizeof header, 0) == (ssize_t)sizeof header &&
             header_ok(&header, st.st_size))
        error = ring_map(r, fd, header.size) < 0 ? errno : 0;
    if (error == 0) {
        r->read = r->header->tail;
        r->header->written = r->header->head;
        return 0;
    }
    close(fd);
    errno = error;
    return -1;
}

void ring_close(struct ring *r)
{
    if (r->header == NULL)
        return;
    (void)munmap(r->header, RING_HEADER_BYTES + 2 * (size_t)r->size);
    close(r->fd);
    r->header = NULL;
}

/* ---- the two ends -----------------------------------------------------------------------------
 */

bool ring_fits(const struct ring *r, size_t len)
{
    uint64_t tail = atomic_load_explicit(&r->header->tail, memory_order_acquire);

    return r->header->written - tail + frame_bytes(len) <= r->size;
}

void ring_append(struct ring *r, const struct acd_frame *frame)
{
    ACD_ASSERT(frame->count > 0);
    ACD_ASSERT(ring_fits(r, frame->len));
    r->header->written += frame_write(frame, r->data + (r->header->written & (r->size - 1)));
    if (!frame->joined)
        atomic_store_explicit(&r->header->head, r->header->written, memory_order_release);
}

size_t ring_frame(const struct ring *r, uint64_t at, uint64_t end, struct acd_frame *frame)
{
    return frame_read(r->data + (at & (r->size - 1)), end - at, frame);
}

size_t ring_frame_again(const struct ring *r, uint64_t at, uint64_t end, struct acd_frame *frame)
{
    return frame_take(r->data + (at & (r->size - 1)), end - at, true, frame);
}

bool ring_peek(const struct ring *r, struct acd_frame *frame, size_t *size, bool *broken)
{
    uint64_t head = atomic_load_explicit(&r->header->head, memory_order_acquire);

    *broken = false;
    if (r->read == head || r->read == r->end)
        return false;
    *size = ring_frame(r, r->read, head, frame);
    *broken = *size == 0;
    return !*broken;
}

void ring_release(struct ring *r, uint64_t upto)
{
    atomic_store_explicit(&r->header->tail, upto, memory_order_release);
}
