#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <stdio.h>
#include <unistd.h>

#include "proto/acd_messages.h"
#include "tests/e2e/check.h"
#include "tests/e2e/daemon/asker.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"
#include "tests/e2e/daemon/tenancy.h"

/* Two tenants with the same names, and the house that sees both. */

/* Each has its own things by the same names, and is told nothing of another's. */
void test_tenants_see_only_their_own(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct asker *house = asker_named(ACDD_URL, "desk", ACD_OPERATOR);
    struct acd_view_outcome o;

    CHECK(ASK(acme, list_queues, .limit = 0) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.queue.name, "sales"));
    CHECK(ASK(acme, list_agents, .queue_name = acd_str("sales")) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.agent.name, "ann"));
    CHECK(ASK(acme, list_clients, .limit = 0) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.client.name, "sip"));
    CHECK(ASK(house, list_queues, .limit = 0) == ACD_OK && house->count == 2);
    CHECK(str_is(house->views[0].as.queue.name, "acme/sales"));
    CHECK(str_is(house->views[1].as.queue.name, "beta/sales"));

    CHECK(DO(acme, &o, route, .key = acd_str("k"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_OFFERED && str_is(o.agent_name, "ann"));
    CHECK(DO(beta, &o, route, .key = acd_str("k"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_OFFERED);
    CHECK(ASK(beta, list_calls, .limit = 0) == ACD_OK && beta->count == 1);
    CHECK(str_is(beta->views[0].as.call.queue_name, "sales"));
    CHECK(str_is(beta->views[0].as.call.agent_name, "ann"));
    CHECK(ASK(beta, list_assignments, .limit = 0) == ACD_OK && beta->count == 1);
    CHECK(ASK(house, list_calls, .limit = 0) == ACD_OK && house->count == 2);
    CHECK(ASK(house, list_agents, .name = acd_str("acme/ann")) == ACD_OK && house->count == 1);
    asker_close(acme);
    asker_close(beta);
    asker_close(house);
    tenancy_stop(acdd);
}

/* An id is no way in, nor is a client's; what is about the whole house is denied. */
void test_tenants_command_only_their_own(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct acd_view_outcome o, offer;
    acd_queue_id sales;
    acd_agent_id ann;

    CHECK(ASK(acme, list_queues, .limit = 0) == ACD_OK);
    sales = acme->views[0].as.queue.queue;
    CHECK(ASK(acme, list_agents, .limit = 0) == ACD_OK);
    ann = acme->views[0].as.agent.agent;
    CHECK(DO(acme, &offer, route, .key = acd_str("k"), .queue = sales) == ACD_OK);

    CHECK(DO(beta, &o, route, .key = acd_str("x"), .queue = sales) == ACD_NOT_FOUND &&
          o.field == 2);
    CHECK(DO(beta, &o, agent_state, .agent = ann, .state = ACD_LOGGED_OUT) == ACD_NOT_FOUND);
    CHECK(DO(beta, &o, accept, .assignment = offer.assignment) == ACD_NOT_FOUND && o.field == 1);
    CHECK(DO(beta, &o, hangup, .call = offer.call) == ACD_NOT_FOUND && o.field == 1);
    CHECK(DO(beta, &o, member_set, .agent_name = acd_str("ann"), .queue = sales) == ACD_NOT_FOUND);
    CHECK(DO(beta, &o, queue_set, .name = acd_str("acme/sales"), .weight = 9) == ACD_OK);
    CHECK(DO(beta, &o, queue_set, .name = acd_str("-")) == ACD_OK);
    CHECK(ASK(beta, list_queues, .limit = 0) == ACD_OK && beta->count == 3); /* beta/acme/sales */
    CHECK(DO(beta, &o, day_turn, .day = 100000) == ACD_DENIED);
    CHECK(ASK(beta, get_loop, .reserved = 0) == ACD_DENIED);
    CHECK(DO(beta, &o, config_commit, .changes = 1) == ACD_DENIED);
    CHECK(ASK(beta, list_timings, .limit = 0) == ACD_DENIED);
    CHECK(ASK(beta, get_server, .reserved = 0) == ACD_OK && beta->count == 1);
    CHECK(beta->views[0].as.server.day_zone.len == strlen("UTC"));

    beta->client = acme->client; /* another's gateway */
    CHECK(ASK(beta, next, .wait = 0) == ACD_NOT_FOUND);
    CHECK(DO(acme, &o, accept, .assignment = offer.assignment) == ACD_OK);
    asker_close(acme);
    asker_close(beta);
    tenancy_stop(acdd);
}

/* Work that is over is coded late by its own agent, and by no other tenant's of the same name. */
void test_tenants_code_their_own_work_late(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct acd_str ann = acd_str("ann"), code = acd_str("sale");
    struct acd_view_outcome o, offer;

    CHECK(DO(acme, &o, queue_set, .name = acd_str("sales"),
             .wrap_up_code_late = 3600 * ACD_SECOND) == ACD_OK);
    CHECK(DO(acme, &offer, route, .key = acd_str("k"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(DO(acme, &o, accept, .assignment = offer.assignment) == ACD_OK);
    CHECK(DO(beta, &o, wrap_up_code, .assignment = offer.assignment, .name = ann, .code = code) ==
          ACD_LOST);
    CHECK(DO(acme, &o, hangup, .key = acd_str("k")) == ACD_OK);
    (void)DO(acme, &o, wrap_up_finish, .name = ann);
    CHECK(DO(beta, &o, wrap_up_code, .assignment = offer.assignment, .name = ann, .code = code) ==
          ACD_LOST);
    CHECK(DO(acme, &o, wrap_up_code, .assignment = offer.assignment, .code = code) == ACD_LOST);
    CHECK(DO(acme, &o, wrap_up_code, .assignment = offer.assignment, .name = ann, .code = code) ==
          ACD_OK);
    CHECK(memcmp(&o.assignment, &offer.assignment, sizeof o.assignment) == 0);
    CHECK(ASK(acme, list_agents, .name = ann) == ACD_OK && acme->count == 1);
    CHECK(acme->views[0].as.agent.late_until > 0);
    asker_close(acme);
    asker_close(beta);
    tenancy_stop(acdd);
}

/* Where callers are sent, called numbers, keys of nobody, teams, notices: names there are the
 * tenant's too, and it reads them as it wrote them. */
void test_names_of_tenants_are_theirs_everywhere(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct asker *nobody = asker_open(ACME_URL), *other = asker_open(BETA_URL);
    struct acd_view_outcome o;
    struct acd_str sales = acd_str("sales"), keys = acd_str("1=queue:night;2=voicemail;#");

    centre_queue(acme, "night");
    CHECK(DO(acme, &o, queue_set, .name = sales, .on_full = acd_str("queue:night"),
             .on_closed = acd_str("voicemail:7"), .exit_keys = keys) == ACD_OK);
    CHECK(ASK(acme, list_queues, .name = sales) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.queue.on_full, "queue:night"));
    CHECK(str_is(acme->views[0].as.queue.on_closed, "voicemail:7"));
    CHECK(str_is(acme->views[0].as.queue.exit_keys, "1=queue:night;2=voicemail;#"));
    CHECK(DO(beta, &o, queue_set, .name = sales, .on_full = acd_str("queue:night")) ==
          ACD_NOT_FOUND);

    CHECK(DO(acme, &o, number_set, .number = acd_str("555"), .queue_name = sales) == ACD_OK);
    CHECK(DO(beta, &o, number_set, .number = acd_str("555"), .queue_name = sales) == ACD_OK);
    CHECK(ASK(beta, list_numbers, .limit = 0) == ACD_OK && beta->count == 1);
    CHECK(str_is(beta->views[0].as.number.number, "555"));
    nobody->client = other->client = ACD_NOBODY;
    CHECK(DO(nobody, &o, route, .key = acd_str("k"), .called = acd_str("555")) == ACD_OK);
    CHECK(DO(other, &o, route, .key = acd_str("k"), .called = acd_str("555")) == ACD_OK);
    CHECK(ASK(acme, list_calls, .limit = 0) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.call.key, "k") && str_is(acme->views[0].as.call.called, "555"));
    CHECK(DO(nobody, &o, hangup, .key = acd_str("k")) == ACD_OK);
    CHECK(DO(nobody, &o, hangup, .key = acd_str("k")) == ACD_GONE);
    CHECK(DO(other, &o, hangup, .key = acd_str("k")) == ACD_OK);

    CHECK(DO(acme, &o, agent_set, .name = acd_str("ann"), .team = acd_str("day")) == ACD_OK);
    CHECK(ASK(acme, list_teams, .limit = 0) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.team.name, "day"));
    CHECK(ASK(beta, list_teams, .limit = 0) == ACD_OK && beta->count == 0);
    CHECK(ASK(acme, list_agents, .team = acd_str("day")) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.agent.team, "day"));

    centre_state(acme, "ann", ACD_NOT_READY);
    CHECK(DO(acme, &o, route, .key = acd_str("n"), .queue_name = sales) == ACD_OK);
    centre_state(acme, "ann", ACD_READY);
    CHECK(asker_next(acme, 0, 0) == ACD_OK && acme->count == 1);
    CHECK(str_is(acme->views[0].as.notice.agent_name, "ann"));
    asker_close(acme);
    asker_close(beta);
    asker_close(nobody);
    asker_close(other);
    tenancy_stop(acdd);
}

/* Makes and removes an agent of a tenant: each time events that its observers hear. */
static void stir(struct asker *a)
{
    struct acd_view_outcome o;

    centre_agent(a, "ann", "sales");
    CHECK(DO(a, &o, agent_remove, .name = acd_str("ann")) == ACD_OK);
}

/* Observers of a tenant hear its own events, each behind the one that they heard before. */
void test_tenants_hear_only_their_own(void)
{
    pid_t acdd = tenancy_start("");
    struct asker *acme, *beta;
    nng_socket s = NNG_SOCKET_INITIALIZER;
    uint64_t last[8] = {0};
    unsigned heard = 0;
    bool removed = false;

    CHECK(nng_sub0_open(&s) == 0 && nng_socket_set(s, NNG_OPT_SUB_SUBSCRIBE, "", 0) == 0);
    CHECK(nng_socket_set_ms(s, NNG_OPT_RECVTIMEO, 10000) == 0);
    CHECK(nng_dial(s, ACME_PUB, NULL, 0) == 0);
    acme = asker_named(ACME_URL, "sip", ACD_GATEWAY);
    CHECK_SOON(asker_server(acme).subscribers == 1);
    beta = tenancy_centre(BETA_URL);
    centre_queue(acme, "sales");
    stir(acme);
    while (!removed) {
        uint8_t message[ACD_WIRE_PUBLISHED_MAX];
        size_t len = sizeof message;
        struct acd_published p;
        struct acd_event e;

        if (!CHECK(nng_recv(s, message, &len, 0) == 0) ||
            !CHECK(acd_published_read(&p, message, len) == ACD_OK))
            break;
        if (p.event == NULL) {
            stir(acme); /* a heartbeat: what went before may have been before it subscribed */
            continue;
        }
        CHECK(acd_event_decode(p.event, p.event_size, &e) > 0);
        CHECK(last[p.topic] == 0 || p.head.previous == last[p.topic]);
        last[p.topic] = p.head.sequence;
        heard++;
        CHECK(e.code != ACD_EVENT_queue_set || str_is(e.as.queue_set.name, "sales"));
        CHECK(e.code != ACD_EVENT_agent_set || str_is(e.as.agent_set.name, "ann"));
        CHECK(e.code != ACD_EVENT_agent_state); /* only beta's ann is ready */
        removed = e.code == ACD_EVENT_agent_removed;
    }
    CHECK(heard >= 4); /* of the agent, its membership, its end, and requests done */
    nng_close(s);
    asker_close(acme);
    asker_close(beta);
    tenancy_stop(acdd);
}

static void refused(const char *text, const char *why)
{
    char said[256];

    tenancy_config(text);
    CHECK(process_wait(process_spawn("refused.log", "--check --config acd.conf")) == 1);
    snprintf(said, sizeof said, "file=\"acd.conf\" %s", why);
    CHECK(process_said("refused.log", said));
    CHECK(unlink("acd.conf") == 0 && unlink("refused.log") == 0);
}

void test_faulty_tenants_are_refused(void)
{
    refused("tenant \"a/b\" {\n  listen = {\"ipc://x\"}\n}\n",
            "line=3 reason=\"tenant: 'a/b' is no");
    refused("tenant acme {\n}\n", "line=2 reason=\"tenant acme: has nothing to listen at");
    refused("tenant acme {\n  listen = {\"http://x\"}\n}\n",
            "line=2 reason=\"listen: 'http://x' is");
}
