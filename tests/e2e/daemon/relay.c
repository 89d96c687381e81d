#include "tests/e2e/daemon/relay.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/process.h"
#include "tests/e2e/peer.h"

enum { CUT_AFTER = 1500, CUTS_MAX = 100, LOOK_MS = 20 }; /* now and then: is it over? */

static volatile sig_atomic_t is_over;

static void on_term(int number)
{
    (void)number;
    is_over = 1;
}

/* Passes on what is there, at most `max` bytes; returns them, 0 at the end. */
static size_t pass(int from, struct peer *to, size_t max)
{
    uint8_t bytes[4096];
    ssize_t got = recv(from, bytes, max < sizeof bytes ? max : sizeof bytes, 0);

    return got > 0 && peer_send(to, bytes, (size_t)got) ? (size_t)got : 0;
}

/* Until either end is closed, or `left` bytes came from acdd. Returns whether it was cut. */
static bool carry(struct peer *client, struct peer *acdd, size_t left)
{
    struct pollfd fds[2] = {{client->fd, POLLIN, 0}, {acdd->fd, POLLIN, 0}};

    while (left > 0 && !is_over) {
        if (poll(fds, 2, LOOK_MS) <= 0)
            continue;
        if (fds[0].revents != 0 && pass(client->fd, acdd, SIZE_MAX) == 0)
            return false;
        if (fds[1].revents != 0) {
            size_t passed = pass(acdd->fd, client, left);

            if (passed == 0)
                return false;
            left -= passed;
        }
    }
    return left == 0;
}

static int listen_at(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memcpy(at.sun_path, path, strlen(path) + 1);
    if (bind(fd, (const struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 8) != 0)
        check_give_up(path, strerror(errno));
    return fd;
}

static int relay(int listener)
{
    int cuts = 0;

    while (!is_over) {
        struct pollfd comes = {listener, POLLIN, 0};
        struct peer client = {.transport = SP_IPC}, acdd;

        if (poll(&comes, 1, LOOK_MS) <= 0)
            continue;
        client.fd = accept(listener, NULL, NULL);
        acdd = peer_connect(ACDD_URL);
        cuts += carry(&client, &acdd, CUT_AFTER + (size_t)cuts * 397 % 2000);
        peer_close(&client);
        peer_close(&acdd);
    }
    return cuts < CUTS_MAX ? cuts : CUTS_MAX;
}

pid_t relay_start(void)
{
    const struct sigaction action = {.sa_handler = on_term};
    int listener = listen_at("relay.sock");
    pid_t pid = fork();

    if (pid < 0)
        check_give_up("fork", strerror(errno));
    if (pid == 0) {
        sigaction(SIGTERM, &action, NULL);
        _exit(relay(listener));
    }
    close(listener);
    return pid;
}

int relay_end(pid_t pid)
{
    int cuts = process_end(pid, SIGTERM);

    unlink("relay.sock");
    return cuts;
}
