/* What the twin states about how the centre is set up: each function writes one event into the log
 * and changes the tables as it says. */

#include <string.h>

#include "tests/model/twin_parts.h"

void say_queue_set(struct twin *t, uint32_t slot, struct acd_event_queue_set set)
{
    struct twin_queue *q = &t->queues[slot];

    set.queue = q->id;
    if (q->id.gen == 0) {
        set.queue = (acd_queue_id){slot, twin_generation(t)};
        memset(q, 0, sizeof *q);
    }
    twin_append(t, ACD_EVENT_queue_set, &set);
    q->id = set.queue;
    twin_text_copy(&q->name, set.name);
    if (set.wrap_up_codes.data != q->wrap_up_codes.data)
        twin_text_copy(&q->wrap_up_codes, set.wrap_up_codes);
    twin_text_copy(&q->plan, set.plan);
    q->set = set;
    twin_text_copy(&q->on_closed, set.on_closed);
    twin_text_copy(&q->on_full, set.on_full);
    twin_text_copy(&q->on_no_agents, set.on_no_agents);
    twin_text_copy(&q->on_left_empty, set.on_left_empty);
    twin_text_copy(&q->on_max_wait, set.on_max_wait);
    twin_text_copy(&q->on_max_wait_no_agent, set.on_max_wait_no_agent);
    twin_text_copy(&q->exit_keys, set.exit_keys);
    twin_text_copy(&q->hours, set.hours);
    twin_text_copy(&q->strategy_hours, set.strategy_hours);
    twin_note_deserted(t);
}

void say_queue_removing(struct twin *t, struct twin_queue *q, uint8_t policy, acd_queue_id target)
{
    struct acd_event_queue_removing event = {.queue = q->id, .policy = policy, .target = target};

    twin_append(t, ACD_EVENT_queue_removing, &event);
    q->set.state = ACD_REMOVING;
    q->policy = policy;
    q->target = target;
}

void say_queue_removed(struct twin *t, struct twin_queue *q)
{
    struct acd_event_queue_removed event = {.queue = q->id};

    twin_append(t, ACD_EVENT_queue_removed, &event);
    for (uint32_t i = 0; i < t->limits.memberships; i++)
        if (t->members[i].live && twin_same_queue(t->members[i].queue, q->id))
            t->members[i].live = false;
    for (uint32_t i = 0; i < t->limits.numbers; i++)
        if (t->numbers[i].live && twin_same_queue(t->numbers[i].queue, q->id) &&
            !twin_wrong(t, TWIN_FAULT_REMOVED_QUEUE_KEEPS_NUMBERS))
            t->numbers[i].live = false;
    for (uint32_t i = 0; i < t->limits.plans; i++)
        if (t->plans[i].live && twin_same_queue(t->plans[i].queue, q->id))
            t->plans[i].live = false;
    memset(q, 0, sizeof *q);
}

void say_agent_set(struct twin *t, uint32_t slot, struct acd_event_agent_set set)
{
    struct twin_agent *a = &t->agents[slot];
    bool is_new = a->id.gen == 0;
    bool was_available = !is_new && twin_available(t, a);
    bool new_capacity = a->max_concurrent_calls != set.max_concurrent_calls ||
                        !twin_text_is(&a->channels, set.channels);
    uint64_t sequence;

    set.agent = a->id;
    if (is_new)
        set.agent = (acd_agent_id){slot, twin_generation(t)};
    sequence = twin_append(t, ACD_EVENT_agent_set, &set);
    if (is_new) {
        memset(a, 0, sizeof *a);
        a->id = set.agent;
        a->state = ACD_LOGGED_OUT;
        a->device = ACD_DEVICE_AVAILABLE;
        a->lsc = t->now;
        a->lsc_sequence = sequence;
    }
    twin_text_copy(&a->name, set.name);
    twin_text_copy(&a->extension, set.extension);
    twin_text_copy(&a->contact, set.contact);
    twin_text_copy(&a->attributes, set.attributes);
    a->max_concurrent_calls = set.max_concurrent_calls;
    a->active = set.active;
    a->outside_moves = set.outside_moves;
    twin_text_copy(&a->channels, set.channels);
    twin_text_copy(&a->team, set.team);
    twin_note_deserted(t);
    twin_note_agent(t, a, was_available, new_capacity);
}

void say_agent_removed(struct twin *t, struct twin_agent *a)
{
    struct acd_event_agent_removed event = {.agent = a->id};

    twin_append(t, ACD_EVENT_agent_removed, &event);
    for (uint32_t i = 0; i < t->limits.memberships; i++)
        if (t->members[i].live && twin_same_agent(t->members[i].agent, a->id))
            t->members[i].live = false;
    if (twin_activity(t, a) != ACD_ACTIVITY_LOGGED_OUT)
        twin_counted(t);
    memset(a, 0, sizeof *a);
    twin_note_deserted(t);
}

void say_member_set(struct twin *t, uint32_t place, struct acd_event_member_set set)
{
    struct twin_member *m = &t->members[place];
    struct twin_agent *a = twin_agent(t, set.agent);
    uint64_t sequence = twin_append(t, ACD_EVENT_member_set, &set);

    if (!m->live)
        *m = (struct twin_member){.live = true, .sequence = sequence};
    m->agent = set.agent;
    m->queue = set.queue;
    m->level = set.level;
    m->position = set.position;
    twin_note_deserted(t);
    twin_note_agent(t, a, twin_available(t, a), true);
}

void say_member_removed(struct twin *t, struct twin_member *m)
{
    struct acd_event_member_removed event = {.agent = m->agent, .queue = m->queue};
    struct twin_agent *a = twin_agent(t, m->agent);

    twin_append(t, ACD_EVENT_member_removed, &event);
    m->live = false;
    twin_note_deserted(t);
    twin_note_agent(t, a, twin_available(t, a), true);
}

void say_number_set(struct twin *t, uint32_t place, struct acd_event_number_set set)
{
    struct twin_number *n = &t->numbers[place];

    twin_append(t, ACD_EVENT_number_set, &set);
    n->live = true;
    twin_text_copy(&n->number, set.number);
    n->queue = set.queue;
}

void say_number_removed(struct twin *t, struct twin_number *n)
{
    struct acd_event_number_removed event = {.number = twin_text_str(&n->number)};

    twin_append(t, ACD_EVENT_number_removed, &event);
    n->live = false;
}

void say_random_drawn(struct twin *t)
{
    struct acd_event_random_drawn event = {.state = twin_random_next(t)};

    twin_append(t, ACD_EVENT_random_drawn, &event);
    if (!twin_wrong(t, TWIN_FAULT_RANDOM_STANDS_STILL))
        t->random = event.state;
}

/* The sums of today from zero. */
static void forget_sums(const struct twin *t, struct twin_sums *sums)
{
    acd_span longest = sums->wait_max;

    memset(sums, 0, sizeof *sums);
    if (twin_wrong(t, TWIN_FAULT_DAY_KEEPS_LONGEST))
        sums->wait_max = longest;
}

void say_day_turned(struct twin *t, uint32_t day)
{
    struct acd_event_day_turned event = {.day = day};

    twin_append(t, ACD_EVENT_day_turned, &event);
    t->day = day;
    forget_sums(t, &t->totals);
    for (uint32_t i = 0; i < t->limits.queues; i++) {
        forget_sums(t, &t->queues[i].sums);
        if (!twin_wrong(t, TWIN_FAULT_DAY_KEEPS_HANDLED))
            t->queues[i].today = (struct twin_today){.handled = 0};
    }
    for (uint32_t i = 0; i < t->limits.agents; i++) {
        if (!twin_wrong(t, TWIN_FAULT_FEWEST_CALLS_EVER))
            t->agents[i].calls_today = 0;
        t->agents[i].talk_today = 0;
    }
}

void say_config_committed(struct twin *t, const struct acd_command_config_commit *c)
{
    struct acd_event_config_committed event = {
        .version = t->config_version + 1, .label = c->label, .changes = c->changes};

    if (twin_wrong(t, TWIN_FAULT_CONFIG_VERSION_STANDS) && t->config_version > 0)
        event.version = t->config_version;
    twin_append(t, ACD_EVENT_config_committed, &event);
    t->config_version = event.version;
    if (!twin_wrong(t, TWIN_FAULT_CONFIG_LABEL_KEPT) || event.version == 1)
        twin_text_copy(&t->config_label, c->label);
    t->config_at = t->now;
}
