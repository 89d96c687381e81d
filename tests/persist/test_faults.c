/* What befalls a directory and its ring: each a clear error that says what to do, and nothing
 * harmed: the state before it is there when the fault is gone. */

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "persist/format.h"
#include "persist/image.h"
#include "tests/persist/site.h"

static const char *const files[] = {"tables.mdb", "journal.mdb", "history.mdb"};
static const char *const *const names[] = {tables_names, journal_names, history_names};
static const size_t counts[] = {TABLES_COUNT, JOURNAL_COUNT, HISTORY_COUNT};

/* A site of some traffic, stopped cleanly; *state is what it holds. */
static struct site stopped(uint64_t seed, struct acd_engine **state)
{
    struct site s = site_make(seed);

    s.step_every = 13;
    site_open(&s);
    site_run(&s, 400);
    site_close(&s);
    site_open(&s);
    *state = s.e;
    cr_assert_eq(acd_persist_close(s.p), ACD_OK);
    return s;
}

static void error_says(struct site *s, int error, const char *what)
{
    int got = site_try(s);

    cr_assert_eq(got, error, "%s: %s", acd_error_name(got), acd_persist_error(NULL));
    cr_assert_not_null(strstr(acd_persist_error(NULL), what), "%s", acd_persist_error(NULL));
}

static void goes_on(struct site *s, struct acd_engine *state)
{
    site_open(s);
    cr_assert(same_state(s->e, state));
    site_close(s);
    cr_assert_eq(site_faults(s), 0);
}

/* ---- files -------------------------------------------------------------------------------- */

static long file_size(const char *path)
{
    struct stat st;

    cr_assert_eq(stat(path, &st), 0);
    return st.st_size;
}

static void file_flip(const char *path, long at, int bit)
{
    int fd = open(path, O_RDWR);
    uint8_t byte;

    cr_assert_eq(pread(fd, &byte, 1, at), 1);
    byte ^= (uint8_t)(1 << bit);
    cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void save(const struct site *s)
{
    site_shell(s, "rm -rf '%s.saved'");
    site_shell(s, "cp -r '%s' '%s.saved'");
}

static void put_back(const struct site *s)
{
    site_shell(s, "rm -rf '%s'");
    site_shell(s, "cp -r '%s.saved' '%s'");
}

static void unsave(const struct site *s)
{
    site_shell(s, "rm -rf '%s.saved'");
}

/* All visits can be read, or reading says that it cannot. */
static bool history_is_read(struct site *s)
{
    static uint8_t page[8 * ACD_RECORD_MAX];
    struct acd_history_query q = {.limit = 1000};
    struct acd_reader *r;
    uint64_t cursor = 0;
    int bytes;

    CHECK(acd_reader_open(&r, s->p) == ACD_OK);
    do
        bytes = acd_history_read(r, &q, &cursor, page, sizeof page);
    while (bytes >= 0 && cursor != 0);
    acd_reader_close(r);
    return bytes >= 0 || bytes == ACD_INVALID;
}

enum { SAME, REFUSED, CHANGED, SILENT };

/* Refused by a sentence that says where it is and what to do. */
static bool is_told(const struct site *s)
{
    const char *sentence = acd_persist_error(NULL);

    return strstr(sentence, s->directory) != NULL && strstr(sentence, "restore a backup") != NULL;
}

/* Opens in a child, which may die of it. */
static int opens_as(struct site *s, struct acd_engine *state)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        int error = site_try(s);

        if (error != ACD_OK)
            _exit(is_told(s) ? REFUSED : SILENT);
        _exit(same_state(s->e, state) && history_is_read(s) ? SAME : CHANGED);
    }
    CHECK(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* A bit of a file has changed: the state is the same, or the start is refused with a sentence; and
 * no signal. */
Test(persist_faults, flipped_bits)
{
    struct acd_engine *state;
    struct site s = stopped(100, &state);
    unsigned refused = 0;

    save(&s);
    for (unsigned i = 0; i < 180; i++) {
        char path[128];
        long at;
        int how;

        snprintf(path, sizeof path, "%s/%s", s.directory, files[i % 3]);
        at = (long)(i * 2654435761u % (unsigned long)file_size(path));
        if (i % 2 == 0) /* most of a file is of no use; the heads of its pages are */
            at = at / 4096 * 4096 + (long)(i * 7 % 120);
        file_flip(path, at, (int)(i % 8));
        how = opens_as(&s, state);
        cr_assert(how == SAME || how == REFUSED, "%s: bit %u at %ld: %d", path, i % 8, at, how);
        refused += how == REFUSED;
        put_back(&s);
    }
    cr_assert_gt(refused, 10, "%u", refused);
    goes_on(&s, state);
    acd_close(state);
    unsave(&s);
    site_remove(&s);
}

/* A file is shorter than it should be: refused, or what is missing was of no use. */
Test(persist_faults, cut_short)
{
    unsigned refused = 0;
    struct acd_engine *state;
    struct site s = stopped(101, &state);

    save(&s);
    for (unsigned i = 0; i < 30; i++) {
        char path[128];
        long size;
        int how;

        snprintf(path, sizeof path, "%s/%s", s.directory, files[i % 3]);
        size = file_size(path);
        cr_assert_eq(truncate(path, i < 3 ? 0 : size * (long)(i - 2) / 30), 0);
        how = opens_as(&s, state);
        /* Without its history.mdb a store collects its visits again. */
        cr_assert(how == REFUSED || (how == SAME && (i >= 3 || i % 3 == 2)), "%s of %ld: %d", path,
                  size, how);
        refused += how == REFUSED;
        put_back(&s);
    }
    cr_assert_gt(refused, 15);
    for (size_t i = 0; i < 3; i++) {
        char path[128];

        snprintf(path, sizeof path, "%s/%s", s.directory, files[i]);
        cr_assert_eq(unlink(path), 0);
        cr_assert_eq(opens_as(&s, state), i == 2 ? SAME : REFUSED);
        put_back(&s);
    }
    goes_on(&s, state);
    acd_close(state);
    unsave(&s);
    site_remove(&s);
}

/* An image has changed: the store goes on without it, verify says so. */
Test(persist_faults, changed_image)
{
    struct acd_engine *state;
    struct site s = stopped(105, &state);
    char path[IMAGE_PATH_MAX];

    image_path(path, s.directory, 0);
    for (long at = 0; at < file_size(path); at += 13) {
        file_flip(path, at, (int)(at % 8));
        cr_assert_eq(site_faults(&s), 1);
        file_flip(path, at, (int)(at % 8));
    }
    goes_on(&s, state);
    acd_close(state);
    site_remove(&s);
}

/* ---- versions and owners -------------------------------------------------------------------- */

static struct store *store_of(const struct site *s, size_t i)
{
    char path[128];
    struct store *store;

    snprintf(path, sizeof path, "%s/%s", s->directory, files[i]);
    cr_assert_eq(store_open(&store, &(struct store_options){.path = path,
                                                            .tables = names[i],
                                                            .table_count = counts[i],
                                                            .map_bytes = 1 << 26}),
                 0);
    return store;
}

/* Puts a later format into a store's meta row. */
static void stamp_later(const struct site *s, size_t i)
{
    struct store *store = store_of(s, i);
    struct store_bytes key = {"store", 5}, value;
    struct store_txn *t;
    uint8_t row[256];

    cr_assert_eq(store_begin(store, true, &t), 0);
    cr_assert_eq(store_get(t, 0, key, &value), 0);
    memcpy(row, value.data, value.len);
    row[0] = FORMAT_VERSION + 1;
    cr_assert_eq(store_put(t, 0, key, (struct store_bytes){row, value.len}), 0);
    cr_assert_eq(store_commit(t), 0);
    store_close(store);
}

Test(persist_faults, later_version)
{
    struct acd_engine *state;
    struct site s = stopped(102, &state);

    save(&s);
    for (size_t i = 0; i < 3; i++) {
        struct acd_reader *r;

        stamp_later(&s, i);
        error_says(&s, ACD_VERSION, files[i]);
        error_says(&s, ACD_VERSION, "use a later one");
        cr_assert_eq(acd_reader_open_directory(&r, s.directory), ACD_VERSION);
        put_back(&s);
    }
    goes_on(&s, state);
    acd_close(state);
    unsave(&s);
    site_remove(&s);
}

Test(persist_faults, file_of_another_store)
{
    struct acd_engine *state, *other_state;
    struct site s = stopped(103, &state), other = stopped(104, &other_state);
    char command[512];

    save(&s);
    for (size_t i = 1; i < 3; i++) {
        snprintf(command, sizeof command, "cp '%s/%s' '%s'", other.directory, files[i],
                 s.directory);
        cr_assert_eq(system(command), 0);
        error_says(&s, ACD_INVALID, "belongs to another store");
        put_back(&s);
    }
    goes_on(&s, state);
    acd_close(state);
    acd_close(other_state);
    unsave(&s);
    site_remove(&s);
    site_remove(&other);
}

/* ---- the ring ----------------------------------------------------------------------------- */

static void ring_path(const struct site *s, char out[512])
{
    DIR *d = opendir(s->ring);
    struct dirent *entry;

    cr_assert_not_null(d);
    out[0] = '\0';
    while ((entry = readdir(d)) != NULL)
        if (strstr(entry->d_name, ".ring") != NULL)
            snprintf(out, 512, "%s/%s", s->ring, entry->d_name);
    closedir(d);
    cr_assert_neq(out[0], '\0');
}

/* A site killed with commands in its ring. */
static struct site killed(uint64_t seed)
{
    struct site s = site_make(seed);

    s.step_every = 50;
    site_die(&s, 149);
    return s;
}

/* Makes the store believe that the machine has been restarted since. */
static void boot_again(const struct site *s)
{
    struct store *store = store_of(s, 0);
    struct format_meta meta;
    struct store_txn *t;
    uint32_t format;

    cr_assert_eq(store_begin(store, true, &t), 0);
    cr_assert_eq(format_meta_get(t, &meta, &format), 0);
    meta.boot[3] ^= 1;
    cr_assert_eq(format_meta_put(t, meta), 0);
    cr_assert_eq(store_commit(t), 0);
    store_close(store);
}

/* Missing after a restart of the machine: normal, and a new epoch says what was kept. */
Test(persist_faults, ring_is_gone_with_the_boot)
{
    struct site s = killed(110);
    char path[512];

    ring_path(&s, path);
    cr_assert_eq(unlink(path), 0);
    error_says(&s, ACD_STATE, "--accept-loss");
    boot_again(&s);
    site_open(&s);
    cr_assert(acd_persist_recovery(s.p).truncated);
    cr_assert_eq(acd_persist_recovery(s.p).last.epoch, 1);
    cr_assert_eq(acd_persist_recovery(s.p).last.sequence, acd_position(s.e).sequence);
    cr_assert_eq(acd_position(s.e).epoch, 2);
    site_run(&s, 100);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_open(&s); /* nothing more is lost */
    cr_assert_not(acd_persist_recovery(s.p).truncated);
    cr_assert_eq(acd_position(s.e).epoch, 2);
    site_close(&s);
    site_remove(&s);
}

/* A start that was killed before it could say what was lost: the next one says it. */
Test(persist_faults, loss_is_said_until_it_is_known)
{
    struct site s = killed(115);
    char path[512];

    ring_path(&s, path);
    cr_assert_eq(unlink(path), 0);
    boot_again(&s);
    s.step_every = 0;
    site_die(&s, 0);
    site_open(&s);
    cr_assert(acd_persist_recovery(s.p).truncated);
    cr_assert_eq(acd_persist_recovery(s.p).last.epoch, 1);
    cr_assert_eq(acd_persist_recovery(s.p).last.sequence, acd_position(s.e).sequence);
    cr_assert_eq(acd_position(s.e).epoch, 2);
    site_close(&s);
    site_open(&s);
    cr_assert_not(acd_persist_recovery(s.p).truncated);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* A ring left over from an earlier boot holds nothing that is believed. */
Test(persist_faults, ring_of_an_earlier_boot)
{
    struct site s = killed(111);
    char path[512];

    ring_path(&s, path);
    file_flip(path, (long)offsetof(struct ring_header, boot) + 3, 0);
    error_says(&s, ACD_STATE, "--accept-loss");
    boot_again(&s);
    site_open(&s);
    cr_assert(acd_persist_recovery(s.p).truncated);
    cr_assert_eq(acd_persist_recovery(s.p).ring_events, 0);
    site_close(&s);
    site_remove(&s);
}

Test(persist_faults, ring_of_another_store)
{
    struct site s = killed(112), twin = killed(112);
    char path[512];

    ring_path(&s, path);
    file_flip(path, (long)offsetof(struct ring_header, store), 0);
    error_says(&s, ACD_STATE, "belongs to another store; move it away");
    file_flip(path, (long)offsetof(struct ring_header, store), 0);
    file_flip(path, 0, 0); /* no ring at all */
    error_says(&s, ACD_STATE, "cannot be read");
    file_flip(path, 0, 0);
    site_open(&s);
    site_open(&twin);
    cr_assert_gt(acd_persist_recovery(s.p).ring_events, 0);
    cr_assert(same_state(s.e, twin.e)); /* as nothing had befallen it */
    site_close(&s);
    site_close(&twin);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
    site_remove(&twin);
}

/* A frame in the middle is broken: what is before it is kept, and a new epoch tells of the rest. */
Test(persist_faults, broken_frame)
{
    struct site s = killed(113);
    struct ring_header h;
    char path[512];
    int fd;

    ring_path(&s, path);
    fd = open(path, O_RDONLY);
    cr_assert_eq(pread(fd, &h, sizeof h, 0), sizeof h);
    close(fd);
    cr_assert_gt(h.head - h.tail, 1000);
    file_flip(path, (long)(RING_HEADER_BYTES + (h.tail + h.head) / 2), 3);
    site_open(&s);
    cr_assert(acd_persist_recovery(s.p).truncated);
    cr_assert_gt(acd_persist_recovery(s.p).ring_events, 5);
    cr_assert_eq(acd_position(s.e).epoch, 2);
    cr_assert_eq(acd_persist_durable(s.p), acd_position(s.e).sequence);
    site_run(&s, 50);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* The directory was put back as it was earlier, the ring was not: refused, or accepted as a loss.
 */
Test(persist_faults, directory_is_older_than_the_ring)
{
    struct site s = killed(114);

    save(&s);
    s.step_every = 5;
    s.calls += 1000;
    site_die(&s, 60);
    put_back(&s);
    error_says(&s, ACD_STATE, "the directory is an older one");
    s.options.accept_loss = true;
    site_open(&s);
    cr_assert(acd_persist_recovery(s.p).truncated);
    cr_assert_eq(acd_position(s.e).epoch, 2);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    unsave(&s);
    site_remove(&s);
}

/* ---- the disk ----------------------------------------------------------------------------- */

/* Files may not grow beyond a size; 0: as they like. */
static void limit_files(rlim_t bytes)
{
    struct rlimit l;

    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &l), 0);
    l.rlim_cur = bytes == 0 ? l.rlim_max : bytes;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &l), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
}

/* The disk is full for a while: the frames wait in the ring, durable stands still, the error says
 * what to do; then all goes on by itself. */
Test(persist_faults, disk_is_full)
{
    struct site s = site_make(120);
    char path[128];
    uint64_t durable;
    int error = 0;

    s.options.checkpoint_interval = s.options.image_interval = 1;
    s.step_every = 10;
    site_open(&s);
    site_run(&s, 200);
    site_settle(&s);
    snprintf(path, sizeof path, "%s/journal.mdb", s.directory);
    limit_files((rlim_t)file_size(path));
    s.step_every = 0;
    for (int i = 0; i < 400 && error >= 0; i++) {
        site_run(&s, 5);
        error = acd_persist_step(s.p);
    }
    cr_assert_eq(error, ACD_SYSTEM);
    cr_assert_not_null(strstr(acd_persist_error(s.p), " room"), "%s", acd_persist_error(s.p));
    cr_assert_eq(acd_persist_figures(s.p).error, ACD_SYSTEM);
    site_run(&s, 1000);
    durable = acd_persist_durable(s.p);
    for (int i = 0; i < 20; i++)
        (void)acd_persist_step(s.p);
    cr_assert_lt(acd_persist_durable(s.p), acd_position(s.e).sequence);
    cr_assert_eq(acd_persist_wait(s.p, acd_position(s.e).sequence, ACD_MS), ACD_SYSTEM);
    cr_assert_geq(acd_persist_durable(s.p), durable);
    limit_files(0);
    site_settle(&s);
    cr_assert_eq(acd_persist_figures(s.p).error, 0);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    site_remove(&s);
}

/* The disk is full at the stop: it says so, and the ring has what is missing for the next start. */
Test(persist_faults, disk_is_full_at_the_stop)
{
    struct site s = site_make(121);
    struct acd_engine *state;

    s.step_every = 0;
    site_open(&s);
    site_run(&s, 100);
    state = s.e;
    limit_files(8192);
    cr_assert_eq(acd_persist_close(s.p), ACD_SYSTEM);
    cr_assert_not_null(strstr(acd_persist_error(NULL), "make room"));
    cr_assert_eq(site_try(&s), ACD_SYSTEM);
    limit_files(0);
    site_open(&s);
    cr_assert_gt(acd_persist_recovery(s.p).ring_events, 100);
    cr_assert_eq(acd_position(s.e).sequence, acd_position(state).sequence);
    site_close(&s);
    cr_assert_eq(site_faults(&s), 0);
    acd_close(state);
    site_remove(&s);
}

/* Nobody may write there. (The rights of a directory mean nothing to root.) */
Test(persist_faults, read_only_directory)
{
    struct acd_engine *state;
    struct site s = stopped(122, &state);
    bool root = geteuid() == 0;

    cr_assert_eq(chmod(s.directory, 0555), 0);
    site_shell(&s, "chmod a+r,a-w '%s'/*");
    cr_assert_eq(chmod(s.ring, 0777), 0);
    cr_assert(!root || seteuid(65534) == 0);
    error_says(&s, ACD_SYSTEM, "give this user the right to read and write there");
    cr_assert(!root || seteuid(0) == 0);
    cr_assert_eq(chmod(s.directory, 0755), 0);
    site_shell(&s, "chmod u+rw '%s'/*");
    goes_on(&s, state);
    acd_close(state);
    site_remove(&s);
}

Test(persist_faults, nonsense_options)
{
    struct site s = site_make(123);

    s.options.ring_bytes = 300000;
    error_says(&s, ACD_INVALID, "power of two");
    s.options.ring_bytes = 1 << 20;
    site_remove(&s);
    snprintf(s.directory, sizeof s.directory, "/tmp/acd-none/deep");
    error_says(&s, ACD_SYSTEM, "cannot be made");
}
