#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

/* Lists, page by page, and what is wrong with some. */

enum { AGENTS = 250, CALLS = 130 };

static struct asker *big_centre(void)
{
    struct asker *a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    struct acd_view_outcome o;
    char name[24];

    centre_queue(a, "sales");
    for (int i = 0; i < AGENTS; i++) {
        snprintf(name, sizeof name, "agent-%d", i);
        centre_agent(a, name, "sales");
    }
    for (int i = 0; i < CALLS; i++) {
        snprintf(name, sizeof name, "call-%d", i);
        CHECK(DO(a, &o, route, .key = acd_str(name), .queue_name = acd_str("sales")) == ACD_OK);
    }
    return a;
}

/* The cursor and the limit of any list. */
static void set_page(struct acd_query *query, uint64_t cursor, uint32_t limit)
{
    const struct acd_record *record = acd_message_record(query->code);

    memcpy((char *)&query->as + acd_field_named(record, "cursor")->offset, &cursor, sizeof cursor);
    memcpy((char *)&query->as + acd_field_named(record, "limit")->offset, &limit, sizeof limit);
}

/* Walks a list in pages of `limit`; how many views it had. */
static size_t walk(struct asker *a, struct acd_query query, uint32_t limit)
{
    size_t views = 0;
    uint64_t cursor = 0;

    do {
        set_page(&query, cursor, limit);
        CHECK(asker_query(a, &query) == ACD_OK);
        CHECK(a->count <= limit && a->page.count == a->count);
        views += a->count;
        cursor = a->page.cursor;
    } while (cursor != 0 && views < 1000);
    return views;
}

void test_lists_come_in_pages(void)
{
    static const uint32_t limits[] = {1, 7, 100, 125, 249, 250, 251};
    pid_t acdd = process_start("");
    struct asker *a = big_centre();
    struct acd_str sales = acd_str("sales");

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        CHECK(walk(a, QUERY(list_agents, .cursor = 0), limits[i]) == AGENTS);
        CHECK(walk(a, QUERY(list_agents, .queue_name = sales), limits[i]) == AGENTS);
        CHECK(walk(a, QUERY(list_members, .queue_name = sales), limits[i]) == AGENTS);
        CHECK(walk(a, QUERY(list_calls, .cursor = 0), limits[i]) == CALLS);
        CHECK(walk(a, QUERY(list_calls, .queue_name = sales, .state = ACD_QUEUED), limits[i]) ==
              CALLS);
        CHECK(walk(a, QUERY(list_queues, .cursor = 0), limits[i]) == 1);
        CHECK(walk(a, QUERY(list_clients, .cursor = 0), limits[i]) == 1);
        CHECK(walk(a, QUERY(list_numbers, .cursor = 0), limits[i]) == 0);
    }
    CHECK(ASK(a, list_agents, .limit = 0) == ACD_OK && a->count == 100);
    CHECK(ASK(a, list_agents, .limit = 4000000000) == ACD_OK && a->count == AGENTS);
    CHECK(ASK(a, list_calls, .queue_name = sales, .state = ACD_QUEUED) == ACD_OK);
    CHECK(a->views[99].as.call.position == 100);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* One agent has 30 calls, 20 have one each. */
void test_what_agents_have_comes_in_pages(void)
{
    static const uint32_t limits[] = {1, 7, 29, 30, 49, 50, 51, 100};
    pid_t acdd = process_start("");
    struct asker *a = big_centre();
    struct acd_str busy = acd_str("agent-0");
    struct acd_view_outcome o;
    char name[24];

    CHECK(DO(a, &o, agent_set, .name = busy, .max_concurrent_calls = 30) == ACD_OK);
    for (int i = 0; i <= 20; i++) {
        snprintf(name, sizeof name, "agent-%d", i);
        centre_state(a, name, ACD_READY);
    }
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        CHECK(walk(a, QUERY(list_assignments, .cursor = 0), limits[i]) == 50);
        CHECK(walk(a, QUERY(list_assignments, .role = ACD_ROLE_WRAP_UP), limits[i]) == 0);
        CHECK(walk(a, QUERY(list_assignments, .agent_name = busy), limits[i]) == 30);
        CHECK(walk(a, QUERY(list_calls, .agent_name = busy), limits[i]) == 30);
    }
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* How many calls are listed as this agent's, by its name and by call's key too. */
static void check_calls_at(struct asker *a, const char *agent, size_t count)
{
    CHECK(ASK(a, list_calls, .agent_name = acd_str(agent)) == ACD_OK && a->count == count);
    CHECK(ASK(a, list_calls, .agent_name = acd_str(agent), .key = acd_str("c")) == ACD_OK &&
          a->count == count);
    CHECK(ASK(a, list_calls, .agent_name = acd_str(agent), .key = acd_str("c"),
              .gateway_name = acd_str("sip-1"), .state = ACD_QUEUED) == ACD_OK &&
          a->count == 0);
}

/* A call that rings at several, or is talked of with another, is listed for each of them. */
void test_a_call_is_listed_for_all_who_have_it(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    static const char *const agents[] = {"ada", "bob", "cy"};
    struct acd_view_outcome o;
    acd_assignment_id first;

    CHECK(DO(a, &o, queue_set, .name = acd_str("all"), .strategy = ACD_RING_ALL) == ACD_OK);
    for (int i = 0; i < 3; i++)
        centre_agent(a, agents[i], "all");
    centre_state(a, "ada", ACD_READY);
    centre_state(a, "bob", ACD_READY);
    CHECK(DO(a, &o, route, .key = acd_str("c"), .queue_name = acd_str("all")) == ACD_OK);
    check_calls_at(a, "ada", 1);
    check_calls_at(a, "bob", 1);
    check_calls_at(a, "cy", 0);
    CHECK(ASK(a, list_assignments, .agent_name = acd_str("ada")) == ACD_OK && a->count == 1);
    first = a->views[0].as.assignment.assignment;
    CHECK(DO(a, &o, accept, .assignment = first) == ACD_OK);
    check_calls_at(a, "ada", 1);
    check_calls_at(a, "bob", 0);
    CHECK(DO(a, &o, consult, .assignment = first, .agent_name = acd_str("bob")) == ACD_OK);
    check_calls_at(a, "ada", 1);
    check_calls_at(a, "bob", 1);
    check_calls_at(a, "cy", 0);
    CHECK(DO(a, &o, hangup, .key = acd_str("c")) == ACD_OK);
    check_calls_at(a, "bob", 0);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* A cursor that no page told ends the walk, and nothing else. */
void test_cursors_that_cannot_be_end_the_walk(void)
{
    static const uint64_t cursors[] = {
        251,       4096,           80000,      80001,
        1u << 28,  UINT32_MAX - 1, UINT32_MAX, UINT32_MAX + UINT64_C(1),
        UINT64_MAX};
    pid_t acdd = process_start("");
    struct asker *a = big_centre();
    struct acd_query queries[] = {
        QUERY(list_agents, .cursor = 0),
        QUERY(list_agents, .queue_name = acd_str("sales")),
        QUERY(list_queues, .cursor = 0),
        QUERY(list_calls, .cursor = 0),
        QUERY(list_calls, .queue_name = acd_str("sales"), .state = ACD_QUEUED),
        QUERY(list_members, .queue_name = acd_str("sales")),
        QUERY(list_members, .agent_name = acd_str("agent-1")),
        QUERY(list_assignments, .cursor = 0),
        QUERY(list_assignments, .agent_name = acd_str("agent-1")),
        QUERY(list_calls, .agent_name = acd_str("agent-1")),
        QUERY(list_numbers, .cursor = 0),
        QUERY(list_teams, .cursor = 0),
        QUERY(list_queue_intervals, .cursor = 0),
        QUERY(list_agent_intervals, .cursor = 0),
        QUERY(list_skills, .cursor = 0),
        QUERY(list_skills, .agent_name = acd_str("agent-1")),
        QUERY(list_clients, .cursor = 0),
    };

    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++)
        for (size_t c = 0; c < sizeof cursors / sizeof *cursors; c++) {
            set_page(&queries[q], cursors[c], 10);
            CHECK(asker_query(a, &queries[q]) == ACD_OK);
            CHECK(a->count == 0 && a->page.cursor == 0);
        }
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* The one membership that a walk stands at goes meanwhile, and its place is taken by another. */
void test_a_walk_survives_what_goes_meanwhile(void)
{
    pid_t acdd = process_start("");
    struct asker *a = big_centre();
    struct acd_view_outcome o;
    struct acd_str sales = acd_str("sales"), agent;
    uint64_t cursor;

    CHECK(ASK(a, list_members, .queue_name = sales, .limit = 10) == ACD_OK && a->count == 10);
    cursor = a->page.cursor;
    agent = a->views[9].as.member.agent_name;
    CHECK(DO(a, &o, member_remove, .agent_name = agent, .queue_name = sales) == ACD_OK);
    CHECK(ASK(a, list_members, .queue_name = sales, .cursor = cursor) == ACD_OK);
    centre_queue(a, "other");
    CHECK(DO(a, &o, member_set, .agent_name = acd_str("agent-20"),
             .queue_name = acd_str("other")) == ACD_OK);
    CHECK(ASK(a, list_members, .queue_name = sales, .cursor = cursor, .limit = 500) == ACD_OK);
    for (size_t i = 0; i < a->count; i++)
        CHECK(a->views[i].as.member.queue_name.len == 5 &&
              memcmp(a->views[i].as.member.queue_name.data, "sales", 5) == 0);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

void test_filters_by_what_is_not_there(void)
{
    pid_t acdd = process_start("");
    struct asker *a = big_centre();
    struct acd_str none = acd_str("none");

#define FILTER(error, at, verb, ...)                                                               \
    CHECK(ASK(a, verb, __VA_ARGS__) == (error) && a->views[0].as.outcome.field == (at))
    FILTER(ACD_NOT_FOUND, 1, list_agents, .name = none);
    FILTER(ACD_NOT_FOUND, 2, list_agents, .queue_name = none);
    FILTER(ACD_NOT_FOUND, 1, list_queues, .name = none);
    FILTER(ACD_NOT_FOUND, 1, list_calls, .queue_name = none);
    FILTER(ACD_NOT_FOUND, 2, list_calls, .agent_name = none);
    FILTER(ACD_NOT_FOUND, 3, list_calls, .gateway_name = none);
    FILTER(ACD_NOT_FOUND, 1, list_members, .agent_name = none);
    FILTER(ACD_NOT_FOUND, 2, list_members, .queue_name = none);
    FILTER(ACD_MISSING, 1, list_members, .cursor = 0);
    FILTER(ACD_NOT_FOUND, 1, list_skills, .agent_name = none);
    FILTER(ACD_NOT_FOUND, 1, list_teams, .name = none);
    FILTER(ACD_NOT_FOUND, 1, list_queue_intervals, .name = none);
    FILTER(ACD_NOT_FOUND, 1, list_agent_intervals, .name = none);
    FILTER(ACD_NOT_FOUND, 1, list_assignments, .agent_name = none);
    CHECK(ASK(a, list_numbers, .number = none) == ACD_OK && a->count == 0);
    CHECK(ASK(a, list_clients, .name = none) == ACD_OK && a->count == 0);
    CHECK(ASK(a, list_calls, .key = none) == ACD_OK && a->count == 0);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}
