#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/play_room.h"
#include "tools/sim.h"

/* A scenario, made piece by piece. */

void scenario_init(struct scenario *s)
{
    *s = (struct scenario){.interval = DAY_INTERVAL,
                           .warm_up = 2 * DAY_HOUR,
                           .window = 8 * DAY_HOUR,
                           .windows = 1,
                           .runs = 100,
                           .seed = 1,
                           .confidence = 0.95};
}

void scenario_fini(struct scenario *s)
{
    for (size_t i = 0; i < s->queue_count; i++) {
        free(s->queues[i].rates);
        free(s->queues[i].askings);
        free(s->queues[i].handling.steps);
        free(s->queues[i].patience.steps);
    }
    for (size_t i = 0; i < s->group_count; i++) {
        free(s->groups[i].seats);
        free(s->groups[i].talents);
    }
    free(s->queues);
    free(s->groups);
    if (s->trace != NULL)
        trace_fini(s->trace);
    free(s->trace);
    *s = (struct scenario){0};
}

struct sim_queue *scenario_add_queue(struct scenario *s, const char *name)
{
    struct sim_queue *q;

    s->queues = room_for_more(s->queues, s->queue_count, &s->queue_room, sizeof *s->queues);
    q = &s->queues[s->queue_count++];
    *q = (struct sim_queue){
        .handling = {.shape = SIM_EXPONENTIAL, .mean = 180 * ACD_SECOND},
        .patience = {.shape = SIM_NEVER},
    };
    snprintf(q->name, sizeof q->name, "%s", name);
    return q;
}

struct sim_group *scenario_add_group(struct scenario *s, const char *name, uint32_t count)
{
    struct sim_group *g;

    s->groups = room_for_more(s->groups, s->group_count, &s->group_room, sizeof *s->groups);
    g = &s->groups[s->group_count++];
    *g = (struct sim_group){.count = count, .capacity = 1};
    snprintf(g->name, sizeof g->name, "%s", name);
    return g;
}

static void *one_more(void *things, size_t count, size_t size)
{
    size_t room = count;

    return room_for_more(things, count, &room, size);
}

void sim_group_add_seat(struct sim_group *g, uint32_t queue, uint8_t level)
{
    g->seats = one_more(g->seats, g->seat_count, sizeof *g->seats);
    g->seats[g->seat_count++] = (struct sim_seat){queue, level};
}

void sim_queue_add_rate(struct sim_queue *q, double an_hour)
{
    q->rates = one_more(q->rates, q->rate_count, sizeof *q->rates);
    q->rates[q->rate_count++] = an_hour;
}

void sim_queue_add_asking(struct sim_queue *q, struct sim_asking asking)
{
    q->askings = one_more(q->askings, q->asking_count, sizeof *q->askings);
    q->askings[q->asking_count++] = asking;
}

void sim_group_add_talent(struct sim_group *g, struct sim_talent talent)
{
    g->talents = one_more(g->talents, g->talent_count, sizeof *g->talents);
    g->talents[g->talent_count++] = talent;
}

uint32_t scenario_queue_named(const struct scenario *s, const char *name)
{
    for (uint32_t i = 0; i < s->queue_count; i++)
        if (strcmp(s->queues[i].name, name) == 0)
            return i;
    return DAY_NONE;
}
