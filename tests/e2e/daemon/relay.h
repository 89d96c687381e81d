#ifndef TESTS_E2E_DAEMON_RELAY_H
#define TESTS_E2E_DAEMON_RELAY_H

#include <sys/types.h>

/* A bad line: a process that passes bytes on between RELAY_URL and ACDD_URL, one connection at a
 * time, and cuts both ends after a while, most often within a reply. */

#define RELAY_URL "ipc://relay.sock"

pid_t relay_start(void);

/* Ends it; how many times the line was cut, 100 at most. */
int relay_end(pid_t pid);

#endif
