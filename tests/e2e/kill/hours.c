#include "tests/e2e/kill/hours.h"

#include <string.h>

#include "tests/e2e/check.h"

static void on_calendar(void *ctx, int error, const struct acd_view *view)
{
    CHECK(error == ACD_OK);
    if (view->code == ACD_VIEW_calendar)
        *(struct acd_view_calendar *)ctx = view->as.calendar;
}

/* It is within or outside for a minute: the one that ends next. */
static bool is_by_the_clock(const struct acd_view_calendar *v, const struct site *site)
{
    uint64_t minute = (uint64_t)v->until / (60 * ACD_SECOND) - 1;

    return v->queue.gen != 0 && !v->differs && v->within == (minute % 2 == site->odd);
}

static bool is_said(struct acd_client *eye, const struct site *site)
{
    const struct acd_query query = {.code = ACD_QUERY_list_calendars};
    struct acd_view_calendar v = {.until = 0};

    CHECK(acd_client_list(eye, &query, on_calendar, &v) == ACD_OK);
    return is_by_the_clock(&v, site);
}

void calendar_wait(struct acd_client *eye, const struct site *site)
{
    CHECK_SOON(is_said(eye, site));
}

void calendar_judge(const struct acd_view_calendar *v, const struct roll *now,
                    const struct site *site)
{
    const struct roll_queue *queue = &now->queues[v->queue.slot];

    CHECK(is_by_the_clock(v, site));
    CHECK(strcmp(queue->name, SITE_HOURS) == 0);
    CHECK(queue->state == (v->within ? ACD_OPEN : ACD_CLOSED));
}
