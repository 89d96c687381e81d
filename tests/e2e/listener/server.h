#ifndef TESTS_E2E_LISTENER_SERVER_H
#define TESTS_E2E_LISTENER_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/listener.h"

/* A listener on a loop and thread of its own, with a trivial service behind it. What a request's
 * body begins with says what is to be done:
 *
 *     (nothing)   an empty reply
 *     'k'         kept: echoed when server_release is called
 *     'b' n:u32   a reply of n bytes, host's byte order; byte i is (uint8_t)i
 *     else        echoed
 */

struct server;

/* Errors as of listener_open; *out is valid on 0 only. */
int server_try(struct server **out, const struct listener_config *config);

/* The same; gives up on an error. */
struct server *server_start(const struct listener_config *config);

/* Closes, and returns the last state of the counters. */
struct listener_counters server_stop(struct server *s, uint32_t flush_ms);

/* Begins to close and returns at once; server_stop is still to be called. */
void server_close_begin(struct server *s, uint32_t flush_ms);

struct listener_counters server_counters(struct server *s);
uint16_t server_port(struct server *s);
void server_publish(struct server *s, const void *body, size_t len);

/* Requests kept, on_conn_closed heard, batches ended. */
size_t server_kept(struct server *s);
size_t server_hung_up(struct server *s);
size_t server_batches(struct server *s);

/* Answers `times` times each request kept, the last one first, in one turn. */
void server_release(struct server *s, unsigned times);

#endif
