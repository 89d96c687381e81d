#include <signal.h>

#include "proto/acd_messages.h"
#include "tests/e2e/check.h"
#include "tests/e2e/daemon/asker.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"
#include "tests/e2e/daemon/tenancy.h"

/* What calendars say of queues, when it is asked for. */

enum { HALF_DAY = 12 * 60 * 60 };

static const char *const two_calendars =
    "calendar office {\n  times = {\"daily 00:00-12:00\"}\n  queues = {\"sales\", \"none\"}\n}\n"
    "calendar rush {\n  zone = \"Europe/Berlin\"\n  times = {\"daily 00:00-24:00\"}\n"
    "  queues = {\"sales\"}\n  strategy = \"ring-all\"\n  otherwise = \"random\"\n}\n";

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

void test_calendars_are_listed(void)
{
    struct acd_view_outcome o;
    struct asker *a;
    pid_t acdd;
    uint8_t other;

    tenancy_config(two_calendars);
    acdd = process_start("--config acd.conf");
    a = asker_named(ACDD_URL, "desk", ACD_OPERATOR);
    centre_queue(a, "sales");
    kill(acdd, SIGHUP);
    CHECK_SOON(ASK(a, list_calendars, .calendar = acd_str("rush")) == ACD_OK && a->count == 1 &&
               !row(a, 0)->differs);
    CHECK(str_is(row(a, 0)->zone, "Europe/Berlin") && row(a, 0)->within);
    CHECK(row(a, 0)->strategy == ACD_RING_ALL && row(a, 0)->otherwise == ACD_RANDOM);
    CHECK(ASK(a, list_calendars, .limit = 0) == ACD_OK && a->count == 3);
    check_office(row(a, 0));
    check_office(row(a, 1));
    CHECK(str_is(row(a, 0)->queue_name, "sales") && row(a, 0)->queue.gen != 0);
    CHECK(str_is(row(a, 1)->queue_name, "none") && row(a, 1)->queue.gen == 0);
    CHECK(!row(a, 0)->differs && !row(a, 1)->differs);

    other = row(a, 0)->within ? ACD_CLOSED : ACD_OPEN;
    CHECK(DO(a, &o, queue_set, .name = acd_str("sales"), .state = other) == ACD_OK);
    CHECK(ASK(a, list_calendars, .queue_name = acd_str("sales")) == ACD_OK && a->count == 2);
    CHECK(row(a, 0)->differs && !row(a, 1)->differs);
    CHECK(ASK(a, list_calendars, .limit = 2) == ACD_OK && a->count == 2 && a->page.cursor == 2);
    CHECK(ASK(a, list_calendars, .cursor = 2) == ACD_OK && a->count == 1 && a->page.cursor == 0);
    CHECK(str_is(row(a, 0)->calendar, "rush"));
    CHECK(ASK(a, list_calendars, .calendar = acd_str("nights")) == ACD_OK && a->count == 0);
    asker_close(a);
    tenancy_stop(acdd);
}

void test_tenants_see_the_calendars_of_their_queues(void)
{
    struct asker *acme, *beta;
    pid_t acdd;

    tenancy_config("tenant acme {\n  listen = {\"" ACME_URL "\"}\n}\n"
                   "tenant beta {\n  listen = {\"" BETA_URL "\"}\n}\n"
                   "calendar office {\n  times = {\"daily 00:00-24:00\"}\n"
                   "  queues = {\"acme/sales\", \"beta/help\", \"sales\"}\n}\n");
    acdd = process_start("--config acd.conf");
    acme = tenancy_centre(ACME_URL);
    beta = tenancy_centre(BETA_URL);
    CHECK(ASK(acme, list_calendars, .limit = 0) == ACD_OK && acme->count == 1);
    CHECK(str_is(row(acme, 0)->queue_name, "sales") && row(acme, 0)->queue.gen != 0);
    CHECK(ASK(beta, list_calendars, .limit = 0) == ACD_OK && beta->count == 1);
    CHECK(str_is(row(beta, 0)->queue_name, "help") && row(beta, 0)->queue.gen == 0);
    CHECK(ASK(beta, list_calendars, .queue_name = acd_str("sales")) == ACD_OK && beta->count == 0);
    asker_close(acme);
    asker_close(beta);
    tenancy_stop(acdd);
}
