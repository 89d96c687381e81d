#include "tests/persist/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/persist/disk_record.h"
#include "tests/persist/site.h"

/* What was done to the directory watched, written down. A file is known by its inode for as long as
 * it has that name; one that is made anew is another file. */

enum { FILES_MAX = 4096 };

static struct disk_log watched;
static ino_t inodes[FILES_MAX]; /* of the files of `watched`, newest of an inode last */
static char root[256];          /* "": nothing is watched */
static struct disk_mark (*ask_mark)(void *ctx);
static void *mark_ctx;

/* ---- writing down ------------------------------------------------------------------------- */

struct disk_op *record_op(enum disk_kind kind, uint32_t file)
{
    struct disk_log *l = &watched;

    if (l->count == l->room) {
        l->room = l->room == 0 ? 1024 : 2 * l->room;
        l->ops = realloc(l->ops, l->room * sizeof *l->ops);
        CHECK(l->ops != NULL);
    }
    l->ops[l->count] = (struct disk_op){.kind = kind, .file = file, .settled = SIZE_MAX};
    if (ask_mark != NULL)
        l->ops[l->count].mark = ask_mark(mark_ctx);
    return &l->ops[l->count++];
}

/* The path below the directory watched, or NULL. */
const char *record_below(const char *path)
{
    size_t len = strlen(root);

    return len > 0 && strncmp(path, root, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

bool record_inode(ino_t inode, uint32_t *file)
{
    for (uint32_t f = watched.files; f > 0; f--)
        if (inodes[f - 1] == inode) {
            *file = f - 1;
            return true;
        }
    return false;
}

bool record_file(int fd, uint32_t *file)
{
    struct stat st;

    return root[0] != '\0' && fstat(fd, &st) == 0 && record_inode(st.st_ino, file);
}

static uint32_t file_new(ino_t inode)
{
    CHECK(watched.files < FILES_MAX);
    inodes[watched.files] = inode;
    return watched.files++;
}

/* The directory that a path below stands in. */
uint32_t record_directory(const char *name)
{
    char path[1024];
    struct stat st;
    uint32_t file;

    snprintf(path, sizeof path, "%s/%s", root, name);
    *strrchr(path, '/') = '\0';
    CHECK(stat(path, &st) == 0 && record_inode(st.st_ino, &file));
    return file;
}

void record_name(const char *name, const struct stat *st)
{
    struct disk_op *op = record_op(DISK_NAME, record_directory(name));

    op->named = file_new(st->st_ino);
    snprintf(op->name, sizeof op->name, "%s", name);
}

void record_write(uint32_t file, size_t offset, const void *bytes, size_t len, bool through)
{
    struct disk_op *op = record_op(DISK_WRITE, file);

    op->offset = offset;
    op->len = len;
    op->bytes = malloc(len + 1);
    CHECK(op->bytes != NULL);
    memcpy(op->bytes, bytes, len);
    if (!through)
        return;
    op->settled = watched.count;
    (void)record_op(DISK_THROUGH, file);
}

static bool is_sync(const struct disk_op *op)
{
    return op->kind == DISK_SYNC || op->kind == DISK_THROUGH;
}

void record_sync(uint32_t file, bool failed)
{
    size_t now = watched.count;

    for (size_t i = 0; i < now; i++) {
        struct disk_op *op = &watched.ops[i];

        if (op->file != file || is_sync(op) || op->settled != SIZE_MAX || op->stale)
            continue;
        op->stale = failed;
        op->settled = failed ? SIZE_MAX : now;
    }
    (void)record_op(DISK_SYNC, file);
}

/* ---- what there is when it begins -------------------------------------------------------------
 */

static void take_file(const char *name, const struct stat *st)
{
    static uint8_t bytes[1 << 16];
    char path[1024];
    size_t at = 0;
    ssize_t n;
    int fd;

    snprintf(path, sizeof path, "%s/%s", root, name);
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
    CHECK(fd >= 0);
    record_name(name, st);
    for (uint32_t file = watched.files - 1; (n = read(fd, bytes, sizeof bytes)) > 0;
         at += (size_t)n)
        record_write(file, at, bytes, (size_t)n, false);
    record_sync(watched.files - 1, false);
    (void)syscall(SYS_close, fd);
}

static void take_directory(const char *name)
{
    char path[1024], inner[512];
    struct dirent *entry;
    uint32_t file;
    DIR *d;

    snprintf(path, sizeof path, "%s/%s", root, name);
    d = opendir(path);
    CHECK(d != NULL && record_file(dirfd(d), &file));
    while ((entry = readdir(d)) != NULL) {
        struct stat st;

        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s%s%s", name, name[0] == '\0' ? "" : "/", entry->d_name);
        CHECK(fstatat(dirfd(d), entry->d_name, &st, 0) == 0);
        if (S_ISDIR(st.st_mode)) {
            record_name(inner, &st);
            take_directory(inner);
        } else {
            take_file(inner, &st);
        }
    }
    record_sync(file, false);
    closedir(d);
}

void disk_watch(const char *directory, struct disk_mark (*mark)(void *ctx), void *ctx)
{
    struct stat st;

    CHECK(root[0] == '\0' && stat(directory, &st) == 0);
    watched = (struct disk_log){.ops = NULL};
    snprintf(root, sizeof root, "%s", directory);
    (void)file_new(st.st_ino);
    take_directory("");
    watched.begin = watched.count;
    ask_mark = mark;
    mark_ctx = ctx;
}

struct disk_log disk_unwatch(void)
{
    ask_mark = NULL;
    root[0] = '\0';
    return watched;
}

size_t disk_operations(void)
{
    return watched.count;
}

void disk_log_free(struct disk_log *log)
{
    for (size_t i = 0; i < log->count; i++)
        free(log->ops[i].bytes);
    free(log->ops);
    *log = (struct disk_log){.ops = NULL};
}
