#ifndef ACD_WEB_H
#define ACD_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/acd_client.h"

/* acd-web: what acdd knows, over HTTP: figures for Prometheus, health, a wallboard.
 *
 * Happy path: one thread waits for three descriptors: the one client of the daemon, the one
 * observer of its stream, and the HTTP server. Whoever asks for figures is put off until the daemon
 * has answered; a wallboard is a stream that never ends, fed by what the observer hears.
 *
 * Failure modes: no daemon: acd_up is 0, not ready, the wallboard says that it is stale; all goes
 * on by itself when there is one again. A browser that does not read costs a bounded buffer. */

struct web;
struct scrape;
struct board;
struct http;

struct web_options {
    const char *url, *pub_url; /* of the daemon */
    const char *listen;        /* host:port */
    acd_span timeout;          /* for an answer of the daemon */
    uint32_t browsers_max, agents_max;
};

struct web_counters {
    uint64_t scrapes, scrapes_failed, browsers_refused, resyncs;
};

struct web {
    struct web_options options;
    struct acd_client *client;
    struct acd_observer *observer;
    struct http *http;
    struct scrape *scrape;
    struct board *board;
    uint32_t browsers;
    struct web_counters counters;
};

/* Microseconds that only grow, of this process. */
acd_time web_clock(void);

/* Writes why to stderr, a line "acd-web: ...", and ends the program with status 1. */
_Noreturn void web_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Copies a text of the daemon, terminated and cut to `size`, as well-formed UTF-8: bytes that are
 * none become '?'. */
void web_text(char *out, size_t size, struct acd_str text);

#endif
