#include "daemon/server.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "daemon/configure.h"
#include "daemon/memory.h"
#include "engine/acd_assert.h"

enum { FLUSH_MS = 1000, GRACE_MS = 5000, HEARTBEAT_MS = 1000, ADVANCES_A_TURN = 64 };

/* ---- time ---------------------------------------------------------------------------------- */

acd_time server_now(struct server *s)
{
    if (s->stamp == 0)
        s->stamp = clock_now(&s->clock);
    return s->stamp;
}

static void on_deadline(uv_timer_t *timer);

/* Sets the timer for what is due next: a deadline of the engine or what a calendar says, which wait
 * for room on their way to the disk, or a `next` that has waited enough. */
static void timer_set(struct server *s)
{
    acd_time engine = acd_next_deadline(s->engine), waits = next_deadline(s), at = waits;

    if (durable_has_room(s)) {
        at = engine < at ? engine : at;
        at = s->calendar_next < at ? s->calendar_next : at;
    }
    s->due = at;
    if (at == ACD_FOREVER || s->closing)
        uv_timer_stop(&s->deadline);
    else
        uv_timer_start(&s->deadline, on_deadline, clock_ms_until(&s->clock, at - server_now(s)), 0);
}

static void closing_go_on(struct server *s);

void server_turn_begin(struct server *s)
{
    durable_look(s);
    deaf_look(s);
    calendars_look(s);
}

void server_turn_end(struct server *s)
{
    next_settle(s, false);
    durable_settle(s);
    timer_set(s);
    s->stamp = 0;
    if (s->closing)
        closing_go_on(s);
}

static void on_deadline(uv_timer_t *timer)
{
    struct server *s = timer->data;

    server_turn_begin(s);
    for (int i = 0; i < ADVANCES_A_TURN && acd_next_deadline(s->engine) <= server_now(s) &&
                    durable_has_room(s);
         i++) {
        acd_advance(s->engine, server_now(s));
        durable_append(s, false);
        publish_frame(s);
    }
    server_turn_end(s);
}

/* The day that today's counters belong to: days since 1970, of the zone that they go by. */
static void day_turn(struct server *s)
{
    struct acd_command turn = {.code = ACD_COMMAND_day_turn};
    struct acd_view_totals totals;
    struct acd_view_outcome outcome;

    zone_enter(s->config->day_zone);
    turn.as.day_turn.day = zone_day(server_now(s));
    acd_totals_view(s->engine, &totals);
    if (turn.as.day_turn.day > totals.day)
        server_execute(s, ACD_NOBODY, 0, &turn, &outcome);
}

static void on_heartbeat(uv_timer_t *timer)
{
    struct server *s = timer->data;

    timing_heartbeat(&s->timing, HEARTBEAT_MS);
    clock_discipline(&s->clock);
    durable_note_error(s);
    server_turn_begin(s);
    day_turn(s);
    work_collect(&s->workers);
    folds_forget(s);
    publish_heartbeat(s);
    server_turn_end(s);
}

/* ---- commands ------------------------------------------------------------------------------ */

bool server_refuses(struct server *s)
{
    bool refuses = s->durable.pressure == PRESSURE_REFUSING || !durable_has_room(s);

    s->durable.refused += refuses;
    return refuses;
}

/* A frame goes on its way; with `more`, the next one will go with it. Who has to know of changes of
 * what is configured is told when they are whole. */
static void carried_out(struct server *s, const struct acd_command *command, bool more)
{
    calendars_note(s, command);
    durable_append(s, more || calendars_will_say(s));
    publish_frame(s);
    if (command->code == ACD_COMMAND_config_commit)
        versions_note(&s->versions, s->engine);
    if (!more)
        calendars_look(s);
}

int server_execute(struct server *s, acd_client_id client, uint64_t request,
                   const struct acd_command *command, struct acd_view_outcome *outcome)
{
    int error;

    if (server_refuses(s)) {
        *outcome = (struct acd_view_outcome){.error = ACD_BUSY};
        return ACD_BUSY;
    }
    error = acd_execute(s->engine, server_now(s), client, request, command, outcome);
    if (s->durable.persist != NULL)
        s->holds |= s->config->store.sync || durable_holds_command(command->code);
    carried_out(s, command, false);
    return error;
}

int server_execute_due(struct server *s, const struct acd_command *command, bool more)
{
    struct acd_view_outcome outcome;
    int error;

    if (!durable_has_room(s))
        return ACD_BUSY;
    error = acd_execute(s->engine, server_now(s), ACD_NOBODY, 0, command, &outcome);
    durable_append(s, more);
    publish_frame(s);
    return error;
}

int server_execute_joined(struct server *s, const struct acd_command *command, bool more)
{
    struct acd_view_outcome outcome;
    int error = acd_execute(s->engine, server_now(s), ACD_NOBODY, 0, command, &outcome);

    carried_out(s, command, more);
    return error;
}

struct acd_wire_position server_position(const struct server *s)
{
    struct acd_position position = acd_position(s->engine);

    return (struct acd_wire_position){position.epoch, position.sequence, durable_sequence(s)};
}

void server_reply(struct endpoint *endpoint, const struct listener_origin *origin, uint8_t *body,
                  size_t len, bool hold)
{
    struct server *s = endpoint->server;
    uint64_t need = acd_position(s->engine).sequence;

    if (endpoint->tenant != 0)
        len = tenant_reply(endpoint_tenant(endpoint), s->engine, body, len);
    if (hold && need > durable_sequence(s))
        hold_reply(s, endpoint, origin, need, body, len);
    else
        listener_reply(endpoint->listener, origin, body, len);
}

/* ---- sockets ------------------------------------------------------------------------------- */

static void on_batch_end(void *ctx)
{
    struct endpoint *endpoint = ctx;

    server_turn_end(endpoint->server);
}

static void on_conn_closed(void *ctx, listener_conn_id conn, enum listener_end why)
{
    struct endpoint *endpoint = ctx;

    next_forget(endpoint->server, endpoint, conn);
    if (why != LISTENER_END_PEER && why != LISTENER_END_LOCAL)
        log_line(LOG_WARN, "connection_closed", "reason=\"%s\"", listener_end_text(why));
}

static void on_endpoint_closed(void *ctx)
{
    struct endpoint *endpoint = ctx;
    struct server *s = endpoint->server;

    endpoint->listener = NULL;
    if (--s->open_endpoints > 0)
        return;
    uv_close((uv_handle_t *)&s->deadline, NULL);
    uv_close((uv_handle_t *)&s->heartbeat, NULL);
    uv_close((uv_handle_t *)&s->grace, NULL);
    timing_close(&s->timing);
    durable_handles_close(s);
    work_handles_close(&s->workers);
    for (size_t i = 0; i < sizeof s->signals / sizeof s->signals[0]; i++)
        uv_close((uv_handle_t *)&s->signals[i], NULL);
}

static int endpoint_open(struct server *s, struct endpoint *endpoint, const struct urls *urls,
                         int place, enum listener_protocol protocol)
{
    const char *url = urls->url[place];
    static const struct listener_handlers handlers = {request_arrived, on_batch_end, on_conn_closed,
                                                      on_endpoint_closed};
    struct listener_config config = {.url = url,
                                     .protocol = protocol,
                                     .out_bytes_max = s->config->out_bytes_max,
                                     .connections_max = s->config->connections_max,
                                     .message_bytes_max = ACD_WIRE_MESSAGE_MAX};
    int error;

    endpoint->server = s;
    endpoint->tenant = urls->tenant[place];
    error = listener_open(&endpoint->listener, &s->loop, &config, &handlers, endpoint);
    if (error < 0) {
        endpoint->listener = NULL;
        log_line(LOG_ERROR, "cannot_listen", "url=%s reason=\"%s\"", url,
                 listener_error_text(error));
        return -1;
    }
    s->open_endpoints++;
    log_line(LOG_INFO, protocol == LISTENER_REP ? "listening" : "publishing", "url=%s port=%u", url,
             listener_port(endpoint->listener));
    return 0;
}

static int endpoints_open(struct server *s)
{
    for (int i = 0; i < s->config->listen.count; i++)
        if (endpoint_open(s, &s->requests[i], &s->config->listen, i, LISTENER_REP) < 0)
            return -1;
    for (int i = 0; i < s->config->publish.count; i++)
        if (endpoint_open(s, &s->publishers[i], &s->config->publish, i, LISTENER_PUB) < 0)
            return -1;
    return 0;
}

/* ---- life cycle ---------------------------------------------------------------------------- */

static void endpoints_close(struct server *s)
{
    uv_timer_stop(&s->grace);
    for (int i = 0; i < CONFIG_URLS_MAX; i++) {
        if (s->requests[i].listener != NULL)
            listener_close(s->requests[i].listener, FLUSH_MS);
        if (s->publishers[i].listener != NULL)
            listener_close(s->publishers[i].listener, FLUSH_MS);
    }
}

/* With nothing left that waits for the disk, the sockets are closed. */
static void closing_go_on(struct server *s)
{
    if (hold_is_empty(&s->hold) && uv_is_active((uv_handle_t *)&s->grace))
        endpoints_close(s);
}

static void on_grace_over(uv_timer_t *timer)
{
    struct server *s = timer->data;

    log_line(LOG_WARN, "replies_dropped", "count=%u reason=\"the disk is behind\"",
             s->hold.replies);
    endpoints_close(s);
}

/* Nothing more is read; who waits is answered, what is held has a moment to become durable. */
static void server_close(struct server *s)
{
    for (int i = 0; i < s->config->listen.count; i++)
        listener_pause(s->requests[i].listener);
    next_settle(s, true);
    s->closing = true;
    uv_timer_stop(&s->heartbeat);
    uv_timer_stop(&s->deadline);
    uv_timer_start(&s->grace, on_grace_over, GRACE_MS, 0);
    server_turn_end(s);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct server *s = handle->data;

    if (number == SIGHUP) {
        bool read = config_reload(s->config);

        log_line(read ? LOG_INFO : LOG_WARN, read ? "reloaded" : "not_reloaded", "file=\"%s\"",
                 s->config->file == NULL ? "" : s->config->file);
        return;
    }
    if (s->closing) {
        log_line(LOG_WARN, "stopped", "signal=%d reason=\"asked twice\"", number);
        _Exit(1);
    }
    log_line(LOG_INFO, "stopping", "signal=%d", number);
    server_close(s);
}

void server_log_limits(const struct acd_limits *limits, int error)
{
    const struct acd_limit *wrong = acd_limits_wrong(limits);

    if (wrong == NULL)
        log_line(LOG_ERROR, "cannot_open_engine", "reason=\"%s\"", acd_error_text(error));
    else
        log_line(LOG_ERROR, "cannot_open_engine",
                 "reason=\"limits: %s must be between %" PRIu32 " and %" PRIu32 "\"", wrong->name,
                 wrong->least, wrong->greatest);
}

/* Without a directory: an engine that begins empty and ends with the process. */
static int memory_open(struct server *s)
{
    struct acd_config config = {.limits = s->config->limits,
                                .epoch = clock_epoch(),
                                .take = memory_take,
                                .give = memory_give};
    int error;

    if (getrandom(config.secret, sizeof config.secret, 0) != sizeof config.secret) {
        log_line(LOG_ERROR, "no_random", "reason=\"%s\"", strerror(errno));
        return -1;
    }
    error = acd_open(&s->engine, &config);
    if (error != ACD_OK) {
        server_log_limits(&config.limits, error);
        return -1;
    }
    log_line(LOG_WARN, "in_memory", "reason=\"no directory; all is forgotten when acdd ends\"");
    return 0;
}

/* The clock is never behind what the journal has seen. */
static int engine_open(struct server *s)
{
    if ((s->config->store.directory[0] == '\0' ? memory_open(s) : durable_open(s)) < 0)
        return -1;
    s->since = acd_now(s->engine);
    clock_start(&s->clock, s->config->clock_rate, s->since);
    s->started = clock_now(&s->clock);
    versions_begin(&s->versions, s->engine);
    s->waiting = calloc(s->config->limits.clients, sizeof *s->waiting);
    return s->waiting != NULL && configure_open(s) ? 0 : -1;
}

static void loop_open(struct server *s)
{
    uv_loop_init(&s->loop);
    uv_timer_init(&s->loop, &s->deadline);
    uv_timer_init(&s->loop, &s->heartbeat);
    uv_timer_init(&s->loop, &s->grace);
    s->deadline.data = s->heartbeat.data = s->grace.data = s;
    timing_open(&s->timing, &s->loop);
}

/* Before this a signal ends the process at once: a disk that fails can make a start last. Nobody is
 * there yet to be answered, and what the start has done stands in the ring. */
static void signals_open(struct server *s)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uv_signal_init(&s->loop, &s->signals[i]);
        s->signals[i].data = s;
        uv_signal_start(&s->signals[i], on_signal, numbers[i]);
    }
}

int server_open(struct server *s, struct config *config)
{
    s->config = config;
    s->due = ACD_FOREVER;
    if (config->limits.clients == 0)
        config->limits.clients = 64;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is a fault of the disk, not a death */
    if (engine_open(s) < 0)
        return -1;
    loop_open(s);
    calendars_begin(s, s->since);
    if (!work_open(&s->workers, &s->loop)) {
        log_line(LOG_ERROR, "no_threads", "reason=\"%s\"", strerror(errno));
        durable_close(s);
        return -1;
    }
    if (durable_start(s) < 0) {
        durable_close(s);
        return -1;
    }
    if (!tenant_events_open(&s->tenant_events, s->engine, config->tenants, config->tenant_count)) {
        log_line(LOG_ERROR, "no_memory", "what=tenants");
        durable_close(s);
        return -1;
    }
    signals_open(s);
    if (endpoints_open(s) < 0) {
        endpoints_close(s); /* so that no socket file stays behind */
        durable_close(s);
        return -1;
    }
    publish_open(s);
    calendars_look(s);
    day_turn(s);
    server_turn_end(s);
    uv_timer_start(&s->heartbeat, on_heartbeat, HEARTBEAT_MS, HEARTBEAT_MS);
    return 0;
}

/* This thread, and none of those that it begins: they take what the loop leaves. Its own share is
 * bounded by that of all real-time threads (sched_rt_runtime_us). */
static void realtime_begin(void)
{
    const struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_RR)};

    if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &lowest) != 0)
        log_line(LOG_WARN, "realtime_refused",
                 "reason=\"%s; it takes CAP_SYS_NICE, or RLIMIT_RTPRIO of 1\"", strerror(errno));
}

int server_run(struct server *s)
{
    int error;

    if (s->config->realtime)
        realtime_begin();

    log_line(LOG_INFO, "started", "epoch=%u rate=%g", acd_position(s->engine).epoch, s->clock.rate);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    work_close(&s->workers);
    reader_close(s);
    error = durable_close(s);
    ACD_ASSERT(uv_loop_close(&s->loop) == 0);
    free(s->waiting);
    configure_close(s);
    tenant_events_close(&s->tenant_events);
    calendars_free(&s->calendars);
    log_line(LOG_INFO, "stopped", "requests=%llu events=%llu",
             (unsigned long long)s->counters.requests, (unsigned long long)s->counters.events);
    return error;
}
