/* The worker's thread beside the loop's, readers of history and journal beside both, the durable
 * callback, maps that must be raised and images that are written under way; then all is as if there
 * had been no threads. */

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "tests/persist/site.h"

struct run {
    struct site site;
    atomic_bool stop;
    _Atomic uint64_t told; /* the last sequence that the callback gave */
    uint64_t visits, frames;
};

static void on_durable(void *ctx, uint64_t sequence)
{
    struct run *r = ctx;

    CHECK(sequence > atomic_load(&r->told));
    atomic_store(&r->told, sequence);
}

/* Newest first, without a gap in time, over and over. */
static void *read_history(void *ctx)
{
    static uint8_t page[16 * ACD_RECORD_MAX];
    struct run *run = ctx;
    struct acd_reader *r;

    CHECK(acd_reader_open(&r, run->site.p) == ACD_OK);
    while (!atomic_load(&run->stop)) {
        struct acd_history_query q = {.agent = acd_str("ann"), .limit = 100};
        uint64_t cursor = 0, before = UINT64_MAX;

        do {
            int bytes = acd_history_read(r, &q, &cursor, page, sizeof page);

            CHECK(bytes >= 0);
            for (int at = 0; at < bytes;) {
                struct acd_view_visit v;
                int size = acd_record_view_visit.decode(page + at, (size_t)(bytes - at), &v);

                CHECK(size > 0 && v.sequence < before);
                before = v.sequence;
                run->visits++;
                at += size;
            }
        } while (cursor != 0);
    }
    acd_reader_close(r);
    return NULL;
}

struct tail {
    struct run *run;
    uint64_t next;
};

static bool tail_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    struct tail *tail = ctx;

    CHECK(epoch == 1 && frame->first_sequence == tail->next);
    tail->next += frame->count;
    tail->run->frames++;
    return true;
}

/* Follows the journal's end. */
static void *read_journal(void *ctx)
{
    struct run *run = ctx;
    struct tail tail = {run, 1};
    struct acd_reader *r;
    uint64_t after = 0;
    int frames = 0;

    CHECK(acd_reader_open(&r, run->site.p) == ACD_OK);
    while (!atomic_load(&run->stop) || frames != 0) {
        frames = acd_journal_read(r, &after, 4096, tail_frame, &tail);
        if (frames == ACD_STALE) { /* overtaken by trimming */
            uint64_t last;

            CHECK(acd_journal_range(r, &tail.next, &last) == ACD_OK);
            after = tail.next - 1;
        } else {
            CHECK(frames >= 0);
        }
        CHECK(acd_persist_figures(run->site.p).error == 0);
    }
    acd_reader_close(r);
    return NULL;
}

/* Nobody hurries: what is appended is durable by the end of the second commit from then on, the
 * first of which may have begun before. So the window is an interval and a commit. */
static void wait_in_window(const struct site *s)
{
    uint64_t last = acd_position(s->e).sequence;
    uint64_t before = acd_persist_figures(s->p).commits;
    struct acd_persist_figures f;

    do {
        (void)sched_yield();
        f = acd_persist_figures(s->p);
        CHECK(f.durable >= last || f.commits < before + 2);
        CHECK((f.waiting_since > 0) <= (f.waiting_events > 0));
    } while (f.durable < last);
}

int main(void)
{
    struct run run = {.site = site_make(200)};
    pthread_t readers[2];
    struct site *s = &run.site;

    s->options.map_bytes = 1 << 16;
    s->options.commit_interval = 10; /* so that they fall into checkpoints too */
    s->options.checkpoint_interval = 20 * ACD_MS;
    s->options.image_interval = 50 * ACD_MS;
    s->step_every = 0;
    site_open(s);
    CHECK(acd_persist_start(s->p, on_durable, &run) == ACD_OK);
    CHECK(pthread_create(&readers[0], NULL, read_history, &run) == 0);
    CHECK(pthread_create(&readers[1], NULL, read_journal, &run) == 0);
    for (int i = 0; i < 60 || acd_persist_figures(s->p).images < 4; i++) {
        CHECK(i < 5000);
        while (acd_persist_room(s->p) < s->options.ring_bytes / 2)
            (void)sched_yield(); /* as a host reads no more requests */
        site_run(s, 40);
        if (i % 2 == 0)
            wait_in_window(s);
        acd_persist_hurry(s->p);
        site_settle(s);
    }
    while (atomic_load(&run.told) < acd_position(s->e).sequence)
        (void)sched_yield(); /* who waits is told first */
    atomic_store(&run.stop, true);
    CHECK(pthread_join(readers[0], NULL) == 0 && pthread_join(readers[1], NULL) == 0);
    CHECK(acd_persist_figures(s->p).maps_raised > 1);
    CHECK(acd_persist_figures(s->p).error == 0);
    CHECK(run.visits > 100 && run.frames > 100);
    site_close(s);
    CHECK(site_faults(s) == 0);
    site_remove(s);
    return 0;
}
