/* The commands of clients that may be lost. */

#include <string.h>

#include "tests/model/stream_parts.h"
#include "tests/model/twin_parts.h"

void stream_make_client_open(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_client_open *c = &step->command.as.client_open;
    uint32_t number = stream_below(s, s->limits.clients + 1);

    (void)t;
    c->name = stream_name(step, 'g', number);
    if (stream_chance(s, 50))
        c->kind = (number & 3) == 3 ? ACD_OPERATOR : ACD_GATEWAY;
    if (stream_chance(s, 5))
        c->kind = (uint8_t)(1 + stream_below(s, 2));
    if (s->leases && stream_chance(s, 40))
        c->lease = stream_chance(s, 20) ? -1 : stream_span(s, 12);
    if (stream_chance(s, 40))
        c->grace = stream_chance(s, 10) ? -1 : stream_span(s, 25);
    if (stream_chance(s, 30))
        c->orphans =
            stream_chance(s, 60) ? ACD_ORPHANS_HAND_OVER : (uint8_t)(1 + stream_below(s, 2));
    if (stream_chance(s, 40))
        c->heir = stream_chance(s, 10) ? step_text(step, "-", 1)
                                       : stream_name(step, 'g', stream_below(s, s->limits.clients));
}

void stream_make_heartbeat(struct stream *s, const struct twin *t, struct step *step)
{
    (void)t;
    if (stream_chance(s, 20))
        step->client = ACD_NOBODY;
    if (step->client.gen == 0 || stream_chance(s, 5))
        step->command.as.heartbeat.away = stream_span(s, 6);
}

void stream_make_client_set(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_client_open open;

    stream_make_client_open(s, t, step);
    open = step->command.as.client_open;
    step->command.as.client_set =
        (struct acd_command_client_set){open.name, open.lease, open.grace, open.orphans, open.heir};
}

void stream_make_reconcile(struct stream *s, const struct twin *t, struct step *step)
{
    (void)t;
    step->command.as.reconcile.step = (uint8_t)(1 + stream_below(s, 2));
}

/* A key of one of the gateway's calls, or any. */
void stream_make_reconcile_call(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_reconcile_call *c = &step->command.as.reconcile_call;
    uint32_t count = s->limits.calls, from = stream_below(s, count);

    for (uint32_t i = 0; i < count && stream_chance(s, 95); i++) {
        const struct twin_call *call = &t->calls[(from + i) % count];

        if (call->id.gen == 0 || !twin_same_client(call->gateway, step->client))
            continue;
        c->key = step_text(step, call->key.data, call->key.len);
        return;
    }
    c->key = stream_name(step, 'k', stream_below(s, s->keys));
}

static void open_again(struct stream *s, const struct twin *t, const struct twin_client *c,
                       struct step *step)
{
    step->command.code = ACD_COMMAND_client_open;
    stream_make_client_open(s, t, step);
    step->command.as.client_open.name = step_text(step, c->name.data, c->name.len);
    step->command.as.client_open.kind = 0;
    step->client = ACD_NOBODY;
}

bool stream_come_back(struct stream *s, const struct twin *t, struct step *step)
{
    const struct twin_client *c = twin_client(t, step->client);

    if (c == NULL)
        return false;
    if (c->lost && stream_chance(s, 40)) {
        open_again(s, t, c, step);
    } else if (!c->lost && !c->reconciling && c->grace_until != 0 && stream_chance(s, 60)) {
        step->command.code = ACD_COMMAND_reconcile;
        step->command.as.reconcile.step = ACD_RECONCILE_BEGIN;
    } else if (c->reconciling && stream_chance(s, 60)) {
        step->command.code = ACD_COMMAND_reconcile_call;
        stream_make_reconcile_call(s, t, step);
    } else if (c->reconciling && stream_chance(s, 50)) {
        step->command.code = ACD_COMMAND_reconcile;
        step->command.as.reconcile.step = ACD_RECONCILE_END;
    } else {
        return false;
    }
    return true;
}
