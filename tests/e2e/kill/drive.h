#ifndef TESTS_E2E_KILL_DRIVE_H
#define TESTS_E2E_KILL_DRIVE_H

#include "tests/e2e/kill/ledger.h"

/* The load: each client has its depth of requests unanswered; whenever one is answered the next
 * follows, chosen by the dice from what the ledger knows. */

enum { DRIVE_IN_FLIGHT_MIN = 64 };

/* Opens the clients; they connect by themselves, and come back by themselves. */
void drive_open(struct ledger *l);
void drive_close(struct ledger *l);

/* The centre: queues, agents, who is in which, who is ready. Ends when all is answered. */
void drive_make_centre(struct ledger *l);

/* Asks for more, until each client has its depth of requests under way. */
void drive_fill(struct ledger *l);

/* Reads and writes for at most so long. Returns how much was delivered. */
int drive_pump(struct ledger *l, int ms);

/* Waits until all are connected, and all that was asked is answered. */
void drive_settle(struct ledger *l);

/* Waits until all know that acdd is gone. */
void drive_notice_end(struct ledger *l);

/* Waits until nobody waits where waiting ends by itself: from then on no call is over unheard. */
void drive_outwait(struct ledger *l);

uint32_t drive_in_flight(const struct ledger *l);

/* Counts what is unanswered by command. */
void drive_count_in_flight(const struct ledger *l);

/* It has been started again and judged: now and then the floor's gateway says which calls it has.
 */
void drive_restarted(struct ledger *l);

/* drive_step.c: one more request of a client's, perhaps none. */
void drive_step(struct party *p);

/* Asks. False: so much is unanswered that nothing more may be asked. */
bool drive_ask(struct party *p, struct asked request);

#endif
