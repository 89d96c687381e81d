#ifndef TESTS_E2E_DAEMON_TENANCY_H
#define TESTS_E2E_DAEMON_TENANCY_H

#include <stdbool.h>
#include <sys/types.h>

#include "tests/e2e/daemon/asker.h"

/* A house of two tenants, in each of which things have the same names. */

#define ACME_URL "ipc://acme.sock"
#define ACME_PUB "ipc://acme.pub"
#define BETA_URL "ipc://beta.sock"

/* Makes acd.conf of this text. */
void tenancy_config(const char *text);

/* acdd with both tenants, and with these arguments too. */
pid_t tenancy_start(const char *arguments);

/* Ends it, which has to go well. */
void tenancy_stop(pid_t acdd);

/* In the tenant of that address: a gateway that says "sip", a queue "sales" where it rings for as
 * long as it takes, and "ann" who is ready there. */
struct asker *tenancy_centre(const char *url);

bool str_is(struct acd_str text, const char *expected);

#endif
