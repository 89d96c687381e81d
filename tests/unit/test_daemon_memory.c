#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "daemon/memory.h"

Test(memory, is_zeroed_aligned_and_as_long_as_asked_for)
{
    static const size_t sizes[] = {1, 4096, (2U << 20) - 1, 2U << 20, (2U << 20) + 1, 9000000};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *m = memory_take(sizes[i], NULL);

        cr_assert_not_null(m);
        cr_assert_eq((uintptr_t)m % (2U << 20), 0);
        for (size_t at = 0; at < sizes[i]; at += 512)
            cr_assert_eq(m[at], 0);
        memset(m, 0xff, sizes[i]);
        memory_give(m, sizes[i], NULL);
    }
}

Test(memory, beyond_what_there_is_is_refused)
{
    cr_assert_null(memory_take(SIZE_MAX / 4, NULL));
}
