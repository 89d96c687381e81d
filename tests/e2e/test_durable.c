#include <signal.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

/* acdd upon a directory: what outlives it, what waits for the disk, and what happens when the disk
 * fails, which a limit on the size of its files brings about. Prints what broke.
 *
 * usage: test_durable PATH-OF-ACDD [the name of a case ...] */

static const struct check_case cases[] = {
#define XX(name) {#name, test_##name},
    DURABLE_CASES(XX)
#undef XX
};

int main(int argc, char **argv)
{
    char directory[] = "/tmp/acd_durable_XXXXXX";

    if (argc < 2)
        return 77; /* there is no daemon in this build */
    signal(SIGPIPE, SIG_IGN);
    centre_init(argv[1]);
    check_enter(directory);
    check_cases(cases, sizeof cases / sizeof *cases, argv + 2, argc - 2, centre_wipe);
    centre_wipe();
    CHECK(rmdir("ring") == 0 && chdir("/") == 0 && rmdir(directory) == 0);
    return check_failures() == 0 ? 0 : 1;
}
