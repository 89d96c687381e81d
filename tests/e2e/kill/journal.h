#ifndef TESTS_E2E_KILL_JOURNAL_H
#define TESTS_E2E_KILL_JOURNAL_H

#include "tests/e2e/kill/acts.h"
#include "tests/e2e/kill/rules.h"

/* The journal folded, beside the ledger: what it says of its calls, and which requests it has; the
 * roll that it comes to, and whether each request has brought about what it was to. */

enum { JOURNAL_FLOOR = CALLS_MAX, JOURNAL_VISITS_MAX = 1 << 20 };

struct book_call {
    uint8_t state; /* enum acd_call_state; 0: never queued */
    uint8_t disposition;
    uint64_t queued; /* sequence */
    acd_assignment_id assignment;
};

/* A visit of the floor's that is over, by the event of this sequence; its code may come later. */
struct book_visit {
    uint64_t sequence;
    char code[ROLL_TEXT];
};

struct journal {
    struct ledger *ledger;
    struct book_call *calls; /* as the ledger's */
    uint32_t *by_slot;       /* of live calls: their index; JOURNAL_FLOOR: the floor's */
    uint64_t next;           /* sequence */
    acd_time at;
    uint64_t events;
    struct roll roll;
    struct sums all[QUEUES], today[QUEUES]; /* of the ledger's queues */
    uint32_t carried[QUEUES];               /* that waited when the day turned */
    uint32_t adopted;                       /* calls that an heir was given */
    struct act_trace trace;
    struct rules rules;
    struct book_visit *visits; /* by sequence */
    uint32_t visit_count;
};

void journal_open(struct journal *j, struct ledger *l);
void journal_close(struct journal *j);

/* Reads on by `eye` up to a position, one event after the other, and compares: what was answered
 * stands there once and as it was told, and nothing else does. */
void journal_judge(struct journal *j, struct acd_client *eye, struct acd_position upto);

/* A visit of the floor's; NULL: no such event ended one. */
const struct book_visit *journal_visit(const struct journal *j, uint64_t sequence);

#endif
