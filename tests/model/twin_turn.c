/* What the twin does by itself: it fires deadlines, takes slices and settles. */

#include "tests/model/twin_parts.h"

enum { FIRE_EVENTS_MAX = 256, SLICE_CALLS_MAX = 64 };

/* ---- settling ----------------------------------------------------------------------------- */

static struct twin_agent *first_fresh_agent(const struct twin *t)
{
    struct twin_agent *first = NULL;

    for (uint32_t i = 0; i < t->limits.agents; i++) {
        struct twin_agent *a = &t->agents[i];

        if (a->id.gen != 0 && a->fresh != 0 && (first == NULL || a->fresh < first->fresh))
            first = a;
    }
    return first;
}

static struct twin_call *first_fresh_call(const struct twin *t)
{
    struct twin_call *first = NULL;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (c->id.gen != 0 && c->fresh != 0 && (first == NULL || c->fresh < first->fresh))
            first = c;
    }
    return first;
}

/* Offers a call to an agent; the reply tells it when the call is the one that a route just brought.
 */
static void offer(struct twin *t, struct twin_call *c, struct twin_agent *a)
{
    bool told = t->routed.gen != 0 && twin_call(t, t->routed) == c && twin_is_asker(t, c) &&
                twin_of_call(t, c, 0) == NULL;

    say_call_offered(t, c, a, told);
    twin_ring_offered(t, c);
}

/* An agent that was draining has no work left. */
static void drained(struct twin *t, struct twin_agent *a)
{
    uint8_t state = twin_wrong(t, TWIN_FAULT_DRAINED_STAYS) ? ACD_NOT_READY : a->drain;

    say_agent_state(t, a, state, state == ACD_NOT_READY ? a->reason : 0);
}

static void settle_agents(struct twin *t)
{
    struct twin_agent *a, *b;
    struct twin_call *c;

    while ((a = first_fresh_agent(t)) != NULL) {
        a->fresh = 0;
        if (a->drain != 0)
            drained(t, a);
        while (twin_available(t, a) && (c = twin_best_call(t, a)) != NULL) {
            b = twin_first_member(t, c);
            offer(t, c, twin_wrong(t, TWIN_FAULT_SETTLE_OWN_CALL) ? a : b);
        }
    }
}

static void settle_calls(struct twin *t)
{
    struct twin_call *c;
    struct twin_agent *b;

    while ((c = first_fresh_call(t)) != NULL) {
        c->fresh = 0;
        while (twin_wants(c) && (b = twin_first_member(t, c)) != NULL)
            offer(t, twin_best_call(t, b), b);
    }
}

void twin_settle(struct twin *t)
{
    if (twin_wrong(t, TWIN_FAULT_SETTLE_CALLS_FIRST))
        settle_calls(t);
    settle_agents(t);
    settle_calls(t);
    for (uint32_t i = 0; i < t->limits.queues; i++) {
        struct twin_queue *q = &t->queues[i];

        if (q->id.gen == 0)
            continue;
        if (q->set.state == ACD_REMOVING && twin_calls(t, q, 0) == 0)
            say_queue_removed(t, q);
        else if (q->set.state == ACD_DRAINING && twin_unanswered(t, q) == 0 &&
                 twin_first_scheduled(t, q) == NULL)
            say_queue_drained(t, q);
    }
}

/* ---- deadlines ---------------------------------------------------------------------------- */

struct deadline {
    acd_time at; /* ACD_FOREVER: none */
    uint64_t sequence;
    struct twin_assignment *assignment;
    struct twin_call *call;
    struct twin_call *step;            /* a call whose next step comes */
    struct twin_call *scheduled;       /* a callback that is due */
    struct twin_agent *agent;          /* its delay */
    struct twin_agent *device_of;      /* what is believed of its device */
    uint8_t cause;                     /* why the call leaves ... */
    struct twin_queue *alerted;        /* a queue of which an alert may have to change: */
    uint8_t alert;                     /* this one */
    bool grows;                        /* ... unless it rings, and asks one more */
    struct twin_client *lease, *grace; /* whose it is */
};

/* Takes `other` for the earliest when it is earlier. */
static void consider(const struct twin *t, struct deadline *earliest, struct deadline other)
{
    bool tie = other.at == earliest->at && !twin_wrong(t, TWIN_FAULT_FIRE_BY_SLOT);

    if (other.at == ACD_FOREVER)
        return;
    if (other.at < earliest->at || (tie && other.sequence < earliest->sequence))
        *earliest = other;
}

static void consider_ring(const struct twin *t, struct deadline *earliest, struct twin_call *c)
{
    struct deadline due = {.call = c, .cause = ACD_CAUSE_MAX_WAIT};

    due.grows = twin_ring_deadline(c, &due.at, &due.sequence);
    consider(t, earliest, due);
}

static void consider_alerts(const struct twin *t, struct deadline *earliest)
{
    for (uint32_t i = 0; i < t->limits.queues; i++) {
        struct deadline due = {.sequence = i, .alerted = &t->queues[i]};

        due.at = twin_alert_at(t, &t->queues[i], &due.alert);
        consider(t, earliest, due);
    }
}

/* The earliest deadline of all. */
static struct deadline earliest_deadline(const struct twin *t)
{
    struct deadline earliest = {.at = ACD_FOREVER};

    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        struct twin_assignment *s = &t->assignments[i];

        if (s->id.gen != 0 && s->until != 0)
            consider(t, &earliest, (struct deadline){s->until, s->until_sequence, .assignment = s});
    }
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];
        bool waits = c->state == ACD_QUEUED || c->state == ACD_STRANDED ||
                     (c->state == ACD_OFFERED && twin_wrong(t, TWIN_FAULT_MAX_WAIT_WHILE_RINGING));

        if (c->id.gen != 0 && c->ring)
            consider_ring(t, &earliest, c);
        else if (c->id.gen != 0 && waits && c->until != 0)
            consider(t, &earliest,
                     (struct deadline){c->until, c->until_sequence, .call = c,
                                       .cause = ACD_CAUSE_MAX_WAIT});
    }
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (c->id.gen != 0 && c->state == ACD_QUEUED && twin_passes(t, c))
            consider(t, &earliest,
                     (struct deadline){twin_step_at(t, c), c->until_sequence, .step = c});
    }
    for (uint32_t i = 0; i < t->limits.agents; i++) {
        struct twin_agent *a = &t->agents[i];

        if (a->id.gen != 0 && a->device_until != 0)
            consider(t, &earliest,
                     (struct deadline){a->device_until, a->device_sequence, .device_of = a});
        if (a->id.gen != 0 && a->delay_until != 0)
            consider(t, &earliest,
                     (struct deadline){a->delay_until, a->delay_sequence, .agent = a});
    }
    for (uint32_t i = 0; i < t->limits.queues; i++) {
        struct deadline due = {.at = ACD_FOREVER, .cause = ACD_CAUSE_NO_AGENT};

        due.call = twin_patient(t, &t->queues[i], &due.at, &due.sequence);
        consider(t, &earliest, due);
    }
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (c->id.gen != 0 && c->state == ACD_QUEUED && c->announce_at != 0)
            consider(t, &earliest,
                     (struct deadline){c->announce_at, c->announce_sequence, .call = c});
    }
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (c->id.gen != 0 && c->state == ACD_SCHEDULED)
            consider(t, &earliest, (struct deadline){c->due, c->due_sequence, .scheduled = c});
    }
    for (uint32_t i = 0; i < t->limits.clients; i++) {
        struct twin_client *c = &t->clients[i];

        if (c->id.gen != 0 && c->lease_until != 0)
            consider(t, &earliest,
                     (struct deadline){c->lease_until, c->lease_sequence, .lease = c});
        if (c->id.gen != 0 && c->grace_until != 0)
            consider(t, &earliest, (struct deadline){c->grace_until, c->since, .grace = c});
    }
    consider_alerts(t, &earliest);
    return earliest;
}

/* A call whose offer has just failed goes back to who passed it on, if that can take it. */
static void recall(struct twin *t, struct twin_call *c, acd_agent_id id)
{
    struct twin_agent *a = twin_agent(t, id);

    if (a == NULL || c->state != ACD_QUEUED || twin_wrong(t, TWIN_FAULT_NO_RECALL))
        return;
    if (twin_available(t, a) && (twin_has_room(t, a, twin_queue(t, c->queue)->set.channel) ||
                                 twin_wrong(t, TWIN_FAULT_RECALL_WITHOUT_ROOM)))
        say_call_offered(t, c, a, false);
}

void twin_rescind_all(struct twin *t, struct twin_agent *a)
{
    struct twin_assignment *s;

    while ((s = twin_oldest(t, a, ACD_ROLE_OFFERED, 0)) != NULL) {
        struct twin_call *c = twin_call(t, s->call);
        acd_agent_id back = c->recall;

        say_offer_ended(t, s, ACD_OFFER_RESCINDED, 0, false);
        recall(t, c, back);
    }
}

/* How long a queue keeps offers from an agent after a result. */
static acd_span delay_after(const struct twin_queue *q, uint8_t result)
{
    if (result == ACD_OFFER_REJECTED)
        return q->set.reject_delay;
    if (result == ACD_OFFER_BUSY)
        return q->set.busy_delay;
    return q->set.no_answer_delay;
}

static void time_out(struct twin *t, struct twin_call *c, uint8_t cause)
{
    struct twin_assignment *s;

    while ((s = twin_of_call(t, c, 0)) != NULL) /* it rings at many, or by a planted fault */
        say_offer_ended(t, s, ACD_OFFER_RESCINDED, 0, false);
    if (cause == ACD_CAUSE_MAX_WAIT && c->own_until != 0 && c->own_until <= t->now &&
        !twin_wrong(t, TWIN_FAULT_OWN_WAIT_GOES_ON))
        cause = ACD_CAUSE_OWN_MAX_WAIT;
    twin_leave(t, c, cause);
}

/* What fell due for a call while it rang. */
static void catch_up(struct twin *t, struct twin_call *c)
{
    if (twin_wrong(t, TWIN_FAULT_RINGS_FOR_EVER) || c->state != ACD_QUEUED)
        return;
    if (!c->ring && c->until != 0 && c->until <= t->now) {
        time_out(t, c, ACD_CAUSE_MAX_WAIT);
        return;
    }
    while (c->state == ACD_QUEUED && twin_passes(t, c) && twin_step_at(t, c) <= t->now)
        say_call_stepped(t, c);
}

void twin_fail_offer(struct twin *t, struct twin_assignment *s, uint8_t result, bool told)
{
    struct twin_agent *a = twin_agent(t, s->agent);
    struct twin_call *c = twin_call(t, s->call);
    const struct twin_queue *q = twin_queue(t, c->queue);
    acd_span delay = delay_after(q, result);
    uint32_t limit = q->set.max_no_answer;
    acd_agent_id back = c->recall;

    if (twin_wrong(t, TWIN_FAULT_DELAY_FORGOTTEN))
        delay = 0;
    if (twin_wrong(t, TWIN_FAULT_MAX_NO_ANSWER_LATE) && limit > 0)
        limit++;
    say_offer_ended(t, s, result, delay > 0 ? t->now + delay : 0, told);
    if (c->state == ACD_QUEUED && c->prefer.gen != 0 && twin_same_agent(c->prefer, a->id) &&
        !twin_wrong(t, TWIN_FAULT_KEPT_AFTER_REJECTION))
        say_call_stepped(t, c);
    if (result == ACD_OFFER_NO_ANSWER && limit > 0 && a->no_answers >= limit &&
        a->state == ACD_READY) {
        say_agent_state(t, a, ACD_NOT_READY, q->set.no_answer_reason);
        twin_rescind_all(t, a);
    }
    recall(t, c, back);
    catch_up(t, c);
}

void twin_fire(struct twin *t)
{
    uint32_t most = FIRE_EVENTS_MAX;

    if (!twin_wrong(t, TWIN_FAULT_INTERVAL_TURNS_LAST))
        twin_turn_interval(t);
    if (twin_wrong(t, TWIN_FAULT_FIRE_STOPS_EARLY))
        most--;
    while (t->frame_count <= most) {
        struct deadline due = earliest_deadline(t);

        if (due.at > t->now)
            break;
        if (due.call != NULL && due.grows)
            twin_ring_grow(t, due.call);
        else if (due.call != NULL && due.cause == 0)
            say_call_announced(t, due.call);
        else if (due.call != NULL)
            time_out(t, due.call, due.cause);
        else if (due.alerted != NULL)
            twin_alert(t, due.alerted, due.alert);
        else if (due.step != NULL)
            say_call_stepped(t, due.step);
        else if (due.scheduled != NULL)
            twin_fall_due(t, due.scheduled);
        else if (due.agent != NULL)
            say_delay_ended(t, due.agent);
        else if (due.device_of != NULL)
            say_agent_device(t, due.device_of, ACD_DEVICE_AVAILABLE, 0);
        else if (due.lease != NULL)
            twin_fire_lease(t, due.lease);
        else if (due.grace != NULL)
            twin_fire_grace(t, due.grace);
        else if (due.assignment->role == ACD_ROLE_OUTSIDE)
            say_outside_ended(t, due.assignment, true);
        else if (due.assignment->role == ACD_ROLE_DIALING)
            twin_fail_dialling(t, due.assignment, ACD_DIAL_NO_ANSWER, false);
        else if (due.assignment->role == ACD_ROLE_HELD)
            say_consult_dial_ended(t, due.assignment, ACD_DIAL_NO_ANSWER, false);
        else if (due.assignment->role == ACD_ROLE_WRAP_UP)
            say_wrap_up_ended(t, due.assignment);
        else
            twin_fail_offer(t, due.assignment, ACD_OFFER_NO_ANSWER, false);
        twin_settle(t);
    }
    if (twin_wrong(t, TWIN_FAULT_INTERVAL_TURNS_LAST))
        twin_turn_interval(t);
}

/* ---- slices ------------------------------------------------------------------------------- */

/* The first queue by slot that sends its callers away and has calls queued or stranded, or is left
 * and has calls queued, or NULL. */
static struct twin_queue *queue_to_clear(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.queues; i++) {
        struct twin_queue *q = &t->queues[i];

        if (q->id.gen == 0 || (!twin_sends_away(q) && !twin_is_left(t, q)))
            continue;
        if (twin_calls(t, q, ACD_QUEUED) > 0 ||
            (twin_sends_away(q) && twin_first_scheduled(t, q) != NULL))
            return q;
        if (twin_calls(t, q, ACD_STRANDED) > 0 && twin_sends_away(q))
            return q;
        if (twin_calls(t, q, ACD_OFFERED) > 0 && twin_wrong(t, TWIN_FAULT_SLICE_WAITS_FOR_RINGING))
            return NULL;
    }
    return NULL;
}

/* Where the calls of a queue that sends them away go, or NULL. */
static struct twin_queue *removal_target(const struct twin *t, const struct twin_queue *q)
{
    struct twin_queue *target = twin_queue(t, q->target);

    if (q->policy != ACD_REMOVE_MOVE || target == NULL)
        return NULL;
    if (twin_sends_away(target) && !twin_wrong(t, TWIN_FAULT_MOVE_TO_REMOVING))
        return NULL;
    return target;
}

/* The first call of a deserted line: of that line whose first call was queued before the others'.
 */
static struct twin_call *call_to_pass(const struct twin *t)
{
    struct twin_call *found = NULL;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];
        bool first = twin_call_is_deserted(t, c);

        for (uint32_t k = 0; first && k < t->limits.calls; k++)
            if (t->calls[k].id.gen != 0 && t->calls[k].state == ACD_QUEUED &&
                twin_same_line(t, &t->calls[k], c) && twin_place_before(t, &t->calls[k], c))
                first = false;
        if (first && (found == NULL || c->sequence < found->sequence))
            found = c;
    }
    return found;
}

/* The first call in the line that one stood in when it was at a step, or NULL. */
static struct twin_call *next_to_pass(const struct twin *t, const struct twin_call *like)
{
    struct twin_call *first = NULL;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (twin_call_is_deserted(t, c) && twin_same_line(t, c, like) &&
            (first == NULL || twin_place_before(t, c, first)))
            first = c;
    }
    return first;
}

static bool pass_slice(struct twin *t)
{
    struct twin_call *c = call_to_pass(t);
    struct twin_call like;

    if (c == NULL)
        return false;
    like = *c;
    for (uint32_t n = 0; n < SLICE_CALLS_MAX && (c = next_to_pass(t, &like)) != NULL; n++)
        say_call_stepped(t, c);
    twin_settle(t);
    return true;
}

/* The first queued call of a queue; when there is none and it sends its callers away, the one
 * stranded that entered first; when there is none of those, a callback that is not due. */
static struct twin_call *next_to_go(const struct twin *t, const struct twin_queue *q)
{
    struct twin_call *first = twin_first_queued(t, q);

    if (first != NULL || !twin_sends_away(q))
        return first;
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        struct twin_call *c = &t->calls[i];

        if (c->id.gen == 0 || c->state != ACD_STRANDED || !twin_same_queue(c->queue, q->id))
            continue;
        if (first == NULL || c->entered_sequence < first->entered_sequence)
            first = c;
    }
    return first != NULL ? first : twin_first_scheduled(t, q);
}

bool twin_slice(struct twin *t)
{
    struct twin_queue *q = queue_to_clear(t);
    struct acd_event_call_ended event = {
        .disposition = ACD_WITHDRAWN, .side = ACD_SIDE_SYSTEM, .ended_at = t->now};
    uint32_t most = SLICE_CALLS_MAX;
    struct twin_call *c;

    if (q == NULL)
        return pass_slice(t);
    if (twin_wrong(t, TWIN_FAULT_SLICE_TOO_LONG))
        most++;
    for (uint32_t n = 0; n < most && (c = next_to_go(t, q)) != NULL; n++) {
        struct twin_queue *target = removal_target(t, q);

        if (!twin_sends_away(q))
            twin_leave(t, c, ACD_CAUSE_LEFT_EMPTY);
        else if (target != NULL && c->state == ACD_SCHEDULED)
            twin_callback_goes(t, c, target);
        else if (target != NULL)
            say_call_moved(t, c, target, ACD_NOBODY, 0);
        else
            say_call_ended(t, c, &event);
    }
    twin_settle(t);
    return true;
}

acd_time twin_next_deadline(const struct twin *t)
{
    struct deadline earliest = earliest_deadline(t);

    if ((queue_to_clear(t) != NULL || call_to_pass(t) != NULL || twin_is_sweeping(t)) &&
        earliest.at > t->now)
        return t->now;
    if (t->interval_until != 0 && t->interval_until < earliest.at)
        return t->interval_until;
    return earliest.at;
}
