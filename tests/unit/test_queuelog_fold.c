/* Each event, and the line that Asterisk's app_queue writes for it. */

#include "tools/queuelog/queuelog.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEC ACD_SECOND

static struct queuelog q;
static uint64_t sequence;

static const acd_queue_id sales = {0, 10}, help = {1, 11};
static const acd_agent_id ann = {0, 20}, bob = {1, 21};

static void fold(acd_time at, const struct acd_event *event)
{
    fold_event(&q, at, ++sequence, event);
}

#define EVENT(at, name, ...)                                                                       \
    fold(at, &(struct acd_event){.code = ACD_EVENT_##name, .as.name = {__VA_ARGS__}})

/* What was written since the last time. */
static const char *lines(void)
{
    static char text[4096];

    cr_assert(q.sink.out_len < sizeof text);
    memcpy(text, q.sink.out, q.sink.out_len);
    text[q.sink.out_len] = '\0';
    q.sink.out_len = 0;
    return text;
}

/* sales and help, lifo; ann in both and ready, bob in sales and logged out. */
static void setup(void)
{
    q.sink.fd = -1;
    q.sink.out = malloc(1);
    EVENT(0, queue_set, .queue = sales, .name = acd_str("sales"), .call_order = ACD_FIFO);
    EVENT(0, queue_set, .queue = help, .name = acd_str("help"), .call_order = ACD_LIFO);
    EVENT(0, agent_set, .agent = ann, .name = acd_str("ann"));
    EVENT(0, agent_set, .agent = bob, .name = acd_str("bob"));
    EVENT(0, member_set, .agent = ann, .queue = sales);
    EVENT(0, member_set, .agent = ann, .queue = help, .level = 1);
    EVENT(0, member_set, .agent = bob, .queue = sales);
    EVENT(0, agent_state, .agent = ann, .state = ACD_READY);
    (void)lines();
}

static void teardown(void)
{
    centre_clear(&q.centre);
    free(q.sink.out);
    memset(&q, 0, sizeof q);
}

TestSuite(queuelog_fold, .init = setup, .fini = teardown);

static acd_call_id call_of(uint32_t n)
{
    return (acd_call_id){n, 100 + n};
}

static acd_assignment_id offer_of(uint32_t n)
{
    return (acd_assignment_id){n, 200 + n};
}

static void enters(acd_time at, uint32_t n, acd_queue_id queue, acd_span head_start)
{
    char key[8];

    snprintf(key, sizeof key, "k%u", n);
    EVENT(at, call_queued, .call = call_of(n), .queue = queue, .key = acd_str(key),
          .caller = acd_str("555"), .head_start = head_start);
}

static void rings(acd_time at, uint32_t n, acd_agent_id agent)
{
    EVENT(at, call_offered, .call = call_of(n), .assignment = offer_of(n), .agent = agent);
}

static void answers(acd_time at, uint32_t n, acd_agent_id agent)
{
    EVENT(at, call_connected, .call = call_of(n), .assignment = offer_of(n), .agent = agent);
}

static void rings_no_more(acd_time at, uint32_t n, acd_agent_id agent, uint8_t result)
{
    EVENT(at, offer_ended, .call = call_of(n), .assignment = offer_of(n), .agent = agent,
          .result = result);
}

/* ---- a call -------------------------------------------------------------------------------- */

Test(queuelog_fold, a_call_that_is_answered)
{
    EVENT(100 * SEC, call_queued, .call = call_of(1), .queue = sales, .key = acd_str("k1"),
          .called = acd_str("800"), .caller = acd_str("555"));
    cr_expect_str_eq(lines(), "100|k1|sales|NONE|DID|800\n100|k1|sales|NONE|ENTERQUEUE||555|1\n");
    rings(103 * SEC, 1, ann);
    cr_expect_str_eq(lines(), "");
    answers(107 * SEC + 900 * ACD_MS, 1, ann);
    cr_expect_str_eq(lines(), "107|k1|sales|ann|CONNECT|7|1.201|4\n");
    EVENT(167 * SEC, call_ended, .call = call_of(1), .disposition = ACD_ANSWERED,
          .side = ACD_SIDE_CALLER);
    cr_expect_str_eq(lines(), "167|k1|sales|ann|COMPLETECALLER|7|60|1\n");
}

Test(queuelog_fold, whoever_else_ends_it_is_the_agent)
{
    for (uint32_t n = 1; n <= 2; n++) {
        enters(100 * SEC, n, sales, 0);
        answers(100 * SEC, n, ann);
        (void)lines();
        EVENT(101 * SEC, call_ended, .call = call_of(n), .disposition = ACD_ANSWERED,
              .side = n == 1 ? ACD_SIDE_AGENT : ACD_SIDE_SYSTEM);
        cr_expect_str_eq(lines(), n == 1 ? "101|k1|sales|ann|COMPLETEAGENT|0|1|1\n"
                                         : "101|k2|sales|ann|COMPLETEAGENT|0|1|1\n");
    }
}

/* As Asterisk counts: the difference of whole seconds. */
Test(queuelog_fold, seconds_are_those_between_lines)
{
    enters(100 * SEC + 900 * ACD_MS, 1, sales, 0);
    (void)lines();
    answers(101 * SEC, 1, ann);
    cr_expect_str_eq(lines(), "101|k1|sales|ann|CONNECT|1|1.201|0\n");
}

Test(queuelog_fold, who_gives_up_tells_where_it_stood)
{
    enters(100 * SEC, 1, sales, 0);
    enters(101 * SEC, 2, sales, 0);
    enters(102 * SEC, 3, sales, 10 * SEC); /* stands before both */
    cr_expect_str_eq(lines(), "100|k1|sales|NONE|ENTERQUEUE||555|1\n"
                              "101|k2|sales|NONE|ENTERQUEUE||555|2\n"
                              "102|k3|sales|NONE|ENTERQUEUE||555|1\n");
    EVENT(110 * SEC, call_ended, .call = call_of(2), .disposition = ACD_ABANDONED);
    cr_expect_str_eq(lines(), "110|k2|sales|NONE|ABANDON|3|2|9\n");
    EVENT(120 * SEC, call_ended, .call = call_of(3), .disposition = ACD_TIMED_OUT);
    cr_expect_str_eq(lines(), "120|k3|sales|NONE|EXITWITHTIMEOUT|1|1|18\n");
    EVENT(130 * SEC, call_ended, .call = call_of(1), .disposition = ACD_LEFT_EMPTY);
    cr_expect_str_eq(lines(), "130|k1|sales|NONE|EXITEMPTY|1|1|30\n");
}

Test(queuelog_fold, lifo_stands_before_fifo_and_a_head_start_may_change)
{
    enters(100 * SEC, 1, help, 0);
    enters(101 * SEC, 2, help, 0);
    EVENT(101 * SEC, queue_set, .queue = help, .name = acd_str("help"), .call_order = ACD_FIFO);
    enters(102 * SEC, 3, help, 0);
    cr_expect_str_eq(lines(), "100|k1|help|NONE|ENTERQUEUE||555|1\n"
                              "101|k2|help|NONE|ENTERQUEUE||555|1\n"
                              "102|k3|help|NONE|ENTERQUEUE||555|3\n");
    EVENT(103 * SEC, call_priority, .call = call_of(1), .head_start = 5 * SEC);
    EVENT(104 * SEC, call_ended, .call = call_of(1), .disposition = ACD_ABANDONED);
    cr_expect_str_eq(lines(), "104|k1|help|NONE|ABANDON|1|1|4\n");
}

Test(queuelog_fold, who_leaves_by_a_key)
{
    enters(100 * SEC, 1, sales, 0);
    (void)lines();
    EVENT(104 * SEC, call_exited, .call = call_of(1), .queue = sales, .digit = acd_str("*"));
    EVENT(104 * SEC, call_ended, .call = call_of(1), .disposition = ACD_EXITED);
    cr_expect_str_eq(lines(), "104|k1|sales|NONE|EXITWITHKEY|*|1|1|4\n");
    EVENT(104 * SEC, call_ended, .call = call_of(1), .disposition = ACD_EXITED);
    cr_expect_str_eq(lines(), "", "it is over");
}

Test(queuelog_fold, who_is_taken_out)
{
    enters(100 * SEC, 1, sales, 0);
    (void)lines();
    EVENT(104 * SEC, call_ended, .call = call_of(1), .disposition = ACD_WITHDRAWN);
    cr_expect_str_eq(lines(), "104|k1|sales|NONE|WITHDRAW|1|1|4|\n");
}

Test(queuelog_fold, a_place_that_is_resumed)
{
    enters(150 * SEC, 1, sales, 0);
    EVENT(160 * SEC, call_queued, .call = call_of(2), .queue = sales, .key = acd_str("k2"),
          .resumed = 100 * SEC);
    cr_expect_str_eq(lines(),
                     "150|k1|sales|NONE|ENTERQUEUE||555|1\n160|k2|sales|NONE|ENTERQUEUE|||1\n");
    EVENT(161 * SEC, call_ended, .call = call_of(2), .disposition = ACD_ABANDONED);
    cr_expect_str_eq(lines(), "161|k2|sales|NONE|ABANDON|1|1|1\n",
                     "it waited from its own coming on");
}

Test(queuelog_fold, who_goes_on_to_another_queue)
{
    static const struct {
        uint8_t cause;
        const char *line;
    } ways[] = {{ACD_CAUSE_MAX_WAIT, "104|k1|sales|NONE|EXITWITHTIMEOUT|1|1|4\n"},
                {ACD_CAUSE_NO_AGENT, "104|k1|sales|NONE|EXITWITHTIMEOUT|1|1|4\n"},
                {ACD_CAUSE_LEFT_EMPTY, "104|k1|sales|NONE|EXITEMPTY|1|1|4\n"},
                {ACD_CAUSE_EXIT_KEY, "104|k1|sales|NONE|EXITWITHKEY|7|1|1|4\n"},
                {0, "104|k1|sales|NONE|WITHDRAW|1|1|4|help\n"}};
    char expected[256];

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        enters(100 * SEC, 1, sales, 0);
        (void)lines();
        if (ways[i].cause == ACD_CAUSE_EXIT_KEY)
            EVENT(104 * SEC, call_exited, .call = call_of(1), .queue = sales,
                  .digit = acd_str("7"));
        EVENT(104 * SEC, call_moved, .call = call_of(1), .from = sales, .to = help,
              .cause = ways[i].cause);
        snprintf(expected, sizeof expected, "%s104|k1|help|NONE|ENTERQUEUE||555|1\n", ways[i].line);
        cr_expect_str_eq(lines(), expected);
        EVENT(109 * SEC, call_ended, .call = call_of(1), .disposition = ACD_ABANDONED);
        cr_expect_str_eq(lines(), "109|k1|help|NONE|ABANDON|1|1|5\n");
    }
}

/* ---- offers -------------------------------------------------------------------------------- */

Test(queuelog_fold, offers_that_fail)
{
    static const struct {
        uint8_t result;
        const char *line;
    } ends[] = {{ACD_OFFER_NO_ANSWER, "110|k1|sales|ann|RINGNOANSWER|9500\n"},
                {ACD_OFFER_REJECTED, "110|k1|sales|ann|RINGNOANSWER|9500\n"},
                {ACD_OFFER_BUSY, "110|k1|sales|ann|RINGNOANSWER|9500\n"},
                {ACD_OFFER_CALLER_GONE, "110|k1|sales|ann|RINGCANCELED|9500\n"},
                {ACD_OFFER_RESCINDED, "110|k1|sales|ann|RINGCANCELED|9500\n"},
                {ACD_OFFER_ANSWERED_ELSEWHERE, ""}};

    enters(100 * SEC, 1, sales, 0);
    (void)lines();
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        rings(100 * SEC + 500 * ACD_MS, 1, ann);
        rings_no_more(110 * SEC, 1, ann, ends[i].result);
        cr_expect_str_eq(lines(), ends[i].line);
        rings_no_more(110 * SEC, 1, ann, ends[i].result);
        cr_expect_str_eq(lines(), "", "an offer ends once");
    }
}

/* ---- transfers ----------------------------------------------------------------------------- */

static void talk(void)
{
    enters(100 * SEC, 1, sales, 0);
    rings(100 * SEC, 1, ann);
    answers(105 * SEC, 1, ann);
    (void)lines();
}

Test(queuelog_fold, a_call_is_passed_on)
{
    talk();
    EVENT(115 * SEC, call_transferred, .call = call_of(1), .from = sales, .to = help);
    cr_expect_str_eq(lines(), "115|k1|sales|ann|BLINDTRANSFER|help|queue|5|10|1\n"
                              "115|k1|help|NONE|ENTERQUEUE||555|1\n");
    rings(116 * SEC, 1, bob);
    answers(118 * SEC, 1, bob);
    cr_expect_str_eq(lines(), "118|k1|help|bob|CONNECT|3|1.201|2\n");
    EVENT(128 * SEC, call_transferred, .call = call_of(1), .from = help, .to = help, .target = ann);
    cr_expect_str_eq(lines(), "128|k1|help|bob|BLINDTRANSFER|ann|agent|3|10|1\n"
                              "128|k1|help|NONE|ENTERQUEUE||555|1\n");
    answers(130 * SEC, 1, ann);
    (void)lines();
    EVENT(140 * SEC, call_ended, .call = call_of(1), .disposition = ACD_ANSWERED,
          .side = ACD_SIDE_AGENT, .cause = ACD_CAUSE_TRANSFERRED, .overflow = ACD_OVERFLOW_NUMBER,
          .overflow_to = acd_str("0301234"));
    cr_expect_str_eq(lines(), "140|k1|help|ann|BLINDTRANSFER|0301234|number|2|10|1\n");
}

/* Whom an agent asks is no member that the queue rings: no line until it has the call. */
Test(queuelog_fold, a_call_is_handed_over)
{
    talk();
    EVENT(110 * SEC, call_held, .call = call_of(1), .held = ACD_YES);
    EVENT(110 * SEC, consult_begun, .call = call_of(1));
    EVENT(110 * SEC, consult_offered, .call = call_of(1), .assignment = offer_of(2), .agent = bob);
    EVENT(112 * SEC, consult_answered, .call = call_of(1), .assignment = offer_of(2), .agent = bob);
    cr_expect_str_eq(lines(), "");
    EVENT(115 * SEC, call_transferred, .call = call_of(1), .from = sales, .to = help, .target = bob,
          .next = offer_of(2));
    cr_expect_str_eq(lines(), "115|k1|sales|ann|ATTENDEDTRANSFER|BRIDGE|2.202|5|10|1\n"
                              "115|k1|help|NONE|ENTERQUEUE||555|1\n"
                              "115|k1|help|bob|CONNECT|0|2.202|0\n");
    EVENT(125 * SEC, call_ended, .call = call_of(1), .disposition = ACD_ANSWERED,
          .side = ACD_SIDE_CALLER);
    cr_expect_str_eq(lines(), "125|k1|help|bob|COMPLETECALLER|0|10|1\n");
}

/* ---- agents -------------------------------------------------------------------------------- */

static void is(acd_time at, acd_agent_id agent, uint8_t state, uint16_t reason)
{
    EVENT(at, agent_state, .agent = agent, .state = state, .reason = reason);
}

Test(queuelog_fold, an_agent_takes_a_break)
{
    is(100 * SEC, ann, ACD_NOT_READY, 3);
    cr_expect_str_eq(lines(), "100|NONE|NONE|ann|PAUSEALL|\n"
                              "100|NONE|sales|ann|PAUSE|3\n100|NONE|help|ann|PAUSE|3\n");
    is(101 * SEC, ann, ACD_NOT_READY, 3);
    cr_expect_str_eq(lines(), "", "it is so already");
    is(102 * SEC, ann, ACD_NOT_READY, 0);
    cr_expect_str_eq(lines(), "102|NONE|NONE|ann|PAUSEALL|\n"
                              "102|NONE|sales|ann|PAUSE|\n102|NONE|help|ann|PAUSE|\n");
    is(103 * SEC, ann, ACD_READY, 0);
    cr_expect_str_eq(lines(), "103|NONE|NONE|ann|UNPAUSEALL|\n"
                              "103|NONE|sales|ann|UNPAUSE|\n103|NONE|help|ann|UNPAUSE|\n");
}

Test(queuelog_fold, an_agent_comes_and_goes)
{
    is(100 * SEC, bob, ACD_NOT_READY, 2);
    cr_expect_str_eq(lines(),
                     "100|MANAGER|sales|bob|ADDMEMBER|PAUSED\n100|NONE|sales|bob|PAUSE|2\n");
    is(101 * SEC, bob, ACD_LOGGED_OUT, 0);
    cr_expect_str_eq(lines(), "101|MANAGER|sales|bob|REMOVEMEMBER|\n");
    is(102 * SEC, bob, ACD_READY, 0);
    cr_expect_str_eq(lines(), "102|MANAGER|sales|bob|ADDMEMBER|\n");
    EVENT(103 * SEC, agent_draining, .agent = bob, .state = ACD_LOGGED_OUT, .reason = 4);
    cr_expect_str_eq(lines(), "103|NONE|NONE|bob|PAUSEALL|\n103|NONE|sales|bob|PAUSE|4\n");
    is(104 * SEC, bob, ACD_LOGGED_OUT, 0);
    cr_expect_str_eq(lines(), "104|MANAGER|sales|bob|REMOVEMEMBER|\n");
}

Test(queuelog_fold, memberships)
{
    EVENT(100 * SEC, member_set, .agent = bob, .queue = help);
    cr_expect_str_eq(lines(), "", "bob is logged out");
    EVENT(101 * SEC, member_set, .agent = ann, .queue = sales, .level = 5);
    cr_expect_str_eq(lines(), "101|NONE|sales|ann|PENALTY|5\n");
    EVENT(101 * SEC, member_set, .agent = ann, .queue = sales, .level = 5, .position = 3);
    cr_expect_str_eq(lines(), "");
    EVENT(102 * SEC, member_removed, .agent = ann, .queue = sales);
    cr_expect_str_eq(lines(), "102|MANAGER|sales|ann|REMOVEMEMBER|\n");
    EVENT(103 * SEC, member_set, .agent = ann, .queue = sales);
    cr_expect_str_eq(lines(), "103|MANAGER|sales|ann|ADDMEMBER|\n");
    EVENT(104 * SEC, queue_removed, .queue = help);
    cr_expect_str_eq(lines(), "104|MANAGER|help|ann|REMOVEMEMBER|\n");
    EVENT(105 * SEC, agent_removed, .agent = ann);
    cr_expect_str_eq(lines(), "105|MANAGER|sales|ann|REMOVEMEMBER|\n");
    EVENT(106 * SEC, agent_removed, .agent = bob);
    cr_expect_str_eq(lines(), "");
}

/* ---- all ----------------------------------------------------------------------------------- */

Test(queuelog_fold, a_configuration_is_committed)
{
    EVENT(100 * SEC, config_committed, .version = 7);
    cr_expect_str_eq(lines(), "100|NONE|NONE|NONE|CONFIGRELOAD|\n");
}

Test(queuelog_fold, a_log_that_begins_says_who_is_there)
{
    is(90 * SEC, bob, ACD_NOT_READY, 0);
    (void)lines();
    q.opening = 100 * SEC;
    fold_opening(&q);
    cr_expect_str_eq(lines(),
                     "100|NONE|NONE|NONE|QUEUESTART|\n100|MANAGER|sales|ann|ADDMEMBER|\n"
                     "100|MANAGER|help|ann|ADDMEMBER|\n100|MANAGER|sales|bob|ADDMEMBER|PAUSED\n");
}

Test(queuelog_fold, no_name_breaks_a_line)
{
    EVENT(0, queue_set, .queue = sales, .name = acd_str("a|b"), .call_order = ACD_FIFO);
    EVENT(100 * SEC, call_queued, .call = call_of(1), .queue = sales, .key = acd_str("k|\n1"),
          .caller = acd_str("5\t5"));
    cr_expect_str_eq(lines(), "100|k__1|a_b|NONE|ENTERQUEUE||5_5|1\n");
}

Test(queuelog_fold, nothing_is_written_of_what_is_not_known)
{
    answers(100 * SEC, 9, ann);
    rings_no_more(100 * SEC, 9, ann, ACD_OFFER_NO_ANSWER);
    EVENT(100 * SEC, call_moved, .call = call_of(9), .from = sales, .to = help);
    EVENT(100 * SEC, call_transferred, .call = call_of(9), .from = sales, .to = help);
    EVENT(100 * SEC, call_ended, .call = call_of(9), .disposition = ACD_ABANDONED);
    is(100 * SEC, (acd_agent_id){7, 7}, ACD_READY, 0);
    EVENT(100 * SEC, member_set, .agent = {7, 7}, .queue = sales);
    cr_expect_str_eq(lines(), "");
}
