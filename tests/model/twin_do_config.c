/* The twin carries out the commands that set the centre up: agents, memberships and queues. */

#include "tests/model/twin_parts.h"

static const acd_span DAY = 86400 * ACD_SECOND;

/* ---- agents ------------------------------------------------------------------------------- */

struct acd_str twin_merged_text(struct acd_str old, struct acd_str given)
{
    if (given.len == 0)
        return old;
    if (given.len == 1 && given.data[0] == '-')
        return (struct acd_str){NULL, 0};
    return given;
}

/* What agents take of limits.assignments, were the one at `slot` to have this capacity. */
static uint64_t assignments_needed(const struct twin *t, uint32_t slot, uint32_t capacity)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < t->limits.agents; i++) {
        const struct twin_agent *a = &t->agents[i];
        uint32_t wanted = i == slot ? capacity : a->max_concurrent_calls;
        uint32_t load = a->id.gen == 0 ? 0 : twin_load(t, a, 0);

        if (a->id.gen == 0 && i != slot)
            continue;
        if (twin_wrong(t, TWIN_FAULT_SHRUNK_CAPACITY_FREE))
            load = 0;
        sum += wanted > load ? wanted : load;
    }
    return sum;
}

/* Whether agent_set asks for values that can be; refuses it else. */
static bool agent_values_are_good(struct twin *t, const struct acd_command_agent_set *c)
{
    if (c->name.len == 0)
        twin_refuse(t, ACD_MISSING, "name");
    else if (c->max_concurrent_calls > ACD_CAPACITY_MAX)
        twin_refuse(t, ACD_INVALID, "max_concurrent_calls");
    else if (!twin_known(&acd_enum_toggle, c->active))
        twin_refuse(t, ACD_INVALID, "active");
    else if (!twin_known(&acd_enum_toggle, c->outside_moves))
        twin_refuse(t, ACD_INVALID, "outside_moves");
    else if (!twin_channels_are_good(twin_merged_text((struct acd_str){NULL, 0}, c->channels)))
        twin_refuse(t, ACD_INVALID, "channels");
    return t->outcome.error == ACD_OK;
}

void do_agent_set(struct twin *t, const struct acd_command_agent_set *c)
{
    const struct twin_agent *old = twin_agent_named(t, c->name);
    uint32_t slot = old == NULL ? twin_free_agent(t) : old->id.slot;
    struct acd_event_agent_set set = {
        .name = c->name, .max_concurrent_calls = 1, .active = ACD_YES};

    if (!agent_values_are_good(t, c))
        return;
    if (slot == t->limits.agents) {
        twin_refuse(t, ACD_FULL, "name");
        return;
    }
    if (old != NULL) {
        set.extension = twin_text_str(&old->extension);
        set.contact = twin_text_str(&old->contact);
        set.attributes = twin_text_str(&old->attributes);
        set.max_concurrent_calls = old->max_concurrent_calls;
        set.active = old->active;
        set.outside_moves = old->outside_moves;
        set.channels = twin_text_str(&old->channels);
        set.team = twin_text_str(&old->team);
    }
    set.extension = twin_merged_text(set.extension, c->extension);
    set.contact = twin_merged_text(set.contact, c->contact);
    set.attributes = twin_merged_text(set.attributes, c->attributes);
    if (c->max_concurrent_calls != 0)
        set.max_concurrent_calls = c->max_concurrent_calls;
    if (c->active != 0)
        set.active = c->active;
    if (c->outside_moves != 0)
        set.outside_moves = c->outside_moves == ACD_YES;
    set.channels = twin_merged_text(set.channels, c->channels);
    if (set.team.len == 0 || !twin_wrong(t, TWIN_FAULT_TEAM_FOR_LIFE))
        set.team = twin_merged_text(set.team, c->team);
    if (assignments_needed(t, slot, set.max_concurrent_calls) > t->limits.assignments) {
        twin_refuse(t, ACD_FULL, "max_concurrent_calls");
        return;
    }
    say_agent_set(t, slot, set);
    t->outcome.agent = t->agents[slot].id;
    if (set.active == ACD_NO && !twin_wrong(t, TWIN_FAULT_INACTIVE_KEEPS_OFFERS))
        twin_rescind_all(t, &t->agents[slot]);
}

void do_agent_remove(struct twin *t, const struct acd_command_agent_remove *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->name, "name");

    if (a == NULL)
        return;
    if (twin_load(t, a, 0) > 0) {
        twin_refuse(t, ACD_STATE, "name");
        return;
    }
    t->outcome.agent = a->id;
    say_agent_removed(t, a);
}

/* ---- memberships -------------------------------------------------------------------------- */

static uint32_t queues_of(const struct twin *t, const struct twin_agent *a)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < t->limits.memberships; i++)
        if (t->members[i].live && twin_same_agent(t->members[i].agent, a->id))
            count++;
    return count;
}

/* Whether the agent may sit in the lines that a membership gives it: it is tried out. */
static bool membership_fits(struct twin *t, const struct twin_agent *a, const struct twin_queue *q,
                            uint32_t place, uint8_t level)
{
    struct twin_member before = t->members[place];
    bool fits;

    t->members[place] =
        (struct twin_member){.live = true, .agent = a->id, .queue = q->id, .level = level};
    fits = twin_seats_fit(t);
    t->members[place] = before;
    return fits;
}

void do_member_set(struct twin *t, const struct acd_command_member_set *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->agent_name, "agent_name");
    struct twin_queue *q =
        a == NULL ? NULL : twin_asked_queue(t, c->queue, c->queue_name, "queue_name");
    struct twin_member *old;
    uint32_t place;

    if (q == NULL)
        return;
    if (q->set.state == ACD_REMOVING) {
        twin_refuse(t, ACD_STATE, "queue_name");
        return;
    }
    old = twin_member(t, a->id, q->id);
    place = old == NULL ? twin_free_member(t) : (uint32_t)(old - t->members);
    if (old == NULL &&
        (queues_of(t, a) >= t->limits.queues_per_agent || place == t->limits.memberships)) {
        twin_refuse(t, ACD_FULL, "queue_name");
        return;
    }
    if (!membership_fits(t, a, q, place, c->level)) {
        twin_refuse(t, ACD_FULL, "queue_name");
        return;
    }
    t->outcome.agent = a->id;
    t->outcome.queue = q->id;
    say_member_set(t, place,
                   (struct acd_event_member_set){
                       .agent = a->id, .queue = q->id, .level = c->level, .position = c->position});
}

void do_member_remove(struct twin *t, const struct acd_command_member_remove *c)
{
    struct twin_agent *a = twin_asked_agent(t, c->agent, c->agent_name, "agent_name");
    struct twin_queue *q =
        a == NULL ? NULL : twin_asked_queue(t, c->queue, c->queue_name, "queue_name");
    struct twin_member *m = q == NULL ? NULL : twin_member(t, a->id, q->id);

    if (q == NULL)
        return;
    if (m == NULL) {
        twin_refuse(t, ACD_NOT_FOUND, "queue_name");
        return;
    }
    t->outcome.agent = a->id;
    t->outcome.queue = q->id;
    say_member_removed(t, m);
}

/* ---- queue_set ---------------------------------------------------------------------------- */

/* Not given, none, or between the two. */
static bool in_range(int64_t value, int64_t least, int64_t most)
{
    return value == 0 || value == -1 || (value >= least && value <= most);
}

/* The first field of a queue_set that is no good, or NULL. */
static const char *bad_queue_value(const struct acd_command_queue_set *c)
{
    if (!twin_known(&acd_enum_strategy, c->strategy))
        return "strategy";
    if (!twin_known(&acd_enum_call_order, c->call_order))
        return "call_order";
    if (!twin_known(&acd_enum_queue_state, c->state) || c->state == ACD_REMOVING ||
        c->state == ACD_DRAINING)
        return "state";
    if (!in_range(c->max_size, 1, INT32_MAX))
        return "max_size";
    if (!in_range(c->max_wait, 1, 30 * DAY))
        return "max_wait";
    if (!in_range(c->ring_timeout, ACD_SECOND, 3600 * ACD_SECOND) || c->ring_timeout == -1)
        return "ring_timeout";
    if (!in_range(c->wrap_up_time, 1, 30 * DAY) && c->wrap_up_time != ACD_FOREVER)
        return "wrap_up_time";
    if (!in_range(c->reject_delay, 1, 30 * DAY))
        return "reject_delay";
    if (!in_range(c->busy_delay, 1, 30 * DAY))
        return "busy_delay";
    if (!in_range(c->no_answer_delay, 1, 30 * DAY))
        return "no_answer_delay";
    if (!in_range(c->max_no_answer, 1, INT32_MAX))
        return "max_no_answer";
    if (!twin_known(&acd_enum_join_empty, c->join_empty))
        return "join_empty";
    if (!in_range(c->service_level_threshold, 1, 30 * DAY) || c->service_level_threshold == -1)
        return "service_level_threshold";
    if (!twin_known(&acd_enum_leave_when_empty, c->leave_when_empty))
        return "leave_when_empty";
    if (!in_range(c->max_wait_no_agent, 1, 30 * DAY))
        return "max_wait_no_agent";
    if (!in_range(c->ring_progressively_delay, ACD_SECOND, 3600 * ACD_SECOND) ||
        c->ring_progressively_delay == -1)
        return "ring_progressively_delay";
    return NULL;
}

/* The same of what is looked at last. */
static const char *bad_queue_plan(const struct acd_command_queue_set *c)
{
    struct twin_steps steps;

    if (c->plan.len > 0 && !(c->plan.len == 1 && c->plan.data[0] == '-') &&
        !twin_plan_read(c->plan, &steps))
        return "plan";
    if (!twin_known(&acd_enum_pass_over, c->pass_over))
        return "pass_over";
    if (!in_range(c->tier_wait, 1, 30 * DAY))
        return "tier_wait";
    if (!twin_known(&acd_enum_toggle, c->tier_multiply))
        return "tier_multiply";
    if (!in_range(c->abandoned_resume, 1, 30 * DAY))
        return "abandoned_resume";
    if (twin_bad_callback_setting(c) != NULL)
        return twin_bad_callback_setting(c);
    if (c->alert_waiting < -1)
        return "alert_waiting";
    if (!in_range(c->alert_wait, 1, 30 * DAY))
        return "alert_wait";
    if (!twin_known(&acd_enum_toggle, c->alert_nobody))
        return "alert_nobody";
    if (!in_range(c->alert_service_level, 1, 1000))
        return "alert_service_level";
    if (!in_range(c->alert_abandoned, 1, 1000))
        return "alert_abandoned";
    if (!in_range(c->alert_hold, ACD_SECOND, DAY) || c->alert_hold == -1)
        return "alert_hold";
    if (!in_range(c->wrap_up_code_late, 1, 30 * DAY))
        return "wrap_up_code_late";
    return NULL;
}

/* A value as it is after a command gave `given`: -1 is none, 0 leaves it. */
static int64_t merged(int64_t old, int64_t given)
{
    if (given == 0)
        return old;
    return given == -1 ? 0 : given;
}

static void merge_queue(struct acd_event_queue_set *set, const struct acd_command_queue_set *c)
{
    set->name = c->name;
    set->strategy = (uint8_t)merged(set->strategy, c->strategy);
    set->call_order = (uint8_t)merged(set->call_order, c->call_order);
    set->state = (uint8_t)merged(set->state, c->state);
    set->weight = (uint16_t)merged(set->weight, c->weight);
    set->channel = (uint8_t)merged(set->channel, c->channel);
    set->max_size = (uint32_t)merged(set->max_size, c->max_size);
    set->max_wait = merged(set->max_wait, c->max_wait);
    set->ring_timeout = merged(set->ring_timeout, c->ring_timeout);
    set->wrap_up_time = merged(set->wrap_up_time, c->wrap_up_time);
    set->reject_delay = merged(set->reject_delay, c->reject_delay);
    set->busy_delay = merged(set->busy_delay, c->busy_delay);
    set->no_answer_delay = merged(set->no_answer_delay, c->no_answer_delay);
    set->max_no_answer = (uint32_t)merged(set->max_no_answer, c->max_no_answer);
    set->no_answer_reason = (uint16_t)merged(set->no_answer_reason, c->no_answer_reason);
    set->join_empty = (uint8_t)merged(set->join_empty, c->join_empty);
    set->service_level_threshold = merged(set->service_level_threshold, c->service_level_threshold);
    set->ring_progressively_delay =
        merged(set->ring_progressively_delay, c->ring_progressively_delay);
    set->wrap_up_codes = twin_merged_text(set->wrap_up_codes, c->wrap_up_codes);
    set->leave_when_empty = (uint8_t)merged(set->leave_when_empty, c->leave_when_empty);
    set->max_wait_no_agent = merged(set->max_wait_no_agent, c->max_wait_no_agent);
    set->announce_interval = merged(set->announce_interval, c->announce_interval);
    set->announce_first = merged(set->announce_first, c->announce_first);
    set->plan = twin_merged_text(set->plan, c->plan);
    set->pass_over = (uint8_t)merged(set->pass_over, c->pass_over);
    set->tier_wait = merged(set->tier_wait, c->tier_wait);
    set->abandoned_resume = merged(set->abandoned_resume, c->abandoned_resume);
    set->alert_waiting = (uint32_t)merged(set->alert_waiting, c->alert_waiting);
    set->alert_wait = merged(set->alert_wait, c->alert_wait);
    set->alert_nobody = (uint8_t)merged(set->alert_nobody, c->alert_nobody);
    set->alert_service_level = (uint16_t)merged(set->alert_service_level, c->alert_service_level);
    set->alert_abandoned = (uint16_t)merged(set->alert_abandoned, c->alert_abandoned);
    set->alert_calls = (uint32_t)merged(set->alert_calls, c->alert_calls);
    set->alert_hold = merged(set->alert_hold, c->alert_hold);
    set->wrap_up_code_late = merged(set->wrap_up_code_late, c->wrap_up_code_late);
    set->tier_multiply = (uint8_t)merged(set->tier_multiply, c->tier_multiply);
    set->callback_attempts = (uint16_t)merged(set->callback_attempts, c->callback_attempts);
    set->callback_retry = merged(set->callback_retry, c->callback_retry);
    set->callback_expire = merged(set->callback_expire, c->callback_expire);
    set->dial_timeout = merged(set->dial_timeout, c->dial_timeout);
    set->callback_resume = (uint8_t)merged(set->callback_resume, c->callback_resume);
    set->hours = twin_merged_text(set->hours, c->hours);
    set->strategy_hours = twin_merged_text(set->strategy_hours, c->strategy_hours);
}

void do_queue_set(struct twin *t, const struct acd_command_queue_set *c)
{
    const struct twin_queue *old = twin_queue_named(t, c->name);
    uint32_t slot = old == NULL ? twin_free_queue(t) : old->id.slot;
    struct acd_event_queue_set set = {
        .strategy = ACD_LONGEST_IDLE_AGENT,
        .call_order = ACD_FIFO,
        .state = ACD_OPEN,
        .weight = 1,
        .ring_timeout = 15 * ACD_SECOND,
        .join_empty = ACD_JOIN_ALWAYS,
        .service_level_threshold = 20 * ACD_SECOND,
        .ring_progressively_delay = 10 * ACD_SECOND,
        .leave_when_empty = ACD_LEAVE_NEVER,
        .channel = ACD_CHANNEL_VOICE,
        .pass_over = ACD_PASS_LOGGED_IN,
        .tier_multiply = ACD_NO,
        .callback_attempts = 3,
        .callback_retry = 900 * ACD_SECOND,
        .callback_expire = 86400 * ACD_SECOND,
        .dial_timeout = 60 * ACD_SECOND,
        .callback_resume = ACD_NO,
        .alert_nobody = ACD_NO,
        .alert_calls = 10,
        .alert_hold = 60 * ACD_SECOND,
    };
    const char *bad = bad_queue_value(c);

    if (c->name.len == 0) {
        twin_refuse(t, ACD_MISSING, "name");
    } else if (bad != NULL) {
        twin_refuse(t, ACD_INVALID, bad);
    } else if (!twin_targets_are_good(t, c)) {
        return;
    } else if (!twin_known(&acd_enum_channel, c->channel)) {
        twin_refuse(t, ACD_INVALID, "channel");
    } else if (bad_queue_plan(c) != NULL) {
        twin_refuse(t, ACD_INVALID, bad_queue_plan(c));
    } else if (twin_missing_calendar(t, c) != NULL) {
        twin_refuse(t, ACD_NOT_FOUND, twin_missing_calendar(t, c));
    } else if (old != NULL && old->set.state == ACD_REMOVING) {
        twin_refuse(t, ACD_STATE, "name");
    } else if (old != NULL && c->channel != 0 && c->channel != old->set.channel) {
        twin_refuse(t, ACD_EXISTS, "channel");
    } else if (slot == t->limits.queues) {
        twin_refuse(t, ACD_FULL, "name");
    } else {
        if (old != NULL) {
            set = old->set;
            set.wrap_up_codes = twin_text_str(&old->wrap_up_codes);
            set.plan = twin_text_str(&old->plan);
            set.hours = twin_text_str(&old->hours);
            set.strategy_hours = twin_text_str(&old->strategy_hours);
        }
        merge_queue(&set, c);
        twin_merge_targets(&set, old, c);
        say_queue_set(t, slot, set);
        t->outcome.queue = t->queues[slot].id;
    }
}

/* ---- queue_remove ------------------------------------------------------------------------- */

/* The queue that calls move to; NULL when the command is refused. */
static struct twin_queue *asked_target(struct twin *t, const struct twin_queue *q,
                                       const struct acd_command_queue_remove *c)
{
    struct twin_queue *target = twin_asked_queue(t, c->target, c->target_name, "target_name");

    if (target == NULL)
        return NULL;
    if (target == q) {
        twin_refuse(t, ACD_INVALID, "target_name");
        return NULL;
    }
    if (twin_sends_away(target)) {
        twin_refuse(t, ACD_STATE, "target_name");
        return NULL;
    }
    return target;
}

void do_queue_remove(struct twin *t, const struct acd_command_queue_remove *c)
{
    struct twin_queue *q = twin_asked_queue(t, c->queue, c->name, "name");
    uint8_t policy = c->policy == 0 ? ACD_REMOVE_IF_EMPTY : c->policy;
    const struct twin_queue *target = NULL;

    if (q == NULL)
        return;
    if (q->set.state == ACD_REMOVING) {
        twin_refuse(t, ACD_STATE, "name");
        return;
    }
    if (!twin_known(&acd_enum_remove_policy, policy)) {
        twin_refuse(t, ACD_INVALID, "policy");
        return;
    }
    if (policy == ACD_REMOVE_IF_EMPTY &&
        (twin_unanswered(t, q) > 0 || twin_first_scheduled(t, q) != NULL)) {
        twin_refuse(t, ACD_STATE, "policy");
        return;
    }
    if (policy == ACD_REMOVE_MOVE) {
        target = asked_target(t, q, c);
        if (target == NULL)
            return;
    }
    t->outcome.queue = q->id;
    say_queue_removing(t, q, policy, target == NULL ? (acd_queue_id){0, 0} : target->id);
}
