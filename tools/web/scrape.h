#ifndef ACD_WEB_SCRAPE_H
#define ACD_WEB_SCRAPE_H

#include <stdio.h>

#include "tools/web/web.h"

/* Everything the daemon can tell at once, asked for those who want figures.
 *
 * Happy path: the first who asks starts it; who comes meanwhile waits for the next one, so that all
 * get figures from after their asking. When the last answer is there, on_done is called.
 *
 * Failure modes: no connection, no answer in time, a daemon that does not know a question: what was
 * answered stands, and `answered` is false. */

enum { SCRAPE_LABEL_MAX = 65 };

/* A view with its texts kept: `label` is its name. */
struct scrape_item {
    char label[SCRAPE_LABEL_MAX];
    struct acd_view view;
};

struct scrape_list {
    struct acd_query query;
    struct scrape *scrape;
    struct scrape_item *items;
    size_t count, room;
};

enum scrape_of {
    SCRAPE_SERVER,
    SCRAPE_TOTALS,
    SCRAPE_LOOP,
    SCRAPE_TIMINGS,
    SCRAPE_QUEUES,
    SCRAPE_TEAMS,
    SCRAPE_CLIENTS,
    SCRAPE_LISTS,
};

struct scrape {
    struct web *web;
    bool running;  /* answers are awaited */
    bool answered; /* all were good */
    uint32_t left; /* queries unanswered */
    struct scrape_list lists[SCRAPE_LISTS];
};

struct scrape *scrape_open(struct web *web);
void scrape_close(struct scrape *s);

/* Asks; http_scraped() is called when all is there, which may be at once. Nothing is running. */
void scrape_start(struct scrape *s);

/* The figures as Prometheus reads them (text format 0.0.4). */
void scrape_metrics(const struct scrape *s, FILE *out);

/* Whether the daemon can be relied on; writes why not, or "ok", as a line each. */
bool scrape_ready(const struct scrape *s, FILE *out);

#endif
