#include "tools/play_make.h"

#include <stdio.h>
#include <string.h>

/* The day as a whole, and its queues. */

#define S(n) ((n)*ACD_SECOND)

/* Shares and times are those of a middling service centre; the odd ones are there so that every way
 * a call can go is gone. */
const struct make_kind MAKE_KINDS[] = {
    /* name, share, staff, talk, patience, wrap-up, max wait, max size, join, weight, alone */
    {"sales", 12, 1.10, S(180), S(240), S(20), 0, 0, ACD_JOIN_ALWAYS, 1, false},
    {"support", 12, 1.05, S(280), S(300), S(30), S(900), 0, ACD_JOIN_ALWAYS, 1, false},
    {"billing", 10, 1.10, S(190), S(240), S(15), S(600), 0, ACD_JOIN_LOGGED_IN, 1, false},
    {"orders", 9, 1.10, S(140), S(200), S(10), 0, 0, ACD_JOIN_ALWAYS, 1, false},
    {"cards", 6, 1.20, S(120), S(300), S(10), 0, 0, ACD_JOIN_ALWAYS, 9, false},
    {"travel", 5, 1.10, S(240), S(240), S(20), 0, 0, ACD_JOIN_READY, 1, false},
    {"partners", 2, 1.20, S(260), S(300), S(20), 0, 0, ACD_JOIN_READY, 2, true},
    {"hotline", 4, 0.70, S(90), S(400), 0, 0, 4, ACD_JOIN_ALWAYS, 1, true},
    {"loans", 4, 0.75, S(300), S(600), S(30), S(90), 0, ACD_JOIN_ALWAYS, 1, true},
    {"campaign", 3, 0.70, S(150), S(500), S(10), 0, 0, ACD_JOIN_ALWAYS, 1, true},
    {"season", 3, 0.70, S(150), S(500), S(10), 0, 0, ACD_JOIN_ALWAYS, 1, true},
    {"claims", 5, 1.10, S(320), S(400), ACD_FOREVER, 0, 0, ACD_JOIN_ALWAYS, 1, false},
    {"returns", 5, 1.10, S(150), S(240), S(15), 0, 0, ACD_JOIN_ALWAYS, 1, false},
    {"accounts", 5, 1.10, S(200), S(240), S(15), S(600), 0, ACD_JOIN_ALWAYS, 1, false},
    {"repairs", 4, 1.05, S(260), S(300), S(40), 0, 40, ACD_JOIN_ALWAYS, 1, false},
    {"english", 3, 1.15, S(200), S(240), S(15), 0, 0, ACD_JOIN_ALWAYS, 3, false},
    {"french", 2, 1.15, S(200), S(240), S(15), 0, 0, ACD_JOIN_ALWAYS, 3, false},
    {"internet", 3, 1.10, S(300), S(300), S(20), 0, 0, ACD_JOIN_ALWAYS, 1, false},
    {"gold", 2, 1.30, S(220), S(200), S(30), 0, 0, ACD_JOIN_ALWAYS, 8, false},
    {"survey", 1, 1.10, S(100), S(120), 0, 0, 0, ACD_JOIN_ALWAYS, 1, false},
};

const uint32_t MAKE_KIND_COUNT = sizeof MAKE_KINDS / sizeof MAKE_KINDS[0];

const struct make_kind *make_kind_of(uint32_t queue)
{
    return &MAKE_KINDS[queue % MAKE_KIND_COUNT];
}

acd_span make_queue_ends(const struct making *m, uint32_t queue)
{
    if (queue == MAKE_CAMPAIGN)
        return make_moment(m, 0.36);
    if (queue == MAKE_SEASON)
        return make_moment(m, 0.61);
    return m->closes;
}

static void set_queue(struct acd_command_queue_set *set, const struct make_kind *kind)
{
    set->weight = kind->weight;
    set->max_size = kind->max_size == 0 ? -1 : kind->max_size;
    set->max_wait = kind->max_wait == 0 ? -1 : kind->max_wait;
    set->ring_timeout = S(20);
    set->wrap_up_time = kind->wrap_up == 0 ? -1 : kind->wrap_up;
    set->reject_delay = S(20);
    set->busy_delay = S(30);
    set->no_answer_delay = S(10);
    set->max_no_answer = 3;
    set->no_answer_reason = 99;
    set->join_empty = kind->join_empty;
    set->service_level_threshold = DAY_IN_TIME;
}

static void tell_stories(struct making *m)
{
    struct day_act act = {.kind = DAY_QUEUE, .who = MAKE_LUNCH, .state = ACD_CLOSED};

    act.at = make_moment(m, 0.45);
    day_add_act(m->day, act);
    act.at = make_moment(m, 0.52);
    act.state = ACD_OPEN;
    day_add_act(m->day, act);
    act = (struct day_act){.kind = DAY_REMOVE, .who = MAKE_CAMPAIGN, .target = DAY_NONE};
    act.at = make_queue_ends(m, MAKE_CAMPAIGN);
    day_add_act(m->day, act);
    act = (struct day_act){.kind = DAY_REMOVE, .who = MAKE_SEASON, .target = MAKE_SALES};
    act.at = make_queue_ends(m, MAKE_SEASON);
    day_add_act(m->day, act);
}

void make_queues(struct making *m)
{
    for (uint32_t i = 0; i < m->sizes->queues; i++) {
        const struct make_kind *kind = make_kind_of(i);
        struct day_queue *q = day_add_queue(m->day, kind->name);
        uint32_t again = i / MAKE_KIND_COUNT + 1;

        if (again > 1)
            snprintf(q->name, sizeof q->name, "%s-%u", kind->name, again);
        snprintf(q->number, sizeof q->number, "+4930%06u", 100000 + i);
        set_queue(&q->set, kind);
    }
    tell_stories(m);
}

/* Fewer calls, or calls for an agent, need not meet everything that can happen. */
enum { VARIED_CALLS = 6000, VARIED_LOAD = 60 };

void make_day(struct day *d, const struct make_sizes *sizes)
{
    struct making m = {.day = d, .sizes = sizes, .random = random_seeded(sizes->seed, 0, 0)};

    m.opens = 8 * DAY_HOUR;
    m.closes = m.opens + sizes->hours * DAY_HOUR;
    make_queues(&m);
    make_agents(&m);
    make_calls(&m);
    day_sort(d);
    d->seed = sizes->seed;
    d->opens = m.opens - DAY_HOUR / 2;
    d->closes = m.closes + DAY_HOUR;
    d->is_varied = sizes->calls >= VARIED_CALLS && sizes->calls / VARIED_LOAD >= sizes->agents;
    snprintf(d->stamp, sizeof d->stamp, "day");
    snprintf(d->title, sizeof d->title,
             "a day made up of seed %llu: %u calls, %u agents, %u queues",
             (unsigned long long)sizes->seed, sizes->calls, sizes->agents, sizes->queues);
}
