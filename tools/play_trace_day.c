#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/play_room.h"
#include "tools/play_trace.h"

/* The script of a recorded day. */

static const char OWN_AGENTS[] = "IN"; /* the type that shares nobody */
static const char NOBODY[] = "NO_SERVER";

static const acd_span HEAD_START = 90 * ACD_SECOND;    /* of priority 2 */
static const acd_span OVERTIME = 30 * 60 * ACD_SECOND; /* after the last agent has gone */
static const acd_span TALK_UNKNOWN = 180 * ACD_SECOND; /* no call of the type was ever answered */

struct making {
    const struct trace *trace;
    const char *date;
    struct day *day;
    acd_span *medians; /* talk, by queue */
    struct server {
        uint32_t from, to; /* seconds */
        bool own;          /* serves OWN_AGENTS */
    } * servers;           /* by agent */
    size_t server_room;
    acd_span first, last;
};

static uint32_t queue_named(const struct day *d, const char *name)
{
    for (uint32_t i = 0; i < d->queue_count; i++)
        if (strcmp(d->queues[i].name, name) == 0)
            return i;
    return DAY_NONE;
}

static uint32_t agent_named(const struct day *d, const char *name)
{
    for (uint32_t i = 0; i < d->agent_count; i++)
        if (strcmp(d->agents[i].name, name) == 0)
            return i;
    return DAY_NONE;
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* The median talk of a type's answered calls, over the whole trace. */
static acd_span median_talk(const struct trace *t, const char *type)
{
    uint32_t *talks = room_for(t->count, sizeof *talks);
    size_t count = 0;
    acd_span median = TALK_UNKNOWN;

    for (size_t i = 0; i < t->count; i++)
        if (t->rows[i].outcome == TRACE_AGENT && strcmp(t->rows[i].type, type) == 0)
            talks[count++] = t->rows[i].ser_time;
    if (count > 0) {
        qsort(talks, count, sizeof *talks, by_value);
        median = talks[count / 2] * ACD_SECOND;
    }
    free(talks);
    return median;
}

/* A queue for each type of the whole trace, so that all its days have the same. */
static void make_queues(struct making *m)
{
    size_t room = 0;

    for (size_t i = 0; i < m->trace->count; i++) {
        const char *type = m->trace->rows[i].type;
        struct day_queue *q;

        if (queue_named(m->day, type) != DAY_NONE)
            continue;
        m->medians = room_for_more(m->medians, m->day->queue_count, &room, sizeof *m->medians);
        m->medians[m->day->queue_count] = median_talk(m->trace, type);
        q = day_add_queue(m->day, type);
        q->set.ring_timeout = 60 * ACD_SECOND; /* they answer at once */
        q->set.service_level_threshold = DAY_IN_TIME;
    }
}

static void serve(struct making *m, const struct trace_row *row)
{
    uint32_t agent = agent_named(m->day, row->server);

    if (strcmp(row->server, NOBODY) == 0)
        return;
    if (agent == DAY_NONE) {
        agent = (uint32_t)m->day->agent_count;
        m->servers = room_for_more(m->servers, agent, &m->server_room, sizeof *m->servers);
        m->servers[agent] = (struct server){row->ser_start, row->ser_exit, false};
        day_add_agent(m->day, row->server);
    }
    ACD_ASSERT(m->servers != NULL);
    if (row->ser_start < m->servers[agent].from)
        m->servers[agent].from = row->ser_start;
    if (row->ser_exit > m->servers[agent].to)
        m->servers[agent].to = row->ser_exit;
    m->servers[agent].own |= strcmp(row->type, OWN_AGENTS) == 0;
}

static void extend(struct making *m, acd_span from, acd_span to)
{
    if (m->last == 0 || from < m->first)
        m->first = from;
    if (to > m->last)
        m->last = to;
}

static void add_call(struct making *m, const struct trace_row *row)
{
    struct day_call *c = day_add_call(m->day);
    bool hangs = row->outcome == TRACE_HANG;

    ACD_ASSERT(m->medians != NULL); /* a row's type has its queue */
    c->at = row->arrives * ACD_SECOND;
    c->queue = queue_named(m->day, row->type);
    c->recorded = !hangs;
    c->side = ACD_SIDE_CALLER;
    c->head_start = row->priority == 2 ? HEAD_START : 0;
    c->patience = hangs ? row->q_time * ACD_SECOND : ACD_FOREVER;
    c->talk = hangs ? m->medians[c->queue] : row->ser_time * ACD_SECOND;
    snprintf(c->key, sizeof c->key, "%s", row->key);
    m->day->queues[c->queue].offered[c->at / DAY_INTERVAL]++;
    extend(m, c->at, c->at);
}

static void staff(struct making *m)
{
    for (uint32_t agent = 0; m->servers != NULL && agent < m->day->agent_count; agent++) {
        const struct server *s = &m->servers[agent];
        struct day_act act = {.at = s->from * ACD_SECOND, .kind = DAY_READY, .who = agent};

        extend(m, act.at, s->to * ACD_SECOND);
        day_add_act(m->day, act);
        act.at = s->to * ACD_SECOND;
        act.kind = DAY_LEAVE;
        day_add_act(m->day, act);
        for (uint32_t queue = 0; queue < m->day->queue_count; queue++)
            if (s->own == (strcmp(m->day->queues[queue].name, OWN_AGENTS) == 0))
                day_add_seat(m->day, agent, queue, 1);
    }
}

void trace_day(const struct trace *t, const char *date, struct day *d)
{
    struct making m = {.trace = t, .date = date, .day = d};

    snprintf(d->stamp, sizeof d->stamp, "%s", date);
    make_queues(&m);
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->rows[i].date, date) != 0)
            continue;
        add_call(&m, &t->rows[i]);
        if (t->rows[i].outcome == TRACE_AGENT)
            serve(&m, &t->rows[i]);
    }
    if (d->call_count == 0)
        play_die("the trace has no calls of %s", date);
    staff(&m);
    d->opens = m.first - m.first % DAY_INTERVAL;
    d->closes = m.last + OVERTIME;
    snprintf(d->title, sizeof d->title, "trace of %s: %zu calls, %zu agents, %zu queues", date,
             d->call_count, d->agent_count, d->queue_count);
    day_sort(d);
    free(m.medians);
    free(m.servers);
}
