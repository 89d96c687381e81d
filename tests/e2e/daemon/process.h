#ifndef TESTS_E2E_DAEMON_PROCESS_H
#define TESTS_E2E_DAEMON_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* Real acdd processes in the working directory. What one logs stands in a file there. */

#define ACDD_URL     "ipc://acd.sock"
#define ACDD_PUB_URL "ipc://acd.pub"
#define ACDD_LOG     "acdd.log"

/* Takes the path of acdd. */
void process_init(const char *acdd);

/* Starts acdd with `arguments`, words parted by spaces, at ACDD_URL and ACDD_PUB_URL unless they
 * say otherwise, logging to ACDD_LOG; it is there when this returns. */
pid_t process_start(const char *arguments);

/* Starts it with these arguments only, and does not wait. */
pid_t process_spawn(const char *log, const char *arguments);

/* Waits for its end, at most 20 s: the exit status, or -1 for any other end. */
int process_wait(pid_t pid);

/* Sends a signal, then waits. */
int process_end(pid_t pid, int number);

/* Whether a line of the log has each of the `*`-parted parts of `pattern`, in their order. */
bool process_said(const char *log, const char *pattern);

/* Whether all lines of the log are ts=... level=... event=... and key=value pairs. */
bool process_log_is_structured(const char *log);

#endif
