#include "daemon/listing.h"

/* What is counted in the interval under way, as the engine has it now. */

static bool put_queue(struct listing *l, acd_queue_id id)
{
    struct acd_view_queue_interval v;

    (void)acd_queue_interval_view(l->s->engine, id, server_now(l->s), &v);
    return listing_put(l, &acd_record_view_queue_interval, &v);
}

void list_queue_intervals(struct server *s, uint64_t number,
                          const struct acd_query_list_queue_intervals *q,
                          struct acd_reply_writer *w)
{
    list_each_queue(s, number, q->name, q->cursor, q->limit, put_queue, w);
}

static bool put_agent(struct listing *l, const void *query, acd_agent_id id)
{
    struct acd_view_agent_interval v;

    (void)query;
    (void)acd_agent_interval_view(l->s->engine, id, server_now(l->s), &v);
    return listing_put(l, &acd_record_view_agent_interval, &v);
}

void list_agent_intervals(struct server *s, uint64_t number,
                          const struct acd_query_list_agent_intervals *q,
                          struct acd_reply_writer *w)
{
    list_each_agent(s, number, q->name, q->cursor, q->limit, put_agent, NULL, w);
}
