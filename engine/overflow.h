#ifndef ACD_OVERFLOW_H
#define ACD_OVERFLOW_H

#include "engine/engine.h"

/* Where calls go that a queue turns away. */

enum {
    WAY_DOORS_MAX = 8, /* doors that a call tries at once */
    MOVES_MAX = 8,     /* times that it leaves a queue by a rule for another */
};

/* What a setting says, taken apart. */
struct target {
    uint8_t kind;      /* enum acd_overflow; 0: nowhere */
    struct acd_str to; /* the queue's name, the box or the number */
};

/* Takes a target's text apart. False when it is none; an empty one is kind 0. */
bool target_parse(struct acd_str text, struct target *target);

/* One of a queue's exit_keys. */
struct exit_key {
    char digit;
    struct acd_str target; /* a target's text; empty: the call ends */
};

/* Takes the first off a list of exit keys. False when the list is empty, or when what is left of it
 * begins with none. */
bool exit_key_take(struct acd_str *list, struct exit_key *key);

/* The way of a call from one queue's door to the next. */
struct way {
    uint32_t queue;       /* that takes it, or NONE */
    struct target target; /* where it is sent then; kind 0: nowhere */
    uint32_t count;       /* doors that refused */
    uint32_t doors[WAY_DOORS_MAX];
    uint8_t refusals[WAY_DOORS_MAX];
};

/* Why a queue takes no call now, or 0. */
static inline uint8_t queue_refuses(const struct queue *q)
{
    if (q->set.state != ACD_OPEN)
        return ACD_REFUSED_CLOSED;
    if (q->set.max_size > 0 && q->unanswered.count >= q->set.max_size)
        return ACD_REFUSED_FULL;
    return (q->flags & QUEUE_SHUT) != 0 ? ACD_REFUSED_NO_AGENTS : 0;
}

/* Follows the way from a queue; `from` is the one that the call leaves, or NONE. */
void way_follow(const struct acd_engine *e, struct way *way, uint32_t from, uint32_t queue);

/* The way of a waiting call to where a setting of its queue says. */
void call_way(const struct acd_engine *e, uint32_t call, struct acd_str setting, struct way *way);

/* A queued call goes its way: it moves on, or ends; `told`: the reply says that it ended. */
void call_leave(struct acd_engine *e, uint32_t call, uint8_t cause, const struct way *way,
                bool told);

/* A queued call leaves its queue by a rule. */
void call_overflow(struct acd_engine *e, uint32_t call, uint8_t cause);

/* Its `until` has come: the queue's max_wait, or its own. */
void call_time_out(struct acd_engine *e, uint32_t call);

#endif
