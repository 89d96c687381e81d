#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/listener/cases.h"

/* The listener with real sockets, stock nng's and hand-made ones. Prints what broke.
 *
 * usage: test_listener [the name of a case ...] */

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
#define XX(name) {#name, test_##name},
    LISTENER_CASES(XX)
#undef XX
};

static bool is_asked_for(const char *name, int count, char **names)
{
    for (int i = 1; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return count < 2 || strchr(names[1], '/') != NULL; /* a path: of acdd, not needed here */
}

int main(int argc, char **argv)
{
    char directory[] = "/tmp/acd_listener_XXXXXX";

    signal(SIGPIPE, SIG_IGN);
    if (mkdtemp(directory) == NULL || chdir(directory) != 0)
        check_give_up(directory, "cannot be made");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned before = check_failures();

        if (!is_asked_for(cases[i].name, argc, argv))
            continue;
        cases[i].run();
        if (check_failures() != before)
            fprintf(stderr, "case %s failed\n", cases[i].name);
    }
    if (rmdir(directory) != 0) {
        perror(directory);
        return 1;
    }
    return check_failures() == 0 ? 0 : 1;
}
