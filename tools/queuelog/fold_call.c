#include "tools/queuelog/fold.h"

/* Calls. A visit of a queue is what Asterisk's Queue() is: from ENTERQUEUE to one line that ends
 * it. A call that goes on to another queue ends one visit and begins another, under the same id. */

/* ---- entering ------------------------------------------------------------------------------ */

static void enters(struct queuelog *q, acd_time at, struct centre_call *call, acd_queue_id id)
{
    const struct centre_queue *queue = centre_queue(&q->centre, id);

    call->queue = id;
    call->lifo = queue != NULL && queue->lifo;
    call->entered_at = at;
    call->answered_at = 0;
    call->digit = '\0';
    centre_call_wait(&q->centre, call);
    call->entered_position = centre_call_position(&q->centre, call);
    fold_line(q, at, call->key, fold_queue_name(q, id), NULL, "ENTERQUEUE", "|%s|%u", call->caller,
              call->entered_position);
}

static void on_queued(struct queuelog *q, acd_time at, uint64_t sequence,
                      const struct acd_event_call_queued *e)
{
    char called[CENTRE_NUMBER];
    struct centre_call *call;

    centre_call_remove(&q->centre, e->call); /* a picture may have it already */
    call = centre_call_put(&q->centre, e->call);
    centre_text(call->key, sizeof call->key, e->key);
    centre_text(call->caller, sizeof call->caller, e->caller);
    centre_text(called, sizeof called, e->called);
    call->enqueued_at = e->resumed != 0 ? e->resumed : at;
    call->head_start = e->head_start;
    call->sequence = sequence;
    if (called[0] != '\0')
        fold_line(q, at, call->key, fold_queue_name(q, e->queue), NULL, "DID", "%s", called);
    enters(q, at, call, e->queue);
}

static void on_priority(struct queuelog *q, const struct acd_event_call_priority *e)
{
    struct centre_call *call = centre_call(&q->centre, e->call);

    if (call == NULL)
        return;
    centre_call_leave(&q->centre, call);
    call->head_start = e->head_start;
    if (centre_call_is_waiting(call))
        centre_call_wait(&q->centre, call);
}

/* ---- ringing ------------------------------------------------------------------------------- */

static void on_offered(struct queuelog *q, acd_time at, const struct acd_event_call_offered *e)
{
    centre_offer_put(&q->centre, e->assignment)->since = at;
}

/* Whom an agent asks about its call is no member that a queue rings: such offers are not noted. */
static void on_offer_ended(struct queuelog *q, acd_time at, const struct acd_event_offer_ended *e)
{
    const struct centre_offer *offer = centre_offer(&q->centre, e->assignment);
    const struct centre_call *call = centre_call(&q->centre, e->call);
    const bool missed = e->result == ACD_OFFER_REJECTED || e->result == ACD_OFFER_BUSY ||
                        e->result == ACD_OFFER_NO_ANSWER;

    if (offer == NULL)
        return;
    if (call != NULL && e->result != ACD_OFFER_ANSWERED_ELSEWHERE)
        fold_line(q, at, call->key, fold_queue_name(q, call->queue), fold_agent_name(q, e->agent),
                  missed ? "RINGNOANSWER" : "RINGCANCELED", "%lld",
                  (long long)((at - offer->since) / ACD_MS));
    centre_offer_remove(&q->centre, e->assignment);
}

/* There is no channel to name; the assignment is what the connection is called here. */
static void connects(struct queuelog *q, acd_time at, struct centre_call *call, acd_agent_id agent,
                     acd_assignment_id assignment, acd_span rang)
{
    centre_call_leave(&q->centre, call);
    call->answered_at = at;
    call->agent = agent;
    fold_line(q, at, call->key, fold_queue_name(q, call->queue), fold_agent_name(q, agent),
              "CONNECT", "%ld|%u.%u|%lld", fold_seconds(call->entered_at, at), assignment.slot,
              assignment.gen, (long long)(rang / ACD_SECOND));
}

static void on_connected(struct queuelog *q, acd_time at, const struct acd_event_call_connected *e)
{
    const struct centre_offer *offer = centre_offer(&q->centre, e->assignment);
    struct centre_call *call = centre_call(&q->centre, e->call);

    if (call != NULL)
        connects(q, at, call, e->agent, e->assignment, offer == NULL ? 0 : at - offer->since);
    centre_offer_remove(&q->centre, e->assignment);
}

/* ---- ends of an answered visit ------------------------------------------------------------- */

static void completes(struct queuelog *q, acd_time at, const struct centre_call *call, uint8_t side)
{
    fold_line(q, at, call->key, fold_queue_name(q, call->queue), fold_agent_name(q, call->agent),
              side == ACD_SIDE_CALLER ? "COMPLETECALLER" : "COMPLETEAGENT", "%ld|%ld|%u",
              fold_seconds(call->entered_at, call->answered_at),
              fold_seconds(call->answered_at, at), call->entered_position);
}

/* `context` is what kind of place it is: there are no dialplan's contexts. */
static void passes_on(struct queuelog *q, acd_time at, const struct centre_call *call,
                      const char *extension, const char *context)
{
    fold_line(q, at, call->key, fold_queue_name(q, call->queue), fold_agent_name(q, call->agent),
              "BLINDTRANSFER", "%s|%s|%ld|%ld|%u", extension == NULL ? "" : extension, context,
              fold_seconds(call->entered_at, call->answered_at),
              fold_seconds(call->answered_at, at), call->entered_position);
}

static void hands_over(struct queuelog *q, acd_time at, const struct centre_call *call,
                       acd_assignment_id next)
{
    fold_line(q, at, call->key, fold_queue_name(q, call->queue), fold_agent_name(q, call->agent),
              "ATTENDEDTRANSFER", "BRIDGE|%u.%u|%ld|%ld|%u", next.slot, next.gen,
              fold_seconds(call->entered_at, call->answered_at),
              fold_seconds(call->answered_at, at), call->entered_position);
}

static void on_transferred(struct queuelog *q, acd_time at,
                           const struct acd_event_call_transferred *e)
{
    struct centre_call *call = centre_call(&q->centre, e->call);

    if (call == NULL)
        return;
    if (e->next.gen != 0)
        hands_over(q, at, call, e->next);
    else if (e->target.gen != 0)
        passes_on(q, at, call, fold_agent_name(q, e->target), "agent");
    else
        passes_on(q, at, call, fold_queue_name(q, e->to), "queue");
    centre_call_leave(&q->centre, call);
    call->enqueued_at = at;
    enters(q, at, call, e->to);
    if (e->next.gen != 0)
        connects(q, at, call, e->target, e->next, 0);
}

/* ---- ends without an answer ---------------------------------------------------------------- */

static void gives_up(struct queuelog *q, acd_time at, const struct centre_call *call,
                     const char *event)
{
    fold_line(q, at, call->key, fold_queue_name(q, call->queue), NULL, event, "%u|%u|%ld",
              centre_call_position(&q->centre, call), call->entered_position,
              fold_seconds(call->entered_at, at));
}

static void exits(struct queuelog *q, acd_time at, const struct centre_call *call)
{
    fold_line(q, at, call->key, fold_queue_name(q, call->queue), NULL, "EXITWITHKEY",
              "%.1s|%u|%u|%ld", &call->digit, centre_call_position(&q->centre, call),
              call->entered_position, fold_seconds(call->entered_at, at));
}

/* Asterisk tells at most 40 bytes of why. */
static void withdrawn(struct queuelog *q, acd_time at, const struct centre_call *call,
                      const char *info)
{
    fold_line(q, at, call->key, fold_queue_name(q, call->queue), NULL, "WITHDRAW",
              "%u|%u|%ld|%.40s", centre_call_position(&q->centre, call), call->entered_position,
              fold_seconds(call->entered_at, at), info == NULL ? "" : info);
}

/* A waiting call goes elsewhere by a rule, or, by none, as `info` says. */
static void leaves_by(struct queuelog *q, acd_time at, const struct centre_call *call,
                      uint8_t cause, const char *info)
{
    switch (cause) {
    case ACD_CAUSE_MAX_WAIT:
    case ACD_CAUSE_NO_AGENT: gives_up(q, at, call, "EXITWITHTIMEOUT"); break;
    case ACD_CAUSE_LEFT_EMPTY: gives_up(q, at, call, "EXITEMPTY"); break;
    case ACD_CAUSE_EXIT_KEY: exits(q, at, call); break;
    default: withdrawn(q, at, call, info);
    }
}

static void on_moved(struct queuelog *q, acd_time at, const struct acd_event_call_moved *e)
{
    struct centre_call *call = centre_call(&q->centre, e->call);

    if (call == NULL)
        return;
    leaves_by(q, at, call, e->cause, fold_queue_name(q, e->to));
    centre_call_leave(&q->centre, call);
    enters(q, at, call, e->to);
}

/* ---- callbacks: scheduled they are in no queue ------------------------------------------------
 */

static void schedules(struct queuelog *q, struct centre_call *call)
{
    centre_call_leave(&q->centre, call);
    call->scheduled = true;
}

static void on_callback_set(struct queuelog *q, acd_time at, const struct acd_event_callback_set *e)
{
    struct centre_call *call = centre_call(&q->centre, e->call);

    if (call == NULL)
        return;
    if (!call->scheduled)
        leaves_by(q, at, call, e->cause, "callback");
    schedules(q, call);
    call->queue = e->queue;
}

static void on_callback_due(struct queuelog *q, acd_time at, const struct acd_event_callback_due *e)
{
    struct centre_call *call = centre_call(&q->centre, e->call);

    if (call == NULL)
        return;
    centre_call_leave(&q->centre, call); /* where a file of version 1 put it */
    call->scheduled = false;
    enters(q, at, call, e->queue);
}

static void on_callback_put_off(struct queuelog *q, acd_time at,
                                const struct acd_event_callback_put_off *e)
{
    struct centre_call *call = centre_call(&q->centre, e->call);

    if (call == NULL)
        return;
    if (!call->scheduled)
        leaves_by(q, at, call, e->cause, NULL);
    schedules(q, call);
}

static void on_callback_failed(struct queuelog *q, acd_time at,
                               const struct acd_event_callback_failed *e)
{
    struct centre_call *call = centre_call(&q->centre, e->call);

    centre_offer_remove(&q->centre, e->assignment);
    if (call == NULL)
        return;
    withdrawn(q, at, call, "unreached");
    schedules(q, call);
}

static void on_ended(struct queuelog *q, acd_time at, const struct acd_event_call_ended *e)
{
    const struct centre_call *call = centre_call(&q->centre, e->call);
    char number[81];

    if (call == NULL)
        return;
    centre_text(number, sizeof number, e->overflow_to);
    if (call->scheduled) {
        centre_call_remove(&q->centre, e->call);
        return;
    }
    switch (e->disposition) {
    case ACD_ANSWERED:
        if (e->cause == ACD_CAUSE_TRANSFERRED)
            passes_on(q, at, call, number, "number");
        else
            completes(q, at, call, e->side);
        break;
    case ACD_ABANDONED: gives_up(q, at, call, "ABANDON"); break;
    case ACD_TIMED_OUT: gives_up(q, at, call, "EXITWITHTIMEOUT"); break;
    case ACD_LEFT_EMPTY: gives_up(q, at, call, "EXITEMPTY"); break;
    case ACD_EXITED: exits(q, at, call); break;
    case ACD_UNREACHED: withdrawn(q, at, call, "unreached"); break;
    default: withdrawn(q, at, call, NULL);
    }
    centre_call_remove(&q->centre, e->call);
}

/* ---- all ----------------------------------------------------------------------------------- */

static void on_exited(struct queuelog *q, const struct acd_event_call_exited *e)
{
    struct centre_call *call = centre_call(&q->centre, e->call);

    if (call != NULL && e->digit.len > 0)
        call->digit = e->digit.data[0];
}

bool fold_call_event(struct queuelog *q, acd_time at, uint64_t sequence,
                     const struct acd_event *event)
{
    switch (event->code) {
    case ACD_EVENT_call_queued: on_queued(q, at, sequence, &event->as.call_queued); return true;
    case ACD_EVENT_call_offered: on_offered(q, at, &event->as.call_offered); return true;
    case ACD_EVENT_offer_ended: on_offer_ended(q, at, &event->as.offer_ended); return true;
    case ACD_EVENT_call_connected: on_connected(q, at, &event->as.call_connected); return true;
    case ACD_EVENT_call_transferred:
        on_transferred(q, at, &event->as.call_transferred);
        return true;
    case ACD_EVENT_call_moved: on_moved(q, at, &event->as.call_moved); return true;
    case ACD_EVENT_call_exited: on_exited(q, &event->as.call_exited); return true;
    case ACD_EVENT_call_priority: on_priority(q, &event->as.call_priority); return true;
    case ACD_EVENT_call_ended: on_ended(q, at, &event->as.call_ended); return true;
    case ACD_EVENT_callback_set: on_callback_set(q, at, &event->as.callback_set); return true;
    case ACD_EVENT_callback_due: on_callback_due(q, at, &event->as.callback_due); return true;
    case ACD_EVENT_callback_put_off:
        on_callback_put_off(q, at, &event->as.callback_put_off);
        return true;
    case ACD_EVENT_callback_failed:
        on_callback_failed(q, at, &event->as.callback_failed);
        return true;
    default: return false;
    }
}
