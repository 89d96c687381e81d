#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

/* acdd's life: how it starts, what it is told by flags, file and signals, and how it ends. */

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        check_give_up(name, "cannot be written");
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* ---- ending ------------------------------------------------------------------------------- */

/* Who waits is answered, the sockets are gone, and so is the process. */
static void end_by(int number)
{
    pid_t acdd = process_start("");
    struct asker *gateway = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    uint64_t request = 0;
    uint32_t tag = 0;

    asker_send_query(gateway, 5, &QUERY(next, .wait = 30 * ACD_SECOND));
    CHECK(!asker_hears(gateway, 20));
    kill(acdd, number);
    CHECK(asker_receive(gateway, &tag, &request) == ACD_OK && request == 5 && gateway->count == 0);
    CHECK(peer_is_hung_up(&gateway->peer));
    asker_close(gateway);
    CHECK(process_wait(acdd) == 0);
    CHECK(!exists("acd.sock") && !exists("acd.pub"));
    CHECK(process_said(ACDD_LOG, "level=info event=stopping signal="));
    CHECK(process_said(ACDD_LOG, "level=info event=stopped requests=2 "));
    CHECK(process_log_is_structured(ACDD_LOG));
}

void test_sigterm_and_sigint_end_it_cleanly(void)
{
    end_by(SIGTERM);
    end_by(SIGINT);
}

/* Somebody who neither reads nor hangs up holds the end up for a second, no longer. */
void test_ending_does_not_wait_for_ever(void)
{
    pid_t acdd = process_start("");
    struct peer p = peer_open(ACDD_URL);
    uint64_t began = check_now_ms();

    CHECK(process_end(acdd, SIGTERM) == 0);
    CHECK(check_now_ms() < began + 5000);
    peer_close(&p);
}

/* ---- starting ----------------------------------------------------------------------------- */

void test_sockets_are_for_their_owner_only(void)
{
    mode_t before = umask(0);
    pid_t acdd = process_start("");
    struct stat s = {0};

    umask(before);
    CHECK(stat("acd.sock", &s) == 0 && S_ISSOCK(s.st_mode) && (s.st_mode & 0777) == 0600);
    CHECK(stat("acd.pub", &s) == 0 && S_ISSOCK(s.st_mode) && (s.st_mode & 0777) == 0600);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

void test_a_living_socket_is_refused(void)
{
    pid_t acdd = process_start("");
    struct asker *a = asker_open(ACDD_URL);
    struct acd_view_server before = asker_server(a);

    CHECK(process_wait(
              process_spawn("second.log", "--listen " ACDD_URL " --publish ipc://b.pub")) == 1);
    CHECK(process_said("second.log", "level=error event=cannot_listen url=ipc://acd.sock*in use"));
    CHECK(process_wait(
              process_spawn("second.log", "--listen ipc://b.sock --publish " ACDD_PUB_URL)) == 1);
    CHECK(process_said("second.log", "level=error event=cannot_listen url=ipc://acd.pub*in use"));
    CHECK(!exists("b.sock") && !exists("b.pub")); /* what it had opened by then is gone */
    CHECK(process_log_is_structured("second.log"));
    CHECK(asker_server(a).connections == before.connections && exists("acd.sock"));
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

void test_a_dead_socket_is_replaced(void)
{
    pid_t acdd = process_start("");
    struct asker *a;

    CHECK(process_end(acdd, SIGKILL) == -1);
    CHECK(exists("acd.sock") && exists("acd.pub"));
    acdd = process_start("");
    a = asker_open(ACDD_URL);
    CHECK(asker_server(a).subscribers == 0);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* ---- real time ------------------------------------------------------------------------------ */

/* How many of its threads run in real time. */
static int threads_in_realtime(pid_t pid)
{
    char path[64];
    int count = 0;
    DIR *tasks;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    for (struct dirent *d; tasks != NULL && (d = readdir(tasks)) != NULL;)
        if (d->d_name[0] != '.')
            count += (sched_getscheduler((pid_t)strtol(d->d_name, NULL, 10)) &
                      ~SCHED_RESET_ON_FORK) == SCHED_RR;
    if (tasks != NULL)
        closedir(tasks);
    return count;
}

/* The loop, and nobody else; or a warning. */
void test_the_loop_runs_in_realtime(void)
{
    pid_t acdd = process_start("--realtime");

    CHECK_SOON(threads_in_realtime(acdd) == 1 ||
               process_said(ACDD_LOG, "level=warn event=realtime_refused reason=*RLIMIT_RTPRIO"));
    CHECK(process_end(acdd, SIGTERM) == 0);
    acdd = process_start("");
    CHECK(threads_in_realtime(acdd) == 0);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* ---- tcp ---------------------------------------------------------------------------------- */

static bool is_inet_socket(unsigned long inode)
{
    static const char *const tables[] = {"/proc/net/tcp", "/proc/net/tcp6"};
    char line[512], word[32];
    bool found = false;

    snprintf(word, sizeof word, " %lu ", inode);
    for (size_t i = 0; i < 2; i++) {
        FILE *file = fopen(tables[i], "r");

        while (file != NULL && fgets(line, sizeof line, file) != NULL)
            found = found || strstr(line, word) != NULL;
        if (file != NULL)
            (void)fclose(file);
    }
    return found;
}

/* How many sockets of internet protocols a process has. */
static unsigned inet_sockets(pid_t pid)
{
    char folder[64], link[128];
    const struct dirent *entry;
    unsigned count = 0;
    DIR *fds;

    snprintf(folder, sizeof folder, "/proc/%d/fd", (int)pid);
    fds = opendir(folder);
    while (fds != NULL && (entry = readdir(fds)) != NULL) {
        char path[400];
        ssize_t len;

        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        len = readlink(path, link, sizeof link - 1);
        if (len < 0)
            continue;
        link[len] = '\0';
        if (strncmp(link, "socket:[", 8) == 0)
            count += is_inet_socket(strtoul(link + 8, NULL, 10));
    }
    if (fds != NULL)
        closedir(fds);
    return count;
}

void test_there_is_no_tcp_unless_asked_for(void)
{
    pid_t acdd = process_start("");

    CHECK(inet_sockets(acdd) == 0);
    CHECK(process_end(acdd, SIGTERM) == 0);
    acdd = process_start("--listen tcp://127.0.0.1:0 --listen " ACDD_URL);
    CHECK(inet_sockets(acdd) == 1);
    CHECK(process_said(ACDD_LOG, "level=info event=listening url=tcp://127.0.0.1:0 port="));
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* ---- flags and file ----------------------------------------------------------------------- */

void test_flags_win_over_the_file(void)
{
    pid_t acdd;
    struct asker *a;

    write_file("acd.conf", "listen = {\"ipc://file.sock\"}\npublish = {\"ipc://file.pub\"}\n"
                           "clock_rate = 1\nlimits {\n  queues = 3\n  agents = 5\n}\n");
    acdd = process_spawn("acdd.log", "--config acd.conf --listen ipc://flag.sock --limit queues=2"
                                     " --clock-rate 1000");
    CHECK_SOON(process_said(ACDD_LOG, "event=started*rate=1000"));
    CHECK(exists("flag.sock") && exists("file.pub") && !exists("file.sock"));
    a = asker_open("ipc://flag.sock");
    for (int i = 0; i < 6; i++) {
        struct acd_view_outcome o;
        char name[] = "n0";

        name[1] = (char)('0' + i);
        CHECK(DO(a, &o, queue_set, .name = acd_str(name)) == (i < 2 ? ACD_OK : ACD_FULL));
        CHECK(DO(a, &o, agent_set, .name = acd_str(name)) == (i < 5 ? ACD_OK : ACD_FULL));
    }
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* Tells what and where, and nothing is opened. */
static void expect_refusal(const char *arguments, int status, const char *said)
{
    CHECK(process_wait(process_spawn("refused.log", arguments)) == status);
    if (!CHECK(process_said("refused.log", said)))
        fprintf(stderr, "%s: expected %s\n", arguments, said);
    CHECK(!exists("acd.sock"));
}

void test_faulty_flags_and_files_are_refused(void)
{
    expect_refusal("--listen http://acd.sock", 2, "'http://acd.sock' is no ipc://path or tcp");
    expect_refusal("--check --listen tcp://acd:99999", 2, "'tcp://acd:99999' is no ipc://path");
    expect_refusal("--listen ipc://acd.sock --clock-rate fast", 2, "--clock-rate: 'fast' is no");
    expect_refusal("--listen ipc://acd.sock --limit cows=3", 2, "--limit: 'cows=3' is not");
    expect_refusal("--listen ipc://acd.sock --log-level loud", 2, "--log-level: 'loud' is none");
    expect_refusal("--listen ipc://acd.sock --wrong", 2, "unrecognized option");
    expect_refusal("--listen ipc://acd.sock --config none.conf", 1, "none.conf*cannot be read");
    write_file("wrong.conf", "log_level = info\nclock_rate = 0\n");
    expect_refusal("--listen ipc://acd.sock --config wrong.conf", 1,
                   "file=\"wrong.conf\" line=2 reason=\"clock_rate: must be above 0");
    write_file("wrong.conf", "\n\nlisten = {\"smtp://x\"}\n");
    expect_refusal("--config wrong.conf", 1, "line=3 reason=\"listen: 'smtp://x' is no ipc://");
    write_file("wrong.conf", "publish = {\"tcp://acd\"}\n");
    expect_refusal("--check --config wrong.conf", 1, "line=1 reason=\"publish: 'tcp://acd' is no");
    write_file("wrong.conf", "limits {\n  cows = 3\n}\n");
    expect_refusal("--listen ipc://acd.sock --config wrong.conf", 1,
                   "line=2 reason=\"no such option");
    expect_refusal("--listen ipc://no/such/folder/acd.sock", 1, "event=cannot_listen");
    expect_refusal("--listen ipc://acd.sock --limit outbox_bytes=1", 1, "event=cannot_open_engine");
    expect_refusal("--check --limit outbox_bytes=1", 1, "event=cannot_open_engine");
    expect_refusal("--check --limit queues_per_agent=1025", 1, "event=cannot_open_engine");
    write_file("wrong.conf", "out_bytes_max = 0\n");
    expect_refusal("--config wrong.conf", 1, "line=1 reason=\"out_bytes_max: must be between 1");
    write_file("wrong.conf", "# one\n/* two\n three */ log_level = info // ipc://x\n"
                             "listen = {ipc://y.sock} # four\ndirectory = 'a#b'\ncows = 6\n");
    expect_refusal("--config wrong.conf", 1, "line=6 reason=\"no such option 'cows'");
    write_file("wrong.conf", "limits {\n  agents = 3\n");
    expect_refusal("--config wrong.conf", 1, "line=1 reason=\"what begins here never ends\"");
    write_file("wrong.conf", "log_level = info\ndirectory = \"/var\n");
    expect_refusal("--config wrong.conf", 1, "line=2 reason=\"what begins here never ends\"");
    write_file("wrong.conf", "log_level = info\n");
    CHECK(process_wait(process_spawn("refused.log", "--check --config wrong.conf")) == 0);
    CHECK(process_said("refused.log", "level=info event=config_ok file=\"wrong.conf\""));
}

void test_sighup_reloads_or_leaves_all_as_it_was(void)
{
    struct asker *a;
    pid_t acdd;

    write_file("acd.conf", "log_level = info\n");
    acdd = process_start("--config acd.conf");
    a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    write_file("acd.conf",
               "log_level = info\nconnections_max = 1\nlisten = {\"ipc://other.sock\"}\n");
    kill(acdd, SIGHUP);
    CHECK_SOON(process_said(ACDD_LOG, "level=info event=reloaded file=\"acd.conf\""));
    CHECK(!exists("other.sock")); /* needs a restart */
    write_file("acd.conf", "log_level = error\n# a mistake\nconnections_max = many\n");
    kill(acdd, SIGHUP);
    CHECK_SOON(process_said(ACDD_LOG, "level=error event=config file=\"acd.conf\" line=3 reason="));
    CHECK_SOON(process_said(ACDD_LOG, "level=warn event=not_reloaded"));
    write_file("acd.conf", "log_level = error\n");
    kill(acdd, SIGHUP); /* is silent about it now */
    CHECK(asker_next(a, 0, 0) == ACD_OK);
    asker_close(a);
    CHECK(process_log_is_structured(ACDD_LOG));
    CHECK(process_end(acdd, SIGTERM) == 0);
    CHECK(!process_said(ACDD_LOG, "event=stopping"));
    acdd = process_start("--config acd.conf --log-level info"); /* a flag wins over the file */
    kill(acdd, SIGHUP);
    CHECK_SOON(process_said(ACDD_LOG, "level=info event=reloaded"));
    CHECK(process_end(acdd, SIGTERM) == 0);
}

/* ---- the day ------------------------------------------------------------------------------ */

/* Whether today's counters are of this day so many hours ahead of UTC. */
static bool is_day_of(struct asker *a, int hours)
{
    acd_time there = asker_server(a).now + hours * 3600 * ACD_SECOND;

    return CHECK(ASK(a, get_totals, .reserved = 0) == ACD_OK && a->count == 1) &&
           a->views[0].as.totals.day == there / (86400 * ACD_SECOND);
}

static bool is_of_zone(struct asker *a, const char *zone)
{
    const struct acd_str said = asker_server(a).day_zone;

    return said.len == strlen(zone) && memcmp(said.data, zone, said.len) == 0;
}

/* 14 hours ahead of UTC, and 12 behind: it is another day in at least one of them. */
void test_today_is_of_the_zone_that_is_said(void)
{
    static const struct {
        const char *zone;
        int hours;
    } zones[] = {{"Pacific/Kiritimati", 14}, {"Etc/GMT+12", -12}, {"UTC", 0}};

    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        char text[64];
        struct asker *a;
        pid_t acdd;

        snprintf(text, sizeof text, "day_zone = \"%s\"\n", zones[i].zone);
        write_file("acd.conf", text);
        acdd = process_start("--config acd.conf");
        a = asker_open(ACDD_URL);
        CHECK_SOON(is_day_of(a, zones[i].hours));
        CHECK(is_of_zone(a, zones[i].zone));
        write_file("acd.conf", "day_zone = \"Asia/Kathmandu\"\n");
        kill(acdd, SIGHUP);
        CHECK_SOON(is_of_zone(a, "Asia/Kathmandu"));
        asker_close(a);
        CHECK(process_end(acdd, SIGTERM) == 0);
    }
    write_file("wrong.conf", "\nday_zone = \"Europe\"\n");
    expect_refusal("--check --config wrong.conf", 1,
                   "line=2 reason=\"day_zone: 'Europe' is no time zone of this system");
}

/* ---- the clock ---------------------------------------------------------------------------- */

/* A lease of 15 s runs out in 15 ms. */
void test_the_clock_runs_at_its_rate(void)
{
    pid_t acdd = process_start("--clock-rate 1000");
    struct asker *a = asker_named(ACDD_URL, "sip-1", ACD_GATEWAY);
    struct acd_view_outcome o;
    acd_time began = asker_server(a).now, ended;
    const struct acd_view_notice *notice = &a->views[0].as.notice;

    centre_queue(a, "sales");
    centre_agent(a, "ada", "sales");
    centre_state(a, "ada", ACD_READY);
    CHECK(DO(a, &o, route, .key = acd_str("a"), .queue_name = acd_str("sales")) == ACD_OK);
    CHECK(o.verdict == ACD_VERDICT_OFFERED);
    ended = o.until;
    CHECK(asker_next(a, 0, 10 * ACD_SECOND) == ACD_OK && a->count > 0);
    CHECK(notice->kind == ACD_NOTICE_OFFER_ENDED && notice->result == ACD_OFFER_NO_ANSWER);
    CHECK(notice->at >= ended && notice->at < ended + 3600 * ACD_SECOND);
    check_sleep_ms(20);
    CHECK(asker_server(a).now - began > 20 * ACD_SECOND);
    CHECK(a->views[0].as.server.uptime > 20 * ACD_SECOND);
    asker_close(a);
    CHECK(process_end(acdd, SIGTERM) == 0);
}
