#include "tests/e2e/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/sp_address.h"
#include "tests/e2e/check.h"

static int connect_ipc(const struct sp_address *a)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(to.sun_path, a->path, sizeof to.sun_path);
    return connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 ? fd : -1;
}

static int connect_tcp(const struct sp_address *a)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(a->port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    inet_pton(AF_INET, a->host, &to.sin_addr);
    return connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 ? fd : -1;
}

struct peer peer_connect(const char *url)
{
    const struct timeval limit = {.tv_sec = 10};
    struct sp_address a;
    struct peer p;

    if (sp_address_parse(url, &a) != 0)
        check_give_up(url, "no address");
    p.transport = a.transport;
    p.fd = a.transport == SP_IPC ? connect_ipc(&a) : connect_tcp(&a);
    if (p.fd < 0)
        check_give_up(url, strerror(errno));
    setsockopt(p.fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(p.fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    return p;
}

void peer_close(struct peer *p)
{
    close(p->fd);
    p->fd = -1;
}

bool peer_send(struct peer *p, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len > 0) {
        ssize_t sent = send(p->fd, at, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

bool peer_receive(struct peer *p, void *bytes, size_t len)
{
    uint8_t *at = bytes;

    while (len > 0) {
        ssize_t got = recv(p->fd, at, len, 0);

        if (got <= 0)
            return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

bool peer_hello(struct peer *p, enum sp_protocol self, enum sp_protocol other)
{
    uint8_t hello[SP_HELLO_BYTES];

    sp_hello_write(hello, self);
    return peer_send(p, hello, sizeof hello) && peer_receive(p, hello, sizeof hello) &&
           sp_hello_read(hello, sizeof hello, other) == SP_WHOLE;
}

struct peer peer_open(const char *url)
{
    struct peer p = peer_connect(url);

    if (!peer_hello(&p, SP_REQ, SP_REP))
        check_give_up(url, "no hello");
    return p;
}

size_t peer_request(const struct peer *p, uint8_t *out, uint32_t tag, const void *body, size_t len)
{
    size_t header = sp_header_bytes(p->transport);
    uint32_t be = htonl(tag);

    sp_header_write(out, p->transport, sizeof be + len);
    memcpy(out + header, &be, sizeof be);
    if (len > 0)
        memcpy(out + header + sizeof be, body, len);
    return header + sizeof be + len;
}

bool peer_ask(struct peer *p, uint32_t tag, const void *body, size_t len)
{
    uint8_t *out = malloc(SP_HEADER_BYTES_MAX + 4 + len);
    bool ok = out != NULL && peer_send(p, out, peer_request(p, out, tag, body, len));

    free(out);
    return ok;
}

bool peer_reply(struct peer *p, uint32_t *tag, void *body, size_t max, size_t *len)
{
    uint8_t header[SP_HEADER_BYTES_MAX];
    struct sp_frame f;
    uint32_t be;

    if (!peer_receive(p, header, sp_header_bytes(p->transport)))
        return false;
    sp_frame_read(header, sp_header_bytes(p->transport), p->transport, max + 4, &f);
    if (!CHECK(f.frame_len > 0) || !CHECK(f.payload_len >= 4) || !peer_receive(p, &be, sizeof be))
        return false;
    *tag = ntohl(be);
    *len = f.payload_len - 4;
    return peer_receive(p, body, *len);
}

bool peer_is_hung_up(struct peer *p)
{
    uint8_t byte;
    ssize_t got = recv(p->fd, &byte, 1, 0);

    return got == 0 || (got < 0 && errno == ECONNRESET);
}
