/* Published messages: written by the daemon, read by observers. */

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"
#include "proto/wire_bytes.h"

static const char heartbeat[] = "heartbeat", truncated[] = "truncated";

const char *acd_topic_text(uint8_t topic)
{
    const char *text;

    if (topic == ACD_TOPIC_HEARTBEAT)
        return heartbeat;
    if (topic == ACD_TOPIC_TRUNCATED)
        return truncated;
    text = acd_enum_text(&acd_enum_topic, topic);
    return text[0] == '\0' || text[0] == '?' ? NULL : text;
}

static uint8_t topic_of(struct acd_str text)
{
    if (text.len == sizeof heartbeat - 1 && memcmp(text.data, heartbeat, text.len) == 0)
        return ACD_TOPIC_HEARTBEAT;
    if (text.len == sizeof truncated - 1 && memcmp(text.data, truncated, text.len) == 0)
        return ACD_TOPIC_TRUNCATED;
    return acd_enum_value(&acd_enum_topic, text);
}

size_t acd_published_write(void *out, const struct acd_published *p)
{
    const char *text = acd_topic_text(p->topic);
    uint8_t *at = out;
    size_t len;

    ACD_ASSERT(text != NULL);
    len = strlen(text) + 1;
    ACD_ASSERT(len <= ACD_WIRE_TOPIC_MAX);
    memcpy(at, text, len);
    at += len;
    at += acd_record_view_published.encode(&p->head, at);
    if (p->event != NULL) {
        ACD_ASSERT(p->event_size <= ACD_RECORD_MAX);
        memcpy(at, p->event, p->event_size);
        at += p->event_size;
    }
    return (size_t)(at - (uint8_t *)out);
}

int acd_published_read(struct acd_published *p, const void *message, size_t len)
{
    const uint8_t *at = message, *end = at + len;
    const uint8_t *zero = memchr(at, 0, len < ACD_WIRE_TOPIC_MAX ? len : ACD_WIRE_TOPIC_MAX);
    uint16_t code;
    int size;

    if (zero == NULL)
        return len < ACD_WIRE_TOPIC_MAX ? ACD_TRUNCATED : ACD_INVALID;
    p->topic = topic_of((struct acd_str){(const char *)at, (uint16_t)(zero - at)});
    at = zero + 1;
    size = acd_record_view_published.decode(at, (size_t)(end - at), &p->head);
    if (size < 0)
        return size;
    at += size;
    p->event = NULL;
    p->event_size = 0;
    if (at == end)
        return p->topic == ACD_TOPIC_HEARTBEAT ? ACD_OK : ACD_TRUNCATED;
    size = acd_record_peek(at, (size_t)(end - at), &code);
    if (size < 0)
        return size;
    if (at + size != end)
        return ACD_INVALID;
    p->event = at;
    p->event_size = (size_t)size;
    return ACD_OK;
}
