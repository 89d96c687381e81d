#ifndef ACD_TESTS_CLIENT_ACDD_H
#define ACD_TESTS_CLIENT_ACDD_H

#include <sys/types.h>

/* A real acdd in the working directory, at acd.sock and acd.pub. */

#define ACDD_URL     "ipc://acd.sock"
#define ACDD_PUB_URL "ipc://acd.pub"

/* Starts the program at `path`. */
pid_t acdd_start(const char *path);

/* Kills it by SIGKILL, and waits for its end. */
void acdd_kill(pid_t pid);

/* Ends it by SIGTERM; its exit status, or -1 when it had another end. */
int acdd_stop(pid_t pid);

#endif
