#include <signal.h>
#include <unistd.h>

#include "tests/e2e/client_fake/cases.h"
#include "tests/e2e/client_fake/fake.h"

/* The client library against a daemon made by hand: what it sends, and what it makes of lines that
 * break, answers that do not come and answers that are none. Prints what broke.
 *
 * usage: test_client_fake PATH-OF-ACDD [the name of a case ...] */

static const struct check_case cases[] = {
#define XX(name) {#name, test_##name},
    CLIENT_FAKE_CASES(XX)
#undef XX
};

int main(int argc, char **argv)
{
    char directory[] = "/tmp/acd_client_XXXXXX";

    signal(SIGPIPE, SIG_IGN);
    check_enter(directory);
    check_cases(cases, sizeof cases / sizeof *cases, argv + 2, argc < 2 ? 0 : argc - 2, NULL);
    CHECK(rmdir(directory) == 0);
    return check_failures() == 0 ? 0 : 1;
}
