#include "tools/play_player.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/play_room.h"

/* The play itself: what is due is done, then time passes to what comes next. */

enum { VIOLATIONS_PRINTED = 20 };

static const acd_span OVERTIME = 6 * DAY_HOUR; /* behind the closing, for the last to finish */

static acd_time now(const struct player *p)
{
    return p->back->ops->now(p->back);
}

void player_violation(struct player *p, const char *format, ...)
{
    acd_span at = p->origin == 0 ? 0 : (now(p) - p->origin) / ACD_SECOND;
    va_list args;

    if (++p->tally.violations > VIOLATIONS_PRINTED)
        return;
    fprintf(stderr, "\nVIOLATION at %02d:%02d:%02d: ", (int)(at / 3600), (int)(at / 60 % 60),
            (int)(at % 60));
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static void hear_what_came(struct player *p)
{
    struct news news;

    while (backend_hear(p->back, &news))
        hear_news(p, &news);
}

/* In virtual time nothing is under way when the back end returns, so all must be right whenever
 * something may have happened. */
static void something_happened(struct player *p)
{
    hear_what_came(p);
    if (p->back->ops->is_embedded)
        look_and_compare(p, LOOK_ONLY);
}

void player_settle(struct player *p)
{
    while (!p->back->ops->is_quiet(p->back)) {
        p->back->ops->wait(p->back, now(p));
        hear_what_came(p); /* nothing is waited for while there is news */
    }
    hear_what_came(p);
}

void player_send(struct player *p, enum about about, uint32_t who,
                 const struct acd_command *command)
{
    while (!p->back->ops->has_room(p->back))
        p->back->ops->wait(p->back, now(p));
    p->back->ops->send(p->back, (uint64_t)about << 32 | who, command);
}

/* ---- a day ---------------------------------------------------------------------------------- */

static void plan_day(struct player *p)
{
    const struct day *d = p->day;

    p->origin = now(p) + ACD_SECOND - d->opens;
    for (acd_span at = d->opens; at <= d->closes; at += DAY_INTERVAL)
        agenda_add(&p->agenda, (struct agenda_item){.at = p->origin + at, .kind = AGENDA_LOOK});
    for (uint32_t i = 0; i < d->act_count; i++)
        agenda_add(&p->agenda, (struct agenda_item){
                                   .at = p->origin + d->acts[i].at, .kind = AGENDA_ACT, .who = i});
    for (uint32_t i = 0; i < d->call_count; i++)
        agenda_add(&p->agenda, (struct agenda_item){.at = p->origin + d->calls[i].at,
                                                    .kind = AGENDA_ARRIVE,
                                                    .who = i});
    agenda_add(&p->agenda, (struct agenda_item){.at = p->origin + d->closes, .kind = AGENDA_CLOSE});
}

static bool is_over(const struct player *p)
{
    return p->over + p->leaving_count == p->day->call_count && p->out == p->day->agent_count &&
           p->back->ops->is_quiet(p->back);
}

static void do_what_is_due(struct player *p)
{
    const struct agenda_item *next;

    while ((next = agenda_next(&p->agenda)) != NULL && next->at <= now(p) &&
           p->back->ops->has_room(p->back)) {
        struct agenda_item item = agenda_take(&p->agenda);
        acd_span behind = now(p) - item.at;

        if (behind > p->tally.behind)
            p->tally.behind = behind;
        act_on(p, &item);
        something_happened(p);
    }
}

static void run_day(struct player *p)
{
    acd_time end;

    p->phase = PHASE_DAY;
    plan_day(p);
    end = p->origin + p->day->closes + OVERTIME;
    while (!is_over(p)) {
        const struct agenda_item *next = agenda_next(&p->agenda);

        p->back->ops->wait(p->back, next == NULL ? end : next->at);
        something_happened(p);
        do_what_is_due(p);
        if (p->on_progress != NULL)
            p->on_progress(p);
        if (now(p) >= end) {
            player_violation(p, "the day does not end: %zu calls and %zu agents are not done",
                             p->day->call_count - p->over, p->day->agent_count - p->out);
            return;
        }
    }
    look_and_compare(p, ACD_FOREVER);
    check_day(p);
}

static void player_init(struct player *p, const struct day *day, struct backend *back)
{
    p->day = day;
    p->back = back;
    p->callers = room_for(day->call_count, sizeof *p->callers);
    p->desks = room_for(day->agent_count, sizeof *p->desks);
    p->books = room_for(day->queue_count, sizeof *p->books);
    p->sight.queues = room_for(day->queue_count, sizeof *p->sight.queues);
    p->sight.agents = room_for(day->agent_count, sizeof *p->sight.agents);
}

static void must_fit_a_look(const struct day *day, uint32_t max)
{
    if (max > 0 && (day->agent_count > max || day->queue_count > max))
        play_die("over a socket a day has at most %u agents and %u queues", max, max);
}

void player_play(struct player *p, const struct day *day, struct backend *back)
{
    must_fit_a_look(day, back->ops->look_max);
    player_init(p, day, back);
    setup_centre(p);
    p->real_start = backend_real_time();
    run_day(p);
    p->real_end = backend_real_time();
    take_down_centre(p);
}

void player_fini(struct player *p)
{
    agenda_fini(&p->agenda);
    free(p->callers);
    free(p->desks);
    free(p->books);
    free(p->queue_of_slot);
    free(p->agent_of_slot);
    free(p->sight.queues);
    free(p->sight.agents);
    free(p->kept);
    free(p->leaving);
}
