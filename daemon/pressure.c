#include "daemon/server.h"

#include <inttypes.h>

/* What happens when the disk falls behind, and when it has caught up: see durable.h. */

enum { LOOK_MS = 20, PAUSE_MS = 2000 };

/* Room for `part` out of 4 of what the ring holds, and for as much that is held. */
static bool has_part(const struct server *s, unsigned part)
{
    return acd_persist_room(s->durable.persist) >= s->durable.ring_bytes / 4 * part &&
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
    log_line(LOG_WARN, "refusing", "reason=\"the disk is behind; commands are answered BUSY\"");
    reading_set(s, true);
}

static void end(struct server *s)
{
    struct durable *d = &s->durable;

    d->pressure = PRESSURE_NONE;
    uv_timer_stop(&d->timer);
    log_line(LOG_WARN, "disk_caught_up", "after_ms=%" PRIu64, uv_now(&s->loop) - d->pressed_at_ms);
    if (!s->closing)
        reading_set(s, true);
}

static void on_look(uv_timer_t *timer)
{
    struct server *s = timer->data;
    struct durable *d = &s->durable;

    server_turn_end(s);
    if (has_part(s, 2))
        end(s);
    else if (d->pressure == PRESSURE_PAUSED && uv_now(&s->loop) - d->pressed_at_ms >= PAUSE_MS &&
             !s->closing)
        refuse(s);
}

void durable_look(struct server *s)
{
    struct durable *d = &s->durable;

    if (d->persist == NULL || d->pressure != PRESSURE_NONE || has_part(s, 1))
        return;
    d->pressure = PRESSURE_PAUSED;
    d->pressed_at_ms = uv_now(&s->loop);
    uv_timer_start(&d->timer, on_look, LOOK_MS, LOOK_MS);
    log_line(LOG_WARN, "disk_behind", "reason=\"requests are not read until it has caught up\"");
    reading_set(s, false);
}
