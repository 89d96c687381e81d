/* Random streams, engine against twin. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/stream.h"
#include "tests/model/suites.h"

static void report(struct pair *p, const struct suite_options *o, uint64_t seed,
                   const struct step *step)
{
    fprintf(stderr, "\nseed %" PRIu64 ", ", seed);
    pair_report(p, stderr, step);
    fprintf(stderr,
            "\nreplay: test_model --random --seed %" PRIu64 " --runs 1 --steps %" PRIu64 " --trace",
            seed, p->steps);
    if (o->fault != TWIN_SOUND)
        fprintf(stderr, " --fault %s", twin_fault_name(o->fault));
    fprintf(stderr, "\n");
}

static void trace(const struct pair *p, const struct step *step)
{
    printf("%" PRIu64 ": ", p->steps);
    pair_print_step(stdout, step);
    print_records(stdout, p->twin->log + p->twin->frame_start,
                  p->twin->log_len - p->twin->frame_start);
    if (step->command.code != 0) {
        printf("  -> ");
        print_record(stdout, &acd_record_view_outcome, &p->twin_outcome);
    }
}

/* At the end of a run: all views, and that the follower was handed all that was ever stated. */
static bool end_run(struct pair *p)
{
    if (!pair_compare_views(p))
        return false;
    if (p->followed != p->twin->log_len)
        p->broken = "the frames together are not all events";
    return p->broken == NULL;
}

static bool run(const struct suite_options *o, uint64_t seed, uint64_t *steps)
{
    static struct stream s;
    static struct step step;
    struct pair p;
    bool well = true;

    stream_open(&s, seed);
    pair_open(&p, &s.limits, o->fault);
    p.views_every = s.flood || s.crowd ? 64 : o->fault == TWIN_SOUND ? 1 : 8;
    p.rows_every = o->fault == TWIN_SOUND ? 50 : 0; /* the twin has none */
    if (o->cover != NULL)
        cover_watch(o->cover, p.twin);
    for (unsigned i = 0; well && i < o->steps * s.stretch; i++) {
        stream_next(&s, p.twin, &step);
        well = pair_step(&p, &step);
        if (o->trace)
            trace(&p, &step);
        if (o->cover != NULL)
            cover_step(o->cover, &p, &step);
    }
    well = well && end_run(&p);
    *steps += p.steps;
    if (!well && (o->fault == TWIN_SOUND || o->trace))
        report(&p, o, seed, &step);
    pair_close(&p);
    return well;
}

bool suite_random(const struct suite_options *o, uint64_t *steps)
{
    *steps = 0;
    for (unsigned i = 0; i < o->runs; i++) {
        if (o->fault != TWIN_SOUND && stream_is_crowd(o->seed + i) && o->runs > 1)
            continue; /* a fault shows in small worlds, and sooner */
        if (!run(o, o->seed + i, steps))
            return false;
    }
    return true;
}
