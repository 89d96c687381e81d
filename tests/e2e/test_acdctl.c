#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/acd_messages.h"
#include "tests/e2e/acdctl/run.h"
#include "tests/e2e/acdctl/steps.h"
#include "tests/e2e/check.h"

/* acdctl against a real acdd: each verb, as people read it and as JSON, its exit status and its
 * errors. Prints what broke.
 *
 * usage: test_acdctl PATH-OF-ACDD */

static char said[65536];

/* Every record of the schema has a verb that help knows, and `do` takes it. */
static void test_schema_is_covered(void)
{
    static struct run r;
    const struct acd_record *record;
    char line[128], fields[128];

    for (size_t i = 0; (record = acd_message_at(i)) != NULL; i++) {
        const uint8_t kind = acd_kind_of(record->code);

        if (kind != ACD_KIND_COMMAND && kind != ACD_KIND_QUERY)
            continue;
        snprintf(line, sizeof line, "do %s no_such_field=1", record->name);
        run_acdctl(&r, line);
        if (!CHECK(r.status == 2 && strstr(r.err, "no_such_field: no such field") != NULL))
            fputs(r.err, stderr);
        snprintf(fields, sizeof fields, "%s: no_such_field", record->name);
        CHECK(strstr(r.err, fields) != NULL);
    }
}

/* Each line of the list of verbs, "  agent set   Makes ...", has a help of its own. */
static void test_help_of_every_verb(void)
{
    static struct run all, one;
    char line[128];
    size_t count = 0;

    run_acdctl(&all, "help");
    CHECK(all.status == 0);
    for (char *at = strstr(all.out, "\nVerbs"); at != NULL; at = strchr(at + 1, '\n')) {
        size_t len;
        char *end = strstr(at + 3, "  ");

        if (strncmp(at, "\n  ", 3) != 0 || end == NULL)
            continue;
        len = (size_t)(end - at - 3);
        snprintf(line, sizeof line, "help %.*s", (int)len, at + 3);
        run_acdctl(&one, line);
        if (!CHECK(one.status == 0 && strncmp(one.out, "usage: acdctl ", 14) == 0 &&
                   strncmp(one.out + 14, at + 3, len) == 0))
            fprintf(stderr, "%s\n%s", line, one.out);
        count++;
    }
    CHECK(count > acd_records_command_count + acd_records_query_count);
}

/* ---- events ------------------------------------------------------------------------------- */

static bool is_running(pid_t pid)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

/* Things happen until the tail has seen enough: when it is connected cannot be seen from here. */
static void stir(pid_t pid)
{
    static struct run r;
    const uint64_t by = check_now_ms() + 10000;

    while (is_running(pid) && check_now_ms() < by) {
        run_acdctl(&r, "agent not-ready ann 7");
        run_acdctl(&r, "number set 99 sales");
        run_acdctl(&r, "agent ready ann");
    }
}

static void tail(const char *line)
{
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        check_give_up("pipe", strerror(errno));
    pid = run_acdctl_to(line, ends[1]);
    close(ends[1]);
    stir(pid);
    CHECK(run_wait(pid) == 0);
    run_read_all(ends[0], said, sizeof said);
    close(ends[0]);
}

static void test_events(void)
{
    tail("events --topic agent --count 4");
    CHECK(strstr(said, "agent_state") != NULL && strstr(said, " agent=ann state=") != NULL);
    CHECK(strstr(said, " agent=ann state=not_ready reason=7\n") != NULL);
    CHECK(strstr(said, "number_set") == NULL);
    tail("events config --count 2 --json");
    if (!CHECK(run_matches("{\"position\":\"*.*\",\"time\":\"20*Z\",\"topic\":\"config\","
                           "\"event\":\"number_set\",\"fields\":{\"number\":\"99\",\"queue\":\"*\"}"
                           "}\n{\"position\":*}\n",
                           said)))
        fputs(said, stderr);
}

/* ---- watch -------------------------------------------------------------------------------- */

/* Reads a terminal until it has shown a text, for at most 10 s. */
static bool shows(int fd, size_t *used, const char *text)
{
    const uint64_t by = check_now_ms() + 10000;
    struct pollfd p = {fd, POLLIN, 0};

    while (strstr(said, text) == NULL && check_now_ms() < by && *used < sizeof said - 1) {
        ssize_t got;

        if (poll(&p, 1, 100) <= 0)
            continue;
        got = read(fd, said + *used, sizeof said - 1 - *used);
        if (got <= 0)
            return false; /* EIO: nobody is there any more */
        *used += (size_t)got;
        said[*used] = '\0';
    }
    return strstr(said, text) != NULL;
}

/* On a terminal it is drawn in place, anew when something happens though its interval is long, and
 * the terminal is left as it was when it is interrupted. */
static void test_watch_on_terminal(void)
{
    const struct winsize size = {.ws_row = 40, .ws_col = 100};
    static struct run r;
    size_t used = 0;
    int terminal, ours;
    pid_t pid;

    if (openpty(&ours, &terminal, NULL, NULL, &size) != 0)
        check_give_up("openpty", strerror(errno));
    memset(said, 0, sizeof said);
    pid = run_acdctl_to("watch -n 60", terminal);
    CHECK(shows(ours, &used, "\033[J"));
    CHECK(strstr(said, " 0 refused") != NULL);
    run_acdctl(&r, "call route kw help");
    CHECK(r.status == 0 && shows(ours, &used, " 1 refused"));
    kill(pid, SIGINT);
    CHECK(shows(ours, &used, "\033[?1049l"));
    CHECK(run_wait(pid) == 0);
    close(terminal);
    close(ours);
    CHECK(strncmp(said, "\033[?1049h", 8) == 0 && strstr(said, "\033[?25h") != NULL);
}

/* Whether the process sleeps in a write. */
static bool is_writing(pid_t pid)
{
    char path[64], text[64] = "";
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
    file = fopen(path, "re");
    if (file != NULL && fgets(text, sizeof text, file) == NULL)
        text[0] = '\0';
    if (file != NULL)
        (void)fclose(file);
    return strtol(text, NULL, 10) == SYS_write && text[0] != '\0' && text[0] != 'r';
}

/* Until it takes nothing for 100 ms: its far end makes room once more behind our back. */
static void fill(int terminal)
{
    const int flags = fcntl(terminal, F_GETFL);
    struct pollfd room = {terminal, POLLOUT, 0};

    if (fcntl(terminal, F_SETFL, flags | O_NONBLOCK) != 0)
        check_give_up("fcntl", strerror(errno));
    do {
        while (write(terminal, ".", 1) > 0)
            continue;
    } while (errno == EAGAIN && poll(&room, 1, 100) > 0);
    if (errno != EAGAIN || fcntl(terminal, F_SETFL, flags) != 0)
        check_give_up("a full terminal", strerror(errno));
}

/* A terminal that takes nothing for a while does not lose the end of the screen to the signal. */
static void test_watch_on_slow_terminal(void)
{
    const uint64_t by = check_now_ms() + 10000;
    size_t used = 0;
    int terminal, ours;
    pid_t pid;

    if (openpty(&ours, &terminal, NULL, NULL, NULL) != 0)
        check_give_up("openpty", strerror(errno));
    fill(terminal);
    memset(said, 0, sizeof said);
    pid = run_acdctl_to("watch -n 60", terminal);
    while (!is_writing(pid) && check_now_ms() < by)
        usleep(1000);
    CHECK(is_writing(pid));
    kill(pid, SIGINT);
    CHECK(shows(ours, &used, "\033[?1049l"));
    CHECK(run_wait(pid) == 0);
    close(terminal);
    close(ours);
}

/* ---- somebody who does not answer --------------------------------------------------------- */

static void test_silent_daemon(void)
{
    static const struct step steps[] = {
        {"--timeout 0.2 -s ipc://silent.sock status", 3, "acdctl: ipc://silent.sock: *\n"},
        {"--timeout 0.2 -s ipc://silent.sock --json agent ready ann", 3,
         "{\"error\":\"DISCONNECTED\",\"field\":\"\",\"text\":\"ipc://silent.sock: *\"}\n"},
    };
    const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "silent.sock"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, 8) != 0)
        check_give_up("silent.sock", strerror(errno));
    run_steps(steps, sizeof steps / sizeof steps[0]);
    close(fd);
    CHECK(unlink("silent.sock") == 0);
}

/* ---- main --------------------------------------------------------------------------------- */

/* With a tenant, at an address of its own. */
static void write_config(void)
{
    FILE *f = fopen("acdd.conf", "w");

    if (f == NULL)
        check_give_up("acdd.conf", strerror(errno));
    (void)fputs("tenant acme {\n  listen = {\"ipc://acme.sock\"}\n}\n", f);
    (void)fclose(f);
}

static void with_daemon(void)
{
    static struct run r;
    pid_t acdd = run_acdd();

    run_acdctl(&r, "--timeout 10 server");
    if (r.status != 0)
        check_give_up("acdd", r.err);
    steps_usage();
    test_schema_is_covered();
    steps_configure();
    steps_clients();
    steps_targets();
    steps_calls();
    steps_status();
    test_events();
    steps_as_gateway();
    steps_others();
    test_watch_on_terminal();
    test_watch_on_slow_terminal();
    steps_consult();
    steps_consult_number();
    steps_callback();
    steps_config();
    steps_tenant();
    steps_remove();
    kill(acdd, SIGTERM);
    CHECK(run_wait(acdd) == 0);
}

int main(int argc, char **argv)
{
    char directory[] = "/tmp/acdctl_XXXXXX";

    if (argc < 2)
        return 77; /* there is no daemon in this build */
    signal(SIGPIPE, SIG_IGN);
    run_init(argv[1]);
    if (mkdtemp(directory) == NULL || chdir(directory) != 0)
        check_give_up(directory, "cannot be made");
    test_help_of_every_verb();
    steps_without_daemon();
    test_silent_daemon();
    write_config();
    with_daemon();
    CHECK(unlink("acdd.conf") == 0);
    (void)unlink("acd.sock");
    (void)unlink("acd.pub");
    (void)unlink("acme.sock");
    if (chdir("/") != 0 || rmdir(directory) != 0) {
        perror(directory);
        return 1;
    }
    return check_failures() == 0 ? 0 : 1;
}
