#include "tests/e2e/kill/hours.h"

#include <stdio.h>
#include <string.h>

#include "tests/e2e/check.h"
#include "tests/e2e/kill/site.h"

static const char *const names[] = {"even", "odd"};

enum { RULES_OF_HOUR = 5, RANGES_OF_RULE = 6 };

static struct acd_client *client_open(void)
{
    const struct acd_client_options options = {.url = SITE_URL, .timeout = 3600 * ACD_SECOND};
    struct acd_client *client;

    CHECK(acd_client_open(&client, &options) == ACD_OK);
    return client;
}

static int run(struct acd_client *client, struct acd_command command)
{
    struct acd_view_outcome outcome;

    return acd_client_call(client, &command, &outcome);
}

/* ---- making and turning ------------------------------------------------------------------- */

/* Six minutes of an hour, of twelve. */
static void time_set(struct acd_client *client, uint32_t odd, uint32_t rule)
{
    uint32_t first = rule / RULES_OF_HOUR * 60 + rule % RULES_OF_HOUR * 2 * RANGES_OF_RULE + odd;
    char text[128] = "daily";

    for (uint32_t i = 0; i < RANGES_OF_RULE; i++) {
        uint32_t from = first + 2 * i, to = from + 1;

        snprintf(text + strlen(text), sizeof text - strlen(text), " %02u:%02u-%02u:%02u", from / 60,
                 from % 60, to / 60, to % 60);
    }
    CHECK(run(client, (struct acd_command){.code = ACD_COMMAND_calendar_time_set,
                                           .as.calendar_time_set = {.calendar = acd_str(names[odd]),
                                                                    .time = acd_str(text)}}) ==
          ACD_OK);
}

void calendar_make(void)
{
    struct acd_client *client = client_open();

    for (uint32_t odd = 0; odd < 2; odd++) {
        CHECK(run(client, (struct acd_command){.code = ACD_COMMAND_calendar_set,
                                               .as.calendar_set = {.name = acd_str(names[odd])}}) ==
              ACD_OK);
        for (uint32_t rule = 0; rule < 24 * RULES_OF_HOUR; rule++)
            time_set(client, odd, rule);
    }
    acd_client_close(client);
}

static void on_queue(void *ctx, int error, const struct acd_view *view)
{
    if (error == ACD_OK && view->code == ACD_VIEW_queue)
        *(const char **)ctx =
            names[view->as.queue.hours.len == 4 ? 1 : 0]; /* "even": then the other */
}

void calendar_turn(void)
{
    struct acd_query query = {.code = ACD_QUERY_list_queues};
    struct acd_command set = {.code = ACD_COMMAND_queue_set};
    struct acd_client *client = client_open();
    const char *other = NULL;

    query.as.list_queues.name = set.as.queue_set.name = acd_str(SITE_HOURS);
    (void)acd_client_list(client, &query, on_queue, &other);
    if (other != NULL) {
        set.as.queue_set.hours = acd_str(other);
        CHECK(run(client, set) == ACD_OK);
    }
    acd_client_close(client);
}

/* ---- judging ------------------------------------------------------------------------------ */

/* Of a list it is the one that a queue has. */
static void on_calendar(void *ctx, int error, const struct acd_view *view)
{
    CHECK(error == ACD_OK);
    if (view->code == ACD_VIEW_calendar && view->as.calendar.queue.gen != 0)
        *(struct acd_view_calendar *)ctx = view->as.calendar;
}

/* It is within or outside for a minute: the one that ends next. */
static bool is_by_the_clock(const struct acd_view_calendar *v)
{
    uint64_t minute = (uint64_t)v->until / (60 * ACD_SECOND) - 1;
    uint32_t odd = v->calendar.len == strlen(names[1]);

    return v->queue.gen != 0 && !v->differs && v->within == (minute % 2 == odd);
}

static bool is_said(struct acd_client *eye)
{
    const struct acd_query query = {.code = ACD_QUERY_list_calendars};
    struct acd_view_calendar v = {.until = 0};

    CHECK(acd_client_list(eye, &query, on_calendar, &v) == ACD_OK);
    return is_by_the_clock(&v);
}

void calendar_wait(struct acd_client *eye)
{
    CHECK_SOON(is_said(eye));
}

void calendar_judge(const struct acd_view_calendar *v, const struct roll *now)
{
    const struct roll_queue *queue = &now->queues[v->queue.slot];

    CHECK(is_by_the_clock(v));
    CHECK(strcmp(queue->name, SITE_HOURS) == 0);
    CHECK(queue->state == (v->within ? ACD_OPEN : ACD_CLOSED));
}
