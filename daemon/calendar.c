#include "daemon/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/server.h"

void calendars_free(struct calendars *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->list[i].queues);
    free(c->list);
    *c = (struct calendars){NULL, 0};
}

/* Fills in what differs from what there is; false when nothing does, or the queue is going. */
static bool to_say(const struct calendar *c, bool within, const struct acd_view_queue *is,
                   struct acd_command_queue_set *set)
{
    uint8_t state = within ? ACD_OPEN : ACD_CLOSED;
    uint8_t strategy = within ? c->strategy : c->otherwise;

    set->name = is->name;
    if (c->strategy != 0) {
        set->strategy = strategy;
        return is->strategy != strategy;
    }
    set->state = state;
    return is->state != state && (is->state == ACD_OPEN || is->state == ACD_CLOSED);
}

/* Returns false when the disk is behind: to be tried again. */
static bool say(struct server *s, const struct calendar *c, bool within, const char *queue)
{
    struct acd_command command = {.code = ACD_COMMAND_queue_set};
    struct acd_view_outcome outcome;
    struct acd_view_queue is;
    int error;

    if (acd_queue_view(s->engine, acd_queue_named(s->engine, acd_str(queue)), &is) != ACD_OK ||
        !to_say(c, within, &is, &command.as.queue_set))
        return true;
    error = server_execute(s, ACD_NOBODY, 0, &command, &outcome);
    log_line(error == ACD_OK ? LOG_INFO : LOG_WARN, "calendar",
             "name=\"%s\" queue=\"%s\" now=%s%s%s", c->name, queue, within ? "within" : "outside",
             error == ACD_OK ? "" : " error=", error == ACD_OK ? "" : acd_error_name(error));
    return error != ACD_BUSY;
}

static void calendar_apply(struct server *s, struct calendar *c)
{
    acd_time now = server_now(s);
    bool within = hours_open(&c->hours, now, &c->until);

    for (size_t i = 0; i < c->queue_count; i++)
        if (!say(s, c, within, c->queues[i]))
            c->until = now + ACD_SECOND;
}

void calendars_apply(struct server *s, acd_time *next)
{
    struct calendars *all = &s->config->calendars;

    *next = ACD_FOREVER;
    for (size_t i = 0; i < all->count; i++) {
        if (all->list[i].until <= server_now(s))
            calendar_apply(s, &all->list[i]);
        if (all->list[i].until < *next)
            *next = all->list[i].until;
    }
}
