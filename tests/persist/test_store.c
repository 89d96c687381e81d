/* The seam to LMDB: the map raised, the store opened again, a reader in another process. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "persist/store.h"

static const char *const names[] = {"t"};

static struct store *opened(const char *path, size_t map_bytes, bool read_only)
{
    struct store *s;

    cr_assert_eq(store_open(&s, &(struct store_options){.path = path,
                                                        .tables = names,
                                                        .table_count = 1,
                                                        .map_bytes = map_bytes,
                                                        .read_only = read_only}),
                 0, "%s", store_error());
    return s;
}

/* Puts rows of a kilobyte; the first error. */
static int put(struct store *s, uint64_t from, uint64_t to)
{
    static const char value[1024] = "x";
    struct store_txn *t;
    int error = store_begin(s, true, &t);

    if (error != 0)
        return error;
    for (uint64_t k = from; k < to && error == 0; k++) {
        uint8_t key[8];

        store_be64(key, k);
        error = store_append(t, 0, (struct store_bytes){key, 8},
                             (struct store_bytes){value, sizeof value});
    }
    if (error == 0)
        return store_commit(t);
    store_abort(t);
    return error;
}

static uint64_t count(struct store *s)
{
    struct store_txn *t;
    uint64_t n;

    cr_assert_eq(store_begin(s, false, &t), 0, "%s", store_error());
    n = store_count(t, 0);
    store_abort(t);
    return n;
}

struct where {
    char directory[32], path[48];
};

static struct where somewhere(void)
{
    struct where w = {.directory = "/tmp/acd-test-XXXXXX"};

    cr_assert_not_null(mkdtemp(w.directory));
    snprintf(w.path, sizeof w.path, "%s/s.mdb", w.directory);
    return w;
}

static void away(const struct where *w)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf '%s'", w->directory);
    cr_assert_eq(system(command), 0);
}

Test(persist_store, full_then_raised)
{
    struct where w = somewhere();
    struct store *s = opened(w.path, 1 << 17, false);
    int raises = 0, error;

    cr_assert_eq(put(s, 1, 20), 0);
    while ((error = put(s, 20, 3000)) == STORE_FULL && raises++ < 20) {
        cr_assert_eq(count(s), 19);
        cr_assert_eq(store_raise(s), 0);
    }
    cr_assert_eq(error, 0, "%s", store_error());
    cr_assert_gt(raises, 3);
    cr_assert_eq(count(s), 2999);
    store_close(s);
    s = opened(w.path, 1 << 17, false); /* what is there counts, not what is asked for */
    cr_assert_eq(count(s), 2999);
    while (put(s, 3000, 3010) == STORE_FULL)
        cr_assert_eq(store_raise(s), 0);
    cr_assert_eq(count(s), 3009);
    cr_assert_eq(store_check(s), 0);
    store_close(s);
    away(&w);
}

Test(persist_store, opened_again)
{
    struct where w = somewhere();
    struct store *s = opened(w.path, 1 << 20, false);
    struct store_txn *t;
    char hidden[64];

    cr_assert_eq(put(s, 1, 100), 0);
    cr_assert_eq(store_reopen(s), 0);
    cr_assert_eq(count(s), 99);
    cr_assert_eq(put(s, 100, 110), 0);

    /* While it cannot be opened each transaction is a panic, and nothing worse. */
    snprintf(hidden, sizeof hidden, "%s.hidden", w.path);
    cr_assert_eq(rename(w.path, hidden), 0);
    cr_assert_eq(mkdir(w.path, 0700), 0);
    cr_assert_lt(store_reopen(s), 0);
    cr_assert_eq(store_begin(s, true, &t), STORE_PANIC);
    cr_assert_eq(store_begin(s, false, &t), STORE_PANIC);
    cr_assert_eq(rmdir(w.path), 0);
    cr_assert_eq(rename(hidden, w.path), 0);
    cr_assert_eq(store_reopen(s), 0, "%s", store_error());
    cr_assert_eq(count(s), 109);
    store_close(s);
    away(&w);
}

/* A reader of another process follows when the writer has raised the map. */
Test(persist_store, reader_follows_a_raise)
{
    struct where w = somewhere();
    int to[2], from[2], status;
    char byte = 0;
    pid_t child;
    struct store *s;

    cr_assert_eq(pipe(to), 0);
    cr_assert_eq(pipe(from), 0);
    s = opened(w.path, 1 << 17, false);
    cr_assert_eq(put(s, 1, 20), 0);
    store_close(s);
    child = fork();
    if (child == 0) {
        s = opened(w.path, 1 << 17, true);
        cr_assert_eq(count(s), 19);
        cr_assert_eq(write(to[1], &byte, 1), 1);
        cr_assert_eq(read(from[0], &byte, 1), 1);
        _exit(count(s) == 1999 ? 0 : 1);
    }
    cr_assert_eq(read(to[0], &byte, 1), 1);
    s = opened(w.path, 1 << 17, false);
    while (put(s, 20, 2000) == STORE_FULL)
        cr_assert_eq(store_raise(s), 0);
    cr_assert_eq(write(from[1], &byte, 1), 1);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    store_close(s);
    away(&w);
}
