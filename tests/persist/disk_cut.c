#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/persist/disk.h"
#include "tests/persist/site.h"

/* A directory as a power cut leaves it: what is on the disk for good in the order in which it was
 * done, and of the rest what the cut says. A disk writes sectors: of a write that was under way
 * each may have arrived or not; or its beginning has, up to some byte. */

enum { SECTOR = 512, NAMES_MAX = 64 };

struct file {
    uint8_t *bytes;
    size_t size, room;
};

struct entry {
    char name[DISK_NAME_MAX];
    uint32_t file;
};

struct cut {
    const struct disk_log *log;
    size_t at, torn; /* torn: the operation of which a part is missing, or SIZE_MAX */
    enum disk_cut how;
    uint64_t seed;
    struct file *files;
    struct entry entries[NAMES_MAX];
    size_t entry_count;
};

/* ---- files -------------------------------------------------------------------------------- */

static void file_grow(struct file *f, size_t size)
{
    if (size > f->room) {
        f->room = 2 * size;
        f->bytes = realloc(f->bytes, f->room);
        CHECK(f->bytes != NULL);
    }
    if (size > f->size) {
        memset(f->bytes + f->size, 0, size - f->size);
        f->size = size;
    }
}

static void put(struct file *f, const struct disk_op *op, size_t from, size_t to)
{
    to = to < op->len ? to : op->len;
    if (from >= to)
        return;
    file_grow(f, op->offset + to);
    CHECK(f->bytes != NULL);
    memcpy(f->bytes + op->offset + from, op->bytes + from, to - from);
}

/* Some of its sectors, or its first bytes; and sometimes the file is as long as if all had come. */
static void put_part(struct cut *c, struct file *f, const struct disk_op *op)
{
    if (disk_draw(&c->seed, 3) == 0)
        file_grow(f, op->offset + op->len);
    if (disk_draw(&c->seed, 3) == 0) {
        put(f, op, 0, disk_draw(&c->seed, (uint32_t)op->len + 1));
        return;
    }
    for (size_t from = 0, to; from < op->len; from = to) {
        to = (op->offset + from) / SECTOR * SECTOR + SECTOR - op->offset;
        if (disk_draw(&c->seed, 2) == 0)
            put(f, op, from, to);
    }
}

static void put_size(struct file *f, size_t size)
{
    file_grow(f, size);
    f->size = size;
}

/* ---- names -------------------------------------------------------------------------------- */

static struct entry *entry_of(struct cut *c, const char *name)
{
    for (size_t i = 0; i < c->entry_count; i++)
        if (strcmp(c->entries[i].name, name) == 0)
            return &c->entries[i];
    return NULL;
}

static void unlink_name(struct cut *c, const char *name)
{
    struct entry *e = entry_of(c, name);

    if (e != NULL)
        *e = c->entries[--c->entry_count];
}

static void link_name(struct cut *c, const char *name, uint32_t file)
{
    unlink_name(c, name);
    CHECK(c->entry_count < NAMES_MAX);
    snprintf(c->entries[c->entry_count].name, DISK_NAME_MAX, "%s", name);
    c->entries[c->entry_count++].file = file;
}

/* The file that has a name when all is done that was done before `at`. */
static uint32_t file_named(const struct disk_log *log, size_t at, const char *name)
{
    for (;;) {
        const struct disk_op *op;

        CHECK(at > 0); /* whatever is renamed has a name */
        op = &log->ops[--at];
        if (op->kind == DISK_NAME && strcmp(op->name, name) == 0)
            return op->named;
        if (op->kind == DISK_RENAME && strcmp(op->name, name) == 0)
            return file_named(log, at, op->from);
    }
}

/* ---- the cut ------------------------------------------------------------------------------ */

static void apply(struct cut *c, size_t i, bool whole)
{
    const struct disk_op *op = &c->log->ops[i];
    struct file *f = &c->files[op->file];

    switch (op->kind) {
    case DISK_WRITE:
        if (whole)
            put(f, op, 0, op->len);
        else
            put_part(c, f, op);
        break;
    case DISK_SIZE: put_size(f, op->offset); break;
    case DISK_NAME: link_name(c, op->name, op->named); break;
    case DISK_RENAME:
        link_name(c, op->name, file_named(c->log, i, op->from));
        unlink_name(c, op->from);
        break;
    case DISK_UNLINK: unlink_name(c, op->name); break;
    default: break;
    }
}

/* One that is not on the disk for good. */
static void apply_maybe(struct cut *c, size_t i)
{
    switch (c->how) {
    case DISK_CUT_NONE: break;
    case DISK_CUT_ALL: apply(c, i, true); break;
    case DISK_CUT_TORN: apply(c, i, i != c->torn); break;
    default:
        if (disk_draw(&c->seed, 2) == 0)
            apply(c, i, disk_draw(&c->seed, 2) == 0);
        break;
    }
}

/* Draws the write that is torn. */
static size_t torn_of(struct cut *c)
{
    size_t torn = SIZE_MAX;
    uint32_t n = 0;

    for (size_t i = 0; i < c->at; i++)
        if (c->log->ops[i].kind == DISK_WRITE && c->log->ops[i].settled >= c->at &&
            disk_draw(&c->seed, ++n) == 0)
            torn = i;
    return torn;
}

static bool is_directory(const struct cut *c, uint32_t file)
{
    for (size_t i = 0; i < c->log->count; i++)
        if (c->log->ops[i].kind == DISK_NAME && c->log->ops[i].file == file)
            return true;
    return false;
}

static void file_make(const char *path, const struct file *f)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

    CHECK(fd >= 0);
    CHECK(write(fd, f->bytes, f->size) == (ssize_t)f->size);
    close(fd);
}

/* Directories first; what stands in one that is not there is not there. */
static void make_all(const struct cut *c, const char *directory)
{
    for (int files = 0; files < 2; files++)
        for (size_t i = 0; i < c->entry_count; i++) {
            char path[512], *slash;

            if (is_directory(c, c->entries[i].file) == files)
                continue;
            snprintf(path, sizeof path, "%s/%s", directory, c->entries[i].name);
            slash = strrchr(path, '/');
            *slash = '\0';
            if (access(path, F_OK) != 0)
                continue;
            *slash = '/';
            if (files)
                file_make(path, &c->files[c->entries[i].file]);
            else
                CHECK(mkdir(path, 0700) == 0);
        }
}

void disk_wipe(const char *directory)
{
    DIR *d = opendir(directory);
    struct dirent *entry;

    CHECK(d != NULL);
    while ((entry = readdir(d)) != NULL) {
        char path[512];

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (unlink(path) == 0)
            continue;
        disk_wipe(path);
        CHECK(rmdir(path) == 0);
    }
    closedir(d);
}

void disk_cut(const struct disk_log *log, size_t at, enum disk_cut how, uint64_t seed,
              const char *directory)
{
    struct cut c = {.log = log, .at = at, .how = how, .seed = seed};

    c.files = calloc(log->files, sizeof *c.files);
    CHECK(c.files != NULL);
    c.torn = how == DISK_CUT_TORN ? torn_of(&c) : SIZE_MAX;
    for (size_t i = 0; i < at; i++) {
        if (log->ops[i].settled < at)
            apply(&c, i, true);
        else
            apply_maybe(&c, i);
    }
    disk_wipe(directory);
    make_all(&c, directory);
    for (uint32_t f = 0; f < log->files; f++)
        free(c.files[f].bytes);
    free(c.files);
}
