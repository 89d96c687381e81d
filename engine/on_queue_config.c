#include "engine/calendars.h"
#include "engine/callbacks.h"
#include "engine/decide.h"
#include "engine/overflow.h"
#include "engine/ring.h"

/* Queues and called numbers are made, changed and removed.
 *
 * Happy path: what is given is checked, merged with what there is, and stated whole. Calls and
 * offers keep what they were given when they were made.
 *
 * Failure modes: a value out of its range: INVALID. A queue with callers is removed only by saying
 * what becomes of them; it then takes no more calls, its callers leave in slices, and it goes with
 * the last one. */

static const acd_span MONTH = (acd_span)30 * 24 * 3600 * ACD_SECOND;
static const acd_span HOUR = 3600 * ACD_SECOND;

static const struct acd_event_queue_set defaults = {
    .strategy = ACD_LONGEST_IDLE_AGENT,
    .call_order = ACD_FIFO,
    .state = ACD_OPEN,
    .weight = 1,
    .ring_timeout = 15 * ACD_SECOND,
    .join_empty = ACD_JOIN_ALWAYS,
    .service_level_threshold = 20 * ACD_SECOND,
    .ring_progressively_delay = RING_PROGRESSIVELY_DELAY,
    .leave_when_empty = ACD_LEAVE_NEVER,
    .channel = ACD_CHANNEL_VOICE,
    .pass_over = ACD_PASS_LOGGED_IN,
    .tier_multiply = ACD_NO,
    .callback_attempts = CALLBACK_ATTEMPTS,
    .callback_retry = CALLBACK_RETRY,
    .callback_expire = CALLBACK_EXPIRE,
    .dial_timeout = CALLBACK_DIAL,
    .callback_resume = ACD_NO,
    .alert_nobody = ACD_NO,
    .alert_calls = ALERT_CALLS,
    .alert_hold = ALERT_HOLD,
};

/* Not given, -1 for none, or within reach. */
static bool span_ok(acd_span span)
{
    return span >= -1 && span <= MONTH;
}

static int queue_set_enums(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    if (!enum_knows(&acd_enum_strategy, c->strategy, true))
        return FAULT(e, queue_set, strategy, ACD_INVALID);
    if (!enum_knows(&acd_enum_call_order, c->call_order, true))
        return FAULT(e, queue_set, call_order, ACD_INVALID);
    if (!enum_knows(&acd_enum_queue_state, c->state, true) || c->state == ACD_REMOVING ||
        c->state == ACD_DRAINING)
        return FAULT(e, queue_set, state, ACD_INVALID);
    return ACD_OK;
}

static int queue_set_ranges(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    if (c->max_size < -1)
        return FAULT(e, queue_set, max_size, ACD_INVALID);
    if (!span_ok(c->max_wait))
        return FAULT(e, queue_set, max_wait, ACD_INVALID);
    if (c->ring_timeout != 0 && (c->ring_timeout < ACD_SECOND || c->ring_timeout > HOUR))
        return FAULT(e, queue_set, ring_timeout, ACD_INVALID);
    if (!span_ok(c->wrap_up_time) && c->wrap_up_time != ACD_FOREVER)
        return FAULT(e, queue_set, wrap_up_time, ACD_INVALID);
    if (!span_ok(c->reject_delay))
        return FAULT(e, queue_set, reject_delay, ACD_INVALID);
    if (!span_ok(c->busy_delay))
        return FAULT(e, queue_set, busy_delay, ACD_INVALID);
    if (!span_ok(c->no_answer_delay))
        return FAULT(e, queue_set, no_answer_delay, ACD_INVALID);
    if (c->max_no_answer < -1)
        return FAULT(e, queue_set, max_no_answer, ACD_INVALID);
    if (!enum_knows(&acd_enum_join_empty, c->join_empty, true))
        return FAULT(e, queue_set, join_empty, ACD_INVALID);
    if (c->service_level_threshold < 0 || c->service_level_threshold > MONTH)
        return FAULT(e, queue_set, service_level_threshold, ACD_INVALID);
    if (!enum_knows(&acd_enum_leave_when_empty, c->leave_when_empty, true))
        return FAULT(e, queue_set, leave_when_empty, ACD_INVALID);
    if (!span_ok(c->max_wait_no_agent))
        return FAULT(e, queue_set, max_wait_no_agent, ACD_INVALID);
    if (c->ring_progressively_delay != 0 &&
        (c->ring_progressively_delay < ACD_SECOND || c->ring_progressively_delay > HOUR))
        return FAULT(e, queue_set, ring_progressively_delay, ACD_INVALID);
    return ACD_OK;
}

/* What is wrong with a target, or OK. */
static int target_fault(const struct acd_engine *e, const struct acd_command_queue_set *c,
                        struct acd_str text)
{
    struct target target;
    uint32_t queue;

    if (text.len == 1 && text.data[0] == '-')
        return ACD_OK;
    if (!target_parse(text, &target))
        return ACD_INVALID;
    if (target.kind != ACD_OVERFLOW_QUEUE)
        return ACD_OK;
    if (str_is(target.to, c->name))
        return ACD_INVALID;
    queue = queue_find(e, target.to);
    if (queue == NONE)
        return ACD_NOT_FOUND;
    return e->queues[queue].set.state == ACD_REMOVING ? ACD_STATE : ACD_OK;
}

static int exit_keys_check(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    struct acd_str list = c->exit_keys;
    struct exit_key key;
    bool seen[128] = {false};

    if (list.len == 1 && list.data[0] == '-')
        return ACD_OK;
    while (exit_key_take(&list, &key)) {
        int error = seen[(unsigned char)key.digit] ? ACD_INVALID : target_fault(e, c, key.target);

        if (error != ACD_OK)
            return FAULT(e, queue_set, exit_keys, error);
        seen[(unsigned char)key.digit] = true;
    }
    return list.len > 0 ? FAULT(e, queue_set, exit_keys, ACD_INVALID) : ACD_OK;
}

/* Not given, -1 for none, or 1 s to 1 h. */
static bool pace_ok(acd_span span)
{
    return span == 0 || span == -1 || (span >= ACD_SECOND && span <= HOUR);
}

static int announce_check(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    if (!pace_ok(c->announce_interval))
        return FAULT(e, queue_set, announce_interval, ACD_INVALID);
    return pace_ok(c->announce_first) ? ACD_OK : FAULT(e, queue_set, announce_first, ACD_INVALID);
}

#define TARGET(c, field)                                                                           \
    {                                                                                              \
        (c)->field, offsetof(struct acd_command_queue_set, field)                                  \
    }

static int queue_set_targets(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    const struct {
        struct acd_str text;
        size_t at;
    } targets[] = {TARGET(c, on_closed),    TARGET(c, on_full),
                   TARGET(c, on_no_agents), TARGET(c, on_left_empty),
                   TARGET(c, on_max_wait),  TARGET(c, on_max_wait_no_agent)};

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        int error = target_fault(e, c, targets[i].text);

        if (error != ACD_OK)
            return fault(e, &acd_record_command_queue_set, targets[i].at, error);
    }
    if (exit_keys_check(e, c) != ACD_OK)
        return e->asking.outcome->error;
    return announce_check(e, c);
}

static int queue_set_plan(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    struct plan_text parsed;

    if (c->plan.len > 0 && !str_is(c->plan, acd_str("-")) && !plan_text_parse(c->plan, &parsed))
        return FAULT(e, queue_set, plan, ACD_INVALID);
    if (!enum_knows(&acd_enum_pass_over, c->pass_over, true))
        return FAULT(e, queue_set, pass_over, ACD_INVALID);
    if (!span_ok(c->tier_wait))
        return FAULT(e, queue_set, tier_wait, ACD_INVALID);
    if (!enum_knows(&acd_enum_toggle, c->tier_multiply, true))
        return FAULT(e, queue_set, tier_multiply, ACD_INVALID);
    if (!span_ok(c->abandoned_resume))
        return FAULT(e, queue_set, abandoned_resume, ACD_INVALID);
    return ACD_OK;
}

static int queue_set_callback(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    if (c->callback_attempts > CALLBACK_ATTEMPTS_MAX)
        return FAULT(e, queue_set, callback_attempts, ACD_INVALID);
    if (!callback_span_ok(c->callback_retry))
        return FAULT(e, queue_set, callback_retry, ACD_INVALID);
    if (!callback_span_ok(c->callback_expire))
        return FAULT(e, queue_set, callback_expire, ACD_INVALID);
    if (c->dial_timeout != 0 && (c->dial_timeout < ACD_SECOND || c->dial_timeout > HOUR))
        return FAULT(e, queue_set, dial_timeout, ACD_INVALID);
    if (!enum_knows(&acd_enum_toggle, c->callback_resume, true))
        return FAULT(e, queue_set, callback_resume, ACD_INVALID);
    return ACD_OK;
}

static int queue_set_alerts(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    if (c->alert_waiting < -1)
        return FAULT(e, queue_set, alert_waiting, ACD_INVALID);
    if (!span_ok(c->alert_wait))
        return FAULT(e, queue_set, alert_wait, ACD_INVALID);
    if (!enum_knows(&acd_enum_toggle, c->alert_nobody, true))
        return FAULT(e, queue_set, alert_nobody, ACD_INVALID);
    if (c->alert_service_level < -1 || c->alert_service_level > 1000)
        return FAULT(e, queue_set, alert_service_level, ACD_INVALID);
    if (c->alert_abandoned < -1 || c->alert_abandoned > 1000)
        return FAULT(e, queue_set, alert_abandoned, ACD_INVALID);
    if (c->alert_hold != 0 && (c->alert_hold < ACD_SECOND || c->alert_hold > 24 * HOUR))
        return FAULT(e, queue_set, alert_hold, ACD_INVALID);
    if (!span_ok(c->wrap_up_code_late))
        return FAULT(e, queue_set, wrap_up_code_late, ACD_INVALID);
    return ACD_OK;
}

/* Not given, none, or a calendar that is there. */
static bool calendar_ok(const struct acd_engine *e, struct acd_str name)
{
    return name.len == 0 || str_is(name, acd_str("-")) || calendar_find(e, name) != NONE;
}

static int queue_set_calendars(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    if (!calendar_ok(e, c->hours))
        return FAULT(e, queue_set, hours, ACD_NOT_FOUND);
    return calendar_ok(e, c->strategy_hours) ? ACD_OK
                                             : FAULT(e, queue_set, strategy_hours, ACD_NOT_FOUND);
}

/* Not given: as it was; -1: none, which is stored as 0. */
static int64_t merge_number(int64_t given, int64_t old)
{
    return given == 0 ? old : given < 0 ? 0 : given;
}

static struct acd_event_queue_set queue_merged(const struct acd_event_queue_set *old,
                                               const struct acd_command_queue_set *c)
{
    struct acd_event_queue_set v = *old;

    v.strategy = (uint8_t)merge_number(c->strategy, v.strategy);
    v.call_order = (uint8_t)merge_number(c->call_order, v.call_order);
    v.state = (uint8_t)merge_number(c->state, v.state);
    v.weight = (uint16_t)merge_number(c->weight, v.weight);
    v.max_size = (uint32_t)merge_number(c->max_size, v.max_size);
    v.max_wait = merge_number(c->max_wait, v.max_wait);
    v.ring_timeout = merge_number(c->ring_timeout, v.ring_timeout);
    v.wrap_up_time = merge_number(c->wrap_up_time, v.wrap_up_time);
    v.reject_delay = merge_number(c->reject_delay, v.reject_delay);
    v.busy_delay = merge_number(c->busy_delay, v.busy_delay);
    v.no_answer_delay = merge_number(c->no_answer_delay, v.no_answer_delay);
    v.max_no_answer = (uint32_t)merge_number(c->max_no_answer, v.max_no_answer);
    v.no_answer_reason = (uint16_t)merge_number(c->no_answer_reason, v.no_answer_reason);
    v.join_empty = (uint8_t)merge_number(c->join_empty, v.join_empty);
    v.service_level_threshold = merge_number(c->service_level_threshold, v.service_level_threshold);
    v.channel = (uint8_t)merge_number(c->channel, v.channel);
    v.wrap_up_codes = merge_text(c->wrap_up_codes, v.wrap_up_codes);
    v.leave_when_empty = (uint8_t)merge_number(c->leave_when_empty, v.leave_when_empty);
    v.max_wait_no_agent = merge_number(c->max_wait_no_agent, v.max_wait_no_agent);
    v.on_closed = merge_text(c->on_closed, v.on_closed);
    v.on_full = merge_text(c->on_full, v.on_full);
    v.on_no_agents = merge_text(c->on_no_agents, v.on_no_agents);
    v.on_left_empty = merge_text(c->on_left_empty, v.on_left_empty);
    v.on_max_wait = merge_text(c->on_max_wait, v.on_max_wait);
    v.on_max_wait_no_agent = merge_text(c->on_max_wait_no_agent, v.on_max_wait_no_agent);
    v.ring_progressively_delay =
        merge_number(c->ring_progressively_delay, v.ring_progressively_delay);
    v.exit_keys = merge_text(c->exit_keys, v.exit_keys);
    v.announce_interval = merge_number(c->announce_interval, v.announce_interval);
    v.announce_first = merge_number(c->announce_first, v.announce_first);
    v.plan = merge_text(c->plan, v.plan);
    v.pass_over = (uint8_t)merge_number(c->pass_over, v.pass_over);
    v.tier_wait = merge_number(c->tier_wait, v.tier_wait);
    v.abandoned_resume = merge_number(c->abandoned_resume, v.abandoned_resume);
    v.tier_multiply = (uint8_t)merge_number(c->tier_multiply, v.tier_multiply);
    v.callback_attempts = (uint16_t)merge_number(c->callback_attempts, v.callback_attempts);
    v.callback_retry = merge_number(c->callback_retry, v.callback_retry);
    v.callback_expire = merge_number(c->callback_expire, v.callback_expire);
    v.dial_timeout = merge_number(c->dial_timeout, v.dial_timeout);
    v.callback_resume = (uint8_t)merge_number(c->callback_resume, v.callback_resume);
    v.alert_waiting = (uint32_t)merge_number(c->alert_waiting, v.alert_waiting);
    v.alert_wait = merge_number(c->alert_wait, v.alert_wait);
    v.alert_nobody = (uint8_t)merge_number(c->alert_nobody, v.alert_nobody);
    v.alert_service_level = (uint16_t)merge_number(c->alert_service_level, v.alert_service_level);
    v.alert_abandoned = (uint16_t)merge_number(c->alert_abandoned, v.alert_abandoned);
    v.alert_calls = (uint32_t)merge_number(c->alert_calls, v.alert_calls);
    v.alert_hold = merge_number(c->alert_hold, v.alert_hold);
    v.wrap_up_code_late = merge_number(c->wrap_up_code_late, v.wrap_up_code_late);
    v.hours = merge_text(c->hours, v.hours);
    v.strategy_hours = merge_text(c->strategy_hours, v.strategy_hours);
    return v;
}

int on_queue_set(struct acd_engine *e, const struct acd_command_queue_set *c)
{
    uint32_t slot = queue_find(e, c->name);
    struct acd_event_queue_set v;
    int error = c->name.len == 0 ? FAULT(e, queue_set, name, ACD_MISSING) : ACD_OK;

    if (error == ACD_OK)
        error = queue_set_enums(e, c);
    if (error == ACD_OK)
        error = queue_set_ranges(e, c);
    if (error == ACD_OK)
        error = queue_set_targets(e, c);
    if (error == ACD_OK && !enum_knows(&acd_enum_channel, c->channel, true))
        error = FAULT(e, queue_set, channel, ACD_INVALID);
    if (error == ACD_OK)
        error = queue_set_plan(e, c);
    if (error == ACD_OK)
        error = queue_set_callback(e, c);
    if (error == ACD_OK)
        error = queue_set_alerts(e, c);
    if (error == ACD_OK)
        error = queue_set_calendars(e, c);
    if (error != ACD_OK)
        return error;
    if (slot != NONE && e->queues[slot].set.state == ACD_REMOVING)
        return FAULT(e, queue_set, name, ACD_STATE);
    if (slot != NONE && c->channel != 0 && c->channel != e->queues[slot].set.channel)
        return FAULT(e, queue_set, channel, ACD_EXISTS);
    if (slot == NONE && slots_lowest(&e->queue_slots) == SLOT_NONE)
        return FAULT(e, queue_set, name, ACD_FULL);

    v = queue_merged(slot == NONE ? &defaults : &e->queues[slot].set, c);
    v.name = c->name;
    if (slot == NONE) {
        uint32_t gen = (uint32_t)(e->sequence + 1);

        slot = slots_lowest(&e->queue_slots);
        v.queue = (acd_queue_id){slot, gen == 0 ? 1 : gen};
    }
    emit_queue_set(e, &v);
    e->asking.outcome->queue = queue_id(e, slot);
    return ACD_OK;
}

/* The queue that the callers move to. Returns NONE with the fault told. */
static uint32_t remove_target(struct acd_engine *e, const struct acd_command_queue_remove *c,
                              uint32_t queue)
{
    uint32_t target = REFERRED(e, queue, queue_remove, c, target, target_name);
    int error = target == NONE ? ACD_OK : move_refused(e, queue, target);

    if (error == ACD_OK)
        return target;
    FAULT(e, queue_remove, target_name, error);
    return NONE;
}

int on_queue_remove(struct acd_engine *e, const struct acd_command_queue_remove *c)
{
    uint8_t policy = c->policy == 0 ? ACD_REMOVE_IF_EMPTY : c->policy;
    uint32_t slot = REFERRED(e, queue, queue_remove, c, queue, name), target = NONE;

    if (slot == NONE)
        return e->asking.outcome->error;
    if (e->queues[slot].set.state == ACD_REMOVING)
        return FAULT(e, queue_remove, name, ACD_STATE);
    if (!enum_knows(&acd_enum_remove_policy, policy, false))
        return FAULT(e, queue_remove, policy, ACD_INVALID);
    if (policy == ACD_REMOVE_IF_EMPTY &&
        e->queues[slot].unanswered.count + e->queues[slot].scheduled.count > 0)
        return FAULT(e, queue_remove, policy, ACD_STATE);
    if (policy == ACD_REMOVE_MOVE) {
        target = remove_target(e, c, slot);
        if (target == NONE)
            return e->asking.outcome->error;
    }

    e->asking.outcome->queue = queue_id(e, slot);
    EMIT(e, queue_removing, .queue = queue_id(e, slot), .policy = policy,
         .target = queue_id(e, target));
    return ACD_OK;
}

int on_number_set(struct acd_engine *e, const struct acd_command_number_set *c)
{
    uint32_t queue;

    if (c->number.len == 0)
        return FAULT(e, number_set, number, ACD_MISSING);
    queue = REFERRED(e, queue, number_set, c, queue, queue_name);
    if (queue == NONE)
        return e->asking.outcome->error;
    if (e->queues[queue].set.state == ACD_REMOVING)
        return FAULT(e, number_set, queue_name, ACD_STATE);
    if (number_find(e, c->number) == NONE && slots_lowest(&e->number_slots) == SLOT_NONE)
        return FAULT(e, number_set, number, ACD_FULL);

    e->asking.outcome->queue = queue_id(e, queue);
    EMIT(e, number_set, .number = c->number, .queue = queue_id(e, queue));
    return ACD_OK;
}

int on_number_remove(struct acd_engine *e, const struct acd_command_number_remove *c)
{
    if (c->number.len == 0)
        return FAULT(e, number_remove, number, ACD_MISSING);
    if (number_find(e, c->number) == NONE)
        return FAULT(e, number_remove, number, ACD_NOT_FOUND);

    EMIT(e, number_removed, .number = c->number);
    return ACD_OK;
}
