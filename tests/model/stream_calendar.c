/* What a random stream does about calendars. Their draws are their own, and they come in place of
 * steps at which nothing would be due: what else a stream does is what it does without them. */

#include "tests/model/stream_parts.h"

enum { NAMES = 3, TIMES = 5 };

static struct acd_str some_calendar(struct stream *s, struct step *step)
{
    return stream_name(step, 'c', stream_below(s, NAMES));
}

static struct acd_str some_time(struct stream *s, struct step *step)
{
    return stream_name(step, 't', stream_below(s, TIMES));
}

static void make_set(struct stream *s, struct step *step)
{
    struct acd_command_calendar_set *c = &step->command.as.calendar_set;

    step->command.code = ACD_COMMAND_calendar_set;
    c->name = some_calendar(s, step);
    if (stream_chance(s, 50))
        c->zone = stream_name(step, 'z', stream_below(s, 3));
    if (stream_chance(s, 50))
        c->strategy = (uint8_t)(1 + stream_below(s, 3));
    if (stream_chance(s, c->strategy != 0 ? 90 : 5))
        c->otherwise = (uint8_t)(1 + stream_below(s, 3));
}

static void make_any(struct stream *s, struct step *step)
{
    uint32_t what = stream_below(s, 10);

    if (what < 3) {
        make_set(s, step);
    } else if (what == 3) {
        step->command.code = ACD_COMMAND_calendar_remove;
        step->command.as.calendar_remove.name = some_calendar(s, step);
    } else if (what < 8) {
        step->command.code = ACD_COMMAND_calendar_time_set;
        step->command.as.calendar_time_set.calendar = some_calendar(s, step);
        step->command.as.calendar_time_set.time = some_time(s, step);
    } else {
        step->command.code = ACD_COMMAND_calendar_time_remove;
        step->command.as.calendar_time_remove.calendar = some_calendar(s, step);
        step->command.as.calendar_time_remove.time = some_time(s, step);
    }
    if (stream_chance(s, 3))
        stream_spoil(s, step);
}

/* One that is there, or none; seldom one that may not be there. */
static struct acd_str one_to_have(struct stream *s, const struct twin *t, struct step *step)
{
    uint32_t i = stream_below(s, NAMES);

    if (stream_chance(s, 10))
        return step_text(step, "-", 1);
    if (stream_chance(s, 5))
        return some_calendar(s, step);
    if (!t->calendars[i].live)
        return (struct acd_str){NULL, 0};
    return step_text(step, t->calendars[i].name.data, t->calendars[i].name.len);
}

void stream_make_calendars(struct stream *s, const struct twin *t, struct step *step)
{
    uint64_t kept = s->random;

    s->random = s->aside;
    if (step->command.code == 0 && twin_next_deadline(t) > s->now && stream_chance(s, 40))
        make_any(s, step);
    else if (step->command.code == ACD_COMMAND_queue_set && stream_chance(s, 40))
        step->command.as.queue_set.hours = one_to_have(s, t, step);
    else if (step->command.code == ACD_COMMAND_queue_set && stream_chance(s, 40))
        step->command.as.queue_set.strategy_hours = one_to_have(s, t, step);
    s->aside = s->random;
    s->random = kept;
}
