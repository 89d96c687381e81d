/* What the twin looks like from outside: each view is counted anew from the tables. */

#include <string.h>

#include "tests/model/twin_parts.h"

/* The sums of a queue and of the totals are fields of the same names. */
#define COPY_SUMS(v, sums)                                                                         \
    do {                                                                                           \
        (v)->entered = (sums).entered;                                                             \
        (v)->answered = (sums).answered;                                                           \
        (v)->abandoned = (sums).abandoned;                                                         \
        (v)->timed_out = (sums).timed_out;                                                         \
        (v)->withdrawn = (sums).withdrawn;                                                         \
        (v)->overflowed = (sums).overflowed;                                                       \
        (v)->refused = (sums).refused;                                                             \
        (v)->in_time = (sums).in_time;                                                             \
        (v)->offers = (sums).offers;                                                               \
        (v)->no_answers = (sums).no_answers;                                                       \
        (v)->lost = (sums).lost;                                                                   \
        (v)->wait_answered = (sums).wait_answered;                                                 \
        (v)->wait_abandoned = (sums).wait_abandoned;                                               \
        (v)->wait_max = (sums).wait_max;                                                           \
        (v)->talk = (sums).talk;                                                                   \
        (v)->left_empty = (sums).left_empty;                                                       \
        (v)->hold = (sums).hold;                                                                   \
        (v)->exited = (sums).exited;                                                               \
        (v)->resumed = (sums).resumed;                                                             \
        (v)->callbacks = (sums).callbacks;                                                         \
        (v)->unreached = (sums).unreached;                                                         \
        (v)->called_back = (sums).called_back;                                                     \
    } while (0)

void twin_interval_sums(const struct twin_sums *sums, struct acd_view_queue_interval *v)
{
    memset(v, 0, sizeof *v);
    COPY_SUMS(v, *sums);
}

void twin_agent_view(const struct twin *t, const struct twin_agent *a, struct acd_view_agent *v)
{
    *v = (struct acd_view_agent){
        .agent = a->id,
        .name = twin_text_str(&a->name),
        .extension = twin_text_str(&a->extension),
        .contact = twin_text_str(&a->contact),
        .attributes = twin_text_str(&a->attributes),
        .max_concurrent_calls = a->max_concurrent_calls,
        .active = a->active,
        .state = a->state,
        .reason = a->reason,
        .activity = twin_activity(t, a),
        .available = twin_available(t, a),
        .last_status_change = a->lsc,
        .delay_until = a->delay_until,
        .offered = (uint16_t)twin_load(t, a, ACD_ROLE_OFFERED),
        .connected = (uint16_t)twin_talks(t, a),
        .wrap_up = (uint16_t)twin_load(t, a, ACD_ROLE_WRAP_UP),
        .no_answers = a->no_answers,
        .calls_today = a->calls_today,
        .talk_today = a->talk_today,
        .drain = a->drain,
        .outside_moves = a->outside_moves,
        .channels = twin_text_str(&a->channels),
        .team = twin_text_str(&a->team),
        .units = (uint16_t)twin_units(t, a),
        .device = a->device,
        .device_until = a->device_until,
        .outside = (uint16_t)twin_load(t, a, ACD_ROLE_OUTSIDE),
    };
    if (a->late.until > t->now) {
        v->late_work = a->late.work;
        v->late_until = a->late.until;
    }
    for (uint32_t i = 0; i < t->limits.memberships; i++)
        if (t->members[i].live && twin_same_agent(t->members[i].agent, a->id))
            v->queues++;
}

/* Counted among all agents by the name. */
void twin_team_view(const struct twin *t, struct acd_str name, struct acd_view_team *v)
{
    *v = (struct acd_view_team){.name = name};
    for (uint32_t i = 0; i < t->limits.agents; i++) {
        const struct twin_agent *a = &t->agents[i];
        uint8_t does;

        if (a->id.gen == 0 || !twin_text_is(&a->team, name))
            continue;
        does = twin_activity(t, a);
        v->agents++;
        v->logged_out += does == ACD_ACTIVITY_LOGGED_OUT;
        v->not_ready += does == ACD_ACTIVITY_NOT_READY;
        v->idle += does == ACD_ACTIVITY_IDLE;
        v->delayed += does == ACD_ACTIVITY_DELAYED;
        v->reserved += does == ACD_ACTIVITY_RESERVED;
        v->busy += does == ACD_ACTIVITY_BUSY;
        v->wrap_up += does == ACD_ACTIVITY_WRAP_UP;
        v->outside += does == ACD_ACTIVITY_OUTSIDE;
        v->no_device += does == ACD_ACTIVITY_NO_DEVICE;
        v->available += twin_available(t, a);
        v->offered += twin_load(t, a, ACD_ROLE_OFFERED);
        v->connected += twin_wrong(t, TWIN_FAULT_TEAM_TALKS_BY_AGENT) ? does == ACD_ACTIVITY_BUSY
                                                                      : twin_talks(t, a);
        v->calls_today += a->calls_today;
        v->talk_today += a->talk_today;
    }
}

/* The name of a queue; none when it is gone, which only a fault leaves behind. */
static struct acd_str queue_name(const struct twin *t, acd_queue_id id)
{
    const struct twin_queue *q = twin_queue(t, id);

    return q == NULL ? (struct acd_str){NULL, 0} : twin_text_str(&q->name);
}

static void copy_queue_settings(struct acd_view_queue *v, const struct acd_event_queue_set *set)
{
    v->strategy = set->strategy;
    v->call_order = set->call_order;
    v->state = set->state;
    v->weight = set->weight;
    v->channel = set->channel;
    v->max_size = set->max_size;
    v->max_wait = set->max_wait;
    v->ring_timeout = set->ring_timeout;
    v->wrap_up_time = set->wrap_up_time;
    v->reject_delay = set->reject_delay;
    v->busy_delay = set->busy_delay;
    v->no_answer_delay = set->no_answer_delay;
    v->max_no_answer = set->max_no_answer;
    v->no_answer_reason = set->no_answer_reason;
    v->join_empty = set->join_empty;
    v->service_level_threshold = set->service_level_threshold;
    v->ring_progressively_delay = set->ring_progressively_delay;
    v->leave_when_empty = set->leave_when_empty;
    v->max_wait_no_agent = set->max_wait_no_agent;
    v->announce_interval = set->announce_interval;
    v->announce_first = set->announce_first;
    v->pass_over = set->pass_over;
    v->tier_wait = set->tier_wait;
    v->tier_multiply = set->tier_multiply;
    v->abandoned_resume = set->abandoned_resume;
    v->callback_attempts = set->callback_attempts;
    v->callback_retry = set->callback_retry;
    v->callback_expire = set->callback_expire;
    v->dial_timeout = set->dial_timeout;
    v->callback_resume = set->callback_resume;
    v->alert_waiting = set->alert_waiting;
    v->alert_wait = set->alert_wait;
    v->alert_nobody = set->alert_nobody;
    v->alert_service_level = set->alert_service_level;
    v->alert_abandoned = set->alert_abandoned;
    v->alert_calls = set->alert_calls;
    v->alert_hold = set->alert_hold;
    v->wrap_up_code_late = set->wrap_up_code_late;
}

static void copy_queue_targets(struct acd_view_queue *v, const struct twin_queue *q)
{
    v->on_closed = twin_text_str(&q->on_closed);
    v->on_full = twin_text_str(&q->on_full);
    v->on_no_agents = twin_text_str(&q->on_no_agents);
    v->on_left_empty = twin_text_str(&q->on_left_empty);
    v->on_max_wait = twin_text_str(&q->on_max_wait);
    v->on_max_wait_no_agent = twin_text_str(&q->on_max_wait_no_agent);
    v->exit_keys = twin_text_str(&q->exit_keys);
    v->hours = twin_text_str(&q->hours);
    v->strategy_hours = twin_text_str(&q->strategy_hours);
}

/* When the first of a queue's calls not yet answered entered it, or 0. */
static acd_time oldest_entered(const struct twin *t, const struct twin_queue *q)
{
    const struct twin_call *first = NULL;

    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (c->id.gen == 0 || c->state == ACD_CONNECTED || c->state == ACD_SCHEDULED ||
            !twin_same_queue(c->queue, q->id))
            continue;
        if (first == NULL || c->entered_at < first->entered_at)
            first = c;
    }
    return first == NULL ? 0 : first->entered_at;
}

void twin_queue_view(const struct twin *t, const struct twin_queue *q, struct acd_view_queue *v)
{
    *v = (struct acd_view_queue){.queue = q->id, .name = twin_text_str(&q->name)};
    copy_queue_settings(v, &q->set);
    v->wrap_up_codes = twin_text_str(&q->wrap_up_codes);
    copy_queue_targets(v, q);
    v->nobody_since = q->nobody_since;
    v->plan = twin_text_str(&q->plan);
    v->ringing = twin_calls(t, q, ACD_OFFERED) + twin_calls(t, q, ACD_DIALING);
    v->waiting = twin_unanswered(t, q);
    v->scheduled = twin_calls(t, q, ACD_SCHEDULED);
    v->stranded = twin_calls(t, q, ACD_STRANDED);
    v->connected = twin_calls(t, q, ACD_CONNECTED);
    v->oldest_entered = oldest_entered(t, q);
    v->alerted_waiting = q->alerted[ACD_ALERT_WAITING];
    v->alerted_wait = q->alerted[ACD_ALERT_WAIT];
    v->alerted_nobody = q->alerted[ACD_ALERT_NOBODY];
    v->alerted_service_level = q->alerted[ACD_ALERT_SERVICE_LEVEL];
    v->alerted_abandoned = q->alerted[ACD_ALERT_ABANDONED];
    for (uint32_t i = 0; i < t->limits.memberships; i++) {
        const struct twin_member *m = &t->members[i];
        const struct twin_agent *a = m->live ? twin_agent(t, m->agent) : NULL;

        if (a == NULL || !twin_same_queue(m->queue, q->id))
            continue;
        v->members++;
        v->logged_in += a->active == ACD_YES && a->state != ACD_LOGGED_OUT;
        v->ready += a->active == ACD_YES && a->state == ACD_READY;
        v->available += twin_available(t, a) && twin_has_room(t, a, q->set.channel);
    }
    COPY_SUMS(v, q->sums);
    v->handled = q->today.handled;
    v->rejected = q->today.rejected;
    v->wrap_up = q->today.wrap_up;
    v->estimated_wait = twin_estimate_caller(t, q);
}

void twin_call_view(const struct twin *t, const struct twin_call *c, struct acd_view_call *v)
{
    const struct twin_assignment *s = twin_of_call(t, c, 0);
    const struct twin_agent *a = s == NULL ? NULL : twin_agent(t, s->agent);
    const struct twin_assignment *asked = twin_consultation(t, c);

    *v = (struct acd_view_call){
        .call = c->id,
        .queue = c->queue,
        .queue_name = queue_name(t, c->queue),
        .gateway = c->gateway,
        .key = twin_text_str(&c->key),
        .called = twin_text_str(&c->called),
        .caller = twin_text_str(&c->caller),
        .attributes = twin_text_str(&c->attributes),
        .direction = c->direction,
        .state = c->state,
        .enqueued_at = c->enqueued_at,
        .entered_at = c->entered_at,
        .head_start = c->head_start,
        .position = twin_position(t, c),
        .offers = c->offers,
        .answered_at = c->answered_at,
        .moves = c->moves,
        .announce_at = c->announce_at,
        .own_until = c->state == ACD_CONNECTED ? 0 : c->own_until,
        .hold = c->hold,
        .estimated_wait = twin_estimate_call(t, c),
    };
    if (c->plan != 0) {
        v->plan = twin_text_str(&t->plans[c->plan - 1].text);
        v->step = c->step;
    }
    if (c->callback) {
        v->callback = 1;
        v->number = twin_text_str(&c->number);
        v->due_at = c->due;
        v->attempts = c->attempts;
        v->expires_at = c->expires;
    }
    v->step_at = twin_step_at(t, c);
    v->prefer = c->prefer;
    if (twin_agent(t, c->prefer) != NULL)
        v->prefer_name = twin_text_str(&twin_agent(t, c->prefer)->name);
    if (a == NULL)
        return;
    v->held_since = s->role == ACD_ROLE_HELD ? s->since : 0;
    v->assignment = s->id;
    v->agent = a->id;
    v->agent_name = twin_text_str(&a->name);
    v->until = s->until;
    if (twin_asks_number(t, c) != NULL)
        v->consulted_number = twin_text_str(&s->key);
    if (asked == NULL)
        return;
    v->consultation = asked->id;
    v->consulted = asked->agent;
    v->consulted_name = twin_text_str(&twin_agent(t, asked->agent)->name);
}

void twin_client_view(const struct twin *t, const struct twin_client *c, struct acd_view_client *v)
{
    *v = (struct acd_view_client){
        .client = c->id,
        .name = twin_text_str(&c->name),
        .kind = c->kind,
        .last_request = c->last_request,
        .acked = c->acked,
        .told = c->told,
        .outbox_bytes = c->outbox_len,
        .lost = c->lost,
        .lease = c->lease,
        .grace = c->grace,
        .orphans = c->orphans,
        .heir = twin_text_str(&c->heir),
        .lease_until = c->lease_until,
        .grace_until = c->grace_until,
        .reconciling = c->reconciling,
        .sweep = c->sweep,
    };
    for (uint32_t i = 0; i < t->limits.calls; i++)
        if (t->calls[i].id.gen != 0 && twin_same_client(t->calls[i].gateway, c->id))
            v->calls++;
}

void twin_number_view(const struct twin *t, const struct twin_number *n, struct acd_view_number *v)
{
    *v = (struct acd_view_number){
        .number = twin_text_str(&n->number),
        .queue = n->queue,
        .queue_name = queue_name(t, n->queue),
    };
}

void twin_member_view(const struct twin *t, const struct twin_member *m, struct acd_view_member *v)
{
    const struct twin_agent *a = twin_agent(t, m->agent);

    *v = (struct acd_view_member){
        .agent = m->agent,
        .agent_name = twin_text_str(&a->name),
        .queue = m->queue,
        .queue_name = queue_name(t, m->queue),
        .level = m->level,
        .position = m->position,
        .activity = twin_activity(t, a),
    };
}

void twin_assignment_view(const struct twin_assignment *a, struct acd_view_assignment *v)
{
    *v = (struct acd_view_assignment){
        .assignment = a->id,
        .agent = a->agent,
        .call = a->call,
        .queue = a->queue,
        .role = a->role,
        .since = a->since,
        .until = a->until,
        .wrap_up_code = twin_text_str(&a->code),
        .key = twin_text_str(&a->key),
        .channel = a->channel,
    };
}

/* Counts the agents by what they do. */
static void count_agents(const struct twin *t, struct acd_view_totals *v)
{
    uint32_t *const doing[] = {
        [ACD_ACTIVITY_LOGGED_OUT] = &v->logged_out,
        [ACD_ACTIVITY_NOT_READY] = &v->not_ready,
        [ACD_ACTIVITY_IDLE] = &v->idle,
        [ACD_ACTIVITY_DELAYED] = &v->delayed,
        [ACD_ACTIVITY_RESERVED] = &v->reserved,
        [ACD_ACTIVITY_BUSY] = &v->busy,
        [ACD_ACTIVITY_WRAP_UP] = &v->wrap_up,
        [ACD_ACTIVITY_OUTSIDE] = &v->outside,
        [ACD_ACTIVITY_NO_DEVICE] = &v->no_device,
    };

    for (uint32_t i = 0; i < t->limits.agents; i++) {
        const struct twin_agent *a = &t->agents[i];

        if (a->id.gen == 0)
            continue;
        v->agents++;
        v->available += twin_available(t, a) && (!twin_wrong(t, TWIN_FAULT_AVAILABLE_IS_IDLE) ||
                                                 twin_activity(t, a) == ACD_ACTIVITY_IDLE);
        ++*doing[twin_activity(t, a)];
    }
}

void twin_totals_view(const struct twin *t, struct acd_view_totals *v)
{
    *v = (struct acd_view_totals){.day = t->day,
                                  .config_version = t->config_version,
                                  .config_label = twin_text_str(&t->config_label),
                                  .config_at = t->config_at};
    count_agents(t, v);
    for (uint32_t i = 0; i < t->limits.queues; i++)
        v->queues += t->queues[i].id.gen != 0;
    for (uint32_t i = 0; i < t->limits.calls; i++) {
        const struct twin_call *c = &t->calls[i];

        if (c->id.gen == 0)
            continue;
        v->queued += c->state == ACD_QUEUED;
        v->offered += c->state == ACD_OFFERED;
        v->connected += c->state == ACD_CONNECTED;
        v->scheduled += c->state == ACD_SCHEDULED;
        v->dialing += c->state == ACD_DIALING;
        v->stranded += c->state == ACD_STRANDED;
    }
    COPY_SUMS(v, t->totals);
}
