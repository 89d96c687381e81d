/* The commands of supervisors: each function fills in one kind. */

#include "tests/model/stream_parts.h"

#include <string.h>

#include "tests/model/twin_parts.h"

/* A call by id, or by the key of the gateway that then speaks. */
static void some_call(struct stream *s, const struct twin *t, struct step *step, acd_call_id *id,
                      struct acd_str *key)
{
    const struct twin_call *c = twin_call(t, stream_call(s, t));

    if (c == NULL || stream_chance(s, 60)) {
        *id = c == NULL ? stream_call(s, t) : c->id;
    } else if (stream_chance(s, 90)) {
        *key = step_text(step, c->key.data, c->key.len);
        step->client = c->gateway;
    } else {
        *key = stream_name(step, 'k', stream_below(s, s->keys));
    }
}

/* An agent with work, as long as there is one. */
static acd_agent_id busy_agent(struct stream *s, const struct twin *t)
{
    const struct twin_assignment *a = twin_assignment(t, stream_assignment(s, t, 0));

    return a == NULL ? (acd_agent_id){0, 0} : a->agent;
}

void stream_make_agent_free(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_agent_free *c = &step->command.as.agent_free;

    stream_agent(s, t, step, &c->agent, &c->name);
    if (stream_chance(s, 50))
        c->agent = busy_agent(s, t);
    c->state = (uint8_t)stream_below(s, 4);
    c->reason = (uint16_t)stream_below(s, 3);
}

void stream_make_agent_drain(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_agent_drain *c = &step->command.as.agent_drain;

    stream_agent(s, t, step, &c->agent, &c->name);
    if (stream_chance(s, 70))
        c->agent = busy_agent(s, t);
    c->state = (uint8_t)stream_below(s, 3);
    c->reason = (uint16_t)stream_below(s, 3);
}

void stream_make_queue_drain(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_queue_drain *c = &step->command.as.queue_drain;

    stream_queue(s, t, step, &c->queue, &c->name);
    c->policy = stream_chance(s, 90) ? (uint8_t)(ACD_REMOVE_WITHDRAW + stream_below(s, 2))
                                     : (uint8_t)stream_below(s, 5);
    if (c->policy == ACD_REMOVE_MOVE || stream_chance(s, 20))
        stream_queue(s, t, step, &c->target, &c->target_name);
}

void stream_make_call_move(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_call_move *c = &step->command.as.call_move;

    some_call(s, t, step, &c->call, &c->key);
    stream_queue(s, t, step, &c->queue, &c->queue_name);
}

void stream_make_call_assign(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_call_assign *c = &step->command.as.call_assign;

    some_call(s, t, step, &c->call, &c->key);
    stream_agent(s, t, step, &c->agent, &c->name);
}

/* ---- devices, and calls outside the queues ------------------------------------------------ */

/* Mostly not given. */
static acd_span some_belief(struct stream *s)
{
    acd_span lease = stream_span(s, 10);

    if (stream_chance(s, 30))
        return 0;
    return lease < ACD_SECOND ? ACD_SECOND : lease;
}

void stream_make_device_set(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_device_set *c = &step->command.as.device_set;

    stream_agent(s, t, step, &c->agent, &c->name);
    c->device = (uint8_t)(1 + stream_below(s, 3));
    c->lease = some_belief(s);
}

void stream_make_outside_begin(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_outside_begin *c = &step->command.as.outside_begin;

    stream_agent(s, t, step, &c->agent, &c->name);
    c->key = stream_name(step, 'o', stream_below(s, 10));
    c->lease = some_belief(s);
    c->channel = (uint8_t)stream_below(s, 4);
}

void stream_make_outside_end(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_outside_end *c = &step->command.as.outside_end;
    const struct twin_assignment *a = twin_assignment(t, stream_assignment(s, t, ACD_ROLE_OUTSIDE));

    stream_agent(s, t, step, &c->agent, &c->name);
    c->key = stream_name(step, 'o', stream_below(s, 10));
    if (a == NULL || a->role != ACD_ROLE_OUTSIDE || stream_chance(s, 20))
        return;
    c->agent = a->agent;
    c->key = step_text(step, a->key.data, a->key.len);
}

/* ---- costs of channels -------------------------------------------------------------------- */

struct acd_str stream_channels(struct stream *s, struct step *step)
{
    static const char *const lists[] = {"voice:100,chat:20,video:50",
                                        "voice:60/1,chat:40/2",
                                        "chat:0/1",
                                        "voice:50,voice:34,video:33",
                                        "voice:100,video:100,chat:100",
                                        "-",
                                        "-",
                                        "voice:101",
                                        "chat:20/",
                                        "voice:1,",
                                        "chat:20/51",
                                        "phone:10"};
    const char *list = lists[stream_below(s, stream_chance(s, 90) ? 7 : 12)];

    return step_text(step, list, strlen(list));
}

void stream_make_config_commit(struct stream *s, const struct twin *t, struct step *step)
{
    (void)t;
    step->command.as.config_commit.label = stream_name(step, 'v', stream_below(s, 5));
    step->command.as.config_commit.changes = stream_below(s, 9);
}

void stream_make_day_turn(struct stream *s, const struct twin *t, struct step *step)
{
    uint32_t tomorrow = (uint32_t)(s->now / (86400 * ACD_SECOND)) + 1;
    const uint32_t days[] = {t->day, t->day + 1, tomorrow, tomorrow + 1};

    step->command.as.day_turn.day = stream_chance(s, 80) ? t->day + 1 : days[stream_below(s, 4)];
}
