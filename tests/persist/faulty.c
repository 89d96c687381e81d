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
        int error;

        site_run(&t->site, 4);
        disk_clock_us += 30 * ACD_MS;
        error = acd_persist_step(t->site.p);
        CHECK(acd_persist_figures(t->site.p).error == (error < 0 ? error : 0));
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
    run_unmapped();
    tape_free(&made);
    tape_places_remove();
    return 0;
}
