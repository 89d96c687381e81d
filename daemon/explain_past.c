#include "daemon/explain.h"
#include "persist/acd_store.h"

/* Why a call was offered to that agent: an engine is made that stands where the decision was, and
 * is asked what the loop's engine would have said then. */

enum { CONTENDERS = 10, CONTENDERS_MAX = 100 };

struct past {
    const struct tenant *tenant; /* who asks; NULL: the house */
    uint64_t number, sequence;
    uint32_t limit;
    struct acd_reply_writer *w;
};

static void put_contenders(struct past *p, const struct acd_engine *e, acd_call_id call)
{
    struct acd_view_contender v;
    uint64_t cursor = 0;

    for (uint32_t i = 0; i < p->limit && acd_decision_agents(e, call, &cursor, &v); i++)
        acd_reply_put(p->w, &acd_record_view_contender, &v);
}

static void put_lines(struct past *p, const struct acd_engine *e, acd_agent_id agent)
{
    struct acd_view_agent_line v;
    char room[2 * ACD_EXPLAIN_TEXT];

    for (uint64_t cursor = 0; acd_agent_lines(e, agent, &cursor, &v, room);)
        if (acd_reply_put(p->w, &acd_record_view_agent_line, &v) != ACD_OK)
            return;
}

static bool is_own(const struct past *p, const struct acd_view_decision *v)
{
    return tenant_has_name(p->tenant, v->queue_name);
}

/* What is no offer of the tenant's is not there, whatever it is. */
static int explain(const struct past *p, struct acd_engine *e, const struct acd_frame *frame,
                   struct acd_view_decision *v)
{
    int error = acd_explain_decision(e, frame, p->sequence, v);

    if (p->tenant != NULL && (error == ACD_INVALID || (error == ACD_OK && !is_own(p, v))))
        return ACD_NOT_FOUND;
    return error;
}

static int on_rewound(void *ctx, struct acd_engine *e, const struct acd_frame *frame)
{
    struct past *p = ctx;
    struct acd_view_decision v;
    int error = explain(p, e, frame, &v);

    if (error != ACD_OK) {
        acd_reply_error(p->w, p->number, error, 1);
        return ACD_OK;
    }
    acd_reply_open_page(p->w, p->number);
    acd_reply_put(p->w, &acd_record_view_decision, &v);
    put_contenders(p, e, v.call);
    put_lines(p, e, v.agent);
    acd_reply_close_page(p->w, 0);
    return ACD_OK;
}

int explain_decision(struct acd_reader *reader, const struct tenant *tenant, uint64_t number,
                     const struct acd_query_explain_decision *q, struct acd_reply_writer *w)
{
    struct past p = {
        .tenant = tenant, .number = number, .sequence = q->sequence, .limit = CONTENDERS, .w = w};

    if (q->sequence == 0) {
        acd_reply_error(w, number, ACD_MISSING, 1);
        return ACD_OK;
    }
    if (q->limit > 0)
        p.limit = q->limit < CONTENDERS_MAX ? q->limit : CONTENDERS_MAX;
    return acd_journal_rewind(reader, q->sequence, on_rewound, &p);
}
