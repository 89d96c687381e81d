#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "proto/acd_client.h"
#include "tools/play_backend.h"
#include "tools/play_room.h"

/* A daemon over its socket, as a gateway sees it.
 *
 * Happy path: commands leave pipelined, and outcomes and notices are heard as they come. The time
 * is what the daemon last said it was, so that whatever is said to have happened by then is the
 * past there too; it is asked for whenever something should be due by our estimate of its rate.
 *
 * Failure modes: no daemon: exits. The line breaks: the client library comes back by itself, and
 * nothing is lost. Another history, or a lost outbox: there is no going on, exits. */

enum {
    IN_FLIGHT_MAX = 512,
    ANSWER_SECONDS = 30,
    LOOKS_MAX = 200, /* attempts to have all views at one position */
    PAGE = 1000,
};

static const acd_span NAP_MAX = 100 * ACD_MS;

struct asked {
    struct socket_backend *owner;
    uint64_t ticket;
    struct asked *next_free;
};

struct looking {
    look_cb on_view;
    void *ctx;
    uint32_t unanswered;
    bool torn; /* views of more than one position, or more than a page */
    uint64_t sequence;
};

struct socket_backend {
    struct backend base;
    struct acd_client *client;
    struct asked asked[IN_FLIGHT_MAX], *free;
    uint32_t in_flight;

    bool asks_time;
    acd_time now;     /* as last said */
    double now_heard; /* real time of that */
    acd_time first;   /* the same at first: the rate follows */
    double first_heard;
    struct looking looking;
};

static struct socket_backend *socket_of(const struct backend *b)
{
    return (struct socket_backend *)(uintptr_t)b;
}

/* ---- hearing ----------------------------------------------------------------------------------
 */

static void on_state(void *ctx, enum acd_client_state state)
{
    (void)ctx;
    if (state == ACD_CLIENT_NEW_EPOCH)
        play_die("the daemon came back with another history");
    if (state == ACD_CLIENT_LOST)
        play_die("the outbox overflowed: notices are lost");
}

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct asked *asked = ctx;
    struct socket_backend *s = asked->owner;

    backend_tell_outcome(&s->base, asked->ticket, error, outcome);
    asked->next_free = s->free;
    s->free = asked;
    s->in_flight--;
}

static void on_notice(void *ctx, const struct acd_view_notice *notice)
{
    struct socket_backend *s = ctx;

    backend_tell_notice(&s->base, notice);
}

static void on_time(void *ctx, int error, const struct acd_view *view)
{
    struct socket_backend *s = ctx;

    if (view == NULL) {
        s->asks_time = false;
        if (error != ACD_OK)
            play_die("get_server: %s", acd_error_text(error));
        return;
    }
    if (view->as.server.now > s->now)
        s->now = view->as.server.now;
    s->now_heard = backend_real_time();
    if (s->first == 0) {
        s->first = s->now;
        s->first_heard = s->now_heard;
    }
}

/* ---- time -------------------------------------------------------------------------------------
 */

static void ask_time(struct socket_backend *s)
{
    const struct acd_query query = {.code = ACD_QUERY_get_server};

    if (s->asks_time)
        return;
    s->asks_time = acd_client_ask(s->client, &query, on_time, s) == ACD_OK;
    s->base.figures.asked++;
}

/* How long in reality until the daemon's clock shows `until`. */
static acd_span real_span(const struct socket_backend *s, acd_time until)
{
    double real = s->now_heard - s->first_heard, rate = 1, left;

    if (real > 0 && s->now > s->first)
        rate = (double)(s->now - s->first) / 1e6 / real;
    left = (double)(until - s->now) / 1e6 / rate - (backend_real_time() - s->now_heard);
    if (left <= 0)
        return 0;
    return left > 3600 ? 3600 * ACD_SECOND : (acd_span)(left * 1e6);
}

static acd_time socket_now(const struct backend *b)
{
    return socket_of(b)->now;
}

/* Sleeps until the client has something to do, at most `real`; its own waits are whole
 * milliseconds, which is long when the clock runs fast. */
static void nap(struct socket_backend *s, acd_span real)
{
    struct pollfd fd = {.fd = acd_client_fd(s->client), .events = POLLIN};
    struct timespec time = {.tv_sec = real / ACD_SECOND, .tv_nsec = real % ACD_SECOND * 1000};

    acd_client_flush(s->client);
    (void)ppoll(&fd, 1, &time, NULL);
    acd_client_process(s->client);
}

static void socket_wait(struct backend *b, acd_time until)
{
    struct socket_backend *s = socket_of(b);
    acd_span real;

    if (b->news_count > 0 && s->in_flight < IN_FLIGHT_MAX) {
        acd_client_process(s->client);
        return;
    }
    if (until <= s->now) {
        nap(s, s->in_flight > 0 ? ACD_MS : 0);
        return;
    }
    real = real_span(s, until);
    if (real > 0 && !s->asks_time)
        nap(s, real > NAP_MAX ? NAP_MAX : real);
    if (b->news_count > 0)
        return;
    ask_time(s);
    nap(s, NAP_MAX);
}

/* ---- commands ---------------------------------------------------------------------------------
 */

static bool socket_has_room(const struct backend *b)
{
    return socket_of(b)->in_flight < IN_FLIGHT_MAX;
}

static bool socket_is_quiet(const struct backend *b)
{
    return socket_of(b)->in_flight == 0;
}

static void socket_send(struct backend *b, uint64_t ticket, const struct acd_command *command)
{
    struct socket_backend *s = socket_of(b);
    struct asked *asked = s->free;
    int error;

    asked->ticket = ticket;
    error = acd_client_send(s->client, command, on_outcome, asked);
    if (error != ACD_OK)
        play_die("%s", acd_client_error_text(s->client));
    s->free = asked->next_free;
    s->in_flight++;
    b->figures.commands++;
}

/* ---- looking ----------------------------------------------------------------------------------
 */

static void on_looked(void *ctx, int error, const struct acd_view *view)
{
    struct socket_backend *s = ctx;
    struct looking *l = &s->looking;
    struct acd_position position = acd_client_position(s->client, NULL);

    if (error != ACD_OK)
        play_die("a look: %s", acd_error_text(error));
    if (l->sequence == 0)
        l->sequence = position.sequence;
    l->torn |= l->sequence != position.sequence;
    if (view == NULL)
        l->unanswered--;
    else if (view->code == ACD_VIEW_page)
        l->torn |= view->as.page.cursor != 0;
    else
        l->on_view(l->ctx, view);
}

static void look_ask(struct socket_backend *s, const struct acd_query *query)
{
    if (acd_client_ask(s->client, query, on_looked, s) != ACD_OK)
        play_die("a look: %s", acd_client_error_text(s->client));
    s->looking.unanswered++;
    s->base.figures.asked++;
}

/* All in one message, so nothing comes between them. */
static void look_once(struct socket_backend *s)
{
    struct acd_query client = {.code = ACD_QUERY_list_clients};
    struct acd_query totals = {.code = ACD_QUERY_get_totals};
    struct acd_query queues = {.code = ACD_QUERY_list_queues};
    struct acd_query agents = {.code = ACD_QUERY_list_agents};

    client.as.list_clients.name = acd_str(BACKEND_GATEWAY);
    queues.as.list_queues.limit = PAGE;
    agents.as.list_agents.limit = PAGE;
    s->looking.torn = false;
    s->looking.sequence = 0;
    s->looking.on_view(s->looking.ctx, NULL);
    acd_client_flush(s->client);
    look_ask(s, &client);
    look_ask(s, &totals);
    look_ask(s, &queues);
    look_ask(s, &agents);
    while (s->looking.unanswered > 0)
        acd_client_wait(s->client, NAP_MAX);
}

static bool socket_look(struct backend *b, look_cb on_view, void *ctx)
{
    struct socket_backend *s = socket_of(b);

    s->looking.on_view = on_view;
    s->looking.ctx = ctx;
    for (int i = 0; i < LOOKS_MAX; i++) {
        look_once(s);
        if (!s->looking.torn)
            return true;
    }
    return false;
}

static const char *socket_check(const struct backend *b)
{
    (void)b;
    return NULL;
}

/* ---- life cycle -------------------------------------------------------------------------------
 */

static void socket_close(struct backend *b)
{
    struct socket_backend *s = socket_of(b);

    acd_client_close(s->client);
    backend_fini(b);
    free(s);
}

static const struct backend_ops SOCKET = {
    .look_max = PAGE,
    .now = socket_now,
    .has_room = socket_has_room,
    .is_quiet = socket_is_quiet,
    .send = socket_send,
    .wait = socket_wait,
    .look = socket_look,
    .check = socket_check,
    .close = socket_close,
};

/* Two readings of the clock, so that there is a rate to begin with. */
static void learn_time(struct socket_backend *s)
{
    for (int i = 0; i < 2; i++) {
        ask_time(s);
        while (s->asks_time)
            acd_client_wait(s->client, NAP_MAX);
        acd_client_wait(s->client, i == 0 ? 5 * ACD_MS : 0);
    }
}

struct backend *backend_socket(const char *url)
{
    struct socket_backend *s = room_for(1, sizeof *s);
    struct acd_client_options options = {.url = url,
                                         .name = BACKEND_GATEWAY,
                                         .kind = ACD_GATEWAY,
                                         .timeout = ANSWER_SECONDS * ACD_SECOND,
                                         .on_state = on_state,
                                         .ctx = s};
    int error = acd_client_open(&s->client, &options);

    if (error != ACD_OK)
        play_die("%s: %s", url, acd_error_text(error));
    s->base.ops = &SOCKET;
    for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
        s->asked[i].owner = s;
        s->asked[i].next_free = s->free;
        s->free = &s->asked[i];
    }
    if (acd_client_connect(s->client, 5 * ACD_SECOND) != ACD_OK)
        play_die("%s", acd_client_error_text(s->client));
    if (acd_client_outbox(s->client, on_notice, s) != ACD_OK)
        play_die("%s", acd_client_error_text(s->client));
    learn_time(s);
    return &s->base;
}
