#include <signal.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/documents.h"
#include "tests/e2e/daemon/process.h"

/* Configuration documents, asked for by hand. */

void document_put(struct asker *a, uint64_t upload, const char *text)
{
    CHECK(ASK(a, config_put, .upload = upload, .text = acd_str(text)) == ACD_OK);
    CHECK_SOON(ASK(a, config_plan, .upload = upload) == ACD_OK); /* another thread reads it */
}

static struct acd_view_config_applied applied(const struct asker *a)
{
    CHECK(a->count == 1 && a->views[0].code == ACD_VIEW_config_applied);
    return a->views[0].as.config_applied;
}

/* The answer is lost and asked for again, upon the same version: it is the same, whatever else was
 * committed since; nothing is done twice. Who says no version applies anew. */
void test_a_repeated_apply_is_answered_again(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_open(ACDD_URL);
    struct acd_view_config_applied first;

    document_put(a, 1, "queues: {a: , b: }");
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true) == ACD_OK);
    first = applied(a);
    CHECK(first.version == 1 && first.changes == 2);
    asker_reconnect(a);
    for (int i = 0; i < 2; i++) {
        CHECK(ASK(a, config_apply, .upload = 1, .at_version = true) == ACD_OK);
        CHECK(applied(a).version == 1 && applied(a).changes == 2);
        document_put(a, 2, "queues: {a: , b: , c: }");
        CHECK(ASK(a, config_apply, .upload = 2) == ACD_OK && applied(a).version == 2);
    }
    CHECK(ASK(a, list_queues, .limit = 0) == ACD_OK && a->count == 3);
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true, .version = 1) == ACD_STATE);
    CHECK(ASK(a, config_apply, .upload = 2, .at_version = true) == ACD_STATE);
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK(applied(a).version == 3 && applied(a).changes == 1);
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true) == ACD_STATE); /* that was 1 once */
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true, .version = 2) == ACD_OK);
    CHECK(applied(a).version == 3 && applied(a).changes == 1);
    document_put(a, 1, "queues: {a: }");
    CHECK(ASK(a, config_apply, .upload = 1, .at_version = true, .version = 2) == ACD_STATE);
    CHECK(ASK(a, config_apply, .upload = 9) == ACD_NOT_FOUND);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

static size_t count_of(struct asker *a, const struct acd_query *query)
{
    CHECK(asker_query(a, query) == ACD_OK);
    return a->count;
}

/* Who is on a call outside, and a queue with a callback to come, would be refused: they are retired
 * in the same commit in which all else goes. */
void test_a_document_retires_what_cannot_go(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    struct acd_view_outcome o;

    document_put(a, 1, "queues: {a: , b: }\nagents: {ann: {queues: {a: }}, bob: , cy: }");
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK && applied(a).changes == 6);
    CHECK(DO(a, &o, outside_begin, .name = acd_str("bob"), .key = acd_str("private")) == ACD_OK);
    CHECK(DO(a, &o, call_callback, .key = acd_str("c"), .number = acd_str("123"),
             .queue_name = acd_str("b"), .due = asker_server(a).now + 3600 * ACD_SECOND) == ACD_OK);
    document_put(a, 2, "");
    CHECK(ASK(a, config_apply, .upload = 2) == ACD_OK);
    CHECK(applied(a).version == 2 && applied(a).changes == 5 && applied(a).retired == 2);
    CHECK(count_of(a, &QUERY(list_agents, .limit = 0)) == 1);
    CHECK(a->views[0].as.agent.active == ACD_NO && a->views[0].as.agent.outside == 1);
    CHECK(count_of(a, &QUERY(list_queues, .limit = 0)) == 1);
    CHECK(a->views[0].as.queue.state == ACD_RETIRED && a->views[0].as.queue.scheduled == 1);
    CHECK(DO(a, &o, outside_end, .name = acd_str("bob"), .key = acd_str("private")) == ACD_OK);
    CHECK(DO(a, &o, hangup, .key = acd_str("c"), .side = ACD_SIDE_SYSTEM) == ACD_OK);
    CHECK(ASK(a, config_apply, .upload = 2) == ACD_OK && applied(a).changes == 2);
    CHECK(count_of(a, &QUERY(list_agents, .limit = 0)) == 0);
    CHECK(count_of(a, &QUERY(list_queues, .limit = 0)) == 0);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* What the engine refuses, here room that only the document's own removals would make, changes
 * nothing at all: what was done before it is taken back. */
void test_a_refused_document_changes_nothing(void)
{
    pid_t acdd = process_start("--limit assignments=3");
    struct asker *a = asker_open(ACDD_URL);

    document_put(a, 1, "queues: {a: {weight: 2}}\nagents: {ann: {max_concurrent_calls: 2}}");
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    document_put(a, 2, "queues: {a: {weight: 3}, b: }\nagents: {bob: {max_concurrent_calls: 2}}");
    CHECK(ASK(a, config_apply, .upload = 2) == ACD_FULL);
    CHECK(count_of(a, &QUERY(list_queues, .limit = 0)) == 1);
    CHECK(a->views[0].as.queue.weight == 2);
    CHECK(count_of(a, &QUERY(list_agents, .limit = 0)) == 1);
    CHECK(ASK(a, config_plan, .upload = 1) == ACD_OK && a->count == 0);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* A queue's channel is fixed when it is made: the document makes it of the one it says, which is no
 * change later; another one is refused, and what is no channel told with its line. */
void test_a_document_makes_queues_of_any_channel(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_open(ACDD_URL);
    const char *text = "queues: {a: {on_full: queue:b}, b: {channel: chat, weight: 2}}";

    document_put(a, 1, text);
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK && applied(a).version == 1);
    CHECK(count_of(a, &QUERY(list_queues, .limit = 0)) == 2);
    CHECK(a->views[0].as.queue.channel == ACD_CHANNEL_VOICE);
    CHECK(a->views[1].as.queue.channel == ACD_CHANNEL_CHAT && a->views[1].as.queue.weight == 2);
    document_put(a, 1, text);
    CHECK(ASK(a, config_plan, .upload = 1) == ACD_OK && a->count == 0);
    document_put(a, 1, "queues: {a: {weight: 3}, b: {channel: video}}");
    CHECK(ASK(a, config_plan, .upload = 1) == ACD_OK && a->count == 1);
    CHECK(a->views[0].code == ACD_VIEW_config_fault && a->views[0].as.config_fault.line == 0);
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_INVALID);
    CHECK(count_of(a, &QUERY(list_queues, .limit = 0)) == 2);
    CHECK(a->views[0].as.queue.weight == 1);
    document_put(a, 1, "queues:\n  a:\n    channel: smoke\n  b:\n    channel: [chat]\n");
    CHECK(ASK(a, config_plan, .upload = 1) == ACD_OK && a->count == 2);
    CHECK(a->views[0].as.config_fault.line == 3 && a->views[1].as.config_fault.line == 5);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}
