#include "tests/e2e/daemon/tenancy.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/centre.h"
#include "tests/e2e/daemon/process.h"

void tenancy_config(const char *text)
{
    FILE *f = fopen("acd.conf", "w");

    if (f == NULL)
        check_give_up("acd.conf", "cannot be made");
    (void)fputs(text, f);
    (void)fclose(f);
}

pid_t tenancy_start(const char *arguments)
{
    char all[256];

    tenancy_config("tenant acme {\n  listen = {\"" ACME_URL "\"}\n  publish = {\"" ACME_PUB
                   "\"}\n}\ntenant beta {\n  listen = {\"" BETA_URL "\"}\n}\n");
    (void)snprintf(all, sizeof all, "--config acd.conf %s", arguments);
    return process_start(all);
}

void tenancy_stop(pid_t acdd)
{
    CHECK(process_end(acdd, SIGTERM) == 0);
    CHECK(unlink("acd.conf") == 0);
}

struct asker *tenancy_centre(const char *url)
{
    struct asker *a = asker_named(url, "sip", ACD_GATEWAY);
    struct acd_view_outcome o;

    CHECK(DO(a, &o, queue_set, .name = acd_str("sales"), .ring_timeout = 3600 * ACD_SECOND) ==
          ACD_OK);
    centre_agent(a, "ann", "sales");
    centre_state(a, "ann", ACD_READY);
    return a;
}

bool str_is(struct acd_str text, const char *expected)
{
    return text.len == strlen(expected) && memcmp(text.data, expected, text.len) == 0;
}
