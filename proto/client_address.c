/* Urls to socket addresses. */

#include "proto/client_address.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "engine/acd.h"

static int copy(char *out, size_t room, const char *from, size_t len)
{
    if (len == 0)
        return ACD_INVALID;
    if (len >= room)
        return ACD_TOO_LONG;
    memcpy(out, from, len);
    out[len] = '\0';
    return ACD_OK;
}

static int parse_tcp(struct address *a, const char *rest)
{
    const char *colon = strrchr(rest, ':');
    const char *end = colon;
    int error;

    if (colon == NULL)
        return ACD_INVALID;
    if (*rest == '[') {
        rest++;
        if (end <= rest || end[-1] != ']')
            return ACD_INVALID;
        end--;
    }
    error = copy(a->host, sizeof a->host, rest, (size_t)(end - rest));
    if (error != ACD_OK)
        return error;
    if (strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return ACD_INVALID;
    return copy(a->port, sizeof a->port, colon + 1, strlen(colon + 1));
}

int address_parse(struct address *a, const char *url)
{
    static const char ipc[] = "ipc://", tcp[] = "tcp://";
    int error;

    memset(a, 0, sizeof *a);
    if (url == NULL)
        return ACD_INVALID;
    error = copy(a->url, sizeof a->url, url, strlen(url));
    if (error != ACD_OK)
        return error;
    if (strncmp(url, tcp, sizeof tcp - 1) == 0) {
        a->tcp = true;
        return parse_tcp(a, url + sizeof tcp - 1);
    }
    if (strncmp(url, ipc, sizeof ipc - 1) != 0)
        return ACD_INVALID;
    url += sizeof ipc - 1;
    return copy(a->host, sizeof((struct sockaddr_un *)0)->sun_path, url, strlen(url));
}

static const char *resolve_tcp(struct address *a, struct sockaddr_storage *out, socklen_t *len)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found, *one;
    unsigned count = 0, pick;
    int error = getaddrinfo(a->host, a->port, &wanted, &found);

    if (error != 0 || found == NULL)
        return gai_strerror(error);
    for (one = found; one != NULL; one = one->ai_next)
        count++;
    pick = a->attempts++ % (count == 0 ? 1 : count);
    for (one = found; pick > 0; pick--)
        one = one->ai_next;
    memcpy(out, one->ai_addr, one->ai_addrlen);
    *len = one->ai_addrlen;
    freeaddrinfo(found);
    return NULL;
}

const char *address_resolve(struct address *a, struct sockaddr_storage *out, socklen_t *len)
{
    struct sockaddr_un *path = (struct sockaddr_un *)out;

    memset(out, 0, sizeof *out);
    if (a->tcp)
        return resolve_tcp(a, out, len);
    path->sun_family = AF_UNIX;
    memcpy(path->sun_path, a->host, strlen(a->host) + 1);
    *len = sizeof *path;
    return NULL;
}
