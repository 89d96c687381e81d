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

/* Reads and writes for at most so long. */
void drive_pump(struct ledger *l, int ms);

/* Waits until all are connected, and all that was asked is answered. */
void drive_settle(struct ledger *l);

/* Waits until all know that acdd is gone. */
void drive_notice_end(struct ledger *l);

/* Waits until nobody waits where waiting ends by itself: from then on no call is over unheard. */
void drive_outwait(struct ledger *l);

uint32_t drive_in_flight(const struct ledger *l);

#endif
