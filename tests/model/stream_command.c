/* The commands of a stream: each function fills in one kind, mostly with what makes sense. */

#include "tests/model/stream_parts.h"

#include <stdio.h>
#include <string.h>

#include "tests/model/twin_parts.h"

/* ---- calls -------------------------------------------------------------------------------- */

static void make_route(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_route *c = &step->command.as.route;

    c->key = stream_name(step, 'k', stream_below(s, s->keys));
    c->happened_at = stream_clock(s, t);
    if (stream_chance(s, 30))
        c->called = stream_name(step, 'n', stream_below(s, s->limits.numbers + 1));
    if (c->called.len == 0 || stream_chance(s, 30))
        stream_queue(s, t, step, &c->queue, &c->queue_name);
    if (stream_chance(s, 45))
        c->caller = stream_name(step, 'c', stream_below(s, stream_chance(s, 80) ? 4 : 1000));
    c->attributes = stream_attributes(s, step);
    c->direction = (uint8_t)stream_below(s, 3);
    if (stream_chance(s, 30))
        c->head_start = stream_span(s, 8);
    if (stream_chance(s, 40))
        c->announce = (uint8_t)stream_below(s, 3);
    c->plan = stream_plan(s, step, s->plans);
    if (stream_chance(s, 10))
        c->max_wait = stream_span(s, 15);
    if (!stream_chance(s, s->prefers))
        return;
    stream_agent(s, t, step, &c->prefer, &c->prefer_name);
    if (stream_chance(s, 80))
        c->prefer_wait = stream_span(s, 12);
}

static void make_accept(struct stream *s, const struct twin *t, struct step *step)
{
    step->command.as.accept.assignment = stream_assignment(s, t, ACD_ROLE_OFFERED);
    step->command.as.accept.happened_at = stream_clock(s, t);
}

static void make_reject(struct stream *s, const struct twin *t, struct step *step)
{
    step->command.as.reject.assignment = stream_assignment(s, t, ACD_ROLE_OFFERED);
    if (stream_chance(s, 80))
        step->command.as.reject.result = (uint8_t)(ACD_OFFER_REJECTED + stream_below(s, 3));
}

static void make_hangup(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_hangup *c = &step->command.as.hangup;
    const struct twin_call *live = twin_call(t, stream_call(s, t));

    if (stream_chance(s, 50))
        c->call = live == NULL ? stream_call(s, t) : live->id;
    else if (live != NULL && stream_chance(s, 70)) {
        c->key = step_text(step, live->key.data, live->key.len);
        if (stream_chance(s, 90))
            step->client = live->gateway;
    } else
        c->key = stream_name(step, 'k', stream_below(s, s->keys));
    c->side = (uint8_t)stream_below(s, 4);
    c->happened_at = stream_clock(s, t);
}

static void make_call_priority(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_hangup like;
    struct acd_command_call_priority *c = &step->command.as.call_priority;

    make_hangup(s, t, step);
    like = step->command.as.hangup;
    *c = (struct acd_command_call_priority){.call = like.call, .key = like.key};
    if (stream_chance(s, 80))
        c->head_start = stream_span(s, 8);
}

/* ---- agents ------------------------------------------------------------------------------- */

static void make_agent_state(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_agent_state *c = &step->command.as.agent_state;

    stream_agent(s, t, step, &c->agent, &c->name);
    c->state = ACD_READY;
    if (stream_chance(s, 30))
        c->state = (uint8_t)(1 + stream_below(s, 2));
    c->reason = (uint16_t)stream_below(s, 3);
}

static void make_wrap_up_finish(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_wrap_up_finish *c = &step->command.as.wrap_up_finish;
    const struct twin_assignment *a = twin_assignment(t, stream_assignment(s, t, ACD_ROLE_WRAP_UP));

    if (stream_chance(s, 50))
        c->assignment = stream_assignment(s, t, ACD_ROLE_WRAP_UP);
    else if (a != NULL && stream_chance(s, 60))
        c->agent = a->agent;
    else
        stream_agent(s, t, step, &c->agent, &c->name);
}

static void make_wrap_up_extend(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_wrap_up_finish same;
    struct acd_command_wrap_up_extend *c = &step->command.as.wrap_up_extend;

    make_wrap_up_finish(s, t, step);
    same = step->command.as.wrap_up_finish;
    *c = (struct acd_command_wrap_up_extend){
        .assignment = same.assignment, .agent = same.agent, .name = same.name};
    c->by = stream_chance(s, 25) ? -1 : stream_span(s, 5);
}

static void make_call_set(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_hangup which;
    struct acd_command_call_set *c = &step->command.as.call_set;

    make_hangup(s, t, step);
    which = step->command.as.hangup;
    *c = (struct acd_command_call_set){.call = which.call, .key = which.key};
    if (stream_chance(s, 95))
        c->attributes = stream_chance(s, 70) ? stream_name(step, '{', stream_below(s, 3))
                                             : step_text(step, "-", 1);
}

/* An agent at whom a call rings while it wraps up another one, or NULL. */
static const struct twin_agent *rung_in_wrap_up(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.agents; i++) {
        const struct twin_agent *a = &t->agents[i];

        if (a->id.gen != 0 && twin_activity(t, a) == ACD_ACTIVITY_RESERVED &&
            twin_load(t, a, ACD_ROLE_WRAP_UP) > 0)
            return a;
    }
    return NULL;
}

/* An agent whose last work may be coded yet, or NULL; another one each time. */
static const struct twin_agent *late_agent(const struct stream *s, const struct twin *t)
{
    uint32_t count = t->limits.agents;

    for (uint32_t i = 0; i < count; i++) {
        const struct twin_agent *a = &t->agents[(s->steps + i) % count];

        if (a->id.gen != 0 && a->late.until > s->now)
            return a;
    }
    return NULL;
}

static void make_wrap_up_code(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_wrap_up_code *c = &step->command.as.wrap_up_code;
    uint8_t role = stream_chance(s, 40) ? ACD_ROLE_CONNECTED : ACD_ROLE_WRAP_UP;
    const struct twin_agent *rung = stream_chance(s, 50) ? rung_in_wrap_up(t) : NULL;
    const struct twin_agent *late = late_agent(s, t);

    if (rung != NULL)
        c->agent = rung->id;
    else if (stream_chance(s, 70))
        c->assignment = stream_assignment(s, t, role);
    else
        stream_agent(s, t, step, &c->agent, &c->name);
    if (late != NULL && rung == NULL && twin_assignment(t, c->assignment) == NULL) {
        c->assignment = late->late.work;
        c->agent = late->id;
    }
    if (stream_chance(s, 85))
        c->code = stream_chance(s, 10) ? step_text(step, "-", 1)
                                       : stream_name(step, 'w', stream_below(s, 4));
    c->attributes = stream_attributes(s, step);
}

static void make_agent_set(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_agent_set *c = &step->command.as.agent_set;

    (void)t;
    c->name = stream_name(step, 'a', stream_below(s, s->limits.agents + 1));
    if (stream_chance(s, 30))
        c->extension = stream_name(step, 'x', stream_below(s, 100));
    if (stream_chance(s, 60))
        c->contact = stream_chance(s, 15) ? step_text(step, "-", 1)
                                          : stream_name(step, '@', stream_below(s, 1000));
    c->attributes = stream_attributes(s, step);
    if (stream_chance(s, 60))
        c->max_concurrent_calls = (uint16_t)(1 + stream_below(s, 3));
    c->outside_moves = (uint8_t)stream_below(s, 3);
    if (c->outside_moves > 0) /* what was drawn will do: not one draw more for a name */
        c->team = c->max_concurrent_calls == 3 ? step_text(step, "-", 1)
                                               : stream_name(step, 't', c->max_concurrent_calls);
    if (stream_chance(s, s->crowd ? 3 : 15))
        c->channels = stream_channels(s, step);
    if (stream_chance(s, 40))
        c->active = stream_chance(s, 70) ? ACD_YES : ACD_NO;
}

static void make_agent_remove(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_agent_remove *c = &step->command.as.agent_remove;

    stream_agent(s, t, step, &c->agent, &c->name);
}

static void make_member_set(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_member_set *c = &step->command.as.member_set;

    stream_agent(s, t, step, &c->agent, &c->agent_name);
    stream_queue(s, t, step, &c->queue, &c->queue_name);
    c->level = (uint8_t)stream_below(s, 3);
    c->position = (uint16_t)stream_below(s, 3);
}

static void make_member_remove(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_member_remove *c = &step->command.as.member_remove;

    stream_agent(s, t, step, &c->agent, &c->agent_name);
    stream_queue(s, t, step, &c->queue, &c->queue_name);
}

static void make_skill_set(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_skill_set *c = &step->command.as.skill_set;

    stream_agent(s, t, step, &c->agent, &c->agent_name);
    c->skill = stream_name(step, 's', stream_below(s, s->limits.skills + 1));
    c->level = (uint8_t)stream_below(s, 4);
}

static void make_skill_remove(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_skill_remove *c = &step->command.as.skill_remove;

    stream_agent(s, t, step, &c->agent, &c->agent_name);
    c->skill = stream_name(step, 's', stream_below(s, s->limits.skills + 1));
}

/* ---- queues and numbers ------------------------------------------------------------------- */

/* Not given, none, or some. */
static acd_span some_span(struct stream *s, uint32_t most)
{
    switch (stream_below(s, 6)) {
    case 0: return -1;
    case 1:
    case 2: return stream_span(s, most);
    default: return 0;
    }
}

/* Where a limit sends calls; mostly not given. */
static struct acd_str some_target(struct stream *s, const struct twin *t, struct step *step)
{
    static const char *const others[] = {"voicemail", "voicemail:7", "callback",
                                         "number:0",  "-",           "voicemail:"};
    acd_queue_id id;
    struct acd_str name = {NULL, 0};
    char text[80];

    if (!stream_chance(s, 20))
        return name;
    if (stream_chance(s, 30)) {
        const char *other = others[stream_below(s, 6)];

        return step_text(step, other, strlen(other));
    }
    stream_queue(s, t, step, &id, &name);
    if (name.len == 0)
        name = stream_name(step, 'q', stream_below(s, s->limits.queues));
    return step_text(step, text,
                     (size_t)snprintf(text, sizeof text, "queue:%.*s", (int)name.len, name.data));
}

/* Up to three keys, mostly none; seldom something else. */
static struct acd_str some_exits(struct stream *s, const struct twin *t, struct step *step)
{
    static const char digits[] = "012*#A";
    uint32_t first = stream_below(s, 5), count = stream_below(s, 4);
    char text[256];
    int len = 0;

    if (!stream_chance(s, 30))
        return (struct acd_str){NULL, 0};
    for (uint32_t i = 0; i < count; i++) {
        struct acd_str target = some_target(s, t, step);

        len += snprintf(text + len, sizeof text - (size_t)len, "%s%c%s%.*s", i > 0 ? ";" : "",
                        digits[stream_chance(s, 3) ? 5 : (first + i) % 5],
                        target.len > 0 ? "=" : "", (int)target.len, target.data);
    }
    return step_text(step, text, (size_t)len);
}

static void make_call_exit(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_call_exit *c = &step->command.as.call_exit;
    const struct twin_call *live = twin_call(t, stream_call(s, t));
    char digit = "012*#"[stream_below(s, 5)];

    c->call = live == NULL ? stream_call(s, t) : live->id;
    if (live != NULL && stream_chance(s, 60)) {
        const struct twin_queue *q = twin_queue(t, live->queue);

        if (q->exit_keys.len > 0)
            digit = q->exit_keys.data[0];
    }
    c->digit = step_text(step, &digit, 1);
    if (live == NULL || stream_chance(s, 30))
        return;
    c->call = (acd_call_id){0, 0};
    c->key = step_text(step, live->key.data, live->key.len);
    if (stream_chance(s, 90))
        step->client = live->gateway;
}

static void make_limits(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_queue_set *c = &step->command.as.queue_set;

    if (stream_chance(s, 30))
        c->leave_when_empty = (uint8_t)(1 + stream_below(s, 4));
    c->max_wait_no_agent = some_span(s, 8);
    c->on_closed = some_target(s, t, step);
    c->on_full = some_target(s, t, step);
    c->on_no_agents = some_target(s, t, step);
    c->on_left_empty = some_target(s, t, step);
    c->on_max_wait = some_target(s, t, step);
    c->on_max_wait_no_agent = some_target(s, t, step);
    c->exit_keys = some_exits(s, t, step);
    if (stream_chance(s, 40))
        c->announce_interval = stream_chance(s, 20) ? -1 : ACD_SECOND + stream_span(s, 4);
    if (stream_chance(s, 20))
        c->announce_first = stream_chance(s, 20) ? -1 : ACD_SECOND + stream_span(s, 6);
}

static uint8_t some_state(uint32_t drawn)
{
    return drawn < 85 ? ACD_OPEN : drawn < 95 ? ACD_CLOSED : ACD_RETIRED;
}

static void make_queue(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_queue_set *c = &step->command.as.queue_set;
    acd_span ring = stream_span(s, 5);

    (void)t;
    c->name = stream_name(step, 'q', stream_below(s, s->limits.queues + 1));
    c->strategy =
        stream_chance(s, 50) ? s->strategy : (uint8_t)(1 + stream_below(s, ACD_FULL_LOAD));
    if (s->plans == 50 && stream_chance(s, 40))
        c->strategy = ACD_BEST_SKILL;
    c->call_order = stream_chance(s, 80) ? 0 : (uint8_t)(1 + stream_below(s, 2));
    if (stream_chance(s, 40))
        c->state = some_state(stream_below(s, 100));
    c->weight = (uint16_t)stream_below(s, 4);
    if (stream_chance(s, s->steps < 16 && !s->crowd ? 50 : 3))
        c->channel = (uint8_t)(1 + stream_below(s, 3));
    c->max_size = !s->flood && stream_chance(s, 40) ? (int32_t)stream_below(s, 6) - 1 : 0;
    c->max_wait = s->flood ? stream_span(s, 20) : some_span(s, 12);
    if (stream_chance(s, 70))
        c->ring_timeout = ring < ACD_SECOND ? ACD_SECOND : ring;
    c->wrap_up_time = stream_chance(s, 10) ? ACD_FOREVER : some_span(s, 5);
    c->reject_delay = some_span(s, 5);
    c->busy_delay = some_span(s, 5);
    c->no_answer_delay = some_span(s, 5);
    if (stream_chance(s, 20))
        c->wrap_up_codes =
            stream_chance(s, 30) ? step_text(step, "-", 1) : step_text(step, "w1,w2,,w31", 10);
    c->plan = stream_chance(s, 5) ? step_text(step, "-", 1) : stream_plan(s, step, s->plans / 2);
    c->pass_over = (uint8_t)stream_below(s, 4);
    c->tier_wait = s->plans == 10 ? some_span(s, 4) : 0;
    c->abandoned_resume = c->wrap_up_code_late = some_span(s, 12); /* one draw for both */
    stream_make_callbacks(s, c);
    c->tier_multiply = (uint8_t)stream_below(s, 3);
    c->max_no_answer = stream_chance(s, 30) ? (int32_t)stream_below(s, 5) - 1 : 0;
    c->no_answer_reason = (uint16_t)stream_below(s, 4);
    if (stream_chance(s, 20))
        c->join_empty = (uint8_t)(1 + stream_below(s, 4));
    if (stream_chance(s, 50))
        c->ring_progressively_delay = ring < ACD_SECOND ? ACD_SECOND : ring;
    if (stream_chance(s, 30))
        c->service_level_threshold = stream_span(s, 4);
}

static void make_queue_set(struct stream *s, const struct twin *t, struct step *step)
{
    make_queue(s, t, step);
    make_limits(s, t, step);
    stream_make_alerts(s, &step->command.as.queue_set);
}

/* A queue that is being drained, or 0: it is so for a short time only. */
static acd_queue_id draining_queue(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.queues; i++)
        if (t->queues[i].id.gen != 0 && t->queues[i].set.state == ACD_DRAINING)
            return t->queues[i].id;
    return (acd_queue_id){0, 0};
}

/* A queue at which a call rings; any, when there is none. */
static acd_queue_id ringing_queue(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.calls; i++)
        if (t->calls[i].id.gen != 0 && t->calls[i].state == ACD_OFFERED)
            return t->calls[i].queue;
    return t->queues[0].id;
}

/* Where the calls of a queue that is being removed move; any, when there is none. */
static acd_queue_id target_queue(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.queues; i++)
        if (t->queues[i].id.gen != 0 && t->queues[i].set.state == ACD_REMOVING &&
            twin_queue(t, t->queues[i].target) != NULL)
            return t->queues[i].target;
    return t->queues[0].id;
}

static void make_queue_remove(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_queue_remove *c = &step->command.as.queue_remove;

    switch (stream_below(s, 8)) {
    case 0: c->queue = ringing_queue(t); break;
    case 1:
    case 2: c->queue = target_queue(t); break;
    default: c->queue = draining_queue(t); break;
    }
    if (c->queue.gen == 0)
        stream_queue(s, t, step, &c->queue, &c->name);
    c->policy = stream_chance(s, 40) ? ACD_REMOVE_MOVE : (uint8_t)stream_below(s, 4);
    if (c->policy == ACD_REMOVE_MOVE || stream_chance(s, 20))
        stream_queue(s, t, step, &c->target, &c->target_name);
}

static void make_number_set(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_number_set *c = &step->command.as.number_set;

    c->number = stream_name(step, 'n', stream_below(s, s->limits.numbers + 1));
    stream_queue(s, t, step, &c->queue, &c->queue_name);
}

static void make_number_remove(struct stream *s, const struct twin *t, struct step *step)
{
    (void)t;
    step->command.as.number_remove.number =
        stream_name(step, 'n', stream_below(s, s->limits.numbers + 1));
}

/* ---- clients and the day ------------------------------------------------------------------ */

static void make_client_remove(struct stream *s, const struct twin *t, struct step *step)
{
    (void)t;
    step->command.as.client_remove.name =
        stream_name(step, 'g', stream_below(s, s->limits.clients + 1));
}

static void make_outbox_ack(struct stream *s, const struct twin *t, struct step *step)
{
    const struct twin_client *c = twin_client(t, step->client);
    uint64_t upto = stream_below(s, 3);

    if (c != NULL)
        upto = c->acked + stream_below(s, (uint32_t)(c->told - c->acked) + 2);
    if (stream_chance(s, 5))
        upto = stream_below(s, 100);
    step->command.as.outbox_ack.upto = upto;
}

static void make_advance(struct stream *s, const struct twin *t, struct step *step)
{
    (void)s;
    (void)t;
    step->client = ACD_NOBODY;
    step->request = 0;
}

const struct stream_action stream_actions[] = {
    {ACD_COMMAND_route, 24, 0, make_route},
    {ACD_COMMAND_accept, 30, ACD_ROLE_OFFERED, make_accept},
    {ACD_COMMAND_reject, 8, ACD_ROLE_OFFERED, make_reject},
    {ACD_COMMAND_hangup, 11, 0, make_hangup},
    {ACD_COMMAND_agent_state, 12, 0, make_agent_state},
    {ACD_COMMAND_wrap_up_finish, 5, ACD_ROLE_WRAP_UP, make_wrap_up_finish},
    {ACD_COMMAND_wrap_up_extend, 3, ACD_ROLE_WRAP_UP, make_wrap_up_extend},
    {ACD_COMMAND_call_set, 3, 0, make_call_set},
    {ACD_COMMAND_wrap_up_code, 4, 0, make_wrap_up_code},
    {ACD_COMMAND_hold, 5, ACD_ROLE_CONNECTED, stream_make_hold},
    {ACD_COMMAND_retrieve, 4, ACD_ROLE_HELD, stream_make_retrieve},
    {ACD_COMMAND_transfer, 6, ACD_ROLE_CONNECTED, stream_make_transfer},
    {ACD_COMMAND_consult, 10, ACD_ROLE_CONNECTED, stream_make_consult},
    {ACD_COMMAND_consult_complete, 4, ACD_ROLE_CONSULTED, stream_make_consult_complete},
    {ACD_COMMAND_consult_end, 3, ACD_ROLE_HELD, stream_make_consult_end},
    {ACD_COMMAND_consult_result, 12, ACD_ROLE_HELD, stream_make_consult_result},
    {ACD_COMMAND_agent_set, 4, 0, make_agent_set},
    {ACD_COMMAND_agent_remove, 1, 0, make_agent_remove},
    {ACD_COMMAND_skill_set, 5, 0, make_skill_set},
    {ACD_COMMAND_skill_remove, 2, 0, make_skill_remove},
    {ACD_COMMAND_call_priority, 4, 0, make_call_priority},
    {ACD_COMMAND_member_set, 4, 0, make_member_set},
    {ACD_COMMAND_member_remove, 2, 0, make_member_remove},
    {ACD_COMMAND_queue_set, 4, 0, make_queue_set},
    {ACD_COMMAND_queue_remove, 1, 0, make_queue_remove},
    {ACD_COMMAND_number_set, 2, 0, make_number_set},
    {ACD_COMMAND_number_remove, 1, 0, make_number_remove},
    {ACD_COMMAND_client_open, 2, 0, stream_make_client_open},
    {ACD_COMMAND_client_remove, 1, 0, make_client_remove},
    {ACD_COMMAND_outbox_ack, 4, 0, make_outbox_ack},
    {ACD_COMMAND_call_exit, 6, 0, make_call_exit},
    {ACD_COMMAND_call_callback, 8, 0, stream_make_call_callback},
    {ACD_COMMAND_callback_result, 8, ACD_ROLE_DIALING, stream_make_callback_result},
    {ACD_COMMAND_day_turn, 1, 0, stream_make_day_turn},
    {ACD_COMMAND_agent_free, 1, 0, stream_make_agent_free},
    {ACD_COMMAND_agent_drain, 2, 0, stream_make_agent_drain},
    {ACD_COMMAND_queue_drain, 1, 0, stream_make_queue_drain},
    {ACD_COMMAND_device_set, 2, 0, stream_make_device_set},
    {ACD_COMMAND_outside_begin, 2, 0, stream_make_outside_begin},
    {ACD_COMMAND_outside_end, 3, ACD_ROLE_OUTSIDE, stream_make_outside_end},
    {ACD_COMMAND_call_assign, 4, 0, stream_make_call_assign},
    {ACD_COMMAND_call_move, 3, 0, stream_make_call_move},
    {ACD_COMMAND_config_commit, 1, 0, stream_make_config_commit},
    {ACD_COMMAND_client_set, 1, 0, stream_make_client_set},
    {ACD_COMMAND_heartbeat, 2, 0, stream_make_heartbeat},
    {ACD_COMMAND_reconcile, 1, 0, stream_make_reconcile},
    {ACD_COMMAND_reconcile_call, 2, 0, stream_make_reconcile_call},
    {0, 10, 0, make_advance},
};
const size_t stream_actions_count = sizeof stream_actions / sizeof stream_actions[0];

/* ---- setting up --------------------------------------------------------------------------- */

bool stream_set_up(struct stream *s, const struct twin *t, struct step *step)
{
    uint32_t agents = s->limits.agents, queues = s->limits.queues, clients = s->limits.clients;
    uint32_t skills = s->plans == 50 ? 3 * agents : 0; /* of the two that plans ask for the most */
    uint64_t n = s->steps;
    struct acd_command *c = &step->command;

    if (n < clients) {
        c->code = ACD_COMMAND_client_open;
        stream_make_client_open(s, t, step);
        c->as.client_open.name = stream_name(step, 'g', (uint32_t)n);
    } else if ((n -= clients) < queues) {
        c->code = ACD_COMMAND_queue_set;
        make_queue(s, t, step);
        c->as.queue_set.name = stream_name(step, 'q', (uint32_t)n);
    } else if ((n -= queues) < agents) {
        c->code = ACD_COMMAND_agent_set;
        make_agent_set(s, t, step);
        c->as.agent_set.name = stream_name(step, 'a', (uint32_t)n);
    } else if ((n -= agents) < 2 * agents) {
        c->code = ACD_COMMAND_member_set;
        make_member_set(s, t, step);
    } else if ((n -= 2 * agents) < skills) {
        c->code = ACD_COMMAND_skill_set;
        make_skill_set(s, t, step);
        c->as.skill_set.skill = stream_name(step, 's', (uint32_t)n % 2);
    } else if ((n -= skills) < agents) {
        c->code = ACD_COMMAND_agent_state;
        make_agent_state(s, t, step);
        c->as.agent_state.agent = (acd_agent_id){0, 0};
        c->as.agent_state.name = stream_name(step, 'a', (uint32_t)n);
    } else {
        return false;
    }
    return true;
}
