#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/hours.h"
#include "persist/acd_persist.h"
#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/documents.h"
#include "tests/e2e/daemon/process.h"

/* What queues are by the clock, and by whom it is said otherwise. */

#define DATA  "--directory=data --ring-directory=. --ring-bytes=1M --config=acd.conf "
#define FAST  "--clock-rate=10000 --config=acd.conf "
#define DAILY "daily 00:00-24:00"

static void write_config(const char *text)
{
    FILE *file = fopen("acd.conf", "w");

    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        check_give_up("acd.conf", "cannot be written");
}

/* A calendar that opens and closes sales, and one of its strategy. */
static void calendar_write(const char *times)
{
    char text[512];

    snprintf(text, sizeof text,
             "log_level = info\n"
             "calendar \"office\" {\n  zone = \"Europe/Berlin\"\n  times = {\"%s\"}\n"
             "  queues = {\"sales\", \"not there\"}\n}\n"
             "calendar \"rush\" {\n  times = {\"%s\"}\n  queues = {\"sales\"}\n"
             "  strategy = \"round-robin\"\n  otherwise = \"longest-idle-agent\"\n}\n",
             times, times);
    write_config(text);
}

/* Two hours open, two hours closed. */
static void alternating_write(const char *queues)
{
    char text[1024] = "calendar \"c\" {\n  times = {\"daily", *at = text + strlen(text);

    for (int hour = 0; hour < 24; hour += 4)
        at += snprintf(at, 32, " %02d:00-%02d:00", hour, hour + 2);
    snprintf(at, 64, "\"}\n  queues = {%s}\n}\n", queues);
    write_config(text);
}

static struct acd_view_queue queue_of(struct asker *a, const char *name)
{
    CHECK(ASK(a, list_queues, .name = acd_str(name)) == ACD_OK && a->count == 1);
    return a->views[0].as.queue;
}

static uint8_t state_of(struct asker *a, const char *name)
{
    return queue_of(a, name).state;
}

static void close_queue(struct asker *a, const char *name)
{
    struct acd_view_outcome o;

    CHECK(DO(a, &o, queue_set, .name = acd_str(name), .state = ACD_CLOSED) == ACD_OK);
}

static void clear_data(void)
{
    CHECK(system("rm -r data") == 0);
}

/* ---- the hours ---------------------------------------------------------------------------- */

/* The engine is told what the hours say as soon as there is such a queue, and when the file is read
 * again. */
void test_hours_open_and_close_a_queue(void)
{
    struct asker *a;
    pid_t acdd;

    calendar_write("mon closed");
    acdd = process_start("--config acd.conf");
    CHECK(process_said(ACDD_LOG, "level=warn event=calendar name=\"office\" queue=\"not there\""));
    a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    centre_queue(a, "sales");
    CHECK(state_of(a, "sales") == ACD_CLOSED);
    CHECK(queue_of(a, "sales").strategy == ACD_LONGEST_IDLE_AGENT);
    calendar_write(DAILY);
    kill(acdd, SIGHUP);
    CHECK_SOON(state_of(a, "sales") == ACD_OPEN);
    CHECK_SOON(queue_of(a, "sales").strategy == ACD_ROUND_ROBIN);
    CHECK(process_said(ACDD_LOG, "event=calendar name=\"office\" queue=\"sales\" now=within"));
    close_queue(a, "sales");
    CHECK(state_of(a, "sales") == ACD_CLOSED); /* by hand: so it stays */
    calendar_write("daily 0:00-24:00");
    kill(acdd, SIGHUP);
    CHECK_SOON(process_said(ACDD_LOG, "calendar 'office': 'daily 0:00-24:00' times are written"));
    CHECK(state_of(a, "sales") == ACD_CLOSED);
    CHECK(process_log_is_structured(ACDD_LOG));
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* At ten thousand times the speed a day is nine seconds. */
void test_hours_pass(void)
{
    struct asker *a;
    pid_t acdd;

    alternating_write("\"sales\"");
    acdd = process_start(FAST);
    a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    centre_queue(a, "sales");
    CHECK_SOON(state_of(a, "sales") == ACD_CLOSED);
    CHECK_SOON(state_of(a, "sales") == ACD_OPEN);
    CHECK_SOON(state_of(a, "sales") == ACD_CLOSED);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* ---- starts ------------------------------------------------------------------------------- */

/* What was set by hand within the hours was acknowledged, and stays so over a kill. */
void test_a_start_leaves_what_was_set_by_hand(void)
{
    struct asker *a;
    pid_t acdd;

    calendar_write(DAILY);
    acdd = process_start(DATA);
    a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    centre_queue(a, "sales");
    close_queue(a, "sales");
    asker_close(a);
    CHECK(process_end(acdd, SIGKILL) == -1);
    acdd = process_start(DATA);
    a = asker_open(ACDD_URL);
    CHECK(state_of(a, "sales") == ACD_CLOSED);
    CHECK(queue_of(a, "sales").strategy == ACD_ROUND_ROBIN);
    CHECK(process_said(ACDD_LOG, "queue=\"sales\" now=within reason=\"it was set otherwise since"));
    kill(acdd, SIGHUP);
    CHECK_SOON(state_of(a, "sales") == ACD_OPEN);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
    clear_data();
}

/* A directory whose state ends at a time, with sales as it was then. */
static void make_past(acd_time at, uint8_t state)
{
    struct acd_persist *p;
    struct acd_engine *e;
    struct acd_view_outcome o;
    const struct acd_command set = {.code = ACD_COMMAND_queue_set,
                                    .as.queue_set = {.name = acd_str("sales"), .state = state}};

    if (acd_persist_open(&p, &e,
                         &(struct acd_persist_options){.directory = "data",
                                                       .ring_directory = ".",
                                                       .ring_bytes = 1 << 20}) != ACD_OK)
        check_give_up("data", acd_persist_error(NULL));
    CHECK(acd_execute(e, at, ACD_NOBODY, 0, &set, &o) == ACD_OK);
    acd_persist_append(p, acd_last_frame(e));
    acd_close(e);
    CHECK(acd_persist_close(p) == ACD_OK);
}

/* What began or ended while nobody was there is said by the next start, whatever was said before.
 */
void test_a_start_says_what_was_missed(void)
{
    static const char *const times[] = {"daily 00:00-12:00", "daily 12:00-24:00"};
    acd_time now = (acd_time)time(NULL) * ACD_SECOND, until;
    struct asker *a;
    pid_t acdd;

    for (int i = 0; i < 2; i++) {
        struct hours h = {.count = 0};
        bool open;

        CHECK(hours_zone(&h, "Europe/Berlin") && hours_add(&h, times[i]) == NULL);
        open = hours_open(&h, now, &until);
        make_past(now - 25 * 3600 * ACD_SECOND, open ? ACD_CLOSED : ACD_OPEN);
        calendar_write(times[i]);
        acdd = process_start(DATA);
        a = asker_open(ACDD_URL);
        CHECK(until < now + 10 * ACD_SECOND ||
              state_of(a, "sales") == (open ? ACD_OPEN : ACD_CLOSED));
        asker_close(a);
        CHECK(process_end(acdd, SIGTERM) == 0);
        clear_data();
    }
}

/* ---- documents ---------------------------------------------------------------------------- */

/* A queue that a document makes is met as one made by hand is; one that it retires stays as it is
 * while another opens and closes, and comes back with the document. */
void test_a_retired_queue_is_not_opened_by_the_clock(void)
{
    struct asker *a;
    struct acd_view_outcome o;
    pid_t acdd;

    alternating_write("\"gone\", \"stays\"");
    acdd = process_start(FAST);
    a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    document_put(a, 1, "queues: {gone: , stays: }");
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK_SOON(state_of(a, "gone") == ACD_OPEN);
    CHECK(DO(a, &o, route, .key = acd_str("waits"), .queue_name = acd_str("gone")) == ACD_OK);
    document_put(a, 2, "queues: {stays: }");
    CHECK(ASK(a, config_apply, .upload = 2) == ACD_OK &&
          a->views[0].as.config_applied.retired == 1);
    CHECK(state_of(a, "gone") == ACD_RETIRED);
    CHECK_SOON(state_of(a, "stays") == ACD_CLOSED);
    CHECK_SOON(state_of(a, "stays") == ACD_OPEN);
    CHECK(state_of(a, "gone") == ACD_RETIRED && queue_of(a, "gone").waiting == 1);
    document_put(a, 1, "queues: {gone: , stays: }");
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK_SOON(state_of(a, "gone") == ACD_CLOSED);
    CHECK_SOON(state_of(a, "gone") == ACD_OPEN);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* A document made while the hours are shut is met at once. */
void test_a_queue_of_a_document_is_closed_outside_hours(void)
{
    struct asker *a;
    pid_t acdd;

    calendar_write("mon closed");
    acdd = process_start("--config acd.conf");
    a = asker_open(ACDD_URL);
    document_put(a, 1, "queues: {sales: , other: }");
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK(state_of(a, "sales") == ACD_CLOSED && state_of(a, "other") == ACD_OPEN);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

static bool said_of_strategy(const struct asker *a)
{
    static const char word[] = "strategy";
    bool said = false;

    for (size_t i = 0; i < a->count; i++) {
        struct acd_str text = a->views[i].code == ACD_VIEW_config_text
                                  ? a->views[i].as.config_text.text
                                  : a->views[i].as.config_change.what;

        said = said || memmem(text.data, text.len, word, strlen(word)) != NULL;
    }
    return said;
}

/* A strategy that a calendar sets is neither told by a document nor changed by one; any other is.
 */
void test_a_strategy_by_the_clock_is_no_documents(void)
{
    struct asker *a;
    pid_t acdd;

    calendar_write(DAILY);
    acdd = process_start("--config acd.conf");
    a = asker_open(ACDD_URL);
    document_put(a, 1, "queues: {sales: {weight: 2, strategy: top-down}}");
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK(queue_of(a, "sales").strategy == ACD_ROUND_ROBIN && queue_of(a, "sales").weight == 2);
    CHECK(ASK(a, config_plan, .upload = 1) == ACD_OK && a->count == 0);
    CHECK(ASK(a, config_get, .upload = 2) == ACD_OK && a->count == 1 && !said_of_strategy(a));
    document_put(a, 1, "queues: {sales: {weight: 2}, other: {strategy: top-down}}");
    CHECK(ASK(a, config_plan, .upload = 1) == ACD_OK && said_of_strategy(a));
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK(queue_of(a, "sales").strategy == ACD_ROUND_ROBIN);
    CHECK(queue_of(a, "other").strategy == ACD_TOP_DOWN);
    CHECK(ASK(a, config_get, .upload = 2) == ACD_OK && said_of_strategy(a));
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* ---- faults ------------------------------------------------------------------------------- */

static void expect_fault(const char *text, const char *said)
{
    write_config(text);
    CHECK(process_wait(process_spawn("refused.log", "--check --config acd.conf")) == 1);
    if (!CHECK(process_said("refused.log", said)))
        fprintf(stderr, "%s: expected %s\n", text, said);
}

#define CALENDAR(name, zone, queues, more)                                                         \
    "calendar \"" name "\" {\n  zone = \"" zone "\"\n  times = {\"" DAILY "\"}\n"                  \
    "  queues = {" queues "}\n" more "}\n"
#define RUSH "strategy = \"ring-all\"\n  otherwise = \"top-down\"\n"

void test_faulty_calendars_are_refused(void)
{
    expect_fault(CALENDAR("c", "Europe", "\"a\"", ""), "'Europe' is no time zone of this system");
    expect_fault(CALENDAR("c", "zone.tab", "\"a\"", ""), "'zone.tab' is no time zone");
    expect_fault(CALENDAR("c", "UTC", "\"a\", \"b\"", "") CALENDAR("d", "UTC", "\"b\"", ""),
                 "calendar 'd': 'b' has a calendar of this kind already: 'c'");
    expect_fault(CALENDAR("c", "UTC", "\"a\"", RUSH) CALENDAR("d", "UTC", "\"a\"", "")
                     CALENDAR("e", "UTC", "\"a\"", RUSH),
                 "calendar 'e': 'a' has a calendar of this kind already: 'c'");
    write_config(CALENDAR("c", "UTC", "\"a\"", RUSH) CALENDAR("d", "UTC", "\"a\"", ""));
    CHECK(process_wait(process_spawn("refused.log", "--check --config acd.conf")) == 0);
}
