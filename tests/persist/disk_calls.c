#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "tests/persist/disk_record.h"
#include "tests/persist/site.h"

/* libc's calls, made by us: they do what libc's do and are written down; or they fail. */

size_t disk_map_max;
int64_t disk_clock_us = 1000000;
unsigned disk_boot = 1;
uint64_t disk_random_seed = 1;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* a copy is written by two threads */

static struct {
    bool on;
    size_t at, count, seen;
    int error;
    enum disk_fault how;
} fault;

/* ---- faults ------------------------------------------------------------------------------- */

void disk_fail(size_t at, size_t count, int error, enum disk_fault how)
{
    memset(&fault, 0, sizeof fault);
    fault.on = true;
    fault.at = at;
    fault.count = count;
    fault.error = error;
    fault.how = how;
}

size_t disk_fail_end(void)
{
    fault.on = false;
    return fault.seen;
}

/* Whether this one fails, which errno says then. */
static bool fails(bool reads)
{
    size_t n = fault.seen;

    if (!fault.on || (fault.how == DISK_READS) != reads)
        return false;
    fault.seen++;
    if (n < fault.at || n - fault.at >= fault.count)
        return false;
    errno = fault.error;
    return true;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc's names are its own */

/* ---- libc's calls ------------------------------------------------------------------------- */

typedef ssize_t (*write_fn)(int fd, const struct iovec *parts, int count, off_t offset);

static ssize_t real_pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    return syscall(SYS_pwritev, fd, parts, count, offset, 0);
}

static ssize_t real_writev(int fd, const struct iovec *parts, int count, off_t offset)
{
    (void)offset;
    return syscall(SYS_writev, fd, parts, count);
}

/* The first `len` of the bytes that were written, put down. */
static void written(int fd, uint32_t file, const struct iovec *parts, off_t offset, size_t len,
                    bool failed)
{
    bool through = (fcntl(fd, F_GETFL) & O_DSYNC) != 0 && !failed;
    uint8_t *all = malloc(len + 1);
    size_t used = 0;

    CHECK(all != NULL);
    for (int i = 0; used < len; i++) {
        size_t n = parts[i].iov_len < len - used ? parts[i].iov_len : len - used;

        memcpy(all + used, parts[i].iov_base, n);
        used += n;
    }
    record_write(file, (size_t)offset, all, len, through);
    free(all);
}

/* Where the next write goes. */
static off_t place(int fd)
{
    uint32_t file;

    return record_file(fd, &file) ? lseek(fd, 0, SEEK_CUR) : 0;
}

static size_t bytes_of(const struct iovec *parts, int count)
{
    size_t len = 0;

    for (int i = 0; i < count; i++)
        len += parts[i].iov_len;
    return len;
}

/* Half of a write, which stands in one part: the rest finds no room. */
static ssize_t write_short(write_fn real, int fd, const struct iovec *parts, off_t offset)
{
    struct iovec half = {parts[0].iov_base, parts[0].iov_len / 2};

    return half.iov_len == 0 ? -1 : real(fd, &half, 1, offset);
}

static ssize_t write_any(write_fn real, int fd, const struct iovec *parts, int count, off_t offset)
{
    int error = errno;
    uint32_t file;
    ssize_t n;
    bool failed;

    pthread_mutex_lock(&lock);
    if (!record_file(fd, &file)) {
        pthread_mutex_unlock(&lock);
        errno = error;
        return real(fd, parts, count, offset);
    }
    failed = fails(false);
    if (failed && fault.how == DISK_FAILS)
        n = -1;
    else if (failed && fault.how == DISK_SHORT)
        n = write_short(real, fd, parts, offset);
    else
        n = real(fd, parts, count, offset);
    error = failed ? fault.error : errno;
    /* One that failed may have reached the disk all the same. */
    if (n > 0 || failed)
        written(fd, file, parts, offset, n > 0 ? (size_t)n : bytes_of(parts, count), failed);
    if (failed && fault.how == DISK_LIES)
        n = -1;
    pthread_mutex_unlock(&lock);
    errno = error;
    return n;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
    struct iovec part = {(void *)(uintptr_t)bytes, len};

    return write_any(real_pwritev, fd, &part, 1, offset);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    struct iovec part = {(void *)(uintptr_t)bytes, len};

    return write_any(real_writev, fd, &part, 1, place(fd));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return write_any(real_writev, fd, parts, count, place(fd));
}

ssize_t pread(int fd, void *bytes, size_t len, off_t offset)
{
    uint32_t file;

    if (fault.on && record_file(fd, &file) && fails(true))
        return -1;
    return syscall(SYS_pread64, fd, bytes, len, offset);
}

/* The thread sanitizer calls it before it can watch anybody. */
__attribute__((no_sanitize("thread"))) void *mmap(void *at, size_t len, int protection, int flags,
                                                  int fd, off_t offset)
{
    uint32_t file;

    if (disk_map_max > 0 && len > disk_map_max && record_file(fd, &file)) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset);
}

static int sync_any(long call, int fd)
{
    uint32_t file;
    bool failed = false;

    pthread_mutex_lock(&lock);
    if (record_file(fd, &file)) {
        failed = fails(false);
        record_sync(file, failed);
    }
    pthread_mutex_unlock(&lock);
    if (!failed)
        return (int)syscall(call, fd);
    errno = fault.error;
    return -1;
}

int fdatasync(int fd)
{
    return sync_any(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    return sync_any(SYS_fsync, fd);
}

int open(const char *path, int flags, ...)
{
    const char *name = record_below(path);
    struct stat before, st;
    bool existed = stat(path, &before) == 0;
    mode_t mode = 0;
    va_list args;
    int fd;

    va_start(args, flags);
    if ((flags & O_CREAT) != 0)
        mode = va_arg(args, mode_t); /* NOLINT(clang-analyzer-valist.Uninitialized): it is not */
    va_end(args);
    if (name != NULL && !existed && (flags & O_CREAT) != 0 && fails(false))
        return -1;
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fd < 0 || name == NULL || fstat(fd, &st) < 0)
        return fd;
    pthread_mutex_lock(&lock);
    if (!existed)
        record_name(name, &st);
    else if ((flags & O_TRUNC) != 0) {
        uint32_t file;

        CHECK(record_inode(st.st_ino, &file));
        (void)record_op(DISK_SIZE, file);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

int ftruncate(int fd, off_t size)
{
    uint32_t file;

    if (record_file(fd, &file)) {
        if (fails(false))
            return -1;
        record_op(DISK_SIZE, file)->offset = (size_t)size;
    }
    return (int)syscall(SYS_ftruncate, fd, size);
}

int mkdir(const char *path, mode_t mode)
{
    const char *name = record_below(path);
    struct stat st;
    int rc = (int)syscall(SYS_mkdir, path, mode);

    if (rc == 0 && name != NULL && stat(path, &st) == 0)
        record_name(name, &st);
    return rc;
}

int rename(const char *from, const char *to)
{
    const char *old = record_below(from), *new = record_below(to);

    if (old != NULL && new != NULL) {
        struct disk_op *op;

        if (fails(false))
            return -1;
        op = record_op(DISK_RENAME, record_directory(new));
        snprintf(op->from, sizeof op->from, "%s", old);
        snprintf(op->name, sizeof op->name, "%s", new);
    }
    return (int)syscall(SYS_rename, from, to);
}

int unlink(const char *path)
{
    const char *name = record_below(path);

    if (name != NULL && access(path, F_OK) == 0) {
        struct disk_op *op = record_op(DISK_UNLINK, record_directory(name));

        snprintf(op->name, sizeof op->name, "%s", name);
    }
    return (int)syscall(SYS_unlink, path);
}

/* ---- the rest of the machine ------------------------------------------------------------------
 */

uint32_t disk_draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % below;
}

int clock_gettime(clockid_t id, struct timespec *out)
{
    if (id != CLOCK_MONOTONIC)
        return (int)syscall(SYS_clock_gettime, id, out);
    out->tv_sec = disk_clock_us / 1000000;
    out->tv_nsec = disk_clock_us % 1000000 * 1000;
    return 0;
}

ssize_t getrandom(void *out, size_t len, unsigned flags)
{
    uint8_t *bytes = out;

    (void)flags;
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)disk_draw(&disk_random_seed, 256);
    return (ssize_t)len;
}

FILE *fopen(const char *path, const char *mode)
{
    static char text[64];

    if (strcmp(path, "/proc/sys/kernel/random/boot_id") != 0)
        return fopen64(path, mode);
    snprintf(text, sizeof text, "%08x-0000-4000-8000-000000000000\n", disk_boot);
    return fmemopen(text, strlen(text), "r");
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
