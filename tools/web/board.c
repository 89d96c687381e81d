#include "tools/web/board.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/web/http.h"

#define ROUND_PAUSE (100 * ACD_MS)

/* What a round has found is told as what is so now, until this long after it began. */
#define FRESH (3 * ACD_SECOND)

/* ---- browsers ------------------------------------------------------------------------------ */

static void put_snapshot(struct board *b, struct stream *s)
{
    struct stream_message *m = board_snapshot(b);

    s->behind = false;
    (void)stream_put(s, m);
    stream_message_release(m);
}

static void put_all(struct board *b, struct stream_message *m)
{
    for (struct stream *s = b->streams; s != NULL; s = s->next) {
        const bool was_behind = s->behind;

        if (!stream_put(s, m) && !was_behind)
            b->web->counters.resyncs++;
    }
    stream_message_release(m);
}

/* One that is behind is sent everything anew once it has read what it was in the midst of. */
static void catch_up(struct board *b)
{
    for (struct stream *s = b->streams; s != NULL; s = s->next)
        if (s->behind && s->count == 0)
            put_snapshot(b, s);
    http_streams_wake(b->web->http);
}

static bool is_fresh(const struct board *b)
{
    return b->complete && web_clock() - b->asked_at < FRESH;
}

/* What is not fresh is shown to nobody: who comes then is behind, until a round has ended. */
void board_join(struct board *b, struct stream *s)
{
    s->next = b->streams;
    b->streams = s;
    b->web->browsers++;
    s->behind = true;
    b->dirty = true;
    if (is_fresh(b))
        put_snapshot(b, s);
}

void board_leave(struct board *b, struct stream *s)
{
    struct stream **at = &b->streams;

    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    b->web->browsers--;
    stream_close(s);
}

/* ---- rounds -------------------------------------------------------------------------------- */

void board_ask(struct board *b, const struct acd_query *query, acd_client_view_cb on_view,
               void *ctx)
{
    if (acd_client_ask(b->web->client, query, on_view, ctx) == ACD_OK)
        b->round.left++;
    else
        b->round.failed = true;
}

/* A delta is written in any case: what is told from now on counts from here. */
static void tell(struct board *b)
{
    struct stream_message *m = board_delta(b);

    if (!b->complete || b->told_anew) {
        if (m != NULL)
            stream_message_release(m);
        m = board_snapshot(b);
        b->complete = true;
        b->told_anew = false;
    }
    if (m != NULL)
        put_all(b, m);
    catch_up(b);
}

static void round_end(struct board *b)
{
    const acd_time now = web_clock();
    const acd_span took = now - b->round.began;

    b->round.running = false;
    b->round_due = now + (4 * took > ROUND_PAUSE ? 4 * took : ROUND_PAUSE);
    if (b->round.failed) {
        board_forget(b);
        return;
    }
    b->asked_at = b->round.began;
    board_queues_settle(b);
    board_agents_settle(b);
    tell(b);
}

void board_answered(struct board *b, int error)
{
    b->round.left--;
    b->round.failed |= error != ACD_OK;
    if (b->round.left == 0)
        round_end(b);
}

static void on_totals(void *ctx, int error, const struct acd_view *view)
{
    struct board *b = ctx;
    const struct acd_view_totals *v = view == NULL ? NULL : &view->as.totals;

    if (v == NULL)
        board_answered(b, error);
    else
        b->counts =
            (struct board_counts){{v->logged_out, v->not_ready, v->idle, v->delayed, v->reserved,
                                   v->busy, v->wrap_up, v->outside, v->no_device, v->available,
                                   v->queued + v->offered + v->dialing + v->stranded, v->connected,
                                   v->agents, v->answered, v->abandoned, v->in_time}};
}

/* A daemon that does not say whose midnight goes by UTC's. */
static void note_server(struct board *b, const struct acd_view_server *v)
{
    b->now = v->now;
    web_text(b->round.zone, sizeof b->round.zone,
             v->day_zone.len > 0 ? v->day_zone : acd_str("UTC"));
}

static void on_server(void *ctx, int error, const struct acd_view *view)
{
    struct board *b = ctx;

    if (view == NULL)
        board_answered(b, error);
    else
        note_server(b, &view->as.server);
}

static void round_begin(struct board *b)
{
    static const struct acd_query server = {.code = ACD_QUERY_get_server},
                                  totals = {.code = ACD_QUERY_get_totals};

    memset(&b->round, 0, sizeof b->round);
    b->round.running = true;
    b->round.began = web_clock();
    b->round.left = 1; /* so that it does not end before all is asked */
    b->dirty = false;
    board_ask(b, &server, on_server, b);
    board_ask(b, &totals, on_totals, b);
    board_queues_ask(b);
    board_agents_ask(b);
    if (b->wants_agents && b->round.began >= b->walk_due)
        board_agents_walk(b);
    acd_client_flush(b->web->client);
    board_answered(b, ACD_OK);
}

/* Without browsers nothing is asked; the first one finds what is then the case. */
static bool is_due(const struct board *b)
{
    return !b->round.running && b->streams != NULL && acd_client_is_connected(b->web->client) &&
           acd_observer_is_connected(b->web->observer) &&
           (b->dirty || !b->complete || (b->wants_agents && web_clock() >= b->walk_due));
}

void board_process(struct board *b)
{
    if (is_due(b) && web_clock() >= b->round_due)
        round_begin(b);
    board_trend_process(b);
}

int board_wait_ms(const struct board *b)
{
    const acd_time round = is_due(b) ? b->round_due : INT64_MAX, trend = board_trend_due(b);
    const acd_time due = round < trend ? round : trend;
    acd_span left;

    if (due == INT64_MAX)
        return b->wants_agents && b->streams != NULL ? 100 : -1;
    left = due - web_clock();
    return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

void board_forget(struct board *b)
{
    b->dirty = b->wants_agents = true;
    board_trend_forget(&b->trend);
    for (uint32_t i = 0; i < b->web->options.agents_max; i++)
        b->agents[i].dirty = true;
}

/* ---- what is heard ------------------------------------------------------------------------- */

/* A daemon whose disk is stuck beats on, while its answers, or what it would publish, wait for the
 * disk. So each beat makes a round, and is passed on only as long as rounds succeed. */
static void on_beat(struct board *b, acd_time now)
{
    b->dirty = true;
    if (!is_fresh(b))
        return;
    put_all(b, board_beat(now));
    catch_up(b);
}

static void on_event(void *ctx, const struct acd_view_published *head,
                     const struct acd_event *event)
{
    struct board *b = ctx;

    if (event == NULL) {
        on_beat(b, head->at);
        return;
    }
    if (acd_record_of(event->code)->topic != ACD_TOPIC_CLIENT)
        b->dirty = true;
    board_agents_heard(b, event);
}

static void on_gap(void *ctx, struct acd_position after, struct acd_position upto)
{
    (void)after;
    (void)upto;
    board_forget(ctx);
}

static void on_state(void *ctx, enum acd_client_state state)
{
    (void)state;
    board_forget(ctx);
}

/* ---- life ---------------------------------------------------------------------------------- */

static void observer_open(struct board *b)
{
    const struct acd_observer_options options = {.url = b->web->options.pub_url,
                                                 .topics = ACD_OBSERVE(ACD_TOPIC_CONFIG) |
                                                           ACD_OBSERVE(ACD_TOPIC_AGENT) |
                                                           ACD_OBSERVE(ACD_TOPIC_CALL),
                                                 .heartbeats = true,
                                                 .silence = 3 * ACD_SECOND,
                                                 .on_event = on_event,
                                                 .on_gap = on_gap,
                                                 .on_state = on_state,
                                                 .ctx = b};
    const int error = acd_observer_open(&b->web->observer, &options);

    if (error != ACD_OK)
        web_die("%s: %s", options.url, acd_error_text(error));
}

struct board *board_open(struct web *web)
{
    struct board *b = calloc(1, sizeof *b);

    ACD_ASSERT(b != NULL);
    b->web = web;
    b->agents = calloc(web->options.agents_max, sizeof *b->agents);
    ACD_ASSERT(b->agents != NULL);
    for (uint32_t i = 0; i < web->options.agents_max; i++)
        b->agents[i].board = b;
    board_forget(b);
    observer_open(b);
    return b;
}

void board_close(struct board *b)
{
    free(b->queues.items);
    free(b->fresh.items);
    free(b->agents);
    free(b->place);
    board_trend_close(&b->trend);
    free(b);
}
