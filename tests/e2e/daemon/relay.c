#include "tests/e2e/daemon/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/process.h"
#include "tests/e2e/peer.h"

enum { CUT_AFTER = 1500, CUTS_MAX = 100 };

/* Its other end is held by the test: when that is closed, it is over. */
static int leash[2];

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
    struct pollfd fds[] = {{client->fd, POLLIN, 0}, {acdd->fd, POLLIN, 0}, {leash[0], 0, 0}};

    while (left > 0) {
        if (poll(fds, 3, -1) <= 0)
            continue;
        if (fds[2].revents != 0 || (fds[0].revents != 0 && pass(client->fd, acdd, SIZE_MAX) == 0))
            return false;
        if (fds[1].revents != 0) {
            size_t passed = pass(acdd->fd, client, left);

            if (passed == 0)
                return false;
            left -= passed;
        }
    }
    return true;
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
    struct pollfd fds[] = {{listener, POLLIN, 0}, {leash[0], 0, 0}};
    int cuts = 0;

    while (fds[1].revents == 0) {
        struct peer client = {.transport = SP_IPC}, acdd;

        if (poll(fds, 2, -1) <= 0 || fds[0].revents == 0)
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
    int listener = listen_at("relay.sock");
    pid_t pid = pipe2(leash, O_CLOEXEC) == 0 ? fork() : -1;

    if (pid < 0)
        check_give_up("relay", strerror(errno));
    if (pid == 0) {
        close(leash[1]);
        _exit(relay(listener));
    }
    close(listener);
    close(leash[0]);
    return pid;
}

int relay_end(pid_t pid)
{
    close(leash[1]);
    unlink("relay.sock");
    return process_wait(pid);
}
