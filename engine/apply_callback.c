#include "engine/callbacks.h"

#include "engine/intervals.h"
#include "engine/lines.h"
#include "engine/names.h"
#include "engine/outbox.h"
#include "engine/plans.h"
#include "engine/ring.h"
#include "engine/tally.h"

/* What becomes of callbacks. While one is scheduled it is in its queue's `scheduled` list and the
 * `dues` deadlines, and follows its plan, so that this stays open, but stands in no line. */

/* ---- numbers -------------------------------------------------------------------------------- */

struct number_sought {
    const struct acd_engine *e;
    uint32_t queue;
    struct acd_str number;
    uint32_t *first;
};

/* Looks at all of a number, and keeps the one that came first. */
static bool number_look(const void *ctx, uint32_t call)
{
    const struct number_sought *s = ctx;
    const struct call *c = &s->e->calls[call];
    bool waits = c->state == ACD_SCHEDULED || c->state == ACD_QUEUED;

    if (waits && c->queue == s->queue &&
        str_is(s->number, TEXT_STR(s->e->callbacks[call].number)) &&
        (*s->first == NONE || c->sequence < s->e->calls[*s->first].sequence))
        *s->first = call;
    return false;
}

uint32_t callback_find(const struct acd_engine *e, uint32_t queue, struct acd_str number)
{
    uint32_t first = NONE;
    const struct number_sought sought = {e, queue, number, &first};

    index_find(&e->callback_numbers, name_hash(e, number), number_look, &sought);
    return first;
}

static void number_keep(struct acd_engine *e, uint32_t call)
{
    struct callback *b = &e->callbacks[call];

    b->number_key.hash = name_hash(e, TEXT_STR(b->number));
    index_add(&e->callback_numbers, &b->number_key, call);
}

/* ---- waiting for its time ------------------------------------------------------------------- */

static void schedule(struct acd_engine *e, uint32_t call, acd_time due)
{
    struct call *c = &e->calls[call];
    struct queue *q = &e->queues[c->queue];

    e->callbacks[call].due = due;
    e->callbacks[call].sequence = e->sequence;
    call_state_set(e, c, ACD_SCHEDULED);
    list_append(&q->scheduled, UNANSWERED_CALLS(e), call);
    due_arm(e, call);
    if ((q->flags & QUEUE_CLEARS) != 0)
        queue_place(e, c->queue, NONE);
}

static void unschedule(struct acd_engine *e, uint32_t call)
{
    uint32_t queue = e->calls[call].queue;

    order_remove(&e->dues, DUES(e), call);
    list_remove(&e->queues[queue].scheduled, UNANSWERED_CALLS(e), call);
    if ((e->queues[queue].flags & QUEUE_CLEARS) != 0)
        queue_place(e, queue, NONE);
}

/* Out of its queue's line, or out of the schedule. */
static void take_out(struct acd_engine *e, uint32_t call, uint8_t disposition)
{
    if (e->calls[call].state == ACD_SCHEDULED)
        unschedule(e, call);
    else
        call_visit_end(e, call, disposition, e->now);
}

static void callback_fill(struct acd_engine *e, uint32_t call,
                          const struct acd_event_callback_set *v)
{
    struct callback *b = &e->callbacks[call];

    if (e->calls[call].callback)
        index_remove(&e->callback_numbers, b->number_key);
    b->attempts = v->attempts;
    b->retry = v->retry;
    b->expires = v->expires;
    if (v->number.data != b->number.data)
        TEXT_SET(b->number, v->number);
    number_keep(e, call);
}

void apply_callback_set(struct acd_engine *e, const struct acd_event_callback_set *v)
{
    uint32_t call = call_of(e, v->call), queue = queue_of(e, v->queue);
    struct call *c = &e->calls[call];

    take_out(e, call, ACD_CALLBACK);
    if (c->kept)
        call_unkeep(e, call);
    if (queue != c->queue) {
        call_leave_plan(e, call);
        e->call_cards[call].own_plan = 0;
        c->queue = c->line = queue;
    }
    c->announces = c->hurries = false;
    callback_fill(e, call, v);
    c->callback = true;
    schedule(e, call, v->due);
    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = ACD_NOTICE_CALLBACK, .cause = v->cause});
}

void apply_callback_due(struct acd_engine *e, const struct acd_event_callback_due *v)
{
    uint32_t call = call_of(e, v->call);

    unschedule(e, call);
    call_reenter(e, call, queue_of(e, v->queue), v->until, v->plan, v->step);
}

void apply_callback_put_off(struct acd_engine *e, const struct acd_event_callback_put_off *v)
{
    uint32_t call = call_of(e, v->call);

    take_out(e, call, v->disposition);
    schedule(e, call, v->due);
}

/* ---- dialling ------------------------------------------------------------------------------- */

void apply_callback_dialing(struct acd_engine *e, const struct acd_event_callback_dialing *v)
{
    uint32_t call = call_of(e, v->call), agent = agent_of(e, v->agent);
    uint32_t slot = assignment_of(e, v->assignment);
    struct assignment *s = &e->assignments[slot];
    struct agent *a = &e->agents[agent];

    ACD_ASSERT(s->role == ACD_ROLE_OFFERED);
    order_remove(&e->leases, LEASES(e), slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    s->role = ACD_ROLE_DIALING;
    s->since = e->now;
    s->until = v->until;
    s->until_sequence = e->sequence;
    lease_arm(e, slot);
    a->offered--;
    a->connected++;
    a->no_answers = 0;
    call_state_set(e, &e->calls[call], ACD_DIALING);
    agent_derive_activity(e, agent);
    if (e->calls[call].ring != RING_NOT)
        ring_won(e, call, agent);
    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = ACD_NOTICE_DIAL,
                                             .assignment = v->assignment,
                                             .agent = v->agent,
                                             .until = v->until});
}

/* It is as if it rang again, so that being connected is the same for all calls. */
void apply_callback_reached(struct acd_engine *e, const struct acd_event_callback_reached *v)
{
    uint32_t call = call_of(e, v->call), slot = assignment_of(e, v->assignment);
    struct agent *a = &e->agents[agent_of(e, v->agent)];

    ACD_ASSERT(e->assignments[slot].role == ACD_ROLE_DIALING);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    e->assignments[slot].role = ACD_ROLE_OFFERED;
    a->connected--;
    a->offered++;
    call_state_set(e, &e->calls[call], ACD_OFFERED);
    index_remove(&e->callback_numbers, e->callbacks[call].number_key);
    BUMP(tally_of(e, e->calls[call].queue), called_back, 1);
}

void apply_callback_failed(struct acd_engine *e, const struct acd_event_callback_failed *v)
{
    uint32_t call = call_of(e, v->call), agent = agent_of(e, v->agent);
    uint32_t slot = assignment_of(e, v->assignment);

    ACD_ASSERT(e->assignments[slot].role == ACD_ROLE_DIALING);
    if (!v->told)
        outbox_tell(e, call,
                    (struct acd_view_notice){.kind = ACD_NOTICE_DIAL_ENDED,
                                             .assignment = v->assignment,
                                             .agent = v->agent});
    order_remove(&e->leases, LEASES(e), slot);
    chain_remove(&e->agents[agent].assignments, AGENT_ASSIGNMENTS(e), slot);
    call_untie(e, call, slot);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    slots_give(&e->assignment_slots, slot);
    e->assignments[slot].gen = 0;
    e->agents[agent].connected--;
    e->queues[e->calls[call].queue].ringing--;
    e->callbacks[call].attempts--;
    call_visit_end(e, call, ACD_UNREACHED, e->now);
    schedule(e, call, v->due);
    agent_touch(e, agent);
    agent_derive(e, agent, true);
}

/* ---- its end, and its beginning ------------------------------------------------------------- */

void callback_over(struct acd_engine *e, uint32_t call, uint8_t disposition)
{
    index_remove(&e->callback_numbers, e->callbacks[call].number_key);
    take_out(e, call, disposition);
}

void callback_tie(struct acd_engine *e, uint32_t call)
{
    struct call *c = &e->calls[call];

    if (c->state != ACD_CONNECTED)
        number_keep(e, call);
    if (c->state != ACD_SCHEDULED)
        return;
    list_append(&e->queues[c->queue].scheduled, UNANSWERED_CALLS(e), call);
    due_arm(e, call);
}
