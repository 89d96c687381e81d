#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/daemon/cases.h"
#include "tests/e2e/daemon/process.h"

/* acdd itself, by its sockets, signals, files and log: real processes, stock nng's sockets and
 * hand-made ones. Prints what broke.
 *
 * usage: test_daemon PATH-OF-ACDD [--long | the name of a case ...] */

static const struct {
    const char *name;
    void (*run)(void);
    bool is_long;
} cases[] = {
#define XX(name) {#name, test_##name, false},
    DAEMON_CASES(XX)
#undef XX
#define XX(name) {#name, test_##name, true},
        DAEMON_LONG_CASES(XX)
#undef XX
};

static bool is_asked_for(size_t i, int count, char **names)
{
    if (count == 2)
        return !cases[i].is_long;
    if (strcmp(names[2], "--long") == 0)
        return cases[i].is_long;
    for (int at = 2; at < count; at++)
        if (strcmp(names[at], cases[i].name) == 0)
            return true;
    return false;
}

/* What acdd said, for whoever looks into a failure. */
static void print_log(void)
{
    FILE *log = fopen(ACDD_LOG, "r");
    char line[2048];

    while (log != NULL && fgets(line, sizeof line, log) != NULL)
        fprintf(stderr, "  acdd: %s", line);
    if (log != NULL)
        (void)fclose(log);
}

static void run_cases(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned before = check_failures();
        uint64_t began = check_now_ms();

        if (!is_asked_for(i, argc, argv))
            continue;
        cases[i].run();
        printf("%5llu ms  %s%s\n", (unsigned long long)(check_now_ms() - began), cases[i].name,
               check_failures() == before ? "" : "  FAILED");
        if (check_failures() != before)
            print_log();
    }
}

/* What acdd and the cases left in the working directory; sockets must be none. */
static void clear_directory(void)
{
    DIR *here = opendir(".");
    const struct dirent *entry;

    if (here == NULL)
        check_give_up(".", "cannot be read");
    while ((entry = readdir(here)) != NULL) {
        CHECK(entry->d_type != DT_SOCK);
        if (entry->d_type != DT_DIR)
            unlink(entry->d_name);
    }
    closedir(here);
}

int main(int argc, char **argv)
{
    char directory[] = "/tmp/acd_daemon_XXXXXX";

    if (argc < 2) {
        fprintf(stderr, "usage: test_daemon PATH-OF-ACDD [--long | case ...]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    process_init(argv[1]);
    if (mkdtemp(directory) == NULL || chdir(directory) != 0)
        check_give_up(directory, "cannot be made");
    run_cases(argc, argv);
    clear_directory();
    CHECK(rmdir(directory) == 0);
    return check_failures() == 0 ? 0 : 1;
}
