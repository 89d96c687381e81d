#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/drive.h"
#include "tests/e2e/kill/hours.h"
#include "tests/e2e/kill/judge.h"
#include "tests/e2e/kill/site.h"

/* kill -9 at any moment loses nothing acknowledged, in either mode.
 *
 * Two gateways and a desk drive a busy centre, and on the floor beside it all is done that can be
 * asked (floor.h); acdd is killed, at random or when the ring's header shows a worker in a phase,
 * now and then while it starts, too; then it is started again in the other mode, what was
 * unanswered is sent again by the client library, and all that was told is held against what acdd
 * says (judge.c), against its journal (journal.c), where each command has its effect once
 * (acts.def) and which comes to what queries say (roll.h), against numbers used before (again.c)
 * and against the files alone (disk.c). A directory lives for 20 kills.
 *
 * The dice and the delays come of a seed; what two processors make of them does not, so a phase
 * that is to be hit and was not is tried again. Prints which were, and how often each command was
 * carried out, and was under way at a kill; each command that there is must have been carried out,
 * calls of a lost gateway must have got to its heir, and what the floor's settings bring about must
 * have been there (rules.h).
 *
 * usage: test_kill PATH-OF-ACDD [--long | KILLS [SEED]] */

enum {
    KILLS = 20,
    KILLS_LONG = 500,
    KILLS_OF_DIRECTORY = 20,
    TRIES_MORE = 60,
    SILENT_EVERY = 4,
    SILENT_MS = 1600 /* longer than the lease of the floor's gateway, and a grace behind it */
};

static const char *const phase_names[SITE_PHASES] = {
    "commit", "checkpoint", "map raise", "trim", "history", "image", "idle", "no ring"};

/* What each kill in turn is aimed at: maps are raised mostly while the files are small. */
static const int targets[] = {RING_MAP_RAISE, RING_COMMIT,   SITE_NO_PHASE,   RING_CHECKPOINT,
                              RING_MAP_RAISE, RING_HISTORY,  RING_CHECKPOINT, RING_COMMIT,
                              RING_TRIM,      SITE_NO_PHASE, RING_MAP_RAISE,  RING_IMAGE,
                              SITE_NO_PHASE,  RING_COMMIT,   SITE_NO_PHASE};

struct run {
    char acdd[4096];
    struct site site;
    struct ledger ledger;
    struct journal journal;
    uint64_t seed;
    uint32_t kills, wanted;         /* so far, and in all */
    uint32_t hit[2][SITE_PHASES];   /* by mode: under load; both workers count */
    uint32_t starting[SITE_PHASES]; /* while it started */
    uint32_t in_flight_least;
    uint64_t answers, repeated, events, notices, adopted;
    uint32_t documents, documents_untold;
    struct rules rules;
};

/* ---- a kill ------------------------------------------------------------------------------- */

static void hit(uint32_t counts[SITE_PHASES], uint32_t phases)
{
    for (int i = 0; i < SITE_PHASES; i++)
        counts[i] += phases >> i & 1;
}

static uint32_t hits(const struct run *r, int phase)
{
    return r->hit[0][phase] + r->hit[1][phase];
}

/* The first phase that must be hit and was not; SITE_NO_PHASE: none. */
static int missing(const struct run *r)
{
    static const int must[] = {RING_MAP_RAISE, RING_CHECKPOINT, RING_COMMIT};

    for (size_t i = 0; i < sizeof must / sizeof must[0]; i++)
        if (hits(r, must[i]) == 0)
            return must[i];
    return SITE_NO_PHASE;
}

/* What the next kill is aimed at. */
static int target(const struct run *r)
{
    return r->kills < r->wanted ? targets[r->kills % (sizeof targets / sizeof targets[0])]
                                : missing(r);
}

static void kill_under_load(struct run *r, bool sync)
{
    struct ledger *l = &r->ledger;
    int phase = target(r);
    struct killer k = {.site = &r->site,
                       .phase = phase,
                       .after_us =
                           phase == SITE_NO_PHASE ? 5000 + dice(l, 200000) : 2000 + dice(l, 60000)};
    uint32_t in_flight;

    if (phase == RING_COMMIT || phase == RING_CHECKPOINT || phase == RING_HISTORY)
        k.into_us = dice(l, 2) * dice(l, 1500); /* at once, or well inside */
    l->driving = true;
    if (dice(l, 2) == 0)
        document_ask(&l->document);
    drive_fill(l);
    calendar_turn();
    killer_start(&k);
    while (!atomic_load(&k.done)) {
        drive_fill(l);
        drive_pump(l, 1);
    }
    l->driving = false;
    in_flight = drive_in_flight(l);
    drive_count_in_flight(l);
    CHECK(in_flight >= DRIVE_IN_FLIGHT_MIN);
    if (in_flight < r->in_flight_least)
        r->in_flight_least = in_flight;
    hit(r->hit[sync], killer_end(&k));
    r->kills++;
}

/* It had hardly begun; what it had begun with is there for the next start. */
static void kill_while_starting(struct run *r)
{
    site_start(&r->site, dice(&r->ledger, 2) == 1, "");
    check_sleep_ms(dice(&r->ledger, 40));
    site_kill(&r->site);
    hit(r->starting, site_phases(&r->site));
}

static void start(struct run *r, bool sync, const char *more)
{
    site_start(&r->site, sync, more);
    drive_settle(&r->ledger);
}

/* Behind two images the journal is trimmed: they are not made before it was judged. */
static void restart_for_image(struct run *r, bool sync)
{
    site_kill(&r->site);
    drive_notice_end(&r->ledger);
    start(r, sync, "--image-interval=1s");
}

static void restart(struct run *r, bool sync)
{
    while (dice(&r->ledger, 4) == 0)
        kill_while_starting(r);
    start(r, sync, "");
    if (r->kills % SILENT_EVERY == 0)
        check_sleep_ms(SILENT_MS); /* nobody is heard meanwhile */
    judge(&r->ledger, &r->journal);
    drive_restarted(&r->ledger);
    if (target(r) == RING_IMAGE)
        restart_for_image(r, sync);
}

/* ---- a directory -------------------------------------------------------------------------- */

static void directory_begin(struct run *r)
{
    site_make(&r->site, r->acdd);
    ledger_open(&r->ledger, r->seed + r->kills);
    journal_open(&r->journal, &r->ledger);
    site_start(&r->site, r->kills % 2 == 1, "");
    drive_open(&r->ledger);
    calendar_make();
    drive_make_centre(&r->ledger);
}

static void directory_end(struct run *r)
{
    struct ledger *l = &r->ledger;

    drive_outwait(l);
    drive_close(l);
    CHECK(site_stop(&r->site) == 0);
    judge_stopped(l, &r->journal, r->site.ring);
    r->answers += l->answers;
    r->repeated += l->repeated;
    r->events += r->journal.events;
    r->adopted += r->journal.adopted;
    rules_add(&r->rules, &r->journal.rules);
    r->documents += l->document.told;
    r->documents_untold += l->document.untold;
    for (int i = 0; i < GATEWAYS; i++)
        r->notices += l->parties[i].notices;
    journal_close(&r->journal);
    ledger_close(l);
    site_remove(&r->site, check_failures() > 0);
}

static void one_kill(struct run *r)
{
    bool sync = r->kills % 2 == 1;

    kill_under_load(r, sync);
    judge_copy(&r->ledger, r->site.ring);
    restart(r, !sync);
    if (check_failures() > 0)
        fprintf(stderr, "kill %" PRIu32 ", seed %" PRIu64 "\n", r->kills, r->seed);
}

/* Whether all has been done, and all came of it, that the floor is there for; says what was not. */
static bool floor_is_seen(const struct run *r, bool says)
{
    struct rules rules = r->rules;

    rules_add(&rules, &r->journal.rules); /* of this directory, or of the last one again */
    return acts_all(says) && rules_all(&rules) && r->documents + r->ledger.document.told > 0;
}

/* Something that must be seen has not been: a slow machine does less between two kills. */
static bool is_wanting(const struct run *r)
{
    return missing(r) != SITE_NO_PHASE || r->adopted + r->journal.adopted == 0 ||
           (r->wanted >= KILLS && !floor_is_seen(r, false));
}

static bool goes_on(const struct run *r)
{
    uint32_t most = r->wanted + (is_wanting(r) ? TRIES_MORE : 0);

    return check_failures() == 0 && r->kills < most;
}

static void run_all(struct run *r)
{
    while (goes_on(r)) {
        directory_begin(r);
        do
            one_kill(r);
        while (goes_on(r) && r->kills % KILLS_OF_DIRECTORY != 0 &&
               r->ledger.call_count < CALLS_MAX / 2);
        directory_end(r);
    }
    CHECK(!is_wanting(r) || check_failures() > 0);
    CHECK(r->wanted < KILLS || floor_is_seen(r, true));
}

/* ---- what it was -------------------------------------------------------------------------- */

static void print(const struct run *r)
{
    printf("%-12s%8s%8s%10s\n", "killed in", "async", "sync", "starting");
    for (int i = 0; i < SITE_PHASES; i++)
        printf("%-12s%8" PRIu32 "%8" PRIu32 "%10" PRIu32 "\n", phase_names[i], r->hit[0][i],
               r->hit[1][i], r->starting[i]);
    printf("%" PRIu32 " kills, at least %" PRIu32 " requests under way at each; %" PRIu64
           " answers, %" PRIu64 " of them told again; %" PRIu64 " notices; %" PRIu64 " events\n",
           r->kills, r->in_flight_least, r->answers, r->repeated, r->notices, r->events);
    printf("%" PRIu32 " documents were applied and told so, %" PRIu32 " were there untold; %" PRIu64
           " calls got to an heir\n",
           r->documents, r->documents_untold, r->adopted);
    rules_print(&r->rules);
    acts_print();
}

int main(int argc, char **argv)
{
    static struct run r = {.in_flight_least = UINT32_MAX};
    bool is_long = argc > 2 && strcmp(argv[2], "--long") == 0;

    if (argc < 2)
        return 77; /* there is no daemon in this build */
    r.wanted = is_long ? KILLS_LONG : KILLS;
    if (argc > 2 && !is_long)
        r.wanted = (uint32_t)strtoul(argv[2], NULL, 10);
    if (realpath(argv[1], r.acdd) == NULL)
        check_give_up(argv[1], "is not there");
    signal(SIGPIPE, SIG_IGN);
    r.seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    run_all(&r);
    print(&r);
    return check_failures() == 0 ? 0 : 1;
}
