#ifndef TESTS_E2E_LISTENER_ECHO_H
#define TESTS_E2E_LISTENER_ECHO_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/listener.h"
#include "tests/e2e/peer.h"

/* A listener on a loop and thread of its own, with a trivial service behind it. What a request's
 * body begins with says what is to be done:
 *
 *     (nothing)   an empty reply
 *     'k'         kept: echoed when echo_release is called
 *     'b' n:u32   a reply of n bytes, host's byte order; byte i is (uint8_t)i
 *     'l' n:u32   the same, lent: see echo_lent_send; one at a time
 *     'n'         a reply of 8 bytes: how many messages have come, this one included
 *     else        echoed
 */

struct echo;

/* Errors as of listener_open; *out is valid on 0 only. */
int echo_try(struct echo **out, const struct listener_config *config);

/* The same; gives up on an error. */
struct echo *echo_start(const struct listener_config *config);

/* Closes, and returns the last state of the counters. */
struct listener_counters echo_stop(struct echo *s, uint32_t flush_ms);

/* Begins to close and returns at once; echo_stop is still to be called. */
void echo_close_begin(struct echo *s, uint32_t flush_ms);

/* Calls what(arg) on the loop's thread, and so holds up the loop. */
void echo_hold(struct echo *s, void (*what)(void *arg), void *arg);

struct listener_counters echo_counters(struct echo *s);
uint16_t echo_port(struct echo *s);
void echo_publish(struct echo *s, const void *body, size_t len);

/* Requests kept, on_conn_closed heard, batches ended. */
size_t echo_kept(struct echo *s);
size_t echo_hung_up(struct echo *s);
size_t echo_batches(struct echo *s);

/* Answers `times` times each request kept, the last one first, in one turn. */
void echo_release(struct echo *s, unsigned times);

/* Replies lent, 0 or 1. It is sent by the thread that calls, as far as it can be: true when it is
 * whole; and the loan is ended: what was not sent is the loop's to send. */
size_t echo_lent(struct echo *s);
bool echo_lent_send(struct echo *s);
void echo_lent_end(struct echo *s);

/* A peer asks for an echo and gets it. */
bool echo_serves(struct peer *p);

#endif
