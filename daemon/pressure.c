#include "daemon/server.h"

#include <inttypes.h>

/* What happens when the disk falls behind, and when it has caught up: see durable.h. Whoever asks
 * more than the disk takes makes that happen several times a second, which is counted; what lasts
 * longer is logged. */

enum { LOOK_MS = 1, LOOK_SELDOM_MS = 20, SAY_MS = 200, PAUSE_MS = 2000 };

/* Out of 64 of what the ring holds: with less room than the first nothing is read, until there is
 * the other. They are near each other, so that a pause is as short as a disk allows that is behind
 * but goes on: who asks more than it takes is slowed down to its rate, rather than stopped and let
 * go by turns. */
enum { ROOM_LEAST = 16, ROOM_AGAIN = 17 };

/* Room for `part` out of 64 of what the ring holds, and for as much that is held. */
static bool has_part(const struct server *s, unsigned part)
{
    return acd_persist_room(s->durable.persist) >= s->durable.ring_bytes / 64 * part &&
           hold_has_margin(&s->hold);
}

static void reading_set(struct server *s, bool on)
{
    for (int i = 0; i < s->config->listen.count; i++) {
        struct listener *l = s->requests[i].listener;

        if (l != NULL && on)
            listener_go_on(l);
        else if (l != NULL)
            listener_pause(l);
    }
}

static void refuse(struct server *s)
{
    s->durable.pressure = PRESSURE_REFUSING;
    uv_timer_set_repeat(&s->durable.timer, LOOK_SELDOM_MS);
    log_line(LOG_WARN, "refusing", "reason=\"the disk is behind; commands are answered BUSY\"");
    reading_set(s, true);
}

static void end(struct server *s)
{
    struct durable *d = &s->durable;

    if (d->pressure_said)
        log_line(LOG_WARN, "disk_caught_up", "after_ms=%" PRIu64,
                 uv_now(&s->loop) - d->pressed_at_ms);
    d->pressure = PRESSURE_NONE;
    d->pressure_said = false;
    uv_timer_stop(&d->timer);
    if (!s->closing)
        reading_set(s, true);
}

static void go_on_waiting(struct server *s)
{
    struct durable *d = &s->durable;
    uint64_t lasts_ms = uv_now(&s->loop) - d->pressed_at_ms;

    if (lasts_ms >= SAY_MS && !d->pressure_said) {
        d->pressure_said = true;
        log_line(LOG_WARN, "disk_behind",
                 "reason=\"requests are not read until it has caught up\"");
    }
    if (lasts_ms >= PAUSE_MS && d->pressure == PRESSURE_PAUSED && !s->closing)
        refuse(s);
}

static void on_look(uv_timer_t *timer)
{
    struct server *s = timer->data;

    server_turn_end(s);
    if (has_part(s, ROOM_AGAIN))
        end(s);
    else
        go_on_waiting(s);
}

void durable_look(struct server *s)
{
    struct durable *d = &s->durable;

    if (d->persist == NULL || d->pressure != PRESSURE_NONE || has_part(s, ROOM_LEAST))
        return;
    d->pressure = PRESSURE_PAUSED;
    d->pressed_at_ms = uv_now(&s->loop);
    d->pauses++;
    uv_timer_start(&d->timer, on_look, LOOK_MS, LOOK_MS);
    reading_set(s, false);
}
