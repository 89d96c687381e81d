/* A dump of an engine, by all the queries of acd.h. */

#include "tests/model/dump_parts.h"

static const char *add_engine_agent(struct dump *d, const struct acd_engine *e, acd_agent_id id)
{
    static struct acd_view_member members[DUMP_ROWS_MAX];
    static struct acd_view_assignment assignments[DUMP_ROWS_MAX];
    struct acd_view_member single;
    struct acd_view_skill skill;
    struct acd_view_agent agent;
    struct acd_view_team team;
    struct acd_view_agent_interval interval;
    uint32_t cursor = 0, count = 0;

    if (acd_agent_view(e, id, &agent) != ACD_OK)
        return "acd_agent_from gives an agent that has no view";
    if (acd_agent_named(e, agent.name).gen != id.gen)
        return "an agent is not found by its name";
    dump_add(d, &acd_record_view_agent, &agent);
    if (agent.team.len > 0) {
        if (acd_team_view(e, agent.team, &team) != ACD_OK)
            return "an agent's team is not there";
        dump_add(d, &acd_record_view_team, &team);
    }
    if (acd_agent_interval_view(e, id, 0, &interval) != ACD_OK)
        return "an agent has no interval";
    dump_add(d, &acd_record_view_agent_interval, &interval);
    while (count < DUMP_ROWS_MAX && acd_agent_members(e, id, &cursor, &members[count])) {
        if (acd_member_view(e, id, members[count].queue, &single) != ACD_OK)
            return "acd_agent_members gives a membership that has no view";
        count++;
    }
    dump_add_members(d, members, count, dump_by_queue);
    for (cursor = 0; acd_agent_skills(e, id, &cursor, &skill);)
        dump_add(d, &acd_record_view_skill, &skill);
    for (cursor = 0, count = 0; count < DUMP_ROWS_MAX; count++)
        if (!acd_agent_assignments(e, id, &cursor, &assignments[count]))
            break;
    dump_add_assignments(d, assignments, count);
    return NULL;
}

static const char *add_engine_queue(struct dump *d, const struct acd_engine *e, acd_queue_id id)
{
    static struct acd_view_member members[DUMP_ROWS_MAX];
    struct acd_view_queue queue;
    struct acd_view_queue_interval interval;
    struct acd_view_call call;
    acd_call_id next;
    uint32_t cursor = 0, count = 0;

    if (acd_queue_view(e, id, &queue) != ACD_OK)
        return "acd_queue_from gives a queue that has no view";
    if (acd_queue_named(e, queue.name).gen != id.gen)
        return "a queue is not found by its name";
    dump_add(d, &acd_record_view_queue, &queue);
    while (count < DUMP_ROWS_MAX && acd_queue_members(e, id, &cursor, &members[count]))
        count++;
    dump_add_members(d, members, count, dump_by_agent);
    if (acd_queue_interval_view(e, id, 0, &interval) != ACD_OK)
        return "a queue has no interval";
    dump_add(d, &acd_record_view_queue_interval, &interval);
    if (acd_queue_waits(e, id) != NULL)
        dump_add_waits(d, acd_queue_waits(e, id));
    for (uint32_t place = 0; (next = acd_waiting_at(e, id, place)).gen != 0; place++) {
        if (acd_call_view(e, next, &call) != ACD_OK)
            return "acd_waiting_at gives a call that has no view";
        dump_add(d, &acd_record_view_call, &call);
    }
    return NULL;
}

/* All notices still in an outbox, a few at a time: whatever the pieces, they are the same. */
static const char *add_engine_notices(struct dump *d, const struct acd_engine *e, acd_client_id id)
{
    struct acd_view_notice notice;
    uint8_t bytes[1024];
    uint64_t after = 0;
    int len;

    while ((len = acd_outbox_read(e, id, after, bytes, sizeof bytes)) > 0) {
        dump_add_bytes(d, bytes, (size_t)len);
        for (int at = 0, size; at < len; at += size) {
            size = acd_record_view_notice.decode(bytes + at, (size_t)(len - at), &notice);
            if (size < 0)
                return "acd_outbox_read gives what is no notice";
            if (notice.number <= after)
                return "acd_outbox_read gives a notice twice";
            after = notice.number;
        }
    }
    return NULL;
}

static const char *add_engine_client(struct dump *d, const struct acd_engine *e, acd_client_id id)
{
    struct acd_view_client client;

    if (acd_client_view(e, id, &client) != ACD_OK)
        return "acd_client_from gives a client that has no view";
    if (acd_client_named(e, client.name).gen != id.gen)
        return "a client is not found by its name";
    dump_add(d, &acd_record_view_client, &client);
    if (client.kind == ACD_GATEWAY)
        return add_engine_notices(d, e, id);
    if (acd_outbox_read(e, id, 0, NULL, 0) != ACD_NOT_FOUND)
        return "an operator has an outbox";
    return NULL;
}

static const char *add_engine_calls(struct dump *d, const struct acd_engine *e)
{
    struct acd_view_call call;

    for (acd_call_id id = acd_call_from(e, 0); id.gen != 0; id = acd_call_from(e, id.slot + 1)) {
        if (acd_call_view(e, id, &call) != ACD_OK)
            return "acd_call_from gives a call that has no view";
        if (acd_call_keyed(e, call.gateway, call.key).gen != id.gen)
            return "a call is not found by its key";
        dump_add(d, &acd_record_view_call, &call);
    }
    return NULL;
}

static void add_engine_numbers(struct dump *d, const struct acd_engine *e)
{
    struct acd_view_number number, single;

    for (uint32_t slot = 0; acd_number_from(e, &slot, &number); slot++) {
        dump_add(d, &acd_record_view_number, &number);
        if (acd_number_view(e, number.number, &single) == ACD_OK)
            dump_add(d, &acd_record_view_number, &single);
    }
}

static void add_engine_calendars(struct dump *d, const struct acd_engine *e)
{
    struct acd_view_calendar_settings calendar, single;
    struct acd_view_calendar_time time;

    for (uint32_t slot = 0; acd_calendar_from(e, &slot, &calendar); slot++) {
        dump_add(d, &acd_record_view_calendar_settings, &calendar);
        if (acd_calendar_view(e, calendar.name, &single) == ACD_OK)
            dump_add(d, &acd_record_view_calendar_settings, &single);
        for (uint32_t cursor = 0; acd_calendar_times(e, calendar.name, &cursor, &time);)
            dump_add(d, &acd_record_view_calendar_time, &time);
    }
}

const char *dump_engine(struct dump *d, const struct acd_engine *e)
{
    struct acd_view_totals totals;
    const char *broken = NULL;

    d->len = 0;
    acd_totals_view(e, &totals);
    dump_add(d, &acd_record_view_totals, &totals);
    for (acd_agent_id a = acd_agent_from(e, 0); broken == NULL && a.gen != 0;
         a = acd_agent_from(e, a.slot + 1))
        broken = add_engine_agent(d, e, a);
    for (acd_queue_id q = acd_queue_from(e, 0); broken == NULL && q.gen != 0;
         q = acd_queue_from(e, q.slot + 1))
        broken = add_engine_queue(d, e, q);
    if (broken == NULL)
        broken = add_engine_calls(d, e);
    for (acd_client_id c = acd_client_from(e, 0); broken == NULL && c.gen != 0;
         c = acd_client_from(e, c.slot + 1))
        broken = add_engine_client(d, e, c);
    add_engine_numbers(d, e);
    add_engine_calendars(d, e);
    return broken == NULL ? dump_engine_explained(d, e) : broken;
}
