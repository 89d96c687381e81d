#include "tests/persist/tape.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char tape_made[48], tape_cut[48], tape_rings[48];

static char base[32];

void tape_places(void)
{
    snprintf(base, sizeof base, "/dev/shm/acd-power-XXXXXX");
    CHECK(mkdtemp(base) != NULL);
    snprintf(tape_made, sizeof tape_made, "%s/made", base);
    snprintf(tape_cut, sizeof tape_cut, "%s/cut", base);
    snprintf(tape_rings, sizeof tape_rings, "%s/rings", base);
    CHECK(mkdir(tape_made, 0700) == 0 && mkdir(tape_cut, 0700) == 0 &&
          mkdir(tape_rings, 0700) == 0);
}

void tape_places_remove(void)
{
    disk_wipe(base);
    CHECK(rmdir(base) == 0);
}

/* ---- what was told ----------------------------------------------------------------------------
 */

static struct disk_mark mark_now(void *ctx)
{
    const struct tape *t = ctx;

    return (struct disk_mark){.durable = t->open ? acd_persist_durable(t->site.p) : t->durable,
                              .appended = t->appended,
                              .in_time = t->in_time,
                              .epoch = t->epoch,
                              .opening = !t->open};
}

static void frame_keep(void *ctx, const struct acd_frame *frame)
{
    struct tape *t = ctx;
    uint8_t *bytes = malloc(frame->len);

    if (t->frame_count == t->frame_room) {
        t->frame_room = t->frame_room == 0 ? 256 : 2 * t->frame_room;
        t->frames = realloc(t->frames, t->frame_room * sizeof *t->frames);
    }
    CHECK(bytes != NULL && t->frames != NULL);
    memcpy(bytes, frame->bytes, frame->len);
    t->frames[t->frame_count] = *frame;
    t->frames[t->frame_count++].bytes = bytes;
    t->appended = frame->first_sequence + frame->count - 1;
}

struct acd_engine *tape_state(const struct tape *t, uint64_t sequence, uint32_t epoch)
{
    struct acd_config config = {.limits = t->site.options.limits, .epoch = epoch};
    struct acd_engine *e;

    CHECK(acd_open(&e, &config) == ACD_OK);
    for (size_t i = 0; i < t->frame_count && t->frames[i].first_sequence <= sequence; i++)
        CHECK(acd_apply_frame(e, &t->frames[i]) == ACD_OK);
    CHECK(acd_position(e).sequence == sequence); /* no frame is ever there in part */
    return e;
}

/* ---- visits ------------------------------------------------------------------------------- */

uint8_t *all_visits(const struct site *s, size_t *len)
{
    enum { PAGE = 8 * ACD_RECORD_MAX };
    struct acd_history_query q = {.limit = 1000};
    struct acd_reader *r;
    uint64_t cursor = 0;
    uint8_t *all = NULL;

    *len = 0;
    CHECK(acd_reader_open_directory(&r, s->directory) == ACD_OK);
    do {
        int n;

        all = realloc(all, *len + PAGE);
        CHECK(all != NULL);
        n = acd_history_read(r, &q, &cursor, all + *len, PAGE);
        CHECK(n >= 0);
        *len += (size_t)n;
    } while (cursor != 0);
    acd_reader_close(r);
    return all;
}

const uint8_t *visits_upto(const struct tape *t, uint64_t sequence, size_t *len)
{
    size_t at = 0;

    while (at < t->visit_bytes) {
        struct acd_view_visit v;
        int size = acd_record_view_visit.decode(t->visits + at, t->visit_bytes - at, &v);

        CHECK(size > 0);
        if (v.sequence <= sequence)
            break;
        at += (size_t)size;
    }
    *len = t->visit_bytes - at;
    return t->visits + at;
}

/* ---- a run -------------------------------------------------------------------------------- */

void tape_begin(struct tape *t, const char *name, uint64_t seed, const struct tape *earlier,
                uint64_t upto)
{
    *t = (struct tape){.name = name};
    if (earlier != NULL) {
        t->site.options = earlier->site.options;
        t->site.calls = earlier->site.calls;
        for (size_t i = 0; i < earlier->frame_count; i++)
            if (earlier->frames[i].first_sequence <= upto)
                frame_keep(t, &earlier->frames[i]);
        t->epoch = earlier->epoch;
        t->durable = upto;
    } else {
        t->site.options = (struct acd_persist_options){
            .ring_bytes = 1 << 18,
            .limits = {.agents = 8,
                       .queues = 4,
                       .calls = 64,
                       .ended_calls = 64,
                       .clients = 2,
                       .outbox_bytes = 4096},
            .checkpoint_interval = 50 * ACD_MS,
            .image_interval = 200 * ACD_MS,
            .history_retention = -1,
            .map_bytes = 1 << 16,
        };
    }
    t->site.seed = seed * 2654435761u + 1;
    t->site.on_frame = frame_keep;
    t->site.ctx = t;
    t->site.strides = true;
    t->site.callbacks = true;
    snprintf(t->site.directory, sizeof t->site.directory, "%s/store", tape_made);
    snprintf(t->site.ring, sizeof t->site.ring, "%s", tape_rings);
    disk_random_seed = seed;
    disk_watch(tape_made, mark_now, t);
}

void tape_end(struct tape *t)
{
    t->log = disk_unwatch();
}

void tape_free(struct tape *t)
{
    for (size_t i = 0; i < t->frame_count; i++)
        free((void *)(uintptr_t)t->frames[i].bytes);
    free(t->frames);
    free(t->visits);
    disk_log_free(&t->log);
}

void tape_open(struct tape *t)
{
    site_open(&t->site);
    CHECK(acd_position(t->site.e).sequence == t->appended);
    t->epoch = acd_position(t->site.e).epoch;
    t->open = true;
    t->in_time = t->appended;
    t->in_time_at = disk_clock_us;
}

void tape_close(struct tape *t)
{
    acd_close(t->site.e);
    CHECK(acd_persist_close(t->site.p) == ACD_OK);
    t->open = false;
    t->durable = t->appended;
    free(t->visits);
    t->visits = all_visits(&t->site, &t->visit_bytes);
}

/* What is not durable was appended after the last commit that has ended began, and waits no longer
 * than since then. */
static void figures_check(const struct tape *t)
{
    struct acd_persist_figures f = acd_persist_figures(t->site.p);

    CHECK(f.durable >= t->in_time && f.waiting_events == t->appended - f.durable);
    CHECK(f.waiting_since == (f.waiting_events == 0 ? 0 : disk_clock_us - t->in_time_at));
}

int tape_step(struct tape *t)
{
    uint64_t appended = t->appended;
    int64_t began = disk_clock_us;
    int error;

    figures_check(t);
    error = acd_persist_step(t->site.p);
    if (acd_persist_durable(t->site.p) == appended) {
        t->in_time = appended;
        t->in_time_at = began;
    }
    figures_check(t);
    return error;
}

void tape_rounds(struct tape *t, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        site_run(&t->site, 4);
        disk_clock_us += 10 * ACD_MS;
        CHECK(tape_step(t) >= 0);
    }
}
