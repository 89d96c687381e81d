#include "daemon/calendar.h"

#include <string.h>

#include "daemon/server.h"

/* ---- a queue ------------------------------------------------------------------------------ */

/* Whether there is such a queue that is not to go. */
static bool is_there(const struct server *s, const struct calendar_use *use,
                     struct acd_view_queue *is)
{
    return acd_queue_view(s->engine, use->queue, is) == ACD_OK && is->state != ACD_RETIRED &&
           is->state != ACD_REMOVING;
}

/* Fills in what differs from what there is; false when nothing does, or the queue is drained. */
static bool to_say(const struct calendar *c, const struct calendar_use *use, bool within,
                   const struct acd_view_queue *is, struct acd_command_queue_set *set)
{
    uint8_t state = within ? ACD_OPEN : ACD_CLOSED;
    uint8_t strategy = within ? c->strategy : c->otherwise;

    if (!calendar_speaks(c, use))
        return false;
    set->name = is->name;
    if (use->strategy) {
        set->strategy = strategy;
        return is->strategy != strategy;
    }
    set->state = state;
    return is->state != state && is->state != ACD_DRAINING;
}

static void note(const struct calendar *c, const struct acd_view_queue *is, bool within, int error)
{
    log_line(error == ACD_OK ? LOG_INFO : LOG_WARN, "calendar",
             "name=\"%s\" queue=\"%.*s\" now=%s%s%s", c->name, is->name.len, is->name.data,
             within ? "within" : "outside",
             error == ACD_OK ? "" : " error=", error == ACD_OK ? "" : acd_error_name(error));
}

/* With `more` its frame goes with the next one. It stays unsaid when there is no room on the way to
 * the disk: to be tried again. Returns whether there was anything to say. */
static bool say(struct server *s, struct calendar_use *use, bool more)
{
    const struct calendar *c = &s->calendars.list[use->calendar];
    struct acd_command command = {.code = ACD_COMMAND_queue_set};
    struct acd_view_queue is;
    int error;

    use->said = true;
    if (!is_there(s, use, &is) || !to_say(c, use, c->within, &is, &command.as.queue_set))
        return false;
    error = server_execute_due(s, &command, more);
    use->said = error != ACD_BUSY;
    if (use->said)
        note(c, &is, c->within, error);
    return true;
}

/* ---- calendars ---------------------------------------------------------------------------- */

static bool is_to_be_told(const struct calendars *all, const struct calendar_use *use)
{
    return !use->said || all->list[use->calendar].due;
}

/* Finds out what is due. False: nothing can be. Hours are asked when what they said is over, and no
 * more often: they may look far ahead. */
static bool prepare(struct server *s)
{
    if (s->calendar_next > server_now(s))
        return false;
    if (s->calendars.stale && !calendars_build(s)) {
        s->calendar_next = server_now(s) + ACD_SECOND;
        return false;
    }
    for (size_t i = 0; i < s->calendars.count; i++) {
        struct calendar *c = &s->calendars.list[i];

        if (c->until > server_now(s))
            continue;
        c->due = true;
        c->within = hours_open(&c->hours, server_now(s), &c->until);
    }
    return true;
}

/* How many queues are to be told something. */
static size_t to_tell(const struct server *s)
{
    const struct calendars *all = &s->calendars;
    struct acd_command_queue_set unused;
    struct acd_view_queue is;
    size_t count = 0;

    for (size_t i = 0; i < all->use_count; i++) {
        const struct calendar_use *use = &all->uses[i];
        const struct calendar *c = &all->list[use->calendar];

        count += is_to_be_told(all, use) && is_there(s, use, &is) &&
                 to_say(c, use, c->within, &is, &unused);
    }
    return count;
}

static bool has_room(const struct server *s, size_t count)
{
    return durable_has_room_for(s, count * ACD_RECORD_MAX + ACD_FRAME_BYTES_MAX);
}

bool calendars_will_say(struct server *s)
{
    size_t count = prepare(s) ? to_tell(s) : 0;

    return count > 0 && has_room(s, count);
}

static void next_set(struct server *s)
{
    s->calendar_next = ACD_FOREVER;
    for (size_t i = 0; i < s->calendars.count; i++)
        if (s->calendars.list[i].until < s->calendar_next)
            s->calendar_next = s->calendars.list[i].until;
    for (size_t i = 0; i < s->calendars.use_count; i++)
        if (!s->calendars.uses[i].said)
            s->calendar_next = server_now(s);
}

/* All of it becomes durable together, or none: the next start, too, could not tell which queues had
 * been told. So it is, unless there is no room for so much. */
void calendars_look(struct server *s)
{
    struct calendars *all = &s->calendars;
    size_t left;
    bool together;

    if (!prepare(s))
        return;
    left = to_tell(s);
    together = has_room(s, left);
    for (size_t i = 0; i < all->use_count; i++)
        if (is_to_be_told(all, &all->uses[i]))
            left -= say(s, &all->uses[i], together && left > 1);
    for (size_t i = 0; i < all->count; i++)
        all->list[i].due = false;
    next_set(s);
}

void calendars_note(struct server *s, const struct acd_command *command)
{
    const struct acd_command_queue_set *set = &command->as.queue_set;

    switch (command->code) {
    case ACD_COMMAND_queue_set:
        if (set->hours.len == 0 && set->strategy_hours.len == 0 && set->state == 0)
            return;
        break;
    case ACD_COMMAND_calendar_set:
    case ACD_COMMAND_calendar_remove:
    case ACD_COMMAND_calendar_time_set:
    case ACD_COMMAND_calendar_time_remove: break;
    default: return;
    }
    s->calendars.stale = true;
    s->calendar_next = 0;
}

/* Who looks why a queue is not what the hours say finds it in the log. */
static void note_kept(struct server *s, const struct calendar *c, const struct calendar_use *use)
{
    struct acd_command_queue_set unused;
    struct acd_view_queue is;

    if (is_there(s, use, &is) && to_say(c, use, c->within, &is, &unused))
        log_line(LOG_INFO, "calendar", "name=\"%s\" queue=\"%.*s\" now=%s reason=\"%s\"", c->name,
                 is.name.len, is.name.data, c->within ? "within" : "outside",
                 "it was set otherwise since, and stays so");
}

void calendars_begin(struct server *s, acd_time since)
{
    struct calendars *all = &s->calendars;

    s->calendar_next = ACD_FOREVER;
    if (since == 0 || !calendars_build(s))
        return;
    for (size_t i = 0; i < all->count; i++)
        all->list[i].within = hours_open(&all->list[i].hours, since, &all->list[i].until);
    for (size_t i = 0; i < all->use_count; i++) {
        all->uses[i].said = true;
        if (all->list[all->uses[i].calendar].until > server_now(s))
            note_kept(s, &all->list[all->uses[i].calendar], &all->uses[i]);
    }
    next_set(s);
}
