#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"
#include "tests/e2e/peer.h"

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

    ASK(c, queue_set, .name = acd_str("help"), .ring_timeout = 600 * ACD_SECOND);
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
    CHECK(is_told("call-detail", "key=y zone=Asia/Kathmandu", kathmandu(end, 0, "%T ", words)));
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
    CHECK(is_told("service-level", "from=yesterday threshold=615s short_after=none format=csv",
                  ",600.000000,") &&
          centre_said(",level_d,short_after,level_e\r\n"));
    CHECK(is_told("queue-performance", "help from=yesterday short_after=2s threshold=7s format=csv",
                  ",short_after,short_abandoned,") &&
          centre_said(",average_talk,average_hold,average_wrap_up,aht,abandon_rate,"
                      "long_abandon_rate,callback_rate,reached_rate,rona_rate,"
                      "threshold,level_b\r\n") &&
          centre_said("\"help\",2,1,1,2.000000,"));
    CHECK(is_told("daily", "help from=yesterday threshold=7s --json",
                  "\"threshold\":7.000000,\"level_b\":"));
    CHECK(is_told("hourly-distribution", "from=yesterday threshold=7s format=csv", ",7.000000,"));
    CHECK(is_told("agent-performance", "cy from=yesterday format=json",
                  "\"name\":\"cy\",\"offers\":1,\"answered\":1,\"handled\":1"));
    by_team(&c);
    by_reason(&c);
    CHECK(report("daily", "by=team") == 2);
    CHECK(is_told("abandoned-calls", "from=yesterday", " y"));
    CHECK(report("call-detail", "limit=1 format=csv") == 0 && centre_said("cursor="));
    CHECK(report("abandoned-calls", "min_wait=1000h format=csv") == 0 && !centre_said(",y,"));
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

/* ---- one that takes long -------------------------------------------------------------------- */

#define SLOW_URL "ipc://slow.sock"

enum { SLOW_MS = 600, AGENTS = 210, QUARTERS = 12 };

static void on_folded(void *ctx, int error, const struct acd_view *view)
{
    CHECK(error == ACD_OK);
    if (view->code == ACD_VIEW_folded)
        *(acd_time *)ctx = view->as.folded.until;
}

/* Up to when a report made now would tell of this time. */
static acd_time told_until(struct centre *c, acd_time to)
{
    const struct acd_query q = {
        .code = ACD_QUERY_list_agent_folds,
        .as.list_agent_folds = {.from = to - 86400 * ACD_SECOND, .to = to, .limit = 1}};
    acd_time until = 0;

    CHECK(acd_client_query(c->client, &q, on_folded, &until) == ACD_OK);
    return until;
}

/* More rows than two pages have, from the first call on; when they end. */
static acd_time make_long_report(struct centre *c)
{
    char name[24];
    acd_time to;

    ASK(c, queue_set, .name = acd_str("help"));
    ASK(c, route, .key = acd_str("first"), .queue_name = acd_str("help"));
    ASK(c, route, .key = acd_str("second"), .queue_name = acd_str("help"));
    ASK(c, hangup, .key = acd_str("second"), .side = ACD_SIDE_CALLER);
    for (int i = 0; i < AGENTS; i++) {
        snprintf(name, sizeof name, "agent-%d", i);
        ASK(c, agent_set, .name = acd_str(name));
        ASK(c, agent_state, .name = acd_str(name), .state = ACD_READY);
    }
    to = centre_server(c).now + QUARTERS * (acd_span)900 * ACD_SECOND;
    CHECK_SOON(told_until(c, to) >= to - 60 * ACD_SECOND);
    return to;
}

static int slow_listen(void)
{
    const struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "slow.sock"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 1) != 0)
        check_give_up("slow.sock", strerror(errno));
    return fd;
}

static bool slow_pass(int from, struct peer *to)
{
    uint8_t bytes[65536];
    ssize_t got = recv(from, bytes, sizeof bytes, 0);

    return got > 0 && peer_send(to, bytes, (size_t)got);
}

/* Passes on what one client asks, each request a while later, until it is gone. */
static void slow_carry(int listener)
{
    struct peer client = {.fd = accept(listener, NULL, NULL), .transport = SP_IPC};
    struct peer acdd = peer_connect(CENTRE_URL);
    struct pollfd fds[] = {{client.fd, POLLIN, 0}, {acdd.fd, POLLIN, 0}};
    bool open = client.fd >= 0;

    while (open && poll(fds, 2, -1) > 0) {
        if (fds[1].revents != 0)
            open = slow_pass(acdd.fd, &client);
        if (!open || fds[0].revents == 0)
            continue;
        check_sleep_ms(SLOW_MS);
        open = slow_pass(client.fd, &acdd);
    }
    peer_close(&client);
    peer_close(&acdd);
}

/* "from=2026-11-26T10:15" */
static void time_put(char *out, size_t room, const char *name, acd_time at)
{
    const time_t seconds = (time_t)(at / ACD_SECOND);
    char text[32];
    struct tm tm;

    CHECK(strftime(text, sizeof text, "%FT%R", gmtime_r(&seconds, &tm)) > 0);
    snprintf(out, room, "%s=%s", name, text);
}

/* Begins a report of so long up to `to`, in a process whose errors go to `err`. */
static pid_t begin_report(const char *url, const char *name, acd_span length, acd_time to, int err)
{
    char words[192], begin[64], end[64];
    pid_t pid;

    time_put(begin, sizeof begin, "from", to - length);
    time_put(end, sizeof end, "to", to);
    snprintf(words, sizeof words, "--timeout 30 report %s %s %s", name, begin, end);
    pid = fork();
    if (pid == 0)
        _exit(dup2(err, STDERR_FILENO) < 0 ? 127 : centre_acdctl_by(url, words));
    return pid;
}

static int end_report(pid_t pid)
{
    int status = -1;

    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The same by the slow line; its exit status. */
static int slow_report(const char *name, acd_span length, acd_time to, int err)
{
    int listener = slow_listen(), status;
    pid_t pid = begin_report(SLOW_URL, name, length, to, err);

    slow_carry(listener);
    status = end_report(pid);
    close(listener);
    CHECK(unlink("slow.sock") == 0);
    return status;
}

static void read_some(int fd, char *out, size_t len)
{
    ssize_t got = 0;
    size_t used = 0;

    while (used < len - 1 && poll(&(struct pollfd){fd, POLLIN, 0}, 1, 0) > 0 &&
           (got = read(fd, out + used, len - 1 - used)) > 0)
        used += (size_t)got;
    out[used] = '\0';
}

#define DAY (86400 * ACD_SECOND)

/* A range that is one piece is asked in parts on a terminal, and comes to the same. The first of
 * two ends half-way through what was counted. */
static void same_in_parts(const char *name, acd_time to, int terminal, int file)
{
    const acd_span length = DAY + QUARTERS * (acd_span)450 * ACD_SECOND;

    CHECK(end_report(begin_report(CENTRE_URL, name, length, to, terminal)) == 0);
    CHECK(centre_said(",") && rename("said", "said-2") == 0);
    CHECK(end_report(begin_report(CENTRE_URL, name, length, to, file)) == 0);
    CHECK(system("cmp said said-2") == 0 && unlink("said-2") == 0);
}

/* A report that takes over a second tells on a terminal how far it is, and takes that away at its
 * end; elsewhere nothing of it is seen. */
void test_slow_report(void)
{
    struct centre c = {.durability = "async", .flags = {"--clock-rate=9000"}};
    int ours, terminal, file;
    unsigned long percent;
    char told[256];
    acd_time to;

    centre_start(&c);
    to = make_long_report(&c);
    if (openpty(&ours, &terminal, NULL, NULL, NULL) != 0)
        check_give_up("openpty", strerror(errno));
    CHECK(slow_report("agent-activity fold=quarter", DAY, to, terminal) == 0 &&
          centre_said("agent-0"));
    read_some(ours, told, sizeof told);
    CHECK(strncmp(told, "\racdctl: ", 9) == 0 && strstr(told, " %") != NULL);
    percent = strtoul(told + 9, NULL, 10);
    CHECK(percent > 0 && percent < 100);
    CHECK(strstr(told, "    \r") != NULL && strstr(told, "    \r")[5] == '\0');
    CHECK(slow_report("queue-performance", 4 * DAY, to, terminal) == 0 && centre_said("help"));
    read_some(ours, told, sizeof told);
    percent = strtoul(told + 9, NULL, 10);
    CHECK(percent > 0 && percent < 100);
    file = open("log-2", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(file >= 0 && slow_report("agent-activity fold=quarter", DAY, to, file) == 0 &&
          centre_said("agent-0"));
    same_in_parts("queue-performance format=csv", to, terminal, file);
    same_in_parts("agent-performance format=csv", to, terminal, file);
    same_in_parts("service-level fold=whole format=csv", to, terminal, file);
    close(ours);
    close(terminal);
    CHECK(lseek(file, 0, SEEK_END) == 0 && close(file) == 0 && unlink("log-2") == 0);
    centre_stop(&c);
    centre_close(&c);
}
