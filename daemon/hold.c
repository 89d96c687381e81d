#include "daemon/hold.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/server.h"
#include "engine/acd_assert.h"

enum {
    HOLD_BYTES = 64 << 20,
    /* An entry never wraps: what it leaves over at the end is lost, so room is counted twice.
     * Events go to the house and to a tenant. */
    FRAME_BYTES = 4 * ACD_FRAME_BYTES_MAX,
    ROOM = 2 * (ACD_WIRE_MESSAGE_MAX + FRAME_BYTES),
    MARGIN = 8 * ROOM,
};

_Static_assert(MARGIN <= HOLD_BYTES / 2, "an empty ring has a margin");

enum hold_kind { HOLD_NOTHING, HOLD_REPLY, HOLD_PUBLICATION }; /* nothing: the end of the ring */

struct hold_entry {
    uint32_t size; /* of the entry, its bytes included, in whole words of 8 */
    enum hold_kind kind;
    uint32_t len; /* of its bytes */
    uint64_t need;
    union {
        struct {
            struct endpoint *endpoint;
            struct listener_origin origin;
        } reply;
        struct {
            struct acd_view_published head;
            uint8_t topic, audience;
        } publication;
    } as;
};

_Static_assert(2 * (ACD_FRAME_EVENTS_MAX * (sizeof(struct hold_entry) + 8) + ACD_FRAME_BYTES_MAX) <=
                   FRAME_BYTES,
               "a frame's publications fit");

bool hold_open(struct hold *h)
{
    h->bytes = malloc(HOLD_BYTES);
    return h->bytes != NULL;
}

void hold_close(struct hold *h)
{
    free(h->bytes);
    *h = (struct hold){0};
}

static uint64_t room(const struct hold *h)
{
    return HOLD_BYTES - (h->head - h->tail);
}

bool hold_has_room(const struct hold *h)
{
    return room(h) >= ROOM;
}

bool hold_has_room_for(const struct hold *h, size_t bytes)
{
    return room(h) >= ROOM + bytes;
}

bool hold_has_margin(const struct hold *h)
{
    return room(h) >= MARGIN;
}

/* ---- in ----------------------------------------------------------------------------------- */

static struct hold_entry *entry_at(const struct hold *h, uint64_t at)
{
    return (struct hold_entry *)(void *)(h->bytes + at % HOLD_BYTES);
}

/* A new entry at the end of the line, with its bytes. */
static struct hold_entry *put(struct hold *h, enum hold_kind kind, uint64_t need,
                              const uint8_t *bytes, size_t len)
{
    uint32_t size = (uint32_t)((sizeof(struct hold_entry) + len + 7) / 8 * 8);
    uint32_t rest = (uint32_t)(HOLD_BYTES - h->head % HOLD_BYTES);
    struct hold_entry *e;

    if (hold_is_empty(h))
        h->head = h->tail = 0; /* the same pages again */
    else if (rest < size) {
        ACD_ASSERT(room(h) > rest);
        e = entry_at(h, h->head); /* only its first word is sure to be there */
        e->size = rest;
        e->kind = HOLD_NOTHING;
        h->head += rest;
    }
    ACD_ASSERT(room(h) >= size);
    e = entry_at(h, h->head);
    e->size = size;
    e->len = (uint32_t)len;
    e->kind = kind;
    e->need = need;
    memcpy(e + 1, bytes, len);
    h->head += size;
    return e;
}

void hold_reply(struct server *s, struct endpoint *endpoint, const struct listener_origin *origin,
                uint64_t need, const uint8_t *body, size_t len)
{
    struct hold_entry *e = put(&s->hold, HOLD_REPLY, need, body, len);

    e->as.reply.endpoint = endpoint;
    e->as.reply.origin = *origin;
    s->hold.replies++;
    listener_owes(endpoint->listener, origin->conn, len);
}

void hold_publication(struct server *s, const struct publication *p, uint64_t need)
{
    const struct acd_published *m = &p->message;
    struct hold_entry *e = put(&s->hold, HOLD_PUBLICATION, need, m->event, m->event_size);

    if (s->hold.publications++ == 0)
        s->hold.left = m->head.sequence - 1;
    e->as.publication.head = m->head;
    e->as.publication.topic = m->topic;
    e->as.publication.audience = p->audience;
}

/* ---- out ---------------------------------------------------------------------------------- */

static void release_reply(struct server *s, struct hold_entry *e, uint64_t durable)
{
    struct acd_wire_position position = {acd_position(s->engine).epoch, e->need, durable};
    struct listener *listener = e->as.reply.endpoint->listener;

    s->hold.replies--;
    if (listener == NULL)
        return;
    listener_settles(listener, e->as.reply.origin.conn, e->len);
    acd_reply_stamp(e + 1, &position);
    listener_reply(listener, &e->as.reply.origin, (const uint8_t *)(e + 1), e->len);
}

static void release_publication(struct server *s, struct hold_entry *e, uint64_t durable)
{
    struct publication p = {{.topic = e->as.publication.topic,
                             .head = e->as.publication.head,
                             .event = (const uint8_t *)(e + 1),
                             .event_size = e->len},
                            e->as.publication.audience};

    p.message.head.durable = durable;
    s->hold.publications--;
    s->hold.left = p.message.head.sequence;
    publish_now(s, &p);
}

void hold_release(struct server *s, uint64_t durable)
{
    struct hold *h = &s->hold;

    while (!hold_is_empty(h)) {
        struct hold_entry *e = entry_at(h, h->tail);

        if (e->kind != HOLD_NOTHING && e->need > durable)
            break;
        if (e->kind == HOLD_REPLY)
            release_reply(s, e, durable);
        else if (e->kind == HOLD_PUBLICATION)
            release_publication(s, e, durable);
        h->tail += e->size;
    }
    h->released = durable;
}
