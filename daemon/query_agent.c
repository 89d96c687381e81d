#include "daemon/listing.h"

/* Agents: all of them, a queue's members, or a team. */

void list_each_agent(struct server *s, uint64_t number, struct acd_str name, uint64_t cursor,
                     uint32_t limit, agent_put *put, const void *query, struct acd_reply_writer *w)
{
    acd_agent_id id = acd_agent_named(s->engine, name);
    struct listing l;

    if (name.len > 0)
        NAMED(id.gen, w, number, 1);
    l = listing_begin(s, number, name.len > 0 ? id.slot : cursor, limit, w);
    for (id = acd_agent_from(s->engine, l.cursor); id.gen != 0 && listing_goes_on(&l);
         id = acd_agent_from(s->engine, l.cursor)) {
        if (!put(&l, query, id))
            break;
        l.cursor = id.slot + 1;
        if (name.len > 0)
            break;
    }
    listing_end(&l, id.gen != 0 && name.len == 0);
}

static bool put_agent(struct listing *l, const void *query, acd_agent_id id)
{
    const struct acd_query_list_agents *q = query;
    struct acd_view_agent v;

    acd_agent_view(l->s->engine, id, &v);
    if (!wanted(q->name, v.name) || !wanted(q->team, v.team) ||
        (q->activity != 0 && q->activity != v.activity))
        return true;
    return listing_put(l, &acd_record_view_agent, &v);
}

static void list_members_agents(struct listing *l, const struct acd_query_list_agents *q,
                                acd_queue_id queue)
{
    struct acd_view_member member;
    bool more = true;

    while (listing_goes_on(l)) {
        uint32_t next = l->cursor;

        more = acd_queue_members(l->s->engine, queue, &next, &member);
        if (!more || !put_agent(l, q, member.agent))
            break;
        l->cursor = next;
    }
    listing_end(l, more);
}

/* Those of a team, in the order in which they joined it. A cursor is the slot of the last one
 * listed, plus 1. */
static void list_team_agents(struct listing *l, const struct acd_query_list_agents *q)
{
    const struct acd_engine *e = l->s->engine;
    acd_agent_id behind = {0, 0}, id;

    if (l->cursor > 0)
        behind = acd_agent_from(e, l->cursor - 1);
    id = l->cursor > 0 && behind.slot != l->cursor - 1 ? (acd_agent_id){0, 0}
                                                       : acd_team_agent(e, q->team, behind);
    while (id.gen != 0 && listing_goes_on(l) && put_agent(l, q, id)) {
        l->cursor = id.slot + 1;
        id = acd_team_agent(e, q->team, id);
    }
    listing_end(l, id.gen != 0);
}

void list_agents(struct server *s, uint64_t number, const struct acd_query_list_agents *q,
                 struct acd_reply_writer *w)
{
    acd_queue_id queue = acd_queue_named(s->engine, q->queue_name);
    bool of_queue = q->queue_name.len > 0;
    struct listing l;

    if (!of_queue && (q->name.len > 0 || q->team.len == 0)) {
        list_each_agent(s, number, q->name, q->cursor, q->limit, put_agent, q, w);
        return;
    }
    if (q->name.len > 0)
        NAMED(acd_agent_named(s->engine, q->name).gen, w, number, 1);
    if (of_queue)
        NAMED(queue.gen, w, number, 2);
    l = listing_begin(s, number, q->cursor, q->limit, w);
    if (of_queue)
        list_members_agents(&l, q, queue);
    else
        list_team_agents(&l, q);
}
