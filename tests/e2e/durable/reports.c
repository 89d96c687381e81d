#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

/* acdctl report. */

static const char *const reports[] = {"call-summary",
                                      "queue-performance",
                                      "agent-performance",
                                      "service-level",
                                      "hourly-distribution",
                                      "agent-activity",
                                      "abandoned-calls",
                                      "call-detail",
                                      "daily",
                                      "weekly",
                                      "monthly",
                                      "agents-daily",
                                      "agents-weekly",
                                      "agents-monthly"};

static int report(const char *name, const char *more)
{
    char words[256];

    snprintf(words, sizeof words, "report %s %s", name, more);
    return centre_acdctl(words);
}

/* A call that is answered, and two whose callers leave, one in a queue with an odd name. */
static void some_calls(struct centre *c)
{
    struct acd_view_outcome o;

    ASK(c, queue_set, .name = acd_str("help"), .ring_timeout = 600 * ACD_SECOND,
        .service_level_threshold = 600 * ACD_SECOND);
    ASK(c, agent_set, .name = acd_str("cy"), .team = acd_str("north"));
    ASK(c, agent_set, .name = acd_str("di"), .team = acd_str("north"));
    ASK(c, agent_set, .name = acd_str("ed"));
    ASK(c, queue_set, .name = acd_str("od\"d\\q"));
    ASK(c, agent_state, .name = acd_str("di"), .state = ACD_READY);
    ASK(c, agent_state, .name = acd_str("ed"), .state = ACD_READY);
    ASK(c, member_set, .agent_name = acd_str("cy"), .queue_name = acd_str("help"));
    ASK(c, agent_state, .name = acd_str("cy"), .state = ACD_READY);
    o = ASK(c, route, .key = acd_str("x"), .queue_name = acd_str("help"));
    ASK(c, accept, .assignment = o.assignment);
    ASK(c, route, .key = acd_str("y"), .queue_name = acd_str("help"));
    ASK(c, hangup, .key = acd_str("y"), .side = ACD_SIDE_CALLER);
    ASK(c, hangup, .key = acd_str("x"), .side = ACD_SIDE_CALLER);
    ASK(c, route, .key = acd_str("z"), .queue_name = acd_str("od\"d\\q"));
    ASK(c, hangup, .key = acd_str("z"), .side = ACD_SIDE_CALLER);
}

static bool is_told(const char *name, const char *more, const char *said)
{
    return report(name, more) == 0 && centre_said(said);
}

static void on_visit(void *ctx, int error, const struct acd_view *view)
{
    CHECK(error == ACD_OK);
    if (view->code == ACD_VIEW_visit)
        *(acd_time *)ctx = view->as.visit.at;
}

/* So long after a visit's end, by the clock of Asia/Kathmandu, which has one all the year. */
static const char *kathmandu(acd_time end, int seconds, const char *format, char out[64])
{
    const time_t at = (time_t)(end / ACD_SECOND) + seconds + (5 * 60 + 45) * 60;
    struct tm tm;

    CHECK(strftime(out, 64, format, gmtime_r(&at, &tm)) > 0);
    return out;
}

/* Reports of visits go by the clock of the zone as all others do, whatever the machine's is. */
static void zone_of_visits(struct centre *c)
{
    const struct acd_query visits = {.code = ACD_QUERY_list_visits,
                                     .as.list_visits.key = acd_str("y")};
    char words[64];
    acd_time end = 0;

    CHECK(acd_client_list(c->client, &visits, on_visit, &end) == ACD_OK && end != 0);
    setenv("TZ", "America/New_York", 1);
    CHECK(is_told("call-detail", "key=y zone=Asia/Kathmandu from=2000-01-01",
                  kathmandu(end, 0, "%T ", words)));
    CHECK(is_told("call-detail", "key=y zone=Asia/Kathmandu from=2000-01-01 format=csv",
                  kathmandu(end, 0, ",%FT%T.", words)));
    snprintf(words, sizeof words, ".%06d+05:45,", (int)(end % ACD_SECOND));
    CHECK(centre_said(words) && !centre_said("Z,"));
    kathmandu(end, 0, "key=y zone=Asia/Kathmandu from=%FT%H:%M", words);
    CHECK(is_told("call-detail", words, " y\n"));
    kathmandu(end, 60, "key=y zone=Asia/Kathmandu from=%FT%H:%M", words);
    CHECK(report("call-detail", words) == 0 && !centre_said(" y\n"));
    kathmandu(end, -(5 * 60 + 45) * 60, "key=y from=%FT%H:%M", words);
    CHECK(is_told("abandoned-calls", words, " y\n"));
    unsetenv("TZ");
    CHECK(report("call-detail", "zone=Mars") == 2 && centre_said("no time zone"));
}

/* Teams are the daemon's to add up: as they are now, one of them too, and of whom a page has no
 * room left are told on the next one. */
static void by_team(struct centre *c)
{
    CHECK(is_told("agent-performance", "from=yesterday by=team format=csv", "\"north\",1,1,1,") &&
          centre_said("\"-\",0,0,0,") && !centre_said("\"di\""));
    CHECK(is_told("agent-performance", "north from=yesterday by=team format=json",
                  "[{\"name\":\"north\",\"offers\":1,") &&
          !centre_said("\"-\""));
    ASK(c, agent_set, .name = acd_str("cy"), .team = acd_str("south"));
    CHECK(is_told("agents-daily", "from=yesterday by=team fold=whole format=csv", "\"south\",") &&
          centre_said("\"north\","));
    CHECK(is_told("agent-performance", "from=yesterday by=team limit=2 format=csv", "\"north\",") &&
          centre_said("\"-\",") && !centre_said("\"south\","));
    CHECK(is_told("agents-daily", "from=yesterday by=team fold=whole together=yes format=csv",
                  "\"\",1,1,"));
    CHECK(report("agents-daily", "by=site") == 2 && centre_said("site"));
}

/* What agents are not ready for is told apart. */
static void by_reason(struct centre *c)
{
    ASK(c, agent_state, .name = acd_str("ed"), .state = ACD_NOT_READY, .reason = 3);
    CHECK_SOON(is_told("agent-activity", "ed from=yesterday fold=quarter format=csv",
                       ",900.000000,0.000000,0.000000,900.000000,0.000000,0.000000,0.000000,"
                       "0.000000,0.000000,"));
    CHECK(centre_said(",in_not_ready,in_reason_1,in_reason_2,in_reason_3,in_reason_4,in_reason_5,"
                      "in_reason_6,in_reason_7,in_other_reasons,in_delayed,"));
    ASK(c, agent_state, .name = acd_str("ed"), .state = ACD_NOT_READY, .reason = 9);
    CHECK_SOON(is_told("agent-activity", "ed from=yesterday fold=quarter format=csv",
                       ",900.000000,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,"
                       "0.000000,900.000000,"));
}

/* A name may be of the past: one that nothing is known of is no error, and is not silent either. */
static void by_a_wrong_name(void)
{
    static const char none[] = "acdctl: nothing was counted of a queue \"typo\" in that time\n";

    CHECK(is_told("call-summary", "typo from=yesterday", none));
    CHECK(is_told("queue-performance", "typo from=yesterday format=csv", none));
    CHECK(is_told("hourly-distribution", "typo from=yesterday --json", none));
    CHECK(is_told("agents-daily", "typo from=yesterday", "counted of an agent \"typo\" in"));
    CHECK(is_told("agents-daily", "typo by=team from=yesterday", "of a team \"typo\" in"));
    CHECK(is_told("agents-daily", "typo together=yes from=yesterday", "an agent \"typo\" in"));
    CHECK(is_told("call-detail", "typo from=yesterday", "no such call of a queue \"typo\" in"));
    CHECK(report("call-summary", "help from=yesterday") == 0 && !centre_said("acdctl: "));
    CHECK(report("agents-daily", "di from=yesterday") == 0 && !centre_said("acdctl: "));
    CHECK(report("call-detail", "help from=yesterday") == 0 && !centre_said("acdctl: "));
    CHECK(report("call-summary", "from=2000-01-01 to=2000-01-02") == 0 && !centre_said("acdctl: "));
}

void test_reports(void)
{
    struct centre c = {.durability = "sync", .flags = {"--clock-rate=900"}};

    centre_start(&c);
    some_calls(&c);
    CHECK_SOON(is_told("queue-performance", "help from=yesterday format=csv", "\"help\",2,1,1,"));
    CHECK_SOON(is_told("queue-performance", "from=yesterday format=csv", "\"od\"\"d\\q\",1,0,1,"));
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        CHECK(report(reports[i], "from=yesterday") == 0);
        CHECK(report(reports[i], "from=yesterday format=csv") == 0 && centre_said("\r\n"));
        CHECK(report(reports[i], "from=yesterday --json") == 0 && centre_said("[{"));
    }
    CHECK(is_told("service-level", "from=yesterday fold=whole format=csv", ",3,1,2,20.000000,") &&
          centre_said("level_a,level_b,level_c,level_d,"));
    CHECK(is_told("queue-performance", "together=yes from=yesterday", " 66.67% "));
    CHECK(is_told("service-level", "from=yesterday threshold=615s short_after=none format=csv",
                  ",600.000000,") &&
          centre_said(",level_d,short_after,level_e\r\n"));
    CHECK(is_told("queue-performance", "help from=yesterday short_after=2s threshold=7s format=csv",
                  ",short_after,short_abandoned,") &&
          centre_said(",average_talk,average_hold,average_wrap_up,aht,abandon_rate,"
                      "long_abandon_rate,callback_rate,reached_rate,rona_rate,"
                      "threshold,level_b,in_time,level_own\r\n") &&
          centre_said("\"help\",2,1,1,2.000000,") && centre_said(",1,50.00\r\n"));
    CHECK(is_told("daily", "help from=yesterday threshold=7s --json",
                  "\"threshold\":7.000000,\"level_b\":"));
    CHECK(is_told("weekly", "help --json", "\"in_time\":1,\"level_own\":50.00}"));
    CHECK(is_told("hourly-distribution", "from=yesterday threshold=7s format=csv", ",7.000000,"));
    CHECK(is_told("agent-performance", "cy from=yesterday format=json",
                  "\"name\":\"cy\",\"offers\":1,\"answered\":1,\"handled\":1"));
    by_team(&c);
    by_reason(&c);
    by_a_wrong_name();
    CHECK(report("daily", "by=team") == 2);
    CHECK(is_told("abandoned-calls", "from=yesterday", " y"));
    CHECK(is_told("abandoned-calls", "help from=yesterday", " y\n") && !centre_said(" z\n"));
    CHECK(is_told("call-detail", "help from=yesterday format=csv", ",\"x\",\"help\",") &&
          centre_said(",\"y\",") && !centre_said(",\"z\","));
    CHECK(is_told("call-detail", "key=z from=yesterday", " z\n") && !centre_said(" y\n"));
    CHECK(report("call-detail", "help queue=help") == 2 && centre_said("said twice"));
    CHECK(report("call-detail", "limit=1 from=yesterday format=csv") == 0 &&
          centre_said("cursor="));
    CHECK(report("abandoned-calls", "min_wait=1000h from=yesterday format=csv") == 0 &&
          !centre_said(",\"y\","));
    CHECK(is_told("daily", "from=yesterday zone=Asia/Kathmandu format=csv", "+05:45,"));
    CHECK(is_told("daily", "from=yesterday fold=whole together=yes format=json",
                  "\"name\":\"\",\"offered\":3,"));
    CHECK(is_told("daily", "from=yesterday format=json", "\"name\":\"od\\\"d\\\\q\","));
    CHECK(report("daily", "zone=Mars") == 2 && centre_said("no time zone"));
    zone_of_visits(&c);
    CHECK(report("daily", "from=soon") == 2 && centre_said("no time like"));
    CHECK(report("daily", "from=today to=yesterday") == 2 && centre_said("not behind from"));
    CHECK(report("daily", "format=xml") == 2 && centre_said("none of table, csv, json"));
    CHECK(report("daily", "min_wait=3s") == 2);
    centre_stop(&c);
    centre_close(&c);
    c.durability = NULL;
    centre_start(&c);
    CHECK(report("daily", "") == 1 && centre_said("in memory only"));
    centre_stop(&c);
    centre_close(&c);
}

/* Unless another is said the zone is that of the daemon's today; a table tells how far it goes,
 * what programs read has nothing else in it. */
void test_reports_of_the_daemons_zone(void)
{
    struct centre c = {.durability = "sync", .flags = {"--clock-rate=900", "--config=day.conf"}};

    centre_write("day.conf", "day_zone = \"Asia/Kathmandu\"\n");
    centre_start(&c);
    some_calls(&c);
    CHECK_SOON(is_told("daily", "help from=yesterday format=csv", "+05:45,\"help\",2,"));
    CHECK(!centre_said("up to"));
    CHECK(report("daily", "from=yesterday --json") == 0 && !centre_said("up to"));
    CHECK(is_told("daily", "from=yesterday zone=UTC format=csv", "+00:00,\"help\",2,"));
    CHECK(is_told("daily", "from=yesterday zone=UTC", "\n\nup to 20") && centre_said(", UTC\n"));
    CHECK(is_told("queue-performance", "from=yesterday to=today", " 00:00, Asia/Kathmandu\n"));
    CHECK(report("daily", "zone=Asia") == 2 && centre_said("no time zone"));
    centre_stop(&c);
    centre_close(&c);
    CHECK(unlink("day.conf") == 0);
}

/* A zone whose midnight comes within an hour of a time, in words. */
static void zone_of_an_evening(acd_time at, char out[64])
{
    const int ahead = 23 - (int)(at / (3600 * ACD_SECOND) % 24);

    snprintf(out, 64, "zone=Etc/GMT%+d", ahead > 14 ? 24 - ahead : -ahead);
}

/* Unless more is asked for, calls are those of today: yesterday's are not in it any more. */
void test_reports_of_calls_are_of_today(void)
{
    struct centre c = {.durability = "sync", .flags = {"--clock-rate=9000"}};
    char zone[64], all[128];

    centre_start(&c);
    some_calls(&c);
    zone_of_an_evening(centre_server(&c).now, zone);
    snprintf(all, sizeof all, "%s from=2000-01-01", zone);
    CHECK_SOON(is_told("call-detail", all, " y\n"));
    CHECK_SOON(report("call-detail", zone) == 0 && !centre_said(" y\n"));
    CHECK_SOON(report("abandoned-calls", zone) == 0 && !centre_said(" y\n"));
    CHECK(is_told("abandoned-calls", all, " y\n"));
    centre_stop(&c);
    centre_close(&c);
}
