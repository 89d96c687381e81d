#include "daemon/explain.h"

/* Why a call waits, and why an agent gets none.
 *
 * Happy path: a head on the first page, then what the engine tells, one after the other, until the
 * page has what was wanted, the message is full, or enough has been looked at: a place in a line is
 * counted, so a line costs as many looks as there are agents available for it. Failure modes: what
 * is named is not there: NOT_FOUND at the field. */

enum { PLACES = 16 * 1024 };

struct explaining {
    const struct acd_engine *e;
    struct acd_reply_writer *w;
    uint64_t cursor;
    uint32_t left;   /* views still wanted */
    uint32_t places; /* that may still be counted */
    bool more;       /* it ended before all was told */
};

static struct explaining explaining_begin(struct server *s, uint64_t number, uint64_t cursor,
                                          uint32_t limit, struct acd_reply_writer *w)
{
    uint32_t wanted = limit == 0 ? ACD_PAGE_DEFAULT : limit;

    acd_reply_open_page(w, number);
    return (struct explaining){
        s->engine, w, cursor, wanted < ACD_PAGE_MAX ? wanted : ACD_PAGE_MAX, PLACES, false};
}

/* Whether one more is wanted; one that is put moves the cursor on. */
static bool explaining_goes_on(struct explaining *x)
{
    x->more = x->left == 0 || x->places == 0;
    return !x->more;
}

static bool explaining_put(struct explaining *x, const struct acd_record *record, const void *view,
                           uint64_t cursor, uint32_t places)
{
    x->more = acd_reply_put(x->w, record, view) != ACD_OK;
    if (x->more)
        return false;
    x->cursor = cursor;
    x->left--;
    x->places -= places < x->places ? places : x->places;
    return true;
}

static void explaining_end(const struct explaining *x)
{
    acd_reply_close_page(x->w, x->more ? x->cursor : 0);
}

/* ---- a call --------------------------------------------------------------------------------- */

/* The call of a key, whosever it is. */
static acd_call_id call_of_any(const struct acd_engine *e, struct acd_str key)
{
    acd_call_id call = acd_call_keyed(e, ACD_NOBODY, key);

    for (acd_client_id c = acd_client_from(e, 0); c.gen != 0 && call.gen == 0;
         c = acd_client_from(e, c.slot + 1))
        call = acd_call_keyed(e, c, key);
    return call;
}

static void explain_fits(struct explaining *x, acd_call_id call, acd_agent_id agent)
{
    struct acd_view_fit v;
    char room[ACD_EXPLAIN_TEXT];

    while (explaining_goes_on(x)) {
        uint64_t next = x->cursor;
        bool there = agent.gen != 0 ? acd_call_agent_fits(x->e, call, agent, &next, &v, room)
                                    : acd_call_fits(x->e, call, &next, &v, room);

        if (!there || !explaining_put(x, &acd_record_view_fit, &v, next, v.rank))
            break;
    }
}

void explain_call(struct server *s, uint64_t number, const struct acd_query_explain_call *q,
                  struct acd_reply_writer *w)
{
    acd_client_id gateway = acd_client_named(s->engine, q->gateway_name);
    acd_agent_id agent = acd_agent_named(s->engine, q->agent_name);
    struct acd_view_call_explained v;
    struct explaining x;
    acd_call_id call = q->call;

    if (call.gen == 0 && q->gateway_name.len > 0)
        call = acd_call_keyed(s->engine, gateway, q->key);
    else if (call.gen == 0)
        call = call_of_any(s->engine, q->key);
    if (q->agent_name.len > 0 && agent.gen == 0)
        acd_reply_error(w, number, ACD_NOT_FOUND, 3);
    else if (q->gateway_name.len > 0 && gateway.gen == 0)
        acd_reply_error(w, number, ACD_NOT_FOUND, 4);
    else if (q->call.gen == 0 && q->key.len == 0)
        acd_reply_error(w, number, ACD_MISSING, 2);
    else if (acd_explain_call(s->engine, call, &v) != ACD_OK)
        acd_reply_error(w, number, ACD_NOT_FOUND, q->call.gen != 0 ? 1 : 2);
    else {
        x = explaining_begin(s, number, q->cursor, q->limit, w);
        if (q->cursor == 0)
            explaining_put(&x, &acd_record_view_call_explained, &v, 0, 0);
        explain_fits(&x, call, agent);
        explaining_end(&x);
    }
}

/* ---- an agent ------------------------------------------------------------------------------- */

/* What keeps it from any call is told at once, whatever the limit: it is little. */
static void explain_head(struct explaining *x, const struct acd_view_agent_explained *v)
{
    struct acd_view_fit fit;

    acd_reply_put(x->w, &acd_record_view_agent_explained, v);
    for (uint64_t at = 0; acd_agent_fits(x->e, v->agent, &at, &fit);)
        acd_reply_put(x->w, &acd_record_view_fit, &fit);
}

void explain_agent(struct server *s, uint64_t number, const struct acd_query_explain_agent *q,
                   struct acd_reply_writer *w)
{
    acd_agent_id agent = q->agent.gen != 0 ? q->agent : acd_agent_named(s->engine, q->name);
    struct acd_view_agent_explained head;
    struct acd_view_agent_line v;
    char room[2 * ACD_EXPLAIN_TEXT];
    struct explaining x;

    if (q->agent.gen == 0 && q->name.len == 0) {
        acd_reply_error(w, number, ACD_MISSING, 2);
        return;
    }
    if (acd_explain_agent(s->engine, agent, &head) != ACD_OK) {
        acd_reply_error(w, number, ACD_NOT_FOUND, q->agent.gen != 0 ? 1 : 2);
        return;
    }
    x = explaining_begin(s, number, q->cursor, q->limit, w);
    if (q->cursor == 0)
        explain_head(&x, &head);
    while (explaining_goes_on(&x)) {
        uint64_t next = x.cursor;

        if (!acd_agent_lines(s->engine, agent, &next, &v, room) ||
            !explaining_put(&x, &acd_record_view_agent_line, &v, next, v.available + 1))
            break;
    }
    explaining_end(&x);
}
