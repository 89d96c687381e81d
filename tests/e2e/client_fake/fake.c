#include "tests/e2e/client_fake/fake.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "proto/acd_sp.h"

enum { IN_ROOM = 1 << 21 };

static const uint16_t nobody_code = 0;

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

static acd_time now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (acd_time)t.tv_sec * ACD_SECOND + t.tv_nsec / 1000;
}

/* ---- sockets ------------------------------------------------------------------------------ */

static void listen_ipc(struct fake *f)
{
    static int serial;
    struct sockaddr_un at = {.sun_family = AF_UNIX};

    snprintf(at.sun_path, sizeof at.sun_path, "fake-%d.sock", ++serial);
    snprintf(f->url, sizeof f->url, "ipc://%s", at.sun_path);
    f->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(f->listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(f->listener, 8) != 0)
        give_up(at.sun_path);
}

static void listen_tcp(struct fake *f)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;

    f->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(f->listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(f->listener, 8) != 0 ||
        getsockname(f->listener, (struct sockaddr *)&at, &len) != 0)
        give_up("tcp");
    snprintf(f->url, sizeof f->url, "tcp://127.0.0.1:%u", ntohs(at.sin_port));
}

void fake_open(struct fake *f, bool tcp, bool pub)
{
    memset(f, 0, sizeof *f);
    f->tcp = tcp;
    f->pub = pub;
    f->fd = -1;
    f->position = (struct acd_wire_position){1, 100, 100};
    f->in = malloc(IN_ROOM);
    if (tcp)
        listen_tcp(f);
    else
        listen_ipc(f);
}

void fake_close(struct fake *f)
{
    acd_client_close(f->client);
    acd_observer_close(f->observer);
    fake_hang_up(f);
    close(f->listener);
    if (!f->tcp)
        unlink(f->url + strlen("ipc://"));
    free(f->in);
}

void fake_hang_up(struct fake *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
    f->in_len = 0;
}

static void run_client(struct fake *f, acd_span wait)
{
    if (f->client != NULL)
        acd_client_wait(f->client, wait);
    if (f->observer != NULL)
        acd_observer_wait(f->observer, wait);
}

void fake_run(struct fake *f, acd_span wait)
{
    const acd_time end = now() + wait;

    do
        run_client(f, 2 * ACD_MS);
    while (now() < end);
}

static bool is_readable(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};

    return poll(&p, 1, 0) == 1;
}

bool fake_accept(struct fake *f)
{
    const acd_time end = now() + 3 * ACD_SECOND;
    uint8_t hello[ACD_SP_HELLO];

    fake_hang_up(f);
    while (!is_readable(f->listener) && now() < end)
        run_client(f, ACD_MS);
    if (!is_readable(f->listener))
        return false;
    f->fd = accept(f->listener, NULL, NULL);
    while (!is_readable(f->fd) && now() < end)
        run_client(f, ACD_MS);
    if (recv(f->fd, hello, sizeof hello, MSG_WAITALL) != sizeof hello ||
        !acd_sp_hello_is(hello, f->pub ? ACD_SP_SUB : ACD_SP_REQ))
        return false;
    acd_sp_hello(hello, f->pub ? ACD_SP_PUB : ACD_SP_REP);
    fake_bytes(f, hello, sizeof hello);
    run_client(f, 20 * ACD_MS);
    return true;
}

/* ---- reading ------------------------------------------------------------------------------ */

static void decode(struct fake_message *m, const uint8_t *payload, size_t len)
{
    struct acd_request_reader r;
    struct acd_request request;

    CHECK(len <= sizeof m->bytes);
    memcpy(m->bytes, payload, len);
    memcpy(m->id, payload, 4);
    CHECK(m->id[0] & 0x80);
    CHECK(acd_request_open(&r, m->bytes + 4, len - 4) == ACD_OK);
    m->client = r.client;
    m->count = r.count;
    m->first.code = m->first_query.code = nobody_code;
    for (uint16_t i = 0; acd_request_next(&r, &request); i++) {
        m->numbers[i] = request.number;
        m->codes[i] = request.code;
        if (i == 0 && acd_kind_of(request.code) == ACD_KIND_COMMAND)
            CHECK(acd_command_decode(request.bytes, request.size, &m->first) > 0);
        if (i == 0 && acd_kind_of(request.code) == ACD_KIND_QUERY)
            CHECK(acd_query_decode(request.bytes, request.size, &m->first_query) > 0);
    }
}

static bool take_frame(struct fake *f, struct fake_message *m)
{
    uint64_t payload;
    int head = acd_sp_frame_get(f->in, f->in_len, f->tcp, IN_ROOM, &payload);
    size_t whole = (size_t)head + (size_t)payload;

    CHECK(head >= 0);
    if (head <= 0 || f->in_len < whole)
        return false;
    decode(m, f->in + head, (size_t)payload);
    f->in_len -= whole;
    memmove(f->in, f->in + whole, f->in_len);
    return true;
}

bool fake_read_within(struct fake *f, struct fake_message *m, acd_span wait)
{
    const acd_time end = now() + wait;
    ssize_t got;

    while (!take_frame(f, m)) {
        if (now() >= end || f->fd < 0)
            return false;
        run_client(f, ACD_MS);
        got = recv(f->fd, f->in + f->in_len, IN_ROOM - f->in_len, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return false;
        if (got > 0)
            f->in_len += (size_t)got;
    }
    return true;
}

bool fake_read(struct fake *f, struct fake_message *m)
{
    bool got = fake_read_within(f, m, 3 * ACD_SECOND);

    CHECK(got && "a message came");
    if (!got)
        memset(m, 0, sizeof *m);
    return got;
}

bool fake_is_quiet(struct fake *f)
{
    struct fake_message m;

    return !fake_read_within(f, &m, 30 * ACD_MS);
}

/* ---- writing ------------------------------------------------------------------------------ */

void fake_bytes(struct fake *f, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    size_t left = len;

    while (left > 0 && f->fd >= 0) {
        ssize_t sent = send(f->fd, at, left, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent < 0 && errno != EAGAIN)
            return;
        if (sent < 0) {
            run_client(f, ACD_MS);
            continue;
        }
        at += sent;
        left -= (size_t)sent;
    }
}

void fake_frame(struct fake *f, const void *payload, size_t len)
{
    uint8_t *frame = malloc(ACD_SP_FRAME_IPC + len);
    size_t head = acd_sp_frame_put(frame, f->tcp, len);

    memcpy(frame + head, payload, len);
    fake_bytes(f, frame, head + len);
    free(frame);
}

static void send_reply(struct fake *f, const struct fake_message *m, struct acd_reply_writer *w,
                       uint8_t *bytes)
{
    size_t len = acd_reply_end(w, &f->position);

    memcpy(bytes, m->id, 4);
    fake_frame(f, bytes, 4 + len);
    run_client(f, 20 * ACD_MS);
}

void fake_answer(struct fake *f, const struct fake_message *m, uint64_t number,
                 const struct acd_view_outcome *outcome)
{
    uint8_t bytes[4 + ACD_WIRE_REPLY_MIN(1)];
    struct acd_reply_writer w;

    acd_reply_begin(&w, bytes + 4, sizeof bytes - 4, 1);
    acd_reply_outcome(&w, number, outcome);
    send_reply(f, m, &w, bytes);
}

void fake_fail(struct fake *f, const struct fake_message *m, uint64_t number, int error)
{
    const struct acd_view_outcome outcome = {.error = (int16_t)error};

    fake_answer(f, m, number, &outcome);
}

void fake_views(struct fake *f, const struct fake_message *m, const struct acd_record *record,
                const void *views, size_t count)
{
    static uint8_t bytes[4 + ACD_WIRE_MESSAGE_MAX];
    const char *view = views;
    struct acd_reply_writer w;

    acd_reply_begin(&w, bytes + 4, sizeof bytes - 4, 1);
    acd_reply_open(&w, m->numbers[0]);
    for (size_t i = 0; i < count; i++, view += record->struct_size)
        CHECK(acd_reply_put(&w, record, view) == ACD_OK);
    acd_reply_close(&w);
    send_reply(f, m, &w, bytes);
}

bool fake_take_name(struct fake *f, acd_client_id id, uint64_t last_request)
{
    struct fake_message m;
    const struct acd_view_outcome outcome = {.client = id, .last_request = last_request};

    if (!fake_read(f, &m))
        return false;
    CHECK(m.count == 1 && m.codes[0] == ACD_COMMAND_client_open);
    CHECK(m.client.gen == 0);
    fake_answer(f, &m, m.numbers[0], &outcome);
    return true;
}

bool fake_session(struct fake *f, acd_client_id id, uint64_t last_request)
{
    bool accepted = fake_accept(f);

    CHECK(accepted);
    return accepted && fake_take_name(f, id, last_request);
}

void fake_publish(struct fake *f, uint8_t topic, uint64_t sequence, uint64_t previous,
                  uint32_t agent)
{
    const struct acd_event_agent_state state = {.agent = {agent, 1}, .state = ACD_READY};
    uint8_t event[ACD_RECORD_MAX], bytes[ACD_WIRE_PUBLISHED_MAX];
    struct acd_published p = {.topic = topic,
                              .head = {.epoch = f->position.epoch,
                                       .sequence = sequence,
                                       .previous = previous,
                                       .durable = sequence},
                              .event = agent == 0 ? NULL : event};

    p.event_size = acd_record_event_agent_state.encode(&state, event);
    fake_frame(f, bytes, acd_published_write(bytes, &p));
    run_client(f, 20 * ACD_MS);
}

/* ---- what clients are told ---------------------------------------------------------------- */

void told_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct told *t = ctx;

    if (t->outcomes < 8)
        t->errors[t->outcomes] = error;
    if (t->outcomes < 2048)
        t->positions[t->outcomes] = outcome == NULL ? 0 : outcome->position;
    t->outcomes++;
}

void told_view(void *ctx, int error, const struct acd_view *view)
{
    struct told *t = ctx;

    if (view != NULL) {
        t->views++;
        return;
    }
    t->ends++;
    t->end_error = error;
}

void told_state(void *ctx, enum acd_client_state state)
{
    struct told *t = ctx;
    size_t len = strlen(t->states);

    if (len + 1 < sizeof t->states)
        t->states[len] = "?CDNL"[state];
}

void told_notice(void *ctx, const struct acd_view_notice *notice)
{
    struct told *t = ctx;

    if (t->notice_count < 32)
        t->notices[t->notice_count] = notice->number;
    t->notice_count++;
}

struct acd_client *fake_client(struct fake *f, const char *name, struct told *told)
{
    const struct acd_client_options options = {
        .url = f->url, .name = name, .timeout = ACD_SECOND, .on_state = told_state, .ctx = told};

    memset(told, 0, sizeof *told);
    CHECK(acd_client_open(&f->client, &options) == ACD_OK);
    return f->client;
}

int send_one(struct acd_client *c, struct told *told)
{
    const struct acd_command command = {.code = ACD_COMMAND_wrap_up_finish,
                                        .as.wrap_up_finish = {.name = acd_str("ada")}};

    return acd_client_send(c, &command, told_outcome, told);
}

int ask_one(struct acd_client *c, struct told *told)
{
    const struct acd_query query = {.code = ACD_QUERY_get_server};

    return acd_client_ask(c, &query, told_view, told);
}
