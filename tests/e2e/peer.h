#ifndef TESTS_E2E_PEER_H
#define TESTS_E2E_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/sp_wire.h"

/* A peer by hand: plain blocking sockets (10 s), any bytes. */

struct peer {
    int fd;
    enum sp_transport transport;
};

/* A tag of one word. */
#define PEER_TAG(n) (0x80000000u | (n))

/* By the url of a listener; gives up when it does not work out. */
struct peer peer_connect(const char *url);
void peer_close(struct peer *p);

/* False: the other side has closed it, or does not take it in time. */
bool peer_send(struct peer *p, const void *bytes, size_t len);

/* Exactly len bytes. */
bool peer_receive(struct peer *p, void *bytes, size_t len);

/* Says hello as `self`, and expects one from `other`. */
bool peer_hello(struct peer *p, enum sp_protocol self, enum sp_protocol other);

/* Connected, and known to each other: a requester. */
struct peer peer_open(const char *url);

/* Writes a request to `out`, which is big enough; returns its bytes. */
size_t peer_request(const struct peer *p, uint8_t *out, uint32_t tag, const void *body, size_t len);

/* Sends one. */
bool peer_ask(struct peer *p, uint32_t tag, const void *body, size_t len);

/* Receives a reply; its body is `max` bytes at most. */
bool peer_reply(struct peer *p, uint32_t *tag, void *body, size_t max, size_t *len);

/* Whether the other side closes, having sent nothing more. */
bool peer_is_hung_up(struct peer *p);

#endif
