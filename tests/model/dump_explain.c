/* Explanations in dumps: why each call waits, agent by agent, and where each agent stands. Members
 * and lines have an order of their own in the engine; here it is that of their slots and texts. */

#include <stdlib.h>
#include <string.h>

#include "tests/model/dump_parts.h"
#include "tests/model/twin_parts.h"

enum { FITS_MAX = 8 * DUMP_ROWS_MAX, LINES_MAX = DUMP_ROWS_MAX, TEXT = 600 };

/* What was told stands still, for its texts stand in it; pointers to it are put in order. */
struct told_fit {
    struct acd_view_fit view;
    char what[ACD_EXPLAIN_TEXT];
};
struct told_line {
    struct acd_view_agent_line view;
    char texts[2 * TEXT];
};

static struct told_fit fits[FITS_MAX], *fit_order[FITS_MAX];
static struct told_line lines[LINES_MAX], *line_order[LINES_MAX];

static int by_agent(const void *a, const void *b)
{
    const struct acd_view_fit *x = &(*(struct told_fit *const *)a)->view;
    const struct acd_view_fit *y = &(*(struct told_fit *const *)b)->view;

    if (x->agent.slot != y->agent.slot)
        return x->agent.slot < y->agent.slot ? -1 : 1;
    return x->fit < y->fit ? -1 : x->fit > y->fit;
}

static int by_line(const void *a, const void *b)
{
    const struct acd_view_agent_line *x = &(*(struct told_line *const *)a)->view;
    const struct acd_view_agent_line *y = &(*(struct told_line *const *)b)->view;
    int order;

    if (x->queue.slot != y->queue.slot)
        return x->queue.slot < y->queue.slot ? -1 : 1;
    if (x->asks.len != y->asks.len)
        return x->asks.len < y->asks.len ? -1 : 1;
    order = x->asks.len == 0 ? 0 : memcmp(x->asks.data, y->asks.data, x->asks.len);
    if (order == 0)
        order = x->passes - y->passes;
    return order != 0 ? order : x->kept - y->kept;
}

static void add_lines(struct dump *d, size_t count)
{
    for (size_t i = 0; i < count; i++)
        line_order[i] = &lines[i];
    qsort(line_order, count, sizeof(struct told_line *), by_line);
    for (size_t i = 0; i < count; i++)
        dump_add(d, &acd_record_view_agent_line, &line_order[i]->view);
}

/* ---- an engine --------------------------------------------------------------------------------
 */

/* Returns NULL, or what is broken: nobody is able while the call is queued. */
static const char *add_members_fits(struct dump *d, const struct acd_engine *e, acd_call_id call,
                                    uint8_t state)
{
    uint64_t cursor = 0;
    size_t count = 0;

    while (count < FITS_MAX && acd_call_fits(e, call, &cursor, &fits[count].view, fits[count].what))
        count++;
    for (size_t i = 0; i < count; i++)
        fit_order[i] = &fits[i];
    qsort(fit_order, count, sizeof(struct told_fit *), by_agent);
    for (size_t i = 0; i < count; i++) {
        dump_add(d, &acd_record_view_fit, &fit_order[i]->view);
        if (state == ACD_QUEUED && fit_order[i]->view.fit == ACD_FIT_ABLE)
            return "a call is queued, and an agent is told to be able to take it";
    }
    return NULL;
}

/* The same agent by agent, those who are no members too. */
static void add_agents_fits(struct dump *d, const struct acd_engine *e, acd_call_id call)
{
    struct acd_view_fit view;
    char what[ACD_EXPLAIN_TEXT];

    for (acd_agent_id a = acd_agent_from(e, 0); a.gen != 0; a = acd_agent_from(e, a.slot + 1))
        for (uint64_t cursor = 0; acd_call_agent_fits(e, call, a, &cursor, &view, what);)
            dump_add(d, &acd_record_view_fit, &view);
}

static void add_engine_agent_explained(struct dump *d, const struct acd_engine *e,
                                       acd_agent_id agent)
{
    struct acd_view_agent_explained head;
    struct acd_view_fit fit;
    uint64_t cursor = 0;
    size_t count = 0;

    if (acd_explain_agent(e, agent, &head) == ACD_OK)
        dump_add(d, &acd_record_view_agent_explained, &head);
    while (acd_agent_fits(e, agent, &cursor, &fit))
        dump_add(d, &acd_record_view_fit, &fit);
    for (cursor = 0; count < LINES_MAX; count++)
        if (!acd_agent_lines(e, agent, &cursor, &lines[count].view, lines[count].texts))
            break;
    add_lines(d, count);
}

const char *dump_engine_explained(struct dump *d, const struct acd_engine *e)
{
    struct acd_view_call_explained head;
    const char *broken = NULL;

    if (acd_position(e).sequence % EXPLAIN_EVERY != 0)
        return NULL;
    for (acd_call_id c = acd_call_from(e, 0); c.gen != 0; c = acd_call_from(e, c.slot + 1)) {
        if (acd_explain_call(e, c, &head) != ACD_OK)
            return "acd_call_from gives a call that cannot be explained";
        dump_add(d, &acd_record_view_call_explained, &head);
        broken = broken == NULL ? add_members_fits(d, e, c, head.state) : broken;
        add_agents_fits(d, e, c);
    }
    for (acd_agent_id a = acd_agent_from(e, 0); a.gen != 0; a = acd_agent_from(e, a.slot + 1))
        add_engine_agent_explained(d, e, a);
    return broken;
}

/* ---- a twin ------------------------------------------------------------------------------------
 */

static void add_fit(void *ctx, const struct acd_view_fit *v)
{
    dump_add(ctx, &acd_record_view_fit, v);
}

static void add_twin_fits(struct dump *d, const struct twin *t, const struct twin_call *c,
                          bool members)
{
    for (uint32_t i = 0; i < t->limits.agents; i++)
        if (t->agents[i].id.gen != 0 &&
            (!members || twin_member(t, t->agents[i].id, c->queue) != NULL))
            twin_call_fits(t, c, &t->agents[i], add_fit, d);
}

static void add_twin_lines(struct dump *d, const struct twin *t, const struct twin_agent *a)
{
    static struct twin_line of_queue[LINES_MAX];
    size_t count = 0;

    for (uint32_t i = 0; i < t->limits.queues; i++) {
        const struct twin_queue *q = &t->queues[i];
        uint32_t more;

        if (q->id.gen == 0 || twin_member(t, a->id, q->id) == NULL)
            continue;
        of_queue[0] = (struct twin_line){NULL, false, {0, 0}};
        more = 1 + twin_lines(t, q, of_queue + 1, LINES_MAX - 1);
        for (uint32_t k = 0; k < more && count < LINES_MAX; k++)
            if (of_queue[k].only.gen == 0 || twin_same_agent(of_queue[k].only, a->id)) {
                twin_agent_line(t, a, q, &of_queue[k], &lines[count].view, lines[count].texts);
                count++;
            }
    }
    add_lines(d, count);
}

void dump_twin_explained(struct dump *d, const struct twin *t)
{
    struct acd_view_call_explained call;
    struct acd_view_agent_explained agent;

    if (t->sequence % EXPLAIN_EVERY != 0)
        return;
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        if (t->calls[i].id.gen == 0)
            continue;
        twin_call_explained(t, &t->calls[i], &call);
        dump_add(d, &acd_record_view_call_explained, &call);
        if (t->calls[i].state != ACD_QUEUED && t->calls[i].state != ACD_OFFERED)
            continue;
        for (int members = 1; members >= 0; members--)
            add_twin_fits(d, t, &t->calls[i], members);
    }
    for (uint32_t i = 0; i < t->limits.agents; i++) {
        if (t->agents[i].id.gen == 0)
            continue;
        twin_agent_explained(t, &t->agents[i], &agent);
        dump_add(d, &acd_record_view_agent_explained, &agent);
        twin_agent_fits(t, &t->agents[i], add_fit, d);
        add_twin_lines(d, t, &t->agents[i]);
    }
}
