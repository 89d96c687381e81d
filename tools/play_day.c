#include "tools/play_day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/play_room.h"

/* Makes room in one of the day's lists and returns the new last of it, zeroed. */
#define ADD(d, things, thing)                                                                      \
    ((d)->things =                                                                                 \
         room_for_more((d)->things, (d)->thing##_count, &(d)->thing##_room, sizeof *(d)->things),  \
     memset(&(d)->things[(d)->thing##_count], 0, sizeof *(d)->things),                             \
     &(d)->things[(d)->thing##_count++])

struct day_queue *day_add_queue(struct day *d, const char *name)
{
    struct day_queue *q = ADD(d, queues, queue);

    snprintf(q->name, sizeof q->name, "%s", name);
    return q;
}

struct day_agent *day_add_agent(struct day *d, const char *name)
{
    struct day_agent *a = ADD(d, agents, agent);

    snprintf(a->name, sizeof a->name, "%s", name);
    a->capacity = 1;
    return a;
}

struct day_call *day_add_call(struct day *d)
{
    return ADD(d, calls, call);
}

void day_add_seat(struct day *d, uint32_t agent, uint32_t queue, uint8_t level)
{
    struct day_seat *seat = ADD(d, seats, seat);

    *seat = (struct day_seat){agent, queue, level};
}

void day_add_act(struct day *d, struct day_act act)
{
    struct day_act *added = ADD(d, acts, act);

    *added = act;
}

/* qsort() need not keep the order of equals, but a merge does: both begin with their time. */
static acd_span at_of(const void *thing)
{
    acd_span at;

    memcpy(&at, thing, sizeof at);
    return at;
}

static void merge_sort(char *things, char *spare, size_t count, size_t size)
{
    size_t half = count / 2, left = 0, right = half;

    if (count < 2)
        return;
    merge_sort(things, spare, half, size);
    merge_sort(things + half * size, spare, count - half, size);
    for (size_t i = 0; i < count; i++) {
        bool from_right = left == half || (right < count && at_of(things + right * size) <
                                                                at_of(things + left * size));
        size_t from = from_right ? right++ : left++;

        memcpy(spare + i * size, things + from * size, size);
    }
    memcpy(things, spare, count * size);
}

static void sort_by_time(void *things, size_t count, size_t size)
{
    char *spare = room_for(count, size);

    merge_sort(things, spare, count, size);
    free(spare);
}

void day_sort(struct day *d)
{
    _Static_assert(offsetof(struct day_call, at) == 0, "at_of() reads it there");
    _Static_assert(offsetof(struct day_act, at) == 0, "at_of() reads it there");
    sort_by_time(d->calls, d->call_count, sizeof *d->calls);
    sort_by_time(d->acts, d->act_count, sizeof *d->acts);
}

void day_fini(struct day *d)
{
    free(d->queues);
    free(d->agents);
    free(d->seats);
    free(d->calls);
    free(d->acts);
    *d = (struct day){0};
}
