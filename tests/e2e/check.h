#ifndef TESTS_E2E_CHECK_H
#define TESTS_E2E_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Says what broke and goes on; main() ends with how often that was. */
#define CHECK(x) check_that((x), #x, __FILE__, __LINE__)

/* Checks until it is true, for at most 10 s. */
#define CHECK_SOON(x)                                                                              \
    do {                                                                                           \
        uint64_t check_by = check_now_ms() + 10000;                                                \
        while (!(x) && check_now_ms() < check_by)                                                  \
            check_sleep_ms(1);                                                                     \
        CHECK(x);                                                                                  \
    } while (0)

/* Returns ok. */
bool check_that(bool ok, const char *what, const char *file, int line);

unsigned check_failures(void);

uint64_t check_now_ms(void);
void check_sleep_ms(uint32_t ms);

struct check_case {
    const char *name;
    void (*run)(void);
};

/* Runs those that are named, all when none is, and says which failed; `before` each, or NULL. */
void check_cases(const struct check_case *cases, size_t count, char *const *names, int name_count,
                 void (*before)(void));

/* The end of a quarter of an hour is an event, and midnight another: waits until none is near, for
 * daemons whose events are counted one by one. */
void check_no_quarter_ends(void);

/* Makes a directory of a template like mkdtemp's and goes there. */
void check_enter(char *directory);

/* Ends the program: nothing can be tested like this. */
_Noreturn void check_give_up(const char *what, const char *why);

#endif
