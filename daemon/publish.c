#include "daemon/server.h"

#include <string.h>

/* For observers. Each event goes out under its topic with its position and the topic's previous
 * one; once a second the position alone; and that a tail was lost, if it was. A subscriber that
 * misses something sees a gap, never silence. */

static bool observed(const struct server *s)
{
    for (int i = 0; i < s->config->publish.count; i++)
        if (s->publishers[i].listener != NULL &&
            listener_counters(s->publishers[i].listener)->active > 0)
            return true;
    return false;
}

void publish_now(struct server *s, const struct acd_published *p)
{
    uint8_t message[ACD_WIRE_PUBLISHED_MAX];
    size_t len = acd_published_write(message, p);

    for (int i = 0; i < s->config->publish.count; i++)
        if (s->publishers[i].listener != NULL)
            listener_publish(s->publishers[i].listener, message, len);
    s->counters.published++;
}

/* Observers too hear of nothing that a power cut could undo, in sync mode. */
static void publish(struct server *s, const struct acd_published *p)
{
    if (durable_is_sync(s) && p->head.sequence > p->head.durable)
        hold_publication(s, p);
    else
        publish_now(s, p);
}

/* Of which topic the events before this process were is not known, so each topic's previous one may
 * have been the very last: who has not seen that far is told of a gap, or fetches it. */
void publish_open(struct server *s)
{
    for (size_t topic = 0; topic < sizeof s->topic_last / sizeof s->topic_last[0]; topic++)
        s->topic_last[topic] = acd_position(s->engine).sequence;
}

void publish_frame(struct server *s)
{
    struct acd_frame frame = acd_last_frame(s->engine);
    struct acd_wire_position position = server_position(s);
    bool anybody = frame.count > 0 && observed(s);
    uint64_t config = acd_config_version(s->engine);
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
                                                        .at = frame.at,
                                                        .config = config},
                                               .event = frame.bytes + at,
                                               .event_size = (size_t)size});
        s->topic_last[topic] = sequence;
        at += (size_t)size;
    }
}

/* That a tail was lost at the start is told after it, to whoever comes: once more when somebody new
 * has subscribed. */
static void publish_truncated(struct server *s, const struct acd_view_published *head)
{
    struct acd_view_truncated truncated;
    uint8_t record[ACD_RECORD_MAX];
    uint64_t subscriptions = 0;

    if (!durable_was_truncated(s, &truncated))
        return;
    for (int i = 0; i < s->config->publish.count; i++)
        if (s->publishers[i].listener != NULL)
            subscriptions += listener_counters(s->publishers[i].listener)->accepted;
    if (subscriptions == s->told_truncated)
        return;
    s->told_truncated = subscriptions;
    publish_now(s, &(struct acd_published){
                       .topic = ACD_TOPIC_TRUNCATED,
                       .head = *head,
                       .event = record,
                       .event_size = acd_record_view_truncated.encode(&truncated, record)});
}

void publish_heartbeat(struct server *s)
{
    struct acd_wire_position position = server_position(s);
    struct acd_view_published head = {.epoch = position.epoch,
                                      .sequence = position.sequence,
                                      .durable = position.durable,
                                      .at = server_now(s),
                                      .config = acd_config_version(s->engine)};

    if (!observed(s))
        return;
    if (durable_is_sync(s))
        head.sequence = s->hold.released; /* what has left, not what waits */
    publish_truncated(s, &head);
    publish_now(s, &(struct acd_published){.topic = ACD_TOPIC_HEARTBEAT, .head = head});
}
