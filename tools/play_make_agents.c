#include <stdio.h>
#include <stdlib.h>

#include "tools/play_make.h"
#include "tools/play_room.h"

/* Who works there, when, and how. */

enum { REASON_LUNCH = 1, REASON_BREAK = 2, REASON_MEETING = 3 };

/* Shifts as parts of the opening hours; more agents are there when more calls come. */
static const struct shift {
    double from, to, weight;
} SHIFTS[] = {
    {-0.03, 0.80, 4}, {0.03, 0.85, 3}, {0.08, 0.95, 3}, {0.15, 1.04, 3}, {0.22, 1.06, 2},
};
enum { SHIFT_COUNT = sizeof SHIFTS / sizeof SHIFTS[0] };

/* How many agents a queue's load wants, up to a common factor. */
static double wanted(uint32_t queue)
{
    const struct make_kind *kind = make_kind_of(queue);
    acd_span wrap_up = kind->wrap_up == ACD_FOREVER ? 30 * ACD_SECOND : kind->wrap_up;

    return kind->share * kind->staff * (1.25 * (double)kind->talk + (double)wrap_up);
}

static struct day_manners manners_drawn(struct random *r)
{
    struct day_manners m = {
        .rejects = 0.02,
        .busy = 0.005,
        .no_answer = 0.03,
        .answers_after = random_between(r, 2 * ACD_SECOND, 6 * ACD_SECOND),
        .finishes_early = 0.4,
        .extends = 0.1,
    };

    if (random_chance(r, 0.03))
        m.no_answer = 0.4; /* is often away from the desk */
    return m;
}

/* The home queue, and for most up to three more at a later level. */
static void seat(struct making *m, struct random *r, uint32_t agent, uint32_t home)
{
    uint32_t taken[4] = {home}, count = 1;
    uint32_t more = make_kind_of(home)->alone ? 0 : random_below(r, 4);

    day_add_seat(m->day, agent, home, 1);
    for (uint32_t i = 0; i < more; i++) {
        uint32_t queue = random_below(r, m->sizes->queues);
        bool is_new = !make_kind_of(queue)->alone;

        for (uint32_t k = 0; k < count; k++)
            is_new &= taken[k] != queue;
        if (!is_new)
            continue;
        taken[count++] = queue;
        day_add_seat(m->day, agent, queue, (uint8_t)(1 + count / 2));
    }
}

static void pause(struct making *m, uint32_t agent, acd_span at, acd_span length, uint16_t reason)
{
    struct day_act act = {.at = at, .kind = DAY_PAUSE, .who = agent, .reason = reason};

    day_add_act(m->day, act);
    act.at += length;
    act.kind = DAY_READY;
    act.reason = 0;
    day_add_act(m->day, act);
}

static void work(struct making *m, struct random *r, uint32_t agent, uint32_t home)
{
    double weights[SHIFT_COUNT];
    const struct shift *shift;
    acd_span from, to, length;

    for (int i = 0; i < SHIFT_COUNT; i++)
        weights[i] = SHIFTS[i].weight;
    shift = &SHIFTS[random_weighted(r, weights, SHIFT_COUNT)];
    from = make_moment(m, home == MAKE_LATE ? 0.12 : shift->from) +
           random_between(r, 0, 10 * DAY_MINUTE);
    to = make_moment(m, home == MAKE_LATE ? 1.05 : shift->to) +
         random_between(r, 0, 10 * DAY_MINUTE);
    length = to - from;
    day_add_act(m->day, (struct day_act){.at = from, .kind = DAY_READY, .who = agent});
    pause(m, agent, from + length / 5 + random_between(r, 0, length / 10), length / 40,
          REASON_BREAK);
    pause(m, agent, from + length * 2 / 5 + random_between(r, 0, length / 5), length / 16,
          REASON_LUNCH);
    if (random_chance(r, 0.15))
        pause(m, agent, from + length * 7 / 10, length / 20, REASON_MEETING);
    pause(m, agent, from + length * 4 / 5 + random_between(r, 0, length / 10), length / 40,
          REASON_BREAK);
    day_add_act(m->day, (struct day_act){.at = to, .kind = DAY_LEAVE, .who = agent});
}

static void take_out_of_service(struct making *m, uint32_t agent)
{
    struct day_act act = {.kind = DAY_ACTIVE, .who = agent, .state = ACD_NO};

    act.at = make_moment(m, 0.31);
    day_add_act(m->day, act);
    act.at = make_moment(m, 0.37);
    act.state = ACD_YES;
    day_add_act(m->day, act);
}

/* Each queue gets its share of the agents, and at least one: first those that are most short. */
static void add_agent(struct making *m, uint32_t index, uint32_t *have)
{
    struct random r = random_seeded(m->sizes->seed, 1, index);
    char name[DAY_NAME_MAX];
    struct day_agent *a;
    uint32_t home = 0;

    for (uint32_t queue = 1; queue < m->sizes->queues; queue++)
        if (wanted(queue) / (have[queue] + 0.5) > wanted(home) / (have[home] + 0.5))
            home = queue;
    have[home]++;
    snprintf(name, sizeof name, "agent-%03u", index + 1);
    a = day_add_agent(m->day, name);
    a->manners = manners_drawn(&r);
    a->capacity = random_chance(&r, 0.05) ? 2 : 1;
    seat(m, &r, index, home);
    work(m, &r, index, home);
    if (index % 50 == 7)
        take_out_of_service(m, index);
}

void make_agents(struct making *m)
{
    uint32_t *have = room_for(m->sizes->queues, sizeof *have);

    for (uint32_t i = 0; i < m->sizes->agents; i++)
        add_agent(m, i, have);
    free(have);
}
