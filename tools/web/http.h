#ifndef ACD_WEB_HTTP_H
#define ACD_WEB_HTTP_H

#include "tools/web/web.h"

/* The HTTP side, upon libmicrohttpd, which no other file knows. All on the caller's thread.
 *
 * Happy path: /, /metrics, /healthz, /readyz are answered; what waits for the daemon is suspended;
 * /events goes on for ever, suspended while there is nothing to tell.
 *
 * Failure modes: any other path is 404, any other method than GET and HEAD 405. More wallboards
 * than allowed are told 503. Who sends or reads nothing for half a minute is closed. */

/* Returns NULL when it cannot listen; errno then tells why. */
struct http *http_open(struct web *web);
void http_close(struct http *h);

/* "127.0.0.1:9780", as it was bound. */
const char *http_address(const struct http *h);

/* Readable when http_process is to be called, and how long that may wait, in ms; -1: for ever. */
int http_fd(const struct http *h);
int http_wait_ms(const struct http *h);
void http_process(struct http *h);

/* The figures asked for are there: those who waited are answered. */
void http_scraped(struct http *h);

/* Something was put on the streams of wallboards. */
void http_streams_wake(struct http *h);

#endif
