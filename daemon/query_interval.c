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

void list_agent_intervals(struct server *s, uint64_t number,
                          const struct acd_query_list_agent_intervals *q,
                          struct acd_reply_writer *w)
{
    acd_agent_id id = acd_agent_named(s->engine, q->name);
    struct acd_view_agent_interval v;
    struct listing l;

    if (q->name.len > 0)
        NAMED(id.gen, w, number, 1);
    l = listing_begin(s, number, q->name.len > 0 ? id.slot : q->cursor, q->limit, w);
    for (id = acd_agent_from(s->engine, l.cursor); id.gen != 0 && listing_goes_on(&l);
         id = acd_agent_from(s->engine, l.cursor)) {
        (void)acd_agent_interval_view(s->engine, id, server_now(s), &v);
        if (!listing_put(&l, &acd_record_view_agent_interval, &v))
            break;
        l.cursor = id.slot + 1;
        if (q->name.len > 0)
            break;
    }
    listing_end(&l, id.gen != 0 && q->name.len == 0);
}
