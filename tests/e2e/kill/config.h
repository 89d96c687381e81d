#ifndef TESTS_E2E_KILL_CONFIG_H
#define TESTS_E2E_KILL_CONFIG_H

#include "tests/e2e/kill/roll.h"

/* A configuration document that is applied while acdd is killed: all that is configured, but for
 * the weight of one queue. It is there wholly or not at all, and not twice: not at all only if it
 * was not acknowledged. Nobody sets anything else meanwhile. */

struct ledger;

struct document {
    struct ledger *ledger;
    struct acd_client *client; /* nobody; while it is under way */
    char *text;
    size_t len;
    uint64_t version; /* before it */
    uint16_t weight;  /* of the queue, as it says */
    bool under_way, acknowledged;
    uint32_t told,
        untold; /* how many were acknowledged; how many were there though they were not */
};

void document_open(struct document *d, struct ledger *l);
void document_close(struct document *d);

/* Takes what is configured, changes it and asks for it, without waiting for the answer. */
void document_ask(struct document *d);

/* Reads and writes. False: it is not answered yet. */
bool document_pump(struct document *d);

/* What is there when all is answered, as queries say. */
void document_judge(struct document *d, const struct roll *now);

#endif
