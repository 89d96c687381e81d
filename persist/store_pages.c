#include "persist/store_pages.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The pages of an LMDB 0.9 file on a 64-bit little-endian machine, whose format has not changed
 * since its data version 1:
 *
 *   page    u64 number, u16 -, u16 kind, u16 lower, u16 upper (of a long value: u32 pages); then,
 *           up to lower, the place of each node; nodes stand from upper on
 *   node    u16 lo, u16 hi, u16 flags, u16 key bytes, the key; of a branch, lo, hi and flags are
 *           the child's number; of a leaf, lo and hi are the bytes of the value that follows
 *   meta    pages 0 and 1: u32 magic, u32 version, u64 -, u64 -, two databases, u64 last page, u64
 *           transaction: the greater one holds
 *   database  u32 page size, u16 flags, u16 depth, four u64 counts, u64 root page
 *
 * Happy path: each page is read once, depth first. Failure modes: what is wrong first is told, and
 * errno has why a read failed. */

enum {
    PAGE_MIN = 512,
    PAGE_MAX = 65536,
    PAGE_HEAD = 16,
    NODE_HEAD = 8,
    DATABASE_BYTES = 48,
    DEPTH_MAX = 32,
    KIND_BRANCH = 1,
    KIND_LEAF = 2,
    KIND_LONG = 4,
    NODE_LONG = 1,     /* the value is the number of the page where it stands */
    NODE_DATABASE = 2, /* the value is a database */
    TOLD_EVERY = 4096,
    ORDER_FLAGS = 127, /* of a database: how its keys are ordered, ... */
    INTEGER_KEYS = 8,  /* ... which is this for the free pages, and by their bytes for all others */
    META_MAGIC = (int)0xbeefc0de,
};

static const uint64_t NO_PAGE = UINT64_MAX;

struct walk {
    int fd;
    bool leaves;
    uint32_t page_bytes;
    uint64_t pages; /* whole ones of the file */
    uint64_t last;  /* page that was ever given out; it may not have been written */
    uint8_t *seen;  /* a bit a page */
    const char *wrong;
    int error; /* errno of a read that failed */
    uint64_t reached;
    struct store_pages_watch watch;
};

struct database {
    uint16_t flags, depth;
    uint64_t root;
};

/* What the values of a database are. */
enum kind { ROWS, TABLES, FREE_PAGES };

static uint16_t u16_at(const uint8_t *p)
{
    uint16_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

static uint32_t u32_at(const uint8_t *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

static uint64_t u64_at(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

static bool wrong(struct walk *w, const char *what)
{
    if (w->wrong == NULL)
        w->wrong = what;
    return false;
}

/* Takes note of pages that are reached. */
static bool reach(struct walk *w, uint64_t page, uint64_t count)
{
    if (count > w->pages || page > w->pages - count)
        return wrong(w, "it ends before its last page; it was cut short");
    for (uint64_t p = page; p < page + count; p++) {
        if ((w->seen[p / 8] >> p % 8 & 1) != 0)
            return wrong(w, "a page is reached twice");
        w->seen[p / 8] = (uint8_t)(w->seen[p / 8] | 1u << p % 8);
        if (++w->reached % TOLD_EVERY == 0 && w->watch.on_progress != NULL)
            w->watch.on_progress(w->watch.ctx, w->reached, w->pages);
    }
    return true;
}

static bool file_read(struct walk *w, void *out, size_t len, uint64_t at)
{
    ssize_t got = pread(w->fd, out, len, (off_t)at);

    if (got < 0)
        w->error = errno;
    return got == (ssize_t)len;
}

static bool page_read(struct walk *w, uint64_t page, uint8_t *out, size_t len)
{
    if (!file_read(w, out, len, page * w->page_bytes))
        return wrong(w, "a page cannot be read");
    if (u64_at(out) != page)
        return wrong(w, "a page is not the one that it should be");
    return true;
}

static struct database database_at(const uint8_t *p)
{
    return (struct database){
        .flags = u16_at(p + 4), .depth = u16_at(p + 6), .root = u64_at(p + 40)};
}

static bool walk_database(struct walk *w, struct database d, enum kind kind);

/* A value of the database of free pages: a count, and as many pages, which nothing else may reach.
 */
static bool free_pages(struct walk *w, const uint8_t *value, uint64_t len)
{
    uint64_t count = len < 8 ? UINT64_MAX : u64_at(value);

    if (count >= len / 8)
        return wrong(w, "its list of free pages makes no sense");
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t page = u64_at(value + 8 * i);

        if (page < 2 || page > w->last)
            return wrong(w, "its list of free pages makes no sense");
        if (page < w->pages && !reach(w, page, 1))
            return false;
    }
    return true;
}

static bool free_pages_long(struct walk *w, uint64_t page, uint32_t len)
{
    uint8_t *value = malloc(len);
    bool ok = value != NULL && file_read(w, value, len, page * w->page_bytes + PAGE_HEAD);

    ok = ok ? free_pages(w, value, len) : wrong(w, "its list of free pages cannot be read");
    free(value);
    return ok;
}

static bool long_value(struct walk *w, const uint8_t *value, uint32_t len, enum kind kind)
{
    uint8_t head[PAGE_HEAD];
    uint64_t page = u64_at(value), count;

    if (page >= w->pages)
        return wrong(w, "it ends before its last page; it was cut short");
    if (!page_read(w, page, head, sizeof head))
        return false;
    count = u32_at(head + 12);
    if (u16_at(head + 10) != KIND_LONG || PAGE_HEAD + (uint64_t)len > count * w->page_bytes)
        return wrong(w, "a long value is not where it should be");
    return reach(w, page, count) && (kind != FREE_PAGES || free_pages_long(w, page, len));
}

/* A node of a leaf, of which `room` bytes are left behind its head. */
static bool leaf_node(struct walk *w, const uint8_t *node, uint32_t room, enum kind kind)
{
    uint16_t flags = u16_at(node + 4), key = u16_at(node + 6);
    uint32_t len = u16_at(node) | (uint32_t)u16_at(node + 2) << 16;
    uint32_t there = (flags & NODE_LONG) != 0 ? 8 : len;
    const uint8_t *value = node + NODE_HEAD + key;

    if ((flags & ~(kind == TABLES ? NODE_DATABASE : NODE_LONG)) != 0)
        return wrong(w, "a value is of no kind that there is");
    if (key > room || there > room - key)
        return wrong(w, "a value does not fit its page");
    if ((flags & NODE_LONG) != 0)
        return long_value(w, value, len, kind);
    if (kind == FREE_PAGES)
        return free_pages(w, value, len);
    if (kind == ROWS || (flags & NODE_DATABASE) == 0)
        return true;
    if (len != DATABASE_BYTES)
        return wrong(w, "a table's head is not one");
    return walk_database(w, database_at(value), ROWS);
}

static bool walk_page(struct walk *w, uint64_t page, unsigned depth, enum kind kind);

static bool branch_node(struct walk *w, const uint8_t *node, uint32_t room, unsigned depth,
                        enum kind kind)
{
    uint64_t child =
        u16_at(node) | (uint64_t)u16_at(node + 2) << 16 | (uint64_t)u16_at(node + 4) << 32;

    if (u16_at(node + 6) > room)
        return wrong(w, "a key does not fit its page");
    return walk_page(w, child, depth - 1, kind);
}

static bool walk_nodes(struct walk *w, const uint8_t *page, unsigned depth, enum kind kind)
{
    uint32_t lower = u16_at(page + 12), upper = u16_at(page + 14);

    if (lower < PAGE_HEAD || lower > upper || upper > w->page_bytes)
        return wrong(w, "a page's head makes no sense");
    for (uint32_t i = PAGE_HEAD; i < lower; i += 2) {
        uint32_t at = u16_at(page + i), room = w->page_bytes - at - NODE_HEAD;

        if (at < upper || at > w->page_bytes - NODE_HEAD)
            return wrong(w, "a node is outside its page");
        if (depth > 1 ? !branch_node(w, page + at, room, depth, kind)
                      : !leaf_node(w, page + at, room, kind))
            return false;
    }
    return true;
}

/* A page `depth` levels above nothing: 1 is a leaf. */
static bool walk_page(struct walk *w, uint64_t page, unsigned depth, enum kind kind)
{
    uint8_t *bytes;
    bool ok;

    if (!reach(w, page, 1))
        return false;
    if (depth == 1 && !w->leaves && kind == ROWS)
        return true;
    bytes = malloc(w->page_bytes);
    if (bytes == NULL)
        return wrong(w, "there is no memory to check it");
    ok = page_read(w, page, bytes, w->page_bytes);
    if (ok && u16_at(bytes + 10) != (depth == 1 ? KIND_LEAF : KIND_BRANCH))
        ok = wrong(w, "a page is not of the kind that it should be");
    if (ok)
        ok = walk_nodes(w, bytes, depth, kind);
    free(bytes);
    return ok;
}

static bool walk_database(struct walk *w, struct database d, enum kind kind)
{
    if ((d.flags & ORDER_FLAGS) != (kind == FREE_PAGES ? INTEGER_KEYS : 0))
        return wrong(w, "a table's head is not one");
    if (d.root == NO_PAGE)
        return true;
    if (d.depth == 0 || d.depth > DEPTH_MAX)
        return wrong(w, "a table's head is not one");
    return walk_page(w, d.root, d.depth, kind);
}

/* The meta page that holds, and the page size. */
static bool meta_read(struct walk *w, uint8_t meta[136])
{
    uint8_t pages[2][PAGE_HEAD + 136];
    bool ok[2];

    w->page_bytes = 0;
    if (!file_read(w, pages[0], sizeof pages[0], 0))
        return wrong(w, "it has no first page");
    w->page_bytes = u32_at(pages[0] + PAGE_HEAD + 24);
    if (w->page_bytes < PAGE_MIN || w->page_bytes > PAGE_MAX)
        return wrong(w, "its first page makes no sense");
    if (!page_read(w, 1, pages[1], sizeof pages[1]))
        return false;
    for (int i = 0; i < 2; i++)
        ok[i] = (int)u32_at(pages[i] + PAGE_HEAD) == META_MAGIC;
    if (!ok[0] && !ok[1])
        return wrong(w, "its first pages make no sense");
    memcpy(meta,
           pages[!ok[0] || (ok[1] && u64_at(pages[1] + PAGE_HEAD + 128) >
                                         u64_at(pages[0] + PAGE_HEAD + 128))] +
               PAGE_HEAD,
           136);
    return true;
}

static void walk_file(struct walk *w)
{
    uint8_t meta[136];
    struct stat file;

    if (!meta_read(w, meta))
        return;
    if (fstat(w->fd, &file) == 0) {
        w->pages = (uint64_t)file.st_size / w->page_bytes;
        w->seen = calloc(w->pages / 8 + 1, 1);
    }
    if (w->seen == NULL) {
        w->error = errno;
        (void)wrong(w, "it cannot be looked at");
        return;
    }
    w->last = u64_at(meta + 120);
    if (reach(w, 0, 2) && walk_database(w, database_at(meta + 24), FREE_PAGES))
        (void)walk_database(w, database_at(meta + 24 + DATABASE_BYTES), TABLES);
    free(w->seen);
}

const char *store_pages_check(int fd, bool leaves, struct store_pages_watch watch)
{
    struct walk w = {.fd = fd, .leaves = leaves, .watch = watch};

    walk_file(&w);
    errno = w.error;
    return w.wrong;
}

enum { META_WRITTEN = 16 + 136 }; /* of a meta page, what is ever written: part of one sector */

int store_pages_settle(int fd, uint32_t page_bytes)
{
    uint8_t meta[META_WRITTEN];

    for (off_t page = 0; page < 2; page++) {
        const off_t at = page * (off_t)page_bytes;

        errno = EIO; /* of one cut short */
        if (pread(fd, meta, sizeof meta, at) != (ssize_t)sizeof meta ||
            pwrite(fd, meta, sizeof meta, at) != (ssize_t)sizeof meta)
            return errno;
    }
    return 0;
}
