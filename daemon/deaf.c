#include "daemon/server.h"

/* Clients that have a lease are lost when nothing is heard of them; so acdd must know when it hears
 * nobody.
 *
 * Happy path: whoever asks something is heard, by a command or by a query; the engine says when
 * that is worth an event.
 *
 * Failure modes: acdd was not there, was not run by its machine for longer than DEAF_MAX, or reads
 * and carries out nothing since the disk is behind. The engine is told so, as of the last time that
 * it saw, before what has fallen due meanwhile is fired: all leases begin anew. */

#define DEAF_MAX ACD_SECOND

void deaf_hear(struct server *s, acd_client_id client)
{
    const struct acd_command heartbeat = {.code = ACD_COMMAND_heartbeat};
    struct acd_view_outcome outcome;

    if (client.gen != 0 && acd_client_is_due(s->engine, client, server_now(s)))
        server_execute(s, client, 0, &heartbeat, &outcome);
}

bool deaf_matters(const struct server *s)
{
    acd_client_id id = acd_client_from(s->engine, 0);
    struct acd_view_client v;

    for (; id.gen != 0; id = acd_client_from(s->engine, id.slot + 1))
        if (acd_client_view(s->engine, id, &v) == ACD_OK &&
            (v.lease_until != 0 || v.grace_until != 0))
            return true;
    return false;
}

void deaf_tell(struct server *s)
{
    struct acd_command away = {.code = ACD_COMMAND_heartbeat};
    acd_time since = acd_now(s->engine), now = server_now(s);
    struct acd_view_outcome outcome;

    away.as.heartbeat.away = now > since ? now - since : 1;
    acd_execute(s->engine, since, ACD_NOBODY, 0, &away, &outcome);
    s->deaf = false;
}

void deaf_look(struct server *s)
{
    bool pressed = s->durable.pressure != PRESSURE_NONE;
    acd_span late = s->due == ACD_FOREVER ? 0 : server_now(s) - s->due;

    if (pressed || (double)late > (double)DEAF_MAX * s->clock.rate)
        s->deaf = true;
    if (!s->deaf || !durable_has_room(s) ||
        (pressed && acd_next_deadline(s->engine) > server_now(s)))
        return;
    if (deaf_matters(s)) {
        deaf_tell(s);
        durable_append(s, false);
        publish_frame(s);
    }
    s->deaf = pressed;
}
