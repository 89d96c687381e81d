#include "daemon/durable.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "daemon/memory.h"
#include "daemon/recovering.h"
#include "daemon/server.h"
#include "engine/acd_assert.h"

static const acd_span CATCH_UP_WAIT = 100 * ACD_MS;

/* ---- which outcomes are held ------------------------------------------------------------------
 */

bool durable_holds_command(uint16_t code)
{
    switch (code) {
    case ACD_COMMAND_agent_set:
    case ACD_COMMAND_agent_remove:
    case ACD_COMMAND_member_set:
    case ACD_COMMAND_member_remove:
    case ACD_COMMAND_queue_set:
    case ACD_COMMAND_queue_remove:
    case ACD_COMMAND_number_set:
    case ACD_COMMAND_number_remove:
    case ACD_COMMAND_queue_drain:
    case ACD_COMMAND_skill_set:
    case ACD_COMMAND_skill_remove:
    case ACD_COMMAND_calendar_set:
    case ACD_COMMAND_calendar_remove:
    case ACD_COMMAND_calendar_time_set:
    case ACD_COMMAND_calendar_time_remove:
    case ACD_COMMAND_client_set:
    case ACD_COMMAND_client_remove:
    case ACD_COMMAND_config_commit: return true;
    default: return false;
    }
}

bool durable_is_sync(const struct server *s)
{
    return s->durable.persist != NULL && s->config->store.sync;
}

/* ---- opening --------------------------------------------------------------------------------- */

static void log_ring(const struct server *s)
{
    struct acd_persist_figures f = acd_persist_figures(s->durable.persist);

    if (f.ring_on_disk)
        log_line(LOG_WARN, "ring_on_disk", "ring_directory=\"%s\" reason=\"%s\"",
                 s->config->store.ring_directory,
                 "it is no tmpfs: whoever calls may have to wait for a disk");
}

static void log_recovery(const struct server *s)
{
    struct acd_persist_recovery r = acd_persist_recovery(s->durable.persist);
    struct acd_position at = acd_position(s->engine);

    log_line(LOG_INFO, "recovered",
             "directory=\"%s\" durability=%s position=%" PRIu32 ".%" PRIu64
             " clean=%s rows=%" PRIu64 " journal_events=%" PRIu64 " ring_events=%" PRIu64,
             s->config->store.directory, s->config->store.sync ? "sync" : "async", at.epoch,
             at.sequence, r.clean ? "yes" : "no", r.rows, r.journal_events, r.ring_events);
    if (r.truncated)
        log_line(LOG_WARN, "truncated",
                 "epoch=%" PRIu32 " last=%" PRIu64 " new_epoch=%" PRIu32
                 " reason=\"what was not on the disk yet is lost\"",
                 r.last.epoch, r.last.sequence, at.epoch);
}

int durable_open(struct server *s)
{
    const struct config_store *c = &s->config->store;
    struct recovering recovering;
    struct acd_persist_options options = {.directory = c->directory,
                                          .ring_directory = c->ring_directory,
                                          .ring_bytes = c->ring_bytes,
                                          .limits = s->config->limits,
                                          .epoch = clock_epoch(),
                                          .take = memory_take,
                                          .give = memory_give,
                                          .commit_interval = c->commit_interval,
                                          .checkpoint_interval = c->checkpoint_interval,
                                          .image_interval = c->image_interval,
                                          .map_bytes = c->map_bytes,
                                          .history_retention = c->history_retention,
                                          .interval_retention = c->interval_retention,
                                          .fold_retention = c->fold_retention,
                                          .fold_zones = s->durable.reporting.zones,
                                          .accept_loss = c->accept_loss,
                                          .on_progress = recovering_note,
                                          .ctx = &recovering};
    int error;

    s->durable.committed.fd = -1;
    if (!reporting_make(&s->durable.reporting, c, (acd_time)time(NULL) * ACD_SECOND)) {
        log_line(LOG_ERROR, "no_memory", "reason=\"for the days of reporting zones\"");
        return -1;
    }
    options.fold_zone_count = s->durable.reporting.count;
    recovering_begin(&recovering);
    error = acd_persist_open(&s->durable.persist, &s->engine, &options);
    recovering_end(&recovering);
    if (error != ACD_OK) {
        log_line(LOG_ERROR, "cannot_open_directory", "reason=\"%s\"", acd_persist_error(NULL));
        return -1;
    }
    if (!hold_open(&s->hold)) {
        log_line(LOG_ERROR, "no_memory", "reason=\"for replies that wait for the disk\"");
        return -1;
    }
    s->durable.ring_bytes = acd_persist_figures(s->durable.persist).ring_bytes;
    log_recovery(s);
    log_ring(s);
    return 0;
}

/* ---- a worker's thread --------------------------------------------------------------------- */

/* Both sides exchange `wanted`, so whichever comes second knows what the first has done: either the
 * worker sees that it is wanted, or the loop sees what is durable. */
static void on_durable(void *ctx, uint64_t sequence)
{
    struct server *s = ctx;

    (void)sequence;
    if (atomic_exchange(&s->durable.wanted, false))
        nudge_give(&s->durable.committed);
}

static void on_committed(void *ctx)
{
    server_turn_end(ctx);
}

static bool is_behind(struct server *s)
{
    return s->deaf || s->calendar_next <= server_now(s) ||
           acd_next_deadline(s->engine) <= server_now(s);
}

/* Calendars first: behind a frame of now it would not be known that they have not spoken yet. */
static void catch_up_once(struct server *s)
{
    if (!s->deaf && s->calendar_next <= server_now(s)) {
        calendars_look(s);
        return;
    }
    if (s->deaf)
        deaf_tell(s);
    else
        acd_advance(s->engine, server_now(s));
    durable_append(s, false);
}

/* What fell due while nobody was there happens now, in its order, before anybody can ask; but
 * nobody is lost for not having been heard. */
static int resolve_due(struct server *s, struct recovering *r)
{
    uint64_t before = acd_position(s->engine).sequence;

    s->deaf = deaf_matters(s);
    while (is_behind(s)) {
        recovering_note(r, "deadlines", acd_position(s->engine).sequence - before, 0);
        if (durable_has_room(s)) {
            catch_up_once(s);
            continue;
        }
        int error =
            acd_persist_wait(s->durable.persist, acd_position(s->engine).sequence, CATCH_UP_WAIT);

        if (error != ACD_OK && error != ACD_TIMEOUT && error != ACD_SYSTEM)
            return -1; /* those pass, and are tried again */
        durable_note_error(s);
    }
    return 0;
}

static int catch_up(struct server *s)
{
    uint64_t before = acd_position(s->engine).sequence;
    struct recovering recovering;
    int error;

    recovering_begin(&recovering);
    error = resolve_due(s, &recovering);
    recovering_end(&recovering);
    if (error == 0 && acd_position(s->engine).sequence > before)
        log_line(LOG_INFO, "caught_up", "events=%" PRIu64,
                 acd_position(s->engine).sequence - before);
    return error;
}

int durable_start(struct server *s)
{
    struct durable *d = &s->durable;

    uv_timer_init(&s->loop, &d->timer);
    d->timer.data = s;
    if (d->persist == NULL)
        return 0;
    if (!nudge_open(&d->committed, &s->loop, on_committed, s)) {
        log_line(LOG_ERROR, "cannot_start", "reason=\"%s\"", strerror(errno));
        return -1;
    }
    if (acd_persist_start(d->persist, on_durable, s) == ACD_OK && catch_up(s) == 0)
        return 0;
    log_line(LOG_ERROR, "cannot_start", "reason=\"%s\"", acd_persist_error(d->persist));
    return -1;
}

void durable_handles_close(struct server *s)
{
    uv_close((uv_handle_t *)&s->durable.timer, NULL);
    if (s->durable.persist != NULL)
        nudge_handle_close(&s->durable.committed);
}

int durable_close(struct server *s)
{
    int error;

    acd_close(s->engine);
    if (s->durable.persist == NULL)
        return 0;
    error = acd_persist_close(s->durable.persist);
    nudge_close(&s->durable.committed);
    reporting_free(&s->durable.reporting);
    hold_close(&s->hold);
    if (error == ACD_OK)
        return 0;
    log_line(LOG_ERROR, "not_written", "reason=\"%s\" advice=\"%s\"", acd_persist_error(NULL),
             "nothing is lost until the machine restarts; start again when the disk is well");
    return -1;
}

/* ---- at work --------------------------------------------------------------------------------- */

void durable_note_error(struct server *s)
{
    struct durable *d = &s->durable;
    int error = d->persist == NULL ? ACD_OK : acd_persist_figures(d->persist).error;

    if (error == d->error)
        return;
    d->error = error;
    if (error == ACD_OK)
        log_line(LOG_WARN, "disk_well", "directory=\"%s\"", s->config->store.directory);
    else
        log_line(LOG_ERROR, "disk_fails", "directory=\"%s\" reason=\"%s\"",
                 s->config->store.directory, acd_persist_error(d->persist));
}

uint64_t durable_sequence(const struct server *s)
{
    return s->durable.persist == NULL ? 0 : acd_persist_durable(s->durable.persist);
}

bool durable_has_room(const struct server *s)
{
    return s->durable.persist == NULL ||
           (acd_persist_has_room(s->durable.persist) && hold_has_room(&s->hold));
}

bool durable_has_room_for(const struct server *s, size_t bytes)
{
    return s->durable.persist == NULL || (acd_persist_room(s->durable.persist) / 2 > bytes &&
                                          hold_has_room_for(&s->hold, 2 * bytes));
}

void durable_append(struct server *s, bool joined)
{
    struct acd_frame frame = acd_last_frame(s->engine);
    uint16_t code;

    if (acd_record_peek(frame.bytes, frame.len, &code) > 0 && code == ACD_EVENT_interval_turned)
        s->durable.turned = frame.first_sequence;
    frame.joined = joined;
    if (s->durable.persist != NULL)
        acd_persist_append(s->durable.persist, frame);
}

void durable_settle(struct server *s)
{
    if (s->durable.persist == NULL)
        return;
    hold_release(s, durable_sequence(s));
    if (hold_is_empty(&s->hold) || atomic_exchange(&s->durable.wanted, true))
        return;
    acd_persist_hurry(s->durable.persist);
    hold_release(s, durable_sequence(s)); /* a commit may have ended just before */
}

bool durable_was_truncated(const struct server *s, struct acd_view_truncated *out)
{
    struct acd_persist_recovery r = {.truncated = false};

    if (s->durable.persist != NULL)
        r = acd_persist_recovery(s->durable.persist);
    *out = (struct acd_view_truncated){r.last.epoch, r.last.sequence};
    return r.truncated;
}

static struct acd_str text_of(const char *text, size_t max)
{
    return (struct acd_str){text, (uint16_t)strnlen(text, max)};
}

void durable_view(const struct server *s, struct acd_view_server *v)
{
    const struct durable *d = &s->durable;
    struct acd_view_truncated truncated;
    struct acd_persist_figures f;

    if (d->persist == NULL)
        return;
    f = acd_persist_figures(d->persist);
    v->persistent = true;
    v->sync = s->config->store.sync;
    v->waiting_events = f.waiting_events;
    v->waiting_bytes = f.waiting_bytes;
    v->waiting_for = f.waiting_since;
    v->ring_bytes = f.ring_bytes;
    v->commits = f.commits;
    v->commit_last = f.commit_last;
    v->commit_max = f.commit_max;
    v->checkpoints = f.checkpoints;
    v->held_replies = s->hold.replies;
    v->paused = d->pressure == PRESSURE_PAUSED;
    v->refusing = d->pressure == PRESSURE_REFUSING;
    v->disk_pauses = d->pauses;
    v->requests_refused = d->refused;
    v->disk_error = (int16_t)f.error;
    if (f.error != ACD_OK)
        v->disk_error_text = text_of(acd_persist_error(d->persist), 256);
    if (durable_was_truncated(s, &truncated)) {
        v->truncated_epoch = truncated.epoch;
        v->truncated_last = truncated.last;
    }
}
