#ifndef ACD_SP_ADDRESS_H
#define ACD_SP_ADDRESS_H

#include <stdint.h>
#include <sys/un.h>

#include "daemon/sp_wire.h"

/* Where to listen, from text. Pure; names of hosts are resolved in sp_socket.c. */

enum { SP_PATH_SIZE = sizeof(((struct sockaddr_un *)0)->sun_path), SP_HOST_SIZE = 256 };

struct sp_address {
    enum sp_transport transport;
    char path[SP_PATH_SIZE]; /* SP_IPC */
    char host[SP_HOST_SIZE]; /* SP_TCP; empty: every address of this machine */
    uint16_t port;           /* SP_TCP; 0: the system chooses */
};

/* Errors: -EINVAL neither ipc://path nor tcp://host:port; -ENAMETOOLONG. */
int sp_address_parse(const char *url, struct sp_address *address);

#endif
