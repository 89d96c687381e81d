#ifndef ACD_PROTO_CLIENT_ADDRESS_H
#define ACD_PROTO_CLIENT_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Where the daemon is: "ipc://path" or "tcp://host:port", the host in brackets when it is an IPv6
 * address. */
struct address {
    bool tcp;
    unsigned attempts; /* a host's name may have several addresses; each attempt takes the next */
    char url[256];     /* as it was given */
    char host[256];    /* or the path */
    char port[16];
};

/* Errors: INVALID (none of those urls), TOO_LONG. */
int address_parse(struct address *a, const char *url);

/* Finds what to connect to. Returns NULL, or why there is nothing. Looking up a name blocks. */
const char *address_resolve(struct address *a, struct sockaddr_storage *out, socklen_t *len);

#endif
