#include "daemon/server.h"

#include <string.h>

/* For observers. Each event goes out under its topic with its position and the topic's previous
 * one; once a second the position alone. A subscriber that misses something sees a gap, never
 * silence. */

static bool observed(const struct server *s)
{
    for (int i = 0; i < s->config->publish.count; i++)
        if (s->publishers[i].listener != NULL &&
            listener_counters(s->publishers[i].listener)->active > 0)
            return true;
    return false;
}

static void publish(struct server *s, const struct acd_published *p)
{
    uint8_t message[ACD_WIRE_PUBLISHED_MAX];
    size_t len = acd_published_write(message, p);

    for (int i = 0; i < s->config->publish.count; i++)
        if (s->publishers[i].listener != NULL)
            listener_publish(s->publishers[i].listener, message, len);
    s->counters.published++;
}

void publish_frame(struct server *s)
{
    struct acd_frame frame = acd_last_frame(s->engine);
    struct acd_wire_position position = server_position(s);
    bool anybody = frame.count > 0 && observed(s);
    size_t at = 0;

    s->counters.events += frame.count;
    for (uint32_t i = 0; i < frame.count; i++) {
        uint64_t sequence = frame.first_sequence + i;
        uint16_t code = 0;
        int size = acd_record_peek(frame.bytes + at, frame.len - at, &code);
        uint8_t topic = acd_record_of(code)->topic;

        if (anybody)
            publish(s, &(struct acd_published){.topic = topic,
                                               .head = {.epoch = position.epoch,
                                                        .sequence = sequence,
                                                        .previous = s->topic_last[topic],
                                                        .durable = position.durable,
                                                        .at = frame.at},
                                               .event = frame.bytes + at,
                                               .event_size = (size_t)size});
        s->topic_last[topic] = sequence;
        at += (size_t)size;
    }
}

void publish_heartbeat(struct server *s)
{
    struct acd_wire_position position = server_position(s);

    if (observed(s))
        publish(s, &(struct acd_published){.topic = ACD_TOPIC_HEARTBEAT,
                                           .head = {.epoch = position.epoch,
                                                    .sequence = position.sequence,
                                                    .durable = position.durable,
                                                    .at = server_now(s)}});
}
