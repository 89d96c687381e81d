#ifndef TESTS_E2E_KILL_SITE_H
#define TESTS_E2E_KILL_SITE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "persist/ring.h"

/* A real acdd upon a directory, killed by SIGKILL at a moment of one's choice. What the worker was
 * doing when it died stands in the ring's header, which outlives it. It has a tenant. */

#define SITE_URL        "ipc://acd.sock"
#define SITE_TENANT_URL "ipc://acme.sock"
#define SITE_TENANT     "acme/" /* what its names begin with to others */
#define SITE_HOURS      "hours" /* the queue that has a calendar: hours.h */

/* Its settings: small files at first, so that maps are raised, and rows written down often. */
#define SITE_MAP_BYTES  (1 << 18)
#define SITE_RING_BYTES (4 << 20)
#define SITE_LIMITS(XX) XX(agents, 100) XX(queues, 16) XX(calls, 4000) XX(clients, 8) XX(numbers, 4)

enum { SITE_PATH_MAX = 64, SITE_IDLE = RING_PHASES, SITE_NO_PHASE, SITE_PHASES };

struct site {
    const char *acdd;
    char directory[SITE_PATH_MAX], ring[SITE_PATH_MAX]; /* the working directory; the ring's */
    pid_t pid;
};

/* Makes the directories, and goes to the one: acdd has "data" in it, and logs to "log" there. */
void site_make(struct site *s, const char *acdd);

/* Removes them; or says where they are when they are to be kept. */
void site_remove(struct site *s, bool keep);

/* Starts acdd; it is not waited for. */
void site_start(struct site *s, bool sync, const char *more);

/* Ends it: kill -9, or an orderly stop whose exit status it returns. */
void site_kill(struct site *s);
int site_stop(struct site *s);

/* What its workers are doing, or were when it died, a bit for each phase; with none of them
 * SITE_IDLE's, without a ring SITE_NO_PHASE's. */
uint32_t site_phases(const struct site *s);

/* ---- the killer --------------------------------------------------------------------------- */

/* A thread that waits for a phase from `after_us` on, for 1.5 s at most, goes on for `into_us`, and
 * kills. Without a phase it waits for the time only. */
struct killer {
    struct site *site;
    int phase; /* SITE_NO_PHASE: any */
    uint32_t after_us, into_us;
    atomic_bool done;
    pthread_t thread;
};

void killer_start(struct killer *k);

/* Waits for its end, when `done`; returns the phases at death. */
uint32_t killer_end(struct killer *k);

#endif
