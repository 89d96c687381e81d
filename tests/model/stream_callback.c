/* The commands of a stream that are about callbacks. */

#include "tests/model/stream_parts.h"
#include "tests/model/twin_parts.h"

/* Not given, or some, of a second at the least. */
static acd_span some_span(struct stream *s, uint32_t most)
{
    acd_span span = stream_span(s, most);

    return stream_chance(s, 50) ? 0 : span < ACD_SECOND ? ACD_SECOND : span;
}

void stream_make_callbacks(struct stream *s, struct acd_command_queue_set *c)
{
    c->callback_attempts = (uint16_t)stream_below(s, 4);
    c->callback_retry = some_span(s, 6);
    c->callback_expire = some_span(s, 30);
    c->dial_timeout = some_span(s, 5);
    c->callback_resume = (uint8_t)stream_below(s, 3);
}

static struct acd_str some_number(struct stream *s, struct step *step)
{
    return stream_chance(s, 60) ? stream_name(step, 'c', stream_below(s, 4))
                                : (struct acd_str){NULL, 0};
}

void stream_make_call_callback(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_call_callback *c = &step->command.as.call_callback;
    const struct twin_call *live = twin_call(t, stream_call(s, t));

    if (stream_chance(s, 30)) {
        c->key = stream_name(step, 'k', stream_below(s, s->keys));
    } else if (live == NULL || stream_chance(s, 60)) {
        c->call = stream_call(s, t);
    } else {
        c->key = step_text(step, live->key.data, live->key.len);
        step->client = live->gateway;
    }
    c->number = some_number(s, step);
    if (stream_chance(s, 40))
        c->due = s->now + stream_span(s, 8) - stream_span(s, 4);
    if (stream_chance(s, 40))
        c->attempts = (uint16_t)(1 + stream_below(s, 3));
    c->retry = some_span(s, 6);
    c->expire = some_span(s, 30);
    if (c->key.len > 0)
        stream_queue(s, t, step, &c->queue, &c->queue_name);
    c->attributes = stream_attributes(s, step);
}

void stream_make_callback_result(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_callback_result *c = &step->command.as.callback_result;

    c->assignment = stream_assignment(s, t, ACD_ROLE_DIALING);
    c->result = (uint8_t)(1 + stream_below(s, 4));
    if (stream_chance(s, 30))
        c->result = ACD_DIAL_ANSWERED;
    c->happened_at = stream_clock(s, t);
}
