#include <signal.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

/* Two gateways at one acdd, and an operator who changes things meanwhile. */

struct site {
    pid_t acdd;
    struct asker *desk, *one, *two;
};

static struct site site_open(const char *arguments)
{
    struct site s = {.acdd = process_start(arguments)};

    s.desk = asker_named(ACDD_URL, "desk", ACD_OPERATOR);
    s.one = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    s.two = asker_named(ACDD_URL, "sip-2", ACD_GATEWAY);
    centre_queue(s.desk, "sales");
    centre_agent(s.desk, "ada", "sales");
    centre_agent(s.desk, "bob", "sales");
    return s;
}

static void site_close(struct site *s)
{
    const char *broken = centre_check(s->desk);

    CHECK(broken == NULL);
    asker_close(s->one);
    asker_close(s->two);
    asker_close(s->desk);
    CHECK(process_end(s->acdd, SIGTERM) == 0);
}

static acd_call_id queue_call(struct asker *gateway, const char *key)
{
    struct acd_view_outcome o;

    CHECK(DO(gateway, &o, route, .key = acd_str(key), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_QUEUED);
    return o.call;
}

/* The only notice behind `after` is this one. */
static struct acd_view_notice only_notice(struct asker *gateway, uint64_t after,
                                          enum acd_notice_kind kind, acd_call_id call)
{
    struct acd_view_notice n = {0};

    CHECK(asker_next(gateway, after, 0) == ACD_OK);
    if (CHECK(gateway->count == 1))
        n = gateway->views[0].as.notice;
    CHECK(n.number == after + 1 && n.kind == kind && n.call.slot == call.slot &&
          n.call.gen == call.gen);
    return n;
}

static bool has_nothing(struct asker *gateway, uint64_t after)
{
    return asker_next(gateway, after, 0) == ACD_OK && gateway->count == 0;
}

static uint8_t state_of(struct asker *a, const char *gateway, const char *key)
{
    CHECK(ASK(a, list_calls, .gateway_name = acd_str(gateway), .key = acd_str(key)) == ACD_OK);
    return a->count == 1 ? a->views[0].as.call.state : 0;
}

void test_same_keys_of_two_gateways(void)
{
    struct site s = site_open("");
    acd_call_id first = queue_call(s.one, "1"), second = queue_call(s.two, "1");
    struct acd_view_outcome o;
    struct acd_view_notice offer, other;

    CHECK(first.slot != second.slot);
    centre_state(s.desk, "ada", ACD_READY);
    offer = only_notice(s.one, 0, ACD_NOTICE_OFFERED, first);
    CHECK(has_nothing(s.two, 0));
    centre_state(s.desk, "bob", ACD_READY);
    other = only_notice(s.two, 0, ACD_NOTICE_OFFERED, second);
    CHECK(has_nothing(s.one, 1));
    CHECK(DO(s.one, &o, accept, .assignment = offer.assignment) == ACD_OK);
    CHECK(DO(s.two, &o, accept, .assignment = other.assignment) == ACD_OK);
    CHECK(DO(s.one, &o, hangup, .key = acd_str("1"), .side = ACD_SIDE_AGENT) == ACD_OK);
    CHECK(o.call.slot == first.slot);
    CHECK(state_of(s.desk, "sip-1", "1") == 0);
    CHECK(state_of(s.desk, "sip-2", "1") == ACD_CONNECTED);
    CHECK(DO(s.one, &o, route, .key = acd_str("1"), .queue_name = acd_str("sales")) == ACD_GONE);
    CHECK(DO(s.two, &o, route, .key = acd_str("1"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_CONNECTED && o.call.slot == second.slot);
    CHECK(has_nothing(s.one, 1) && has_nothing(s.two, 1));
    CHECK(DO(s.two, &o, hangup, .key = acd_str("1")) == ACD_OK);
    site_close(&s);
}

/* Pain 14: one queue for several switches: callers of both stand in one line, and the agents who
 * become free take them in its order, whichever switch they came by. */
void test_pain_14_one_queue_of_two_gateways(void)
{
    struct site s = site_open("");
    acd_call_id first = queue_call(s.one, "first"), second = queue_call(s.two, "second");
    acd_call_id third = queue_call(s.one, "third");
    struct acd_view_outcome o;

    CHECK(ASK(s.desk, list_calls, .queue_name = acd_str("sales"), .state = ACD_QUEUED) == ACD_OK);
    CHECK(s.desk->count == 3 && s.desk->views[1].as.call.call.slot == second.slot &&
          s.desk->views[2].as.call.position == 3);
    centre_state(s.desk, "ada", ACD_READY);
    only_notice(s.one, 0, ACD_NOTICE_OFFERED, first);
    CHECK(has_nothing(s.two, 0));
    centre_state(s.desk, "bob", ACD_READY);
    only_notice(s.two, 0, ACD_NOTICE_OFFERED, second);
    CHECK(DO(s.two, &o, hangup, .key = acd_str("second")) == ACD_OK);
    only_notice(s.one, 1, ACD_NOTICE_OFFERED, third); /* bob again, freed by the other switch */
    site_close(&s);
}

/* What one does to its calls and agents, and what the operator changes, the other one only sees as
 * far as its own calls are concerned. */
void test_one_gateways_trouble_is_its_own(void)
{
    struct site s = site_open("");
    acd_call_id mine = queue_call(s.one, "mine"), theirs = queue_call(s.two, "theirs");
    struct acd_view_outcome o;
    struct acd_view_notice offer;

    centre_state(s.desk, "ada", ACD_READY);
    offer = only_notice(s.one, 0, ACD_NOTICE_OFFERED, mine);
    for (int i = 0; i < 3; i++) { /* ada declines; she is the only one, so it rings again */
        CHECK(DO(s.one, &o, reject, .assignment = offer.assignment) == ACD_OK);
        offer = only_notice(s.one, (uint64_t)i + 1, ACD_NOTICE_OFFERED, mine);
    }
    CHECK(has_nothing(s.two, 0));
    CHECK(DO(s.desk, &o, queue_set, .name = acd_str("sales"), .weight = 7) == ACD_OK);
    CHECK(DO(s.desk, &o, agent_set, .name = acd_str("bob"), .contact = acd_str("sip:b")) == ACD_OK);
    CHECK(has_nothing(s.one, 4) && has_nothing(s.two, 0));
    CHECK(DO(s.one, &o, hangup, .key = acd_str("mine"), .side = ACD_SIDE_AGENT) == ACD_OK);
    only_notice(s.two, 0, ACD_NOTICE_OFFERED, theirs); /* ada is free for it now */
    CHECK(has_nothing(s.one, 4));
    CHECK(DO(s.desk, &o, agent_state, .name = acd_str("ada"), .state = ACD_NOT_READY) == ACD_OK);
    only_notice(s.two, 1, ACD_NOTICE_OFFER_ENDED, theirs);
    CHECK(has_nothing(s.one, 4));
    site_close(&s);
}

/* ---- dying and coming back ---------------------------------------------------------------- */

/* A command whose reply was lost is sent again after the reconnect: once under its number. */
void test_a_lost_reply_is_asked_for_again(void)
{
    struct site s = site_open("");
    struct acd_view_outcome first, again;
    struct acd_command route = COMMAND(route, .key = acd_str("a"), .queue_name = acd_str("sales"));
    uint64_t number = ++s.one->number;

    asker_send_command(s.one, number, &route);
    CHECK_SOON(state_of(s.desk, "sip-1", "a") == ACD_QUEUED);
    asker_reconnect(s.one);
    CHECK(asker_command(s.one, number, &route, &first) == ACD_OK);
    CHECK(first.repeated && first.verdict == ACD_VERDICT_QUEUED && first.position == 1);
    CHECK(asker_command(s.one, number, &route, &again) == ACD_OK);
    CHECK(memcmp(&again.call, &first.call, sizeof again.call) == 0 && again.repeated);
    CHECK(ASK(s.one, list_calls, .gateway_name = acd_str("sip-1")) == ACD_OK && s.one->count == 1);
    CHECK(state_of(s.desk, "sip-2", "a") == 0);
    site_close(&s);
}

/* It dies with notices not acknowledged; it opens again, reconciles, and is told them again. */
void test_a_gateway_dies_and_comes_back(void)
{
    struct site s = site_open("");
    acd_call_id call = queue_call(s.one, "a"), kept = queue_call(s.two, "a");
    uint64_t number = s.one->number;

    centre_state(s.desk, "ada", ACD_READY);
    only_notice(s.one, 0, ACD_NOTICE_OFFERED, call);
    asker_close(s.one);
    centre_state(s.desk, "ada", ACD_NOT_READY);
    CHECK(state_of(s.desk, "sip-2", "a") == ACD_QUEUED && has_nothing(s.two, 0));
    s.one = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    CHECK(s.one->number == number); /* its last_request */
    CHECK(ASK(s.one, list_calls, .gateway_name = acd_str("sip-1")) == ACD_OK);
    CHECK(s.one->count == 1 && s.one->views[0].as.call.state == ACD_QUEUED);
    for (int times = 0; times < 2; times++) {
        CHECK(asker_next(s.one, 0, 0) == ACD_OK && s.one->count == 2);
        CHECK(s.one->views[0].as.notice.kind == ACD_NOTICE_OFFERED);
        CHECK(s.one->views[1].as.notice.kind == ACD_NOTICE_OFFER_ENDED);
        CHECK(s.one->views[1].as.notice.number == 2);
    }
    CHECK(has_nothing(s.one, 2));
    CHECK(has_nothing(s.one, 0)); /* they are acknowledged, and so gone */
    CHECK(kept.gen != 0 && state_of(s.desk, "sip-2", "a") == ACD_QUEUED);
    site_close(&s);
}

/* ---- a full outbox ------------------------------------------------------------------------ */

static bool is_lost(struct asker *a, const char *gateway)
{
    CHECK(ASK(a, list_clients, .name = acd_str(gateway)) == ACD_OK && a->count == 1);
    return a->views[0].as.client.lost;
}

void test_a_full_outbox_is_lost_and_reconciled(void)
{
    struct site s = site_open("--limit outbox_bytes=2048");
    acd_call_id call = queue_call(s.one, "a");
    struct acd_view_outcome o;
    uint64_t told;

    queue_call(s.two, "b");
    for (int i = 0; i < 100 && !is_lost(s.desk, "sip-1"); i++)
        centre_state(s.desk, "ada", i % 2 == 0 ? ACD_READY : ACD_NOT_READY);
    CHECK(asker_next(s.one, 0, 0) == ACD_LOST);
    CHECK(asker_next(s.one, 0, ACD_SECOND) == ACD_LOST); /* at once: there is nothing to wait for */
    CHECK(DO(s.one, &o, hangup, .key = acd_str("a")) == ACD_LOST);
    CHECK(!is_lost(s.desk, "sip-2"));
    CHECK(DO(s.one, &o, client_open, .name = acd_str("sip-1")) == ACD_OK);
    CHECK(o.client.slot == s.one->client.slot);
    CHECK(!is_lost(s.desk, "sip-1"));
    told = s.desk->views[0].as.client.told;
    CHECK(told > 0 && s.desk->views[0].as.client.acked == told);
    CHECK(ASK(s.one, list_calls, .gateway_name = acd_str("sip-1")) == ACD_OK);
    CHECK(s.one->count == 1 && s.one->views[0].as.call.call.slot == call.slot);
    CHECK(s.one->views[0].as.call.state == ACD_STRANDED);
    CHECK(DO(s.one, &o, reconcile, .step = ACD_RECONCILE_BEGIN) == ACD_OK);
    CHECK(DO(s.one, &o, reconcile_call, .key = acd_str("a")) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_QUEUED && o.call.slot == call.slot);
    CHECK(DO(s.one, &o, reconcile_call, .key = acd_str("b")) == ACD_NOT_FOUND);
    CHECK(DO(s.one, &o, reconcile, .step = ACD_RECONCILE_END) == ACD_OK);
    CHECK_SOON(state_of(s.desk, "sip-1", "a") != ACD_STRANDED);
    centre_state(s.desk, "ada", ACD_LOGGED_OUT);
    CHECK(asker_next(s.one, told, 0) == ACD_OK);
    told += s.one->count;
    centre_state(s.desk, "bob", ACD_READY);
    only_notice(s.one, told, ACD_NOTICE_OFFERED, call); /* numbers went on without a gap */
    site_close(&s);
}

/* So many calls end at once that one turn overflows an empty outbox: the next that waits hears it.
 */
void test_a_waiting_next_hears_that_the_outbox_is_lost(void)
{
    struct site s = site_open("--limit outbox_bytes=1024");
    struct acd_view_outcome o;
    uint64_t number = 0;
    uint32_t tag = 0;

    for (char key[] = "a"; key[0] <= 'j'; key[0]++)
        queue_call(s.one, key);
    asker_send_query(s.one, 77, &QUERY(next, .wait = 20 * ACD_SECOND));
    CHECK_SOON(asker_server(s.desk).waiting_next == 1);
    CHECK(DO(s.desk, &o, queue_remove, .name = acd_str("sales"), .policy = ACD_REMOVE_WITHDRAW) ==
          ACD_OK);
    CHECK(asker_receive(s.one, &tag, &number) == ACD_LOST && number == 77);
    CHECK(asker_server(s.desk).waiting_next == 0);
    CHECK(is_lost(s.desk, "sip-1") && !is_lost(s.desk, "sip-2"));
    CHECK_SOON(ASK(s.desk, list_calls, .gateway_name = acd_str("sip-1")) == ACD_OK &&
               s.desk->count == 0);
    site_close(&s);
}
