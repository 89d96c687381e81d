#include "engine/overflow.h"

#include "engine/callbacks.h"
#include "engine/decide.h"

/* Calls that a queue turns away, at its door or after they have waited, are sent on.
 *
 * Happy path: the setting for the limit names another queue, whose door takes the call; it keeps
 * its enqueue time, and so its order.
 *
 * Failure modes: the door of that queue refuses too: its own setting says where to, and so on,
 * over a bounded number of doors, none of them twice. The target is not for the engine to carry
 * out: the gateway is told. There is none, or it is gone: the call is refused, or ends. */

bool target_parse(struct acd_str text, struct target *target)
{
    const char *colon = text.len == 0 ? NULL : memchr(text.data, ':', text.len);
    uint16_t word = colon == NULL ? text.len : (uint16_t)(colon - text.data);

    *target = (struct target){.kind = 0};
    if (text.len == 0)
        return true;
    target->kind = acd_enum_value(&acd_enum_overflow, (struct acd_str){text.data, word});
    if (colon != NULL)
        target->to = (struct acd_str){colon + 1, (uint16_t)(text.len - word - 1)};
    if (target->kind == ACD_OVERFLOW_QUEUE || target->kind == ACD_OVERFLOW_NUMBER || colon != NULL)
        return target->kind != 0 && target->to.len > 0;
    return target->kind != 0;
}

bool exit_key_take(struct acd_str *list, struct exit_key *key)
{
    static const char digits[] = "0123456789*#";
    const char *end = list->len == 0 ? NULL : memchr(list->data, ';', list->len);
    uint16_t len = end == NULL ? list->len : (uint16_t)(end - list->data);
    bool bare = len == 1, aims = len > 2 && list->data[1] == '=';

    if ((!bare && !aims) || memchr(digits, list->data[0], sizeof digits - 1) == NULL)
        return false;
    key->digit = list->data[0];
    key->target = (struct acd_str){NULL, 0};
    if (aims)
        key->target = (struct acd_str){list->data + 2, (uint16_t)(len - 2)};
    if (end != NULL)
        len++;
    *list = (struct acd_str){list->data + len, (uint16_t)(list->len - len)};
    return true;
}

/* ---- doors -------------------------------------------------------------------------------- */

/* Where a queue sends whom it refuses. */
static struct target door_target(const struct queue *q, uint8_t refusal)
{
    struct target target;

    target_parse(refusal == ACD_REFUSED_CLOSED ? q->set.on_closed
                 : refusal == ACD_REFUSED_FULL ? q->set.on_full
                                               : q->set.on_no_agents,
                 &target);
    return target;
}

/* The queue to go on to after the last door, or NONE. */
static uint32_t way_next(const struct acd_engine *e, const struct way *way, uint32_t from)
{
    uint32_t next = queue_find(e, way->target.to);

    if (next == from || way->count == WAY_DOORS_MAX)
        return NONE;
    for (uint32_t i = 0; i < way->count; i++)
        if (way->doors[i] == next)
            return NONE;
    return next;
}

void way_follow(const struct acd_engine *e, struct way *way, uint32_t from, uint32_t queue)
{
    way->count = 0;
    while (queue != NONE) {
        uint8_t refusal = queue_refuses(&e->queues[queue]);

        way->queue = queue;
        if (refusal == 0)
            return;
        way->queue = NONE;
        way->target = door_target(&e->queues[queue], refusal);
        way->doors[way->count] = queue;
        way->refusals[way->count++] = refusal;
        if (way->target.kind != ACD_OVERFLOW_QUEUE)
            return;
        queue = way_next(e, way, from);
    }
    way->queue = NONE;
    way->target = (struct target){.kind = 0};
}

/* ---- calls that wait ---------------------------------------------------------------------- */

static struct acd_str cause_setting(const struct queue *q, uint8_t cause)
{
    switch (cause) {
    case ACD_CAUSE_MAX_WAIT: return q->set.on_max_wait;
    case ACD_CAUSE_NO_AGENT: return q->set.on_max_wait_no_agent;
    case ACD_CAUSE_OWN_MAX_WAIT: return (struct acd_str){NULL, 0}; /* who gave it knows what next */
    default: return q->set.on_left_empty;
    }
}

void call_way(const struct acd_engine *e, uint32_t call, struct acd_str setting, struct way *way)
{
    uint32_t left = e->calls[call].queue, first;

    way->queue = NONE;
    target_parse(setting, &way->target);
    if (way->target.kind != ACD_OVERFLOW_QUEUE)
        return;
    first = queue_find(e, way->target.to);
    if (first == left || e->call_cards[call].moves >= MOVES_MAX)
        first = NONE;
    way_follow(e, way, left, first);
}

static const uint8_t dispositions[] = {
    [ACD_CAUSE_MAX_WAIT] = ACD_TIMED_OUT,     [ACD_CAUSE_NO_AGENT] = ACD_TIMED_OUT,
    [ACD_CAUSE_LEFT_EMPTY] = ACD_LEFT_EMPTY,  [ACD_CAUSE_EXIT_KEY] = ACD_EXITED,
    [ACD_CAUSE_OWN_MAX_WAIT] = ACD_TIMED_OUT,
};

void call_leave(struct acd_engine *e, uint32_t call, uint8_t cause, const struct way *way,
                bool told)
{
    if (way->queue != NONE) {
        call_go(e, call, way->queue, ACD_NOBODY, cause);
        return;
    }
    if (way->target.kind == ACD_OVERFLOW_CALLBACK &&
        callback_by_rule(e, call, way->target.to, cause, told))
        return;
    if (!told)
        outbox_make_room(e, call);
    EMIT(e, call_ended, .call = call_id(e, call), .queue = queue_id(e, e->calls[call].queue),
         .disposition = dispositions[cause],
         .side = cause == ACD_CAUSE_EXIT_KEY ? ACD_SIDE_CALLER : ACD_SIDE_SYSTEM,
         .ended_at = e->now, .told = told, .cause = cause, .overflow = way->target.kind,
         .overflow_to = way->target.to);
}

void call_overflow(struct acd_engine *e, uint32_t call, uint8_t cause)
{
    struct way way;

    if (e->calls[call].callback) {
        callback_leave(e, call, cause, dispositions[cause]);
        return;
    }
    call_way(e, call, cause_setting(&e->queues[e->calls[call].queue], cause), &way);
    call_leave(e, call, cause, &way, false);
}

void call_time_out(struct acd_engine *e, uint32_t call)
{
    bool own = e->calls[call].hurries && e->call_turns[call].own_until <= e->now;

    call_overflow(e, call, own ? ACD_CAUSE_OWN_MAX_WAIT : ACD_CAUSE_MAX_WAIT);
}
