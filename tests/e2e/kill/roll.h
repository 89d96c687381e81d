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
    uint32_t call_slot, call_gen; /* 0 when it is over, */
    uint64_t visit;               /* by the event of this sequence; no query tells it */
    acd_queue_id queue;
    char code[ROLL_TEXT];
    uint8_t role, channel;
};

/* Work that is over and may be coded yet: code and visit are told by no query. */
struct roll_late {
    acd_assignment_id work;
    acd_time until;
    uint64_t visit;
    char code[ROLL_TEXT];
};

struct roll_agent {
    uint32_t gen;
    char name[ROLL_TEXT], channels[ROLL_TEXT];
    uint8_t state, drain, device;
    uint16_t skills[ROLL_SKILLS]; /* its level + 1; 0: it does not have it */
    struct roll_late late;        /* its last work, perhaps for too long already */
    bool member[ROLL_queues];     /* by the journal; a query tells how many there are (below) */
};

struct roll_queue {
    uint32_t gen;
    char name[ROLL_TEXT];
    uint16_t weight;
    uint8_t state, channel;
    acd_span code_late; /* by the journal */
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
    uint64_t sequence; /* of the last event, by the journal */
    acd_time at;       /* that event's time; behind queries: acdd's, when all were answered */
};

/* roll_event.c: what the journal says. */
void roll_event(struct roll *r, const struct acd_view_published *head,
                const struct acd_event *event);

/* roll_code.c: an agent's work is over for good, as wrap-up or without one. */
void roll_work_over(struct roll *r, acd_assignment_id work);

/* What came of a call was said. */
void roll_coded(struct roll *r, const struct acd_event_wrap_up_coded *event);

/* What came of a call, as far as the agent who has it, or dials for it, has said. */
const char *roll_call_code(const struct roll *r, acd_call_id call);

/* The code of an agent's work, at hand or late. NULL: it has no such work to be coded. */
const char *roll_code(const struct roll *r, uint32_t agent, acd_assignment_id work);

/* Whether it is work at hand, which can be coded. */
bool roll_is_work(const struct roll *r, acd_assignment_id work);

/* Whether an agent has any to be coded, at hand or late. */
bool roll_has_work(const struct roll *r, uint32_t agent);

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
