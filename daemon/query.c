#include "daemon/explain.h"
#include "daemon/listing.h"

/* Queries: what the state looks like now. Each list walks its things in slot order from the page's
 * cursor, for as long as a turn of the loop may take. */

/* ---- one of a kind ------------------------------------------------------------------------- */

static void answer_one(struct acd_reply_writer *w, uint64_t number, const struct acd_record *record,
                       const void *view)
{
    acd_reply_open(w, number);
    acd_reply_put(w, record, view);
    acd_reply_close(w);
}

static void answer_server(struct server *s, uint64_t number, struct acd_reply_writer *w)
{
    struct acd_wire_position position = server_position(s);
    struct acd_view_server v = {
        .version = acd_str(ACD_RELEASE),
        .schema = ACD_WIRE_VERSION,
        .epoch = position.epoch,
        .sequence = position.sequence,
        .durable = position.durable,
        .now = server_now(s),
        .uptime = server_now(s) - s->started,
        .waiting_next = s->waiting_count,
        .messages = s->counters.messages,
        .requests = s->counters.requests,
        .requests_failed = s->counters.failed,
        .events = s->counters.events,
        .published = s->counters.published,
        .malformed_messages = s->counters.malformed,
        .day_zone = acd_str(s->config->day_zone),
    };

    durable_view(s, &v);
    for (int i = 0; i < s->config->listen.count + s->config->publish.count; i++) {
        bool requests = i < s->config->listen.count;
        const struct endpoint *endpoint =
            requests ? &s->requests[i] : &s->publishers[i - s->config->listen.count];
        const struct listener_counters *c;

        if (endpoint->listener == NULL)
            continue;
        c = listener_counters(endpoint->listener);
        *(requests ? &v.connections : &v.subscribers) += (uint32_t)c->active;
        v.closed_malformed += c->ended[LISTENER_END_MALFORMED] + c->ended[LISTENER_END_HELLO] +
                              c->ended[LISTENER_END_TRUNCATED] + c->ended[LISTENER_END_TIMEOUT];
        v.closed_slow += c->ended[LISTENER_END_SLOW];
        v.pauses += c->pauses;
        v.replies_dropped += c->replies_dropped;
        v.connections_refused += c->refused;
    }
    answer_one(w, number, &acd_record_view_server, &v);
}

static void answer_totals(struct server *s, uint64_t number, struct acd_reply_writer *w)
{
    struct acd_view_totals v;

    acd_totals_view(s->engine, &v);
    answer_one(w, number, &acd_record_view_totals, &v);
}

static void answer_loop(struct server *s, uint64_t number, struct acd_reply_writer *w)
{
    struct acd_view_loop v;

    timing_loop_view(&s->timing, &v);
    answer_one(w, number, &acd_record_view_loop, &v);
}

static void list_timings(struct server *s, uint64_t number, const struct acd_query_list_timings *q,
                         struct acd_reply_writer *w)
{
    struct listing l = listing_begin(s, number, q->cursor, q->limit, w);
    struct acd_view_timing v;
    uint32_t at = l.cursor;
    bool more = timing_from(&s->timing, &at, &v);

    while (more && listing_goes_on(&l)) {
        if (!listing_put(&l, &acd_record_view_timing, &v))
            break;
        l.cursor = ++at;
        more = timing_from(&s->timing, &at, &v);
    }
    listing_end(&l, more);
}

/* ---- queues, numbers, clients -----------------------------------------------------------------
 */

void list_each_queue(struct server *s, uint64_t number, struct acd_str name, uint64_t cursor,
                     uint32_t limit, queue_put *put, struct acd_reply_writer *w)
{
    acd_queue_id id = acd_queue_named(s->engine, name);
    struct listing l;

    if (name.len > 0)
        NAMED(id.gen, w, number, 1);
    l = listing_begin(s, number, name.len > 0 ? id.slot : cursor, limit, w);
    for (id = acd_queue_from(s->engine, l.cursor); id.gen != 0 && listing_goes_on(&l);
         id = acd_queue_from(s->engine, l.cursor)) {
        if (!put(&l, id))
            break;
        l.cursor = id.slot + 1;
        if (name.len > 0)
            break;
    }
    listing_end(&l, id.gen != 0 && name.len == 0);
}

static bool put_queue(struct listing *l, acd_queue_id id)
{
    struct acd_view_queue v;

    acd_queue_view(l->s->engine, id, &v);
    return listing_put(l, &acd_record_view_queue, &v);
}

static void list_queues(struct server *s, uint64_t number, const struct acd_query_list_queues *q,
                        struct acd_reply_writer *w)
{
    list_each_queue(s, number, q->name, q->cursor, q->limit, put_queue, w);
}

static void list_numbers(struct server *s, uint64_t number, const struct acd_query_list_numbers *q,
                         struct acd_reply_writer *w)
{
    struct listing l = listing_begin(s, number, q->cursor, q->limit, w);
    struct acd_view_number v;
    uint32_t slot = l.cursor;
    bool more = acd_number_from(s->engine, &slot, &v);

    while (more && listing_goes_on(&l)) {
        if (wanted(q->number, v.number) && wanted(q->queue_name, v.queue_name) &&
            !listing_put(&l, &acd_record_view_number, &v))
            break;
        l.cursor = ++slot;
        more = acd_number_from(s->engine, &slot, &v);
    }
    listing_end(&l, more);
}

static void list_clients(struct server *s, uint64_t number, const struct acd_query_list_clients *q,
                         struct acd_reply_writer *w)
{
    struct listing l = listing_begin(s, number, q->cursor, q->limit, w);
    struct acd_view_client v;
    acd_client_id id;

    for (id = acd_client_from(s->engine, l.cursor); id.gen != 0 && listing_goes_on(&l);
         id = acd_client_from(s->engine, l.cursor)) {
        acd_client_view(s->engine, id, &v);
        if (wanted(q->name, v.name) && (q->kind == 0 || q->kind == v.kind) &&
            !listing_put(&l, &acd_record_view_client, &v))
            break;
        l.cursor = id.slot + 1;
    }
    listing_end(&l, id.gen != 0);
}

/* ---- memberships and assignments --------------------------------------------------------------
 */

static void list_members(struct server *s, uint64_t number, const struct acd_query_list_members *q,
                         struct acd_reply_writer *w)
{
    acd_agent_id agent = acd_agent_named(s->engine, q->agent_name);
    acd_queue_id queue = acd_queue_named(s->engine, q->queue_name);
    struct acd_view_member v;
    struct listing l;
    bool more = true;

    if (q->agent_name.len == 0 && q->queue_name.len == 0) {
        acd_reply_error(w, number, ACD_MISSING, 1);
        return;
    }
    if (q->agent_name.len > 0)
        NAMED(agent.gen, w, number, 1);
    if (q->queue_name.len > 0)
        NAMED(queue.gen, w, number, 2);
    l = listing_begin(s, number, q->cursor, q->limit, w);
    while (listing_goes_on(&l)) {
        uint32_t next = l.cursor;

        more = agent.gen != 0 ? acd_agent_members(s->engine, agent, &next, &v)
                              : acd_queue_members(s->engine, queue, &next, &v);
        if (!more ||
            (wanted(q->queue_name, v.queue_name) && !listing_put(&l, &acd_record_view_member, &v)))
            break;
        l.cursor = next;
    }
    listing_end(&l, more);
}

/* The first assignment at or after a slot, an agent's (who has few) or, with gen 0, anybody's. */
static bool assignment_from(const struct server *s, acd_agent_id agent, uint32_t slot,
                            struct acd_view_assignment *first)
{
    struct acd_view_assignment v;
    uint32_t cursor = 0;
    bool found = false;

    if (agent.gen == 0)
        return acd_assignment_view(s->engine, acd_assignment_from(s->engine, slot), first) ==
               ACD_OK;
    while (acd_agent_assignments(s->engine, agent, &cursor, &v)) {
        if (v.assignment.slot < slot || (found && v.assignment.slot > first->assignment.slot))
            continue;
        *first = v;
        found = true;
    }
    return found;
}

static void list_assignments(struct server *s, uint64_t number,
                             const struct acd_query_list_assignments *q, struct acd_reply_writer *w)
{
    acd_agent_id agent = acd_agent_named(s->engine, q->agent_name);
    struct acd_view_assignment v;
    struct listing l;
    bool more;

    if (q->agent_name.len > 0)
        NAMED(agent.gen, w, number, 1);
    l = listing_begin(s, number, q->cursor, q->limit, w);
    while ((more = assignment_from(s, agent, l.cursor, &v)) && listing_goes_on(&l)) {
        if ((q->role == 0 || q->role == v.role) &&
            !listing_put(&l, &acd_record_view_assignment, &v))
            break;
        l.cursor = v.assignment.slot + 1;
    }
    listing_end(&l, more);
}

/* ---- calls --------------------------------------------------------------------------------- */

/* The names of a list_calls, resolved. */
struct call_filter {
    const struct acd_query_list_calls *q;
    acd_client_id gateway;
};

static bool put_call(struct listing *l, const struct call_filter *f, acd_call_id id)
{
    struct acd_view_call v;

    if (acd_call_view(l->s->engine, id, &v) != ACD_OK || !wanted(f->q->queue_name, v.queue_name) ||
        !wanted(f->q->key, v.key) || (f->q->state != 0 && f->q->state != v.state))
        return true;
    if (f->q->gateway_name.len > 0 &&
        (f->gateway.slot != v.gateway.slot || f->gateway.gen != v.gateway.gen))
        return true;
    return listing_put(l, &acd_record_view_call, &v);
}

static void list_waiting(struct listing *l, const struct call_filter *f, acd_queue_id queue)
{
    acd_call_id id;

    for (id = acd_waiting_at(l->s->engine, queue, l->cursor); id.gen != 0 && listing_goes_on(l);
         id = acd_waiting_at(l->s->engine, queue, l->cursor)) {
        if (!put_call(l, f, id))
            break;
        l->cursor++;
    }
    listing_end(l, id.gen != 0);
}

/* The agent's first call at or after a slot, gen 0: none. A call may be at several agents, of whom
 * its view names one: so who is asked for is found by what it has. */
static acd_call_id agents_call_from(const struct server *s, acd_agent_id agent, uint32_t slot)
{
    struct acd_view_assignment v;
    acd_call_id first = {0, 0};
    uint32_t cursor = 0;

    while (acd_agent_assignments(s->engine, agent, &cursor, &v))
        if (v.call.gen != 0 && v.call.slot >= slot && (first.gen == 0 || v.call.slot < first.slot))
            first = v.call;
    return first;
}

static void list_agents_calls(struct listing *l, const struct call_filter *f, acd_agent_id agent)
{
    acd_call_id id;

    for (id = agents_call_from(l->s, agent, l->cursor); id.gen != 0 && listing_goes_on(l);
         id = agents_call_from(l->s, agent, l->cursor)) {
        if (!put_call(l, f, id))
            break;
        l->cursor = id.slot + 1;
    }
    listing_end(l, id.gen != 0);
}

static void list_all_calls(struct listing *l, const struct call_filter *f)
{
    acd_call_id id;

    for (id = acd_call_from(l->s->engine, l->cursor); id.gen != 0 && listing_goes_on(l);
         id = acd_call_from(l->s->engine, l->cursor)) {
        if (!put_call(l, f, id))
            break;
        l->cursor = id.slot + 1;
    }
    listing_end(l, id.gen != 0);
}

static void list_calls(struct server *s, acd_client_id client, uint64_t number,
                       const struct acd_query_list_calls *q, struct acd_reply_writer *w)
{
    acd_queue_id queue = acd_queue_named(s->engine, q->queue_name);
    acd_agent_id agent = acd_agent_named(s->engine, q->agent_name);
    struct call_filter f = {q, acd_client_named(s->engine, q->gateway_name)};
    acd_client_id owner = q->gateway_name.len > 0 ? f.gateway : client;
    struct listing l;

    if (q->queue_name.len > 0)
        NAMED(queue.gen, w, number, 1);
    if (q->agent_name.len > 0)
        NAMED(agent.gen, w, number, 2);
    if (q->gateway_name.len > 0)
        NAMED(f.gateway.gen, w, number, 3);
    l = listing_begin(s, number, q->cursor, q->limit, w);
    if (q->key.len > 0 && (q->gateway_name.len > 0 || client.gen != 0)) {
        acd_call_id id = acd_call_keyed(s->engine, owner, q->key);
        acd_call_id its = q->agent_name.len > 0 ? agents_call_from(s, agent, id.slot) : id;

        if (its.slot == id.slot && its.gen == id.gen)
            put_call(&l, &f, id);
        listing_end(&l, false);
    } else if (q->agent_name.len > 0) {
        list_agents_calls(&l, &f, agent);
    } else if (q->queue_name.len > 0 && q->state == ACD_QUEUED) {
        list_waiting(&l, &f, queue);
    } else {
        list_all_calls(&l, &f);
    }
}

void query_answer(struct server *s, acd_client_id client, uint64_t number,
                  const struct acd_query *query, struct acd_reply_writer *w)
{
    switch (query->code) {
    case ACD_QUERY_get_totals: answer_totals(s, number, w); break;
    case ACD_QUERY_get_server: answer_server(s, number, w); break;
    case ACD_QUERY_get_loop: answer_loop(s, number, w); break;
    case ACD_QUERY_list_timings: list_timings(s, number, &query->as.list_timings, w); break;
    case ACD_QUERY_list_agents: list_agents(s, number, &query->as.list_agents, w); break;
    case ACD_QUERY_list_queues: list_queues(s, number, &query->as.list_queues, w); break;
    case ACD_QUERY_list_calls: list_calls(s, client, number, &query->as.list_calls, w); break;
    case ACD_QUERY_list_members: list_members(s, number, &query->as.list_members, w); break;
    case ACD_QUERY_list_numbers: list_numbers(s, number, &query->as.list_numbers, w); break;
    case ACD_QUERY_list_clients: list_clients(s, number, &query->as.list_clients, w); break;
    case ACD_QUERY_list_assignments:
        list_assignments(s, number, &query->as.list_assignments, w);
        break;
    case ACD_QUERY_list_calendars: list_calendars(s, number, &query->as.list_calendars, w); break;
    case ACD_QUERY_list_calendar_times:
        list_calendar_times(s, number, &query->as.list_calendar_times, w);
        break;
    case ACD_QUERY_list_teams: list_teams(s, number, &query->as.list_teams, w); break;
    case ACD_QUERY_list_queue_intervals:
        list_queue_intervals(s, number, &query->as.list_queue_intervals, w);
        break;
    case ACD_QUERY_list_agent_intervals:
        list_agent_intervals(s, number, &query->as.list_agent_intervals, w);
        break;
    case ACD_QUERY_list_skills: list_skills(s, number, &query->as.list_skills, w); break;
    case ACD_QUERY_explain_call: explain_call(s, number, &query->as.explain_call, w); break;
    case ACD_QUERY_explain_agent: explain_agent(s, number, &query->as.explain_agent, w); break;
    default: acd_reply_error(w, number, ACD_UNKNOWN, 0); break;
    }
}
