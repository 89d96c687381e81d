#ifndef PLAY_DAY_H
#define PLAY_DAY_H

#include "engine/acd.h"

/* A day of a contact centre as a script: who works when, who calls when, and how each behaves.
 * Nothing in it depends on whom the engine chooses. Times are spans since the midnight before. */

#define DAY_MINUTE   (60 * ACD_SECOND)
#define DAY_HOUR     (60 * DAY_MINUTE)
#define DAY_INTERVAL (15 * DAY_MINUTE)
#define DAY_IN_TIME  (20 * ACD_SECOND) /* the threshold of the service level */

enum {
    DAY_INTERVALS = 30 * 4, /* a day's last calls may go on behind midnight */
    DAY_NAME_MAX = 32,
    DAY_KEY_MAX = 96, /* of a whole key */
};

struct day_queue {
    char name[DAY_NAME_MAX];
    char number[DAY_NAME_MAX];        /* called number that leads to it, or "" */
    struct acd_command_queue_set set; /* but the name */
    uint32_t offered[DAY_INTERVALS];  /* calls that arrive for it, by interval */
};

/* How an agent takes offers; the rest it answers. All zero: answers at once, always. */
struct day_manners {
    double rejects, busy, no_answer; /* shares of the offers */
    acd_span answers_after;          /* median */
    double finishes_early, extends;  /* shares of the wrap-ups */
};

struct day_agent {
    char name[DAY_NAME_MAX];
    uint16_t capacity;
    struct day_manners manners;
};

struct day_seat {
    uint32_t agent, queue;
    uint8_t level;
};

struct day_call {
    acd_span at;
    uint32_t queue;
    bool by_number; /* is routed by the queue's called number */
    bool recorded;  /* its talk is a record of the trace, not a draw */
    uint8_t side;   /* who ends the talk */
    acd_span head_start;
    acd_span patience; /* leaves after waiting so long; ACD_FOREVER: stays until the day closes */
    acd_span talk;
    char key[32]; /* that of the trace, or "" */
};

enum day_act_kind {
    DAY_READY,  /* the agent comes, or comes back */
    DAY_PAUSE,  /* the agent is not ready, for `reason` */
    DAY_LEAVE,  /* the agent logs out as soon as it may */
    DAY_ACTIVE, /* the agent is taken out of service, or back: `state`, a toggle */
    DAY_QUEUE,  /* the queue opens or closes: `state` */
    DAY_REMOVE, /* the queue is removed; its callers move to `target`, or are withdrawn */
};

struct day_act {
    acd_span at;
    enum day_act_kind kind;
    uint32_t who; /* agent or queue */
    uint8_t state;
    uint16_t reason;
    uint32_t target; /* queue, or DAY_NONE */
};

#define DAY_NONE UINT32_MAX

struct day {
    char title[96];
    char stamp[16];  /* part of every call's key: what tells this day from others */
    uint64_t seed;   /* of how agents react */
    acd_span opens;  /* a whole interval at or before the first thing to happen */
    acd_span closes; /* what waits then is withdrawn */
    bool is_varied;  /* every disposition and refusal should come of it */

    struct day_queue *queues;
    struct day_agent *agents;
    struct day_seat *seats;
    struct day_call *calls; /* by time */
    struct day_act *acts;   /* by time */
    size_t queue_count, agent_count, seat_count, call_count, act_count;
    size_t queue_room, agent_room, seat_room, call_room, act_room;
};

/* Adds one thing, zeroed, and returns it; it may move when the next is added. */
struct day_queue *day_add_queue(struct day *d, const char *name);
struct day_agent *day_add_agent(struct day *d, const char *name);
struct day_call *day_add_call(struct day *d);
void day_add_seat(struct day *d, uint32_t agent, uint32_t queue, uint8_t level);
void day_add_act(struct day *d, struct day_act act);

/* Sorts acts and calls by time, those of one time in the order in which they were added. */
void day_sort(struct day *d);

void day_fini(struct day *d);

#endif
