#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

/* Everything a gateway can send about one call and one agent, in every order of three, each sent
 * twice under its number. What must come of it is told by a few lines below, written from
 * docs/ROUTING.md; the daemon's answer, the call, the agent and its assignment must agree. */

#define VERBS(XX)                                                                                  \
    XX(route)                                                                                      \
    XX(accept)                                                                                     \
    XX(accept_first)                                                                               \
    XX(reject)                                                                                     \
    XX(hangup)                                                                                     \
    XX(ready)                                                                                      \
    XX(pause)                                                                                      \
    XX(log_out)                                                                                    \
    XX(finish)                                                                                     \
    XX(extend)                                                                                     \
    XX(open)                                                                                       \
    XX(next)

enum verb {
#define XX(name) VERB_##name,
    VERBS(XX)
#undef XX
        VERB_COUNT
};

static const char *const verb_names[] = {
#define XX(name) #name,
    VERBS(XX)
#undef XX
};

/* What the test believes. */
struct world {
    struct asker *gateway;
    char key[24];
    uint8_t call;   /* enum acd_call_state; 0: not yet, or forestalled */
    bool is_closed; /* its key is used up */
    uint8_t agent;  /* enum acd_agent_state */
    bool wraps_up;
    acd_assignment_id now, first; /* of ada's; the last and the first that there was */
    bool is_now;                  /* `now` is there */
};

/* ---- what must come of it ----------------------------------------------------------------- */

static void settle(struct world *w)
{
    if (w->call == ACD_QUEUED && w->agent == ACD_READY && !w->wraps_up)
        w->call = ACD_OFFERED;
}

static int expect_route(struct world *w)
{
    if (w->is_closed)
        return ACD_GONE;
    if (w->call == 0)
        w->call = ACD_QUEUED;
    return ACD_OK;
}

static int expect_accept(struct world *w, bool is_current)
{
    if (!is_current)
        return ACD_LOST;
    if (w->wraps_up)
        return ACD_GONE;
    w->call = ACD_CONNECTED;
    return ACD_OK;
}

static int expect_reject(struct world *w)
{
    if (!w->is_now)
        return ACD_LOST;
    if (w->call != ACD_OFFERED)
        return ACD_STATE;
    w->call = ACD_QUEUED;
    return ACD_OK;
}

static int expect_hangup(struct world *w)
{
    if (w->is_closed)
        return ACD_GONE;
    w->wraps_up = w->wraps_up || w->call == ACD_CONNECTED;
    w->call = 0;
    w->is_closed = true;
    return ACD_OK;
}

static int expect_state(struct world *w, uint8_t state)
{
    if (state == ACD_LOGGED_OUT && (w->call == ACD_CONNECTED || w->wraps_up))
        return ACD_STATE;
    if (state != ACD_READY && w->call == ACD_OFFERED)
        w->call = ACD_QUEUED;
    w->agent = state;
    return ACD_OK;
}

static int expect_finish(struct world *w, bool finish)
{
    if (!w->wraps_up)
        return ACD_STATE;
    w->wraps_up = !finish;
    return ACD_OK;
}

static bool is_first_now(const struct world *w)
{
    return w->is_now && w->now.slot == w->first.slot && w->now.gen == w->first.gen;
}

/* Moves the world on; the error that is due. */
static int expect(struct world *w, enum verb verb)
{
    int error = ACD_OK;

    switch (verb) {
    case VERB_route: error = expect_route(w); break;
    case VERB_accept: error = expect_accept(w, w->is_now); break;
    case VERB_accept_first: error = expect_accept(w, is_first_now(w)); break;
    case VERB_reject: error = expect_reject(w); break;
    case VERB_hangup: error = expect_hangup(w); break;
    case VERB_ready: error = expect_state(w, ACD_READY); break;
    case VERB_pause: error = expect_state(w, ACD_NOT_READY); break;
    case VERB_log_out: error = expect_state(w, ACD_LOGGED_OUT); break;
    case VERB_finish: error = expect_finish(w, true); break;
    case VERB_extend: error = expect_finish(w, false); break;
    default: break;
    }
    settle(w);
    return error;
}

/* ---- sending it --------------------------------------------------------------------------- */

static struct acd_command command_of(const struct world *w, enum verb verb)
{
    struct acd_str ada = acd_str("ada"), key = acd_str(w->key);

    switch (verb) {
    case VERB_route: return COMMAND(route, .key = key, .queue_name = acd_str("sales"));
    case VERB_accept: return COMMAND(accept, .assignment = w->now);
    case VERB_accept_first: return COMMAND(accept, .assignment = w->first);
    case VERB_reject: return COMMAND(reject, .assignment = w->now);
    case VERB_hangup: return COMMAND(hangup, .key = key);
    case VERB_ready: return COMMAND(agent_state, .name = ada, .state = ACD_READY);
    case VERB_pause: return COMMAND(agent_state, .name = ada, .state = ACD_NOT_READY);
    case VERB_log_out: return COMMAND(agent_state, .name = ada, .state = ACD_LOGGED_OUT);
    case VERB_finish: return COMMAND(wrap_up_finish, .name = ada);
    case VERB_extend: return COMMAND(wrap_up_extend, .name = ada, .by = ACD_SECOND);
    default: return COMMAND(client_open, .name = acd_str("sip-1"));
    }
}

static bool is_same(const struct acd_view_outcome *a, const struct acd_view_outcome *b)
{
    return a->error == b->error && a->field == b->field && a->verdict == b->verdict &&
           a->position == b->position && a->call.slot == b->call.slot &&
           a->call.gen == b->call.gen && a->assignment.slot == b->assignment.slot &&
           a->assignment.gen == b->assignment.gen && a->agent.slot == b->agent.slot &&
           a->queue.slot == b->queue.slot;
}

/* Twice under one number: the second time only tells what came of the first. */
static int send_twice(struct world *w, enum verb verb)
{
    struct acd_command command = command_of(w, verb);
    struct acd_view_outcome first, second;
    uint64_t sequence, number = ++w->gateway->number;
    int error = asker_command(w->gateway, number, &command, &first);

    sequence = w->gateway->position.sequence;
    CHECK(asker_command(w->gateway, number, &command, &second) == error);
    CHECK(second.repeated && is_same(&first, &second));
    CHECK(w->gateway->position.sequence == sequence);
    return error;
}

/* All notices from the start: numbered without a gap, and about this key. */
static int ask_next(struct world *w)
{
    int error = asker_next(w->gateway, 0, 0);

    for (size_t i = 0; i < w->gateway->count; i++) {
        const struct acd_view_notice *n = &w->gateway->views[i].as.notice;

        CHECK(n->number == w->gateway->views[0].as.notice.number + i);
        CHECK(strlen(w->key) == n->key.len && memcmp(w->key, n->key.data, n->key.len) == 0);
    }
    return error;
}

/* ---- comparing ---------------------------------------------------------------------------- */

static void see_assignment(struct world *w)
{
    uint8_t role = w->call == ACD_OFFERED     ? ACD_ROLE_OFFERED
                   : w->call == ACD_CONNECTED ? ACD_ROLE_CONNECTED
                   : w->wraps_up              ? ACD_ROLE_WRAP_UP
                                              : 0;

    CHECK(ASK(w->gateway, list_assignments, .agent_name = acd_str("ada")) == ACD_OK);
    w->is_now = w->gateway->count == 1;
    CHECK(w->gateway->count == (role != 0));
    if (!w->is_now)
        return;
    CHECK(w->gateway->views[0].as.assignment.role == role);
    w->now = w->gateway->views[0].as.assignment.assignment;
    if (w->first.slot == 77)
        w->first = w->now;
}

static void compare(struct world *w)
{
    struct asker *a = w->gateway;

    see_assignment(w);
    CHECK(ASK(a, list_calls, .key = acd_str(w->key)) == ACD_OK);
    CHECK(a->count == (w->call != 0) && (a->count == 0 || a->views[0].as.call.state == w->call));
    CHECK(ASK(a, list_agents, .name = acd_str("ada")) == ACD_OK && a->count == 1);
    CHECK(a->views[0].as.agent.state == w->agent);
}

static void take_step(struct world *w, enum verb verb)
{
    int expected = expect(w, verb);
    int got = verb == VERB_next ? ask_next(w) : send_twice(w, verb);

    if (!CHECK(got == expected))
        fprintf(stderr, "%s: %s, expected %s\n", verb_names[verb], acd_error_name(got),
                acd_error_name(expected));
    compare(w);
}

/* ---- all orders --------------------------------------------------------------------------- */

/* The call ends, ada is done and ready, all notices are acknowledged. */
static void tidy_up(struct world *w)
{
    struct acd_view_outcome o;

    if (!w->is_closed)
        take_step(w, VERB_hangup);
    if (w->wraps_up)
        take_step(w, VERB_finish);
    CHECK(ASK(w->gateway, list_clients, .name = acd_str("sip-1")) == ACD_OK);
    CHECK(DO(w->gateway, &o, outbox_ack, .upto = w->gateway->views[0].as.client.told) == ACD_OK);
}

static bool try_order(struct asker *gateway, unsigned order, uint8_t agent)
{
    struct world w = {.gateway = gateway, .agent = agent, .now = {77, 77}, .first = {77, 77}};
    unsigned failures = check_failures();
    const enum verb verbs[] = {order % VERB_COUNT, order / VERB_COUNT % VERB_COUNT,
                               order / VERB_COUNT / VERB_COUNT};

    snprintf(w.key, sizeof w.key, "%u-%u", agent, order);
    centre_state(gateway, "ada", (enum acd_agent_state)agent);
    for (size_t i = 0; i < 3; i++)
        take_step(&w, verbs[i]);
    tidy_up(&w);
    if (check_failures() != failures)
        fprintf(stderr, "in the order %s, %s, %s\n", verb_names[verbs[0]], verb_names[verbs[1]],
                verb_names[verbs[2]]);
    return check_failures() == failures;
}

void test_every_order_of_everything(void)
{
    pid_t acdd = process_start("");
    struct asker *gateway = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    struct acd_view_outcome o;
    const char *broken;
    bool holds = true;

    centre_queue(gateway, "sales");
    CHECK(DO(gateway, &o, queue_set, .name = acd_str("sales"), .wrap_up_time = 60 * ACD_SECOND) ==
          ACD_OK);
    centre_agent(gateway, "ada", "sales");
    for (unsigned order = 0; holds && order < VERB_COUNT * VERB_COUNT * VERB_COUNT; order++)
        holds = try_order(gateway, order, ACD_READY);
    for (unsigned order = 0; holds && order < VERB_COUNT * VERB_COUNT; order++)
        holds = try_order(gateway, order, ACD_NOT_READY);
    broken = centre_check(gateway);
    CHECK(broken == NULL);
    asker_close(gateway);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* Before client_open, or with an id of long ago: whatever it is, it is refused. */
void test_everything_before_open_is_refused(void)
{
    pid_t acdd = process_start("");
    struct asker *gateway = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    struct acd_view_outcome o;
    uint64_t before;

    centre_queue(gateway, "sales");
    centre_agent(gateway, "ada", "sales");
    before = gateway->position.sequence;
    gateway->client = (acd_client_id){gateway->client.slot, gateway->client.gen + 1};
    for (size_t i = 0; i < acd_records_command_count; i++) {
        struct acd_command command = {.code = acd_records_command[i]->code};

        CHECK(asker_do(gateway, &command, &o) == ACD_NOT_FOUND && o.field == 0);
    }
    CHECK(asker_next(gateway, 0, 0) == ACD_NOT_FOUND);
    CHECK(gateway->position.sequence == before);
    asker_close(gateway);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* Numbers in any order, in one batch: each is its own; one that is 1,024 behind is too old. */
void test_numbers_may_come_in_any_order(void)
{
    static const uint64_t numbers[] = {500, 7, 1029, 6, 8, 500, 1400};
    pid_t acdd = process_start("");
    struct asker *gateway = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    struct acd_view_outcome o;
    struct acd_command command = COMMAND(queue_set, .name = acd_str("sales"));

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        CHECK(asker_command(gateway, numbers[i], &command, &o) == ACD_OK);
        CHECK(o.repeated == (i == 5));
    }
    CHECK(asker_command(gateway, 376, &command, &o) == ACD_STALE);          /* 1,024 behind 1,400 */
    CHECK(asker_command(gateway, 8, &command, &o) == ACD_OK && o.repeated); /* not forgotten yet */
    CHECK(asker_command(gateway, 377, &command, &o) == ACD_OK);
    CHECK(ASK(gateway, list_clients, .name = acd_str("sip-1")) == ACD_OK);
    CHECK(gateway->views[0].as.client.last_request == 1400);
    asker_close(gateway);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* Nothing waits for a reply: the same in one batch, each request twice in it, the hang-up of a call
 * before its route. What came first is what counts. */
void test_a_batch_in_the_wrong_order(void)
{
    static const struct {
        uint64_t number;
        bool is_route, repeated;
        int error;
    } requests[] = {
        {1, true, false, ACD_OK},  {2, false, false, ACD_OK},  {1, true, true, ACD_OK},
        {2, false, true, ACD_OK},  {3, true, false, ACD_GONE}, {4, false, false, ACD_GONE},
        {3, true, true, ACD_GONE}, {2, false, true, ACD_OK},
    };
    enum { COUNT = sizeof requests / sizeof *requests };
    pid_t acdd = process_start("");
    struct asker *a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    struct acd_command_route route = {.key = acd_str("k"), .queue_name = acd_str("sales")};
    struct acd_command_hangup hangup = {.key = acd_str("k")};
    struct acd_request_writer w;
    struct acd_reply_reader r;
    struct acd_reply reply;
    uint8_t message[4096];
    uint32_t tag = 0;
    size_t len = 0;

    a->number = 10; /* so that centre_queue takes none of ours */
    centre_queue(a, "sales");
    acd_request_begin(&w, message, sizeof message, a->client);
    for (size_t i = 0; i < COUNT; i++)
        CHECK(acd_request_put(&w, requests[i].number,
                              requests[i].is_route ? &acd_record_command_route
                                                   : &acd_record_command_hangup,
                              requests[i].is_route ? (const void *)&route : &hangup) == ACD_OK);
    asker_send(a, message, acd_request_end(&w));
    CHECK(peer_reply(&a->peer, &tag, a->in, sizeof a->in, &len));
    CHECK(acd_reply_read(&r, a->in, len) == ACD_OK && r.count == COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        struct acd_view view = {0};

        CHECK(acd_reply_next(&r, &reply) == 1 && reply.number == requests[i].number);
        CHECK(acd_view_decode(reply.records, reply.size, &view) > 0);
        CHECK(view.as.outcome.error == requests[i].error &&
              view.as.outcome.repeated == requests[i].repeated);
    }
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}
