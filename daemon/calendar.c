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

bool calendars_keep_strategy(const struct calendars *all, struct acd_str queue)
{
    for (size_t i = 0; i < all->count; i++)
        for (size_t q = 0; all->list[i].strategy != 0 && q < all->list[i].queue_count; q++) {
            const char *name = all->list[i].queues[q].name;

            if (strlen(name) == queue.len && memcmp(name, queue.data, queue.len) == 0)
                return true;
        }
    return false;
}

/* ---- a queue ------------------------------------------------------------------------------ */

/* Whether there is such a queue that is not to go. */
static bool is_there(const struct server *s, const struct calendar_queue *queue,
                     struct acd_view_queue *is)
{
    acd_queue_id id = acd_queue_named(s->engine, acd_str(queue->name));

    return acd_queue_view(s->engine, id, is) == ACD_OK && is->state != ACD_RETIRED &&
           is->state != ACD_REMOVING;
}

/* The same, noted. */
static bool see(const struct server *s, const struct calendar *c, struct calendar_queue *queue,
                struct acd_view_queue *is)
{
    bool there = is_there(s, queue, is);

    queue->seen = there ? is->queue : (acd_queue_id){0, 0};
    if (!there)
        log_line(LOG_WARN, "calendar", "name=\"%s\" queue=\"%s\" reason=\"%s\"", c->name,
                 queue->name, "there is no such queue, or it is to go");
    return there;
}

/* Fills in what differs from what there is; false when nothing does, or the queue is drained. */
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
    return is->state != state && is->state != ACD_DRAINING;
}

static const char *text_of(bool within)
{
    return within ? "within" : "outside";
}

/* Returns false when there is no room on the way to the disk: to be tried again. */
static bool say(struct server *s, const struct calendar *c, bool within,
                struct calendar_queue *queue)
{
    struct acd_command command = {.code = ACD_COMMAND_queue_set};
    struct acd_view_queue is;
    int error;

    if (!see(s, c, queue, &is) || !to_say(c, within, &is, &command.as.queue_set))
        return true;
    error = server_execute_due(s, &command);
    if (error == ACD_BUSY)
        return false;
    log_line(error == ACD_OK ? LOG_INFO : LOG_WARN, "calendar",
             "name=\"%s\" queue=\"%s\" now=%s%s%s", c->name, queue->name, text_of(within),
             error == ACD_OK ? "" : " error=", error == ACD_OK ? "" : acd_error_name(error));
    return true;
}

/* ---- calendars ---------------------------------------------------------------------------- */

static void calendar_apply(struct server *s, struct calendar *c)
{
    acd_time until;
    bool within = hours_open(&c->hours, server_now(s), &until);

    for (size_t i = 0; i < c->queue_count; i++)
        if (!say(s, c, within, &c->queues[i]))
            until = server_now(s);
    c->until = until;
}

static void next_set(struct server *s)
{
    const struct calendars *all = &s->config->calendars;

    s->calendar_next = ACD_FOREVER;
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].until < s->calendar_next)
            s->calendar_next = all->list[i].until;
}

void calendars_look(struct server *s)
{
    const struct calendars *all = &s->config->calendars;

    if (s->calendar_next > server_now(s))
        return;
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].until <= server_now(s))
            calendar_apply(s, &all->list[i]);
    next_set(s);
}

/* Who looks why a queue is not what the hours say finds it in the log. */
static void note_kept(struct server *s, const struct calendar *c, bool within,
                      struct calendar_queue *queue)
{
    struct acd_command_queue_set unused;
    struct acd_view_queue is;

    if (see(s, c, queue, &is) && to_say(c, within, &is, &unused))
        log_line(LOG_INFO, "calendar", "name=\"%s\" queue=\"%s\" now=%s reason=\"%s\"", c->name,
                 queue->name, text_of(within), "it was set otherwise since, and stays so");
}

void calendars_begin(struct server *s, acd_time since)
{
    const struct calendars *all = &s->config->calendars;

    for (size_t i = 0; since != 0 && i < all->count; i++) {
        struct calendar *c = &all->list[i];
        bool within = hours_open(&c->hours, since, &c->until);

        for (size_t q = 0; c->until > server_now(s) && q < c->queue_count; q++)
            note_kept(s, c, within, &c->queues[q]);
    }
    next_set(s);
}

void calendars_meet(struct server *s)
{
    const struct calendars *all = &s->config->calendars;

    for (size_t i = 0; i < all->count; i++)
        for (size_t q = 0; q < all->list[i].queue_count; q++) {
            struct calendar *c = &all->list[i];
            struct calendar_queue *queue = &c->queues[q];
            struct acd_view_queue is;
            acd_time unused;

            if (!is_there(s, queue, &is))
                queue->seen = (acd_queue_id){0, 0};
            else if ((queue->seen.slot != is.queue.slot || queue->seen.gen != is.queue.gen) &&
                     !say(s, c, hours_open(&c->hours, server_now(s), &unused), queue))
                c->until = s->calendar_next = server_now(s);
        }
}
