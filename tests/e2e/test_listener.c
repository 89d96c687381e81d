#include <signal.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/listener/cases.h"

/* The listener with real sockets, stock nng's and hand-made ones. Prints what broke.
 *
 * usage: test_listener PATH-OF-ACDD [the name of a case ...] */

static const struct check_case cases[] = {
#define XX(name) {#name, test_##name},
    LISTENER_CASES(XX)
#undef XX
};

int main(int argc, char **argv)
{
    char directory[] = "/tmp/acd_listener_XXXXXX";

    signal(SIGPIPE, SIG_IGN);
    check_enter(directory);
    check_cases(cases, sizeof cases / sizeof *cases, argv + 2, argc < 2 ? 0 : argc - 2, NULL);
    CHECK(rmdir(directory) == 0);
    return check_failures() == 0 ? 0 : 1;
}
