/* Power cuts. Runs of a centre are recorded with every write and sync; then the power is cut at
 * each moment of them, and what was not on the disk for good is lost, all of it, or none, or some,
 * or in part. The ring is gone and the boot another. From each such directory the centre comes back
 * by itself, as it was after some event S; S is not before the last one that anybody was told is
 * durable, nor before what was appended when the last commit that has ended began; whoever was told
 * of later ones hears that S was the last of its epoch; rows, journal and history agree; and it
 * goes on.
 *
 * usage: test_persist_power [--long | NAME OPERATION HOW SEED]
 *
 * A failure prints the arguments that repeat it. Without any, a sample of the moments. */

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/persist/runs.h"

/* ---- one cut ------------------------------------------------------------------------------ */

struct cut {
    const struct tape *tape;
    size_t at;
    enum disk_cut how;
    uint64_t seed;
};

static struct {
    unsigned cuts, lossy;
    uint64_t most;
} judged;

static unsigned lossy; /* of all runs */

static void count_loss(uint64_t events)
{
    judged.cuts++;
    judged.lossy += events > 0;
    judged.most = events > judged.most ? events : judged.most;
}

/* What was told before the cut, compared with what is there after it. */
static void judge_position(const struct cut *c, const struct disk_mark *told, const struct site *s)
{
    struct acd_persist_recovery r = acd_persist_recovery(s->p);
    struct acd_position now = acd_position(s->e);

    CHECK(now.sequence >= told->durable && now.sequence <= told->appended);
    CHECK(now.sequence >= told->in_time); /* the window: since the last commit that ended began */
    count_loss(told->appended - now.sequence);
    CHECK(acd_persist_durable(s->p) == now.sequence);
    if (r.truncated) {
        CHECK(r.last.sequence == now.sequence && r.last.epoch + 1 == now.epoch);
        CHECK(r.last.epoch == told->epoch || (told->opening && r.last.epoch == told->epoch + 1));
    } else {
        CHECK(now.sequence == told->appended);
        CHECK(now.epoch == told->epoch || (told->opening && now.epoch == told->epoch + 1));
    }
    if (c->at == c->tape->log.count)
        CHECK(r.clean && !r.truncated);
}

static void judge_state(const struct cut *c, const struct site *s)
{
    struct acd_position now = acd_position(s->e);
    struct acd_engine *e = tape_state(c->tape, now.sequence, now.epoch);

    CHECK(same_state(s->e, e));
    acd_close(e);
}

/* The store is stopped; it held the events up to `last`. */
static void judge_history(const struct cut *c, const struct site *s, uint64_t last)
{
    size_t len, expected_len;
    uint8_t *visits = all_visits(s, &len);
    const uint8_t *expected = visits_upto(c->tape, last, &expected_len);

    if (!c->tape->forgets)
        CHECK(len == expected_len && (len == 0 || memcmp(visits, expected, len) == 0));
    free(visits);
    CHECK(site_faults(s) == 0);
}

/* The centre works, stops, and is there again. */
static void judge_future(struct site *s)
{
    struct acd_engine *e;

    s->step_every = 3;
    site_run(s, 9);
    site_settle(s);
    e = s->e;
    CHECK(acd_persist_close(s->p) == ACD_OK);
    CHECK(site_faults(s) == 0);
    site_open(s);
    CHECK(acd_persist_recovery(s->p).clean && same_state(s->e, e));
    acd_close(e);
    site_close(s);
}

/* A copy that was under way is refused, or whole, or not there at all. */
static void judge_copy(const struct cut *c, const struct disk_mark *told, struct site s)
{
    char path[80];
    bool there;

    snprintf(s.directory, sizeof s.directory, "%s/copy", tape_cut);
    snprintf(path, sizeof path, "%s/tables.mdb", s.directory);
    there = access(path, F_OK) == 0;
    if (site_try(&s) != ACD_OK) {
        CHECK(c->at < c->tape->log.count && strstr(acd_persist_error(NULL), s.directory) != NULL);
        return;
    }
    CHECK(acd_position(s.e).sequence == (there ? told->appended : 0));
    CHECK(there || c->at < c->tape->log.count);
    if (there)
        judge_state(c, &s);
    site_close(&s);
    CHECK(site_faults(&s) == 0);
}

static void judge(const struct cut *c)
{
    const struct disk_op *ops = c->tape->log.ops;
    struct disk_mark told = ops[c->at < c->tape->log.count ? c->at : c->at - 1].mark;
    struct site s = c->tape->site;
    uint64_t last;

    snprintf(site_doing, sizeof site_doing, "repeat it with: %s %zu %d %llu\n", c->tape->name,
             c->at, (int)c->how, (unsigned long long)c->seed);
    disk_cut(&c->tape->log, c->at, c->how, c->seed, tape_cut);
    disk_wipe(tape_rings);
    disk_boot++;
    snprintf(s.directory, sizeof s.directory, "%s/store", tape_cut);
    s.on_frame = NULL;
    s.calls += 10000; /* whatever comes now has keys of its own */
    site_open(&s);
    judge_position(c, &told, &s);
    judge_state(c, &s);
    last = acd_position(s.e).sequence;
    site_close(&s);
    judge_history(c, &s, last);
    site_open(&s);
    judge_future(&s);
    if (c->tape->copies)
        judge_copy(c, &told, s);
}

/* ---- all of them -------------------------------------------------------------------------- */

struct wish {
    const char *name;  /* NULL: all */
    size_t at, sample; /* sample: moments of each run; 0: all */
    enum disk_cut how;
    uint64_t seed;
};

static void judge_all(const struct tape *t, size_t sample)
{
    uint64_t seed = 7;
    size_t first = t->log.begin, count = t->log.count + 1 - first;

    for (size_t i = 0; i < (sample == 0 ? count : sample); i++) {
        struct cut c = {.tape = t, .at = first + i};

        if (sample > 0)
            c.at = i == 0 ? t->log.count : first + disk_draw(&seed, (uint32_t)count);
        for (c.how = 0; c.how < DISK_CUTS; c.how++) {
            c.seed = i * DISK_CUTS + (unsigned)c.how;
            judge(&c);
        }
    }
}

static void cut_up(const struct tape *t, const struct wish *w)
{
    struct cut c = {t, w->at, w->how, w->seed};

    memset(&judged, 0, sizeof judged);
    if (w->name == NULL)
        judge_all(t, w->sample);
    else if (strcmp(w->name, t->name) == 0)
        judge(&c);
    lossy += judged.lossy;
    printf("%-8s %5zu operations, %5u cuts, %5u lost up to %3llu events\n", t->name,
           t->log.count - t->log.begin, judged.cuts, judged.lossy, (unsigned long long)judged.most);
}

int main(int argc, char **argv)
{
    struct wish w = {.sample = 24};
    struct tape made, t;

    if (argc == 2 && strcmp(argv[1], "--long") == 0)
        w.sample = 0;
    if (argc == 5)
        w = (struct wish){argv[1], strtoul(argv[2], NULL, 10), 0,
                          (enum disk_cut)strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10)};
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    tape_places();
    run_new(&made);
    cut_up(&made, &w);
    for (size_t i = 0; i < RUNS; i++) {
        runs[i](&t, &made);
        cut_up(&t, &w);
        tape_free(&t);
    }
    CHECK(w.name != NULL || lossy > 0); /* else nothing was cut */
    tape_free(&made);
    tape_places_remove();
    return 0;
}
