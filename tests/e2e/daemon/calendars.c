#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "proto/acd_messages.h"
#include "tests/e2e/check.h"
#include "tests/e2e/daemon/asker.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/documents.h"
#include "tests/e2e/daemon/process.h"
#include "tests/e2e/daemon/tenancy.h"

/* What calendars say of queues, when it is asked for. */

enum { HALF_DAY = 12 * 60 * 60 };

static const char two_calendars[] =
    "calendars:\n"
    "  office: {times: ['daily 00:00-12:00']}\n"
    "  rush: {zone: Europe/Berlin, times: ['daily 00:00-24:00', '2026-12-25 closed'],"
    " strategy: ring-all, otherwise: random}\n"
    "  spare: {}\n"
    "queues: {sales: {hours: office, strategy_hours: rush}}\n";

static const struct acd_view_calendar *row(const struct asker *a, size_t i)
{
    return &a->views[i].as.calendar;
}

/* It changes at noon and at midnight. */
static void check_office(const struct acd_view_calendar *v)
{
    CHECK(str_is(v->calendar, "office") && str_is(v->zone, "UTC"));
    CHECK(v->strategy == 0 && v->otherwise == 0);
    CHECK(v->until % (HALF_DAY * ACD_SECOND) == 0);
    CHECK(v->within == (v->until / (HALF_DAY * ACD_SECOND) % 2 == 1));
}

static void check_times(struct asker *a)
{
    CHECK(ASK(a, list_calendar_times, .limit = 0) == ACD_OK && a->count == 3);
    CHECK(str_is(a->views[0].as.calendar_time.calendar, "office"));
    CHECK(str_is(a->views[2].as.calendar_time.time, "2026-12-25 closed"));
    CHECK(ASK(a, list_calendar_times, .calendar = acd_str("spare")) == ACD_OK && a->count == 0);
    CHECK(ASK(a, list_calendar_times, .calendar = acd_str("rush"), .limit = 1) == ACD_OK);
    CHECK(a->count == 1 && a->page.cursor != 0);
    CHECK(ASK(a, list_calendar_times, .calendar = acd_str("rush"), .cursor = a->page.cursor) ==
          ACD_OK);
    CHECK(a->count == 1 && a->page.cursor == 0);
    CHECK(str_is(a->views[0].as.calendar_time.time, "2026-12-25 closed"));
}

void test_calendars_are_listed(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_named(ACDD_URL, "desk", ACD_OPERATOR);
    struct acd_view_outcome o;
    uint8_t other;

    document_put(a, 1, two_calendars);
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    CHECK(ASK(a, list_calendars, .calendar = acd_str("rush")) == ACD_OK && a->count == 1);
    CHECK(str_is(row(a, 0)->zone, "Europe/Berlin") && !row(a, 0)->differs);
    CHECK(row(a, 0)->strategy == ACD_RING_ALL && row(a, 0)->otherwise == ACD_RANDOM);
    CHECK(ASK(a, list_calendars, .limit = 0) == ACD_OK && a->count == 3);
    check_office(row(a, 0));
    CHECK(str_is(row(a, 0)->queue_name, "sales") && row(a, 0)->queue.gen != 0);
    CHECK(str_is(row(a, 1)->calendar, "rush"));
    CHECK(str_is(row(a, 2)->calendar, "spare") && row(a, 2)->queue.gen == 0);
    CHECK(!row(a, 0)->differs && !row(a, 2)->differs);

    other = row(a, 0)->within ? ACD_CLOSED : ACD_OPEN;
    CHECK(DO(a, &o, queue_set, .name = acd_str("sales"), .state = other) == ACD_OK);
    CHECK(ASK(a, list_calendars, .queue_name = acd_str("sales")) == ACD_OK && a->count == 2);
    CHECK(row(a, 0)->differs && !row(a, 1)->differs);
    CHECK(ASK(a, list_calendars, .limit = 2) == ACD_OK && a->count == 2 && a->page.cursor == 2);
    CHECK(ASK(a, list_calendars, .cursor = 2) == ACD_OK && a->count == 1 && a->page.cursor == 0);
    CHECK(str_is(row(a, 0)->calendar, "spare"));
    CHECK(ASK(a, list_calendars, .calendar = acd_str("nights")) == ACD_OK && a->count == 0);
    check_times(a);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* What is open around the clock is looked at for more than a year ahead, which takes some
 * milliseconds each: not whenever anybody sets a queue, or asks for calendars. */
void test_calendars_are_asked_when_they_change(void)
{
    enum { CALENDARS = 60, TIMES = 20 };
    char text[1024] = "queues: {sales: {hours: c0}}\n"
                      "calendars:\n"
                      "  c0: &daily {zone: Europe/Berlin, times: [daily 00:00-24:00]}\n";
    pid_t acdd = process_start("");
    struct asker *a = asker_named(ACDD_URL, "desk", ACD_OPERATOR);
    struct acd_view_outcome o;
    uint64_t began;

    for (int i = 1; i < CALENDARS; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "  c%d: *daily\n", i);
    document_put(a, 1, text);
    CHECK(ASK(a, config_apply, .upload = 1) == ACD_OK);
    began = check_now_ms();
    for (int i = 0; i < TIMES; i++) {
        CHECK(DO(a, &o, queue_set, .name = acd_str("sales"), .state = ACD_CLOSED) == ACD_OK);
        CHECK(ASK(a, list_calendars, .limit = 0) == ACD_OK && a->count == CALENDARS);
    }
    CHECK(check_now_ms() - began < 2000);
    CHECK(row(a, 0)->within && row(a, 0)->differs);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* Each has its own under the same names; the house has both, and its own. */
void test_tenants_have_their_own_calendars(void)
{
    const struct acd_str office = acd_str("office"), daily = acd_str("daily 00:00-24:00");
    pid_t acdd = tenancy_start("");
    struct asker *acme = tenancy_centre(ACME_URL), *beta = tenancy_centre(BETA_URL);
    struct asker *house = asker_open(ACDD_URL);
    struct acd_view_outcome o;

    CHECK(DO(acme, &o, calendar_set, .name = office) == ACD_OK);
    CHECK(DO(acme, &o, calendar_time_set, .calendar = office, .time = daily) == ACD_OK);
    CHECK(DO(beta, &o, queue_set, .name = acd_str("sales"), .hours = office) == ACD_NOT_FOUND);
    CHECK(DO(acme, &o, queue_set, .name = acd_str("sales"), .hours = office) == ACD_OK);
    document_put(beta, 1,
                 "calendars: {office: {times: [mon closed]}}\n"
                 "queues: {help: {hours: office}}");
    CHECK(ASK(beta, config_apply, .upload = 1) == ACD_OK);
    CHECK(ASK(acme, list_calendars, .limit = 0) == ACD_OK && acme->count == 1);
    CHECK(str_is(row(acme, 0)->calendar, "office") && str_is(row(acme, 0)->queue_name, "sales"));
    CHECK(row(acme, 0)->queue.gen != 0 && row(acme, 0)->within);
    CHECK(ASK(beta, list_calendars, .calendar = office) == ACD_OK && beta->count == 1);
    CHECK(str_is(row(beta, 0)->queue_name, "help") && !row(beta, 0)->within);
    CHECK(ASK(beta, list_calendar_times, .limit = 0) == ACD_OK && beta->count == 1);
    CHECK(str_is(beta->views[0].as.calendar_time.time, "mon closed"));
    CHECK(ASK(house, list_calendars, .calendar = acd_str("acme/office")) == ACD_OK);
    CHECK(house->count == 1 && str_is(row(house, 0)->queue_name, "acme/sales"));
    document_put(beta, 2, ""); /* what is acme's stays */
    CHECK(ASK(beta, config_apply, .upload = 2) == ACD_OK);
    CHECK(ASK(house, list_calendars, .limit = 0) == ACD_OK && house->count == 1);
    CHECK(DO(beta, &o, calendar_remove, .name = office) == ACD_NOT_FOUND);
    CHECK(DO(acme, &o, calendar_remove, .name = office) == ACD_OK);
    asker_close(acme);
    asker_close(beta);
    asker_close(house);
    tenancy_stop(acdd);
}
