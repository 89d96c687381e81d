#include <stdlib.h>

#include "tools/play_backend.h"
#include "tools/play_room.h"

/* An engine of our own in virtual time: a wait is a leap to the next deadline, or to its end. */

struct embedded {
    struct backend base;
    struct acd_engine *engine;
    acd_client_id client;
    uint64_t request; /* number of the last one */
    uint64_t heard;   /* number of the last notice */
    acd_time now;
};

enum { NOTICES_BYTES = 64 * 1024 };

static int execute(struct embedded *m, acd_client_id client, uint64_t request,
                   const struct acd_command *command, struct acd_view_outcome *outcome)
{
    double begun = backend_real_time();
    int error = acd_execute(m->engine, m->now, client, request, command, outcome);

    m->base.figures.engine_s += backend_real_time() - begun;
    return error;
}

/* Reads the outbox empty, as a gateway does: what was read is acknowledged. */
static void read_outbox(struct embedded *m)
{
    static uint8_t bytes[NOTICES_BYTES];
    struct acd_command ack = {.code = ACD_COMMAND_outbox_ack};
    struct acd_view_notice notice;
    struct acd_view_outcome outcome;
    int len;

    while ((len = acd_outbox_read(m->engine, m->client, m->heard, bytes, sizeof bytes)) > 0) {
        for (int at = 0, size; at < len; at += size) {
            size = acd_record_view_notice.decode(bytes + at, (size_t)(len - at), &notice);
            if (size < 0)
                play_die("a notice cannot be read: %s", acd_error_text(size));
            m->heard = notice.number;
            backend_tell_notice(&m->base, &notice);
        }
        ack.as.outbox_ack.upto = m->heard;
        if (execute(m, m->client, 0, &ack, &outcome) != ACD_OK)
            play_die("outbox_ack: %s", acd_error_text(outcome.error));
    }
}

static acd_time embedded_now(const struct backend *b)
{
    return ((const struct embedded *)b)->now;
}

static bool always(const struct backend *b)
{
    (void)b;
    return true;
}

static void embedded_send(struct backend *b, uint64_t ticket, const struct acd_command *command)
{
    struct embedded *m = (struct embedded *)b;
    struct acd_view_outcome outcome;
    int error = execute(m, m->client, ++m->request, command, &outcome);

    b->figures.commands++;
    backend_tell_outcome(b, ticket, error, &outcome);
    read_outbox(m);
}

static void embedded_wait(struct backend *b, acd_time until)
{
    struct embedded *m = (struct embedded *)b;
    acd_time deadline = acd_next_deadline(m->engine);
    double begun;

    if (deadline > until) {
        m->now = until;
        return;
    }
    if (deadline > m->now)
        m->now = deadline;
    begun = backend_real_time();
    acd_advance(m->engine, m->now);
    b->figures.engine_s += backend_real_time() - begun;
    b->figures.deadlines++;
    read_outbox(m);
}

static bool embedded_look(struct backend *b, look_cb on_view, void *ctx)
{
    struct embedded *m = (struct embedded *)b;
    struct acd_view view;

    on_view(ctx, NULL);
    view.code = ACD_VIEW_client;
    acd_client_view(m->engine, m->client, &view.as.client);
    on_view(ctx, &view);
    view.code = ACD_VIEW_totals;
    acd_totals_view(m->engine, &view.as.totals);
    on_view(ctx, &view);
    view.code = ACD_VIEW_queue;
    for (acd_queue_id id = acd_queue_from(m->engine, 0); id.gen != 0;
         id = acd_queue_from(m->engine, id.slot + 1)) {
        acd_queue_view(m->engine, id, &view.as.queue);
        on_view(ctx, &view);
    }
    view.code = ACD_VIEW_agent;
    for (acd_agent_id id = acd_agent_from(m->engine, 0); id.gen != 0;
         id = acd_agent_from(m->engine, id.slot + 1)) {
        acd_agent_view(m->engine, id, &view.as.agent);
        on_view(ctx, &view);
    }
    return true;
}

static const char *embedded_check(const struct backend *b)
{
    return acd_engine_check(((const struct embedded *)b)->engine);
}

static void embedded_close(struct backend *b)
{
    struct embedded *m = (struct embedded *)b;

    acd_close(m->engine);
    backend_fini(b);
    free(m);
}

static const struct backend_ops EMBEDDED = {
    .is_embedded = true,
    .now = embedded_now,
    .has_room = always,
    .is_quiet = always,
    .send = embedded_send,
    .wait = embedded_wait,
    .look = embedded_look,
    .check = embedded_check,
    .close = embedded_close,
};

struct backend *backend_embedded(acd_time start)
{
    struct embedded *m = room_for(1, sizeof *m);
    const struct acd_config config = {.epoch = 1};
    struct acd_command open = {.code = ACD_COMMAND_client_open};
    struct acd_view_outcome outcome;

    m->base.ops = &EMBEDDED;
    m->now = start;
    if (acd_open(&m->engine, &config) != ACD_OK)
        play_die("the engine has no memory");
    open.as.client_open.name = acd_str(BACKEND_GATEWAY);
    if (execute(m, ACD_NOBODY, 0, &open, &outcome) != ACD_OK)
        play_die("client_open: %s", acd_error_text(outcome.error));
    m->client = outcome.client;
    return &m->base;
}
