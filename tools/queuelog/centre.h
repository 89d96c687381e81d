#ifndef ACD_QUEUELOG_CENTRE_H
#define ACD_QUEUELOG_CENTRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/acd_messages.h"
#include "tools/queuelog/order.h"

/* The picture of the centre that lines are made from: what they tell and events do not say again.
 * Things stand in tables by the slot of their id, and are found by their whole id only. */

/* Name and key as they come into lines: without bytes that would break one. */
enum { CENTRE_NAME = 65, CENTRE_KEY = 97, CENTRE_NUMBER = 33 };

struct table {
    void **items; /* by slot; each begins with its generation */
    uint32_t size;
};

struct centre_queue {
    uint32_t gen;
    char name[CENTRE_NAME];
    bool lifo; /* calls that enter from now on */
    struct order waiting;
};

/* An agent's place in a queue. */
struct centre_seat {
    acd_queue_id queue;
    uint8_t level;
};

struct centre_agent {
    uint32_t gen;
    char name[CENTRE_NAME];
    uint8_t state; /* enum acd_agent_state; draining is not_ready */
    uint16_t reason;
    struct centre_seat *seats; /* the oldest first */
    uint32_t count, room;
};

struct centre_call {
    uint32_t gen;
    acd_queue_id queue;
    char key[CENTRE_KEY], caller[CENTRE_NUMBER];
    char digit;     /* pressed to leave, or 0 */
    bool lifo;      /* as its queue was when it entered */
    bool scheduled; /* to be called back later: in no queue */
    acd_time enqueued_at;
    acd_span head_start;
    uint64_t sequence; /* of its call_queued */
    acd_time entered_at;
    uint32_t entered_position;
    acd_time answered_at; /* 0: it waits, or rings */
    acd_agent_id agent;   /* who answered */
    struct order_node node;
};

struct centre_offer {
    uint32_t gen;
    acd_time since;
};

struct centre {
    struct table agents, queues, calls, offers;
};

/* The thing with this id, NULL when there is none. */
struct centre_agent *centre_agent(const struct centre *c, acd_agent_id id);
struct centre_queue *centre_queue(const struct centre *c, acd_queue_id id);
struct centre_call *centre_call(const struct centre *c, acd_call_id id);
struct centre_offer *centre_offer(const struct centre *c, acd_assignment_id id);

/* The same, made when there is none; what had its slot before is forgotten. A new agent is logged
 * out. */
struct centre_agent *centre_agent_put(struct centre *c, acd_agent_id id);
struct centre_queue *centre_queue_put(struct centre *c, acd_queue_id id);
struct centre_call *centre_call_put(struct centre *c, acd_call_id id);
struct centre_offer *centre_offer_put(struct centre *c, acd_assignment_id id);

void centre_agent_remove(struct centre *c, acd_agent_id id);
void centre_queue_remove(struct centre *c, acd_queue_id id);
void centre_call_remove(struct centre *c, acd_call_id id);
void centre_offer_remove(struct centre *c, acd_assignment_id id);
void centre_clear(struct centre *c);

/* An agent's place in a queue, NULL when it has none; _put makes one. */
struct centre_seat *centre_seat(const struct centre_agent *a, acd_queue_id queue);
struct centre_seat *centre_seat_put(struct centre_agent *a, acd_queue_id queue);
void centre_seat_remove(struct centre_agent *a, acd_queue_id queue);

/* Whether a call is to be in the order of its queue: it waits, or rings, or is dialled. */
bool centre_call_is_waiting(const struct centre_call *call);

/* Puts a call into the order of its queue, takes it out, and tells its place there, from 1; 0: it
 * does not wait. */
void centre_call_wait(struct centre *c, struct centre_call *call);
void centre_call_leave(struct centre *c, struct centre_call *call);
uint32_t centre_call_position(const struct centre *c, const struct centre_call *call);

/* Copies a text, terminated and cut, with '_' for '|' and control characters. */
void centre_text(char *out, size_t size, struct acd_str text);

#endif
