#include "tools/queuelog/sink.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/acd_assert.h"
#include "tools/queuelog/queuelog.h"

/* Lines gather up to this. */
enum { OUT_MAX = 64 * 1024 };

/* ---- opening ------------------------------------------------------------------------------- */

static uint64_t size_of(const struct sink *s)
{
    struct stat found;

    if (fstat(s->fd, &found) != 0)
        queuelog_die("%s: %s", s->path, strerror(errno));
    return (uint64_t)found.st_size;
}

static void open_named(struct sink *s, const char *path)
{
    struct stat found;

    s->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (s->fd < 0 || fstat(s->fd, &found) != 0)
        queuelog_die("%s: %s", path, strerror(errno));
    if (!S_ISREG(found.st_mode))
        queuelog_die("%s: not a file", path);
    s->inode = (uint64_t)found.st_ino;
}

/* Goes to the end of what is there, which is made the end of a line. */
static void to_the_end(struct sink *s)
{
    char last = '\n';

    s->length = size_of(s);
    if (s->length > 0 && pread(s->fd, &last, 1, (off_t)s->length - 1) != 1)
        queuelog_die("%s: %s", s->path, strerror(errno));
    if (last != '\n')
        sink_put(s, "\n", 1);
}

void sink_open(struct sink *s, const char *path)
{
    *s = (struct sink){.path = path};
    open_named(s, path);
    to_the_end(s);
}

void sink_skip(struct sink *s)
{
    sink_flush(s);
    if (s->tail_at == s->tail_len)
        return;
    s->tail_at = s->tail_len;
    to_the_end(s);
}

/* What the log is called that has this inode, in the directory of `path`; false: it is not there.
 */
static bool find(const char *path, uint64_t inode, char name[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    const int folder = slash == NULL ? 0 : (int)(slash - path + 1);
    struct dirent *entry;
    struct stat at_path;
    bool found = false;
    DIR *dir;

    if (stat(path, &at_path) == 0 && (uint64_t)at_path.st_ino == inode) {
        snprintf(name, PATH_MAX, "%s", path);
        return true;
    }
    snprintf(name, PATH_MAX, "%.*s", folder == 0 ? 1 : folder, folder == 0 ? "." : path);
    dir = opendir(name);
    if (dir == NULL)
        return false;
    while (!found && (entry = readdir(dir)) != NULL) {
        found = (uint64_t)entry->d_ino == inode;
        if (found)
            snprintf(name, PATH_MAX, "%.*s%s", folder, path, entry->d_name);
    }
    closedir(dir);
    return found;
}

static void read_tail(struct sink *s)
{
    const uint64_t size = size_of(s);

    if (size < s->length)
        queuelog_die("%s: has %llu bytes and had %llu; a log is to be renamed, not cut", s->path,
                     (unsigned long long)size, (unsigned long long)s->length);
    s->tail_len = (size_t)(size - s->length);
    s->tail = malloc(s->tail_len + 1);
    ACD_ASSERT(s->tail != NULL);
    for (size_t at = 0; at < s->tail_len;) {
        ssize_t got = pread(s->fd, s->tail + at, s->tail_len - at, (off_t)(s->length + at));

        if (got <= 0)
            queuelog_die("%s: %s", s->path, got == 0 ? "grew shorter" : strerror(errno));
        at += (size_t)got;
    }
}

void sink_reopen(struct sink *s, const char *path, uint64_t inode, uint64_t length, bool whole)
{
    char name[PATH_MAX];

    *s = (struct sink){.path = path};
    if (find(path, inode, name)) {
        open_named(s, name);
        s->length = length;
        read_tail(s);
    } else if (whole) {
        sink_open(s, path);
    } else {
        queuelog_die(
            "%s: the log that was being written (inode %llu) is not there any more, and which"
            " lines it has is not known; put it back, or remove %s.state to begin anew",
            path, (unsigned long long)inode, path);
    }
}

/* ---- writing ------------------------------------------------------------------------------- */

void sink_put(struct sink *s, const char *line, size_t len)
{
    const size_t left = s->tail_len - s->tail_at, known = len < left ? len : left;

    if (known > 0 && memcmp(s->tail + s->tail_at, line, known) != 0)
        queuelog_die("%s: at byte %llu stands something else than was written there: %.*s", s->path,
                     (unsigned long long)s->length, (int)(len - 1), line);
    s->tail_at += known;
    s->length += known;
    if (s->out_len + len - known > s->out_room) {
        s->out_room = 2 * s->out_room + OUT_MAX + len;
        s->out = realloc(s->out, s->out_room);
        ACD_ASSERT(s->out != NULL);
    }
    if (len > known)
        memcpy(s->out + s->out_len, line + known, len - known);
    s->out_len += len - known;
    if (s->out_len >= OUT_MAX)
        sink_flush(s);
}

void sink_flush(struct sink *s)
{
    for (size_t at = 0; at < s->out_len;) {
        ssize_t put = write(s->fd, s->out + at, s->out_len - at);

        if (put < 0 && errno != EINTR)
            queuelog_die("%s: %s", s->path, strerror(errno));
        at += put < 0 ? 0 : (size_t)put;
        s->length += put < 0 ? 0 : (uint64_t)put;
    }
    s->out_len = 0;
}

void sink_sync(struct sink *s)
{
    sink_flush(s);
    if (fdatasync(s->fd) != 0)
        queuelog_die("%s: %s", s->path, strerror(errno));
    if (s->tail_at == s->tail_len && size_of(s) != s->length)
        queuelog_die("%s: somebody else writes to it, or has cut it", s->path);
}

bool sink_turn(struct sink *s)
{
    struct stat found;

    if (s->tail_at < s->tail_len)
        return false;
    if (stat(s->path, &found) == 0 && (uint64_t)found.st_ino == s->inode)
        return false;
    sink_sync(s);
    close(s->fd);
    open_named(s, s->path);
    s->length = size_of(s);
    return true;
}

void sink_close(struct sink *s)
{
    close(s->fd);
    free(s->tail);
    free(s->out);
}
