#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/durable/cases.h"
#include "tests/e2e/durable/centre.h"

/* acdd upon a directory: what outlives it, what waits for the disk, and what happens when the disk
 * fails, which a limit on the size of its files brings about. Prints what broke.
 *
 * usage: test_durable PATH-OF-ACDD [the name of a case ...] */

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
#define XX(name) {#name, test_##name},
    DURABLE_CASES(XX)
#undef XX
};

static bool is_asked_for(const char *name, int count, char **names)
{
    for (int i = 2; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return count < 3;
}

int main(int argc, char **argv)
{
    char directory[] = "/tmp/acd_durable_XXXXXX";

    if (argc < 2)
        return 77; /* there is no daemon in this build */
    signal(SIGPIPE, SIG_IGN);
    centre_init(argv[1]);
    if (mkdtemp(directory) == NULL || chdir(directory) != 0)
        check_give_up(directory, "cannot be made");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned before = check_failures();

        if (!is_asked_for(cases[i].name, argc, argv))
            continue;
        centre_wipe();
        cases[i].run();
        if (check_failures() != before)
            fprintf(stderr, "case %s failed\n", cases[i].name);
    }
    centre_wipe();
    if (rmdir("ring") != 0 || chdir("/") != 0 || rmdir(directory) != 0)
        perror(directory);
    return check_failures() == 0 ? 0 : 1;
}
