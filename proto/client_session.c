/* Connections and names.
 *
 * Happy path: the link comes up; a named client opens its name and learns its id and last request;
 * then all that is unanswered goes out, and the outbox is asked for.
 *
 * Failure modes: the daemon refuses the name: the link fails, and it is tried again as any
 * connection is. The daemon has another history, does not know the client any more, or somebody
 * else has used the name: nobody can tell what became of the commands sent, so they fail, and the
 * rest get new numbers. */

#include "engine/acd_assert.h"
#include "proto/client_private.h"

void session_tell(struct acd_client *c, enum acd_client_state state)
{
    if (c->on_state != NULL)
        c->on_state(c->ctx, state);
}

static void session_begin(struct acd_client *c)
{
    c->session = SESSION_READY;
    requests_send(c);
    outbox_ask(c);
}

void session_open(struct acd_client *c)
{
    const struct acd_command_client_open open = {.name = {c->name, c->name_len},
                                                 .kind = c->kind,
                                                 .lease = c->lease,
                                                 .grace = c->grace,
                                                 .orphans = c->orphans,
                                                 .heir = {c->heir, c->heir_len}};
    uint8_t bytes[ACD_RECORD_MAX];
    size_t size = acd_record_command_client_open.encode(&open, bytes);

    c->session = SESSION_OPENING;
    c->open_deadline = link_now() + c->timeout;
    message_end(c);
    message_put(c, ACD_NOBODY, NUMBER_OPEN, bytes, size);
    message_end(c);
}

void session_expire(struct acd_client *c, acd_time now)
{
    if (c->session == SESSION_OPENING && c->open_deadline <= now && !c->link.failed)
        link_fail(&c->link, "client_open: no answer in time");
}

/* True when the client's numbers mean to the daemon what they mean to us. */
static bool is_resumed(const struct acd_client *c, const struct acd_view_outcome *o)
{
    const int64_t last = (int64_t)(o->last_request - c->base);

    return c->epoch == c->position.epoch && c->id.slot == o->client.slot &&
           c->id.gen == o->client.gen && last <= (int64_t)c->sent;
}

static void session_renumber(struct acd_client *c, const struct acd_view_outcome *o)
{
    const bool known = c->id.slot == o->client.slot && c->id.gen == o->client.gen;

    requests_fail_sent(c);
    c->base = o->last_request + 1 - c->first;
    c->sent = c->first - 1;
    if (!known || c->epoch != c->position.epoch)
        c->outbox.after = 0;
    c->id = o->client;
}

void session_answer(struct acd_client *c, const struct acd_reply *reply)
{
    struct acd_view_outcome o;
    int error = acd_record_view_outcome.decode(reply->records, reply->size, &o);
    const bool new_epoch = c->epoch != 0 && c->epoch != c->position.epoch;

    if (c->session != SESSION_OPENING)
        return;
    if (error < 0 || o.error != ACD_OK) {
        link_fail(&c->link, "client_open: %s", acd_error_text(error < 0 ? error : o.error));
        return;
    }
    if (!is_resumed(c, &o))
        session_renumber(c, &o);
    c->epoch = c->position.epoch;
    session_begin(c);
    if (new_epoch)
        session_tell(c, ACD_CLIENT_NEW_EPOCH);
    session_tell(c, ACD_CLIENT_CONNECTED);
}

/* ---- the link ----------------------------------------------------------------------------- */

static void on_up(void *ctx)
{
    struct acd_client *c = ctx;

    ACD_ASSERT(c->session == SESSION_NONE && !c->writing);
    if (c->name_len > 0) {
        session_open(c);
        return;
    }
    session_begin(c);
    session_tell(c, ACD_CLIENT_CONNECTED);
}

static void on_down(void *ctx)
{
    struct acd_client *c = ctx;
    const bool was_ready = c->session == SESSION_READY;

    c->session = SESSION_NONE;
    c->writing = false;
    outbox_disconnected(c);
    lease_disconnected(c);
    if (was_ready)
        session_tell(c, ACD_CLIENT_DISCONNECTED);
    if (c->name_len == 0)
        requests_fail_sent(c);
}

static void on_message(void *ctx, const uint8_t *payload, size_t len)
{
    message_received(ctx, payload, len);
}

const struct link_handlers session_handlers = {on_up, on_down, on_message};
