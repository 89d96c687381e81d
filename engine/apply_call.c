#include "engine/alerts.h"
#include "engine/callbacks.h"
#include "engine/gateways.h"
#include "engine/intervals.h"
#include "engine/lines.h"
#include "engine/names.h"
#include "engine/outbox.h"
#include "engine/plans.h"
#include "engine/ready.h"
#include "engine/resume.h"
#include "engine/tally.h"

/* What becomes of calls. A call is in its queue's `unanswered` list until it is connected, in the
 * `waits` deadlines while queued or stranded, in the queue's `waiting` order while queued only. */

/* ---- pieces ------------------------------------------------------------------------------- */

void call_state_set(struct acd_engine *e, struct call *c, uint8_t state)
{
    e->states[c->state]--;
    c->state = state;
    e->states[state]++;
    mark(e, ACD_TABLE_CALLS, (uint32_t)(c - e->calls));
}

void call_stand(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    if (line_is_of_queue(e, c->line))
        ranks_add(&e->lines[c->line].waiting, e->wait_nodes, call, call_place(c),
                  call_place_sequence(c));
    else
        line_wait(e, call);
    if (c->until != 0)
        wait_arm(e, call);
    if (c->announces)
        announcing_wait(e, call);
}

static void call_is_fresh(struct acd_engine *e, uint32_t call)
{
    ACD_ASSERT(e->fresh_calls.count < ACD_FRAME_EVENTS_MAX);
    e->fresh_calls.items[e->fresh_calls.count++] = call;
}

void call_wait(struct acd_engine *e, uint32_t call)
{
    struct call *c = &e->calls[call];

    c->until_sequence = e->sequence;
    call_stand(e, call);
    call_state_set(e, c, ACD_QUEUED);
    if ((e->queues[c->queue].flags & QUEUE_MINDS_WAITING) != 0)
        queue_place(e, c->queue, NONE);
    call_is_fresh(e, call);
}

/* The same of a new call: mostly it is offered at once, so it stands nowhere before nobody was
 * found for it. */
static void call_come(struct acd_engine *e, uint32_t call)
{
    struct call *c = &e->calls[call];

    if ((e->queues[c->queue].flags & QUEUE_MINDS_WAITING) != 0) {
        call_wait(e, call);
        return;
    }
    entering_stand(e);
    e->entering = call;
    c->until_sequence = e->sequence;
    mark(e, ACD_TABLE_CALLS, call);
    call_is_fresh(e, call);
}

/* It is offered to nobody, and not told its position, but may still have waited too long. */
static inline void call_out_of_line(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    ACD_ASSERT(c->state == ACD_QUEUED);
    if (line_is_of_queue(e, c->line))
        ranks_remove(&e->lines[c->line].waiting, e->wait_nodes, call);
    else
        line_unwait(e, call);
    if (c->announces)
        announcing_unwait(e, call);
}

void call_unwait(struct acd_engine *e, uint32_t call)
{
    const struct call *c = &e->calls[call];

    if (e->entering == call) {
        e->entering = NONE;
        return;
    }
    call_out_of_line(e, call);
    if (c->until != 0)
        order_remove(&e->waits, WAITS(e), call);
    if ((e->queues[c->queue].flags & QUEUE_MINDS_WAITING) != 0)
        queue_place(e, c->queue, call);
}

void call_strand(struct acd_engine *e, uint32_t call)
{
    struct call *c = &e->calls[call];

    ACD_ASSERT(c->state == ACD_QUEUED);
    entering_stand(e);
    call_out_of_line(e, call);
    e->queues[c->queue].stranded++;
    call_state_set(e, c, ACD_STRANDED);
    if ((e->queues[c->queue].flags & QUEUE_MINDS_WAITING) != 0)
        queue_place(e, c->queue, NONE);
}

void call_unstrand(struct acd_engine *e, uint32_t call)
{
    struct call *c = &e->calls[call];

    ACD_ASSERT(c->state == ACD_STRANDED);
    e->queues[c->queue].stranded--;
    if (c->until != 0)
        order_remove(&e->waits, WAITS(e), call);
    if ((e->queues[c->queue].flags & QUEUE_MINDS_WAITING) != 0)
        queue_place(e, c->queue, NONE);
}

/* A call waits no more without having been answered. */
static void call_gone(struct acd_engine *e, const struct call *c, bool left)
{
    struct pace *p = &e->queues[c->queue].pace;

    if (!pace_has_begun(p))
        return;
    p->waited += e->now - c->entered_at;
    p->left += left;
}

void call_text_set(struct acd_engine *e, struct call *c, struct acd_str attributes)
{
    if (attributes.len == 0) {
        if (c->text != NONE)
            slots_give(&e->text_slots, c->text);
        c->text = NONE;
        return;
    }
    if (c->text == NONE) {
        c->text = slots_lowest(&e->text_slots);
        slots_take(&e->text_slots, c->text);
    }
    TEXT_SET(e->call_texts[c->text].attributes, attributes);
}

/* ---- entering ----------------------------------------------------------------------------- */

/* The call has the place of one that its caller abandoned, or was to be called back for. */
static COLD void call_resume(struct acd_engine *e, uint32_t slot,
                             const struct acd_event_call_queued *v)
{
    struct call *c = &e->calls[slot];
    uint32_t place = abandoned_find(e, v->queue, v->caller);

    if (place != NONE) /* else it is that of a callback */
        abandoned_forget(e, place);
    c->enqueued_at = v->resumed;
    c->key = v->resumed - v->head_start;
    BUMP(tally_of(e, c->queue), resumed, 1);
}

static void call_fill(struct acd_engine *e, uint32_t slot, const struct acd_event_call_queued *v)
{
    struct call *c = &e->calls[slot];

    c->gen = v->call.gen;
    c->queue = c->line = queue_of(e, v->queue);
    c->gateway = client_at(e, v->gateway);
    c->direction = (uint32_t)v->direction & DIRECTION_BITS;
    c->several = c->tried = c->carded = c->callback = c->asks_out = false;
    c->hurries = v->own_until != 0;
    if (c->hurries)
        e->call_turns[slot].own_until = v->own_until;
    c->announces = v->announce != 0;
    c->offers = 0;
    c->assignment = c->agent = NONE;
    c->name_key.hash =
        e->asking.key_hash != 0 ? e->asking.key_hash : call_key_hash(e, v->gateway, v->key);
    c->key = e->now - v->head_start;
    c->sequence = c->entered_sequence = e->sequence;
    c->enqueued_at = c->entered_at = e->now;
    c->arrived_at = v->arrived_at;
    c->answered_at = 0;
    c->until = v->until;
    c->lifo = e->queues[c->queue].set.call_order == ACD_LIFO;
    e->call_cards[slot].plan = NONE;
    if (v->plan != 0)
        call_follow(e, slot, v->plan, v->step);
    e->call_cards[slot].own_plan = v->own_plan & 1U;
    c->kept = false;
    if (v->prefer.gen != 0)
        call_keep(e, slot, v->prefer, v->prefer_until);
    call_card_fill(&e->call_cards[slot], v->key, v->called, v->caller);
    if (v->resumed != 0)
        call_resume(e, slot, v);
    c->text = NONE;
    if (v->attributes.len > 0)
        call_text_set(e, c, v->attributes);
}

void apply_call_queued(struct acd_engine *e, const struct acd_event_call_queued *v)
{
    uint32_t slot = v->call.slot;
    struct call *c = &e->calls[slot];
    struct tally t;

    if (v->counted && !e->counting)
        intervals_begin(e);
    t = tally_of(e, queue_of(e, v->queue));
    slots_take(&e->call_slots, slot);
    call_fill(e, slot, v);
    index_fetch(&e->call_keys, c->name_key.hash);
    list_append(&e->live, LIVE_CALLS(e), slot);
    if (c->gateway != NONE)
        e->clients[c->gateway].calls++;
    c->state = ACD_QUEUED;
    e->states[ACD_QUEUED]++;

    list_append(&e->queues[c->queue].unanswered, UNANSWERED_CALLS(e), slot);
    if (c->announces)
        announcing_begin(e, slot);
    call_come(e, slot);
    if (v->paced)
        pace_came(&e->queues[c->queue].pace, e->now, v->head_start);
    BUMP(t, entered, 1);
    alerts_note(e, c->queue);
    index_add(&e->call_keys, &c->name_key, slot);
}

void apply_call_refused(struct acd_engine *e, const struct acd_event_call_refused *v)
{
    BUMP(tally_of(e, queue_of(e, v->queue)), refused, 1);
}

void call_enter(struct acd_engine *e, uint32_t slot, uint32_t queue, acd_time until, uint32_t plan,
                uint8_t step)
{
    struct call *c = &e->calls[slot];
    struct tally t = tally_of(e, queue);

    call_leave_plan(e, slot);
    c->queue = c->line = queue;
    c->entered_at = c->arrived_at = e->now;
    c->entered_sequence = e->sequence;
    c->until = until;
    c->lifo = e->queues[queue].set.call_order == ACD_LIFO;
    c->tried = false;
    if (plan != 0)
        call_follow(e, slot, plan, step);
    if (c->announces)
        announcing_begin(e, slot);
    if (pace_has_begun(&e->queues[queue].pace))
        pace_came(&e->queues[queue].pace, e->now, c->enqueued_at - c->key);
    BUMP(t, entered, 1);
}

void call_reenter(struct acd_engine *e, uint32_t slot, uint32_t queue, acd_time until,
                  uint32_t plan, uint8_t step)
{
    call_enter(e, slot, queue, until, plan, step);
    list_append(&e->queues[queue].unanswered, UNANSWERED_CALLS(e), slot);
    call_wait(e, slot);
    alerts_note(e, queue);
}

/* What comes of it is stated by what follows. */
void apply_call_exited(struct acd_engine *e, const struct acd_event_call_exited *v)
{
    (void)e;
    (void)v;
}

void apply_call_moved(struct acd_engine *e, const struct acd_event_call_moved *v)
{
    uint32_t slot = call_of(e, v->call);
    struct call *c = &e->calls[slot];
    struct tally left = tally_of(e, c->queue);
    bool stranded = c->state == ACD_STRANDED;

    if (stranded)
        call_unstrand(e, slot);
    else
        call_unwait(e, slot);
    list_remove(&e->queues[c->queue].unanswered, UNANSWERED_CALLS(e), slot);
    alerts_note(e, c->queue);
    call_gone(e, c, false);
    tally_waited(left, span_between(c->arrived_at, e->now));
    BUMP(left, overflowed, 1);
    if (v->cause != 0)
        e->call_cards[slot].moves++;

    call_reenter(e, slot, queue_of(e, v->to), v->until, v->plan, v->step);
    if (stranded)
        call_strand(e, slot);
    outbox_tell(e, slot,
                (struct acd_view_notice){.kind = ACD_NOTICE_CALL_MOVED, .cause = v->cause});
}

/* ---- leaving ------------------------------------------------------------------------------ */

static void sums_unanswered(struct acd_engine *e, uint32_t queue, uint8_t disposition,
                            acd_span wait)
{
    struct tally t = tally_of(e, queue);

    tally_waited(t, wait);
    switch (disposition) {
    case ACD_ABANDONED:
        wait_counted(e, queue, false, wait);
        BUMP(t, abandoned, 1);
        BUMP(t, wait_abandoned, wait);
        break;
    case ACD_TIMED_OUT: BUMP(t, timed_out, 1); break;
    case ACD_WITHDRAWN: BUMP(t, withdrawn, 1); break;
    case ACD_LEFT_EMPTY: BUMP(t, left_empty, 1); break;
    case ACD_EXITED: BUMP(t, exited, 1); break;
    case ACD_CALLBACK: BUMP(t, callbacks, 1); break;
    case ACD_UNREACHED: BUMP(t, unreached, 1); break;
    case ACD_CALL_LOST: BUMP(t, lost, 1); break;
    default: ACD_UNREACHABLE();
    }
}

void call_visit_end(struct acd_engine *e, uint32_t call, uint8_t disposition, acd_time ended_at)
{
    struct call *c = &e->calls[call];
    struct queue *q = &e->queues[c->queue];
    acd_span wait = span_between(c->arrived_at, ended_at);

    sums_unanswered(e, c->queue, disposition, wait);
    if (c->state == ACD_STRANDED)
        call_unstrand(e, call);
    else if (c->state == ACD_QUEUED)
        call_unwait(e, call);
    list_remove(&q->unanswered, UNANSWERED_CALLS(e), call);
    alerts_note(e, c->queue);
    call_gone(e, c, disposition == ACD_ABANDONED);
    if (disposition == ACD_ABANDONED && (q->flags & QUEUE_RESUMES) != 0)
        abandoned_remember(e, call);
}

/* The agent's assignment goes on as wrap-up, or ends. */
static void assignment_wrap_up(struct acd_engine *e, uint32_t slot, acd_time until)
{
    struct assignment *s = &e->assignments[slot];
    struct agent *a = &e->agents[s->agent];

    ACD_ASSERT(s->role == ACD_ROLE_CONNECTED || s->role == ACD_ROLE_HELD);
    mark(e, ACD_TABLE_ASSIGNMENTS, slot);
    a->connected--;
    if (s->role == ACD_ROLE_HELD)
        e->agent_intervals[s->agent].held--;
    agent_touch(e, s->agent);
    if (until == 0) {
        chain_remove(&a->assignments, AGENT_ASSIGNMENTS(e), slot);
        slots_give(&e->assignment_slots, slot);
        s->gen = 0;
    } else {
        a->wrap_up++;
        s->role = ACD_ROLE_WRAP_UP;
        s->call = NONE;
        s->since = e->now;
        s->until = until;
        s->until_sequence = e->sequence;
        if (until != ACD_FOREVER)
            lease_arm(e, slot);
    }
    agent_derive(e, s->agent, true);
}

void call_talked(struct acd_engine *e, uint32_t call, acd_time ended_at, acd_time wrap_up_until)
{
    struct call *c = &e->calls[call];
    struct queue *q = &e->queues[c->queue];
    struct tally t = tally_of(e, c->queue);
    acd_span talk = span_between(c->answered_at, ended_at);
    acd_time until = wrap_up_until;

    q->connected--;
    if (pace_has_begun(&q->pace)) {
        q->pace.served++;
        q->pace.work += talk + (until == 0 || until == ACD_FOREVER ? 0 : until - e->now);
    }
    if (c->carded) {
        acd_span hold = call_hold(e, call, ended_at);

        BUMP(t, hold, hold);
        agent_counted(e, c->agent)->hold += hold;
        talk = span_between(hold, talk);
    }
    BUMP(t, talk, talk);
    t.interval->handled++;
    q->today.handled++;
    agent_sums(e, c->agent, 0, talk);
    ready_note_end(e, call, c->agent);
    if (wrap_up_until == 0 && (q->flags & QUEUE_CODES) != 0)
        late_work_keep(e, c->assignment, c->queue, e->sequence);
    assignment_wrap_up(e, c->assignment, wrap_up_until);
}

void apply_call_ended(struct acd_engine *e, const struct acd_event_call_ended *v)
{
    uint32_t slot = call_of(e, v->call);
    struct call *c = &e->calls[slot];

    ACD_ASSERT(c->state != ACD_OFFERED && c->state != ACD_DIALING);
    if (!v->told)
        outbox_tell(e, slot,
                    (struct acd_view_notice){.kind = ACD_NOTICE_CALL_ENDED,
                                             .disposition = v->disposition,
                                             .cause = v->cause,
                                             .overflow = v->overflow,
                                             .overflow_to = v->overflow_to});
    ended_remember(e, client_id(e, c->gateway), call_key(&e->call_cards[slot]), c->name_key, slot,
                   v->ended_at);
    list_remove(&e->live, LIVE_CALLS(e), slot);
    e->states[c->state]--;
    if (c->gateway != NONE)
        e->clients[c->gateway].calls--;
    if (c->text != NONE)
        call_text_set(e, c, (struct acd_str){NULL, 0});
    slots_give(&e->call_slots, slot);
    mark(e, ACD_TABLE_CALLS, slot);
    c->gen = 0;
    if (c->state == ACD_CONNECTED)
        call_talked(e, slot, v->ended_at, v->wrap_up_until);
    else if (c->callback)
        callback_over(e, slot, v->disposition);
    else
        call_visit_end(e, slot, v->disposition, v->ended_at);
    call_leave_plan(e, slot);
}
