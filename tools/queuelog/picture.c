#include <stdio.h>
#include <stdlib.h>

#include "engine/acd_assert.h"
#include "tools/queuelog/queuelog.h"

/* The picture, asked for. Each page of an answer is true at its own position, so that the picture
 * as a whole was true never: but whoever folds the journal from before the first page to behind the
 * last has it right, since what an event says is so afterwards, whatever was there before. */

struct picture {
    struct queuelog *q;
    struct picture_span span;
    acd_time now; /* the daemon's time before the first answer */
    struct picture_name {
        char text[CENTRE_NAME];
    } * queues; /* by the names that the daemon has, unlike those that come into lines */
    uint32_t count, room;
};

static void see_position(struct picture *p)
{
    uint64_t durable;
    const struct acd_position at = acd_client_position(p->q->client, &durable);

    if (at.sequence > p->span.upto)
        p->span.upto = at.sequence;
}

static void on_server(void *ctx, int error, const struct acd_view *view)
{
    struct picture *p = ctx;

    (void)error;
    if (view == NULL)
        return;
    p->span.durable = view->as.server.durable;
    p->now = view->as.server.now;
    see_position(p);
}

static void note_name(struct picture *p, struct acd_str name)
{
    if (p->count == p->room) {
        p->room = 2 * p->room + 64;
        p->queues = realloc(p->queues, p->room * sizeof *p->queues);
        ACD_ASSERT(p->queues != NULL);
    }
    snprintf(p->queues[p->count++].text, CENTRE_NAME, "%.*s", name.len, name.data);
}

static void on_queue(void *ctx, int error, const struct acd_view *view)
{
    struct picture *p = ctx;
    struct centre_queue *queue;

    (void)error;
    if (view == NULL)
        return;
    queue = centre_queue_put(&p->q->centre, view->as.queue.queue);
    centre_text(queue->name, sizeof queue->name, view->as.queue.name);
    queue->lifo = view->as.queue.call_order == ACD_LIFO;
    note_name(p, view->as.queue.name);
    see_position(p);
}

static void on_agent(void *ctx, int error, const struct acd_view *view)
{
    struct picture *p = ctx;
    struct centre_agent *a;

    (void)error;
    if (view == NULL)
        return;
    a = centre_agent_put(&p->q->centre, view->as.agent.agent);
    centre_text(a->name, sizeof a->name, view->as.agent.name);
    a->state = view->as.agent.state;
    a->reason = view->as.agent.reason;
    see_position(p);
}

static void on_member(void *ctx, int error, const struct acd_view *view)
{
    struct picture *p = ctx;
    struct centre_agent *a;

    (void)error;
    if (view == NULL)
        return;
    a = centre_agent(&p->q->centre, view->as.member.agent);
    if (a != NULL)
        centre_seat_put(a, view->as.member.queue)->level = view->as.member.level;
    see_position(p);
}

/* Of the sequence by which a call came the low half is known: its generation. */
static uint64_t sequence_of(uint32_t gen, uint64_t upto)
{
    const uint64_t sequence = (upto & ~(uint64_t)UINT32_MAX) | gen;

    return sequence > upto ? sequence - ((uint64_t)1 << 32) : sequence;
}

static void on_call(void *ctx, int error, const struct acd_view *view)
{
    struct picture *p = ctx;
    const struct acd_view_call *v = &view->as.call;
    const struct centre_queue *queue;
    struct centre_call *call;

    (void)error;
    if (view == NULL)
        return;
    see_position(p);
    queue = centre_queue(&p->q->centre, v->queue);
    call = centre_call_put(&p->q->centre, v->call);
    centre_text(call->key, sizeof call->key, v->key);
    centre_text(call->caller, sizeof call->caller, v->caller);
    call->queue = v->queue;
    call->lifo = queue != NULL && queue->lifo;
    call->enqueued_at = v->enqueued_at;
    call->head_start = v->head_start;
    call->sequence = sequence_of(v->call.gen, p->span.upto);
    call->entered_at = v->entered_at;
    call->answered_at = v->answered_at;
    call->agent = v->agent;
    call->scheduled = v->state == ACD_SCHEDULED;
    if (centre_call_is_waiting(call))
        centre_call_wait(&p->q->centre, call);
}

static void on_assignment(void *ctx, int error, const struct acd_view *view)
{
    struct picture *p = ctx;

    (void)error;
    if (view == NULL)
        return;
    if (view->as.assignment.role == ACD_ROLE_OFFERED)
        centre_offer_put(&p->q->centre, view->as.assignment.assignment)->since =
            view->as.assignment.since;
    see_position(p);
}

/* Of who is there already it is not known where it entered: where it stands counts. */
static void place(struct centre *c)
{
    for (uint32_t i = 0; i < c->calls.size; i++) {
        struct centre_call *call = c->calls.items[i];
        const uint32_t position = call == NULL ? 0 : centre_call_position(c, call);

        if (call != NULL)
            call->entered_position = position == 0 ? 1 : position;
    }
}

static int list(struct picture *p, uint16_t code, acd_client_view_cb on_view)
{
    const struct acd_query query = {.code = code};

    return acd_client_list(p->q->client, &query, on_view, p);
}

/* Memberships are asked for queue by queue: of all at once nobody tells. */
static int list_members(struct picture *p)
{
    int error = ACD_OK;

    for (uint32_t i = 0; error == ACD_OK && i < p->count; i++) {
        struct acd_query query = {.code = ACD_QUERY_list_members};

        query.as.list_members.queue_name = acd_str(p->queues[i].text);
        error = acd_client_list(p->q->client, &query, on_member, p);
        if (error == ACD_NOT_FOUND)
            error = ACD_OK; /* the queue has been removed meanwhile */
    }
    return error;
}

int picture_take(struct queuelog *q, struct picture_span *span)
{
    static const struct acd_query server = {.code = ACD_QUERY_get_server};
    struct picture p = {.q = q};
    int error = acd_client_query(q->client, &server, on_server, &p);

    centre_clear(&q->centre);
    if (error == ACD_OK)
        error = list(&p, ACD_QUERY_list_queues, on_queue);
    if (error == ACD_OK)
        error = list(&p, ACD_QUERY_list_agents, on_agent);
    if (error == ACD_OK)
        error = list_members(&p);
    if (error == ACD_OK)
        error = list(&p, ACD_QUERY_list_calls, on_call);
    if (error == ACD_OK)
        error = list(&p, ACD_QUERY_list_assignments, on_assignment);
    free(p.queues);
    place(&q->centre);
    q->position = (struct acd_position){0};
    q->next = p.span.durable == 0 ? 1 : p.span.durable;
    q->opening = p.now;
    *span = p.span;
    return error;
}
