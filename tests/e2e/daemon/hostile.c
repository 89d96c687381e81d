#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

/* Bad input, at every depth: each gets its error, nothing of it is done, and somebody else, who
 * behaves, is served after each. */

struct victim {
    pid_t acdd;
    struct asker *good, *bad;
};

static struct victim victim_open(void)
{
    struct victim v = {.acdd = process_start("--log-level debug")};

    v.good = asker_named(ACDD_URL, "good", ACD_GATEWAY);
    v.bad = asker_named(ACDD_URL, "bad", ACD_GATEWAY);
    centre_queue(v.good, "sales");
    centre_agent(v.good, "ada", "sales");
    return v;
}

static void victim_close(struct victim *v)
{
    const char *broken = centre_check(v->good);

    CHECK(broken == NULL);
    asker_close(v->good);
    asker_close(v->bad);
    CHECK(process_end(v->acdd, SIGTERM) == 0);
    CHECK(process_log_is_structured(ACDD_LOG));
}

/* Nothing was done since position `before`, and the other one is served. */
static bool is_unharmed(struct victim *v, uint64_t before)
{
    return ASK(v->good, list_agents, .name = acd_str("ada")) == ACD_OK && v->good->count == 1 &&
           v->good->position.sequence == before;
}

/* ---- messages that cannot be read --------------------------------------------------------- */

/* A good message: two routes. */
static size_t good_message(const struct victim *v, uint8_t *out, size_t max)
{
    struct acd_command_route route = {.key = acd_str("x"), .queue_name = acd_str("sales")};
    struct acd_request_writer w;

    acd_request_begin(&w, out, max, v->bad->client);
    CHECK(acd_request_put(&w, 50, &acd_record_command_route, &route) == ACD_OK);
    route.key = acd_str("y");
    CHECK(acd_request_put(&w, 51, &acd_record_command_route, &route) == ACD_OK);
    return acd_request_end(&w);
}

static void expect_unreadable(struct victim *v, const void *message, size_t len, int error)
{
    struct acd_view_server before = asker_server(v->good);
    uint64_t number = 1;
    uint32_t tag = 0;

    asker_send(v->bad, message, len);
    if (!CHECK(asker_receive(v->bad, &tag, &number) == error))
        fprintf(stderr, "a message of %zu bytes: expected %s\n", len, acd_error_name(error));
    CHECK(number == 0 && tag == v->bad->tag);
    CHECK(is_unharmed(v, before.sequence));
    CHECK(asker_server(v->good).malformed_messages == before.malformed_messages + 1);
}

void test_messages_cut_short_do_nothing(void)
{
    struct victim v = victim_open();
    uint8_t message[512];
    size_t len = good_message(&v, message, sizeof message);

    for (size_t cut = 0; cut < len; cut++)
        expect_unreadable(&v, message, cut, ACD_TRUNCATED);
    victim_close(&v);
}

/* What one wrong number in a good message does. */
void test_broken_messages_do_nothing(void)
{
    static const struct {
        size_t at;
        uint8_t value;
        int error;
    } faults[] = {
        {0, 'A', ACD_INVALID},      {3, 'r', ACD_INVALID}, /* no request */
        {4, 0, ACD_VERSION},        {4, 2, ACD_VERSION},
        {5, 1, ACD_VERSION},        {6, 0, ACD_INVALID},  /* none at all */
        {6, 1, ACD_INVALID},                              /* bytes behind the last */
        {6, 3, ACD_TRUNCATED},      {7, 2, ACD_TOO_LONG}, /* 514 requests */
        {16, 0, ACD_INVALID},                             /* number 0 */
        {24, 1, ACD_INVALID},                             /* a record smaller than its head */
        {24 + 2, 1, ACD_TOO_LONG},                        /* 64 KiB and more */
        {24 + 6, 255, ACD_INVALID},                       /* a fixed part beyond the record */
    };
    struct victim v = victim_open();

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        uint8_t message[512];
        size_t len = good_message(&v, message, sizeof message);

        message[faults[i].at] = faults[i].value;
        expect_unreadable(&v, message, len, faults[i].error);
    }
    victim_close(&v);
}

void test_garbage_is_answered(void)
{
    static const char text[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    static uint8_t big[ACD_WIRE_MESSAGE_MAX - 4];
    struct victim v = victim_open();

    expect_unreadable(&v, text, sizeof text, ACD_INVALID);
    memset(big, 0xff, sizeof big);
    expect_unreadable(&v, big, sizeof big, ACD_INVALID);
    memset(big, 0, sizeof big);
    expect_unreadable(&v, big, sizeof big, ACD_INVALID);
    victim_close(&v);
}

/* ---- requests that fail alone ------------------------------------------------------------- */

/* A route of `key` whose record's byte at `at` is `value`, between two good queries in one batch.
 */
static void send_between(struct victim *v, const uint8_t *record, size_t size)
{
    struct acd_query_get_totals totals = {0};
    struct acd_request_writer w;
    uint8_t message[ACD_RECORD_MAX + 256];

    acd_request_begin(&w, message, sizeof message, v->bad->client);
    CHECK(acd_request_put(&w, 1001, &acd_record_query_get_totals, &totals) == ACD_OK);
    CHECK(acd_request_put_bytes(&w, ++v->bad->number, record, size) == ACD_OK);
    CHECK(acd_request_put(&w, 1003, &acd_record_query_get_totals, &totals) == ACD_OK);
    asker_send(v->bad, message, acd_request_end(&w));
}

static bool is_fault(const struct acd_reply *reply, int error, uint16_t field)
{
    struct acd_view view = {0};

    CHECK(acd_view_decode(reply->records, reply->size, &view) > 0);
    CHECK(view.code == ACD_VIEW_outcome);
    return view.as.outcome.error == error && view.as.outcome.field == field;
}

/* The one in the middle gets the error, those around it their answers. */
static void expect_alone(struct victim *v, const uint8_t *record, size_t size, int error,
                         uint16_t field)
{
    uint64_t before = asker_server(v->good).sequence;
    struct acd_reply_reader r;
    struct acd_reply replies[3] = {{0}};
    uint32_t tag = 0;
    size_t len = 0;

    send_between(v, record, size);
    CHECK(peer_reply(&v->bad->peer, &tag, v->bad->in, sizeof v->bad->in, &len));
    CHECK(acd_reply_read(&r, v->bad->in, len) == ACD_OK && r.count == 3);
    for (int i = 0; i < 3; i++)
        CHECK(acd_reply_next(&r, &replies[i]) == 1);
    CHECK(replies[0].number == 1001 && replies[2].number == 1003 && replies[2].size > 100);
    CHECK(replies[1].number == v->bad->number && is_fault(&replies[1], error, field));
    CHECK(is_unharmed(v, before));
}

void test_unreadable_records_fail_alone(void)
{
    struct victim v = victim_open();
    struct acd_command_route route = {.key = acd_str("z"), .queue_name = acd_str("sales")};
    uint8_t record[ACD_RECORD_MAX], wrong[ACD_RECORD_MAX];
    size_t size = acd_record_command_route.encode(&route, record);

    memcpy(wrong, record, size);
    wrong[4] = 0x77; /* command 0x0177 */
    expect_alone(&v, wrong, size, ACD_UNKNOWN, 0);
    wrong[5] = 0x04; /* query 0x0477 */
    expect_alone(&v, wrong, size, ACD_UNKNOWN, 0);
    wrong[5] = 0x99;
    expect_alone(&v, wrong, size, ACD_UNKNOWN, 0);
    memcpy(wrong, record, size);
    wrong[4] = 0x01, wrong[5] = 0x02; /* an event is no request */
    expect_alone(&v, wrong, size, ACD_UNKNOWN, 0);
    memcpy(wrong, record, size);
    wrong[8] = 97; /* the key is longer than its field may be */
    expect_alone(&v, wrong, size, ACD_TOO_LONG, 1);
    wrong[8] = 90; /* longer than the record goes on */
    expect_alone(&v, wrong, size, ACD_INVALID, 0);
    victim_close(&v);
}

/* ---- commands that cannot be -------------------------------------------------------------- */

static void expect_fault(struct victim *v, const struct acd_command *command, int error,
                         uint16_t field)
{
    struct acd_view_outcome o;
    struct acd_command before;

    memcpy(&before, command, sizeof before);
    if (!CHECK(asker_do(v->bad, command, &o) == error) || !CHECK(o.field == field))
        fprintf(stderr, "%s: %s at %u, expected %s at %u\n", acd_message_record(before.code)->name,
                acd_error_name(o.error), o.field, acd_error_name(error), field);
}

#define FAULT(v, error, field, verb, ...)                                                          \
    expect_fault((v), &COMMAND(verb, __VA_ARGS__), (error), (field))

static char long_text[1024];

void test_commands_that_cannot_be_change_nothing(void)
{
    struct victim v = victim_open();
    struct acd_str sales = acd_str("sales"), ada = acd_str("ada"), none = acd_str("none");
    const acd_assignment_id gone = {77, 77};
    struct acd_view_server before = asker_server(v.good), after;

    FAULT(&v, ACD_NOT_FOUND, 3, route, .key = none, .queue_name = none);
    FAULT(&v, ACD_NOT_FOUND, 2, route, .key = none, .queue = {77, 77});
    FAULT(&v, ACD_NOT_FOUND, 4, route, .key = none, .called = acd_str("0800"));
    FAULT(&v, ACD_MISSING, 1, route, .queue_name = sales);
    FAULT(&v, ACD_MISSING, 3, route, .key = none);
    FAULT(&v, ACD_INVALID, 7, route, .key = none, .queue_name = sales, .direction = 9);
    FAULT(&v, ACD_INVALID, 8, route, .key = none, .queue_name = sales, .head_start = -1);
    FAULT(&v, ACD_MISSING, 1, accept, .happened_at = 1);
    FAULT(&v, ACD_LOST, 1, accept, .assignment = gone);
    FAULT(&v, ACD_LOST, 1, reject, .assignment = gone);
    FAULT(&v, ACD_LOST, 1, reject, .assignment = gone, .result = ACD_OFFER_RESCINDED);
    FAULT(&v, ACD_NOT_FOUND, 2, agent_state, .name = none, .state = ACD_READY);
    FAULT(&v, ACD_MISSING, 3, agent_state, .name = ada, .reason = 1);
    FAULT(&v, ACD_INVALID, 3, agent_state, .name = ada, .state = 4);
    FAULT(&v, ACD_STATE, 3, wrap_up_finish, .name = ada);
    FAULT(&v, ACD_INVALID, 5, agent_set, .name = ada, .max_concurrent_calls = 51);
    FAULT(&v, ACD_NOT_FOUND, 4, member_set, .agent_name = ada, .queue_name = none);
    FAULT(&v, ACD_NOT_FOUND, 4, member_remove, .agent_name = ada, .queue_name = none);
    FAULT(&v, ACD_INVALID, 8, queue_set, .name = sales, .ring_timeout = 1);
    FAULT(&v, ACD_NOT_FOUND, 2, queue_remove, .name = none);
    FAULT(&v, ACD_NOT_FOUND, 1, number_remove, .number = none);
    FAULT(&v, ACD_EXISTS, 2, client_open, .name = acd_str("good"), .kind = ACD_OPERATOR);
    FAULT(&v, ACD_STATE, 1, day_turn, .day = 1);
    FAULT(&v, ACD_INVALID, 1, day_turn, .day = 4000000000);
    after = asker_server(v.good);
    CHECK(after.sequence == before.sequence + 24); /* one request_done each, and nothing else */
    CHECK(after.requests_failed == before.requests_failed + 24);
    victim_close(&v);
}

/* An agent that is there already is not made twice. */
void test_a_duplicate_agent_is_the_same_one(void)
{
    struct victim v = victim_open();
    struct acd_view_outcome o;
    acd_agent_id ada;

    CHECK(ASK(v.good, list_agents, .name = acd_str("ada")) == ACD_OK);
    ada = v.good->views[0].as.agent.agent;
    CHECK(DO(v.bad, &o, agent_set, .name = acd_str("ada"), .extension = acd_str("7")) == ACD_OK);
    CHECK(o.agent.slot == ada.slot && o.agent.gen == ada.gen);
    CHECK(ASK(v.good, list_agents, .limit = 10) == ACD_OK && v.good->count == 1);
    CHECK(v.good->views[0].as.agent.contact.len == 9); /* what was not given stays */
    victim_close(&v);
}

/* One byte too many in every text of every command; each byte of each length counts. */
void test_oversized_fields_are_refused(void)
{
    struct victim v = victim_open();
    uint64_t before;
    unsigned refused = 0;

    memset(long_text, 'x', sizeof long_text);
    before = asker_server(v.good).sequence;
    for (size_t i = 0; i < acd_records_command_count; i++) {
        const struct acd_record *record = acd_records_command[i];
        struct acd_command command = {.code = record->code};
        size_t count;
        const struct acd_field *fields = record->fields(&count);

        for (size_t f = 0; f < count; f++) {
            uint8_t bytes[ACD_RECORD_MAX];
            struct acd_str text = {.data = long_text, .len = (uint16_t)(fields[f].max + 1)};

            if (fields[f].type != ACD_FIELD_str)
                continue;
            memset(&command.as, 0, sizeof command.as);
            memcpy((char *)&command.as + fields[f].offset, &text, sizeof text);
            expect_alone(&v, bytes, record->encode(&command.as, bytes), ACD_TOO_LONG,
                         (uint16_t)(f + 1));
            refused++;
        }
    }
    CHECK(refused > 20 && asker_server(v.good).sequence == before);
    victim_close(&v);
}

void test_an_impossible_transition_is_refused(void)
{
    struct victim v = victim_open();
    struct acd_view_outcome o;
    acd_assignment_id offer;

    centre_state(v.good, "ada", ACD_READY);
    CHECK(DO(v.good, &o, route, .key = acd_str("a"), .queue_name = acd_str("sales")) == ACD_OK);
    offer = o.assignment;
    CHECK(DO(v.good, &o, accept, .assignment = offer) == ACD_OK);
    FAULT(&v, ACD_STATE, 3, agent_state, .name = acd_str("ada"), .state = ACD_LOGGED_OUT);
    FAULT(&v, ACD_STATE, 1, reject, .assignment = offer);
    FAULT(&v, ACD_STATE, 2, agent_remove, .name = acd_str("ada"));
    FAULT(&v, ACD_STATE, 1, client_remove, .name = acd_str("good"));
    FAULT(&v, ACD_STATE, 1, wrap_up_finish, .assignment = offer);
    CHECK(ASK(v.good, list_calls, .key = acd_str("a")) == ACD_OK && v.good->count == 1);
    CHECK(v.good->views[0].as.call.state == ACD_CONNECTED);
    victim_close(&v);
}

/* ---- noise -------------------------------------------------------------------------------- */

static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Good messages with some bytes wrong: always one reply message, and the books stay right. */
void test_wrong_bytes_are_always_answered(void)
{
    enum { MESSAGES = 3000 };
    struct victim v = victim_open();
    uint64_t random = 20240917;
    unsigned failures = check_failures();

    centre_state(v.good, "ada", ACD_READY);
    for (int i = 0; i < MESSAGES && check_failures() == failures; i++) {
        uint8_t message[512];
        size_t len = good_message(&v, message, sizeof message);
        struct acd_reply_reader r;
        uint32_t tag = 0;

        message[16] = message[16 + 8 + (len - 16) / 2] = (uint8_t)i; /* other numbers */
        for (unsigned wrong = 1 + (unsigned)(random_next(&random) % 3); wrong > 0; wrong--)
            message[random_next(&random) % len] = (uint8_t)random_next(&random);
        asker_send(v.bad, message, len);
        CHECK(peer_reply(&v.bad->peer, &tag, v.bad->in, sizeof v.bad->in, &len));
        CHECK(tag == v.bad->tag && acd_reply_read(&r, v.bad->in, len) == ACD_OK);
        CHECK(i % 16 != 0 || ASK(v.good, list_agents, .limit = 2) == ACD_OK);
    }
    victim_close(&v);
}

/* Bytes that are no hello and no frame cost their own connection. */
void test_broken_frames_cost_their_own_connection(void)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool hello;
    } broken[] = {{"GET / HTTP/1.1\r\n", 16, false},
                  {"\0SP\0\0\x20\0\0", 8, false}, /* a publisher */
                  {"\2", 1, true},
                  {"\1\0\0\0\0\0\x20\0\0", 9, true},          /* 2 MiB */
                  {"\1\0\0\0\0\0\0\0\x4\0\0\0\1", 13, true}}; /* no request id */
    struct victim v = victim_open();
    uint64_t before = asker_server(v.good).closed_malformed;

    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct peer p = peer_connect(ACDD_URL);
        uint8_t hello[SP_HELLO_BYTES];

        CHECK(broken[i].hello ? peer_hello(&p, SP_REQ, SP_REP) : true);
        CHECK(peer_send(&p, broken[i].bytes, broken[i].len));
        CHECK(broken[i].hello || peer_receive(&p, hello, sizeof hello));
        CHECK(peer_is_hung_up(&p));
        peer_close(&p);
        CHECK_SOON(asker_server(v.good).closed_malformed == before + i + 1);
    }
    CHECK(process_said(ACDD_LOG, "level=warn event=connection_closed reason="));
    CHECK(asker_next(v.bad, 0, 0) == ACD_OK); /* it has kept its own */
    victim_close(&v);
}
