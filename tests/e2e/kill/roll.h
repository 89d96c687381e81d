#ifndef TESTS_E2E_KILL_ROLL_H
#define TESTS_E2E_KILL_ROLL_H

#include "proto/acd_client.h"
#include "tests/e2e/kill/site.h"

/* The roll: who and what is there, a row for each slot. It is called twice, by the journal, event
 * after event, and by what acdd answers to queries; both must come to the same. It shares nothing
 * with engine/ but the names of events and views. */

enum {
    ROLL_ASSIGNMENTS = 256, /* the engine's default is 2 an agent */
#define XX(limit, value) ROLL_##limit = (value),
    SITE_LIMITS(XX)
#undef XX
        ROLL_SKILLS = 2, /* "a" and "b" */
    ROLL_TEXT = 24,
};

struct roll_call {
    uint32_t gen, queue, gateway; /* slots */
    acd_span head_start;
    char attributes[ROLL_TEXT];
    uint8_t state, step;
};

struct roll_assignment {
    uint32_t gen, agent;
    uint32_t call_slot, call_gen; /* 0 when it is over */
    char code[ROLL_TEXT];
    uint8_t role, channel;
};

struct roll_agent {
    uint32_t gen;
    char name[ROLL_TEXT], channels[ROLL_TEXT];
    uint8_t state, drain, device;
    uint16_t skills[ROLL_SKILLS]; /* its level + 1; 0: it does not have it */
    acd_assignment_id late;       /* what it coded last when that was over; no query tells it */
    char late_code[ROLL_TEXT];
    bool member[ROLL_queues]; /* by the journal; a query tells how many there are (below) */
};

struct roll_queue {
    uint32_t gen;
    char name[ROLL_TEXT];
    uint16_t weight;
    uint8_t state, channel;
    uint32_t members, ready;
};

struct roll_client {
    uint32_t gen;
    char name[ROLL_TEXT];
    bool lost;
};

struct roll {
    struct roll_call calls[ROLL_calls];
    struct roll_assignment assignments[ROLL_ASSIGNMENTS];
    struct roll_agent agents[ROLL_agents];
    struct roll_queue queues[ROLL_queues];
    struct roll_client clients[ROLL_clients];
    uint64_t config_version;
};

/* roll_event.c: what the journal says. */
void roll_event(struct roll *r, const struct acd_event *event);

/* roll_members.c: counts each queue's members, and who of them is ready. */
void roll_count_members(struct roll *r);

/* How many members of a queue are ready. */
uint32_t roll_ready(const struct roll *r, uint32_t queue);

/* roll_view.c: what a query answers; what is no row is passed over. */
void roll_view(struct roll *r, const struct acd_view *view);

/* Says where they differ: a by the journal, b by queries. */
void roll_compare(const struct roll *a, const struct roll *b);

/* As much of a text as a row has room for. */
void roll_text(char out[ROLL_TEXT], struct acd_str text);

/* Where a skill stands in a row; ROLL_SKILLS: nowhere. */
uint32_t roll_skill(struct acd_str name);

#endif
