#include "tools/web/scrape.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"
#include "tools/web/http.h"

/* ---- what is kept of a view ---------------------------------------------------------------- */

/* The text that tells one of a list from the others. */
static struct acd_str label_of(const struct acd_view *view)
{
    switch (view->code) {
    case ACD_VIEW_server: return view->as.server.version;
    case ACD_VIEW_timing: return view->as.timing.name;
    case ACD_VIEW_queue: return view->as.queue.name;
    case ACD_VIEW_team: return view->as.team.name;
    case ACD_VIEW_client: return view->as.client.name;
    default: return acd_str("");
    }
}

static void keep(struct scrape_list *list, const struct acd_view *view)
{
    struct scrape_item *item;

    if (list->count == list->room) {
        list->room = list->room == 0 ? 16 : list->room * 2;
        list->items = realloc(list->items, list->room * sizeof *list->items);
        ACD_ASSERT(list->items != NULL);
    }
    item = &list->items[list->count++];
    item->view = *view;
    web_text(item->label, sizeof item->label, label_of(view));
}

/* ---- asking -------------------------------------------------------------------------------- */

static void finish(struct scrape *s)
{
    s->running = false;
    s->web->counters.scrapes++;
    s->web->counters.scrapes_failed += !s->answered;
    http_scraped(s->web->http);
}

static void on_view(void *ctx, int error, const struct acd_view *view);

static void ask(struct scrape_list *list)
{
    struct scrape *s = list->scrape;

    if (acd_client_ask(s->web->client, &list->query, on_view, list) == ACD_OK)
        s->left++;
    else
        s->answered = false;
}

static void set_cursor(struct scrape_list *list, uint64_t cursor)
{
    switch (list->query.code) {
    case ACD_QUERY_list_timings: list->query.as.list_timings.cursor = cursor; break;
    case ACD_QUERY_list_queues: list->query.as.list_queues.cursor = cursor; break;
    case ACD_QUERY_list_teams: list->query.as.list_teams.cursor = cursor; break;
    case ACD_QUERY_list_clients: list->query.as.list_clients.cursor = cursor; break;
    default: ACD_ASSERT(cursor == 0);
    }
}

static uint64_t cursor_of(const struct scrape_list *list)
{
    switch (list->query.code) {
    case ACD_QUERY_list_timings: return list->query.as.list_timings.cursor;
    case ACD_QUERY_list_queues: return list->query.as.list_queues.cursor;
    case ACD_QUERY_list_teams: return list->query.as.list_teams.cursor;
    case ACD_QUERY_list_clients: return list->query.as.list_clients.cursor;
    default: return 0;
    }
}

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct scrape_list *list = ctx;
    struct scrape *s = list->scrape;

    if (view != NULL && view->code == ACD_VIEW_page)
        set_cursor(list, view->as.page.cursor);
    else if (view != NULL)
        keep(list, view);
    if (view != NULL)
        return;
    s->left--;
    s->answered &= error == ACD_OK || error == ACD_DENIED; /* the house's, and not a tenant's */
    if (error == ACD_OK && cursor_of(list) != 0)
        ask(list);
    if (s->left == 0)
        finish(s);
}

void scrape_start(struct scrape *s)
{
    ACD_ASSERT(!s->running);
    s->running = true;
    s->answered = acd_client_is_connected(s->web->client);
    for (int i = 0; i < SCRAPE_LISTS; i++) {
        s->lists[i].count = 0;
        set_cursor(&s->lists[i], 0);
    }
    for (int i = 0; s->answered && i < SCRAPE_LISTS; i++)
        ask(&s->lists[i]);
    if (s->left == 0)
        finish(s);
}

/* ---- life ---------------------------------------------------------------------------------- */

struct scrape *scrape_open(struct web *web)
{
    static const uint16_t codes[SCRAPE_LISTS] = {
        ACD_QUERY_get_server,  ACD_QUERY_get_totals, ACD_QUERY_get_loop,     ACD_QUERY_list_timings,
        ACD_QUERY_list_queues, ACD_QUERY_list_teams, ACD_QUERY_list_clients,
    };
    struct scrape *s = calloc(1, sizeof *s);

    ACD_ASSERT(s != NULL);
    s->web = web;
    for (int i = 0; i < SCRAPE_LISTS; i++) {
        s->lists[i].scrape = s;
        s->lists[i].query.code = codes[i];
    }
    s->lists[SCRAPE_TIMINGS].query.as.list_timings.limit = ACD_PAGE_MAX;
    s->lists[SCRAPE_QUEUES].query.as.list_queues.limit = ACD_PAGE_MAX;
    s->lists[SCRAPE_TEAMS].query.as.list_teams.limit = ACD_PAGE_MAX;
    s->lists[SCRAPE_CLIENTS].query.as.list_clients.limit = ACD_PAGE_MAX;
    return s;
}

void scrape_close(struct scrape *s)
{
    for (int i = 0; i < SCRAPE_LISTS; i++)
        free(s->lists[i].items);
    free(s);
}

/* ---- whether it is ready ------------------------------------------------------------------- */

bool scrape_ready(const struct scrape *s, FILE *out)
{
    const struct acd_view_server *v;
    bool ready;

    if (!s->answered || s->lists[SCRAPE_SERVER].count != 1) {
        fprintf(out, "acdd does not answer at %s\n", s->web->options.url);
        return false;
    }
    v = &s->lists[SCRAPE_SERVER].items[0].view.as.server;
    ready = v->disk_error == 0 && !v->paused && !v->refusing && v->truncated_epoch == 0;
    if (v->disk_error != 0)
        fprintf(out, "the disk fails: %s\n", acd_error_text(v->disk_error));
    if (v->paused || v->refusing)
        fputs("the disk is behind\n", out);
    if (v->truncated_epoch != 0)
        fprintf(out, "the last start found a tail lost: epoch %u behind %llu\n", v->truncated_epoch,
                (unsigned long long)v->truncated_last);
    if (ready)
        fputs("ok\n", out);
    return ready;
}
