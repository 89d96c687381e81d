/* What the twin states about calls: each function writes one event into the log and changes the
 * tables as it says. */

#include <string.h>

#include "tests/model/twin_parts.h"

void twin_count_wait(struct twin *t, struct twin_queue *q, acd_span wait)
{
    if (wait > q->sums.wait_max)
        q->sums.wait_max = wait;
    if (wait > q->interval.sums.wait_max)
        q->interval.sums.wait_max = wait;
    if (wait > t->totals.wait_max)
        t->totals.wait_max = wait;
}

void twin_remember(struct twin *t, acd_client_id gateway, struct acd_str key, acd_time ended_at)
{
    uint32_t places = t->limits.ended_calls;
    struct twin_ended *place = &t->ended[t->ended_next];

    if (twin_wrong(t, TWIN_FAULT_ENDED_RING_SHORT))
        places--;
    if (place->ended_at > t->forgotten_until)
        t->forgotten_until = place->ended_at;
    place->taken = true;
    place->gateway = gateway;
    twin_text_copy(&place->key, key);
    place->ended_at = ended_at;
    t->ended_next = (t->ended_next + 1) % places;
}

/* Remembers the place of a call that its caller abandons, and no older one of the caller's there.
 */
static void remember_place(struct twin *t, const struct twin_call *c)
{
    struct twin_abandoned *a = twin_abandoned(t, c->queue, twin_text_str(&c->caller));

    if (c->caller.len == 0)
        return;
    if (a != NULL)
        a->live = false;
    a = &t->abandoned[t->abandoned_next];
    *a = (struct twin_abandoned){.live = true,
                                 .queue = c->queue,
                                 .caller = c->caller,
                                 .enqueued_at = c->enqueued_at,
                                 .left_at = t->now,
                                 .head_start = c->head_start};
    t->abandoned_next = (t->abandoned_next + 1) % t->limits.ended_calls;
}

struct twin_call *say_call_queued(struct twin *t, const struct acd_event_call_queued *given)
{
    struct acd_event_call_queued event = *given;
    uint32_t slot = twin_free_call(t);
    struct twin_call *c = &t->calls[slot];
    uint64_t sequence;

    event.call = (acd_call_id){slot, twin_generation(t)};
    event.counted = 1;
    sequence = twin_append(t, ACD_EVENT_call_queued, &event);
    twin_counting_begins(t);
    memset(c, 0, sizeof *c);
    c->id = event.call;
    c->queue = event.queue;
    c->gateway = event.gateway;
    twin_text_copy(&c->key, event.key);
    twin_text_copy(&c->called, event.called);
    twin_text_copy(&c->caller, event.caller);
    twin_text_copy(&c->attributes, event.attributes);
    c->direction = event.direction;
    c->state = ACD_QUEUED;
    c->enqueued_at = t->now;
    c->entered_at = t->now;
    c->entered_sequence = sequence;
    c->arrived_at = event.arrived_at;
    c->head_start = event.head_start;
    if (event.resumed != 0) {
        struct twin_abandoned *place = twin_abandoned(t, c->queue, event.caller);

        c->enqueued_at = event.resumed;
        if (place != NULL && !twin_wrong(t, TWIN_FAULT_RESUME_AGAIN))
            place->live = false;
        TWIN_ADD(t, twin_queue(t, c->queue), resumed, 1);
    }
    c->line_time = c->enqueued_at;
    if (!twin_wrong(t, TWIN_FAULT_HEAD_START_IGNORED))
        c->line_time -= c->head_start;
    c->sequence = sequence;
    c->until = event.until;
    c->own_until = event.own_until;
    c->until_sequence = sequence;
    c->lifo = twin_queue(t, c->queue)->set.call_order == ACD_LIFO;
    c->announce = event.announce != 0;
    twin_announce_first(t, c, sequence);
    c->plan = event.plan;
    c->step = event.step;
    c->own_plan = event.own_plan != 0;
    c->prefer = event.prefer;
    c->prefer_until = event.prefer_until;
    twin_note_plans(t, sequence);
    TWIN_ADD(t, twin_queue(t, c->queue), entered, 1);
    twin_pace_came(t, twin_queue(t, c->queue), c->head_start);
    twin_note_call(t, c);
    return c;
}

void say_call_refused(struct twin *t, struct twin_queue *q, struct acd_str key, uint8_t refusal,
                      struct twin_target sent)
{
    struct acd_event_call_refused event = {.queue = q->id,
                                           .gateway = twin_gateway(t),
                                           .key = key,
                                           .refusal = refusal,
                                           .overflow = sent.kind,
                                           .overflow_to = sent.to};

    twin_append(t, ACD_EVENT_call_refused, &event);
    TWIN_ADD(t, q, refused, 1);
}

void twin_remember_offer(struct twin *t, struct twin_call *c, const struct twin_agent *a,
                         uint64_t sequence)
{
    struct twin_queue *q = twin_queue(t, c->queue);
    struct twin_member *m = twin_member(t, a->id, c->queue);

    if (m == NULL)
        return;
    if (q->set.strategy == ACD_ROUND_ROBIN) {
        q->turn_position = m->position;
        q->turn_sequence = m->sequence;
    }
    if (q->set.strategy == ACD_TOP_DOWN) {
        c->tried = true;
        c->tried_level = twin_step_level(t, twin_call_step(t, c), m->level);
        c->tried_position = m->position;
        c->tried_sequence = m->sequence;
    }
    if (q->set.strategy == ACD_SEQUENTIALLY && !twin_wrong(t, TWIN_FAULT_SEQUENTIALLY_FORGETS))
        m->last_offered = sequence;
}

void twin_count_offer(struct twin *t, struct twin_queue *q, struct twin_agent *a)
{
    TWIN_ADD(t, q, offers, 1);
    a->interval.offers++;
}

void say_call_offered(struct twin *t, struct twin_call *c, struct twin_agent *a, bool told)
{
    struct twin_queue *q = twin_queue(t, c->queue);
    uint32_t slot = twin_free_assignment(t);
    struct twin_assignment *s = &t->assignments[slot];
    struct acd_event_call_offered event = {
        .call = c->id, .agent = a->id, .until = t->now + q->set.ring_timeout, .told = told};
    struct acd_view_notice notice = {.kind = ACD_NOTICE_OFFERED};
    uint64_t sequence;

    twin_make_room(t, c, told);
    if (q->set.strategy == ACD_RANDOM || q->set.strategy == ACD_WEIGHTED_RANDOM)
        say_random_drawn(t);
    event.assignment = (acd_assignment_id){slot, twin_generation(t)};
    sequence = twin_append(t, ACD_EVENT_call_offered, &event);
    s->id = event.assignment;
    s->agent = a->id;
    s->call = c->id;
    s->queue = c->queue;
    s->role = ACD_ROLE_OFFERED;
    s->channel = q->set.channel;
    s->since = t->now;
    s->until = event.until;
    s->sequence = sequence;
    s->until_sequence = sequence;
    c->state = ACD_OFFERED;
    c->offers++;
    twin_remember_offer(t, c, a, sequence);
    twin_ring_counted(t, c);
    twin_count_offer(t, q, a);

    notice.assignment = s->id;
    notice.agent = a->id;
    notice.agent_name = twin_text_str(&a->name);
    notice.contact = twin_text_str(&a->contact);
    notice.until = s->until;
    if (!told || twin_wrong(t, TWIN_FAULT_TOLD_NOTICE_WRITTEN))
        twin_notify(t, c, &notice);
}

/* Whether an offer's end is laid at the agent's door. */
static bool is_agents_doing(uint8_t result)
{
    return result == ACD_OFFER_REJECTED || result == ACD_OFFER_BUSY ||
           result == ACD_OFFER_NO_ANSWER;
}

/* What the end of an offer does to the agent. */
static void offer_ended_at(struct twin *t, struct twin_agent *a, uint8_t result,
                           acd_time delay_until, uint64_t sequence)
{
    bool moves = is_agents_doing(result);

    if (result == ACD_OFFER_RESCINDED && twin_wrong(t, TWIN_FAULT_LSC_ON_RESCIND))
        moves = true;
    if (result == ACD_OFFER_NO_ANSWER && twin_wrong(t, TWIN_FAULT_LSC_ON_NO_ANSWER))
        moves = false;
    if (moves) {
        a->lsc = t->now;
        a->lsc_sequence = sequence;
    }
    if (result == ACD_OFFER_NO_ANSWER)
        a->no_answers++;
    if (delay_until > a->delay_until ||
        (delay_until != 0 && twin_wrong(t, TWIN_FAULT_DELAY_REPLACED))) {
        a->delay_until = delay_until;
        a->delay_sequence = sequence;
    }
}

/* The last offer of a call is over. */
static void call_waits_again(struct twin *t, struct twin_call *c, uint64_t sequence)
{
    twin_ring_over(c);
    c->recall = (acd_agent_id){0, 0};
    c->state = ACD_QUEUED;
    c->until_sequence = sequence;
    if (twin_wrong(t, TWIN_FAULT_PLACE_LOST))
        c->line_time = t->now;
    if (twin_wrong(t, TWIN_FAULT_WAIT_BEGINS_LATE) && c->offers == 1)
        c->until = twin_wait_until(t, twin_queue(t, c->queue), c->own_until);
    twin_note_call(t, c);
}

void say_offer_ended(struct twin *t, struct twin_assignment *s, uint8_t result,
                     acd_time delay_until, bool told)
{
    struct acd_event_offer_ended event = {.call = s->call,
                                          .assignment = s->id,
                                          .agent = s->agent,
                                          .result = result,
                                          .delay_until = delay_until,
                                          .told = told};
    struct twin_call *c = twin_call(t, s->call);
    struct twin_agent *a = twin_agent(t, s->agent);
    bool was_available = twin_available(t, a);
    struct acd_view_notice notice = {.kind = ACD_NOTICE_OFFER_ENDED,
                                     .assignment = s->id,
                                     .agent = a->id,
                                     .agent_name = twin_text_str(&a->name),
                                     .contact = twin_text_str(&a->contact),
                                     .result = result};
    uint64_t sequence;

    twin_make_room(t, c, told);
    sequence = twin_append(t, ACD_EVENT_offer_ended, &event);
    memset(s, 0, sizeof *s);
    offer_ended_at(t, a, result, delay_until, sequence);
    if (result == ACD_OFFER_NO_ANSWER) {
        TWIN_ADD(t, twin_queue(t, c->queue), no_answers, 1);
        a->interval.no_answers++;
    } else if (is_agents_doing(result)) {
        twin_queue(t, c->queue)->interval.rejected++;
        if (result != ACD_OFFER_BUSY || !twin_wrong(t, TWIN_FAULT_BUSY_NOT_REJECTED_TODAY))
            twin_queue(t, c->queue)->today.rejected++;
        a->interval.rejected++;
        twin_counted(t);
    }
    if (!told)
        twin_notify(t, c, &notice);
    if (twin_of_call(t, c, 0) == NULL)
        call_waits_again(t, c, sequence);
    else if (c->state == ACD_CONNECTED)
        twin_note_asks(t, twin_agent(t, twin_of_call(t, c, 0)->agent));
    else
        twin_ring_shrunk(t, c);
    twin_note_agent(t, a, was_available, is_agents_doing(result));
}

void say_call_connected(struct twin *t, struct twin_assignment *s, acd_time answered_at)
{
    struct acd_event_call_connected event = {
        .call = s->call, .assignment = s->id, .agent = s->agent, .answered_at = answered_at};
    struct twin_call *c = twin_call(t, s->call);
    struct twin_agent *a = twin_agent(t, s->agent);
    struct twin_queue *q = twin_queue(t, c->queue);
    acd_span wait = answered_at - c->arrived_at;
    acd_span threshold = q->set.service_level_threshold;
    bool was_available = twin_available(t, a);

    twin_append(t, ACD_EVENT_call_connected, &event);
    twin_pace_gone(q, s->since - c->entered_at, false);
    if (q->pace.came > 0)
        q->pace.work += answered_at - s->since;
    s->role = ACD_ROLE_CONNECTED;
    s->since = t->now;
    s->until = 0;
    c->state = ACD_CONNECTED;
    c->answered_at = answered_at;
    c->prefer = (acd_agent_id){0, 0};
    twin_ring_over(c);
    twin_note_agent(t, a, was_available, false);
    if (!twin_wrong(t, TWIN_FAULT_ACCEPT_KEEPS_NO_ANSWERS))
        a->no_answers = 0;
    a->calls_today++;
    a->interval.answered++;
    if (wait < 0)
        wait = 0;
    twin_waited(t, q, true, wait);
    TWIN_ADD(t, q, answered, 1);
    TWIN_ADD(t, q, wait_answered, wait);
    if (wait < threshold || (wait == threshold && !twin_wrong(t, TWIN_FAULT_IN_TIME_STRICT)))
        TWIN_ADD(t, q, in_time, 1);
    twin_count_wait(t, q, wait);
    twin_alerts_counted(t, q);
}

/* What least-recent remembers of a call's end. */
static void note_end(struct twin *t, const struct twin_call *c, const struct twin_agent *a)
{
    const struct twin_queue *q = twin_queue(t, c->queue);

    if (q->set.strategy != ACD_LEAST_RECENT || twin_wrong(t, TWIN_FAULT_LEAST_RECENT_FORGETS))
        return;
    for (uint32_t i = 0; i < t->limits.memberships; i++) {
        struct twin_member *m = &t->members[i];

        if (m->live && twin_same_agent(m->agent, a->id) && twin_same_queue(m->queue, q->id))
            m->last_ended = t->now;
    }
}

/* An answered call's end, at its agent. */
static void end_talk(struct twin *t, struct twin_call *c, acd_time ended_at, acd_time wrap_up_until)
{
    struct twin_assignment *s = twin_of_call(t, c, 0);
    struct twin_agent *a = twin_agent(t, s->agent);
    bool was_available = twin_available(t, a);
    acd_span talk = ended_at - c->answered_at, hold = twin_hold(t, c, ended_at);

    talk = talk > hold ? talk - hold : 0;
    if (twin_wrong(t, TWIN_FAULT_HOLD_IS_TALK))
        talk += hold;
    if (!twin_wrong(t, TWIN_FAULT_TALK_NOT_COUNTED))
        a->talk_today += talk;
    a->interval.talk += talk;
    a->interval.hold += hold;
    a->interval.handled++;
    twin_queue(t, c->queue)->interval.handled++;
    twin_queue(t, c->queue)->today.handled++;
    TWIN_ADD(t, twin_queue(t, c->queue), hold, hold);
    note_end(t, c, a);
    twin_pace_served(
        twin_queue(t, c->queue),
        ended_at - c->answered_at +
            (wrap_up_until == 0 || wrap_up_until == ACD_FOREVER ? 0 : wrap_up_until - t->now));
    TWIN_ADD(t, twin_queue(t, c->queue), talk, talk);
    if (!twin_wrong(t, TWIN_FAULT_LSC_ON_CALL_END)) {
        a->lsc = t->now;
        a->lsc_sequence = t->sequence;
    }
    if (wrap_up_until == 0) {
        if (!twin_wrong(t, TWIN_FAULT_LATE_CODE_OF_WRAP_UP_ONLY))
            twin_keep_late(t, s, twin_queue(t, c->queue), t->sequence);
        memset(s, 0, sizeof *s);
    } else {
        s->role = ACD_ROLE_WRAP_UP;
        s->visit = t->sequence;
        s->call = (acd_call_id){0, 0};
        s->since = t->now;
        s->until = wrap_up_until;
        s->until_sequence = t->sequence;
    }
    twin_note_agent(t, a, was_available, true);
}

/* An unanswered call's end, in the sums. */
static void count_unanswered(struct twin *t, const struct acd_event_call_ended *event,
                             acd_span wait)
{
    struct twin_queue *q = twin_queue(t, event->queue);

    if (wait < 0)
        wait = 0;
    if (event->disposition == ACD_ABANDONED) {
        twin_waited(t, q, false, wait);
        TWIN_ADD(t, q, abandoned, 1);
        TWIN_ADD(t, q, wait_abandoned, wait);
    }
    if (event->disposition == ACD_TIMED_OUT)
        TWIN_ADD(t, q, timed_out, 1);
    if (event->disposition == ACD_WITHDRAWN ||
        (event->disposition == ACD_LEFT_EMPTY && twin_wrong(t, TWIN_FAULT_LEFT_ENDS_AS_WITHDRAWN)))
        TWIN_ADD(t, q, withdrawn, 1);
    else if (event->disposition == ACD_LEFT_EMPTY)
        TWIN_ADD(t, q, left_empty, 1);
    if (event->disposition == ACD_EXITED)
        TWIN_ADD(t, q, exited, 1);
    if (event->disposition == ACD_UNREACHED)
        TWIN_ADD(t, q, unreached, 1);
    if (event->disposition == ACD_CALL_LOST)
        TWIN_ADD(t, q, lost, 1);
    twin_count_wait(t, q, wait);
}

void say_call_ended(struct twin *t, struct twin_call *c, const struct acd_event_call_ended *given)
{
    struct acd_event_call_ended event = *given;
    struct acd_view_notice notice = {.kind = ACD_NOTICE_CALL_ENDED,
                                     .disposition = event.disposition,
                                     .cause = event.cause,
                                     .overflow = event.overflow,
                                     .overflow_to = event.overflow_to};

    event.call = c->id;
    event.queue = c->queue;
    twin_make_room(t, c, event.told);
    twin_append(t, ACD_EVENT_call_ended, &event);
    if (c->state == ACD_CONNECTED)
        end_talk(t, c, event.ended_at, event.wrap_up_until);
    else if (c->state != ACD_SCHEDULED) {
        twin_pace_gone(twin_queue(t, c->queue), t->now - c->entered_at,
                       event.disposition == ACD_ABANDONED);
        count_unanswered(t, &event, event.ended_at - c->arrived_at);
    }
    if ((event.disposition == ACD_ABANDONED ||
         (event.disposition == ACD_CALL_LOST && twin_wrong(t, TWIN_FAULT_LOST_LEAVES_PLACE))) &&
        twin_queue(t, c->queue)->set.abandoned_resume > 0)
        remember_place(t, c);
    if (!event.told)
        twin_notify(t, c, &notice);
    twin_remember(t, c->gateway, twin_text_str(&c->key), event.ended_at);
    memset(c, 0, sizeof *c);
    twin_note_plans(t, t->sequence);
    if (event.disposition == ACD_ABANDONED)
        twin_alerts_counted(t, twin_queue(t, event.queue));
}

uint32_t twin_plan_along(struct twin *t, const struct twin_call *c, const struct twin_queue *to)
{
    struct acd_str text = {NULL, 0};
    uint32_t plan;

    if (c->own_plan && !twin_wrong(t, TWIN_FAULT_MOVE_DROPS_PLAN))
        text = c->plan == 0 ? acd_str("-") : twin_text_str(&t->plans[c->plan - 1].text);
    return twin_plan_of_call(t, to, text, 1, &plan) == ACD_OK ? plan : 0;
}

void say_call_moved(struct twin *t, struct twin_call *c, struct twin_queue *to, acd_client_id by,
                    uint8_t cause)
{
    struct twin_queue *from = twin_queue(t, c->queue);
    struct acd_event_call_moved event = {
        .call = c->id, .from = from->id, .to = to->id, .by = by, .cause = cause};
    struct acd_view_notice notice = {.kind = ACD_NOTICE_CALL_MOVED, .cause = cause};
    uint64_t sequence;

    event.until = twin_wait_until(
        t, to, twin_wrong(t, TWIN_FAULT_OWN_WAIT_FIRST_QUEUE_ONLY) ? 0 : c->own_until);
    if (c->callback)
        event.until = c->expires;
    if (twin_wrong(t, TWIN_FAULT_MOVE_KEEPS_UNTIL))
        event.until = c->until;
    event.plan = twin_plan_along(t, c, to);
    if (event.plan != 0)
        event.step = twin_step_from(t, event.plan, 0);
    twin_make_room(t, c, false);
    sequence = twin_append(t, ACD_EVENT_call_moved, &event);
    TWIN_ADD(t, from, overflowed, 1);
    twin_count_wait(t, from, t->now - c->arrived_at);
    TWIN_ADD(t, to, entered, 1);
    twin_pace_gone(from, t->now - c->entered_at, false);
    if (to->pace.came > 0)
        twin_pace_came(t, to, c->head_start);
    c->queue = to->id;
    c->prefer = (acd_agent_id){0, 0};
    c->arrived_at = t->now;
    c->entered_at = t->now;
    c->entered_sequence = sequence;
    c->until = event.until;
    c->until_sequence = sequence;
    if (!twin_wrong(t, TWIN_FAULT_MOVE_KEEPS_ANNOUNCEMENT))
        twin_announce_first(t, c, sequence);
    if (cause != 0 || twin_wrong(t, TWIN_FAULT_MOVES_BY_REMOVAL))
        c->moves++;
    c->lifo = to->set.call_order == ACD_LIFO;
    c->tried = false;
    c->plan = event.plan;
    c->step = event.step;
    twin_note_plans(t, sequence);
    if (twin_wrong(t, TWIN_FAULT_MOVE_LOSES_PLACE))
        c->line_time = t->now;
    twin_notify(t, c, &notice);
    if (c->state == ACD_QUEUED)
        twin_note_call(t, c);
}

/* Who was asked answers a call that has just entered. */
static void take_over(struct twin *t, struct twin_call *c, struct twin_assignment *s)
{
    struct twin_queue *q = twin_queue(t, c->queue);

    s->role = ACD_ROLE_CONNECTED;
    s->since = t->now;
    s->queue = c->queue;
    c->state = ACD_CONNECTED;
    c->answered_at = t->now;
    c->recall = (acd_agent_id){0, 0};
    if (twin_wrong(t, TWIN_FAULT_HAND_OVER_UNCOUNTED))
        return;
    twin_agent(t, s->agent)->calls_today++;
    twin_agent(t, s->agent)->interval.answered++;
    TWIN_ADD(t, q, answered, 1);
    TWIN_ADD(t, q, in_time, 1);
    twin_waited(t, q, true, 0);
}

void say_call_transferred(struct twin *t, struct twin_assignment *s, struct twin_queue *to,
                          const struct twin_agent *target, struct twin_assignment *next)
{
    struct twin_call *c = twin_call(t, s->call);
    struct twin_agent *a = twin_agent(t, s->agent);
    struct acd_event_call_transferred event = {.call = c->id,
                                               .assignment = s->id,
                                               .agent = a->id,
                                               .from = c->queue,
                                               .to = to->id,
                                               .wrap_up_until = twin_wrap_up_until(t, c),
                                               .told = twin_is_asker(t, c)};
    struct acd_view_notice notice = {.kind = ACD_NOTICE_TRANSFERRED,
                                     .assignment = s->id,
                                     .agent = a->id,
                                     .agent_name = twin_text_str(&a->name),
                                     .contact = twin_text_str(&a->contact)};
    acd_time entered = c->enqueued_at;

    if (target != NULL)
        event.target = target->id;
    if (next != NULL)
        event.next = next->id;
    else if (to->set.max_wait > 0)
        event.until = t->now + to->set.max_wait;
    event.plan = twin_plan_along(t, c, to);
    event.step = event.plan == 0 ? 0 : twin_step_from(t, event.plan, 0);
    twin_make_room(t, c, event.told);
    c->entered_sequence = twin_append(t, ACD_EVENT_call_transferred, &event);
    c->plan = event.plan;
    c->step = event.step;
    twin_note_plans(t, t->sequence);
    if (!event.told)
        twin_notify(t, c, &notice);
    end_talk(t, c, t->now, event.wrap_up_until);
    if (to->pace.came > 0)
        twin_pace_came(t, to, c->head_start);
    TWIN_ADD(t, to, entered, 1);
    c->queue = to->id;
    c->state = ACD_QUEUED;
    c->callback = false;
    if (!twin_wrong(t, TWIN_FAULT_OWN_WAIT_AFTER_TALK))
        c->own_until = 0;
    c->hold = 0;
    c->answered_at = 0;
    c->recall = target != NULL ? a->id : (acd_agent_id){0, 0};
    c->enqueued_at = c->entered_at = c->arrived_at = t->now;
    c->line_time = t->now - c->head_start;
    if (twin_wrong(t, TWIN_FAULT_TRANSFER_KEEPS_PLACE))
        c->line_time = entered - c->head_start;
    c->until = event.until;
    c->until_sequence = t->sequence;
    c->lifo = to->set.call_order == ACD_LIFO;
    c->tried = false;
    twin_announce_first(t, c, c->entered_sequence);
    if (next == NULL) {
        twin_note_call(t, c);
        return;
    }
    take_over(t, c, next);
    twin_note_asks(t, a);
    twin_alerts_counted(t, to);
}

void say_call_forestalled(struct twin *t, acd_client_id gateway, struct acd_str key)
{
    struct acd_event_call_forestalled event = {.gateway = gateway, .key = key};

    twin_append(t, ACD_EVENT_call_forestalled, &event);
    if (!twin_wrong(t, TWIN_FAULT_FORESTALL_FORGOTTEN))
        twin_remember(t, gateway, key, t->now);
}
