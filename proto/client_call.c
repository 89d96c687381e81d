/* Asking: with and without waiting for the answer. */

#include "proto/client_private.h"

/* ---- without ------------------------------------------------------------------------------ */

static const struct acd_record *record_of(struct acd_client *c, uint8_t kind, uint16_t code)
{
    const struct acd_record *record = acd_kind_of(code) == kind ? acd_message_record(code) : NULL;

    if (record == NULL)
        client_fail(c, ACD_UNKNOWN, "0x%04x is the code of no %s", code, acd_kind_text(kind));
    return record;
}

int acd_client_send(struct acd_client *c, const struct acd_command *command,
                    acd_client_outcome_cb on_outcome, void *ctx)
{
    const struct acd_record *record = record_of(c, ACD_KIND_COMMAND, command->code);

    if (record == NULL)
        return ACD_UNKNOWN;
    return request_add(c, record, &command->as,
                       &(struct request){.on_outcome = on_outcome, .ctx = ctx});
}

int acd_client_ask(struct acd_client *c, const struct acd_query *query, acd_client_view_cb on_view,
                   void *ctx)
{
    const struct acd_record *record = record_of(c, ACD_KIND_QUERY, query->code);

    if (record == NULL)
        return ACD_UNKNOWN;
    return request_add(c, record, &query->as, &(struct request){.on_view = on_view, .ctx = ctx});
}

/* ---- with --------------------------------------------------------------------------------- */

/* Says more about an error: what the daemon found at fault, or why it could not be asked. */
static int explain(struct acd_client *c, uint16_t code, int error, uint16_t field)
{
    const struct acd_record *record = acd_message_record(code);
    const char *name = acd_field_name(record, field);

    if (error == ACD_DISCONNECTED)
        return client_fail(c, error, "%s: %s", record->name, c->link.error);
    return client_fail(c, error, "%s: %s%s%s", record->name, name, name[0] != '\0' ? ": " : "",
                       acd_error_text(error));
}

struct waiting_call {
    struct acd_client *client;
    bool done;
    int error;
    struct acd_view_outcome *outcome;
};

/* The outcome's texts outlive the message they stand in. */
static struct acd_str keep(char **room, struct acd_str text)
{
    struct acd_str kept = {*room, text.len};

    if (text.len > 0)
        memcpy(*room, text.data, text.len);
    *room += text.len;
    return kept;
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct waiting_call *w = ctx;
    char *room = w->client->kept;

    w->done = true;
    w->error = error;
    if (outcome == NULL)
        return;
    *w->outcome = *outcome;
    w->outcome->agent_name = keep(&room, outcome->agent_name);
    w->outcome->contact = keep(&room, outcome->contact);
}

int acd_client_call(struct acd_client *c, const struct acd_command *command,
                    struct acd_view_outcome *outcome)
{
    struct waiting_call w = {.client = c, .outcome = outcome};
    int error;

    memset(outcome, 0, sizeof *outcome);
    if (c->running)
        return client_fail(c, ACD_STATE, "not in a callback");
    error = acd_client_send(c, command, on_outcome, &w);
    if (error != ACD_OK)
        return error;
    while (!w.done)
        client_run(c, ACD_FOREVER);
    return w.error == ACD_OK ? ACD_OK : explain(c, command->code, w.error, outcome->field);
}

struct waiting_query {
    bool done;
    int error;
    uint64_t cursor;    /* of the last page */
    bool without_pages; /* on_view does not want them */
    acd_client_view_cb on_view;
    void *ctx;
};

static void on_answer(void *ctx, int error, const struct acd_view *view)
{
    struct waiting_query *w = ctx;

    if (view == NULL) {
        w->done = true;
        w->error = error;
        return;
    }
    if (view->code == ACD_VIEW_page) {
        w->cursor = view->as.page.cursor;
        if (w->without_pages)
            return;
    }
    w->on_view(w->ctx, ACD_OK, view);
}

/* A list's cursor in its struct, or NULL when the query is no list. */
static const struct acd_field *cursor_of(const struct acd_query *query)
{
    const struct acd_record *record = acd_message_record(query->code);

    return record == NULL ? NULL : acd_field_named(record, "cursor");
}

/* Who asked for the page behind such a one would get it again, for ever. */
static bool stands_still(const struct acd_query *query, uint64_t told)
{
    const struct acd_field *cursor = cursor_of(query);
    uint64_t asked;

    if (cursor == NULL || told == 0)
        return false;
    memcpy(&asked, (const char *)&query->as + cursor->offset, sizeof asked);
    return asked == told;
}

static int ask_and_wait(struct acd_client *c, const struct acd_query *query,
                        struct waiting_query *w)
{
    int error;

    w->done = false;
    w->cursor = 0;
    c->fault = 0;
    if (c->running)
        return client_fail(c, ACD_STATE, "not in a callback");
    error = acd_client_ask(c, query, on_answer, w);
    if (error != ACD_OK)
        return error;
    while (!w->done)
        client_run(c, ACD_FOREVER);
    if (w->error != ACD_OK)
        return explain(c, query->code, w->error, c->fault);
    if (stands_still(query, w->cursor))
        return client_fail(c, ACD_INVALID, "%s: the daemon's page goes on where it began",
                           acd_message_record(query->code)->name);
    return ACD_OK;
}

int acd_client_query(struct acd_client *c, const struct acd_query *query,
                     acd_client_view_cb on_view, void *ctx)
{
    struct waiting_query w = {.on_view = on_view, .ctx = ctx};

    return ask_and_wait(c, query, &w);
}

int acd_client_list(struct acd_client *c, const struct acd_query *query, acd_client_view_cb on_view,
                    void *ctx)
{
    struct waiting_query w = {.on_view = on_view, .ctx = ctx, .without_pages = true};
    struct acd_query page = *query;
    const struct acd_field *cursor = cursor_of(&page);
    int error;

    do {
        error = ask_and_wait(c, &page, &w);
        if (cursor != NULL)
            memcpy((char *)&page.as + cursor->offset, &w.cursor, sizeof w.cursor);
    } while (error == ACD_OK && cursor != NULL && w.cursor != 0);
    return error;
}

/* ---- the past ----------------------------------------------------------------------------- */

struct waiting_replay {
    bool done;
    int error;
    acd_observer_event_cb on_event;
    void *ctx;
    struct acd_view_replayed *end;
};

static void on_replay_view(void *ctx, int error, const struct acd_view *view)
{
    struct waiting_replay *w = ctx;

    if (view == NULL) {
        w->done = true;
        w->error = error;
    } else if (view->code == ACD_VIEW_replayed) {
        *w->end = view->as.replayed;
    }
}

static void on_replay_event(void *ctx, const struct acd_view_published *head,
                            const struct acd_event *event)
{
    struct waiting_replay *w = ctx;

    w->on_event(w->ctx, head, event);
}

int acd_client_replay(struct acd_client *c, uint64_t from, uint32_t limit,
                      acd_observer_event_cb on_event, void *ctx, struct acd_view_replayed *end)
{
    const struct acd_query_replay query = {.from = from, .limit = limit};
    struct waiting_replay w = {.on_event = on_event, .ctx = ctx, .end = end};
    int error;

    *end = (struct acd_view_replayed){0};
    c->fault = 0;
    if (c->running)
        return client_fail(c, ACD_STATE, "not in a callback");
    error = request_add(
        c, &acd_record_query_replay, &query,
        &(struct request){.on_view = on_replay_view, .on_event = on_replay_event, .ctx = &w});
    if (error != ACD_OK)
        return error;
    while (!w.done)
        client_run(c, ACD_FOREVER);
    return w.error == ACD_OK ? ACD_OK : explain(c, ACD_QUERY_replay, w.error, c->fault);
}
