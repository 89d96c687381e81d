/* What a random stream sets alerts to. */

#include "tests/model/stream_parts.h"

/* A figure of `most`, -1 for none, or mostly not given. */
static int32_t some_figure(struct stream *s, uint32_t most)
{
    if (!stream_chance(s, 30))
        return 0;
    return stream_chance(s, 10) ? -1 : (int32_t)(1 + stream_below(s, most));
}

/* -1, a span, or mostly not given. */
static acd_span some_wait(struct stream *s)
{
    switch (stream_below(s, 6)) {
    case 0: return -1;
    case 1:
    case 2: return stream_span(s, 8);
    default: return 0;
    }
}

void stream_make_alerts(struct stream *s, struct acd_command_queue_set *c)
{
    c->alert_waiting = some_figure(s, 4);
    c->alert_wait = some_wait(s);
    if (stream_chance(s, 20))
        c->alert_nobody = (uint8_t)(1 + stream_below(s, 2));
    c->alert_service_level = some_figure(s, 1000);
    c->alert_abandoned = some_figure(s, 700);
    c->alert_calls = stream_chance(s, 50) ? 1 + stream_below(s, 3) : 0;
    if (stream_chance(s, 50))
        c->alert_hold = ACD_SECOND + stream_span(s, 4);
}
