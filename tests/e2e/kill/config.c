#include "tests/e2e/kill/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/ledger.h"

enum { DOCUMENT_MAX = 1 << 18, PIECE = 1024, UPLOAD = 7, WEIGHTS = 1000 };

static const char QUEUE[] = "front";

void document_open(struct document *d, struct ledger *l)
{
    *d = (struct document){.ledger = l, .text = malloc(DOCUMENT_MAX)};
    if (d->text == NULL)
        check_give_up("document", "no memory");
}

void document_close(struct document *d)
{
    acd_client_close(d->client);
    free(d->text);
}

/* ---- asking ------------------------------------------------------------------------------- */

static void on_text(void *ctx, int error, const struct acd_view *view)
{
    struct document *d = ctx;
    struct acd_str text = view->as.config_text.text;

    CHECK(error == ACD_OK);
    if (view->code != ACD_VIEW_config_text || !CHECK(d->len + text.len < DOCUMENT_MAX))
        return;
    memcpy(d->text + d->len, text.data, text.len);
    d->len += text.len;
    d->text[d->len] = '\0';
}

static void on_totals(void *ctx, int error, const struct acd_view *view)
{
    struct document *d = ctx;

    if (CHECK(error == ACD_OK) && view->code == ACD_VIEW_totals)
        d->version = view->as.totals.config_version;
}

static void fetch(struct document *d)
{
    const struct acd_client_options options = {.url = SITE_URL, .timeout = 3600 * ACD_SECOND};
    const struct acd_query get = {.code = ACD_QUERY_config_get, .as.config_get.upload = UPLOAD};
    const struct acd_query totals = {.code = ACD_QUERY_get_totals};

    d->len = 0;
    if (!CHECK(acd_client_open(&d->client, &options) == ACD_OK))
        return;
    CHECK(acd_client_list(d->client, &get, on_text, d) == ACD_OK);
    CHECK(acd_client_query(d->client, &totals, on_totals, d) == ACD_OK);
}

/* A queue's weight is always told, as none of the floor has the usual one. */
static void change_weight(struct document *d)
{
    char head[32], line[48], *queue, *old, *end;
    size_t added;

    snprintf(head, sizeof head, "  %s:\n", QUEUE);
    queue = strstr(d->text, head);
    old = queue == NULL ? NULL : strstr(queue, "    weight:");
    end = old == NULL ? NULL : strchr(old, '\n');
    if (end == NULL || d->len + sizeof line >= DOCUMENT_MAX)
        check_give_up("document", "without the weight, or too long");
    d->weight = (uint16_t)(2000 + dice(d->ledger, WEIGHTS));
    added = (size_t)snprintf(line, sizeof line, "    weight: %u", (unsigned)d->weight);
    memmove(old + added, end, strlen(end) + 1);
    memcpy(old, line, added);
    d->len = strlen(d->text);
}

static void on_change(void *ctx, int error, const struct acd_view *view)
{
    (void)ctx;
    (void)view;
    CHECK(error == ACD_OK);
}

/* Another daemon than the one that read it knows nothing of it, when it is asked again. */
static void on_applied(void *ctx, int error, const struct acd_view *view)
{
    struct document *d = ctx;

    if (!CHECK(error == ACD_OK || error == ACD_NOT_FOUND))
        fprintf(stderr, "document: %s\n", acd_error_text(error));
    if (view != NULL && view->code == ACD_VIEW_config_applied) {
        CHECK(view->as.config_applied.version == d->version + 1);
        d->acknowledged = true;
        d->told++;
    }
}

static void put(struct document *d)
{
    struct acd_query q = {.code = ACD_QUERY_config_put};

    for (size_t at = 0; at < d->len; at += PIECE) {
        size_t len = d->len - at < PIECE ? d->len - at : PIECE;

        q.as.config_put.upload = UPLOAD;
        q.as.config_put.offset = at;
        q.as.config_put.text = (struct acd_str){d->text + at, (uint16_t)len};
        CHECK(acd_client_query(d->client, &q, on_change, d) == ACD_OK);
    }
}

/* It is read by another thread; until then acdd is too busy to say what it would change. */
static void wait_until_read(struct document *d)
{
    struct acd_query q = {.code = ACD_QUERY_config_plan, .as.config_plan.upload = UPLOAD};
    int error;

    while ((error = acd_client_query(d->client, &q, on_change, d)) == ACD_BUSY)
        check_sleep_ms(1);
    CHECK(error == ACD_OK);
}

void document_ask(struct document *d)
{
    struct acd_query q = {.code = ACD_QUERY_config_apply};

    fetch(d);
    change_weight(d);
    d->under_way = d->ledger->floor.settings_held = true;
    d->acknowledged = false;
    put(d);
    wait_until_read(d);
    q.as.config_apply.upload = UPLOAD;
    q.as.config_apply.at_version = true;
    q.as.config_apply.version = d->version;
    CHECK(acd_client_ask(d->client, &q, on_applied, d) == ACD_OK);
    acd_client_flush(d->client);
}

bool document_pump(struct document *d)
{
    if (d->client == NULL)
        return true;
    acd_client_process(d->client);
    return acd_client_unanswered(d->client) == 0;
}

/* ---- judging ------------------------------------------------------------------------------ */

static uint16_t weight_of(const struct roll *now)
{
    for (uint32_t i = 0; i < ROLL_queues; i++)
        if (now->queues[i].gen != 0 && strcmp(now->queues[i].name, QUEUE) == 0)
            return now->queues[i].weight;
    return 0;
}

void document_judge(struct document *d, const struct roll *now)
{
    bool there = now->config_version == d->version + 1;

    if (!d->under_way)
        return;
    CHECK(there || (now->config_version == d->version && !d->acknowledged));
    CHECK(there == (weight_of(now) == d->weight));
    d->untold += there && !d->acknowledged;
    d->under_way = d->ledger->floor.settings_held = false;
    acd_client_close(d->client);
    d->client = NULL;
}
