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

void publish_now(struct server *s, const struct publication *p)
{
    uint8_t message[ACD_WIRE_PUBLISHED_MAX];
    size_t len = acd_published_write(message, &p->message);

    for (int i = 0; i < s->config->publish.count; i++)
        if (s->publishers[i].listener != NULL &&
            (p->audience == AUDIENCE_ALL || p->audience == s->publishers[i].tenant))
            listener_publish(s->publishers[i].listener, message, len);
    s->counters.published++;
}

/* Observers too hear of nothing that a power cut could undo, in sync mode; in async mode of no
 * alert, and until then of nothing that came behind it: the stream keeps its order. */
static void publish(struct server *s, const struct publication *p)
{
    uint64_t need = durable_is_sync(s) ? p->message.head.sequence : s->alerted;

    if (need > p->message.head.durable || s->hold.publications > 0)
        hold_publication(s, p, need);
    else
        publish_now(s, p);
}

static void note_alert(struct server *s, uint16_t code, uint64_t sequence)
{
    if ((code == ACD_EVENT_alert_raised || code == ACD_EVENT_alert_cleared) &&
        s->durable.persist != NULL)
        s->alerted = sequence;
}

/* The last event that has left, as far as those go that wait for the disk. */
static uint64_t published_up_to(const struct server *s, uint64_t sequence)
{
    if (durable_is_sync(s))
        return s->hold.released;
    return s->hold.publications > 0 ? s->hold.left : sequence;
}

/* Of which topic the events before this process were is not known, so each topic's previous one may
 * have been the very last: who has not seen that far is told of a gap, or fetches it. */
void publish_open(struct server *s)
{
    for (size_t topic = 0; topic < sizeof s->topic_last / sizeof s->topic_last[0]; topic++) {
        s->topic_last[topic] = acd_position(s->engine).sequence;
        for (uint32_t i = 0; i < s->config->tenant_count; i++)
            s->config->tenants[i].topic_last[topic] = s->topic_last[topic];
    }
}

/* The same event to the tenant that it is about, whose line of them is its own. */
static void publish_to_tenant(struct server *s, struct acd_published message, bool anybody)
{
    uint32_t number = tenant_event_of(&s->tenant_events, message.event, message.event_size);
    uint8_t event[ACD_RECORD_MAX];
    struct tenant *t;

    if (number == 0)
        return;
    t = &s->config->tenants[number - 1];
    message.head.previous = t->topic_last[message.topic];
    t->topic_last[message.topic] = message.head.sequence;
    if (!anybody)
        return;
    message.event_size = tenant_event(t, message.event, message.event_size, event);
    message.event = event;
    publish(s, &(struct publication){message, (uint8_t)number});
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

        struct acd_published message = {.topic = topic,
                                        .head = {.epoch = position.epoch,
                                                 .sequence = sequence,
                                                 .previous = s->topic_last[topic],
                                                 .durable = position.durable,
                                                 .at = frame.at,
                                                 .config = config},
                                        .event = frame.bytes + at,
                                        .event_size = (size_t)size};

        note_alert(s, code, sequence);
        if (anybody)
            publish(s, &(struct publication){message, 0});
        if (s->tenant_events.count > 0)
            publish_to_tenant(s, message, anybody);
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
    publish_now(s, &(struct publication){
                       {.topic = ACD_TOPIC_TRUNCATED,
                        .head = *head,
                        .event = record,
                        .event_size = acd_record_view_truncated.encode(&truncated, record)},
                       AUDIENCE_ALL});
}

void publish_heartbeat(struct server *s)
{
    struct acd_wire_position position = server_position(s);
    struct acd_view_published head = {.epoch = position.epoch,
                                      .sequence = published_up_to(s, position.sequence),
                                      .durable = position.durable,
                                      .at = server_now(s),
                                      .config = acd_config_version(s->engine)};

    if (!observed(s))
        return;
    publish_truncated(s, &head);
    publish_now(s,
                &(struct publication){{.topic = ACD_TOPIC_HEARTBEAT, .head = head}, AUDIENCE_ALL});
}
