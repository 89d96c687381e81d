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

/* A report that takes long tells how far it is. */

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
