/* A disk that fails. A restart, some work and a stop are done over and over, and each time other
 * writes, syncs, renames and creations fail: the disk is full, for a moment or for long, or it
 * cannot write, or it writes and says that it could not. Each time the error is a sentence that
 * says what to do; nobody is told that something is durable which is not; when the disk is well
 * again all goes on by itself, and nothing is lost. A stop that failed is made good by the next
 * start.
 *
 * usage: test_persist_faulty [ANEW OPERATION KIND]
 *
 * A failure prints the arguments that repeat it. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "persist/persist.h"
#include "tests/persist/runs.h"

static const struct kind {
    const char *name;
    int error;
    enum disk_fault how;
    size_t count; /* operations that fail */
    const char *advice;
} kinds[] = {
    {"fails", ENOSPC, DISK_FAILS, 1, "make room"},
    {"fails", ENOSPC, DISK_FAILS, 40, "make room"},
    {"in part", ENOSPC, DISK_SHORT, 2, "room"},
    {"fails", EIO, DISK_FAILS, 1, "see to the disk"},
    {"fails", EIO, DISK_FAILS, 15, "see to the disk"},
    {"lies", EIO, DISK_LIES, 1, "see to the disk"},
    {"reads", EIO, DISK_READS, 1, "see to the disk"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0], ROUNDS = 8 };

/* ---- a run -------------------------------------------------------------------------------- */

static void check_told(const struct kind *k, int error, const char *sentence)
{
    bool said = strstr(sentence, k->advice) != NULL && strstr(sentence, tape_made) != NULL;

    if (error != ACD_SYSTEM || !said)
        fprintf(stderr, "%s: %s\n", acd_error_name(error), sentence);
    CHECK(error == ACD_SYSTEM && said);
}

/* A start is tried until it succeeds; what failed has taken nothing away. */
static unsigned open_at_last(struct tape *t, const struct kind *k)
{
    unsigned failed = 0;
    int error;

    while ((error = site_try(&t->site)) != ACD_OK) {
        /* Whoever looks through the files that processes have open, as monitors do, holds the lock
         * for a moment longer than we did. */
        if (error == ACD_STATE)
            usleep(1000);
        else
            check_told(k, error, acd_persist_error(NULL));
        CHECK(++failed <= 100);
    }
    CHECK(acd_engine_check(t->site.e) == NULL);
    CHECK(acd_position(t->site.e).sequence == t->appended);
    CHECK(!acd_persist_recovery(t->site.p).truncated);
    t->open = true;
    return failed;
}

static unsigned rounds(struct tape *t, const struct kind *k)
{
    unsigned failed = 0;

    for (int i = 0; i < ROUNDS; i++) {
        int error, now;

        site_run(&t->site, 4);
        disk_clock_us += 30 * ACD_MS;
        error = acd_persist_step(t->site.p);
        now = acd_persist_figures(t->site.p).error;
        CHECK(error < 0 ? now == error : now == 0 || failed > 0); /* what is to be done again */
        if (error >= 0)
            continue;
        if (failed++ == 0 || strstr(acd_persist_error(t->site.p), "MDB_PANIC") == NULL)
            check_told(k, error, acd_persist_error(t->site.p));
    }
    return failed;
}

static unsigned close_or_fail(struct tape *t, const struct kind *k)
{
    int error;

    acd_close(t->site.e);
    t->open = false;
    error = acd_persist_close(t->site.p);
    if (error != ACD_OK)
        check_told(k, error, acd_persist_error(NULL));
    return error != ACD_OK;
}

/* The disk is well again. */
static void judge(struct tape *t)
{
    struct acd_engine *e;

    tape_open(t);
    CHECK(!acd_persist_recovery(t->site.p).truncated);
    e = tape_state(t, t->appended, acd_position(t->site.e).epoch);
    CHECK(same_state(t->site.e, e));
    acd_close(e);
    site_settle(&t->site);
    tape_close(t);
    CHECK(site_faults(&t->site) == 0);
}

struct sums {
    unsigned runs, starts, rounds, stops;
};

/* Starts where a run left off, or with nothing. Returns the operations that there were. */
static size_t run(const struct tape *made, bool anew, size_t at, const struct kind *k,
                  struct sums *sums)
{
    struct tape t;
    unsigned starts, steps, stops;
    size_t seen;

    run_stopped(made);
    if (anew)
        disk_wipe(tape_made);
    tape_begin(&t, "faulty", 20, anew ? NULL : made, made->appended);
    disk_fail(at, k->count, k->error, k->how);
    starts = open_at_last(&t, k);
    steps = rounds(&t, k);
    stops = close_or_fail(&t, k);
    seen = disk_fail_end();
    judge(&t);
    tape_end(&t);
    tape_free(&t);
    sums->runs++;
    sums->starts += starts > 0;
    sums->rounds += steps > 0;
    sums->stops += stops > 0;
    /* The rest of a write may have found room at once. */
    CHECK(starts + steps + stops > 0 || at >= seen || k->how == DISK_SHORT);
    return seen;
}

static void run_all(const struct tape *made, bool anew, size_t kind)
{
    const struct kind *k = &kinds[kind];
    const bool reads = k->how == DISK_READS;
    struct sums sums = {0}, none = {0};
    size_t count = run(made, anew, SIZE_MAX, k, &none);

    CHECK(count > 15 && none.starts + none.rounds + none.stops == 0);
    for (size_t at = 0; at < count; at++) {
        snprintf(site_doing, sizeof site_doing, "repeat it with: %d %zu %zu\n", anew, at, kind);
        (void)run(made, anew, at, k, &sums);
    }
    printf("%-24s %-7s x %2zu: %4u runs; %4u starts, %4u rounds and %4u stops failed\n",
           strerror(k->error), k->name, k->count, sums.runs, sums.starts, sums.rounds, sums.stops);
    CHECK(sums.starts > 0 && (reads || (sums.rounds > 0 && sums.stops > 0)));
}

/* ---- what is done only now and then -----------------------------------------------------------
 */

/* Image and trimming are due, and an operation fails. What failed is told until it has been done,
 * which is soon, though nothing more happens in the centre. Returns the operations that there were.
 */
static size_t put_off(const struct tape *made, size_t at, uint64_t *visits, unsigned *told)
{
    struct acd_persist_figures f;
    struct tape t;
    char path[96];
    size_t seen;
    int error;

    run_stopped(made);
    tape_begin(&t, "put off", 22, made, made->appended);
    t.site.options.history_retention = 30 * ACD_SECOND;
    t.site.options.image_interval = 600 * ACD_SECOND;
    tape_open(&t);
    site_run(&t.site, 4);
    disk_clock_us += 601 * ACD_SECOND;
    disk_fail(at, 1, ENOSPC, DISK_FAILS);
    error = acd_persist_step(t.site.p);
    seen = disk_fail_end();
    snprintf(path, sizeof path, "%s/image.unfinished", t.site.directory);
    CHECK((error < 0) == (at < seen) && access(path, F_OK) != 0);
    if (t.site.p->follow_error < 0) {
        ++*told;
        disk_clock_us += ACD_SECOND / 2;
        CHECK(acd_persist_step(t.site.p) >= 0);
        f = acd_persist_figures(t.site.p);
        CHECK(f.error == (f.images == 1 && f.history_rows == *visits ? 0 : error));
    }
    disk_clock_us += 61 * ACD_SECOND;
    for (int i = 0; i < 20; i++)
        CHECK(acd_persist_step(t.site.p) >= 0);
    f = acd_persist_figures(t.site.p);
    CHECK(f.error == 0 && f.images == 1 && f.checkpoints > 0);
    CHECK(at == SIZE_MAX || f.history_rows == *visits);
    *visits = f.history_rows;
    tape_close(&t);
    tape_end(&t);
    tape_free(&t);
    return seen;
}

static void run_put_off(const struct tape *made)
{
    uint64_t visits = 0;
    unsigned told = 0;
    size_t count = put_off(made, SIZE_MAX, &visits, &told);

    CHECK(told == 0);
    for (size_t at = 0; at < count; at++)
        (void)put_off(made, at, &visits, &told);
    printf("%zu operations of a round: %u are of the follower\n", count, told);
    CHECK(told > 15);
}

/* ---- compaction ---------------------------------------------------------------------------- */

/* Makes the files small; an operation fails. Nothing of what was under way is left. Returns the
 * operations that there were. */
static size_t compact_or_fail(const struct tape *t, size_t at)
{
    char command[160];
    size_t seen;
    int error;

    disk_fail(at, 1, ENOSPC, DISK_FAILS);
    error = acd_store_compact(t->site.directory, NULL, NULL);
    seen = disk_fail_end();
    CHECK(at >= seen ? error == ACD_OK
                     : error == ACD_SYSTEM && strstr(acd_persist_error(NULL), "make room") != NULL);
    snprintf(command, sizeof command, "! ls '%s' | grep -q compact", t->site.directory);
    CHECK(system(command) == 0);
    return seen;
}

static void run_compact_fails(const struct tape *made)
{
    struct tape t;
    size_t count;

    run_stopped(made);
    tape_begin(&t, "compact", 23, made, made->appended);
    count = compact_or_fail(&t, SIZE_MAX);
    for (size_t at = 0; at < count; at++)
        (void)compact_or_fail(&t, at);
    printf("%zu operations of a compaction\n", count);
    CHECK(count > 15);
    judge(&t);
    tape_end(&t);
    tape_free(&t);
}

/* ---- no room for a map --------------------------------------------------------------------------
 */

/* A map is full and there is no address space for a greater one: that is told, the frames wait, and
 * when there is some all goes on. */
static void run_unmapped(void)
{
    struct tape t;
    unsigned failed = 0;

    disk_wipe(tape_made);
    disk_wipe(tape_rings);
    tape_begin(&t, "unmapped", 21, NULL, 0);
    t.epoch = 1;
    tape_open(&t);
    disk_map_max = t.site.options.map_bytes;
    for (int i = 0; i < 100 && failed < 10; i++) {
        int error;

        site_run(&t.site, 4);
        disk_clock_us += 10 * ACD_MS;
        error = acd_persist_step(t.site.p);
        CHECK(error >= 0 || (error == ACD_NO_MEMORY &&
                             strstr(acd_persist_error(t.site.p), "give it more memory") != NULL));
        failed += error < 0;
    }
    CHECK(failed == 10 && acd_persist_durable(t.site.p) < t.appended);
    disk_map_max = 0;
    site_settle(&t.site);
    CHECK(close_or_fail(&t, NULL) == 0);
    judge(&t);
    tape_end(&t);
    tape_free(&t);
}

int main(int argc, char **argv)
{
    struct tape made;
    struct sums sums = {0};

    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    tape_places();
    run_new(&made);
    if (argc == 4)
        (void)run(&made, argv[1][0] == '1', strtoul(argv[2], NULL, 10),
                  &kinds[strtoul(argv[3], NULL, 10) % KINDS], &sums);
    else
        for (size_t i = 0; i < 2 * KINDS; i++)
            run_all(&made, i >= KINDS, i % KINDS);
    run_put_off(&made);
    run_compact_fails(&made);
    run_unmapped();
    tape_free(&made);
    tape_places_remove();
    return 0;
}
