#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/acd_client.h"
#include "tests/e2e/check.h"

/* Gateways that die: processes of their own with the client library and a lease, killed by SIGKILL;
 * an operator looks what becomes of their calls. acdd and gateways are stopped, too, and killed.
 *
 * usage: test_gateway PATH-OF-ACDD */

#define URL "ipc://acd.sock"

static const char *acdd_path;

/* ---- processes ---------------------------------------------------------------------------- */

static pid_t acdd_start(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        execl(acdd_path, acdd_path, "--listen", URL, "--publish", "ipc://acd.pub", "--directory",
              "data", "--log-level", "error", (char *)NULL);
        _exit(127);
    }
    return pid;
}

static void end_by(pid_t pid, int number)
{
    kill(pid, number);
    waitpid(pid, NULL, 0);
}

static struct acd_client *client_open(const char *name, acd_span lease)
{
    const struct acd_client_options options = {.url = URL, .name = name, .lease = lease};
    struct acd_client *c = NULL;

    if (acd_client_open(&c, &options) != ACD_OK || acd_client_connect(c, 10 * ACD_SECOND) != ACD_OK)
        check_give_up(name, c == NULL ? "" : acd_client_error_text(c));
    return c;
}

static int ask(struct acd_client *c, struct acd_command command, struct acd_view_outcome *outcome)
{
    struct acd_view_outcome unused;

    return acd_client_call(c, &command, outcome == NULL ? &unused : outcome);
}

#define CALL(c, outcome, verb, ...)                                                                \
    ask((c), (struct acd_command){.code = ACD_COMMAND_##verb, .as.verb = {__VA_ARGS__}}, (outcome))

/* A gateway that does nothing more than be there, until it is killed. */
static _Noreturn void be_there(struct acd_client *c)
{
    for (;;)
        acd_client_wait(c, ACD_SECOND);
}

/* Brings three calls: k1 talks, k2 rings, k3 waits. */
static _Noreturn void first_life(void)
{
    struct acd_client *c = client_open("gw", ACD_SECOND);
    struct acd_view_outcome o;

    alarm(60);
    if (CALL(c, &o, route, .key = acd_str("k1"), .queue_name = acd_str("sales")) != ACD_OK ||
        CALL(c, NULL, accept, .assignment = o.assignment) != ACD_OK ||
        CALL(c, NULL, route, .key = acd_str("k2"), .queue_name = acd_str("sales")) != ACD_OK ||
        CALL(c, NULL, route, .key = acd_str("k3"), .queue_name = acd_str("sales")) != ACD_OK)
        _exit(1);
    be_there(c);
}

struct found {
    int ok, gone, unknown;
};

static void on_reconciled(void *ctx, size_t place, int error,
                          const struct acd_view_outcome *outcome)
{
    struct found *found = ctx;

    found->ok += error == ACD_OK && outcome->call.gen != 0 && place < 2;
    found->gone += error == ACD_GONE;
    found->unknown += error == ACD_NOT_FOUND && place >= 2;
}

/* Comes back with k1 and k2, and a thousand calls that nobody knows. */
static _Noreturn void second_life(void)
{
    enum { KEYS = 1002 };
    static char names[KEYS][16];
    static struct acd_str keys[KEYS];
    struct acd_client *c = client_open("gw", ACD_SECOND);
    struct found found = {0};

    alarm(60);
    for (int i = 0; i < KEYS; i++) {
        snprintf(names[i], sizeof names[i], i < 2 ? "k%d" : "lost-%d", i + 1);
        keys[i] = acd_str(names[i]);
    }
    if (acd_client_reconcile(c, keys, KEYS, on_reconciled, &found) != ACD_OK || found.ok != 2 ||
        found.gone != 0 || found.unknown != KEYS - 2)
        _exit(1);
    be_there(c);
}

static pid_t spawn(void (*life)(void))
{
    pid_t pid = fork();

    if (pid == 0)
        life();
    return pid;
}

/* ---- looking ------------------------------------------------------------------------------ */

struct picture {
    struct acd_view_client gateway;
    struct acd_view_totals totals;
    int calls;
    uint8_t states[4]; /* of k1 to k3 */
};

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct picture *p = ctx;

    CHECK(error == ACD_OK);
    if (view->code == ACD_VIEW_client)
        p->gateway = view->as.client;
    if (view->code == ACD_VIEW_totals)
        p->totals = view->as.totals;
    if (view->code != ACD_VIEW_call)
        return;
    p->calls++;
    if (view->as.call.key.len == 2 && view->as.call.key.data[1] <= '3')
        p->states[view->as.call.key.data[1] - '0'] = view->as.call.state;
}

static struct picture look(struct acd_client *desk)
{
    struct picture p = {.calls = 0};
    const struct acd_query gateway = {.code = ACD_QUERY_list_clients,
                                      .as.list_clients.name = acd_str("gw")};
    const struct acd_query calls = {.code = ACD_QUERY_list_calls};
    const struct acd_query totals = {.code = ACD_QUERY_get_totals};

    CHECK(acd_client_list(desk, &gateway, on_view, &p) == ACD_OK);
    CHECK(acd_client_list(desk, &calls, on_view, &p) == ACD_OK);
    CHECK(acd_client_query(desk, &totals, on_view, &p) == ACD_OK);
    return p;
}

static bool stand(struct acd_client *desk, uint8_t k1, uint8_t k2, uint8_t k3)
{
    struct picture p = look(desk);

    return p.states[1] == k1 && p.states[2] == k2 && p.states[3] == k3;
}

/* ---- the story ---------------------------------------------------------------------------- */

static void make_centre(struct acd_client *desk)
{
    const char *names[] = {"ann", "bob"};

    CHECK(CALL(desk, NULL, queue_set, .name = acd_str("sales"), .ring_timeout = 60 * ACD_SECOND) ==
          ACD_OK);
    for (int i = 0; i < 2; i++) {
        CHECK(CALL(desk, NULL, agent_set, .name = acd_str(names[i])) == ACD_OK);
        CHECK(CALL(desk, NULL, member_set, .agent_name = acd_str(names[i]),
                   .queue_name = acd_str("sales")) == ACD_OK);
        CHECK(CALL(desk, NULL, agent_state, .name = acd_str(names[i]), .state = ACD_READY) ==
              ACD_OK);
    }
}

/* It does nothing for more than twice its lease, and is heard all the same, without an event for
 * each time. */
static void is_heard(struct acd_client *desk)
{
    uint64_t before = acd_client_position(desk, NULL).sequence, events;

    check_sleep_ms(2600);
    CHECK(!look(desk).gateway.lost);
    events = acd_client_position(desk, NULL).sequence - before;
    CHECK(events >= 5 && events <= 11);
}

static void is_killed(struct acd_client *desk, pid_t gateway)
{
    end_by(gateway, SIGKILL);
    CHECK_SOON(look(desk).gateway.lost);
    CHECK_SOON(stand(desk, ACD_CONNECTED, ACD_STRANDED, ACD_STRANDED));
    CHECK(look(desk).totals.idle == 1); /* bob's phone rings no more */
}

static pid_t comes_back(struct acd_client *desk)
{
    pid_t gateway = spawn(second_life);
    struct picture p;

    CHECK_SOON(stand(desk, ACD_CONNECTED, ACD_OFFERED, 0));
    p = look(desk);
    CHECK(p.totals.lost == 1 && p.calls == 2 && !p.gateway.lost && p.gateway.grace_until == 0);
    return gateway;
}

/* acdd is not there for longer than the lease, and then not run for as long: that kills nobody. */
static void acdd_is_away(struct acd_client *desk, pid_t *acdd)
{
    end_by(*acdd, SIGKILL);
    check_sleep_ms(1600);
    *acdd = acdd_start();
    CHECK(acd_client_connect(desk, 10 * ACD_SECOND) == ACD_OK);
    CHECK(stand(desk, ACD_CONNECTED, ACD_OFFERED, 0));
    check_sleep_ms(1600);
    CHECK(stand(desk, ACD_CONNECTED, ACD_OFFERED, 0));

    kill(*acdd, SIGSTOP);
    check_sleep_ms(2600);
    kill(*acdd, SIGCONT);
    CHECK(stand(desk, ACD_CONNECTED, ACD_OFFERED, 0));
    check_sleep_ms(1600);
    CHECK(stand(desk, ACD_CONNECTED, ACD_OFFERED, 0));
}

static void dies_for_good(struct acd_client *desk, pid_t gateway)
{
    CHECK(CALL(desk, NULL, client_set, .name = acd_str("gw"), .grace = ACD_SECOND) == ACD_OK);
    end_by(gateway, SIGKILL);
    CHECK_SOON(look(desk).gateway.lost);
    CHECK_SOON(look(desk).calls == 0);
    CHECK(look(desk).totals.idle + look(desk).totals.wrap_up == 2);
}

static void run(void)
{
    pid_t acdd = acdd_start(), gateway;
    struct acd_client *desk = client_open(NULL, 0);

    make_centre(desk);
    gateway = spawn(first_life);
    CHECK_SOON(stand(desk, ACD_CONNECTED, ACD_OFFERED, ACD_QUEUED));
    is_heard(desk);
    is_killed(desk, gateway);
    gateway = comes_back(desk);
    acdd_is_away(desk, &acdd);
    dies_for_good(desk, gateway);
    acd_client_close(desk);
    end_by(acdd, SIGTERM);
}

int main(int argc, char **argv)
{
    static char path[4096];
    char directory[] = "/tmp/acd_gateway_XXXXXX";

    if (argc < 2 || realpath(argv[1], path) == NULL)
        check_give_up("usage", "test_gateway PATH-OF-ACDD");
    acdd_path = path;
    check_enter(directory);
    run();
    return check_failures() == 0 ? 0 : 1;
}
