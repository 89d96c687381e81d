#include <signal.h>
#include <stdarg.h>
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

#define DATA  "--directory=data --ring-directory=. --ring-bytes=1M"
#define FAST  "--clock-rate=10000"
#define DAILY "daily 00:00-24:00"

/* What there is to be: calendars, one that opens and closes and one of a strategy, or alternating
 * ones; and queues that have them. */
static void configure(struct asker *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void configure(struct asker *a, const char *format, ...)
{
    static uint64_t upload = 100;
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    document_put(a, ++upload, text);
    CHECK(ASK(a, config_apply, .upload = upload) == ACD_OK);
}

#define OFFICE(times)                                                                              \
    "calendars:\n"                                                                                 \
    "  office: {zone: Europe/Berlin, times: ['" times "']}\n"                                      \
    "  rush: {times: ['" times "'], strategy: round-robin, otherwise: longest-idle-agent}\n"
#define SALES "queues: {sales: {hours: office, strategy_hours: rush}}\n"

/* Two hours open, two hours closed. */
#define ALTERNATING                                                                                \
    "calendars: {c: {times: ['daily 00:00-02:00 04:00-06:00 08:00-10:00 12:00-14:00 "              \
    "16:00-18:00 20:00-22:00']}}\n"

static struct acd_view_queue queue_of(struct asker *a, const char *name)
{
    CHECK(ASK(a, list_queues, .name = acd_str(name)) == ACD_OK && a->count == 1);
    return a->views[0].as.queue;
}

static uint8_t state_of(struct asker *a, const char *name)
{
    return queue_of(a, name).state;
}

static void write_config(const char *text)
{
    FILE *file = fopen("acd.conf", "w");

    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        check_give_up("acd.conf", "cannot be written");
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

/* The engine is told what the hours say as soon as a queue has them, and when they change. */
void test_hours_open_and_close_a_queue(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);

    configure(a, OFFICE("mon closed") SALES);
    CHECK(state_of(a, "sales") == ACD_CLOSED);
    CHECK(queue_of(a, "sales").strategy == ACD_LONGEST_IDLE_AGENT);
    configure(a, OFFICE(DAILY) SALES);
    CHECK(state_of(a, "sales") == ACD_OPEN);
    CHECK(queue_of(a, "sales").strategy == ACD_ROUND_ROBIN);
    CHECK(process_said(ACDD_LOG, "event=calendar name=\"office\" queue=\"sales\" now=within"));
    close_queue(a, "sales");
    configure(a, OFFICE(DAILY) SALES "agents: {ann: }\n"); /* of the hours nothing changes */
    CHECK(state_of(a, "sales") == ACD_CLOSED);             /* by hand: so it stays */
    CHECK(process_log_is_structured(ACDD_LOG));
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

#define SET(a, o, name, ...) DO((a), (o), calendar_##name, __VA_ARGS__)

/* The same by single commands: a calendar says nothing while it has no times, and what it says
 * follows each of them; by name it may be had by any queue, also by one that is made later. */
void test_hours_follow_each_command(void)
{
    const struct acd_str c = acd_str("c"), sales = acd_str("sales"), help = acd_str("help");
    pid_t acdd = process_start("");
    struct asker *a = asker_named(ACDD_URL, "desk", ACD_OPERATOR);
    struct acd_view_outcome o;

    CHECK(DO(a, &o, queue_set, .name = sales, .hours = c) == ACD_NOT_FOUND);
    CHECK(SET(a, &o, set, .name = c, .zone = acd_str("Europe/Berlin")) == ACD_OK);
    CHECK(DO(a, &o, queue_set, .name = sales, .hours = c) == ACD_OK);
    CHECK(state_of(a, "sales") == ACD_OPEN);
    CHECK(SET(a, &o, time_set, .calendar = c, .time = acd_str("mon closed")) == ACD_OK);
    CHECK(state_of(a, "sales") == ACD_CLOSED);
    CHECK(DO(a, &o, queue_set, .name = help, .hours = c) == ACD_OK);
    CHECK(state_of(a, "help") == ACD_CLOSED);
    CHECK(SET(a, &o, time_set, .calendar = c, .time = acd_str(DAILY)) == ACD_OK);
    CHECK(state_of(a, "sales") == (state_of(a, "help")));
    CHECK(SET(a, &o, time_remove, .calendar = c, .time = acd_str("mon closed")) == ACD_OK);
    CHECK(state_of(a, "sales") == ACD_OPEN && state_of(a, "help") == ACD_OPEN);
    CHECK(DO(a, &o, queue_set, .name = help, .hours = acd_str("-")) == ACD_OK);
    CHECK(SET(a, &o, time_remove, .calendar = c, .time = acd_str(DAILY)) == ACD_OK);
    CHECK(SET(a, &o, time_set, .calendar = c, .time = acd_str("2020-02-29 closed")) == ACD_OK);
    CHECK(state_of(a, "sales") == ACD_CLOSED && state_of(a, "help") == ACD_OPEN);
    CHECK(SET(a, &o, remove, .name = c) == ACD_OK);
    CHECK(state_of(a, "sales") == ACD_CLOSED); /* nobody says anything now */
    CHECK(queue_of(a, "sales").hours.len == 0);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* At ten thousand times the speed a day is nine seconds. */
void test_hours_pass(void)
{
    pid_t acdd = process_start(FAST);
    struct asker *a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);

    configure(a, ALTERNATING "queues: {sales: {hours: c}}");
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

    acdd = process_start(DATA);
    a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    configure(a, OFFICE(DAILY) SALES);
    close_queue(a, "sales");
    asker_close(a);
    CHECK(process_end(acdd, SIGKILL) == -1);
    acdd = process_start(DATA);
    a = asker_open(ACDD_URL);
    CHECK(state_of(a, "sales") == ACD_CLOSED);
    CHECK(queue_of(a, "sales").strategy == ACD_ROUND_ROBIN);
    CHECK(process_said(ACDD_LOG, "queue=\"sales\" now=within reason=\"it was set otherwise since"));
    configure(a, OFFICE("daily 00:00-24:00 01:00-02:00") SALES);
    CHECK(state_of(a, "sales") == ACD_OPEN);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
    clear_data();
}

/* A directory whose state ends at a time, with sales as it was then, and its hours. */
static void make_past(acd_time at, uint8_t state, const char *time)
{
    struct acd_persist *p;
    struct acd_engine *e;
    struct acd_view_outcome o;
    const struct acd_str office = acd_str("office");
    const struct acd_command commands[] = {
        {.code = ACD_COMMAND_calendar_set,
         .as.calendar_set = {.name = office, .zone = acd_str("Europe/Berlin")}},
        {.code = ACD_COMMAND_calendar_time_set,
         .as.calendar_time_set = {.calendar = office, .time = acd_str(time)}},
        {.code = ACD_COMMAND_queue_set,
         .as.queue_set = {.name = acd_str("sales"), .state = state, .hours = office}}};

    if (acd_persist_open(&p, &e,
                         &(struct acd_persist_options){.directory = "data",
                                                       .ring_directory = ".",
                                                       .ring_bytes = 1 << 20}) != ACD_OK)
        check_give_up("data", acd_persist_error(NULL));
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        CHECK(acd_execute(e, at, ACD_NOBODY, 0, &commands[i], &o) == ACD_OK);
        acd_persist_append(p, acd_last_frame(e));
    }
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
        make_past(now - 25 * 3600 * ACD_SECOND, open ? ACD_CLOSED : ACD_OPEN, times[i]);
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
    pid_t acdd = process_start(FAST);
    struct asker *a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    struct acd_view_outcome o;

    configure(a, ALTERNATING "queues: {gone: {hours: c}, stays: {hours: c}}");
    CHECK_SOON(state_of(a, "gone") == ACD_OPEN);
    CHECK(DO(a, &o, route, .key = acd_str("waits"), .queue_name = acd_str("gone")) == ACD_OK);
    configure(a, ALTERNATING "queues: {stays: {hours: c}}");
    CHECK(a->views[0].as.config_applied.retired == 1);
    CHECK(state_of(a, "gone") == ACD_RETIRED);
    CHECK_SOON(state_of(a, "stays") == ACD_CLOSED);
    CHECK_SOON(state_of(a, "stays") == ACD_OPEN);
    CHECK(state_of(a, "gone") == ACD_RETIRED && queue_of(a, "gone").waiting == 1);
    configure(a, ALTERNATING "queues: {gone: {hours: c}, stays: {hours: c}}");
    CHECK_SOON(state_of(a, "gone") == ACD_CLOSED);
    CHECK_SOON(state_of(a, "gone") == ACD_OPEN);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* A document made while the hours are shut is met at once; one that takes the hours away leaves all
 * as it is. */
void test_a_queue_of_a_document_is_closed_outside_hours(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_open(ACDD_URL);

    configure(a, "%s", OFFICE("mon closed") "queues: {sales: {hours: office}, other: }");
    CHECK(state_of(a, "sales") == ACD_CLOSED && state_of(a, "other") == ACD_OPEN);
    configure(a, "%s", "queues: {sales: , other: }");
    CHECK(state_of(a, "sales") == ACD_CLOSED && queue_of(a, "sales").hours.len == 0);
    CHECK(ASK(a, list_calendars, .limit = 0) == ACD_OK && a->count == 0);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* A document that the engine refuses at a late step leaves calendars, and what they said, alone:
 * also when a time that it took comes back behind the others. */
void test_a_refused_document_leaves_the_hours(void)
{
    pid_t acdd = process_start("--limit=assignments=2");
    struct asker *a = asker_open(ACDD_URL);
    struct acd_view_outcome o;

    configure(a, "%s", OFFICE("sun closed', '" DAILY) SALES "agents: {ann: , bob: }");
    CHECK(state_of(a, "sales") == ACD_OPEN);
    close_queue(a, "sales"); /* by hand */
    document_put(a, 1,
                 OFFICE(DAILY "', 'mon closed") "queues: {sales: , other: {hours: office}}\n"
                                                "agents: {ann: {max_concurrent_calls: 1}, cy: }");
    CHECK(DO(a, &o, outside_begin, .name = acd_str("bob"), .key = acd_str("o")) == ACD_OK);
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_FULL); /* there is no third assignment */
    CHECK(state_of(a, "sales") == ACD_CLOSED);
    CHECK(queue_of(a, "sales").strategy == ACD_ROUND_ROBIN);
    CHECK(queue_of(a, "sales").hours.len > 0);
    CHECK(ASK(a, list_calendar_times, .calendar = acd_str("office")) == ACD_OK && a->count == 2);
    CHECK(a->views[0].as.calendar_time.time.len == strlen(DAILY));
    CHECK(a->views[1].as.calendar_time.time.len == strlen("sun closed"));
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

static bool said_of(const struct asker *a, const char *word)
{
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
    static const char hours[] = OFFICE(DAILY);
    pid_t acdd = process_start("");
    struct asker *a = asker_open(ACDD_URL);
    char text[1024];

    snprintf(text, sizeof text, "%squeues: {sales: {weight: 2, strategy: top-down, %s}}", hours,
             "strategy_hours: rush");
    document_put(a, 1, text);
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK(queue_of(a, "sales").strategy == ACD_ROUND_ROBIN && queue_of(a, "sales").weight == 2);
    CHECK(ASK(a, config_plan, .upload = 1) == ACD_OK && a->count == 0);
    CHECK(ASK(a, config_get, .upload = 2) == ACD_OK && a->count == 1);
    CHECK(!said_of(a, "top-down") && !said_of(a, " strategy: round-robin\n    s"));
    snprintf(text, sizeof text, "%squeues: {sales: {weight: 2, %s}, other: {strategy: top-down}}",
             hours, "strategy_hours: rush");
    document_put(a, 1, text);
    CHECK(ASK(a, config_plan, .upload = 1) == ACD_OK && said_of(a, "top-down"));
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK(queue_of(a, "sales").strategy == ACD_ROUND_ROBIN);
    CHECK(queue_of(a, "other").strategy == ACD_TOP_DOWN);
    CHECK(ASK(a, config_get, .upload = 2) == ACD_OK && said_of(a, "top-down"));
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* ---- faults ------------------------------------------------------------------------------- */

/* What the engine cannot see to be wrong is refused all the same, the field told and the log told
 * why. Calendars have no place in acdd's file. */
void test_faulty_calendars_are_refused(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_named(ACDD_URL, "desk", ACD_OPERATOR);
    const struct acd_str c = acd_str("c");
    struct acd_view_outcome o;

    CHECK(SET(a, &o, set, .name = c, .zone = acd_str("Europe")) == ACD_INVALID && o.field == 2);
    CHECK(process_said(ACDD_LOG, "command=calendar_set reason=\"is no time zone of this system\""));
    CHECK(SET(a, &o, set, .name = c, .zone = acd_str("zone.tab")) == ACD_INVALID);
    CHECK(SET(a, &o, set, .name = c, .strategy = ACD_RANDOM) == ACD_MISSING && o.field == 4);
    CHECK(SET(a, &o, set, .name = c) == ACD_OK);
    CHECK(SET(a, &o, time_set, .calendar = c, .time = acd_str("daily 0:00-24:00")) == ACD_INVALID);
    CHECK(o.field == 2 && process_said(ACDD_LOG, "times are written 08:00-18:00, or closed"));
    CHECK(ASK(a, list_calendar_times, .limit = 0) == ACD_OK && a->count == 0);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);

    write_config("log_level = info\ncalendar \"c\" {\n  zone = \"UTC\"\n}\n");
    CHECK(process_wait(process_spawn("refused.log", "--check --config acd.conf")) == 1);
    CHECK(process_said("refused.log",
                       "line=4 reason=\"calendar 'c', which ends here: calendars are "
                       "set by acdctl config apply"));
}
