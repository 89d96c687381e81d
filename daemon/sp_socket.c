#include "daemon/sp_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A socket file.
 *
 * Happy path: whoever opens a listener holds a lock upon the directory, finds nothing at the path,
 * binds a socket whose mode was set before (bind takes the mode of the socket's own inode, so no
 * umask needs to be touched, which other threads would feel) and listens.
 *
 * Failure modes: a file stands there and nobody listens: it was left by a process that died, and is
 * removed. Somebody listens: -EADDRINUSE. Two processes start at once: without the lock one could
 * take the other's socket, bound but not yet listened at, for a dead one. */

enum { LOCK_TRIES = 100, LOCK_PAUSE_NS = 10 * 1000 * 1000 };

/* The descriptor of the lock, or a negative errno. -EACCES: whoever may write to the directory but
 * not read it has to do without. */
static int lock_directory_of(const char *path)
{
    char directory[SP_PATH_SIZE + 2];
    const char *slash = strrchr(path, '/');
    const struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};

    if (slash == NULL)
        memcpy(directory, ".", sizeof ".");
    else /* with the slash, for the root's sake */
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - path) + 1, path);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (errno != EWOULDBLOCK || tries == LOCK_TRIES) {
            close(fd);
            return -EADDRINUSE;
        }
        nanosleep(&pause, NULL);
    }
    return fd;
}

static struct sockaddr_un unix_address(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};

    memcpy(a.sun_path, path, strlen(path) + 1);
    return a;
}

/* 0: nobody listens at this socket file. */
static int check_dead(const char *path)
{
    struct sockaddr_un a = unix_address(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error;

    if (fd < 0)
        return -errno;
    error = connect(fd, (const struct sockaddr *)&a, sizeof a) == 0 ? 0 : errno;
    close(fd);
    switch (error) {
    case ECONNREFUSED:
    case ENOENT: return 0;
    case 0:      /* taken at once */
    case EAGAIN: /* its queue is full */
    case EPROTOTYPE: /* of another kind, but alive */ return -EADDRINUSE;
    default: return -error;
    }
}

static int remove_dead(const char *path)
{
    struct stat found;
    int error;

    if (lstat(path, &found) != 0)
        return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(found.st_mode))
        return -ENOTSOCK;
    error = check_dead(path);
    if (error == 0 && unlink(path) != 0 && errno != ENOENT)
        error = -errno;
    return error;
}

/* Takes fd: it is closed on failure. */
static int bind_and_listen(int fd, const struct sockaddr *a, socklen_t len, int *out)
{
    if (bind(fd, a, len) != 0 || listen(fd, SOMAXCONN) != 0) {
        int error = -errno;

        close(fd);
        return error;
    }
    *out = fd;
    return 0;
}

static int bind_owner_only(const char *path, struct sp_socket *out)
{
    struct sockaddr_un a = unix_address(path);
    struct stat made;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error;

    if (fd < 0)
        return -errno;
    if (fchmod(fd, S_IRUSR | S_IWUSR) != 0) {
        error = -errno;
        close(fd);
        return error;
    }
    error = bind_and_listen(fd, (const struct sockaddr *)&a, sizeof a, &out->fd);
    if (error == 0 && lstat(path, &made) == 0) {
        out->device = made.st_dev;
        out->inode = made.st_ino;
    }
    return error;
}

static int open_ipc(const char *path, struct sp_socket *out)
{
    int lock = lock_directory_of(path);
    int error;

    if (lock < 0 && lock != -EACCES)
        return lock;
    error = remove_dead(path);
    if (error == 0)
        error = bind_owner_only(path, out);
    if (lock >= 0)
        close(lock);
    return error;
}

static uint16_t bound_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_storage room;
    } a = {0};
    socklen_t len = sizeof a;

    if (getsockname(fd, &a.any, &len) != 0)
        return 0;
    return ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
}

static int open_tcp_at(const struct addrinfo *at, struct sp_socket *out)
{
    int on = 1;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error;

    if (fd < 0)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
        error = -errno;
        close(fd);
        return error;
    }
    error = bind_and_listen(fd, at->ai_addr, at->ai_addrlen, &out->fd);
    if (error == 0)
        out->port = bound_port(fd);
    return error;
}

/* At the first address of the host that this machine has. */
static int open_tcp(const struct sp_address *address, struct sp_socket *out)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char port[8];
    int error;

    snprintf(port, sizeof port, "%u", address->port);
    error = getaddrinfo(address->host[0] != '\0' ? address->host : NULL, port, &hints, &found);
    if (error != 0)
        return error == EAI_MEMORY ? -ENOMEM : error == EAI_SYSTEM ? -errno : -EADDRNOTAVAIL;
    error = -EADDRNOTAVAIL;
    for (const struct addrinfo *at = found;
         at != NULL && (error == -EADDRNOTAVAIL || error == -EAFNOSUPPORT); at = at->ai_next)
        error = open_tcp_at(at, out);
    freeaddrinfo(found);
    return error;
}

int sp_socket_open(const struct sp_address *address, struct sp_socket *out)
{
    memset(out, 0, sizeof *out);
    return address->transport == SP_IPC ? open_ipc(address->path, out) : open_tcp(address, out);
}

void sp_socket_unlink(const struct sp_address *address, const struct sp_socket *s)
{
    struct stat found;

    if (address->transport != SP_IPC || lstat(address->path, &found) != 0)
        return;
    if (found.st_dev == s->device && found.st_ino == s->inode)
        unlink(address->path);
}
