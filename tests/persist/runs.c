#include "tests/persist/runs.h"

#include <errno.h>
#include <unistd.h>

/* The runs whose power is cut. All but the first begin with what that one left. */

void run_new(struct tape *t)
{
    struct acd_persist_figures f;

    tape_begin(t, "new", 1, NULL, 0);
    t->epoch = 1;
    tape_open(t);
    tape_rounds(t, 60);
    f = acd_persist_figures(t->site.p);
    CHECK(f.checkpoints > 5 && f.images > 1 && f.maps_raised > 1 && f.journal_oldest > 1);
    tape_close(t);
    tape_end(t);
}

void run_stopped(const struct tape *made)
{
    disk_cut(&made->log, made->log.count, DISK_CUT_ALL, 0, tape_made);
    disk_wipe(tape_rings);
}

static void work_and_stop(struct tape *t, int rounds)
{
    tape_open(t);
    tape_rounds(t, rounds);
    tape_close(t);
    tape_end(t);
}

/* ---- after a kill: the ring is there ----------------------------------------------------------
 */

/* Runs and is killed with commands in the ring: the directory and the ring as they were then. */
static void kill_one(struct tape *t, const struct tape *made)
{
    char command[256];
    size_t at;

    run_stopped(made);
    tape_begin(t, "killed", 3, made, made->appended);
    tape_open(t);
    tape_rounds(t, 7);
    site_run(&t->site, 20);
    at = disk_operations();
    snprintf(command, sizeof command, "cp -r '%s' '%s.kept'", tape_rings, tape_rings);
    CHECK(system(command) == 0);
    tape_close(t);
    tape_end(t);
    disk_cut(&t->log, at, DISK_CUT_ALL, 0, tape_made);
    disk_wipe(tape_rings);
    snprintf(command, sizeof command, "mv '%s.kept'/* '%s'; rmdir '%s.kept'", tape_rings,
             tape_rings, tape_rings);
    CHECK(system(command) == 0);
    t->durable = t->log.ops[at].mark.durable;
}

static void run_killed(struct tape *t, const struct tape *made)
{
    struct tape first;

    kill_one(&first, made);
    tape_begin(t, "killed", 4, &first, first.appended);
    t->durable = first.durable;
    tape_free(&first);
    work_and_stop(t, 7);
}

/* ---- after a power cut ------------------------------------------------------------------------
 */

/* The event that a cut leaves the centre at. */
static uint64_t event_after(const struct tape *made, size_t at)
{
    struct site s = made->site;
    uint64_t last;

    disk_cut(&made->log, at, DISK_CUT_SOME, at, tape_cut);
    snprintf(s.directory, sizeof s.directory, "%s/store", tape_cut);
    site_open(&s);
    last = acd_position(s.e).sequence;
    site_close(&s);
    disk_wipe(tape_rings);
    return last;
}

/* Its restart is cut too. */
static void run_again(struct tape *t, const struct tape *made)
{
    size_t at = made->log.begin + (made->log.count - made->log.begin) * 2 / 3;
    uint64_t last;

    disk_wipe(tape_rings);
    disk_boot++;
    last = event_after(made, at);
    CHECK(last < made->appended);
    disk_cut(&made->log, at, DISK_CUT_SOME, at, tape_made);
    tape_begin(t, "again", 5, made, last);
    work_and_stop(t, 7);
}

/* ---- after a clean stop -----------------------------------------------------------------------
 */

static void run_limits(struct tape *t, const struct tape *made)
{
    run_stopped(made);
    tape_begin(t, "limits", 6, made, made->appended);
    t->site.options.limits.agents = 11;
    t->site.options.limits.calls = 80;
    work_and_stop(t, 5);
}

static void run_compact(struct tape *t, const struct tape *made)
{
    run_stopped(made);
    tape_begin(t, "compact", 7, made, made->appended);
    CHECK(acd_store_compact(t->site.directory, NULL, NULL) == ACD_OK);
    work_and_stop(t, 5);
}

static void run_forgets(struct tape *t, const struct tape *made)
{
    run_stopped(made);
    tape_begin(t, "forgets", 8, made, made->appended);
    t->forgets = true;
    t->site.options.history_retention = 30 * ACD_SECOND;
    work_and_stop(t, 20);
}

/* history.mdb was lost: it is collected from the images. */
static void run_collects(struct tape *t, const struct tape *made)
{
    char path[80];

    run_stopped(made);
    snprintf(path, sizeof path, "%s/store/history.mdb", tape_made);
    CHECK(unlink(path) == 0);
    tape_begin(t, "collects", 9, made, made->appended);
    t->forgets = true;
    work_and_stop(t, 5);
}

/* A disk that fails now and then, or says so although it has written. */
static void run_fails(struct tape *t, const struct tape *made)
{
    unsigned failed = 0;

    run_stopped(made);
    tape_begin(t, "fails", 11, made, made->appended);
    tape_open(t);
    for (unsigned i = 0; i < 45; i++) {
        site_run(&t->site, 4);
        disk_clock_us += 20 * ACD_MS;
        disk_fail(i % 15, 1, EIO, i % 2 == 0 ? DISK_LIES : DISK_FAILS);
        failed += tape_step(t) < 0;
        (void)disk_fail_end();
    }
    CHECK(failed > 20);
    tape_close(t);
    tape_end(t);
}

static void run_copies(struct tape *t, const struct tape *made)
{
    struct acd_reader *r;
    char to[80];

    run_stopped(made);
    tape_begin(t, "copies", 10, made, made->appended);
    t->copies = true;
    snprintf(to, sizeof to, "%s/copy", tape_made);
    CHECK(acd_reader_open_directory(&r, t->site.directory) == ACD_OK);
    CHECK(acd_store_copy(r, to) == ACD_OK);
    acd_reader_close(r);
    t->visits = all_visits(&t->site, &t->visit_bytes);
    tape_end(t);
}

void (*const runs[RUNS])(struct tape *t, const struct tape *made) = {
    run_killed,  run_again,    run_limits, run_compact,
    run_forgets, run_collects, run_fails,  run_copies};
