#include <signal.h>
#include <stdio.h>

#include "proto/acd_client.h"
#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"
#include "tests/e2e/daemon/relay.h"

/* The client library over a line that breaks again and again: every command is carried out once.
 * wrap_up_extend adds to what is there, so one too many or too few would show. */

enum { COMMANDS = 300 };

struct tally {
    int outcomes, failed, repeated, notices;
};

static void on_outcome(void *ctx, int error, const struct acd_view_outcome *outcome)
{
    struct tally *t = ctx;

    t->outcomes++;
    t->failed += error != ACD_OK;
    t->repeated += outcome != NULL && outcome->repeated;
}

static void on_notice(void *ctx, const struct acd_view_notice *notice)
{
    struct tally *t = ctx;

    t->notices++;
    CHECK(notice->number == (uint64_t)t->notices);
}

/* Ada in wrap-up until then. */
static acd_time wrap_up_begun(struct asker *desk)
{
    struct acd_view_outcome o;

    centre_queue(desk, "sales");
    centre_agent(desk, "ada", "sales");
    CHECK(DO(desk, &o, queue_set, .name = acd_str("sales"), .wrap_up_time = 3600 * ACD_SECOND) ==
          ACD_OK);
    centre_state(desk, "ada", ACD_READY);
    CHECK(DO(desk, &o, route, .key = acd_str("a"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(DO(desk, &o, accept, .assignment = o.assignment) == ACD_OK);
    CHECK(DO(desk, &o, hangup, .key = acd_str("a")) == ACD_OK);
    CHECK(ASK(desk, list_assignments, .agent_name = acd_str("ada")) == ACD_OK && desk->count == 1);
    return desk->views[0].as.assignment.until;
}

/* Extends it over and over, with some calls in between that the desk ends, so that notices come. */
static void extend_over_and_over(struct acd_client *c, struct asker *desk, struct tally *t)
{
    const struct acd_command extend =
        COMMAND(wrap_up_extend, .name = acd_str("ada"), .by = ACD_SECOND);
    struct acd_view_outcome o;

    for (int i = 0; i < COMMANDS; i++) {
        CHECK(acd_client_send(c, &extend, on_outcome, t) == ACD_OK);
        if (i % 10 != 0)
            continue;
        char key[24];
        struct acd_command route = COMMAND(route, .queue_name = acd_str("sales"));

        snprintf(key, sizeof key, "call-%d", i);
        route.as.route.key = acd_str(key);
        CHECK(acd_client_call(c, &route, &o) == ACD_OK);
        CHECK(DO(desk, &o, hangup, .call = o.call) == ACD_OK);
    }
}

void test_everything_is_done_once_over_a_bad_line(void)
{
    pid_t acdd = process_start(""), line = relay_start();
    struct asker *desk = asker_named(ACDD_URL, "desk", ACD_OPERATOR);
    acd_time until = wrap_up_begun(desk);
    struct acd_client *c = NULL;
    struct tally t = {0};

    CHECK(acd_client_open(&c, &(struct acd_client_options){.url = RELAY_URL,
                                                           .name = "sip-1",
                                                           .batch_max = 4,
                                                           .timeout = 20 * ACD_SECOND}) == ACD_OK);
    CHECK(acd_client_outbox(c, on_notice, &t) == ACD_OK);
    extend_over_and_over(c, desk, &t);
    for (int i = 0; i < 2000 && (t.outcomes < COMMANDS || t.notices < COMMANDS / 10); i++)
        acd_client_wait(c, 10 * ACD_MS);
    CHECK(t.outcomes == COMMANDS && t.failed == 0 && t.notices == COMMANDS / 10);
    CHECK(t.repeated > 0); /* some of them had been carried out before the line broke */
    CHECK(ASK(desk, list_assignments, .agent_name = acd_str("ada")) == ACD_OK && desk->count == 1);
    CHECK(desk->views[0].as.assignment.until == until + COMMANDS * ACD_SECOND);
    CHECK(ASK(desk, list_clients, .name = acd_str("sip-1")) == ACD_OK);
    CHECK(desk->views[0].as.client.last_request == COMMANDS + COMMANDS / 10);
    acd_client_close(c);
    CHECK(relay_end(line) >= 5);
    asker_close(desk);
    CHECK(process_end(acdd, SIGTERM) == 0);
}
