#ifndef ACD_HOLD_H
#define ACD_HOLD_H

#include "daemon/listener.h"
#include "proto/acd_wire.h"

/* What may not leave before it is durable: replies and publications, each with the sequence that
 * has to be safe on the disk first.
 *
 * Happy path: sequences grow, so they stand in one line; as `durable` moves on all that is
 * ready leaves together, its position stamped with how far it is durable now.
 *
 * Failure modes: the disk does not go on: the line has a bound (hold_has_room), and a connection
 * that waits for many replies is read from no more. A connection that is gone: its replies are
 * dropped, as always. */

struct server;
struct publication;
struct endpoint;

struct hold {
    uint8_t *bytes;      /* a ring of entries; taken once, pages never used cost nothing */
    uint64_t head, tail; /* bytes ever written, and ever given back */
    uint32_t replies;    /* in it, and */
    uint32_t publications;
    uint64_t released; /* so far all was durable when it was last looked */
    uint64_t left;     /* while there are publications: the sequence before the first of them */
};

/* Takes the memory; false without. */
bool hold_open(struct hold *h);
void hold_close(struct hold *h);

/* Whether there is room for a reply and the publications of a frame. */
bool hold_has_room(const struct hold *h);

/* Whether there is room for publications of so many bytes, besides. */
bool hold_has_room_for(const struct hold *h, size_t bytes);

/* The same for several: when not, it is time to ask for less. */
bool hold_has_margin(const struct hold *h);

/* Keeps a finished reply message until `need` is durable. There is room. */
void hold_reply(struct server *s, struct endpoint *endpoint, const struct listener_origin *origin,
                uint64_t need, const uint8_t *body, size_t len);

/* Keeps a publication until `need` is durable and those before it have left. There is room. */
void hold_publication(struct server *s, const struct publication *p, uint64_t need);

/* Lets everything go that is durable. */
void hold_release(struct server *s, uint64_t durable);

static inline bool hold_is_empty(const struct hold *h)
{
    return h->head == h->tail;
}

#endif
