#include "daemon/sp_address.h"

#include <errno.h>
#include <string.h>

static int copy_part(char *to, size_t size, const char *from, size_t len)
{
    if (len >= size)
        return -ENAMETOOLONG;
    memcpy(to, from, len);
    to[len] = '\0';
    return 0;
}

/* 1 to 5 digits, at most 65535. */
static int parse_port(const char *text, uint16_t *port)
{
    size_t len = strlen(text);
    uint32_t value = 0;

    if (len < 1 || len > 5 || strspn(text, "0123456789") != len)
        return -EINVAL;
    for (; *text != '\0'; text++)
        value = value * 10 + (uint32_t)(*text - '0');
    if (value > UINT16_MAX)
        return -EINVAL;
    *port = (uint16_t)value;
    return 0;
}

/* host:port, [v6]:port, *:port or :port. */
static int parse_tcp(const char *text, struct sp_address *address)
{
    const char *colon = strrchr(text, ':');
    size_t len;

    if (colon == NULL)
        return -EINVAL;
    len = (size_t)(colon - text);
    if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
        text += 1;
        len -= 2;
        if (len == 0)
            return -EINVAL;
    } else if (memchr(text, ':', len) != NULL || memchr(text, '[', len) != NULL) {
        return -EINVAL; /* a v6 address without its brackets says no port */
    } else if (len == 1 && text[0] == '*') {
        len = 0;
    }
    int error = parse_port(colon + 1, &address->port);
    return error != 0 ? error : copy_part(address->host, sizeof address->host, text, len);
}

int sp_address_parse(const char *url, struct sp_address *address)
{
    static const char ipc[] = "ipc://", tcp[] = "tcp://";

    memset(address, 0, sizeof *address);
    if (strncmp(url, ipc, sizeof ipc - 1) == 0) {
        const char *path = url + sizeof ipc - 1;

        address->transport = SP_IPC;
        if (*path == '\0')
            return -EINVAL;
        return copy_part(address->path, sizeof address->path, path, strlen(path));
    }
    if (strncmp(url, tcp, sizeof tcp - 1) == 0) {
        address->transport = SP_TCP;
        return parse_tcp(url + sizeof tcp - 1, address);
    }
    return -EINVAL;
}
