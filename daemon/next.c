#include "daemon/server.h"

#include <string.h>

/* The waiting end of outboxes: a `next` is answered when there is a notice, so nothing depends on a
 * socket that may lose messages, and nobody polls. */

enum { NOTICES_BYTES = 256 * 1024 };

/* Cuts `bytes` of whole records down to `limit` records. */
static size_t records_limited(const uint8_t *bytes, size_t len, uint32_t limit)
{
    size_t at = 0;

    for (uint32_t n = 0; n < limit && at < len; n++) {
        uint32_t size;

        memcpy(&size, bytes + at, sizeof size);
        at += size;
    }
    return at;
}

/* Writes the notices after `after`; returns whether there were any. */
static bool notices_put(struct server *s, acd_client_id gateway, uint64_t number, uint64_t after,
                        uint32_t limit, struct acd_reply_writer *w)
{
    static uint8_t notices[NOTICES_BYTES];
    size_t room;
    int len;

    acd_reply_open(w, number);
    room = acd_reply_room(w);
    len = acd_outbox_read(s->engine, gateway, after, notices,
                          room < sizeof notices ? room : sizeof notices);
    if (len > 0)
        acd_reply_put_bytes(w, notices, records_limited(notices, (size_t)len, limit));
    acd_reply_close(w);
    return len > 0;
}

/* Has the gateway's notices up to `after` acknowledged; returns 0 or what is wrong with that. */
static int next_acknowledge(struct server *s, acd_client_id gateway, uint64_t after)
{
    struct acd_command ack = {.code = ACD_COMMAND_outbox_ack, .as.outbox_ack.upto = after};
    struct acd_view_client view;
    struct acd_view_outcome outcome;

    if (acd_client_view(s->engine, gateway, &view) != ACD_OK)
        return ACD_NOT_FOUND;
    if (view.kind != ACD_GATEWAY)
        return ACD_STATE;
    if (view.lost)
        return ACD_LOST;
    if (after <= view.acked)
        return ACD_OK;
    return server_execute(s, gateway, 0, &ack, &outcome);
}

/* Those who wait: the first in a slot at or after `slot`, or NULL. */
static struct waiting_next *waiting_from(const struct server *s, uint32_t slot)
{
    for (; s->waiting_count > 0 && slot < s->config->limits.clients; slot++)
        if (s->waiting[slot].endpoint != NULL)
            return &s->waiting[slot];
    return NULL;
}

/* Why there will be no notice any more: the gateway was removed, or its outbox is lost; else 0. */
static int waiting_fault(const struct server *s, const struct waiting_next *waiting,
                         struct acd_view_client *view)
{
    if (acd_client_view(s->engine, waiting->gateway, view) != ACD_OK)
        return ACD_NOT_FOUND;
    return view->lost ? ACD_LOST : ACD_OK;
}

/* Sends the answer to a `next` that has waited, which waits no more. */
static void next_answer(struct server *s, struct waiting_next *waiting)
{
    struct acd_wire_position position = server_position(s);
    struct acd_reply_writer w;
    struct acd_view_client view;
    int error = waiting_fault(s, waiting, &view);

    acd_reply_begin(&w, s->scratch, sizeof s->scratch, 1);
    if (error != ACD_OK)
        acd_reply_error(&w, waiting->number, error, 0);
    else
        notices_put(s, waiting->gateway, waiting->number, waiting->after, waiting->limit, &w);
    server_reply(waiting->endpoint, &waiting->origin, s->scratch, acd_reply_end(&w, &position),
                 durable_is_sync(s));
    waiting->endpoint = NULL;
    s->waiting_count--;
}

static uint32_t next_limit(const struct acd_query_next *query)
{
    uint32_t limit = query->limit == 0 ? ACD_PAGE_DEFAULT : query->limit;

    return limit < ACD_PAGE_MAX ? limit : ACD_PAGE_MAX;
}

/* Waits for a notice behind `told`, the last there is. */
static void next_wait(struct endpoint *endpoint, const struct listener_origin *origin,
                      acd_client_id client, uint64_t number, const struct acd_query_next *query,
                      uint64_t told)
{
    struct server *s = endpoint->server;
    struct waiting_next *waiting = &s->waiting[client.slot];
    acd_span wait = query->wait < ACD_NEXT_WAIT_MAX ? query->wait : ACD_NEXT_WAIT_MAX;

    if (waiting->endpoint != NULL)
        next_answer(s, waiting);
    *waiting =
        (struct waiting_next){.endpoint = endpoint,
                              .origin = *origin,
                              .gateway = client,
                              .number = number,
                              .after = told,
                              .limit = next_limit(query),
                              .until = server_now(s) + (acd_span)((double)wait * s->clock.rate)};
    s->waiting_count++;
}

bool next_asked(struct endpoint *endpoint, const struct listener_origin *origin,
                acd_client_id client, uint64_t number, const struct acd_query_next *query,
                bool may_wait, struct acd_reply_writer *w)
{
    struct server *s = endpoint->server;
    struct acd_view_client view;
    int error = next_acknowledge(s, client, query->after);

    if (error != ACD_OK) {
        s->counters.failed++;
        acd_reply_error(w, number, error, error == ACD_INVALID);
        return true;
    }
    acd_client_view(s->engine, client, &view);
    if (view.told == view.acked && may_wait && query->wait > 0) {
        next_wait(endpoint, origin, client, number, query, view.told);
        return false;
    }
    notices_put(s, client, number, query->after, next_limit(query), w);
    return true;
}

void next_settle(struct server *s, bool all)
{
    struct waiting_next *waiting;

    for (uint32_t slot = 0; (waiting = waiting_from(s, slot)) != NULL;) {
        struct acd_view_client view;

        slot = waiting->gateway.slot + 1;
        if (durable_is_sync(s) && !hold_has_room(&s->hold))
            return; /* they go on waiting, or ask again */
        if (all || waiting_fault(s, waiting, &view) != ACD_OK || view.told > waiting->after ||
            waiting->until <= server_now(s))
            next_answer(s, waiting);
    }
}

acd_time next_deadline(const struct server *s)
{
    const struct waiting_next *waiting;
    acd_time first = ACD_FOREVER;

    for (uint32_t slot = 0; (waiting = waiting_from(s, slot)) != NULL;) {
        slot = waiting->gateway.slot + 1;
        if (waiting->until < first)
            first = waiting->until;
    }
    return first;
}

void next_forget(struct server *s, const struct endpoint *endpoint, listener_conn_id conn)
{
    struct waiting_next *waiting;

    for (uint32_t slot = 0; (waiting = waiting_from(s, slot)) != NULL;) {
        slot = waiting->gateway.slot + 1;
        if (waiting->endpoint != endpoint || waiting->origin.conn.slot != conn.slot ||
            waiting->origin.conn.generation != conn.generation)
            continue;
        waiting->endpoint = NULL;
        s->waiting_count--;
    }
}
