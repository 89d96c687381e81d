/* A dump of a twin, in the order of an engine's. */

#include <stdlib.h>

#include "tests/model/dump_parts.h"

#include "tests/model/twin_parts.h"

static void add_twin_agent(struct dump *d, const struct twin *t, const struct twin_agent *a)
{
    static struct acd_view_member members[DUMP_ROWS_MAX];
    static struct acd_view_assignment assignments[DUMP_ROWS_MAX];
    struct acd_view_agent view;
    struct acd_view_team team;
    struct acd_view_agent_interval interval;
    size_t count = 0;

    twin_agent_view(t, a, &view);
    dump_add(d, &acd_record_view_agent, &view);
    if (view.team.len > 0) {
        twin_team_view(t, view.team, &team);
        dump_add(d, &acd_record_view_team, &team);
    }
    twin_agent_interval_view(t, a, &interval);
    dump_add(d, &acd_record_view_agent_interval, &interval);
    for (uint32_t i = 0; i < t->limits.memberships; i++)
        if (t->members[i].live && twin_same_agent(t->members[i].agent, a->id))
            twin_member_view(t, &t->members[i], &members[count++]);
    dump_add_members(d, members, count, dump_by_queue);
    for (uint32_t i = 0; i < a->skill_count; i++)
        dump_add(d, &acd_record_view_skill,
                 &(struct acd_view_skill){.agent = a->id,
                                          .agent_name = twin_text_str(&a->name),
                                          .skill = twin_text_str(&a->skills[i].name),
                                          .level = a->skills[i].level});
    count = 0;
    for (uint32_t i = 0; i < t->limits.assignments; i++)
        if (t->assignments[i].id.gen != 0 && twin_same_agent(t->assignments[i].agent, a->id))
            twin_assignment_view(&t->assignments[i], &assignments[count++]);
    dump_add_assignments(d, assignments, count);
}

/* The call of a queue's line that stands right behind another, or first when that is NULL. */
static const struct twin_call *behind(const struct twin *t, const struct twin_queue *q,
                                      const struct twin_call *other)
{
    const struct twin_call *next = NULL;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (c->id.gen == 0 || c->state != ACD_QUEUED || !twin_same_queue(c->queue, q->id))
            continue;
        if (other != NULL && !twin_place_before(t, other, c))
            continue;
        if (next == NULL || twin_place_before(t, c, next))
            next = c;
    }
    return next;
}

static void add_twin_line(struct dump *d, const struct twin *t, const struct twin_queue *q)
{
    struct acd_view_call view;

    for (const struct twin_call *c = behind(t, q, NULL); c != NULL; c = behind(t, q, c)) {
        twin_call_view(t, c, &view);
        dump_add(d, &acd_record_view_call, &view);
    }
}

static void add_twin_queue(struct dump *d, const struct twin *t, const struct twin_queue *q)
{
    static struct acd_view_member members[DUMP_ROWS_MAX];
    struct acd_view_queue view;
    struct acd_view_queue_interval interval;
    size_t count = 0;

    twin_queue_view(t, q, &view);
    dump_add(d, &acd_record_view_queue, &view);
    for (uint32_t i = 0; i < t->limits.memberships; i++)
        if (t->members[i].live && twin_same_queue(t->members[i].queue, q->id))
            twin_member_view(t, &t->members[i], &members[count++]);
    dump_add_members(d, members, count, dump_by_agent);
    twin_queue_interval_view(t, q, &interval);
    dump_add(d, &acd_record_view_queue_interval, &interval);
    dump_add_waits(d, &q->interval.waits);
    add_twin_line(d, t, q);
}

/* What stands in an outbox; of an announcement with what is true now. */
static void add_twin_notices(struct dump *d, const struct twin *t, const struct twin_client *c)
{
    struct acd_view_notice notice;

    for (uint32_t at = 0; at < c->outbox_len;) {
        int size = acd_record_view_notice.decode(c->outbox + at, c->outbox_len - at, &notice);
        const struct twin_call *call = twin_call(t, notice.call);

        if (size < 0)
            abort();
        if (notice.kind == ACD_NOTICE_ANNOUNCEMENT && call != NULL) {
            notice.position = twin_position(t, call);
            notice.estimated_wait = twin_estimate_call(t, call);
        }
        dump_add(d, &acd_record_view_notice, &notice);
        at += (uint32_t)size;
    }
}

static void add_twin_rest(struct dump *d, const struct twin *t)
{
    struct acd_view_call call;
    struct acd_view_client client;
    struct acd_view_number number;

    for (uint32_t i = 0; i < t->limits.calls; i++)
        if (t->calls[i].id.gen != 0) {
            twin_call_view(t, &t->calls[i], &call);
            dump_add(d, &acd_record_view_call, &call);
        }
    for (uint32_t i = 0; i < t->limits.clients; i++)
        if (t->clients[i].id.gen != 0) {
            twin_client_view(t, &t->clients[i], &client);
            dump_add(d, &acd_record_view_client, &client);
            add_twin_notices(d, t, &t->clients[i]);
        }
    for (uint32_t i = 0; i < t->limits.numbers; i++)
        if (t->numbers[i].live) {
            twin_number_view(t, &t->numbers[i], &number);
            dump_add(d, &acd_record_view_number, &number);
            dump_add(d, &acd_record_view_number, &number);
        }
}

static void add_twin_calendar(struct dump *d, const struct twin_calendar *c)
{
    struct acd_view_calendar_settings settings = {.name = twin_text_str(&c->name),
                                                  .zone = twin_text_str(&c->zone),
                                                  .strategy = c->strategy,
                                                  .otherwise = c->otherwise};

    dump_add(d, &acd_record_view_calendar_settings, &settings);
    dump_add(d, &acd_record_view_calendar_settings, &settings);
    for (uint32_t i = 0; i < c->time_count; i++)
        dump_add(d, &acd_record_view_calendar_time,
                 &(struct acd_view_calendar_time){.calendar = twin_text_str(&c->name),
                                                  .time = twin_text_str(&c->times[i])});
}

void dump_twin(struct dump *d, const struct twin *t)
{
    struct acd_view_totals totals;

    d->len = 0;
    twin_totals_view(t, &totals);
    dump_add(d, &acd_record_view_totals, &totals);
    for (uint32_t i = 0; i < t->limits.agents; i++)
        if (t->agents[i].id.gen != 0)
            add_twin_agent(d, t, &t->agents[i]);
    for (uint32_t i = 0; i < t->limits.queues; i++)
        if (t->queues[i].id.gen != 0)
            add_twin_queue(d, t, &t->queues[i]);
    add_twin_rest(d, t);
    for (uint32_t i = 0; i < ACD_CALENDARS_MAX; i++)
        if (t->calendars[i].live)
            add_twin_calendar(d, &t->calendars[i]);
    dump_twin_explained(d, t);
}
