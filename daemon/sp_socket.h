#ifndef ACD_SP_SOCKET_H
#define ACD_SP_SOCKET_H

#include <stdint.h>
#include <sys/types.h>

#include "daemon/sp_address.h"

/* The socket that is listened at, made by hand: libuv's own bind neither restricts who may connect
 * nor tells a dead socket file from a live one. Blocks for a moment. */

struct sp_socket {
    int fd;        /* listening */
    uint16_t port; /* SP_TCP; the one chosen when 0 was asked */
    dev_t device;  /* SP_IPC: which file is ours */
    ino_t inode;
};

/* Errors as of listener_open; nothing is left behind then. */
int sp_socket_open(const struct sp_address *address, struct sp_socket *out);

/* Removes the file of an ipc socket, if it still is ours. The descriptor is the caller's. */
void sp_socket_unlink(const struct sp_address *address, const struct sp_socket *s);

#endif
