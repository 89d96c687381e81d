/* Persistence: what was appended is there after a clean stop, after a kill, and in the journal. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "persist/acd_persist.h"

enum { CALLS = 40 };

static const struct acd_limits limits = {.agents = 8, .queues = 4, .calls = 64, .clients = 4};

struct place {
    char directory[64], ring[64];
};

static struct place place_make(void)
{
    struct place p = {"/tmp/acd-test-XXXXXX", "/dev/shm/acd-test-XXXXXX"};

    cr_assert_not_null(mkdtemp(p.directory));
    cr_assert_not_null(mkdtemp(p.ring));
    return p;
}

static void place_remove(const struct place *p)
{
    char command[256];

    snprintf(command, sizeof command, "rm -rf '%s' '%s'", p->directory, p->ring);
    cr_assert_eq(system(command), 0);
}

static int try_open(const struct place *place, bool accept_loss, struct acd_persist **p,
                    struct acd_engine **e)
{
    return acd_persist_open(p, e,
                            &(struct acd_persist_options){.directory = place->directory,
                                                          .ring_directory = place->ring,
                                                          .ring_bytes = 1 << 20,
                                                          .limits = limits,
                                                          .accept_loss = accept_loss});
}

static void open_at(const struct place *place, struct acd_persist **p, struct acd_engine **e)
{
    int error = try_open(place, false, p, e);

    cr_assert_eq(error, ACD_OK, "%s", acd_persist_error(NULL));
    cr_assert_null(acd_engine_check(*e), "%s", acd_engine_check(*e));
}

static void run(struct acd_persist *p, struct acd_engine *e, struct acd_command c)
{
    struct acd_view_outcome o;

    acd_execute(e, acd_now(e) + ACD_SECOND, ACD_NOBODY, 0, &c, &o);
    cr_assert_eq(o.error, ACD_OK, "%s", acd_error_text(o.error));
    cr_assert(acd_persist_has_room(p));
    acd_persist_append(p, acd_last_frame(e));
}

#define RUN(p, e, name, ...)                                                                       \
    run((p), (e), (struct acd_command){.code = ACD_COMMAND_##name, .as.name = {__VA_ARGS__}})

static void set_up(struct acd_persist *p, struct acd_engine *e)
{
    RUN(p, e, queue_set, .name = acd_str("sales"), .wrap_up_time = 30 * ACD_SECOND);
    RUN(p, e, agent_set, .name = acd_str("ann"));
    RUN(p, e, member_set, .agent_name = acd_str("ann"), .queue_name = acd_str("sales"));
    RUN(p, e, agent_state, .name = acd_str("ann"), .state = ACD_READY);
}

static void calls(struct acd_persist *p, struct acd_engine *e, int from, int to, int step_every)
{
    for (int i = from; i < to; i++) {
        char key[16];

        snprintf(key, sizeof key, "k%d", i);
        RUN(p, e, route, .key = acd_str(key), .queue_name = acd_str("sales"));
        if (step_every > 0 && i % step_every == 0)
            cr_assert_geq(acd_persist_step(p), 0);
    }
}

static uint32_t waiting(const struct acd_engine *e)
{
    struct acd_view_totals totals;

    acd_totals_view(e, &totals);
    return totals.queued + totals.offered;
}

static bool has_ring(const struct place *place)
{
    char command[128];

    snprintf(command, sizeof command, "ls '%s' | grep -q '[.]ring$'", place->ring);
    return system(command) == 0;
}

/* A clean stop and a start: the same position, the same calls, nothing truncated; the ring is gone
 * meanwhile, as is normal. */
Test(persist, clean_stop)
{
    struct place place = place_make();
    struct acd_persist *p;
    struct acd_engine *e;
    uint64_t sequence;

    open_at(&place, &p, &e);
    set_up(p, e);
    calls(p, e, 0, CALLS, 7);
    sequence = acd_position(e).sequence;
    cr_assert(has_ring(&place));
    acd_close(e);
    cr_assert_eq(acd_persist_close(p), ACD_OK, "%s", acd_persist_error(NULL));
    cr_assert_not(has_ring(&place));

    open_at(&place, &p, &e);
    cr_assert(acd_persist_recovery(p).clean && !acd_persist_recovery(p).truncated);
    cr_assert_eq(acd_position(e).sequence, sequence);
    cr_assert_eq(acd_persist_durable(p), sequence);
    cr_assert_eq(waiting(e), CALLS);
    acd_close(e);
    cr_assert_eq(acd_persist_close(p), ACD_OK);
    place_remove(&place);
}

/* Runs in a child that dies without a word: `committed` calls are in the journal, the rest in the
 * ring. */
static void die_after(const struct place *place, int committed, int all)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct acd_persist *p;
        struct acd_engine *e;

        open_at(place, &p, &e);
        set_up(p, e);
        calls(p, e, 0, committed, 1);
        calls(p, e, committed, all, 0);
        _exit(0);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A kill loses nothing that was appended: the ring gives what the journal has not. */
Test(persist, kill_loses_nothing)
{
    struct place place = place_make();
    struct acd_persist *p;
    struct acd_engine *e;
    uint64_t sequence;

    die_after(&place, CALLS / 2, CALLS);
    open_at(&place, &p, &e);
    cr_assert_not(acd_persist_recovery(p).clean);
    cr_assert_not(acd_persist_recovery(p).truncated);
    cr_assert_gt(acd_persist_recovery(p).journal_events, 0);
    cr_assert_gt(acd_persist_recovery(p).ring_events, 0);
    cr_assert_eq(waiting(e), CALLS);
    calls(p, e, CALLS, CALLS + 5, 0);
    sequence = acd_position(e).sequence;
    cr_assert_eq(acd_persist_wait(p, sequence, ACD_SECOND), ACD_OK);
    acd_close(e);
    cr_assert_eq(acd_persist_close(p), ACD_OK);

    open_at(&place, &p, &e);
    cr_assert_eq(acd_position(e).sequence, sequence);
    acd_close(e);
    acd_persist_close(p);
    place_remove(&place);
}

/* A ring that is missing under the same boot stops the start; to go on without it is a decision,
 * and opens a new epoch. */
Test(persist, missing_ring)
{
    struct place place = place_make();
    struct acd_persist *p;
    struct acd_engine *e;
    char command[128];

    die_after(&place, CALLS / 2, CALLS);
    snprintf(command, sizeof command, "rm '%s'/*.ring", place.ring);
    cr_assert_eq(system(command), 0);
    cr_assert_eq(try_open(&place, false, &p, &e), ACD_STATE);
    cr_assert_not_null(strstr(acd_persist_error(NULL), "--accept-loss"));
    cr_assert_eq(try_open(&place, true, &p, &e), ACD_OK);
    cr_assert(acd_persist_recovery(p).truncated);
    cr_assert_eq(acd_position(e).epoch, 2);
    cr_assert_eq(waiting(e), CALLS / 2);
    acd_close(e);
    acd_persist_close(p);
    place_remove(&place);
}

/* A limit out of its bounds is named, and leaves no directory behind that cannot be opened. */
Test(persist, limit_out_of_bounds)
{
    struct place place = place_make();
    struct acd_persist *p;
    struct acd_engine *e;
    struct acd_persist_options options = {.directory = place.directory,
                                          .ring_directory = place.ring,
                                          .ring_bytes = 1 << 20,
                                          .limits = {.queues_per_agent = 2000}};

    cr_assert_eq(acd_persist_open(&p, &e, &options), ACD_INVALID);
    cr_assert_str_eq(acd_persist_error(NULL),
                     "limits: queues_per_agent must be between 1 and 1024");
    open_at(&place, &p, &e);
    acd_close(e);
    acd_persist_close(p);
    place_remove(&place);
}

/* A second process on the same directory is told so, and the first goes on. */
Test(persist, second_process)
{
    struct place place = place_make();
    struct acd_persist *p, *second;
    struct acd_engine *e, *other;

    open_at(&place, &p, &e);
    cr_assert_eq(try_open(&place, false, &second, &other), ACD_STATE);
    cr_assert_not_null(strstr(acd_persist_error(NULL), "another process"));
    cr_assert_not_null(strstr(acd_persist_error(NULL), "stop it first"));
    set_up(p, e);
    calls(p, e, 0, CALLS, 7);
    acd_close(e);
    cr_assert_eq(acd_persist_close(p), ACD_OK);
    open_at(&place, &p, &e);
    cr_assert_eq(waiting(e), CALLS);
    acd_close(e);
    acd_persist_close(p);
    place_remove(&place);
}

/* So is who runs a copy of a directory that was not made by a backup: both would use one ring. */
Test(persist, bare_copy)
{
    struct place place = place_make(), copy = place_make();
    struct acd_persist *p, *second;
    struct acd_engine *e, *other;
    char command[256];

    open_at(&place, &p, &e);
    snprintf(command, sizeof command, "cp '%s'/* '%s' && rm -r '%s'", place.directory,
             copy.directory, copy.ring);
    cr_assert_eq(system(command), 0);
    snprintf(copy.ring, sizeof copy.ring, "%s", place.ring);
    cr_assert_eq(try_open(&copy, true, &second, &other), ACD_STATE);
    cr_assert_not_null(strstr(acd_persist_error(NULL), "is a bare copy"), "%s",
                       acd_persist_error(NULL));
    set_up(p, e);
    acd_close(e);
    cr_assert_eq(acd_persist_close(p), ACD_OK);
    place_remove(&place);
    place_remove(&copy);
}

/* Waiting ends: with what is durable, or with the time; without a thread it is the work itself. */
static void wait_for(const struct place *place, bool thread)
{
    struct acd_persist *p;
    struct acd_engine *e;
    uint64_t last;

    open_at(place, &p, &e);
    if (thread)
        cr_assert_eq(acd_persist_start(p, NULL, NULL), ACD_OK);
    set_up(p, e);
    last = acd_position(e).sequence;
    cr_assert_eq(acd_persist_wait(p, last, ACD_FOREVER), ACD_OK);
    cr_assert_geq(acd_persist_durable(p), last);
    cr_assert_eq(acd_persist_wait(p, last, 0), ACD_OK);
    cr_assert_eq(acd_persist_wait(p, last + 1, ACD_MS), ACD_TIMEOUT);
    acd_close(e);
    cr_assert_eq(acd_persist_close(p), ACD_OK);
}

Test(persist, wait_ends, .timeout = 20)
{
    struct place steps = place_make(), thread = place_make();

    wait_for(&steps, false);
    wait_for(&thread, true);
    place_remove(&steps);
    place_remove(&thread);
}

/* A host that drives the rounds itself hears of each commit, as it has been made. */
struct heard {
    struct acd_persist *p;
    uint64_t sequence;
    int times;
};

static void on_durable(void *ctx, uint64_t sequence)
{
    struct heard *h = ctx;

    cr_assert_gt(sequence, h->sequence);
    cr_assert_eq(sequence, acd_persist_durable(h->p));
    h->sequence = sequence;
    h->times++;
}

Test(persist, host_hears_of_commits)
{
    struct place place = place_make();
    struct heard heard = {.times = 0};
    struct acd_engine *e;
    uint64_t last;

    open_at(&place, &heard.p, &e);
    acd_persist_on_durable(heard.p, on_durable, &heard);
    set_up(heard.p, e);
    cr_assert_eq(heard.times, 0);
    cr_assert_gt(acd_persist_step(heard.p), 0);
    cr_assert_eq(heard.times, 1);
    cr_assert_eq(heard.sequence, acd_position(e).sequence);
    cr_assert_eq(acd_persist_step(heard.p), 0);
    cr_assert_eq(heard.times, 1); /* nothing was committed */
    calls(heard.p, e, 0, 3, 0);
    cr_assert_eq(acd_persist_wait(heard.p, acd_position(e).sequence, 0), ACD_OK);
    cr_assert_eq(heard.times, 2);
    calls(heard.p, e, 3, 6, 0);
    last = acd_position(e).sequence;
    acd_close(e);
    cr_assert_eq(acd_persist_close(heard.p), ACD_OK);
    cr_assert_eq(heard.times, 3);
    cr_assert_eq(heard.sequence, last);
    place_remove(&place);
}

/* A start tells how far it is. */
struct progress {
    uint64_t journal, total, ring, checkpoint;
};

static void on_progress(void *ctx, const char *what, uint64_t done, uint64_t total)
{
    struct progress *p = ctx;

    cr_assert_leq(done, total);
    p->ring += strcmp(what, "ring") == 0;
    p->checkpoint += strcmp(what, "checkpoint") == 0;
    if (strcmp(what, "journal") != 0)
        return;
    p->journal++;
    p->total = total;
}

Test(persist, progress)
{
    struct place place = place_make();
    struct progress told = {0};
    struct acd_limits greater = limits;
    struct acd_persist *p;
    struct acd_engine *e;

    die_after(&place, CALLS, CALLS);
    greater.calls += 100; /* so all rows are written anew */
    cr_assert_eq(acd_persist_open(&p, &e,
                                  &(struct acd_persist_options){.directory = place.directory,
                                                                .ring_directory = place.ring,
                                                                .ring_bytes = 1 << 20,
                                                                .limits = greater,
                                                                .on_progress = on_progress,
                                                                .ctx = &told}),
                 ACD_OK);
    cr_assert_geq(told.journal, 1);
    cr_assert_geq(told.ring, 1);
    cr_assert_geq(told.checkpoint, 1);
    cr_assert_eq(told.total, acd_persist_durable(p));
    acd_close(e);
    acd_persist_close(p);
    place_remove(&place);
}
