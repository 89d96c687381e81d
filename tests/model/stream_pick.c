/* Chance, and things to speak of. */

#include "tests/model/stream_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/model/twin_parts.h"

/* splitmix64 */
uint64_t stream_random(struct stream *s)
{
    uint64_t z = s->random += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

uint32_t stream_below(struct stream *s, uint32_t limit)
{
    return (uint32_t)((stream_random(s) >> 32) * limit >> 32);
}

bool stream_chance(struct stream *s, uint32_t percent)
{
    return stream_below(s, 100) < percent;
}

acd_span stream_span(struct stream *s, uint32_t most)
{
    return (1 + stream_below(s, most)) * s->grain;
}

struct acd_str stream_name(struct step *step, char kind, uint32_t number)
{
    char text[16];
    int len = snprintf(text, sizeof text, "%c%" PRIu32, kind, number);

    return step_text(step, text, (size_t)len);
}

struct acd_str stream_attributes(struct stream *s, struct step *step)
{
    char text[512];
    size_t len = 2 + stream_below(s, stream_chance(s, 10) ? 511 : 20);

    if (stream_chance(s, 80))
        return (struct acd_str){NULL, 0};
    if (stream_chance(s, 10))
        return step_text(step, "-", 1);
    memset(text, 'x', sizeof text);
    text[0] = '{';
    text[len - 1] = '}';
    return step_text(step, text, len);
}

acd_time stream_clock(struct stream *s, const struct twin *t)
{
    switch (stream_below(s, 20)) {
    case 0:
    case 1: return s->now;
    case 2:
    case 3:
    case 4: return s->now - stream_span(s, 8);
    case 5: return s->now + stream_span(s, 8);
    case 6: return t->forgotten_until + (acd_time)stream_below(s, 3) - 1;
    case 7: return s->now - 3600 * ACD_SECOND + (acd_time)stream_below(s, 3) - 1;
    case 8: return stream_chance(s, 50) ? (acd_time)stream_random(s) : 1;
    default: return 0;
    }
}

static struct acd_str copied(struct step *step, const struct twin_text *text)
{
    return step_text(step, text->data, text->len);
}

/* ---- ids ---------------------------------------------------------------------------------- */

/* How something is spoken of. */
enum way { BY_ID, BY_NAME, BY_BOTH, BY_OLD_ID, BY_MADE_UP_ID, BY_WRONG_NAME, NOT_AT_ALL };

static enum way choose_way(struct stream *s)
{
    switch (stream_below(s, 60)) {
    case 0: return NOT_AT_ALL;
    case 1: return BY_WRONG_NAME;
    case 2: return BY_MADE_UP_ID;
    case 3:
    case 4: return BY_OLD_ID;
    case 5: return BY_BOTH;
    default: return stream_chance(s, 50) ? BY_ID : BY_NAME;
    }
}

/* A live row of a table of ids, or an id that is none. */
#define LIVE(type, table, limit)                                                                   \
    static type live_##table(struct stream *s, const struct twin *t)                               \
    {                                                                                              \
        uint32_t count = t->limits.limit, from = stream_below(s, count);                           \
                                                                                                   \
        for (uint32_t i = 0; i < count; i++)                                                       \
            if (t->table[(from + i) % count].id.gen != 0)                                          \
                return t->table[(from + i) % count].id;                                            \
        return (type){stream_below(s, 3), 0};                                                      \
    }

LIVE(acd_agent_id, agents, agents)
LIVE(acd_queue_id, queues, queues)
LIVE(acd_call_id, calls, calls)
LIVE(acd_client_id, clients, clients)
LIVE(acd_assignment_id, assignments, assignments)

void stream_agent(struct stream *s, const struct twin *t, struct step *step, acd_agent_id *id,
                  struct acd_str *name)
{
    enum way way = choose_way(s);
    acd_agent_id live = live_agents(s, t);

    if (way == BY_ID || way == BY_BOTH)
        *id = live;
    if (way == BY_OLD_ID)
        *id = s->old_agents[stream_below(s, STREAM_MEMORY)];
    if (way == BY_MADE_UP_ID)
        *id = (acd_agent_id){stream_below(s, 9), stream_below(s, 9)};
    if (way == BY_NAME && live.gen != 0)
        *name = copied(step, &twin_agent(t, live)->name);
    else if (way == BY_NAME || way == BY_BOTH || way == BY_WRONG_NAME)
        *name = stream_name(step, 'a', stream_below(s, s->limits.agents + 2));
}

void stream_queue(struct stream *s, const struct twin *t, struct step *step, acd_queue_id *id,
                  struct acd_str *name)
{
    enum way way = choose_way(s);
    acd_queue_id live = live_queues(s, t);

    if (way == BY_ID || way == BY_BOTH)
        *id = live;
    if (way == BY_OLD_ID)
        *id = s->old_queues[stream_below(s, STREAM_MEMORY)];
    if (way == BY_MADE_UP_ID)
        *id = (acd_queue_id){stream_below(s, 9), stream_below(s, 9)};
    if (way == BY_NAME && live.gen != 0)
        *name = copied(step, &twin_queue(t, live)->name);
    else if (way == BY_NAME || way == BY_BOTH || way == BY_WRONG_NAME)
        *name = stream_name(step, 'q', stream_below(s, s->limits.queues + 2));
}

acd_call_id stream_call(struct stream *s, const struct twin *t)
{
    enum way way = choose_way(s);

    if (way == BY_OLD_ID || way == NOT_AT_ALL)
        return s->old_calls[stream_below(s, STREAM_MEMORY)];
    if (way == BY_MADE_UP_ID)
        return (acd_call_id){stream_below(s, 9), stream_below(s, 9)};
    return live_calls(s, t);
}

acd_assignment_id stream_assignment(struct stream *s, const struct twin *t, uint8_t role)
{
    enum way way = choose_way(s);
    uint32_t count = t->limits.assignments, from = stream_below(s, count);

    if (way == NOT_AT_ALL)
        return (acd_assignment_id){0, 0};
    if (way == BY_OLD_ID || way == BY_WRONG_NAME)
        return s->old_assignments[stream_below(s, STREAM_MEMORY)];
    if (way == BY_MADE_UP_ID)
        return (acd_assignment_id){stream_below(s, 9), stream_below(s, 9)};
    for (uint32_t i = 0; i < count && way == BY_ID; i++) {
        const struct twin_assignment *a = &t->assignments[(from + i) % count];

        if (a->id.gen != 0 && (role == 0 || a->role == role))
            return a->id;
    }
    return live_assignments(s, t);
}

acd_client_id stream_client(struct stream *s, const struct twin *t)
{
    switch (stream_below(s, 50)) {
    case 0: return s->old_clients[stream_below(s, STREAM_MEMORY)];
    case 1: return (acd_client_id){stream_below(s, 5), stream_below(s, 5)};
    case 2:
    case 3:
    case 4:
    case 5: return ACD_NOBODY;
    default: return live_clients(s, t).gen == 0 ? ACD_NOBODY : live_clients(s, t);
    }
}

void stream_remember_ids(struct stream *s, const struct twin *t)
{
    uint32_t place = stream_below(s, STREAM_MEMORY);

    s->old_agents[place] = live_agents(s, t);
    s->old_queues[place] = live_queues(s, t);
    s->old_calls[place] = live_calls(s, t);
    s->old_assignments[place] = live_assignments(s, t);
    s->old_clients[place] = live_clients(s, t);
}

/* ---- plans -------------------------------------------------------------------------------- */

/* One clause: a skill, or some of which one will do. */
static int clause(struct stream *s, char *out, size_t room)
{
    uint32_t skills = s->limits.skills + 1;
    uint32_t a = stream_below(s, stream_chance(s, 60) ? 2 : skills);
    uint32_t b = stream_below(s, stream_chance(s, 60) ? 2 : skills);

    switch (stream_below(s, 3)) {
    case 0: return snprintf(out, room, "s%u", a);
    case 1: return snprintf(out, room, "s%u>=%u", a, stream_below(s, 4));
    default: return snprintf(out, room, "(s%u >= %u | s%u)", a, stream_below(s, 4), b);
    }
}

static int window(struct stream *s, char *out, size_t room)
{
    uint32_t least = stream_below(s, 2);

    if (stream_chance(s, 30))
        return snprintf(out, room, "[%u-%u] ", least, least + stream_below(s, 3));
    if (stream_chance(s, 20))
        return snprintf(out, room, "^%u ", stream_below(s, 3));
    return 0;
}

struct acd_str stream_plan(struct stream *s, struct step *step, uint32_t percent)
{
    char text[256];
    int len = 0;
    uint32_t steps = 1 + stream_below(s, 3);

    if (!stream_chance(s, percent))
        return (struct acd_str){NULL, 0};
    if (stream_chance(s, 5))
        return stream_chance(s, 50) ? step_text(step, "s1; s2", 6) : step_text(step, "-", 1);
    for (uint32_t i = 0; i < steps; i++) {
        if (i > 0)
            len += snprintf(text + len, sizeof text - (size_t)len, "; @%us ", 2 * i);
        len += window(s, text + len, sizeof text - (size_t)len);
        for (uint32_t n = stream_below(s, 3); n > 0; n--) {
            len += clause(s, text + len, sizeof text - (size_t)len);
            if (n > 1)
                len += snprintf(text + len, sizeof text - (size_t)len, " & ");
        }
    }
    return len == 0 ? step_text(step, "[0-0]", 5) : step_text(step, text, (size_t)len);
}
